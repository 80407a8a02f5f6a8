"""A film at a glance: small pictures in sheets, and a WebVTT that says which one belongs to which time.

A player shows the tile under the pointer on its time bar: it looks up the cue of that time and finds
`storyboard-001.jpg#xywh=320,90,160,90`. The tile of a cue is what is on the screen when the cue begins.
Source: Media Fragments URI 1.0, 4.2.2 (`xywh`); WebVTT metadata cues.
"""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

from av.video.reformatter import Interpolation, VideoReformatter
from PIL import Image

from holdfast.media.ladder import Recipe, fitted
from holdfast.media.picture import Shown
from holdfast.model.time import clock

_QUALITY = 75


class Storyboard:
    """Collects tiles as pictures pass and writes each sheet as soon as it is full; `files` names what was written."""

    def __init__(self, folder: Path, size: tuple[int, int], interval: Fraction, recipe: Recipe) -> None:
        self._folder = folder
        self._interval = interval
        self._columns, self._rows = recipe.sheet_tiles
        self._tile = fitted(Fraction(size[0]), Fraction(size[1]), (recipe.tile_px, recipe.tile_px))
        self._scaler = VideoReformatter()
        self._due = Fraction(0)
        self._tiles: list[Image.Image] = []
        self._cues: list[tuple[Fraction, str]] = []
        self.files: list[str] = []

    def look(self, shown: Shown) -> None:
        """Takes the tiles that fall into the time of this picture."""
        tile: Image.Image | None = None
        while self._due < shown.end:
            tile = tile or self._tile_of(shown)
            self._add(tile)
            self._due += self._interval

    def finish(self, end: Fraction) -> None:
        """Writes the last sheet and the WebVTT; its last cue ends with the film."""
        if self._tiles:
            self._write_sheet()
        if not self._cues:
            return
        ends = [start for start, _ in self._cues[1:]] + [max(end, self._cues[-1][0] + Fraction(1, 1000))]
        lines = ["WEBVTT", ""]
        for (start, place), stop in zip(self._cues, ends, strict=True):
            lines += [f"{clock(start, millis=True)} --> {clock(stop, millis=True)}", place, ""]
        (self._folder / "storyboard.vtt").write_text("\n".join(lines), "utf-8")
        self.files.append("storyboard.vtt")

    def _tile_of(self, shown: Shown) -> Image.Image:
        frame = self._scaler.reformat(shown.frame, *self._tile, "rgb24", interpolation=Interpolation.AREA)
        return Image.fromarray(frame.to_ndarray())

    def _add(self, tile: Image.Image) -> None:
        row, column = divmod(len(self._tiles), self._columns)
        wide, high = self._tile
        name = self._sheet_name()
        self._cues.append((self._due, f"{name}#xywh={column * wide},{row * high},{wide},{high}"))
        self._tiles.append(tile)
        if len(self._tiles) == self._columns * self._rows:
            self._write_sheet()

    def _sheet_name(self) -> str:
        return f"storyboard-{len(self.files) + 1:03d}.jpg"

    def _write_sheet(self) -> None:
        wide, high = self._tile
        rows = -(-len(self._tiles) // self._columns)
        sheet = Image.new("RGB", (min(len(self._tiles), self._columns) * wide, rows * high))
        for place, tile in enumerate(self._tiles):
            row, column = divmod(place, self._columns)
            sheet.paste(tile, (column * wide, row * high))
        name = self._sheet_name()
        sheet.save(self._folder / name, quality=_QUALITY, optimize=True)
        self.files.append(name)
        self._tiles.clear()
