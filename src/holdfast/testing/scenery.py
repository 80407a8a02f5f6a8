"""Places for a scene to play in: hills, a town, fallen leaves, a room, open water. Still pictures.

Each painter takes a seeded generator and a size and gives an RGB picture. They differ in structure on purpose
(horizon lines, upright edges, occluding discs, soft light), and each differs from itself by seed.
Source: A. B. Lee, D. Mumford, J. Huang, Occlusion models for natural images, Int. J. Computer Vision 41 (2001), for
`leaves`: discs with sizes by a power law, each hiding what lies below, have the edge statistics of photographs.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from holdfast.testing.textures import Color, Plane, blended, colored, octaves, ramp, relief, resized, to_picture, unit

Painter = Callable[[np.random.Generator, tuple[int, int]], Image.Image]

_SKIES: list[list[Color]] = [
    [(64, 112, 178), (128, 170, 214), (206, 222, 232)],
    [(96, 104, 122), (150, 156, 166), (204, 204, 200)],
    [(54, 60, 104), (178, 112, 106), (244, 192, 132)],
    [(120, 158, 188), (184, 204, 210), (238, 232, 214)],
    [(20, 26, 52), (44, 58, 92), (96, 102, 122)],
]
_GROUNDS: list[list[Color]] = [
    [(28, 44, 20), (72, 98, 40), (140, 150, 76)],
    [(58, 44, 26), (124, 98, 58), (188, 164, 110)],
    [(36, 40, 44), (94, 98, 96), (164, 166, 158)],
    [(62, 34, 24), (132, 74, 44), (196, 140, 88)],
    [(96, 100, 110), (176, 182, 190), (236, 238, 240)],
]
_FACADES: list[Color] = [
    (178, 150, 118),
    (146, 92, 72),
    (196, 188, 170),
    (112, 116, 124),
    (168, 128, 96),
    (206, 176, 130),
]


def hills(rng: np.random.Generator, size: tuple[int, int]) -> Image.Image:
    """Ranges of hills under a clouded sky, paler with distance."""
    width, height = size
    sky = _SKIES[rng.integers(len(_SKIES))]
    picture = _sky(rng, size, sky)
    ground = _GROUNDS[rng.integers(len(_GROUNDS))]
    count = int(rng.integers(3, 6))
    rows = np.arange(height, dtype=np.float32)[:, None]
    top = rng.uniform(0.3, 0.5)
    for number in range(count):
        nearness = (number + 1) / count
        crest = (top + (0.88 - top) * number / count) * height - _ridge(rng, width) * height * (0.09 - 0.05 * nearness)
        # Only what lies below the highest crest can be seen of a range.
        first = max(0, int(crest.min()) - 1)
        below = (width, height - first)
        mask = np.clip(rows[first:] - crest[None, :] + 0.5, 0, 1)
        surface = octaves(rng, below, coarsest=4 + 4 * number, stretch=1.0 + nearness, slope=0.9)
        land = colored(rng, unit(surface, contrast=0.12 + 0.12 * nearness), ground) * relief(surface)[..., None]
        haze = np.array(sky[-1], dtype=np.float32)
        picture[first:] = blended(picture[first:], land * nearness**0.7 + haze * (1 - nearness**0.7), mask)
    return to_picture(picture)


def town(rng: np.random.Generator, size: tuple[int, int]) -> Image.Image:
    """A row of houses with windows along a street."""
    width, height = size
    picture = _sky(rng, size, _SKIES[rng.integers(len(_SKIES))])
    wall = octaves(rng, size, coarsest=12, slope=0.8)
    street = int(height * rng.uniform(0.72, 0.8))
    x = -int(width * 0.03)
    while x < width:
        house = int(width * rng.uniform(0.07, 0.16))
        roof = int(height * rng.uniform(0.1, 0.48))
        _house(
            rng.spawn(1)[0],
            picture[roof:street, max(x, 0) : x + house],
            wall[roof:street, max(x, 0) : x + house],
            width,
        )
        x += house
    asphalt = octaves(rng, (width, height - street), coarsest=10, stretch=2.5, slope=0.8)
    road = colored(rng, unit(asphalt, contrast=0.13), [(40, 42, 46), (92, 92, 92), (150, 146, 138)])
    road *= 0.75 + 0.35 * ramp((width, height - street))[..., None]
    road[: max(2, height // 60)] *= 0.55
    picture[street:] = road
    return to_picture(picture)


def leaves(rng: np.random.Generator, size: tuple[int, int]) -> Image.Image:
    """Things of all sizes lying over each other: leaves, pebbles, a market stall seen from above."""
    width, height = size
    palette = [*_GROUNDS[rng.integers(len(_GROUNDS))], *_GROUNDS[rng.integers(len(_GROUNDS))]]
    canvas = Image.new("RGB", size, tuple(int(part) for part in palette[0]))
    shadows = Image.new("L", size, 255)
    draw, shade = ImageDraw.Draw(canvas), ImageDraw.Draw(shadows)
    for _ in range(700):
        radius = width * 0.012 * float((1 - rng.random() * 0.994) ** -0.62)  # density ~ radius^-2.6, cut at 0.3 width
        points = _blob(rng, rng.uniform(0, width), rng.uniform(0, height), min(radius, width * 0.16))
        base = np.array(palette[rng.integers(len(palette))]) + rng.normal(0, 14, 3)
        offset = max(1.0, radius * 0.08)
        shade.polygon([(px + offset, py + offset) for px, py in points], fill=120)
        shade.polygon(points, fill=255)
        draw.polygon(points, fill=tuple(int(part) for part in np.clip(base, 8, 248)))
    surface = octaves(rng, size, coarsest=8, slope=0.9)
    soft = np.asarray(shadows.filter(ImageFilter.GaussianBlur(width / 240)), dtype=np.float32) / 255
    light = (0.84 + 0.16 * unit(octaves(rng, (width // 2, height // 2)))).astype(np.float32)
    factor = relief(surface) * (1 + 0.1 * surface) * soft * resized(light, size)
    return to_picture(np.asarray(canvas, dtype=np.float32) * factor[..., None])


def room(rng: np.random.Generator, size: tuple[int, int]) -> Image.Image:
    """The inside of a house: a lit wall, a shelf of books, a wooden table."""
    width, height = size
    tint = np.array([rng.uniform(120, 200), rng.uniform(110, 180), rng.uniform(90, 170)], dtype=np.float32)
    plaster = 1 + 0.05 * octaves(rng, size, coarsest=5)
    picture = np.repeat(plaster[..., None], 3, axis=2) * tint * (0.65 + 0.4 * _glow(rng, size))[..., None]
    books = max(3, int(width * 0.012))
    for shelf in range(int(rng.integers(1, 4))):
        foot = int(height * (0.25 + 0.19 * shelf))
        left = int(width * rng.uniform(0.02, 0.5))
        _books(rng.spawn(1)[0], picture, left, left + int(width * rng.uniform(0.2, 0.45)), foot, books)
    top = int(height * rng.uniform(0.74, 0.84))
    grain = octaves(rng, (width, height - top), coarsest=4, stretch=9.0, slope=0.9)
    wood = colored(rng, unit(grain), [(52, 30, 16), (118, 74, 40), (178, 128, 78)])
    picture[top:] = wood * (0.9 + 0.25 * (1 - ramp((width, height - top)))[..., None])
    picture[top : top + max(1, height // 90)] *= 1.3
    return to_picture(picture)


def water(rng: np.random.Generator, size: tuple[int, int]) -> Image.Image:
    """Open water to the horizon, waves growing toward us, a far shore."""
    width, height = size
    sky = _SKIES[rng.integers(len(_SKIES))]
    picture = _sky(rng, size, sky)
    horizon = int(height * rng.uniform(0.36, 0.5))
    shore = (_ridge(rng, width) * 0.5 + 0.6).clip(0.1) * height * 0.06
    rows = np.arange(height, dtype=np.float32)[:, None]
    land = colored(rng, unit(octaves(rng, size, coarsest=16)), _GROUNDS[rng.integers(3)])
    mask = np.clip(rows - (horizon - shore)[None, :] + 0.5, 0, 1)
    picture = blended(picture, land * 0.55 + np.array(sky[1], dtype=np.float32) * 0.45, mask)
    depth = height - horizon
    waves = octaves(rng, (width, depth), coarsest=6, stretch=5.0, slope=0.85)
    near = ramp((width, depth))
    tone = np.clip(0.5 + waves * (0.06 + 0.2 * near), 0, 1)
    dark: list[Color] = [(14, 34, 48), (44, 78, 96), (0.7 * sky[1][0], 0.7 * sky[1][1], 0.75 * sky[1][2]), sky[2]]
    picture[horizon:] = colored(rng, tone, dark, chroma=4)
    return to_picture(picture)


def _sky(rng: np.random.Generator, size: tuple[int, int], palette: list[Color]) -> Plane:
    width, height = size
    picture = colored(rng, np.clip(ramp(size) * 1.7, 0, 1), palette, chroma=0)
    cloud = octaves(rng, (width // 2, height // 2), coarsest=3, stretch=1.6, slope=1.25)
    mask = np.clip(resized(cloud, size) * 0.5 + rng.uniform(-0.3, 0.35), 0, 1) * np.clip(1.25 - ramp(size) * 1.5, 0, 1)
    bright = np.array(palette[-1], dtype=np.float32) * 0.6 + 96
    return blended(picture, np.broadcast_to(bright.astype(np.float32), picture.shape), mask.astype(np.float32))


def _ridge(rng: np.random.Generator, width: int) -> Plane:
    """A skyline: 1/f noise along one line, deviation about 1."""
    line = np.zeros(width, dtype=np.float32)
    for octave in range(8):
        cells = 2 << octave
        knots = rng.standard_normal(cells + 1)
        line += (np.interp(np.linspace(0, cells, width), np.arange(cells + 1), knots) / 1.7**octave).astype(np.float32)
    return line


def _house(rng: np.random.Generator, area: Plane, wall: Plane, width: int) -> None:
    """Paint one front with its windows into `area`, a view of the picture."""
    rows, columns = area.shape[:2]
    if rows < 4 or columns < 4:
        return
    front = np.array(_FACADES[rng.integers(len(_FACADES))], dtype=np.float32) * rng.uniform(0.7, 1.1)
    side = np.linspace(1.08, 0.86, columns, dtype=np.float32)[None, :, None]
    area[:] = front * (1 + 0.07 * wall[..., None]) * side
    area[: max(1, rows // 30)] *= 0.6
    lit = rng.uniform(0.1, 0.5)
    # Counted in shares of the picture, so that a house has the same windows at every size.
    bays, storeys = max(1, round(columns / width / rng.uniform(0.02, 0.032))), max(1, round(rows / width / 0.034))
    bay, storey = columns / bays, rows / storeys
    for y in (round((floor + 0.25) * storey) for floor in range(storeys)):
        for x in (round((number + 0.25) * bay) for number in range(bays)):
            pane = area[y : y + max(1, round(storey * 0.55)), x : x + max(1, round(bay * 0.55))]
            glow: Color = (232, 198, 132) if rng.random() < lit else (44, 54, 66)
            pane[:] = np.array(glow) * rng.uniform(0.7, 1.1)
            pane[: max(1, len(pane) // 3)] *= 0.82


def _blob(rng: np.random.Generator, x: float, y: float, radius: float) -> list[tuple[float, float]]:
    """The outline of a rounded, uneven thing."""
    angles = np.linspace(0, 2 * np.pi, 28, endpoint=False)
    squash, turn = rng.uniform(0.45, 1.0), rng.uniform(0, np.pi)
    reach = radius * (1 + 0.16 * np.cos(2 * angles + rng.uniform(0, 6)) + 0.08 * np.cos(5 * angles + rng.uniform(0, 6)))
    across, along = reach * np.cos(angles), reach * np.sin(angles) * squash
    xs = x + across * np.cos(turn) - along * np.sin(turn)
    ys = y + across * np.sin(turn) + along * np.cos(turn)
    return list(zip(xs.tolist(), ys.tolist(), strict=True))


def _glow(rng: np.random.Generator, size: tuple[int, int]) -> Plane:
    """Light from a window: a soft bright place on the wall, 0..1."""
    width, height = size
    x = (np.arange(width, dtype=np.float32) / width - rng.uniform(0.2, 0.8))[None, :]
    y = (np.arange(height, dtype=np.float32) / height - rng.uniform(0.1, 0.5))[:, None]
    return np.exp(-(x * x * 5 + y * y * 3)).astype(np.float32)


def _books(rng: np.random.Generator, picture: Plane, left: int, right: int, foot: int, thick: int) -> None:
    """A board with books of many colours standing on it."""
    height = len(picture)
    x = left
    while x < right:
        spine = max(2, int(thick * rng.uniform(0.6, 1.8)))
        tall = int(height * rng.uniform(0.09, 0.15))
        color = np.array([rng.uniform(30, 190), rng.uniform(30, 150), rng.uniform(30, 140)], dtype=np.float32)
        book = picture[max(0, foot - tall) : foot, x : x + spine]
        book[:] = color * np.linspace(1.15, 0.7, book.shape[1], dtype=np.float32)[None, :, None]
        book[len(book) // 5 : len(book) // 5 + max(1, height // 120)] *= 1.5
        x += spine + (0 if rng.random() < 0.9 else thick)
    picture[foot : foot + max(2, height // 70), max(0, left - thick) : right + thick] = (70, 46, 28)


PAINTERS: dict[str, Painter] = {"hills": hills, "town": town, "leaves": leaves, "room": room, "water": water}
