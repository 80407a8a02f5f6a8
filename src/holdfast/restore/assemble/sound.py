"""The sound of a reconstruction, sample by sample, from the copies that were chosen for it.

    with Sounds(paths) as sounds:
        for samples in Mix(edit, sounds, factors, tell).samples():   # (2, n) float32 at 48 kHz, [0, duration) in all
            ...

A cross-fade keeps the power: its two curves are divided by the power that they have together, given how alike the two
sounds are, which is measured. For sounds that have nothing in common that is the fade of equal power, for the same
sound twice the straight one; copies of one work lie between.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from fractions import Fraction

import numpy as np

from holdfast.errors import SourceMissing
from holdfast.media.sound import RATE, Samples
from holdfast.model.edit import EditList, Take
from holdfast.model.time import Span
from holdfast.restore.assemble.pacing import Voice
from holdfast.restore.assemble.plan import Piece, Run, pieces_of_sound, runs_of_sound
from holdfast.restore.assemble.sources import Sounds

_CHUNK = RATE // 2
_OVER = RATE // 20  # sound that ends this much early is no rounding of a container
Tell = Callable[[str, Span, str], None]


@dataclass
class _Part:
    """A run that is being played: its voice, and the takes that are left if that fails."""

    run: Run
    takes: list[Take] = field(default_factory=list)
    voice: Voice | None = None
    is_told: bool = False


class Mix:
    """The sound of an edit list. `factors` is each copy's gain; `tell(source, span, why)` hears what failed it."""

    def __init__(self, edit: EditList, sounds: Sounds, factors: dict[str, float], tell: Tell) -> None:
        self._duration = edit.duration
        self._runs = runs_of_sound(edit)
        self._parts = {number: _Part(run, list(run.takes)) for number, run in enumerate(self._runs) if run.takes}
        self._sounds, self._factors, self._tell = sounds, factors, tell
        self.used: list[tuple[Span, str]] = []

    def samples(self) -> Iterator[Samples]:
        """All of it, in pieces of at most half a second."""
        for piece in pieces_of_sound(self._runs, self._duration):
            if piece.run is None:
                yield from _silence(piece.end - piece.first)
            elif piece.fade == "across":
                yield self._across(piece)
            else:
                yield from self._played(piece)

    def _played(self, piece: Piece) -> Iterator[Samples]:
        assert piece.run is not None
        at = piece.first
        while at < piece.end:
            count = min(_CHUNK, piece.end - at)
            samples = self._heard(piece.run, at, count)
            if piece.fade:  # short: it is one chunk
                curve = np.sin(np.linspace(0, np.pi / 2, count, dtype=np.float32))
                samples = samples * (curve if piece.fade == "in" else curve[::-1])
            yield samples
            at += count

    def _across(self, piece: Piece) -> Samples:
        assert piece.run is not None
        assert piece.then is not None
        count = piece.end - piece.first
        one, other = (self._heard(number, piece.first, count) for number in (piece.run, piece.then))
        power = float(np.sqrt((one.astype(np.float64) ** 2).sum() * (other.astype(np.float64) ** 2).sum()))
        likeness = max(0.0, float((one.astype(np.float64) * other).sum()) / power) if power > 1e-9 else 1.0
        rising = (np.arange(count) + 0.5) / count
        falling = 1 - rising
        together = np.sqrt(rising**2 + falling**2 + 2 * likeness * rising * falling)
        mixed: Samples = (one * (falling / together) + other * (rising / together)).astype(np.float32)
        return mixed

    def _heard(self, number: int, first: int, count: int) -> Samples:
        """Samples of this run; when its copy fails, of its next take, and silence when all have failed."""
        part = self._parts[number]
        while part.takes:
            take = part.takes[0]
            try:
                if part.voice is None or part.voice.next != first:
                    part.voice = Voice(self._sounds.reader(take.source), take.placement, first)
                    self.used.append((Span(Fraction(first, RATE), part.run.span.end), take.source))
                samples = part.voice.take(count)
            except SourceMissing as error:
                self._give_up(part, first, str(error.values.get("reason", "")))
                continue
            ended = self._sounds.ended_at(take.source)
            if ended is not None and part.voice.copy_sample(first + count) - ended > _OVER:
                if len(part.takes) > 1 or not ended:
                    self._give_up(part, first, "its sound ends there" if ended else "it has no sound")
                    continue
                self._tell_once(part, Fraction(ended, RATE))
            return samples * np.float32(self._factors.get(take.source, 1.0))
        return np.zeros((2, count), np.float32)

    def _tell_once(self, part: _Part, copy_end: Fraction) -> None:
        """Its sound ends early, and nothing else is there: the rest of the run is silence."""
        if not part.is_told:
            part.is_told = True
            at = part.takes[0].placement.asset_time(copy_end)
            at = max(part.run.span.start, min(at, part.run.span.end))
            self._tell(part.takes[0].source, Span(at, part.run.span.end), "its sound ends there")

    def _give_up(self, part: _Part, first: int, why: str) -> None:
        at = min(Fraction(first, RATE), part.run.span.end)
        if self.used and self.used[-1][1] == part.takes[0].source and self.used[-1][0].end == part.run.span.end:
            span, source = self.used.pop()
            if span.start < at:
                self.used.append((replace(span, end=at), source))
        self._tell(part.takes[0].source, Span(at, part.run.span.end), why)
        part.takes.pop(0)
        part.voice = None


def _silence(count: int) -> Iterator[Samples]:
    while count > 0:
        yield np.zeros((2, min(count, _CHUNK)), np.float32)
        count -= _CHUNK
