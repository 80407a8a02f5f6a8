"""What was measured of a copy in one stretch of an asset: figures with units, and one that all are reduced to.

`closeness` is what is expected of the copy against the original: 1 is the same. Of a picture it is 3/4 of the
structural similarity (SSIM) of brightness and 1/4 of the likeness of color, where what the copy does not show counts
as lost. Of a sound it is the share of the original's spectrum, in decibels above the noise, that can be heard. Nobody
has the original: it is what the copies tell about each other, and what was learned from copies with known originals
(bench/choice.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True)
class PictureQuality:
    """The picture of one stretch.

    `closeness` 0 to 1, expected. `detail`: lines of the original's height that are resolved; `lines`: rows of pixels
    that the copy has for it. `noise` in steps of 255 where the picture is calm. `blocking` 0 (none) upwards. `lost` and
    `overlaid`: shares of the picture, 0 to 1, that the copy does not show, and that something lies over. `color` 0 to
    1, how near its colors are. `rate` frames a second, those that were shown twice not counted. `combing` 0 to 1, the
    share of pixels torn between fields. `slant` 1 upwards: how much larger one place is shown than another.
    """

    closeness: float
    detail: float
    lines: float
    noise: float = 0.0
    blocking: float = 0.0
    lost: float = 0.0
    overlaid: float = 0.0
    color: float = 1.0
    rate: float = 25.0
    combing: float = 0.0
    slant: float = 1.0


@dataclass(frozen=True)
class SoundQuality:
    """The sound of one stretch.

    `closeness` 0 to 1, expected. `bandwidth_hz` up to where there is more than noise, `noise_db` the level of the
    quietest moments below full scale, in the bands that all copies of the stretch have, and made as loud as they are.
    `clipped` and `dropped` are shares of time, `hum_db` how far the mains stand out of what lies beside them,
    `channels` those that differ: 1 or 2.
    """

    closeness: float
    bandwidth_hz: float
    noise_db: float
    clipped: float = 0.0
    dropped: float = 0.0
    hum_db: float = 0.0
    channels: int = 1


@dataclass(frozen=True)
class Quality:
    """All that was measured of one placement, by stretches of `pace` seconds of the asset's time, from 0.

    None where the placement does not reach, or shows (lets hear) nothing. `problem` is empty, or says why the copy
    cannot be used at all: then it is left out and must be named.
    """

    pace: Fraction
    picture: tuple[PictureQuality | None, ...] = ()
    sound: tuple[SoundQuality | None, ...] = ()
    problem: str = ""
    warnings: tuple[str, ...] = ()
