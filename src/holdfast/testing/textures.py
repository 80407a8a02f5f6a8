"""Textures with the statistics of natural pictures: equal energy in every octave, that is a 1/f spectrum.

Everything is drawn from a `numpy.random.Generator` that the caller seeds, lowest octave first, so that the same seed
gives the same picture at every size, only with more or less detail.
Source: D. J. Field, Relations between the statistics of natural images and the response properties of cortical
cells, J. Opt. Soc. Am. A 4 (1987), for the spectrum.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Plane = NDArray[np.floating[Any]]
Color = tuple[float, float, float]

_COARSEST = 3


def seeded(*numbers: int) -> np.random.Generator:
    """A generator of its own for these numbers; PCG64 gives the same stream on every machine."""
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence(numbers)))


def resized(plane: Plane, size: tuple[int, int]) -> Plane:
    """`plane` (h, w) smoothly enlarged or reduced to `size` (width, height)."""
    return np.asarray(Image.fromarray(plane).resize(size, Image.Resampling.BICUBIC), dtype=np.float32)


def octaves(
    rng: np.random.Generator,
    size: tuple[int, int],
    *,
    coarsest: int = _COARSEST,
    stretch: float = 1.0,
    slope: float = 1.0,
) -> Plane:
    """A (h, w) float32 plane with mean 0 and deviation 1 and a 1/f^slope amplitude spectrum.

    `coarsest` is the number of cells across in the lowest octave; `stretch` above 1 draws the grain out sideways
    (water, wood). `slope` above 1 is softer (clouds), below 1 rougher (gravel).
    """
    width, height = size
    total = np.zeros((height, width), dtype=np.float32)
    cells, weight = coarsest, 1.0
    (own,) = rng.spawn(1)
    while cells <= max(width, coarsest):
        (octave,) = own.spawn(1)
        rows = max(2, round(cells * height / width * stretch))
        # A generator for each octave: the next one must not depend on how many rows this one happened to have.
        noise = octave.standard_normal((rows, cells), dtype=np.float32)
        total += np.float32(weight) * resized(noise, size)
        cells, weight = cells * 2, weight * 2.0 ** (1.0 - slope)
    total -= total.mean()
    total /= max(float(total.std()), 1e-6)
    return total


def colored(rng: np.random.Generator, tone: Plane, palette: list[Color], *, chroma: float = 6.0) -> Plane:
    """Colours for a tone plane: (h, w, 3) float32 in 0..255.

    `tone` 0..1 runs through `palette`; `chroma` is how far hue wanders from place to place, in steps of 255.
    """
    stops = np.linspace(0, 1, len(palette))
    height, width = tone.shape
    out = np.empty((height, width, 3), dtype=np.float32)
    for channel in range(3):
        out[..., channel] = np.interp(tone, stops, [color[channel] for color in palette])
    if chroma:
        # Hue changes more slowly over a thing than brightness does, so half the size is enough.
        wander = octaves(rng, (max(width // 2, 2), max(height // 2, 2)), slope=1.2)
        wander = resized(wander, (width, height)) * chroma
        out[..., 0] += wander
        out[..., 2] -= wander
    return out


def unit(plane: Plane, *, contrast: float = 0.22) -> Plane:
    """A plane of deviation 1 brought softly into 0..1."""
    tone: Plane = np.clip(0.5 + plane * np.float32(contrast), 0, 1)
    return tone


def ramp(size: tuple[int, int], *, down: bool = True) -> Plane:
    """A straight gradient 0..1 over (h, w), downward or to the right."""
    width, height = size
    line = np.linspace(0, 1, height if down else width, dtype=np.float32)
    return np.repeat(line[:, None], width, axis=1) if down else np.repeat(line[None, :], height, axis=0)


def relief(plane: Plane, *, strength: float = 1.0) -> Plane:
    """The same surface lit from the upper left: a factor about 1 for each place."""
    across = np.diff(plane, axis=1, append=plane[:, -1:])
    down = np.diff(plane, axis=0, append=plane[-1:, :])
    slope = across + down
    slope /= max(float(slope.std()), 1e-6)
    light: Plane = np.clip(1 - np.float32(0.12 * strength) * slope, 0.5, 1.5)
    return light


def blended(under: Plane, over: Plane, mask: Plane) -> Plane:
    """`over` laid on `under` (both (h, w, 3)) where `mask` (h, w) is 1."""
    both: Plane = under + (over - under) * mask[..., None]
    return both


def to_picture(colors: Plane) -> Image.Image:
    """An RGB picture of (h, w, 3) values 0..255, rounded and clipped."""
    return Image.fromarray(np.clip(colors + 0.5, 0, 255).astype(np.uint8))


def grain_plate(rng: np.random.Generator, size: tuple[int, int], strength: float) -> Image.Image:
    """Film grain around 128, as RGB; larger than `size` by `GRAIN_MARGIN` so that each frame can take another part."""
    width, height = size[0] + GRAIN_MARGIN, size[1] + GRAIN_MARGIN
    fine = rng.standard_normal((height, width), dtype=np.float32)
    # Grain is not white: neighbours share a little of it.
    soft = fine + 0.5 * (np.roll(fine, 1, axis=0) + np.roll(fine, 1, axis=1))
    soft *= np.float32(strength) / max(float(soft.std()), 1e-6)
    tint = rng.standard_normal((height, width, 3), dtype=np.float32) * np.float32(strength * 0.35)
    return to_picture(128 + soft[..., None] + tint)


GRAIN_MARGIN = 97
