"""How loud copies are against each other, so that a join is not heard: one gain for each copy. Pure.

Rules:
- two copies are compared where both let hear the same moments of the asset; the median of tenths of a second counts,
  so that a logo's jingle in one of them does not;
- where they have no moment in common, what is heard on either side of the join is compared, and counts little;
- the copy that gives most of the sound, by length and quality, is not touched; the others are brought to it;
- no gain is larger than 12 dB, and none lifts a peak above full scale.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

RATE = 48000
BLOCK = RATE // 10
Samples = NDArray[np.float32]
Powers = NDArray[np.float64]

_MOST_DB = 12.0
_GATE_DB = -50.0
_WEAK = 0.03
# What is compared across a join without a common moment may well differ in the work itself.
_MOST_WEAK_DB = 6.0


def loudness_blocks(samples: Samples) -> Powers:
    """The power of each whole tenth of a second of (2, n) at 48 kHz, weighted as the ear does.

    Source: Rec. ITU-R BS.1770-4, annex 1 (the coefficients of the two filters at 48 kHz).
    """
    count = samples.shape[1] // BLOCK
    if not count:
        return np.zeros(0)
    blocks = samples[:, : count * BLOCK].reshape(2, count, BLOCK) * np.hanning(BLOCK).astype(np.float32)
    spectrum = np.abs(np.fft.rfft(blocks, axis=2)) ** 2
    found: Powers = (spectrum * _ear()).sum(axis=(0, 2)) * (2 / (0.375 * BLOCK**2))
    return found


def _ear() -> Powers:
    turn = np.exp(-2j * np.pi * np.fft.rfftfreq(BLOCK))
    shelf = (1.53512485958697, -2.69169618940638, 1.19839281085285), (1.0, -1.69065929318241, 0.73248077421585)
    high = (1.0, -2.0, 1.0), (1.0, -1.99004745483398, 0.99007225036621)
    gain = np.ones(len(turn))
    for above, below in (shelf, high):
        over, under = (c[0] + c[1] * turn + c[2] * turn**2 for c in (above, below))
        gain *= np.abs(over / under) ** 2
    return gain


@dataclass(frozen=True)
class LevelJoin:
    """Two copies that follow each other, and how loud they were: powers of tenths of a second.

    `is_common`: the powers are of the same moments of the asset, one by one. Else they are those before and after it.
    """

    one: str
    other: str
    one_powers: Powers
    other_powers: Powers
    is_common: bool


def gains(joins: Sequence[LevelJoin], shares: dict[str, float], peaks: dict[str, float]) -> dict[str, float]:
    """The factor for each copy's sound. `shares` says how much each gives (seconds times quality), `peaks` its peak."""
    names = sorted(shares)
    if not names:
        return {}
    place = {name: number for number, name in enumerate(names)}
    rows, wanted = [], []
    best = max(names, key=lambda name: (shares[name], name))
    for join in joins:
        told = _difference_db(join)
        if told is None or join.one == join.other:
            continue
        weight = math.sqrt(1.0 if join.is_common else _WEAK)
        row = np.zeros(len(names))
        row[place[join.one]], row[place[join.other]] = -weight, weight
        rows.append(row)
        wanted.append(weight * told)
    for name in names:  # nothing moves without a reason, the best for none
        row = np.zeros(len(names))
        row[place[name]] = 1e3 if name == best else 1e-3
        rows.append(row)
        wanted.append(0.0)
    found = np.linalg.lstsq(np.array(rows), np.array(wanted), rcond=None)[0]
    return {name: _factor(float(found[place[name]]), peaks.get(name, 0.0)) for name in names}


def _difference_db(join: LevelJoin) -> float | None:
    """How many dB the other needs to be as loud as the one; None if nothing was loud enough to tell."""
    gate = 10 ** (_GATE_DB / 10)
    one, other = join.one_powers, join.other_powers
    if join.is_common:
        count = min(len(one), len(other))
        loud = (one[:count] > gate) & (other[:count] > gate)
        if loud.sum() < 3:
            return None
        told = float(np.median(10 * np.log10(one[:count][loud] / other[:count][loud])))
        return max(-_MOST_DB, min(_MOST_DB, told))
    loud_one, loud_other = one[one > gate], other[other > gate]
    if min(len(loud_one), len(loud_other)) < 20:
        return None
    told = 10 * math.log10(float(loud_one.mean() / loud_other.mean()))
    return max(-_MOST_WEAK_DB, min(_MOST_WEAK_DB, told))


def _factor(gain_db: float, peak: float) -> float:
    factor = 10 ** (max(-_MOST_DB, min(_MOST_DB, gain_db)) / 20)
    return min(factor, max(1.0, 1 / peak)) if peak > 0 else float(factor)
