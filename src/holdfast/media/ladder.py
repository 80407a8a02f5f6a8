"""What an access copy is made of, decided before a single frame is touched. Pure.

A recipe is a frozen value with a name; whatever changes the bytes that come out changes the name, because copies are
cached under the digest of their master and the name of their recipe.

The rungs of a ladder: "480p" is what fits into 854x480 lying, or 480x854 standing. No rung is larger than the master,
the topmost is the master's own size when it is smaller than the recipe's largest, and a rung nearly as large as the
one above it is left out. So a 576-line tape gives 240p and 576p, a 144-line telephone film one rung of 144p.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

# A rung must be this much smaller (in height) than the one above it, else the viewer gains nothing by it.
_STEP = Fraction(5, 4)
_WIDE = Fraction(16, 9)


@dataclass(frozen=True)
class Recipe:
    """How access copies are made. Loudness in LUFS, peak in dBTP; the why is in `gain_db`.

    `bits_per_pixel` caps the rate of a rung (noise of a bad tape would otherwise take any rate that it is given).
    """

    name: str
    heights: tuple[int, ...] = (240, 480, 720)
    preset: str = "veryfast"
    crf: int = 23
    bits_per_pixel: Fraction = Fraction(15, 100)
    segment_s: int = 2
    max_frame_rate: int = 60
    sound_bit_rate: int = 128_000
    loudness_lufs: Fraction = Fraction(-18)
    peak_dbtp: Fraction = Fraction(-3, 2)
    max_gain_db: Fraction = Fraction(20)
    tile_px: int = 160
    sheet_tiles: tuple[int, int] = (10, 10)
    max_tiles: int = 400


WEB_1 = Recipe("web-1")


@dataclass(frozen=True)
class Rung:
    """One size of the picture: even numbers of square pixels. `max_bit_rate` in bits a second."""

    name: str
    width: int
    height: int
    max_bit_rate: int


def shown_size(width: int, height: int, pixel_aspect: Fraction, *, is_turned: bool) -> tuple[Fraction, Fraction]:
    """Width and height in square pixels, as a viewer sees it. An aspect of 0 (unknown) counts as square.

    The longer way of a pixel stays as it is and the shorter one is stretched, so that no line is lost.
    """
    aspect = pixel_aspect if pixel_aspect > 0 else Fraction(1)
    wide = width * max(aspect, Fraction(1))
    high = height / min(aspect, Fraction(1))
    return (high, wide) if is_turned else (wide, high)


def ladder(width: Fraction, height: Fraction, frame_rate: Fraction, recipe: Recipe) -> tuple[Rung, ...]:
    """The rungs for a picture of that shown size, smallest first, at least one."""
    own = lines(width, height)
    heights = [min(own, Fraction(max(recipe.heights)))]
    for each in sorted(recipe.heights, reverse=True):
        if each * _STEP <= heights[-1]:
            heights.append(Fraction(each))
    return tuple(_rung(width, height, each, frame_rate, recipe) for each in reversed(heights))


def lines(width: Fraction, height: Fraction) -> Fraction:
    """The size class of a picture: the height of the smallest 16:9 box, lying or standing, that holds it."""
    long, short = max(width, height), min(width, height)
    return max(short, long / _WIDE)


def _rung(width: Fraction, height: Fraction, box: Fraction, frame_rate: Fraction, recipe: Recipe) -> Rung:
    scale = min(box / lines(width, height), Fraction(1))
    wide, high = even(width * scale), even(height * scale)
    rate = max(round(wide * high * frame_rate * recipe.bits_per_pixel), 300_000)
    return Rung(f"{round(box)}p", wide, high, rate)


def even(size: Fraction) -> int:
    """The nearest even number of pixels, at least 2 (4:2:0 has one colour sample for two pixels each way)."""
    return max(2, 2 * round(size / 2))


def fitted(width: Fraction, height: Fraction, box: tuple[int, int]) -> tuple[int, int]:
    """The largest even size of that shape that fits into `box`: for a film that changes its shape on the way."""
    scale = min(box[0] / width, box[1] / height)
    return min(even(width * scale), box[0]), min(even(height * scale), box[1])


def tile_interval(duration: Fraction | None, recipe: Recipe) -> Fraction:
    """Seconds between the tiles of a storyboard: a round number that keeps them below `recipe.max_tiles`."""
    if duration is None:
        return Fraction(10)
    steps = (1, 2, 3, 5, 10, 15, 20, 30, 60)
    fitting = (Fraction(step) for step in steps if duration / step <= recipe.max_tiles)
    return next(fitting, Fraction(-(-duration // recipe.max_tiles)))


def gain_db(integrated_lufs: Fraction | None, true_peak_dbtp: Fraction | None, recipe: Recipe) -> Fraction:
    """The one gain for the whole film: towards the recipe's loudness, but no peak above its ceiling.

    -18 LUFS is what AES TD1008 recommends for speech and mixed programmes on the internet. The -23 LUFS of EBU R 128
    suit a living room, but leave a telephone or laptop at full volume too quiet; -16 is for music, and most archive
    sound has peaks that would forbid it. A static gain keeps the dynamics that the master has. Silence stays silence.
    Source: AES TD1008 (2021), table 1; EBU R 128.
    """
    if integrated_lufs is None or integrated_lufs < -60:
        return Fraction(0)
    headroom = recipe.max_gain_db if true_peak_dbtp is None else recipe.peak_dbtp - true_peak_dbtp
    return min(recipe.loudness_lufs - integrated_lufs, headroom, recipe.max_gain_db)
