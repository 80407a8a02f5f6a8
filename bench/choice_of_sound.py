"""Whether the sound that is measured as the best is the one nearest to the original, over real clips and made films.

    python bench/choice_of_sound.py --clips ../shared/corpus --folder scratch [--works v041 made500]

What it does: takes the copies of `bench/choice.py` (makes them where they do not lie in --folder yet), lets every two
copies of a work be heard without the original, and holds that against the original, stretch by stretch:

    truth       1 less the distance of spectra: levels of 24 bands every 43 ms, in decibels above 60 below the loudest,
                made equally loud, at the best of five shifts up to 25 ms; 24 dB and more are 1
    visible     stretches in which the nearer copy and the other differ by more than 0.02 (half a decibel on average)
    measured    of those, how often the copy with the higher measured closeness is the nearer
    clear       the same of those in which they differ by more than 0.03
    alone       the same of visible ones, with what each stretch says by itself, not drawn to what the whole says

apart for works that are kept aside from tuning (see `pools.is_kept_aside`). Works without sound are left out.
"""

from __future__ import annotations

import itertools
import os
from collections import defaultdict
from fractions import Fraction
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np

import pools
from choice import CLEAR, PACE, VISIBLE, Copies, asking, made
from holdfast.media.sound import RATE
from holdfast.restore.choose.grid import Grid
from holdfast.restore.choose.hearing import WINDOW, Listened, Samples, levels_of, listened
from holdfast.restore.choose.sounds import steadied_sounds, weighed
from holdfast.testing.reels import is_audible, sound_of, stretch
from holdfast.testing.resounding import resampled

DEEP_DB, LOST_DB, SPEECH_DB = 60.0, 24.0, 30.0
SHIFTS = (-1200, -600, 0, 600, 1200)  # samples


def main() -> None:
    scores: dict[str, list[tuple[float, bool, bool]]] = defaultdict(list)
    for copies in made(asking(__doc__).parse_args()):
        sound = sound_of(copies.work)
        if is_audible(sound):
            half = "kept aside" if pools.is_kept_aside(copies.work.name) else "tuned on"
            scores[half] += judged(copies, sound)
            print(f"{copies.work.name}: {told(scores[half])}", flush=True)
    for half, rows in sorted(scores.items()):
        print(f"{half:10s} {told(rows)}")


def told(rows: list[tuple[float, bool, bool]]) -> str:
    visible = [row for row in rows if row[0] > VISIBLE]
    clear = [row for row in rows if row[0] > CLEAR]
    right, alone = (np.mean([row[place] for row in visible] or [0]) for place in (1, 2))
    return (
        f"{len(visible):5d} visible  measured {right:6.1%}  clear {np.mean([row[1] for row in clear] or [0]):6.1%}"
        f" of {len(clear)}  alone {alone:6.1%}"
    )


def judged(copies: Copies, sound: Samples) -> list[tuple[float, bool, bool]]:
    """Of every stretch of every pair: the difference of truth, and whether the nearer was found, steadied and alone."""
    grid = Grid(copies.duration, PACE)
    heard: dict[int, dict[int, Listened]] = defaultdict(dict)
    near: dict[int, dict[int, float]] = defaultdict(dict)
    for place, placement in enumerate(copies.placements):
        own = sound_of(Path(placement.source)) if placement.heard else None
        for number in range(len(grid)):
            part = placement.within(grid.stretch(number))
            if own is None or part is None or part.copy.duration * RATE < 4 * WINDOW:
                continue
            samples = stretch(own, part.copy.start, part.copy.end)
            truth = nearness(levels_of(samples), sound, part.asset.start, part.asset.duration, float(placement.rate))
            if truth is not None:
                heard[place][number], near[place][number] = listened(samples), truth
    rows = []
    for one, other in itertools.combinations(sorted(heard), 2):
        common = sorted(heard[one].keys() & heard[other].keys())
        alone = [weighed({each: heard[each][number] for each in (one, other)}) for number in common]
        for number, raw, steady in zip(common, alone, steadied_sounds(alone), strict=True):
            gain = near[one][number] - near[other][number]
            found = [(here[one].closeness > here[other].closeness) == (gain > 0) for here in (steady, raw)]
            rows.append((abs(gain), found[0], found[1]))
    return rows


def nearness(levels: np.ndarray, sound: Samples, start: Fraction, duration: Fraction, rate: float) -> float | None:
    """Of a copy's levels to the original's; None where the original is silent."""
    found = []
    for shift in SHIFTS:
        begin = start + Fraction(shift, RATE)
        if begin < 0:
            continue
        original = levels_of(resampled(stretch(sound, begin, begin + duration), rate, len(levels) * WINDOW))
        top = float(original.max())
        if top < -70:
            return None
        loud = original > top - SPEECH_DB
        level = levels + np.median((original - levels)[loud])
        floor = top - DEEP_DB
        apart = np.abs(np.maximum(level, floor) - np.maximum(original, floor))
        found.append(1 - float(np.minimum(apart, LOST_DB).mean()) / LOST_DB)
    return max(found, default=None)


if __name__ == "__main__":
    main()
