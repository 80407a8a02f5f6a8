"""The sounds of copies beside each other: what of the original's spectrum each still has, and what noise it adds.

In every band a copy has a loud level, its signal, and a quiet one, its noise. The signal of the original is taken to be
the strongest that any copy has there, its noise the least: who is weaker has lost something, who is noisier has added
something. Copies are first made equally loud in the bands of speech, as assembly makes them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from holdfast.restore.choose.calibration import ranked, steadied
from holdfast.restore.choose.hearing import EDGES_HZ, FLOOR_DB, Bands, Listened
from holdfast.restore.choose.quality import SoundQuality

# A band that is 24 dB weaker than it should be is lost; noise that is as much stronger drowns what lies there.
_LOST_DB = 24.0
# What is softer than this under the loudest band is not heard.
_DEEP_DB = 66.0
_SIGNAL_DB = 6.0
_SPEECH = slice(5, 15)


def weighed(heard: Mapping[int, Listened]) -> dict[int, SoundQuality]:
    """The quality of each copy's sound in one stretch, by number, given what all let hear there."""
    numbers = sorted(heard)
    gains = {number: float(np.median(heard[number].loud[_SPEECH])) for number in numbers}
    level = float(np.median(list(gains.values()))) if numbers else 0.0
    loud = {number: heard[number].loud - gains[number] + level for number in numbers}
    quiet = {number: heard[number].quiet - gains[number] + level for number in numbers}
    signal = {number: _signal(loud[number], quiet[number]) for number in numbers}
    most = np.max([signal[number] for number in numbers], axis=0) if numbers else np.zeros(0)
    least = np.min([quiet[number] for number in numbers], axis=0) if numbers else np.zeros(0)
    shared = _shared_bands(heard)
    found = {}
    for number in numbers:
        each = heard[number]
        found[number] = SoundQuality(
            closeness=_closeness(signal[number], quiet[number], most, least, each),
            bandwidth_hz=_bandwidth(each),
            noise_db=float(10 * np.log10((10 ** (quiet[number][shared] / 10)).sum())),
            clipped=each.clipped,
            dropped=each.dropped,
            hum_db=each.hum_db,
            channels=each.channels,
        )
    return found


def _shared_bands(heard: Mapping[int, Listened]) -> NDArray[np.bool_]:
    """The bands in which all copies have something: a copy that has lost a band has no less noise for that."""
    edges = [_bandwidth(each) for each in heard.values()]
    found: NDArray[np.bool_] = EDGES_HZ[1:] <= min(edges, default=0.0)
    return found if found.any() else np.ones_like(found)


def steadied_sounds(stretches: Sequence[Mapping[int, SoundQuality]]) -> list[dict[int, SoundQuality]]:
    """The same with what is said of every two copies in a stretch drawn to what is said of them on the whole.

    Of two copies the same one is nearer in 98 of 100 stretches, but a stretch of two seconds may hold a single word.
    """
    ahead = [
        {(one, other): here[one].closeness - here[other].closeness for one in here for other in here if one != other}
        for here in stretches
    ]
    found = []
    for here, steady in zip(stretches, steadied(ahead), strict=True):
        apart = ranked(list(here), steady)
        level = sum(each.closeness for each in here.values()) / max(1, len(here))
        found.append(
            {
                number: replace(each, closeness=float(np.clip(level + apart[number], 0, 1)))
                for number, each in here.items()
            }
        )
    return found


def _signal(loud: Bands, quiet: Bands) -> Bands:
    """What rises out of the noise of each band; where nothing does, the floor."""
    rises = np.clip((loud - quiet) / _SIGNAL_DB, 0, 1)
    found: Bands = loud * rises + FLOOR_DB * (1 - rises)
    return found


def _closeness(signal: Bands, quiet: Bands, most: Bands, least: Bands, faults: Listened) -> float:
    audible = float(most.max()) - _DEEP_DB
    weights = np.clip((most - audible) / _DEEP_DB, 0, 1)
    if not weights.any():
        return 1.0 - faults.dropped
    lost = np.clip((most - np.maximum(signal, audible)) / _LOST_DB, 0, 1)
    added = np.clip((np.maximum(quiet, audible) - np.maximum(least, audible)) / _LOST_DB, 0, 1)
    kept = (weights * (1 - lost) * (1 - added / 2)).sum() / weights.sum()
    return float(np.clip(kept * (1 - faults.dropped) * (1 - min(1.0, 20 * faults.clipped)), 0, 1))


def _bandwidth(each: Listened) -> float:
    """The upper edge of the highest band that has more than noise, and is within 66 dB of the loudest."""
    has = (each.loud - each.quiet > _SIGNAL_DB) & (each.loud > each.loud.max() - _DEEP_DB)
    places = np.flatnonzero(has)
    return float(EDGES_HZ[places[-1] + 1]) if places.size else 0.0
