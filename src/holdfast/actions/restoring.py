"""The making of one reconstruction, in a process of its own: place, register, measure, choose, assemble.

What comes in are paths, and what recognition and people said; what goes out is the edit list and, where asked for, the
film. The store is not touched here.
"""

from __future__ import annotations

import contextlib
import errno
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import CancelledError
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

from holdfast.actions.remembering import Memory, Stamp
from holdfast.errors import DiskFull, HoldfastError, StorageRefused
from holdfast.jobs.line import Line
from holdfast.model.edit import Edit, EditList, Placement, joined
from holdfast.model.match import Segment
from holdfast.model.time import Span

if TYPE_CHECKING:
    from holdfast.model.fingerprint import Fingerprint
    from holdfast.restore.timeline.line import TimeLine

MICRO = 1_000_000
USUAL_RATES = tuple(
    Fraction(rate)
    for rate in ("24000/1001", "24", "25", "30000/1001", "30", "50", "60000/1001", "60", "15", "12", "12.5", "10", "20")
)
ORDINARY_SIZE = (640, 360)
PLACED, REGISTERED, MEASURED = 0.02, 0.12, 0.35  # of the progress; the rest is assembly


@dataclass(frozen=True)
class Source:
    """A copy that may be used: its bytes, and what is known of it.

    `segments` are against the work, in its time; or, where no fingerprint of it survives, `shared` are those against
    other copies, by their digests. `is_anchor`: a person said that it is this work. `stamp` tells the file whose bytes
    were compared with the digest; None: nobody did, and nothing about it is remembered.
    """

    digest: str
    name: str
    path: Path
    duration: Fraction
    segments: tuple[Segment, ...] = ()
    shared: Mapping[str, tuple[Segment, ...]] | None = None
    is_anchor: bool = False
    stamp: Stamp | None = None


@dataclass(frozen=True)
class Wish:
    """What is to be restored, and of what.

    `work` is the file of the surviving fingerprint, or None; `work_digest` its digest. `stated` is how long somebody
    said that it was, `size` and `frame_rate` what is known of the lost master, `before` the edit list of the
    reconstruction that there is. `cache` is the folder in which answers are remembered.
    """

    asset: str
    title: str
    sources: tuple[Source, ...]
    work: Path | None = None
    stated: Fraction | None = None
    size: tuple[int, int] | None = None
    frame_rate: Fraction | None = None
    before: EditList | None = None
    captions: tuple[Path, ...] = ()
    work_digest: str = ""
    cache: Path | None = None


@dataclass(frozen=True)
class Planned:
    """The edit list, what could not be used, and whether the work had a sound as far as anybody knows.

    `is_sure`: every copy could be read; what failed once (a disk, a network) might be read the next time.
    """

    edits: EditList
    left_out: tuple[str, ...] = ()
    has_sound: bool = True
    is_sure: bool = True


def plan_body(args: Mapping[str, Any], line: Line) -> Planned:
    """The body: the edit list of `args["wish"]`, remembered or made.

    Raises:
        DiskFull: there is no space for what is measured.
    """
    wish, consensus = args["wish"], args["consensus"]
    memory = Memory(wish)
    held = memory.plan(consensus=consensus)
    if held is not None:
        return Planned(*held)
    with _in_our_words(Path(tempfile.gettempdir()), "what is measured of the copies", only_full=True):
        made = planned(wish, line, consensus=consensus, memory=memory)
    if not made.is_sure:
        return made
    edits = memory.keep_plan(made.edits, made.left_out, has_sound=made.has_sound, consensus=consensus)
    return replace(made, edits=edits)


def build_body(args: Mapping[str, Any], line: Line) -> dict[str, Any]:
    """The body: makes the film of `args["edits"]` at `args["target"]`; and what was noted.

    Raises:
        DiskFull, StorageRefused: the film cannot be written there; nothing of it is left.
    """
    from holdfast.restore.assemble import assemble

    wish: Wish = args["wish"]
    edits: EditList = args["edits"]
    target = Path(args["target"])
    print_ = _print(wish)
    with _in_our_words(target.parent, target.name):
        made = assemble(
            edits,
            {source.digest: source.path for source in wish.sources},
            target,
            stills=print_.stills if print_ else (),
            captions=_captions(wish),
            consensus=args["consensus"],
            on_progress=line.tell,
            should_stop=line.should_stop,
        )
    return {"notes": made.notes}


@contextlib.contextmanager
def _in_our_words(place: Path, name: str, *, only_full: bool = False) -> Iterator[None]:
    """What the system refuses while `name` is written at `place`, as errors that can cross to the other process."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise DiskFull(place=place, name=name) from error
        if only_full:
            raise
        raise StorageRefused(place=place, name=name, reason=error.strerror or str(error)) from error


def planned(wish: Wish, line: Line, *, consensus: bool = True, memory: Memory | None = None) -> Planned:
    """Which copy gives which stretch of the work, and why; what is in `memory` is not read of the copies again.

    Raises:
        CancelledError: somebody asked to stop.
    """
    from holdfast.restore.choose.choice import chosen
    from holdfast.restore.choose.measure import measured
    from holdfast.restore.on_frames import on_frames

    memory = memory or Memory(wish)
    work = _print(wish)
    found = _line(wish, work)
    line.tell(PLACED)
    paths = {source.digest: source.path for source in wish.sources}
    notes: list[str] = list(found.doubts)
    looks = _looked_at(found.placements, paths, memory, notes)
    placements = [one for one in found.placements if one.source in looks]
    frame_rate = wish.frame_rate or _frame_rate(work, placements, looks)
    laid = [framed for one in placements if (framed := on_frames(one, frame_rate, found.duration))]
    if work is None:
        placements, framed_size = _together(laid, paths, memory, notes, line)
    else:
        placements, framed_size = _registered(laid, paths, work, memory, line, notes), (0, 0)
    size = wish.size or (_even(framed_size) if min(framed_size) > 1 else _size(work, placements, looks))
    qualities = measured(
        placements,
        paths,
        size=size,
        duration=found.duration,
        on_progress=lambda done: line.tell(REGISTERED + done * (MEASURED - REGISTERED)),
        should_stop=line.should_stop,
        memory=memory,
    )
    cuts = _cuts(work)
    names = {source.digest: source.name for source in wish.sources}
    # Combined without a reference, copies of one film of three were nearer, but showed 4 of 100 frames too early.
    is_combined = consensus and work is not None
    edits = chosen(found.duration, placements, qualities, consensus=is_combined, cuts=cuts, names=names)
    used = {take.source for edit in edits for take in (*edit.picture, *edit.sound)}
    listed = EditList(
        asset=wish.asset,
        title=wish.title,
        duration=found.duration,
        is_duration_known=found.is_duration_known,
        size=size if any(edit.picture for edit in edits) else (0, 0),
        frame_rate=frame_rate,
        edits=tuple(edits) or (Edit(Span(Fraction(0), found.duration)),),
        sources={digest: names[digest] for digest in sorted(used)},
        notes=tuple(notes),
    )
    line.tell(MEASURED)
    are_read = len(notes) == len(found.doubts) and not any(quality.problem for quality in qualities)
    has_sound = work is None or bool(len(work.sounds))
    return Planned(listed, found.left_out, has_sound=has_sound, is_sure=are_read)


# ------------------------------------------------------------------------------------------------- the time line


def _line(wish: Wish, work: Fingerprint | None) -> TimeLine:
    from holdfast.restore.anchored import anchored
    from holdfast.restore.timeline.inferred import inferred
    from holdfast.restore.timeline.known import from_work
    from holdfast.restore.timeline.line import Alignment, Copy

    if work is not None:
        accepted = {source.digest for source in wish.sources if source.is_anchor}
        return from_work(work.duration, {s.digest: s.segments for s in wish.sources}, accepted=accepted)
    copies = [Copy(source.digest, source.duration, source.is_anchor) for source in wish.sources]
    here = {source.digest for source in wish.sources}
    alignments = [
        Alignment(source.digest, other, segments)
        for source in wish.sources
        for other, segments in (source.shared or {}).items()
        if other in here
    ]
    found = inferred(copies, alignments, listed=wish.stated)
    return anchored(found, wish.before) if wish.before is not None else found


def _print(wish: Wish) -> Fingerprint | None:
    from holdfast.actions.looking import kept_fingerprint

    return None if wish.work is None else kept_fingerprint(wish.work)


def _cuts(work: Fingerprint | None) -> tuple[Fraction, ...]:
    if work is None:
        return ()
    return tuple(Fraction(int(work.frames.times[frame]), MICRO) for frame in work.frames.cuts)


# ------------------------------------------------------------------------------------------------------ pictures


@dataclass(frozen=True)
class _Look:
    """Of a copy at a glance: pictures a second, and the size of the first one, (0, 0) if it has none."""

    rate: Fraction
    size: tuple[int, int]


def _looked_at(
    placements: Sequence[Placement], paths: Mapping[str, Path], memory: Memory, notes: list[str]
) -> dict[str, _Look]:
    """A glance at each copy, by its digest; one that cannot be read is noted and missing here."""
    from holdfast.media.frames import Frames

    found = {}
    for source in dict.fromkeys(one.source for one in placements):
        held = memory.glance(source)
        if held is not None:
            found[source] = _Look(*held)
            continue
        try:
            with Frames(paths[source]) as film:
                look = found[source] = _Look(film.rate, film.size if film.first() else (0, 0))
            memory.keep_glance(source, look.rate, look.size)
        except HoldfastError as error:
            notes.append(error.sentences()[0])
    return found


def _registered(
    placements: Sequence[Placement],
    paths: Mapping[str, Path],
    work: Fingerprint | None,
    memory: Memory,
    line: Line,
    notes: list[str],
) -> list[Placement]:
    """The placements with the exact place of the picture in each; a copy that cannot be read is noted.

    Each copy is read forward once, for all of its placements. Those of which nothing can be found out are as they were.
    """
    from holdfast.media.frames import Frames
    from holdfast.restore.register import Reference, references, registered

    asked: dict[str, list[tuple[Fraction, int, tuple[Reference, ...]]]] = {}
    for number, one in enumerate(placements):
        known = references(work.points, one) if work is not None and one.seen else ()
        if known:
            asked.setdefault(one.source, []).append((one.copy_time(known[0].time), number, known))
    ends = {
        source: max(placements[number].copy_time(known[-1].time) for _, number, known in each)
        for source, each in asked.items()
    }
    tell = _Telling(line, sum(ends.values(), Fraction(0)))
    found: dict[int, Placement | None] = dict(enumerate(placements))
    for source, each in asked.items():
        before = [placements[number] for _, number, _ in each]
        held = memory.registered(source, before)
        if held is not None:
            found |= {number: one for (_, number, _), one in zip(each, held, strict=True)}
            tell.passed(ends[source])
            continue
        with contextlib.ExitStack() as stack:
            film, reached = None, Fraction(0)
            for start, number, known in sorted(each, key=lambda row: row[:2]):
                one = placements[number]
                try:
                    if film is None or start < reached:  # two stretches of one moment, which no time line should have
                        stack.close()
                        film = stack.enter_context(Frames(paths[source], reached=tell.reached))
                    found[number] = registered(one, film, known)
                    reached = one.copy_time(known[-1].time)
                except HoldfastError as error:
                    found[number] = None
                    if (note := error.sentences()[0]) not in notes:
                        notes.append(note)
        after = [now for _, number, _ in each if (now := found[number]) is not None]
        if len(after) == len(before):
            memory.keep_registered(source, before, after)
        tell.passed(ends[source])
    return [one for one in found.values() if one is not None]


def _together(
    placements: Sequence[Placement], paths: Mapping[str, Path], memory: Memory, notes: list[str], line: Line
) -> tuple[list[Placement], tuple[int, int]]:
    """The placements in a frame that the copies have among themselves, and its size, (0, 0) if there is none."""
    from holdfast.media.frames import Frames
    from holdfast.restore.register_together import registered_together

    held = memory.together(placements)
    if held is not None:
        line.tell(REGISTERED)
        return held

    def passed(_time: Fraction) -> None:
        if line.should_stop():
            raise CancelledError

    try:
        found = registered_together(placements, paths, lambda path: Frames(path, reached=passed))
    except HoldfastError as error:
        if (note := error.sentences()[0]) not in notes:
            notes.append(note)
        return list(placements), (0, 0)
    memory.keep_together(placements, found.placements, found.size)
    line.tell(REGISTERED)
    return list(found.placements), found.size


class _Telling:
    """How far the reading of copies is, told in steps that a watch can tell from silence."""

    def __init__(self, line: Line, whole: Fraction) -> None:
        self._line, self._whole = line, whole or Fraction(1)
        self._before = Fraction(0)
        self._told = ""

    def reached(self, time: Fraction) -> None:
        """This moment of the copy in hand was decoded.

        Raises:
            CancelledError: somebody asked to stop.
        """
        share = float(min((self._before + time) / self._whole, Fraction(1)))
        step = f"{PLACED + share * (REGISTERED - PLACED):.4f}"
        if step != self._told:
            self._told = step
            if self._line.should_stop():
                raise CancelledError
            self._line.tell(float(step))

    def passed(self, end: Fraction) -> None:
        """The copy in hand was read up to `end`, which was all that was wanted of it."""
        self._before += end


def _size(work: Fingerprint | None, placements: Sequence[Placement], looks: Mapping[str, _Look]) -> tuple[int, int]:
    """Of the work if it is known; else of the largest copy that shows it whole, else of the largest."""
    if work is not None and min(work.size) > 0:
        return _even(work.size)
    sizes = []
    for one in placements:
        wide, high = looks[one.source].size
        if one.seen and wide:
            turned = (high, wide) if one.rotation in (90, 270) else (wide, high)
            sizes.append((one.geometry is None, wide * high, turned))
    return _even(max(sizes)[2]) if sizes else ORDINARY_SIZE


def _even(size: tuple[int, int]) -> tuple[int, int]:
    """Sides that a picture with halved colors can have."""
    return size[0] + size[0] % 2, size[1] + size[1] % 2


def _frame_rate(work: Fingerprint | None, placements: Sequence[Placement], looks: Mapping[str, _Look]) -> Fraction:
    """Of the work if its fingerprint tells; else the rate, as the work would have it, that shows most seconds of it.

    A usual one if near. Never one between two: that would fit no copy.
    """
    if work is not None and len(work.frames) > 2:
        steps = (work.frames.times[1:] - work.frames.times[:-1]).tolist()
        return _usual(Fraction(MICRO, max(int(median(steps)), 1)))
    shown: dict[Fraction, list[Span]] = {}
    for one in placements:
        if one.seen and any(looks[one.source].size):
            shown.setdefault(_usual(looks[one.source].rate / one.rate), []).append(one.asset)
    seconds = {rate: sum((span.duration for span in joined(spans)), Fraction(0)) for rate, spans in shown.items()}
    return max(seconds, key=lambda rate: (seconds[rate], rate), default=Fraction(25))


def _usual(rate: Fraction) -> Fraction:
    near = min(USUAL_RATES, key=lambda usual: abs(usual - rate))
    return near if abs(near - rate) < near / 200 else rate.limit_denominator(1001)


def _captions(wish: Wish) -> tuple[Any, ...]:
    """The cues of the first captions that can be read."""
    from holdfast.formats.captions import parse_captions

    for path in wish.captions:
        with contextlib.suppress(HoldfastError, OSError, ValueError):
            return tuple(parse_captions(path.read_bytes(), path.name, "und"))
    return ()


def shifted(segments: Sequence[Segment], by: Fraction) -> tuple[Segment, ...]:
    """Segments whose moments of the asset lie `by` seconds later; what would lie before its beginning is cut away."""
    found = []
    for one in segments:
        start = one.asset.start + by
        if start >= 0:
            found.append(replace(one, asset=Span(start, one.asset.end + by)))
        elif one.asset.end + by > 0:
            copy = Span(one.copy.start - start / one.rate, one.copy.end)
            found.append(replace(one, copy=copy, asset=Span(Fraction(0), one.asset.end + by)))
    return tuple(found)
