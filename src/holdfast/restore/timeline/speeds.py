"""How fast each copy runs, measured against the others; what is probably the right speed is decided elsewhere.

A segment between copies a and b says how many seconds of b pass in a second of a. In logarithms that is a difference,
so all speeds follow from all segments by least squares. A long segment measures a speed better than a short one, by
its length; wrong ones are outvoted by weighing each by the inverse of its error (Source: iteratively reweighted least
squares, Holland and Welsch 1977).

Speeds that films are known to be changed by: a film of 24 pictures a second is shown at 25 in European television
(25/24), and at 24000/1001 in American television (1000/1001); both may have happened.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

PAL, NTSC = Fraction(25, 24), Fraction(1001, 1000)
KNOWN = tuple(sorted({a * b for a in (Fraction(1), PAL, 1 / PAL) for b in (Fraction(1), NTSC, 1 / NTSC)}))
ALIKE = 0.0007  # speeds that differ by less are one: an NTSC copy and its film differ by 0.001
ROUNDS = 12
SLIP_S = 0.08  # a copy that would slip by no more over its whole length runs at the known speed


def relative(count: int, measured: Sequence[tuple[int, int, float, float]]) -> Floats:
    """Seconds of a common clock a second of each of `count` copies, up to one factor for each connected group.

    `measured` holds (a, b, seconds of b a second of a, length in seconds).
    """
    logs: NDArray[Any] = np.zeros(count)
    if not measured:
        return np.ones(count)
    a, b = (np.array([row[side] for row in measured]) for side in (0, 1))
    said = np.log([row[2] for row in measured])
    length = np.array([row[3] for row in measured])
    weight: NDArray[Any] = length**2
    for _ in range(ROUNDS):
        normal = np.eye(count) * 1e-9 * float(weight.max())
        right = np.zeros(count)
        for i, j, sign_i, sign_j in ((a, a, 1, 1), (b, b, 1, 1), (a, b, 1, -1), (b, a, 1, -1)):
            np.add.at(normal, (i, j), weight * sign_i * sign_j)
        np.add.at(right, a, weight * said)
        np.add.at(right, b, -weight * said)
        logs = np.asarray(np.linalg.solve(normal, right), np.float64)
        slip = np.abs(logs[a] - logs[b] - said) * length
        weight = length**2 / np.maximum(slip, 0.05)
    return np.asarray(np.exp(logs))


def groups(speeds: Sequence[float], lengths: Sequence[float]) -> list[list[int]]:
    """Numbers of copies that run at one speed; most copies first, then those that run slower.

    What runs faster than another was more often sped up than the other slowed down: by television, and by those who
    hide from recognition. `lengths` are the seconds over which each speed was measured.
    """
    found: list[list[int]] = []
    for number in sorted(range(len(speeds)), key=lambda n: -lengths[n]):
        alike = max(ALIKE, SLIP_S / max(lengths[number], 1.0))
        near = [group for group in found if abs(speeds[number] / speeds[group[0]] - 1) < alike]
        if near:
            min(near, key=lambda group: abs(speeds[number] / speeds[group[0]] - 1)).append(number)
        else:
            found.append([number])
    return sorted(found, key=lambda group: (-len(group), speeds[group[0]]))


def snapped(speed: float, length: float) -> Fraction | None:
    """The known speed that this one is, as nearly as a copy of so many seconds can tell; None if it is none."""
    near = min(KNOWN, key=lambda known: abs(speed / float(known) - 1))
    return near if abs(speed - float(near)) * length < SLIP_S else None
