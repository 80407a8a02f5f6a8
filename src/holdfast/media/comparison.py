"""A comparison as one picture: both films at the same moments in pairs, and the time map below."""

from __future__ import annotations

import io
from fractions import Fraction

from PIL import Image, ImageDraw, ImageFont, UnidentifiedImageError

from holdfast.model.comparison import Comparison, Pair
from holdfast.model.time import clock

WIDTH, MARGIN, GAP = 1280, 40, 16
PAIRS_IN_A_ROW = 2
CAPTION, MAP_HEIGHT = 24, 420
GROUND, CARD, INK, SOFT, LINE = "#faf9f6", "#ffffff", "#1d1c1a", "#6b6862", "#e3e0d8"
COPY, WORK, CLAIM, DOUBT = "#b4531b", "#1f5f8b", "#2b7a4b", "#a87a12"
_SCALE = 2  # lines are drawn this much larger and brought down: Pillow draws none of them smooth


def comparison_png(found: Comparison) -> bytes:
    """The picture, 1280 pixels wide, as PNG."""
    inner = WIDTH - 2 * MARGIN
    pair_width = (inner - GAP) // PAIRS_IN_A_ROW
    picture = ((pair_width - 2) // 2, (pair_width - 2) * 9 // 32)
    rows = -(-len(found.pairs) // PAIRS_IN_A_ROW)
    row_height = picture[1] + CAPTION + GAP
    top = MARGIN + 72
    image = Image.new("RGB", (WIDTH, top + rows * row_height + MAP_HEIGHT + MARGIN), GROUND)
    draw = ImageDraw.Draw(image)
    for number, (side, color, word) in enumerate(((found.copy, COPY, "copy"), (found.work, WORK, "work"))):
        draw.text((MARGIN, MARGIN + number * 28), word, color, _font(18))
        name = f"{side.name}   {clock(side.duration)}"
        draw.text((MARGIN + 64, MARGIN + number * 28), _drawable(name), INK, _font(18))
    for number, pair in enumerate(found.pairs):
        x = MARGIN + number % PAIRS_IN_A_ROW * (pair_width + GAP)
        y = top + number // PAIRS_IN_A_ROW * row_height
        _pair(image, draw, (x, y), picture, pair)
    image.paste(_map(found, inner, MAP_HEIGHT), (MARGIN, top + rows * row_height))
    out = io.BytesIO()
    image.save(out, "PNG", optimize=True)
    return out.getvalue()


def _pair(
    image: Image.Image, draw: ImageDraw.ImageDraw, at: tuple[int, int], size: tuple[int, int], pair: Pair
) -> None:
    sides = ((pair.copy_jpeg, pair.copy_time, COPY), (pair.work_jpeg, pair.work_time, WORK))
    for number, (jpeg, time, color) in enumerate(sides):
        x = at[0] + number * (size[0] + 2)
        draw.rectangle((x, at[1], x + size[0] - 1, at[1] + size[1] - 1), "#000000")
        still = _still(jpeg, size)
        if still is not None:
            image.paste(still, (x + (size[0] - still.width) // 2, at[1] + (size[1] - still.height) // 2))
        draw.text((x + 2, at[1] + size[1] + 4), clock(time, millis=True), color, _font(14))


def _still(jpeg: bytes, size: tuple[int, int]) -> Image.Image | None:
    try:
        still = Image.open(io.BytesIO(jpeg)).convert("RGB")
    except (UnidentifiedImageError, OSError):
        return None
    scale = min(size[0] / still.width, size[1] / still.height)
    wide, high = max(1, int(still.width * scale)), max(1, int(still.height * scale))
    return still.resize((wide, high), Image.Resampling.LANCZOS)


def _map(found: Comparison, width: int, height: int) -> Image.Image:
    """The copy's time from left to right, the work's from bottom to top, a line for each segment."""
    size = (width * _SCALE, height * _SCALE)
    image = Image.new("RGB", size, CARD)
    draw = ImageDraw.Draw(image)
    left, top, right, bottom = 80 * _SCALE, 36 * _SCALE, size[0] - 30 * _SCALE, size[1] - 44 * _SCALE
    across, up = max(found.copy.duration, Fraction(1, 1000)), max(found.work.duration, Fraction(1, 1000))

    def x(time: Fraction) -> float:
        return left + float(time / across) * (right - left)

    def y(time: Fraction) -> float:
        return bottom - float(time / up) * (bottom - top)

    font = _font(13 * _SCALE)
    for part in range(5):
        ours, theirs = found.copy.duration * part / 4, found.work.duration * part / 4
        draw.line((x(ours), top, x(ours), bottom), LINE, _SCALE)
        draw.line((left, y(theirs), right, y(theirs)), LINE, _SCALE)
        draw.text((x(ours), bottom + 6 * _SCALE), clock(ours), COPY, font, anchor="ma")
        draw.text((left - 8 * _SCALE, y(theirs)), clock(theirs), WORK, font, anchor="rm")
    for color, segments in ((DOUBT, found.doubtful), (CLAIM, found.segments)):
        for segment in segments:
            ends = (x(segment.copy.start), y(segment.asset.start), x(segment.copy.end), y(segment.asset.end))
            draw.line(ends, color, 4 * _SCALE)
    draw.text((right, size[1] - 4 * _SCALE), "time in the copy", SOFT, font, anchor="rd")
    draw.text((8 * _SCALE, 8 * _SCALE), "time in the work", SOFT, font)
    return image.resize((width, height), Image.Resampling.LANCZOS)


def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size)


def _drawable(text: str) -> str:
    """`text` in the letters that Pillow's own font has; a question mark for each of the others."""
    return text.encode("latin-1", "replace").decode("latin-1")
