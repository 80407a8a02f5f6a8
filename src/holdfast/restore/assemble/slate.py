"""What stands where no copy has a picture: quiet words on a dark ground that say what is missing, and what is left.

The title of the work, which time is missing and how long that is; the surviving still nearest to the moment, with its
own time; the surviving caption of the moment. What the font cannot write is left out, the numbers and the still stay.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, UnidentifiedImageError

from holdfast.formats.captions import Cue
from holdfast.media.lettering import fitting, legible
from holdfast.model.fingerprint import Still
from holdfast.model.time import Span, clock

Pixels = NDArray[np.uint8]

_GROUND, _RULE, _QUIET, _SOFT, _CLEAR = (17, 18, 20), (58, 60, 64), (132, 134, 138), (178, 180, 184), (224, 225, 228)
_MOST_PIXELS = 64_000_000  # a still that says it is larger is not opened


@dataclass(frozen=True)
class _Content:
    """What a slate says; equal ones are drawn once."""

    missing: Span
    still: Still | None
    caption: str


class Slates:
    """The slates of one reconstruction of this title, in this size (width, height)."""

    def __init__(self, title: str, size: tuple[int, int], stills: Sequence[Still], captions: Sequence[Cue]) -> None:
        self._title, self._size = legible(title), size
        self._stills = sorted(stills, key=lambda still: still.time_us)
        self._captions = captions
        self._drawn: tuple[_Content, Pixels] | None = None

    def picture(self, time: Fraction, missing: Span) -> Pixels:
        """The slate (h, w, 3) for this moment of a missing stretch."""
        content = _Content(missing, self._still(time, missing), self._caption(time))
        if self._drawn is None or self._drawn[0] != content:
            self._drawn = (content, np.asarray(self._draw(content), np.uint8))
        return self._drawn[1]

    def _still(self, time: Fraction, missing: Span) -> Still | None:
        inside = [still for still in self._stills if missing.start <= Fraction(still.time_us, 1_000_000) < missing.end]
        return min(inside, key=lambda still: abs(Fraction(still.time_us, 1_000_000) - time), default=None)

    def _caption(self, time: Fraction) -> str:
        lines = [cue.text for cue in self._captions if cue.span.start <= time < cue.span.end]
        return legible(" ".join(lines))

    def _draw(self, content: _Content) -> Image.Image:
        width, height = self._size
        image = Image.new("RGB", self._size, _GROUND)
        draw = ImageDraw.Draw(image)
        middle, unit = width / 2, height / 100
        picture = _opened(content.still) if content.still else None
        y = 36 * unit
        if picture is not None and content.still is not None:
            picture.thumbnail((int(width * 0.56), int(height * 0.36)), Image.Resampling.LANCZOS)
            left, top = (width - picture.width) // 2, int(8 * unit)
            image.paste(picture, (left, top))
            draw.rectangle((left - 1, top - 1, left + picture.width, top + picture.height), outline=_RULE)
            y = top + picture.height + 3 * unit
            at = f"a still of {clock(Fraction(content.still.time_us, 1_000_000))}"
            draw.text((middle, y), at, _QUIET, fitting(at, int(3.4 * unit), width), anchor="mm")
            y += 9 * unit
        if self._title:
            letters = fitting(self._title, int(7.5 * unit), int(width * 0.86))
            draw.text((middle, y), self._title, _CLEAR, letters, anchor="mm")
            y += 7 * unit
        draw.line((middle - width * 0.06, y, middle + width * 0.06, y), _RULE, max(1, round(unit / 3)))
        y += 6 * unit
        gap = content.missing
        for text, size, ink in (
            (f"missing {clock(gap.start)} to {clock(gap.end)}", 5.2, _SOFT),
            (length_in_words(gap.duration), 4.2, _QUIET),
        ):
            draw.text((middle, y), text, ink, fitting(text, int(size * unit), int(width * 0.9)), anchor="mm")
            y += (size + 2.2) * unit
        if content.caption:
            _write_caption(draw, content.caption, self._size)
        return image


def length_in_words(duration: Fraction) -> str:
    """`8 seconds`, `2 min 5 s`; what is shorter than ten seconds has a decimal: `0.4 seconds`."""
    if duration < 10:
        text = f"{float(duration):.1f}".removesuffix(".0")
        return "1 second" if text == "1" else f"{text} seconds"
    whole = round(duration)
    return f"{whole} seconds" if whole < 60 else f"{whole // 60} min {whole % 60} s"


def _opened(still: Still) -> Image.Image | None:
    """The still as a picture; None if its bytes are none."""
    try:
        image = Image.open(io.BytesIO(still.jpeg), formats=("JPEG", "PNG", "WEBP"))
        if image.width * image.height > _MOST_PIXELS:
            return None
        return image.convert("RGB")
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError):
        return None


def _write_caption(draw: ImageDraw.ImageDraw, text: str, size: tuple[int, int]) -> None:
    width, height = size
    letters = fitting(text, int(height * 0.05), int(width * 1.7))  # two lines of it are room enough
    words, lines = text.split(), [""]
    for word in words:
        longer = f"{lines[-1]} {word}".strip()
        if letters.getlength(longer) > width * 0.88 and lines[-1]:
            lines.append(word)
        else:
            lines[-1] = longer
    step = height * 0.062
    for number, line in enumerate(reversed(lines[:3])):
        draw.text((width / 2, height * 0.945 - number * step), line, _CLEAR, letters, anchor="mm")
