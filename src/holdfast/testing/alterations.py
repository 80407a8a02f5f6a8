"""What happens to the pictures of a copy, one picture at a time: bars, crops, insets, colours, letters, turns.

An `Alteration` is called with a picture (h, w, 3) uint8 RGB and the number of the copy's frame. It also knows where it
puts things, so that truth needs no measuring: `size_of(size)` is the (width, height) that comes out, `matrix(size)`
the 3x3 homography from shares of the width and height that go in to shares of those that come out. What stays in its
place needs neither. What a camera or a tape does to a picture is in `holdfast.testing.refilming`.

Everything random is drawn when an alteration is made, or from the frame's number: frames may be asked in any order.
Needs the extra [restore] (OpenCV).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, cast

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from holdfast.testing.lettering import font

Pixels = NDArray[np.uint8]
Matrix = NDArray[np.float64]
Size = tuple[int, int]
Box = tuple[float, float, float, float]
WHOLE: Box = (0.0, 0.0, 1.0, 1.0)


class Alteration:
    """One change; the base changes nothing."""

    def size_of(self, size: Size) -> Size:
        """Width and height of what comes out."""
        return self._resized(size)

    def matrix(self, size: Size) -> Matrix:
        """From shares of what goes in to shares of what comes out."""
        return self._moved(size)

    def __call__(self, picture: Pixels, number: int) -> Pixels:
        """The changed picture of the copy's frame `number`."""
        return self._changed(picture, number)

    def _changed(self, picture: Pixels, _number: int) -> Pixels:
        return picture

    def _resized(self, size: Size) -> Size:
        return size

    def _moved(self, _size: Size) -> Matrix:
        return np.eye(3)


@dataclass(frozen=True)
class Scaled(Alteration):
    """To a size, whatever becomes of the shape."""

    size: Size

    def _resized(self, _size: Size) -> Size:
        return self.size

    def _changed(self, picture: Pixels, _number: int) -> Pixels:
        return scaled(picture, self.size)


@dataclass(frozen=True)
class Cropped(Alteration):
    """Only this part (left, top, right, bottom in shares), in pixels as they were."""

    box: Box

    def _resized(self, size: Size) -> Size:
        left, top, right, bottom = _pixels(self.box, size)
        return right - left, bottom - top

    def _moved(self, size: Size) -> Matrix:
        left, top, right, bottom = _pixels(self.box, size)
        part = (left / size[0], top / size[1], right / size[0], bottom / size[1])
        return _matrix(np.linalg.inv(into(part)))

    def _changed(self, picture: Pixels, _number: int) -> Pixels:
        left, top, right, bottom = _pixels(self.box, size_of(picture))
        return picture[top:bottom, left:right]


@dataclass(frozen=True)
class Placed(Alteration):
    """Put into `box` of a canvas of `size`, over or under what another film shows in `other_box`.

    `cover` cuts the picture to the shape of its box; otherwise it is shown whole, with bars. `other` gives the other
    film's picture for the copy's frame of a number; without it there is only `ground`, a colour, or, where that is
    None, the picture itself, large and blurred.
    """

    size: Size
    box: Box = WHOLE
    cover: bool = False
    other: Callable[[int], Pixels] | None = None
    other_box: Box = WHOLE
    is_on_top: bool = True
    ground: tuple[int, int, int] | None = (0, 0, 0)

    def _resized(self, _size: Size) -> Size:
        return self.size

    def _moved(self, size: Size) -> Matrix:
        shown, part = self._fitted(size)
        width, height = self.size
        place = into((shown[0] / width, shown[1] / height, shown[2] / width, shown[3] / height))
        return _matrix(place @ np.linalg.inv(into(part)))

    def _changed(self, picture: Pixels, number: int) -> Pixels:
        if self.ground is None:
            small = cv2.blur(cast("Pixels", cv2.resize(picture, (48, 32), interpolation=cv2.INTER_AREA)), (9, 9))
            canvas = cast("Pixels", cv2.resize(small, self.size) // 2)
        else:
            canvas = np.empty((self.size[1], self.size[0], 3), np.uint8)
            canvas[:] = self.ground
        if self.is_on_top:
            self._put_other(canvas, number)
        (left, top, right, bottom), part = self._fitted(size_of(picture))
        first, above, last, below = _pixels(part, size_of(picture))
        canvas[top:bottom, left:right] = scaled(picture[above:below, first:last], (right - left, bottom - top))
        if not self.is_on_top:
            self._put_other(canvas, number)
        return canvas

    def _fitted(self, size: Size) -> tuple[tuple[int, int, int, int], Box]:
        """The pixels of the canvas that are filled, and the part of the picture (shares) that fills them."""
        left, top, right, bottom = _pixels(self.box, self.size)
        width, height = right - left, bottom - top
        shape, room = size[0] / size[1], width / height
        if self.cover:
            across, down = min(1.0, room / shape), min(1.0, shape / room)
            return (left, top, right, bottom), (0.5 - across / 2, 0.5 - down / 2, 0.5 + across / 2, 0.5 + down / 2)
        wide, high = min(width, round(height * shape)), min(height, round(width / shape))
        left, top = left + (width - wide) // 2, top + (height - high) // 2
        return (left, top, left + wide, top + high), WHOLE

    def _put_other(self, canvas: Pixels, number: int) -> None:
        if self.other is None:
            return
        left, top, right, bottom = _pixels(self.other_box, self.size)
        canvas[top:bottom, left:right] = covering(self.other(number), (right - left, bottom - top))


@dataclass(frozen=True)
class Mirrored(Alteration):
    """Left and right exchanged."""

    def _moved(self, _size: Size) -> Matrix:
        return np.array([[-1.0, 0, 1], [0, 1, 0], [0, 0, 1]])

    def _changed(self, picture: Pixels, _number: int) -> Pixels:
        return np.ascontiguousarray(picture[:, ::-1])


@dataclass(frozen=True)
class Turned(Alteration):
    """Turned clockwise by a number of quarters."""

    quarters: int

    def _resized(self, size: Size) -> Size:
        return size if self.quarters % 2 == 0 else (size[1], size[0])

    def _moved(self, _size: Size) -> Matrix:
        once = np.array([[0.0, -1, 1], [1, 0, 0], [0, 0, 1]])
        return np.linalg.matrix_power(once, self.quarters % 4)

    def _changed(self, picture: Pixels, _number: int) -> Pixels:
        return np.ascontiguousarray(np.rot90(picture, -self.quarters))


@dataclass(frozen=True)
class Tilted(Alteration):
    """Turned clockwise by a few degrees about the middle and enlarged by `zoom`, in the same frame."""

    degrees: float
    zoom: float = 1.0

    def _moved(self, size: Size) -> Matrix:
        shares = np.diag([1 / size[0], 1 / size[1], 1.0])
        return _matrix(shares @ self._pixel_matrix(size) @ np.linalg.inv(shares))

    def _changed(self, picture: Pixels, _number: int) -> Pixels:
        size = size_of(picture)
        return cast("Pixels", cv2.warpAffine(picture, self._pixel_matrix(size)[:2], size))

    def _pixel_matrix(self, size: Size) -> Matrix:
        turn = cv2.getRotationMatrix2D((size[0] / 2, size[1] / 2), -self.degrees, self.zoom)
        return np.vstack([turn, [0.0, 0.0, 1.0]])


@dataclass(frozen=True)
class Gray(Alteration):
    """Without colour, with another contrast."""

    contrast: float = 1.0
    brightness: float = 0.0

    def _changed(self, picture: Pixels, _number: int) -> Pixels:
        gray = cv2.convertScaleAbs(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), None, self.contrast, self.brightness)
        return cast("Pixels", cv2.cvtColor(gray, cv2.COLOR_GRAY2RGB))


@dataclass(frozen=True)
class Cast(Alteration):
    """A cast of colour: each of red, green and blue has a gain and all a gamma, and colours are stronger or weaker."""

    gains: tuple[float, float, float]
    gamma: float = 1.0
    saturation: float = 1.0
    _tables: Pixels = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        curve = (np.arange(256) / 255) ** self.gamma * 255
        tables = np.clip(curve[:, None] * np.array(self.gains), 0, 255).round().astype(np.uint8)
        object.__setattr__(self, "_tables", tables.reshape(1, 256, 3))

    def _changed(self, picture: Pixels, _number: int) -> Pixels:
        if self.saturation != 1:
            gray = cv2.cvtColor(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), cv2.COLOR_GRAY2RGB)
            picture = cast("Pixels", cv2.addWeighted(picture, self.saturation, gray, 1 - self.saturation, 0))
        return cast("Pixels", cv2.LUT(picture, self._tables))


@dataclass(frozen=True)
class Lettered(Alteration):
    """A station's logo in a corner and a subtitle below that changes every `every` frames; either may be missing."""

    logo: str = ""
    corner: tuple[float, float] = (0.95, 0.05)
    height: float = 0.1
    opacity: float = 0.8
    subtitles: tuple[str, ...] = ()
    every: int = 60
    _made: dict[tuple[str, Size], tuple[Pixels, NDArray[np.float32]]] = field(default_factory=dict, repr=False)

    def _changed(self, picture: Pixels, number: int) -> Pixels:
        text = self.subtitles[number // self.every % len(self.subtitles)] if self.subtitles else ""
        ink, share = self._plate(text, size_of(picture))
        return cast("Pixels", (picture + (ink.astype(np.float32) - picture) * share).round().astype(np.uint8))

    def _plate(self, text: str, size: Size) -> tuple[Pixels, NDArray[np.float32]]:
        if (text, size) not in self._made:
            plate = Image.new("RGBA", size, (0, 0, 0, 0))
            draw = ImageDraw.Draw(plate)
            if self.logo:
                self._draw_logo(draw, size)
            if text:
                at = (size[0] / 2, size[1] * 0.9)
                letters = font(int(size[1] * 0.075))
                draw.text(at, text, "white", letters, "mm", stroke_width=max(1, size[1] // 160), stroke_fill="black")
            whole: Pixels = np.asarray(plate, np.uint8)
            self._made[text, size] = (whole[..., :3].copy(), whole[..., 3:].astype(np.float32) / np.float32(255))
        return self._made[text, size]

    def _draw_logo(self, draw: ImageDraw.ImageDraw, size: Size) -> None:
        letters = font(int(size[1] * self.height))
        wide, high, edge = letters.getbbox(self.logo)[2], size[1] * self.height * 1.3, size[1] * self.height * 0.3
        x, y = (size[0] - wide - 2 * edge) * self.corner[0], (size[1] - high) * self.corner[1]
        ink = round(255 * self.opacity)
        draw.rounded_rectangle((x, y, x + wide + 2 * edge, y + high), edge, (200, 30, 40, ink))
        draw.text((x + edge, y + high / 2), self.logo, (255, 255, 255, ink), letters, "lm")


@dataclass(frozen=True)
class Badge(Alteration):
    """The duration in a dark box in the lower right corner, as listings of films have it."""

    text: str
    height: float = 0.12

    def _changed(self, picture: Pixels, _number: int) -> Pixels:
        image = Image.fromarray(picture)
        draw = ImageDraw.Draw(image, "RGBA")
        letters = font(max(8, int(image.height * self.height)))
        box = draw.textbbox((image.width - 6, image.height - 5), self.text, font=letters, anchor="rb")
        draw.rectangle((box[0] - 3, box[1] - 2, box[2] + 3, box[3] + 2), (0, 0, 0, 205))
        draw.text((image.width - 6, image.height - 5), self.text, (255, 255, 255, 255), letters, "rb")
        return np.asarray(image)


def into(box: Box) -> Matrix:
    """The matrix that takes the unit square into `box`."""
    left, top, right, bottom = box
    return np.array([[right - left, 0, left], [0, bottom - top, top], [0, 0, 1.0]])


def _matrix(values: NDArray[Any]) -> Matrix:
    return np.asarray(values, np.float64)


def size_of(picture: Pixels) -> Size:
    """Its width and height."""
    return picture.shape[1], picture.shape[0]


def scaled(picture: Pixels, size: Size) -> Pixels:
    """The picture in another size."""
    if size_of(picture) == size:
        return picture
    way = cv2.INTER_AREA if size[0] * size[1] < picture.shape[0] * picture.shape[1] else cv2.INTER_LINEAR
    return cast("Pixels", cv2.resize(np.ascontiguousarray(picture), size, interpolation=way))


def covering(picture: Pixels, size: Size) -> Pixels:
    """The middle of the picture in this size, without bars."""
    return Placed(size, cover=True)(picture, 0)


def _pixels(box: Box, size: Size) -> tuple[int, int, int, int]:
    left, right = (round(share * size[0]) for share in (box[0], box[2]))
    top, bottom = (round(share * size[1]) for share in (box[1], box[3]))
    return left, top, max(right, left + 1), max(bottom, top + 1)
