"""From what speaks for one copy against another to one figure: how near each is expected to be to the original.

The weights were learned from copies with known originals, of thirteen works: of every two copies, which one's
brightness is nearer (a logistic row of the figures of a `Duel`, each of which may only speak for the side that its
meaning says, or stay silent), then scaled so that the sum is a difference of structural similarity (SSIM).
`bench/choice.py --learn` learns them anew. Two copies alone have no third to speak for them, so they have weights of
their own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from statistics import mean

import numpy as np

from holdfast.restore.choose.compare import Duel, Seen

OF_TWO = Duel(
    edges=0.551,
    contours=0.07,
    outlines=1.867,
    detail=0.932,
    calm=0.6,
    moving=0.031,
    less_blocked=0.028,
    in_time=0.083,
    alike=0.0,
)
OF_MORE = Duel(
    edges=0.404,
    contours=0.007,
    outlines=1.61,
    detail=0.882,
    calm=0.411,
    moving=0.025,
    less_blocked=0.017,
    in_time=0.121,
    alike=0.137,
)

# What is expected of the best copy of a stretch, without noise; and of the best with any noise at least.
BEST, LEAST = 0.96, 0.4
# Copies stay much the same: of two of them the same one is nearer in 98 of 100 stretches. So nearly all of what is said
# of them in a stretch is what is said of them on the whole.
_STEADY = 0.9

Pair = tuple[int, int]


def advantages(moments: Sequence[Mapping[int, Seen]]) -> dict[Pair, float]:
    """How much nearer to the original the first of two copies is than the second, over a few moments, by number.

    In units of structural similarity; the other way round it is the same with another sign.
    """
    found: dict[Pair, list[float]] = {}
    for seen in moments:
        weights = np.array(OF_MORE if len(seen) > 2 else OF_TWO)
        for number, each in seen.items():
            for other, duel in each.duels.items():
                found.setdefault((number, other), []).append(float(weights @ np.array(duel)))
    return {pair: mean(each) for pair, each in found.items()}


def steadied(stretches: Sequence[Mapping[Pair, float]]) -> list[dict[Pair, float]]:
    """The advantages of every stretch, drawn towards what they are on the whole."""
    every: dict[Pair, list[float]] = {}
    for stretch in stretches:
        for pair, each in stretch.items():
            every.setdefault(pair, []).append(each)
    whole = {pair: mean(each) for pair, each in every.items()}
    return [
        {pair: (1 - _STEADY) * each + _STEADY * whole[pair] for pair, each in stretch.items()} for stretch in stretches
    ]


def closenesses(losses: Mapping[int, float], ahead: Mapping[Pair, float]) -> dict[int, float]:
    """The structural similarity, 0 to 1, that is expected of each copy of a stretch, by its number.

    `losses` are what its own noise takes from each (`Seen.noise_loss`), `ahead` the advantages. The best of them is
    taken to be as good as its noise lets it be, the others are as far from it as their advantages say.
    """
    points = {number: sum(each for (one, _), each in ahead.items() if one == number) / len(losses) for number in losses}
    if not points:
        return {}
    first = max(points, key=lambda number: (points[number], -number))
    top = max(LEAST, BEST * (1 - losses[first]))
    return {number: float(np.clip(top - points[first] + each, 0.0, 1.0)) for number, each in points.items()}


def ranked(numbers: Sequence[int], ahead: Mapping[Pair, float]) -> dict[int, float]:
    """How far each stands from the middle of all, so that differences fit what is known of pairs (least squares)."""
    if not ahead:
        return dict.fromkeys(numbers, 0.0)
    place = {number: at for at, number in enumerate(numbers)}
    known = [(place[one], place[other], lead) for (one, other), lead in ahead.items()]
    balance, sums = np.eye(len(numbers)) * 1e-9, np.zeros(len(numbers))
    for one, other, lead in known:
        balance[one, one] += 1
        balance[one, other] -= 1
        sums[one] += lead
    points, *_ = np.linalg.lstsq(balance, sums, rcond=None)
    return dict(zip(numbers, (points - points.mean()).tolist(), strict=True))
