"""Passages in the order in which most copies have them.

Every copy says of each two of its passages which comes first. If no two copies disagree, any order that follows from
what they say will do; if they do, the order is wanted that goes against as few seconds of copies as possible. That is
hard to find exactly; here passages are taken from the front when nothing must precede them, from the back when
nothing must follow them, and else the one that most prefer to be early goes first (Source: Eades, Lin and Smyth 1993,
a fast and effective heuristic for the feedback arc set problem); then single passages move while that helps.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def ordered(walks: Sequence[Sequence[int]], weights: Sequence[float], lengths: Sequence[float]) -> list[int]:
    """The passages in order.

    Args:
        walks: the passages of each copy, by number, in the copy's order.
        weights: how much each copy's word counts.
        lengths: of each passage, in seconds: a long one is no more easily misplaced than what it is made of.
    """
    count = len(lengths)
    before = np.zeros((count, count))
    size = np.asarray(lengths, np.float64)
    places = np.full(count, np.inf)
    for walk, weight in zip(walks, weights, strict=True):
        at = np.asarray(walk, np.intp)
        before[np.ix_(at, at)] += weight * np.triu(np.minimum.outer(size[at], size[at]), 1)
        places[at] = np.minimum(places[at], np.arange(len(at)))
    return _improved(_peeled(before, places), before)


def _peeled(before: Floats, places: Floats) -> list[int]:
    front: list[int] = []
    back: list[int] = []
    left = np.ones(len(before), bool)
    said = before > 0
    after, ahead = said.sum(axis=1), said.sum(axis=0)  # how many each must precede, and how many must precede it
    early = before.sum(axis=1) - before.sum(axis=0)
    while left.any():
        sources, sinks = np.flatnonzero(left & (ahead == 0)), np.flatnonzero(left & (after == 0))
        if len(sources):
            # Of several, one that goes on from what was just placed: passages of one copy stay together.
            follows = before[front[-1], sources] if front else np.zeros(len(sources))
            chosen = int(sources[np.lexsort((places[sources], -follows))[0]])
            front.append(chosen)
        elif len(sinks):
            chosen = int(sinks[0])
            back.append(chosen)
        else:
            chosen = int(np.flatnonzero(left)[np.argmax(early[left])])
            front.append(chosen)
        left[chosen] = False
        after -= said[:, chosen]
        ahead -= said[chosen]
        early += before[chosen] - before[:, chosen]
    return front + back[::-1]


def _improved(order: list[int], before: Floats) -> list[int]:
    against = before - before.T  # what is lost by the column's passage coming before the row's
    for _ in range(4):
        moved = False
        for passage in order:
            rest = [other for other in order if other != passage]
            lost = against[passage, rest]  # coming after each of them costs so much
            cost = np.concatenate([[0.0], np.cumsum(lost)])
            now, best = order.index(passage), int(np.argmin(cost))
            if cost[best] < cost[now] - 1e-9:
                order = [*rest[:best], passage, *rest[best:]]
                moved = True
        if not moved:
            break
    return order


def in_order(walk: Sequence[int], rank: dict[int, int], lengths: Sequence[float]) -> list[bool]:
    """For each passage of a copy whether it stands in the common order: the most seconds that rise together do."""
    best = [lengths[passage] for passage in walk]
    came = [-1] * len(walk)
    for here, passage in enumerate(walk):
        for earlier in range(here):
            is_before = rank[walk[earlier]] < rank[passage]
            if is_before and best[earlier] + lengths[passage] > best[here]:
                best[here], came[here] = best[earlier] + lengths[passage], earlier
    kept = [False] * len(walk)
    at = max(range(len(walk)), key=lambda n: best[n], default=-1)
    while at >= 0:
        kept[at] = True
        at = came[at]
    return kept
