"""Tell which seconds of one film are in another. No archive is needed.

The second film is the work: its fingerprint is an index of one. The first is the copy, and is looked at as `identify`
does. Both are read in a process of their own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from holdfast.actions.apart import Apart
from holdfast.actions.fingerprinting import need_restore
from holdfast.actions.looking import fingerprint_of, is_written_down, look_at
from holdfast.actions.watch import UNWATCHED, Watch
from holdfast.errors import FileMissing
from holdfast.formats.identification import number, segment_record
from holdfast.jobs.line import Line
from holdfast.model.comparison import Comparison, Pair, Side, moments

if TYPE_CHECKING:
    from holdfast.model.fingerprint import Fingerprint
    from holdfast.model.match import Segment

PAIRS = 18  # pictures of each side, about


@dataclass(frozen=True)
class Compared:
    """What `compare` found: `comparison` with its segments, and how the fingerprints were read (`warnings`).

    `is_same_file`: both have the same bytes, whatever they show.
    """

    copy: Path
    work: Path
    comparison: Comparison
    warnings: tuple[str, ...] = field(default=())
    is_same_file: bool = False

    @property
    def segments(self) -> tuple[Segment, ...]:
        """The claims, in the order of the copy."""
        return self.comparison.segments

    def as_record(self) -> dict[str, Any]:
        """As it stands in JSON."""
        found = self.comparison
        return {
            "a": str(self.copy),
            "b": str(self.work),
            "same_file": self.is_same_file,
            "duration_a": number(found.copy.duration),
            "duration_b": number(found.work.duration),
            "probability": min(round(found.probability, 6), 0.999999),
            "segments": [segment_record(segment) for segment in found.segments],
            "doubtful": [segment_record(segment) for segment in found.doubtful],
            "notes": list(found.notes),
            "warnings": list(self.warnings),
        }


def compare(
    a: Path | str, b: Path | str, *, mode: str = "full", with_pictures: bool = False, watch: Watch = UNWATCHED
) -> Compared:
    """Which seconds of `a` (the copy) show which seconds of `b` (the work). Known as `holdfast.compare`.

    Args:
        a: a film, sound, picture, fingerprint or list of hashes.
        b: likewise.
        mode: `full`, or `keys` for key frames only.
        with_pictures: also get pictures of both at the same moments.
        watch: told how it goes.

    Raises:
        FileMissing, SourceMissing, BadRecord: one of them cannot be read.
        NothingToCompare: one of them shows and sounds nothing.
        ExtraMissing: the optional part [restore] is not installed.
    """
    need_restore("Comparing films")
    copy, work = Path(a), Path(b)
    for path in (copy, work):
        if not path.is_file():
            raise FileMissing(path=path, reason="there is no such file")
    watch.begin("Comparing", items=2)
    args = {"path": f"{copy} or {work}", "a": str(copy), "b": str(work), "mode": mode, "pictures": with_pictures}
    with Apart() as apart:
        told = partial(_told, watch, copy, work)
        comparison, warnings, is_same_file = apart.awaited(apart.submit(compare_body, args), told)
    return Compared(copy, work, comparison, warnings, is_same_file)


def _told(watch: Watch, copy: Path, work: Path, share: float) -> None:
    watch.at(str(work if share < WORK_READ else copy))


SAMENESS, WORK_READ, COPY_LOOKED_AT = 0.01, 0.45, 0.9
PIECE_BYTES = 1 << 20


def compare_body(args: Mapping[str, Any], line: Line) -> tuple[Comparison, tuple[str, ...], bool]:
    """The body: the comparison of the files `a` and `b`, the decoders' warnings, and whether the bytes are the same."""
    from holdfast.catalog.fingerprints.shelf import Shelf
    from holdfast.restore.match.recognize import identify

    copy, work = Path(args["a"]), Path(args["b"])
    is_same_file = _are_same(copy, work, line)
    known = fingerprint_of(work, args["mode"], line, share=(SAMENESS, WORK_READ))
    look = look_at(copy, args["mode"], line, share=(WORK_READ, COPY_LOOKED_AT))
    shelf = Shelf.of([(str(work), known)])
    found = identify(look, shelf, on_progress=lambda done: line.tell(COPY_LOOKED_AT + done * (1 - COPY_LOOKED_AT)))
    claims = tuple(segment for match in found.matches for segment in match.segments)
    doubtful = tuple(segment for match in found.doubtful for segment in match.segments)
    pairs: tuple[Pair, ...] = ()
    if args["pictures"]:
        times = moments(claims or doubtful, PAIRS)
        ours = _pictures(copy, look.fingerprint, [ours for ours, _ in times])
        theirs = _pictures(work, known, [theirs for _, theirs in times])
        pairs = tuple(Pair(*both, *jpegs) for both, jpegs in zip(times, zip(ours, theirs, strict=True), strict=True))
    comparison = Comparison(
        copy=Side(copy.name, look.fingerprint.duration, look.fingerprint.size),
        work=Side(work.name, known.duration, known.size),
        probability=max((match.probability for match in found.matches), default=0.0),
        segments=claims,
        doubtful=doubtful,
        pairs=pairs,
        notes=found.notes,
    )
    return comparison, (*look.fingerprint.warnings, *known.warnings), is_same_file


def _are_same(one: Path, other: Path, line: Line) -> bool:
    """Whether two files have the same bytes. Both are read only as far as they do."""
    try:
        size = one.stat().st_size
        if one.samefile(other) or size != other.stat().st_size:
            return one.samefile(other)
        with one.open("rb") as ours, other.open("rb") as theirs:
            while ours_read := ours.read(PIECE_BYTES):
                if ours_read != theirs.read(PIECE_BYTES):
                    return False
                line.tell(SAMENESS * ours.tell() / size)
    except OSError as error:
        raise FileMissing(path=f"{one} or {other}", reason=(error.strerror or str(error)).lower()) from error
    return True


def _pictures(path: Path, fingerprint: Fingerprint, times: list[Any]) -> list[bytes]:
    """A JPEG for each of these times: of the film itself, or the nearest still of its fingerprint."""
    from holdfast.media.moments import pictures_at
    from holdfast.model.fingerprint import MICRO

    if not is_written_down(path):
        return pictures_at(path, times)
    stills = fingerprint.stills
    return [min(stills, key=lambda s: abs(s.time_us - time * MICRO)).jpeg if stills else b"" for time in times]
