"""A plain copy of a work, and what several classes do to it: stretches, sizes, crops, insets, a telephone.

Everything that is random comes from the dice `rng` that a caller brings, so that the same dice make the same copy.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np

from holdfast.testing import resounding
from holdfast.testing.alterations import Box, Cast, Cropped, Pixels, Placed, Scaled, Size
from holdfast.testing.copies import Class, Encoding, Film, Material, Recipe, Shot
from holdfast.testing.reels import is_audible
from holdfast.testing.refilming import Filmed

Rng = np.random.Generator


def drawn(rng: Rng, low: float, high: float, places: int = 3) -> float:
    """A number between two, rounded, so that truth can name it."""
    return round(float(rng.uniform(low, high)), places)


def pick(rng: Rng, choices: Iterable[Any]) -> Any:
    """One of them."""
    every = list(choices)
    return every[int(rng.integers(len(every)))]


def excerpt(film: Film, rng: Rng, shortest: float, longest: float, rate: Fraction = Fraction(1)) -> Shot:
    """A stretch of a work, its length (in the copy) between two and no longer than the work; not a flat one.

    A fifth of the copies begin where the work begins, as many real ones do.
    """
    most = float(film.reel.duration / rate) * 0.98
    length = Fraction(drawn(rng, min(shortest, most), min(longest, most), 2)).limit_denominator(100)
    room = float(film.reel.duration - length * rate)
    start = Fraction(0)
    for _ in range(8):
        start = Fraction(round(rng.uniform(0, max(room, 0)) * 1000), 1000)
        if rng.random() < 0.2 and shortest > 8:
            start = Fraction(0)
        if film.reel.size == (0, 0) or film.reel.picture(start + length * rate / 2).std() > 12:
            break
    return Shot(film, start, length, rate, film.name)


def usual(
    material: Material, rng: Rng, *, rate: Fraction = Fraction(1), lines: tuple[int, ...] = (240, 288, 360, 432, 480)
) -> Recipe:
    """A plain copy, 12 to 45 s: another size, H.264 and AAC. Most classes begin with it."""
    work = material.works[0]
    shot = excerpt(work, rng, 12, 45, rate)
    fps = _fps(work)
    size = sized(work.reel.size, int(pick(rng, lines)))
    crf = int(rng.integers(24, 31))
    return trued(
        Recipe(
            [shot],
            size,
            fps,
            inner=[Scaled(size)],
            encoding=Encoding(options={"preset": "veryfast", "crf": str(crf)}),
            strengths={"lines": size[1], "crf": crf},
        )
    )


def _fps(film: Film) -> Fraction:
    """The film's own rate where a copy would keep it; slides and odd clocks become 25."""
    rate = film.reel.rate.limit_denominator(1001)
    return rate if 8 <= rate <= 30 else Fraction(25)


def sized(shape: Size, lines: int) -> Size:
    """A size of that shape: even, of that many lines, and no wider than 864."""
    lines = min(lines, int(864 * shape[1] / shape[0]))
    return max(16, round(lines * shape[0] / shape[1] / 2) * 2), max(16, lines // 2 * 2)


def trued(recipe: Recipe) -> Recipe:
    """The same with every shot a whole number of the copy's frames."""

    def whole(shots: list[Shot]) -> list[Shot]:
        return [replace(each, length=max(1, round(each.length * recipe.rate)) / recipe.rate) for each in shots]

    recipe.shots = whole(recipe.shots)
    recipe.sounds = whole(recipe.sounds) if recipe.sounds is not None else None
    return recipe


def reshot(recipe: Recipe, shots: list[Shot], **strengths: Any) -> Recipe:
    """The recipe with other shots, and what is to be said of them."""
    recipe.shots = shots
    recipe.strengths |= strengths
    return trued(recipe)


def filler(material: Material, rng: Rng, length: Fraction, *, heard: bool = False) -> Shot:
    """A stretch of a filler that is long enough, with sound if that is wanted and to be had.

    Raises:
        ValueError: there are no fillers.
    """
    fits = [film for film in material.fillers if film.reel.duration >= length] or list(material.fillers)
    if not fits:
        raise ValueError("this class needs other footage: give it fillers")
    sounding = [film for film in fits if is_audible(film.sound)] if heard else []
    film: Film = pick(rng, sounding or fits)
    room = max(film.reel.duration - length, Fraction(0))
    return Shot(film, Fraction(round(rng.uniform(0, float(room)) * 1000), 1000), length)


def beside(shot: Shot, fps: Fraction) -> Callable[[int], Pixels]:
    """The pictures of a filler beside a work, by the copy's frame number; over again where it ends."""
    whole = shot.film.reel.duration
    return lambda number: shot.film.reel.picture((shot.start + number / fps) % whole)


def cropped(recipe: Recipe, rng: Rng, low: float, high: float) -> Recipe:
    """The recipe with so much (shares between two) cut off in width and in height, before all else."""
    across, down = drawn(rng, low, high), drawn(rng, low, high)
    left, top = drawn(rng, 0, across), drawn(rng, 0, down)
    recipe.inner.insert(0, Cropped((left, top, 1 - across + left, 1 - down + top)))
    recipe.strengths["crop"] = [left, top, round(across - left, 3), round(down - top, 3)]
    return recipe


def cast_of(rng: Rng) -> Cast:
    """Colors as a bad transfer or a tired tape has them."""
    gains = (drawn(rng, 0.7, 1.2), drawn(rng, 0.75, 1.1), drawn(rng, 0.7, 1.2))
    return Cast(gains, drawn(rng, 0.75, 1.35), drawn(rng, 0.5, 1.5))


def telephone(material: Material, rng: Rng, lean: float, glare: tuple[float, float], room_db: float) -> Recipe:
    """A screen filmed by a telephone that leans so far (shares) to it, in a room with so much noise."""
    recipe = usual(material, rng, lines=(480,))
    size = (854, 480) if rng.random() < 0.8 else (640, 480)
    wide, high = recipe.size
    slim = (wide / high) / (size[0] / size[1])
    across = drawn(rng, 0.78, 1.0) * min(1.0, slim)
    down = across / slim
    ends = np.array([[-across, -down], [across, -down], [across, down], [-across, down]]) / 2
    # One side of the screen is further away: it is shorter, and all of it narrower.
    depth = 1 + ends @ (rng.uniform(0.6, 1, 2) * rng.choice([-1, 1], 2) * np.array([lean, lean * 0.4]))
    ends = ends / depth[:, None]
    roll = np.deg2rad(rng.uniform(-4, 4))
    turn = np.array([[np.cos(roll), -np.sin(roll)], [np.sin(roll), np.cos(roll)]])
    shape = np.array([size[0] / size[1], 1.0])
    middle = 0.5 + rng.uniform(-0.03, 0.03, 2)
    corners = ((ends * shape) @ turn.T) / shape + middle
    change = Filmed(
        size,
        tuple((round(float(x), 4), round(float(y), 4)) for x, y in corners),
        int(rng.integers(1 << 30)),
        shake=drawn(rng, 0.001, 0.008, 4),
        blur=drawn(rng, 0.7, 1.7),
        glare=drawn(rng, *glare),
        flicker=drawn(rng, 0.02, 0.12),
        beat=drawn(rng, 0.02, 0.3),
        noise=drawn(rng, 2, 6),
    )
    seed = int(rng.integers(1 << 30))
    recipe.inner.append(change)
    recipe.size = size
    recipe.rate = Fraction(pick(rng, (30, Fraction(30000, 1001), 24)))
    recipe.resound = lambda sound: resounding.in_a_room(sound, np.random.default_rng(seed), room_db)
    recipe.strengths |= {"lean": lean, "blur": change.blur, "glare": change.glare, "flicker": change.flicker}
    return trued(recipe)


def inset(width: float) -> Class:
    """The work in a window of about this share of the width, other footage around it."""

    def made(material: Material, rng: Rng) -> Recipe:
        recipe = usual(material, rng)
        work = recipe.inner[0].size_of(recipe.size)
        size = (854, 480) if rng.random() < 0.8 else (640, 480)
        share = width * drawn(rng, 0.95, 1.05)
        high = share * size[0] / size[1] * work[1] / work[0]
        if high > 0.92:
            share, high = share * 0.92 / high, 0.92
        left, top = drawn(rng, 0.02, 0.98 - share), drawn(rng, 0.03, 0.97 - high)
        if rng.random() < 0.6:  # in a corner, as most are
            left, top = pick(rng, (0.03, 0.97 - share)), pick(rng, (0.04, 0.96 - high))
        about = filler(material, rng, recipe.shots[0].length, heard=True)
        box: Box = (left, top, left + share, top + high)
        recipe.inner = [Placed(size, box, other=beside(about, recipe.rate))]
        recipe.size = size
        if rng.random() < 0.7:
            recipe.sounds = [about]
        recipe.strengths |= {"box": [round(each, 3) for each in box], "filler": about.film.name}
        return trued(recipe)

    return made
