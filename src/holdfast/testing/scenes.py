"""Scenes: what a camera sees of a place, moment by moment. A moment can be asked for in any order.

`stage(kind, seed, size, ...)` gives a `Stage`; `Stage.picture(at, length)` is the frame at `at` seconds of a scene
that lasts `length` seconds, without grain, fades or name strips (those belong to the film). A stage draws its place
once, wider than the frame, and then only moves: pan, zoom, shake, light, actors.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

import numpy as np
from PIL import Image, ImageChops, ImageDraw, ImageFilter

from holdfast.testing.actors import MOUTHS, Placing, placed, talking_head, thing
from holdfast.testing.lettering import font, title_ground, title_letters
from holdfast.testing.scenery import PAINTERS
from holdfast.testing.textures import Color, seeded, to_picture

_CANVAS = 1.5
"""How much wider than the frame a place is drawn; the camera stays inside."""


class SceneKind(StrEnum):
    """What is to be seen. The first five are places with a moving camera; the others hardly move."""

    HILLS = "hills"
    TOWN = "town"
    LEAVES = "leaves"
    ROOM = "room"
    WATER = "water"
    PORTRAIT = "portrait"
    TEST_CARD = "test card"
    TITLE = "title"
    BLACK = "black"


PLACES = (SceneKind.HILLS, SceneKind.TOWN, SceneKind.LEAVES, SceneKind.ROOM, SceneKind.WATER)


class Stage(ABC):
    """One scene, ready to be looked at."""

    @abstractmethod
    def picture(self, at: Fraction, length: Fraction) -> Image.Image:
        """The RGB frame at `at` seconds of `length`; a new picture each time. `at` may run past `length`."""


def stage(kind: SceneKind, seed: int, size: tuple[int, int], lines: tuple[str, ...] = ()) -> Stage:
    """The stage for a scene; `lines` are the letters of a title card. `size` is (width, height) in pixels."""
    if kind is SceneKind.BLACK:
        return _Black(size)
    if kind is SceneKind.TITLE:
        return _Title(seed, size, lines)
    if kind is SceneKind.TEST_CARD:
        return _TestCard(size)
    if kind is SceneKind.PORTRAIT:
        return _Portrait(seed, size)
    return _Place(kind, seed, size)


def dimmed(picture: Image.Image, gains: Color) -> Image.Image:
    """`picture` with red, green and blue multiplied by `gains`, clipped."""
    steps = np.arange(256)
    table = np.concatenate([np.clip(steps * gain + 0.5, 0, 255).astype(np.uint8) for gain in gains])
    return picture.point(table.tolist())


@dataclass(frozen=True)
class _Camera:
    """Where the camera looks: from one place and zoom to another, with a trembling hand."""

    start: tuple[float, float, float]
    end: tuple[float, float, float]
    shake: float
    phases: tuple[float, ...]

    @classmethod
    def drawn(cls, rng: np.random.Generator) -> _Camera:
        """A camera's way; places are shares of the free room around the frame, -1..1, zooms canvas per pixel."""
        ways = rng.uniform(-0.85, 0.85, 4)
        near = float(rng.uniform(0.8, 1.2))
        zooms = (near, near) if rng.random() < 0.4 else (near, float(rng.uniform(0.8, 1.2)))
        shake = float(rng.choice([0.0, 0.0015, 0.004]))
        phases = tuple(rng.uniform(0, 2 * np.pi, 6).tolist())
        return cls((ways[0], ways[1], zooms[0]), (ways[2], ways[3], zooms[1]), shake, phases)

    def look(self, seconds: float, share: float, size: tuple[int, int], canvas: tuple[int, int]) -> _View:
        ease = share * share * (3 - 2 * min(share, 1.0)) if share < 1 else share
        x, y, zoom = (a + (b - a) * ease for a, b in zip(self.start, self.end, strict=True))
        sway = [float(np.sin(2 * np.pi * rate * seconds + p)) for rate, p in zip(_SHAKES, self.phases, strict=True)]
        reach = self.shake * size[0]
        free_x, free_y = (canvas[0] - size[0] * zoom) / 2 * 0.94, (canvas[1] - size[1] * zoom) / 2 * 0.94
        return _View(
            canvas[0] / 2 + float(np.clip(x, -1, 1)) * free_x + reach * (sway[0] + 0.5 * sway[1]),
            canvas[1] / 2 + float(np.clip(y, -1, 1)) * free_y + reach * (sway[2] + 0.5 * sway[3]),
            zoom,
            self.shake * 0.9 * (sway[4] + 0.5 * sway[5]),
        )


_SHAKES = (0.7, 3.1, 0.9, 3.7, 0.5, 2.3)


@dataclass(frozen=True)
class _View:
    """The middle of what is seen (canvas pixels), canvas pixels per frame pixel, and the tilt (radians)."""

    x: float
    y: float
    zoom: float
    tilt: float

    def of(self, canvas: Image.Image, size: tuple[int, int]) -> Image.Image:
        cos, sin = np.cos(self.tilt) * self.zoom, np.sin(self.tilt) * self.zoom
        half_w, half_h = size[0] / 2, size[1] / 2
        matrix = (cos, -sin, self.x - cos * half_w + sin * half_h, sin, cos, self.y - sin * half_w - cos * half_h)
        return canvas.transform(size, Image.Transform.AFFINE, tuple(map(float, matrix)), Image.Resampling.BILINEAR)

    def place(self, x: float, y: float, turn: float, size: tuple[int, int]) -> Placing:
        """Where a thing at (x, y) of the canvas is on the frame."""
        dx, dy = (x - self.x) / self.zoom, (y - self.y) / self.zoom
        cos, sin = float(np.cos(self.tilt)), float(np.sin(self.tilt))
        return Placing(
            size[0] / 2 + cos * dx + sin * dy, size[1] / 2 - sin * dx + cos * dy, 1 / self.zoom, turn - self.tilt
        )


class _Actor:
    """A thing and its way over the canvas: straight on, with a swing."""

    def __init__(self, rng: np.random.Generator, canvas: tuple[int, int]) -> None:
        width, height = canvas
        self.picture = thing(rng, max(12, int(width * rng.uniform(0.08, 0.2))))
        self._from = (rng.uniform(0.15, 0.85) * width, rng.uniform(0.35, 0.85) * height)
        self._speed = rng.normal(0, 0.1) * width, rng.normal(0, 0.025) * height
        self._swing = rng.uniform(0, 0.03) * height, rng.uniform(0.3, 1.2), rng.uniform(0, 6)
        self._turn = rng.uniform(0, 0.3), rng.normal(0, 0.15)

    def at(self, seconds: float) -> tuple[float, float, float]:
        reach, rate, phase = self._swing
        bob = reach * float(np.sin(2 * np.pi * rate * seconds + phase))
        x, y = self._from[0] + self._speed[0] * seconds, self._from[1] + self._speed[1] * seconds + bob
        return float(x), float(y), float(self._turn[0] + self._turn[1] * seconds)


class _Place(Stage):
    def __init__(self, kind: SceneKind, seed: int, size: tuple[int, int]) -> None:
        rng = seeded(seed, 1)
        self._size = size
        self._canvas_size = (int(size[0] * _CANVAS), int(size[1] * _CANVAS))
        self._canvas = PAINTERS[kind.value](seeded(seed, 2), self._canvas_size)
        self._camera = _Camera.drawn(rng)
        count = int(rng.integers(1, 5))
        self._actors = [_Actor(child, self._canvas_size) for child in seeded(seed, 3).spawn(count)]
        self._light = float(rng.uniform(0.0, 0.12)), float(rng.uniform(0.05, 0.25)), float(rng.uniform(0, 6))
        self._warmth = float(rng.normal(0, 0.04))
        self._vignette = _vignette(size, float(rng.uniform(0.1, 0.3)))

    def picture(self, at: Fraction, length: Fraction) -> Image.Image:
        seconds, share = float(at), float(at / length)
        view = self._camera.look(seconds, share, self._size, self._canvas_size)
        frame = view.of(self._canvas, self._size)
        for actor in self._actors:
            placed(frame, actor.picture, view.place(*actor.at(seconds), self._size))
        reach, rate, phase = self._light
        gain = 1 + reach * float(np.sin(2 * np.pi * rate * seconds + phase))
        frame = dimmed(frame, (gain * (1 + self._warmth), gain, gain * (1 - self._warmth)))
        return ImageChops.multiply(frame, self._vignette)


class _Portrait(Stage):
    """Somebody talking to a camera on a tripod: only head, mouth and eyes move."""

    def __init__(self, seed: int, size: tuple[int, int]) -> None:
        rng = seeded(seed, 1)
        width, height = size
        kind = [SceneKind.ROOM, SceneKind.TOWN, SceneKind.LEAVES, SceneKind.HILLS][int(rng.integers(4))]
        ground = PAINTERS[kind.value](seeded(seed, 2), size).filter(ImageFilter.GaussianBlur(width / 90))
        reach = max(16, int(height * rng.uniform(0.36, 0.48)))
        shoulders, self._heads = talking_head(seeded(seed, 3), reach)
        self._middle = width * float(rng.uniform(0.34, 0.66)), height * 0.44
        self._reach = reach
        placed(ground, shoulders, Placing(self._middle[0], self._middle[1] + reach * 1.3))
        self._ground = ImageChops.multiply(ground, _vignette(size, 0.25))
        self._phases = rng.uniform(0, 6, 4).tolist()
        self._blink = float(rng.uniform(2.2, 4.0))

    def picture(self, at: Fraction, length: Fraction) -> Image.Image:  # noqa: ARG002
        seconds = float(at)
        a, b, c, d = self._phases
        mouth = 0.5 + 0.5 * np.sin(2 * np.pi * 3.7 * seconds + a) * np.sin(2 * np.pi * 0.83 * seconds + b)
        closed = (seconds + c) % self._blink < 0.14
        head = self._heads[int(mouth * (MOUTHS - 0.01)) + (MOUTHS if closed else 0)]
        sway = self._reach * 0.03 * float(np.sin(2 * np.pi * 0.31 * seconds + d))
        nod = self._reach * 0.02 * float(np.sin(2 * np.pi * 0.53 * seconds + a))
        frame = self._ground.copy()
        turn = 0.03 * float(np.sin(2 * np.pi * 0.23 * seconds + c))
        placed(frame, head, Placing(self._middle[0] + sway, self._middle[1] + nod, 1.0, turn))
        return frame


class _Title(Stage):
    """Letters that come up on a dim ground and go again."""

    def __init__(self, seed: int, size: tuple[int, int], lines: tuple[str, ...]) -> None:
        self._ground = title_ground(seeded(seed, 1), size)
        self._letters = title_letters(lines, size)

    def picture(self, at: Fraction, length: Fraction) -> Image.Image:
        share = min(at / length, Fraction(1))
        strength = min(Fraction(1), share * 8, (1 - share) * 8)
        frame = self._ground.copy()
        frame.paste((238, 232, 214), (0, 0), self._letters.point(lambda value: value * float(strength)))
        return frame


class _TestCard(Stage):
    """Bars, steps of gray, a circle, and a hand that turns once in two seconds over a counter."""

    def __init__(self, size: tuple[int, int]) -> None:
        self._size = size
        width, height = size
        card = Image.new("RGB", size, (96, 96, 96))
        draw = ImageDraw.Draw(card)
        for number, color in enumerate(_BARS):
            draw.rectangle((width * number // 8, 0, width * (number + 1) // 8 - 1, height * 55 // 100), fill=color)
        for number in range(11):
            left, right = width * number // 11, width * (number + 1) // 11 - 1
            draw.rectangle((left, height * 60 // 100, right, height * 72 // 100), fill=(number * 25,) * 3)
        for x in range(0, width, max(4, width // 20)):
            draw.line((x, height * 74 // 100, x, height), fill=(200, 200, 200))
        self._middle = width / 2, height / 2
        self._radius = height * 0.36
        (across, down), r = self._middle, self._radius
        draw.ellipse((across - r, down - r, across + r, down + r), outline=(240, 240, 240), width=max(1, height // 120))
        self._card = card

    def picture(self, at: Fraction, length: Fraction) -> Image.Image:  # noqa: ARG002
        frame = self._card.copy()
        draw = ImageDraw.Draw(frame)
        angle = np.pi * float(at)
        x, y = self._middle
        tip = (x + self._radius * 0.9 * float(np.sin(angle)), y - self._radius * 0.9 * float(np.cos(angle)))
        draw.line((x, y, *tip), fill=(250, 250, 250), width=max(2, self._size[1] // 80))
        # Thousandths of a second, so that the picture itself tells its place in the scene.
        draw.text(
            (x, self._size[1] * 0.86),
            f"{int(at * 1000):06d}",
            fill=(255, 255, 255),
            anchor="mm",
            font=font(self._size[1] // 9),
        )
        return frame


_BARS = [
    (191, 191, 191),
    (191, 191, 0),
    (0, 191, 191),
    (0, 191, 0),
    (191, 0, 191),
    (191, 0, 0),
    (0, 0, 191),
    (16, 16, 16),
]


class _Black(Stage):
    def __init__(self, size: tuple[int, int]) -> None:
        self._size = size

    def picture(self, at: Fraction, length: Fraction) -> Image.Image:  # noqa: ARG002
        return Image.new("RGB", self._size)


def _vignette(size: tuple[int, int], depth: float) -> Image.Image:
    """The darker corners of a lens, as a picture to multiply with."""
    width, height = size
    x = np.linspace(-1, 1, width, dtype=np.float32)[None, :]
    y = np.linspace(-1, 1, height, dtype=np.float32)[:, None]
    fall = 255 * (1 - np.float32(depth) * ((x * x + y * y) / 2) ** 1.5)
    return to_picture(np.repeat(fall[..., None], 3, axis=2))
