"""What a row of shards holds, seen as one: which works count, and which number each has."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from holdfast.catalog.fingerprints.shard import Shard
from holdfast.catalog.fingerprints.volume import Volume
from holdfast.model.time import parse_ratio


@dataclass(frozen=True)
class Placed:
    """A shard, its file if it has one, and the number in the whole index of each of its works, -1 where none counts."""

    path: Path | None
    shard: Shard
    numbers: NDArray[np.int32]

    @property
    def size_bytes(self) -> int:
        """What it takes."""
        return sum(array.nbytes for array in self.shard.arrays.values())

    def counting(self) -> Iterator[Volume]:
        """The works of it that count."""
        for work in np.flatnonzero(self.numbers >= 0).tolist():
            yield self.shard.volume(work)


@dataclass(frozen=True)
class Contents:
    """`names` of all works that count, sorted, and the shards from the oldest to the newest."""

    names: tuple[str, ...]
    placed: tuple[Placed, ...]
    where: dict[str, tuple[int, int]]

    def volume(self, work: int) -> Volume:
        """Work number `work`. Raises IndexError if there is none."""
        number, inside = self.where[self.names[work]]
        return self.placed[number].shard.volume(inside)

    @cached_property
    def rows(self) -> dict[str, int]:
        """How many `pictures`, `points` and `sounds` count."""
        totals = {"pictures": 0, "points": 0, "sounds": 0}
        for one in self.placed:
            a = one.shard.arrays
            starts = {
                "pictures": a["pictures.starts"],
                "points": a["points.rows"][a["points.starts"]],
                "sounds": a["sounds.starts"],
            }
            for track, begins in starts.items():
                totals[track] += int(np.diff(begins)[one.numbers >= 0].sum())
        return totals

    @property
    def duration(self) -> Fraction:
        """Of all works together, in seconds."""
        works = (
            work
            for one in self.placed
            for work, number in zip(one.shard.head["works"], one.numbers.tolist(), strict=True)
            if number >= 0
        )
        return sum((parse_ratio(work["duration"]) for work in works), Fraction(0))


def contents_of(shards: Iterable[tuple[Path | None, Shard]]) -> Contents:
    """What these shards hold, from the oldest to the newest: of each name the newest, unless it was removed later."""
    placed = [Placed(path, shard, np.full(len(shard), -1, np.int32)) for path, shard in shards]
    where: dict[str, tuple[int, int]] = {}
    for number, one in enumerate(placed):
        for name in one.shard.head["removed"]:
            where.pop(name, None)
        where.update({name: (number, work) for work, name in enumerate(one.shard.names)})
    names = tuple(sorted(where))
    for whole, name in enumerate(names):
        number, work = where[name]
        placed[number].numbers[work] = whole
    return Contents(names, tuple(placed), where)


def to_merge(placed: Sequence[Placed], size_bytes: int, full_bytes: int) -> int:
    """How many of the newest shards become one with what is added: those that are no larger than all that is newer.

    So shards shrink from old to new by about half each, as the digits of a binary number do when one is added.
    """
    count = 0
    for one in reversed(placed):
        if one.size_bytes > max(size_bytes, _SMALL_BYTES) or one.size_bytes + size_bytes > full_bytes:
            break
        size_bytes += one.size_bytes
        count += 1
    return count


def is_mostly_gone(one: Placed) -> bool:
    """Whether more than half of a shard's works do not count any more."""
    return 2 * int((one.numbers >= 0).sum()) < len(one.numbers)


_SMALL_BYTES = 64 * 1024  # below, a file costs more than its bytes
