"""What is on the screen at a moment: tiles of storyboards, for lists in which moments stand.

A tile is named by its number in the storyboard of one access copy. It is given under the level of its work, as every
file of that copy is.
"""

from __future__ import annotations

import bisect
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from holdfast.actions.access import access_place
from holdfast.media.tiles import tile_jpeg
from holdfast.show import site, tracks

STORYBOARDS_AT_HAND = 512
TILES_AT_HAND = 512


@dataclass(frozen=True)
class Still:
    """Where the still of a moment is: the copy by its digest, and the tile by its number."""

    digest: str
    number: int


def still_at(digest: str, start_us: int) -> Still | None:
    """The still of a moment of the copy made from this master; None if it has no storyboard."""
    tiles = _tiles(access_place(site.archive().cache, digest)) if digest else ()
    if not tiles:
        return None
    starts = [int(tile.start * 1_000_000) for tile in tiles]
    return Still(digest, max(0, bisect.bisect_right(starts, start_us) - 1))


def tile(folder: Path, number: int) -> bytes | None:
    """The tile of this number in the storyboard of the access copy in a folder, as JPEG; None if there is none."""
    tiles = _tiles(folder)
    return _cut(folder, number) if 0 <= number < len(tiles) else None


@lru_cache(maxsize=STORYBOARDS_AT_HAND)
def _found_tiles(folder: Path) -> tuple[tracks.Tile, ...]:
    return tracks.tiles_in(folder)


def _tiles(folder: Path) -> tuple[tracks.Tile, ...]:
    # What is not there yet is not remembered: it may be made at any moment.
    return _found_tiles(folder) if (folder / "storyboard.vtt").is_file() else ()


@lru_cache(maxsize=TILES_AT_HAND)
def _cut(folder: Path, number: int) -> bytes | None:
    place = _tiles(folder)[number]
    return tile_jpeg(folder / place.file, place.x, place.y, place.width, place.height)
