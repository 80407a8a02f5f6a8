"""The copies that a reconstruction is made of, opened when they are needed, and what went wrong with them.

A copy is read forward. It is opened again only when an edit goes back in it, and closed when nothing more is wanted
of it. One that cannot be opened, or gives nothing, is told of once.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from fractions import Fraction
from pathlib import Path
from types import TracebackType
from typing import Self

from holdfast.media.frames import Frames, Shown
from holdfast.media.hearing import Hearing
from holdfast.media.sound import Samples


class Reels:
    """The pictures of many copies. `longer_side` makes all smaller; `reached` hears every picture that is passed."""

    def __init__(
        self,
        paths: Mapping[str, Path],
        *,
        longer_side: int | None = None,
        reached: Callable[[Fraction], None] | None = None,
    ) -> None:
        self._paths, self._longer_side, self._reached = paths, longer_side, reached
        self._films: dict[str, Frames] = {}
        self._last: dict[str, Shown] = {}
        self.warnings: dict[str, tuple[str, ...]] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.keep(())

    def shown(self, source: str, time: Fraction) -> Shown:
        """What the copy shows at this moment of its own.

        Raises:
            SourceMissing: it cannot be read (any more).
        """
        last = self._last.get(source)
        if last is not None and last.time == time:
            return last
        if last is not None and time < (last.start if last.start is not None else last.time):
            self._close(source)
        if source not in self._films:
            self._films[source] = Frames(
                self._paths[source], longer_side=self._longer_side, deinterlace=True, reached=self._reached
            )
        found = next(self._films[source].at([time]))
        self._last[source] = found
        return found

    def step(self, source: str) -> Fraction:
        """Seconds from one of its frames to the next, as its container says; 1/25 before it is open."""
        film = self._films.get(source)
        return 1 / film.rate if film is not None else Fraction(1, 25)

    def is_damaged(self, source: str) -> bool:
        """Whether something of it could not be decoded so far."""
        film = self._films.get(source)
        return bool(film is not None and film.warnings)

    def keep(self, wanted: Collection[str]) -> None:
        """Close all copies but these."""
        for source in [each for each in self._films if each not in wanted]:
            self._close(source)

    def _close(self, source: str) -> None:
        film = self._films.pop(source)
        if film.warnings:
            self.warnings[source] = film.warnings
        film.__exit__(None, None, None)
        self._last.pop(source, None)


class Sounds:
    """The sounds of many copies."""

    def __init__(self, paths: Mapping[str, Path]) -> None:
        self._paths = paths
        self._films: dict[str, Hearing] = {}
        self.warnings: dict[str, tuple[str, ...]] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for source in list(self._films):
            self.close(source)

    def reader(self, source: str) -> Callable[[int, int], Samples]:
        """`read(first, count)` of this copy. It raises SourceMissing when the copy cannot be read."""
        return lambda first, count: self._open(source, first).read(first, count)

    def ended_at(self, source: str) -> int | None:
        """How many samples it has, once that is known."""
        return self._films[source].heard_until if source in self._films else None

    def close(self, source: str) -> None:
        """Nothing more is wanted of this copy for now."""
        film = self._films.pop(source, None)
        if film is not None:
            if film.warnings:
                self.warnings[source] = film.warnings
            film.__exit__(None, None, None)

    def _open(self, source: str, first: int) -> Hearing:
        if source in self._films and max(first, 0) < self._films[source].earliest:
            self.close(source)
        if source not in self._films:
            self._films[source] = Hearing(self._paths[source])
        return self._films[source]


def unreadable(paths: Mapping[str, Path], sources: Collection[str]) -> dict[str, str]:
    """Those of the sources that cannot be opened, each with the reason."""
    found = {}
    for source in sorted(sources):
        if source not in paths:
            found[source] = "no file of it is known"
            continue
        try:
            with paths[source].open("rb") as stream:
                if not stream.read(1):
                    found[source] = "its file is empty"
        except OSError as error:
            found[source] = error.strerror or str(error)
    return found
