"""What lies over copies for long, remembered from stretch to stretch: logos, and lines of changing letters. Pure.

    memory = Overlaid()
    memory.seen(views, tolerance)     # a moment of a stretch, shown by several copies
    memory.over(names)                # for each copy where something lies over it, or None

Every two copies are held against each other by themselves, because two logos in one corner may agree. A place belongs
to an overlay where two differ nearly always; whose it is, the edges along its outline tell (`restore.laid_over`):
those of all moments laid together first, because branches that move behind a plate have harder edges than it has.
Standing still tells nothing: under letters that change, it is the copy without any that seems to stand.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from holdfast.restore.assemble.agreement import Plane, difference, ordinary_difference, planes_of
from holdfast.restore.assemble.view import View
from holdfast.restore.laid_over import blamed, edge_power, edges_between, outline, sums, things

Flags = NDArray[np.bool_]

_OFTEN, _FEWEST = 0.85, 5


@dataclass
class _Pair:
    """Sums over moments: `apart` and `both` shown; along outlines, the edges one has beyond the other, and `between`.

    `between` are the edges of their difference. `one` and `other` are the sums of their planes.
    """

    apart: Plane
    both: Plane
    lead: Plane
    between: Plane
    one: Plane
    other: Plane

    @classmethod
    def none(cls, shape: tuple[int, ...]) -> _Pair:
        """Of no moment yet."""
        flat = [np.zeros(shape, np.float32) for _ in range(4)]
        return cls(*flat, *(np.zeros((*shape, 3), np.float32) for _ in range(2)))

    def grow(self, apart: Flags, both: Flags, lead: Plane, between: Plane, one: Plane, other: Plane) -> None:
        self.apart += apart
        self.both += both
        self.lead += lead
        self.between += between
        self.one += one * both[..., None]
        self.other += other * both[..., None]

    def over(self) -> tuple[Flags, Flags] | None:
        often = (self.apart > _OFTEN * self.both) & (self.both >= _FEWEST)
        solid = cv2.morphologyEx(often.astype(np.uint8), cv2.MORPH_OPEN, np.ones((3, 3), np.uint8)) > 0
        if not solid.any():
            return None
        count, labels = things(np.asarray(solid))
        at_moments = blamed(labels, sums(self.lead, labels, count), sums(self.between, labels, count))
        on_the_whole = self._on_the_whole(labels, count, np.asarray(solid))
        is_told = on_the_whole[0] | on_the_whole[1]
        first, second = (whole | (mine & ~is_told) for whole, mine in zip(on_the_whole, at_moments, strict=True))
        return np.asarray(first, np.bool_), np.asarray(second, np.bool_)

    def _on_the_whole(self, labels: NDArray[np.int32], count: int, solid: Flags) -> tuple[Flags, Flags]:
        """The same by the mean of all moments: what moves has no edges left there, what lies over it keeps its own."""
        seen = np.maximum(self.both, 1)[..., None]
        one, other = cast("Plane", self.one / seen), cast("Plane", self.other / seen)
        strip = np.where(outline(solid), labels, 0)
        lead, between = np.zeros(count), np.zeros(count)
        for mine, its in zip(np.moveaxis(one, 2, 0), np.moveaxis(other, 2, 0), strict=True):
            lead += sums(edge_power(mine) - edge_power(its), strip, count)
            between += sums(edges_between(mine, its), strip, count)
        return blamed(labels, lead, between)


class Overlaid:
    """Of every two copies, by their digests, over all moments that were seen: how often they differ, whose edges."""

    def __init__(self) -> None:
        self._pairs: dict[tuple[str, str], _Pair] = {}

    def seen(self, views: Sequence[View], tolerance: tuple[float, float]) -> None:
        """One more moment; `tolerance` says which difference is ordinary."""
        planes = [planes_of(view) for view in views]
        ordinary = ordinary_difference(planes, tolerance)
        lumas = [np.ascontiguousarray(plane[..., 0]) for plane in planes]
        powers = [edge_power(luma) for luma in lumas]
        for one, other in _in_order([view.source for view in views]):
            both = (views[one].mask > 0) & (views[other].mask > 0)
            apart = (difference(planes[one], planes[other]) > ordinary) & both
            strip = outline(apart)
            lead = (powers[one] - powers[other]) * strip
            between = edges_between(lumas[one], lumas[other]) * strip
            names = (views[one].source, views[other].source)
            if names not in self._pairs or self._pairs[names].both.shape != both.shape:
                self._pairs[names] = _Pair.none(both.shape)
            self._pairs[names].grow(apart, both, lead, between, planes[one], planes[other])

    def over(self, names: Sequence[str]) -> tuple[Flags | None, ...]:
        """For each of these copies where something lies over it; None where nothing does, or nobody can tell."""
        found: list[Flags | None] = [None] * len(names)
        for one, other in _in_order(names):
            pair = self._pairs.get((names[one], names[other]))
            told = pair.over() if pair is not None else None
            for number, mask in zip((one, other), told or (), strict=False):
                if mask.any():
                    known = found[number]
                    found[number] = mask if known is None else known | mask
        return tuple(found)


def _in_order(names: Sequence[str]) -> list[tuple[int, int]]:
    """Every two of them by their numbers, the same way round whichever of them was chosen."""
    return list(combinations(sorted(range(len(names)), key=names.__getitem__), 2))
