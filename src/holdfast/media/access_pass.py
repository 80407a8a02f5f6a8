"""The decoding pass of an access copy: one master in, all renditions, poster and storyboard out.

Decoding and the filters that all rungs share run in the calling thread, each rung encodes in a thread of its own.
Short queues between them keep memory flat: the slowest encoder sets the pace.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import CancelledError
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from holdfast.media.decode import Master, Picture, Sound
from holdfast.media.ladder import Recipe, Rung, gain_db, ladder, shown_size, tile_interval
from holdfast.media.picture import PictureChain, Shown, turn_of
from holdfast.media.poster import Poster
from holdfast.media.rendition import RenditionThread
from holdfast.media.sound import RATE, Heard, SoundChain, measured
from holdfast.media.storyboard import Storyboard
from holdfast.model.technical import Loudness
from holdfast.model.time import clock

_SOUND_PASS = 0.1


@dataclass
class Watch:
    """The caller's eyes and hands during the work."""

    on_progress: Callable[[float], None]
    should_stop: Callable[[], bool]
    told: float = -1.0

    def check(self) -> None:
        """Raises CancelledError if the work should stop."""
        if self.should_stop():
            raise CancelledError

    def tell(self, fraction: float) -> None:
        """Passes progress on, in steps of a thousandth."""
        if fraction >= self.told + 0.001:
            self.told = fraction
            self.on_progress(fraction)


@dataclass(frozen=True)
class Plan:
    """What was decided before the pass: the rungs (none for sound alone), the frame rate, the gain."""

    rungs: tuple[Rung, ...]
    rate: Fraction
    loudness: Loudness | None
    gain_db: Fraction


@dataclass(frozen=True)
class Made:
    """What the pass left in the folder: finished MP4s, the storyboard, and a poster that is still to be saved."""

    renditions: tuple[RenditionThread, ...]
    poster: Poster | None
    loudness: Loudness | None
    gain_db: Fraction
    warnings: tuple[str, ...]


def make_files(source: Path, folder: Path, recipe: Recipe, watch: Watch) -> Made:
    """Makes the MP4s and the storyboard of `source` in `folder`."""
    loudness = measured(source, lambda done: watch.tell(done * _SOUND_PASS), watch.check)
    gain = gain_db(loudness.integrated_lufs, loudness.true_peak_dbtp, recipe) if loudness else Fraction(0)
    rungs, rate = _first_look(source, recipe, watch)
    work = _Pass(folder, recipe, Plan(rungs, rate, loudness, gain), watch)
    try:
        return work.run(source)
    finally:
        work.abandon()


def _first_look(source: Path, recipe: Recipe, watch: Watch) -> tuple[tuple[Rung, ...], Fraction]:
    """The rungs and the frame rate that the first picture calls for; no rungs if no picture can be decoded."""
    with Master(source, sounds=False) as master:
        for moment in master.moments():
            watch.check()
            if isinstance(moment, Picture):
                frame, turn = moment.frame, turn_of(moment.frame)
                is_interlaced = frame.interlaced_frame or master.stated_field_order > 1
                rate = min(master.frame_rate * (2 if is_interlaced else 1), Fraction(recipe.max_frame_rate))
                size = shown_size(frame.width, frame.height, master.pixel_aspect, is_turned=turn.is_transposed)
                return ladder(*size, rate, recipe), rate.limit_denominator(1001)
    return (), Fraction(0)


class _Pass:
    """The decoding pass over one master, and what it feeds."""

    def __init__(self, folder: Path, recipe: Recipe, plan: Plan, watch: Watch) -> None:
        self._folder, self._recipe, self._plan, self._watch = folder, recipe, plan, watch
        self._end = Fraction(0)
        self._poster: Poster | None = None
        self._storyboard: Storyboard | None = None
        has_sound = plan.loudness is not None
        rungs: tuple[Rung | None, ...] = plan.rungs or ((None,) if has_sound else ())
        self._threads = [
            # The largest rung is most of the work: it gets as many threads as there are cores, the others one.
            RenditionThread(folder, rung, recipe, plan.rate, has_sound=has_sound, threads=0 if rung is rungs[-1] else 1)
            for rung in rungs
        ]

    def run(self, source: Path) -> Made:
        """Decodes everything and completes the files."""
        with Master(source) as master:
            if self._plan.rungs:
                self._prepare_stills(master.duration)
            trouble = self._decode(master)
            warnings = [*master.warnings, *trouble, *self._missing(master.duration)]
        for thread in self._threads:
            thread.close()
        if self._storyboard is not None:
            self._storyboard.finish(self._end)
        return Made(tuple(self._threads), self._poster, self._plan.loudness, self._plan.gain_db, tuple(warnings))

    def abandon(self) -> None:
        """Ends the encoders if they are still at work."""
        for thread in self._threads:
            thread.abandon()

    def _prepare_stills(self, duration: Fraction | None) -> None:
        top = self._plan.rungs[-1]
        interval = tile_interval(duration, self._recipe)
        self._poster = Poster(duration)
        self._storyboard = Storyboard(self._folder, (top.width, top.height), interval, self._recipe)

    def _decode(self, master: Master) -> list[str]:
        """Feeds the encoders with all that the master gives; returns what could not be used."""
        rungs = self._plan.rungs
        pictures = PictureChain(rungs[-1], self._recipe, container_order=master.field_order) if rungs else None
        sounds = SoundChain(self._plan.gain_db) if self._plan.loudness is not None else None
        for moment in master.moments():
            self._watch.check()
            if isinstance(moment, Picture) and pictures is not None:
                self._end = max(self._end, moment.time + moment.length)
                self._show(pictures.push(moment.frame, moment.time, master.pixel_aspect))
            elif isinstance(moment, Sound) and sounds is not None:
                self._hear(sounds.push(moment))
            self._watch.tell(_SOUND_PASS + (0.999 - _SOUND_PASS) * master.done)
        if sounds is not None:
            self._hear(sounds.drain())
            self._end = max(self._end, Fraction(sounds.position, RATE))
        if pictures is not None:
            self._show(pictures.finish(self._end))
        if sounds is not None:
            self._hear(sounds.silence_until(self._end))
        return [*(pictures.warnings if pictures is not None else ()), *(sounds.warnings if sounds is not None else ())]

    def _show(self, pictures: Iterable[Shown]) -> None:
        for shown in pictures:
            self._watch.check()
            if self._poster is not None and self._storyboard is not None:
                self._poster.look(shown)
                self._storyboard.look(shown)
            for thread in self._threads:
                thread.put(shown)

    def _hear(self, pieces: Iterable[Heard]) -> None:
        for heard in pieces:
            for thread in self._threads:
                thread.put(heard)

    def _missing(self, promised: Fraction | None) -> list[str]:
        if not self._threads or promised is None or self._end >= promised - 1:
            return []
        return [f"file: it promises {clock(promised)}, but only {clock(self._end)} of it could be decoded"]
