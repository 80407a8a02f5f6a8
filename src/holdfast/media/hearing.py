"""The sound of a film at the moments that somebody asks for: samples at 48 kHz, read once, forward.

    with Hearing(path) as film:
        film.read(first, count)    # (2, count) float32; sample n is heard n / 48000 s after the film's beginning

The counterpart of `media.frames`. Sound and pictures have one time line, that of `Master`. Where the film is silent,
has not begun or has ended, there is silence; `heard_until` tells how far there was sound at all.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np

from holdfast.media.decode import Master, Sound
from holdfast.media.sound import RATE, Samples, SoundChain

_KEPT = 2 * RATE  # what stays in hand for a reader that goes back a little


class Hearing:
    """A film that is asked for its sound, forward, or back by no more than two seconds.

    Raises:
        SourceMissing: the path cannot be read.
    """

    def __init__(self, path: Path) -> None:
        self._master = Master(path, pictures=False)
        self._chain = SoundChain()
        self._coming = self._pieces()
        self._held: Samples = np.zeros((2, 0), np.float32)
        self._first = 0
        self._has_ended = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._master.__exit__(kind, error, trace)

    @property
    def earliest(self) -> int:
        """The first sample that can still be asked for."""
        return self._first

    @property
    def heard_until(self) -> int | None:
        """The number of samples that the film has, once its end was reached; before that None."""
        return self._first + self._held.shape[1] if self._has_ended else None

    @property
    def warnings(self) -> tuple[str, ...]:
        """What could not be decoded so far."""
        return (*self._master.warnings, *self._chain.warnings)

    def read(self, first: int, count: int) -> Samples:
        """Samples [first, first + count), silence where there are none.

        Raises:
            ValueError: that lies further back than what is still in hand.
        """
        if first < self._first and first + count > 0 and self._first > 0:
            raise ValueError(f"sample {first} was asked for, {self._first} is the earliest in hand")
        self._read_until(first, first + count)
        out = np.zeros((2, count), np.float32)
        start, end = max(first, self._first), min(first + count, self._first + self._held.shape[1])
        if start < end:
            out[:, start - first : end - first] = self._held[:, start - self._first : end - self._first]
        self._forget(first)
        return out

    def _read_until(self, first: int, end: int) -> None:
        pieces, until = [self._held], self._first + self._held.shape[1]
        while until < end and not self._has_ended:
            piece = next(self._coming, None)
            if piece is None:
                self._has_ended = True
                break
            pieces.append(piece)
            until += piece.shape[1]
            if len(pieces) > 256:  # far ahead: what lies before need not be kept
                self._held = np.concatenate(pieces, axis=1)
                self._forget(first)
                pieces = [self._held]
        self._held = np.concatenate(pieces, axis=1) if len(pieces) > 1 else pieces[0]

    def _forget(self, first: int) -> None:
        spare = min(first - _KEPT - self._first, self._held.shape[1])
        if spare > RATE:
            self._held = np.ascontiguousarray(self._held[:, spare:])
            self._first += spare

    def _pieces(self) -> Iterator[Samples]:
        for moment in self._master.moments():
            if isinstance(moment, Sound):
                for heard in self._chain.push(moment):
                    yield heard.samples
        for heard in self._chain.drain():
            yield heard.samples
