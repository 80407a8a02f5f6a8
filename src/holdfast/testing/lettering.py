"""Letters on the pictures of made films: title cards and lower thirds.

A card shows what its truth says it shows, never a row of boxes: `drawable` tells which text the font can draw.
"""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageDraw

from holdfast.media.lettering import drawable, fitting, font, without_accents
from holdfast.testing.textures import colored, octaves, ramp, to_picture, unit

__all__ = ["drawable", "font", "lower_third", "title_ground", "title_letters", "without_accents"]


def title_ground(rng: np.random.Generator, size: tuple[int, int]) -> Image.Image:
    """The dim, softly lit ground of a title card."""
    deep = rng.uniform(8, 50, 3)
    tone = np.clip(unit(octaves(rng, size, slope=1.15), contrast=0.16) * 0.7 + 0.3 * ramp(size), 0, 1)
    red, green, blue = deep.tolist()
    return to_picture(colored(rng, tone, [(red, green, blue), (red * 2.1, green * 2.1, blue * 2.1)], chroma=3))


def title_letters(lines: tuple[str, ...], size: tuple[int, int]) -> Image.Image:
    """The letters of a title card as a mask (`L`): the first line large, the others smaller, centred."""
    width, height = size
    mask = Image.new("L", size, 0)
    draw = ImageDraw.Draw(mask)
    y = height * 0.36
    for number, line in enumerate(lines):
        letters = fitting(line, int(height * (0.13 if number == 0 else 0.07)), int(width * 0.86))
        draw.text((width / 2, y), line, fill=255, font=letters, anchor="mm")
        y += height * (0.17 if number == 0 else 0.1)
    if lines:
        draw.rectangle((width * 0.4, y, width * 0.6, y + max(1, height // 120)), fill=170)
    return mask


def lower_third(text: str, size: tuple[int, int]) -> Image.Image:
    """A name strip for the lower left of a frame, RGBA, half transparent."""
    width, height = size
    strip = Image.new("RGBA", (int(width * 0.56), max(10, int(height * 0.13))), (16, 28, 56, 176))
    draw = ImageDraw.Draw(strip)
    draw.rectangle((0, 0, max(2, width // 90), strip.height), fill=(214, 168, 52, 255))
    letters = fitting(text, int(strip.height * 0.52), int(strip.width * 0.88))
    draw.text((strip.width * 0.06, strip.height / 2), text, fill=(244, 244, 240, 255), font=letters, anchor="lm")
    return strip
