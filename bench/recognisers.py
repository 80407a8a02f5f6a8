"""What the bench asks: a recogniser learns films one by one, indexes them, and says what a copy shows.

Ours is the first; those of others are in `peers.py`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol


@dataclass(frozen=True)
class Stretch:
    """Seconds of the copy, seconds of the work, and the rate that was said, or None.

    `is_anchor`: it says only that these moments are the same, not how far that reaches, so its ends are no claim.
    """

    copy: tuple[float, float]
    asset: tuple[float, float]
    rate: float | None = None
    is_anchor: bool = False

    def place(self, at: float) -> float:
        """The time in the work at a time in the copy."""
        length = self.copy[1] - self.copy[0]
        rate = self.rate or ((self.asset[1] - self.asset[0]) / length if length > 0 else 1.0)
        return self.asset[0] + (at - self.copy[0]) * rate


@dataclass(frozen=True)
class Found:
    """One work that was found. `score` only has to put true pairs above wrong ones."""

    work: str
    score: float
    segments: tuple[Stretch, ...] = ()
    is_claimed: bool = True


class Recogniser(Protocol):
    """What can be asked. Raises ImportError when made if something that it needs is not installed."""

    name: str

    def learn(self, path: Path) -> Any:
        """The summary of a film that is to be indexed; it is sent between processes."""

    def size_bytes(self, summary: Any) -> int:
        """How much room the summary takes in the index, or in what is asked."""

    def index(self, films: list[tuple[str, Any]]) -> None:
        """Take these films, by name, as all that is known."""

    def ask(self, path: Path) -> list[Found]:
        """What a copy shows."""


class Holdfast:
    """What this repository does."""

    name = "holdfast"

    def __init__(self) -> None:
        from holdfast.catalog.fingerprints.shelf import Shelf
        from holdfast.catalog.fingerprints.volume import volume_of
        from holdfast.restore.fingerprint.look import look
        from holdfast.restore.fingerprint.make import fingerprint
        from holdfast.restore.match.recognize import identify

        self._fingerprint, self._volume_of, self._look, self._identify = fingerprint, volume_of, look, identify
        self._shelf_of = Shelf.of
        self._shelf: Any = None

    def learn(self, path: Path) -> Any:
        return self._fingerprint(path, threads=1)

    def size_bytes(self, summary: Any) -> int:
        return int(self._volume_of("a work", summary).size_bytes)

    def index(self, films: list[tuple[str, Any]]) -> None:
        self._shelf = self._shelf_of(films)

    def ask(self, path: Path) -> list[Found]:
        names = self._shelf.names()
        said = self._identify(self._look(path, threads=1), self._shelf)
        return [
            Found(
                names[match.work],
                evidence(match),
                tuple(_stretch(each) for each in match.segments),
                is_claimed,
            )
            for matches, is_claimed in ((said.matches, True), (said.doubtful, False))
            for match in matches
        ]


def evidence(match: Any) -> float:
    """A score to rank by: what speaks for it, because probabilities crowd together near 1; else their log odds."""
    if hasattr(match, "score"):
        return float(match.score)
    probability = min(max(float(match.probability), 1e-12), 1 - 1e-12)
    return max(0.0, 30 + math.log(probability / (1 - probability)))


def _stretch(segment: Any) -> Stretch:
    return Stretch(
        (float(segment.copy.start), float(segment.copy.end)),
        (float(segment.asset.start), float(segment.asset.end)),
        float(segment.rate),
    )
