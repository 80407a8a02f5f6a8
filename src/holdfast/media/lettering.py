"""Letters on pictures, with the font that comes with Pillow: the same on every machine.

That font knows Latin letters without accents and no other script. `drawable` tells which text it can draw, and
`legible` gives what it can: never a row of boxes.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

from PIL import ImageFont

Font = ImageFont.FreeTypeFont | ImageFont.ImageFont

_NOT_A_LETTER = "\ufffe"


@lru_cache(maxsize=32)
def font(height: int) -> Font:
    """Pillow's own font, `height` pixels high."""
    return ImageFont.load_default(size=max(height, 6))


@lru_cache(maxsize=512)
def _has(letter: str) -> bool:
    missing = font(24).getmask(_NOT_A_LETTER)
    glyph = font(24).getmask(letter)
    return letter.isspace() or (glyph.size, bytes(glyph)) != (missing.size, bytes(missing))


def drawable(text: str) -> bool:
    """Whether the font has every letter of `text`."""
    return all(_has(letter) for letter in text)


def without_accents(text: str) -> str:
    """`text` in plain letters where it has such: `Fähre` gives `Fahre`, `Straße` gives `Strasse`."""
    plain = text.replace("ß", "ss").replace("ẞ", "SS")
    return "".join(part for part in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(part))


def legible(text: str) -> str:
    """`text` as the font can show it, without accents where it must; "" if it is in another script."""
    one_line = " ".join(text.split())
    return next((each for each in (one_line, without_accents(one_line)) if drawable(each)), "")


def fitting(text: str, height: int, room: int) -> Font:
    """The font, at most `height` pixels high, in which `text` takes no more than `room` pixels (if it can)."""
    while height > 6 and font(height).getlength(text) > room:
        height -= max(1, height // 12)
    return font(height)
