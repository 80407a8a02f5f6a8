"""A tile is cut out of its sheet, and a sheet that is none gives nothing."""

from __future__ import annotations

import io
from pathlib import Path

from PIL import Image

from holdfast.media.tiles import tile_jpeg


def test_a_tile_has_its_size_and_the_colour_that_lies_there(tmp_path: Path) -> None:
    sheet = Image.new("RGB", (320, 180), "#ff0000")
    sheet.paste((0, 0, 255), (160, 90, 320, 180))
    sheet.save(tmp_path / "sheet.jpg", quality=95)
    data = tile_jpeg(tmp_path / "sheet.jpg", 160, 90, 160, 90)
    assert data is not None
    tile = Image.open(io.BytesIO(data))
    assert tile.size == (160, 90)
    red, _, blue = tile.getpixel((80, 45))
    assert (red < 20, blue > 235) == (True, True)


def test_what_is_no_sheet_or_lies_beyond_it_gives_nothing(tmp_path: Path) -> None:
    assert tile_jpeg(tmp_path / "nothing.jpg", 0, 0, 10, 10) is None
    (tmp_path / "broken.jpg").write_bytes(b"\xff\xd8\xff\xe0 not a picture")
    assert tile_jpeg(tmp_path / "broken.jpg", 0, 0, 10, 10) is None
    Image.new("RGB", (20, 20)).save(tmp_path / "small.jpg")
    assert tile_jpeg(tmp_path / "small.jpg", 15, 0, 10, 10) is None
    assert tile_jpeg(tmp_path / "small.jpg", 0, 0, 0, 10) is None
