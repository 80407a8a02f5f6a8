"""How copies differ in colour and level, so that a join is not seen: a gain and an offset for each of red, green, blue.

Pure. Rules:
- two copies are compared where both show the same moments of the asset; where they have none in common, the frames
  next to the join are compared if they show one shot;
- the copy that gives most of the picture, by length and quality, is not touched; the others are brought to it, one
  by way of another if need be;
- what is found is kept within bounds, and where the two pictures do not explain each other nothing is done: a wrong
  correction is worse than none.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]
Mask = NDArray[np.uint8]
Triple = tuple[float, float, float]

_GAINS = (0.7, 1.4)
_MOST_OFFSET = 32.0
_LEAST = 500  # compared pixels
_LEAST_LIKENESS = 0.9
_ONE_SHOT = 0.97


@dataclass(frozen=True)
class Correction:
    """Red, green and blue are each multiplied by a gain, then moved by an offset (steps of 255)."""

    gain: Triple = (1.0, 1.0, 1.0)
    offset: Triple = (0.0, 0.0, 0.0)

    @property
    def is_none(self) -> bool:
        """Whether it changes nothing that can be seen: less than a step anywhere."""
        pairs = zip(self.gain, self.offset, strict=True)
        return all(abs(gain - 1) * 128 + abs(offset + (gain - 1) * 127) < 1 for gain, offset in pairs)

    def then(self, other: Correction) -> Correction:
        """This one, and after it the other."""
        gain = tuple(a * b for a, b in zip(self.gain, other.gain, strict=True))
        offset = tuple(a * g + b for a, g, b in zip(self.offset, other.gain, other.offset, strict=True))
        return _bounded(gain, offset)

    def back(self) -> Correction:
        """The one that undoes it."""
        gain = tuple(1 / each for each in self.gain)
        offset = tuple(-o / g for o, g in zip(self.offset, self.gain, strict=True))
        return _bounded(gain, offset)

    def applied(self, picture: Pixels) -> Pixels:
        """The corrected picture (h, w, 3)."""
        if self.is_none:
            return picture
        steps = np.arange(256)[:, None] * np.array(self.gain) + np.array(self.offset)
        table = np.clip(np.rint(steps), 0, 255).astype(np.uint8).reshape(1, 256, 3)
        return np.asarray(cv2.LUT(picture, table), np.uint8)


NONE = Correction()


def _bounded(gain: Sequence[float], offset: Sequence[float]) -> Correction:
    one, two, three = (max(_GAINS[0], min(_GAINS[1], float(each))) for each in gain)
    red, green, blue = (max(-_MOST_OFFSET, min(_MOST_OFFSET, float(each))) for each in offset)
    return Correction((one, two, three), (red, green, blue))


@dataclass(frozen=True)
class Compared:
    """The same moment in two copies: pictures (h, w, 3) in the work's geometry, and where both show it."""

    ours: Pixels
    theirs: Pixels
    both: Mask


def fitted(pairs: Sequence[Compared]) -> tuple[Correction, float]:
    """What brings `theirs` to `ours`, and how well it explains them (0 to 1; 0: not at all, nothing is to be done).

    Both are made soft first, so that noise and a pixel's shift do not count; pixels that do not fit (a logo, letters)
    are left out step by step.
    """
    ours, theirs = [], []
    for pair in pairs:
        inside = cv2.erode(pair.both, np.ones((5, 5), np.uint8)) > 0
        soft = [cv2.GaussianBlur(each, (0, 0), 2.0)[inside] for each in (pair.ours, pair.theirs)]
        ours.append(soft[0][::3])
        theirs.append(soft[1][::3])
    x = np.concatenate(theirs).astype(np.float64) if theirs else np.zeros((0, 3))
    y = np.concatenate(ours).astype(np.float64) if ours else np.zeros((0, 3))
    if len(x) < _LEAST:
        return NONE, 0.0
    found = [_line(x[:, channel], y[:, channel]) for channel in range(3)]
    if any(line is None for line in found):
        return NONE, 0.0
    lines = [line for line in found if line is not None]
    likeness = min(line[2] for line in lines)
    return _bounded([line[0] for line in lines], [line[1] for line in lines]), likeness


def _line(x: NDArray[np.float64], y: NDArray[np.float64]) -> tuple[float, float, float] | None:
    """Gain, offset, likeness of y = gain * x + offset, by the pixels that agree with it; None without a clear one."""
    kept = (x > 6) & (x < 249) & (y > 6) & (y < 249)
    if kept.sum() < _LEAST:
        return None
    gain, offset = 1.0, float(np.median(y[kept] - x[kept]))
    for _ in range(5):
        miss = np.abs(y - gain * x - offset)
        near = kept & (miss <= max(2.0, 2.5 * float(np.median(miss[kept]))))
        if near.sum() < _LEAST // 2:
            return None
        here, there = x[near], y[near]
        spread = float(here.var())
        if spread < 30:  # a flat picture tells an offset only
            gain, offset = 1.0, float(np.median(there - here))
            continue
        # Both have noise: the line between the two regressions does not sink towards a smaller gain.
        gain = float(np.sqrt(there.var() / spread))
        offset = float(there.mean() - gain * here.mean())
    spread_y, spread_x = float(y[near].var()), float(x[near].var())
    if spread_x < 30 or spread_y < 30:
        return gain, offset, 0.95
    likeness = float(np.corrcoef(x[near], y[near])[0, 1])
    return (gain, offset, likeness) if likeness >= _LEAST_LIKENESS and near.sum() > 0.5 * kept.sum() else None


def is_one_shot(before: Pixels, after: Pixels) -> bool:
    """Whether two frames next to a join show one shot."""
    one, other = (
        cv2.GaussianBlur(cv2.cvtColor(each, cv2.COLOR_RGB2GRAY), (0, 0), 2).ravel() for each in (before, after)
    )
    if min(one.std(), other.std()) < 5:
        return False
    return bool(np.corrcoef(one.astype(np.float64), other.astype(np.float64))[0, 1] > _ONE_SHOT)


def corrections(found: Sequence[tuple[str, str, Correction, float]], shares: dict[str, float]) -> dict[str, Correction]:
    """For each copy what brings it to the best one. `found` has rows (ours, theirs, correction of theirs, weight)."""
    if not shares:
        return {}
    best = max(sorted(shares), key=lambda name: shares[name])
    done = {best: NONE}
    edges = sorted((row for row in found if row[3] > 0), key=lambda row: (-row[3], row[0], row[1]))
    while True:
        row = next((row for row in edges if (row[0] in done) != (row[1] in done)), None)
        if row is None:
            return {name: done.get(name, NONE) for name in shares}
        ours, theirs, change, _ = row
        if ours in done:
            done[theirs] = change.then(done[ours])
        else:
            done[ours] = change.back().then(done[theirs])
