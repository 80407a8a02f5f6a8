"""From an edit list and the copies it names to the file of the reconstruction: FFV1 and FLAC in Matroska.

    made = assemble(edit, {digest: path, ...}, Path("reconstruction.mkv"))
    made.pictures, made.sounds    # what came from whom
    made.notes                    # which copies failed, and what was done about it

The same edit list and the same bytes of the copies give the same bytes, with the same FFmpeg: one thread encodes, no
clock is read, nothing depends on what was done before. Memory does not grow with the length.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import CancelledError
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from holdfast.formats.captions import Cue
from holdfast.media.sound import Samples
from holdfast.media.write import AudioSettings, ColorTags, MediaWriter, VideoSettings
from holdfast.model.edit import EditList
from holdfast.model.fingerprint import Still
from holdfast.model.time import Span, clock
from holdfast.restore.assemble.measure import colors, loudness
from holdfast.restore.assemble.panel import Panels
from holdfast.restore.assemble.picture import Screen
from holdfast.restore.assemble.plan import RATE, frame_count, sample_count, without_sources
from holdfast.restore.assemble.record import Assembled, Contribution
from holdfast.restore.assemble.slate import Slates
from holdfast.restore.assemble.sound import Mix
from holdfast.restore.assemble.sources import Reels, Sounds, unreadable

# Version 3 with a checksum for each of four slices: a flipped bit is found, and costs a part of one frame.
_PICTURE = {"level": "3", "coder": "range_def", "context": "0", "slices": "4", "slicecrc": "1"}
_SOUND = {"bits_per_raw_sample": "24"}
HEARD, MEASURED = 0.02, 0.1  # of the progress: loudness, then colors; the rest is the film


def assemble(
    edit: EditList,
    paths: Mapping[str, Path],
    target: Path,
    *,
    stills: Sequence[Still] = (),
    captions: Sequence[Cue] = (),
    consensus: bool = True,
    on_progress: Callable[[float], None] | None = None,
    should_stop: Callable[[], bool] | None = None,
) -> Assembled:
    """Makes the reconstruction at `target` (`.mkv`), which is not there when this fails or is stopped.

    Args:
        edit: what is to be made. Without a size there will be no picture, without any sound no sound track.
        paths: where the file of each digest lies.
        target: the file to be written; what was there is replaced.
        stills: surviving pictures of the work, for the slates of its gaps; their times are asset times.
        captions: surviving captions, in asset time, for the same.
        consensus: combine the pictures of all takes of an edit; else the others only fill what the first lacks.
        on_progress: is told the fraction done, 0 to 1.
        should_stop: is asked for every frame.

    A copy that is missing, damaged or shorter than it should be does not stop the work: the next take of its edits
    is used, or they become gaps, and `notes` name it.

    Raises:
        ValueError: the asset has no length, or neither picture nor sound.
        OSError: the target cannot be written.
        CancelledError: `should_stop` said so.
    """
    has_sound = any(each.sound for each in edit.edits)
    if edit.duration <= 0 or (not has_sound and 0 in edit.size):
        raise ValueError(f"nothing is to be made of {edit.asset}: it has no length, or neither picture nor sound")
    work = _Work(on_progress or (lambda _done: None), should_stop or (lambda: False))
    try:
        return _written(edit, paths, target, Slates(edit.title, edit.size, stills, captions), work, consensus=consensus)
    except BaseException:
        target.unlink(missing_ok=True)
        raise


@dataclass
class _Work:
    """The caller's eyes and hands, and what failed so far."""

    on_progress: Callable[[float], None]
    should_stop: Callable[[], bool]

    def check(self) -> None:
        if self.should_stop():
            raise CancelledError

    def part(self, start: float, end: float) -> Callable[[float], None]:
        """Hears the share done of a part of the work, which lies between these shares of the whole."""
        return lambda share: self.on_progress(end if share >= 1 else start + share * (end - start))


class _Notes:
    """What failed, in words: a copy that fails in the same way again is told once more only with its stretch."""

    def __init__(self, edit: EditList) -> None:
        self._names = edit.sources
        self.lines: list[str] = []

    def name(self, source: str) -> str:
        return self._names.get(source) or f"the copy {source[:12]}"

    def tell(self, source: str, span: Span, why: str) -> None:
        line = f"{self.name(source)}: {why} ({clock(span.start)} to {clock(span.end)} of the asset)"
        if line not in self.lines:
            self.lines.append(line)


def _written(
    edit: EditList, paths: Mapping[str, Path], target: Path, slates: Slates, work: _Work, *, consensus: bool
) -> Assembled:
    notes = _Notes(edit)
    used = {take.source for each in edit.edits for take in (*each.picture, *each.sound)}
    gone = unreadable(paths, used)
    for source, why in gone.items():
        for each in edit.edits:
            if source in {take.source for take in (*each.picture, *each.sound)}:
                notes.tell(source, each.asset, why)
    has_sound = any(each.sound for each in edit.edits)
    edit = without_sources(edit, gone)
    factors = loudness(edit, paths, work.check, work.part(0.0, HEARD))
    changes = colors(edit, paths, work.check, work.part(HEARD, MEASURED)) if all(edit.size) else {}
    with Reels(paths) as reels, Reels(paths) as ahead, Sounds(paths) as sounds:
        panels = Panels(edit, ahead, changes, work.check) if consensus else None
        screen = Screen(edit, reels, slates, changes, notes.tell, panels)
        mix = Mix(edit, sounds, factors, notes.tell)
        with MediaWriter(target, container="matroska", tags={"title": edit.title}) as writer:
            made = _filled(edit, writer, screen if all(edit.size) else None, mix if has_sound else None, work)
    screen.finish()
    for source, lines in sorted({**sounds.warnings, **reels.warnings}.items()):
        notes.lines += [f"{notes.name(source)}: {line}" for line in lines]
    return Assembled(
        frame_count=made[0],
        sample_count=made[1],
        pictures=screen.recorder.contributions(),
        sounds=tuple(Contribution(span, (source,), (1.0,)) for span, source in mix.used),
        notes=tuple(notes.lines),
    )


def _filled(
    edit: EditList, writer: MediaWriter, screen: Screen | None, mix: Mix | None, work: _Work
) -> tuple[int, int]:
    """Writes frames and samples alternately; gives how many of each."""
    frames, samples = frame_count(edit), sample_count(edit)
    settings = VideoSettings(
        "ffv1", edit.size, edit.frame_rate, options=_PICTURE, color=ColorTags(), keyframe_every=1, is_exact=True
    )
    pictures = writer.add_video(settings) if screen else None
    sound = writer.add_audio(AudioSettings("flac", options=_SOUND, sample_format="s32")) if mix else None
    coming = _Evenly(mix.samples()) if mix else None
    told = work.part(MEASURED, 1.0)
    for number in range(frames):
        work.check()
        if screen and pictures:
            pictures.write(screen.picture(number))
        if coming and sound:
            end = samples if number == frames - 1 else round((number + 1) / edit.frame_rate * RATE)
            sound.write(coming.until(min(end, samples)))
        told((number + 1) / frames)
    return (frames if screen else 0), (samples if mix else 0)


class _Evenly:
    """Samples that come in pieces of any length, given out as far as they are wanted."""

    def __init__(self, pieces: Iterator[Samples]) -> None:
        self._pieces = pieces
        self._held: Samples = np.zeros((2, 0), np.float32)
        self._given = 0

    def until(self, end: int) -> Samples:
        """What comes before sample `end` and was not yet given."""
        held = [self._held]
        ready = self._given + self._held.shape[1]
        while ready < end:
            piece = next(self._pieces, None)
            if piece is None:
                break
            held.append(piece)
            ready += piece.shape[1]
        whole = np.concatenate(held, axis=1)
        count = end - self._given
        self._given = end
        self._held = whole[:, count:]
        return whole[:, :count]
