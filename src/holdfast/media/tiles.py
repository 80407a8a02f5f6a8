"""One tile of a storyboard's sheet as a picture of its own. Needs no FFmpeg."""

from __future__ import annotations

import io
from pathlib import Path

from PIL import Image, UnidentifiedImageError

_QUALITY = 80


def tile_jpeg(sheet: Path, x: int, y: int, width: int, height: int) -> bytes | None:
    """The tile at these pixels of a sheet, as JPEG; None if the sheet cannot be read or does not reach so far."""
    try:
        with Image.open(sheet) as image:
            if not (width > 0 and height > 0 and x + width <= image.width and y + height <= image.height):
                return None
            tile = image.crop((x, y, x + width, y + height))
            out = io.BytesIO()
            tile.convert("RGB").save(out, "JPEG", quality=_QUALITY)
            return out.getvalue()
    except (OSError, UnidentifiedImageError, Image.DecompressionBombError, ValueError):
        return None
