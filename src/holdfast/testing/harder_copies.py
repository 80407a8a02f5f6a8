"""The harder classes of altered copies (tier 2): no tool that we know finds much of them."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from holdfast.testing.alterations import (
    Alteration,
    Badge,
    Box,
    Placed,
    Scaled,
    Tilted,
    Turned,
)
from holdfast.testing.copies import Class, Encoding, Film, Material, Recipe, Shot
from holdfast.testing.plain_copies import (
    Rng,
    beside,
    cast_of,
    cropped,
    drawn,
    excerpt,
    filler,
    inset,
    pick,
    reshot,
    sized,
    telephone,
    trued,
    usual,
)
from holdfast.testing.refilming import Noise


def _short(length: int) -> Class:
    def made(material: Material, rng: Rng) -> Recipe:
        return reshot(usual(material, rng), [excerpt(material.works[0], rng, length, length)])

    return made


def _halves(*, is_stacked: bool) -> Class:
    def made(material: Material, rng: Rng) -> Recipe:
        recipe = usual(material, rng)
        size = pick(rng, ((480, 480), (270, 480))) if is_stacked else pick(rng, ((854, 480), (640, 360)))
        halves: tuple[Box, Box] = ((0, 0, 1, 0.5), (0, 0.5, 1, 1)) if is_stacked else ((0, 0, 0.5, 1), (0.5, 0, 1, 1))
        first, second = halves
        if rng.random() < 0.5:
            first, second = second, first
        about = filler(material, rng, recipe.shots[0].length, heard=True)
        cover = bool(rng.random() < 0.5)
        recipe.inner = [Placed(size, first, cover, beside(about, recipe.rate), second)]
        recipe.size = size
        if rng.random() < 0.5:
            recipe.sounds = [about]
        recipe.strengths |= {"cover": cover, "filler": about.film.name}
        return trued(recipe)

    return made


def _speed_any(material: Material, rng: Rng) -> Recipe:
    rate = Fraction(1000 + int(pick(rng, (-1, 1))) * int(rng.integers(5, 81)), 1000)
    recipe = usual(material, rng, rate=rate)
    recipe.keeps_pitch = bool(rng.random() < 0.5)
    recipe.strengths |= {"rate": str(rate), "keeps_pitch": recipe.keeps_pitch}
    return recipe


def _turned(*choices: int) -> Class:
    def made(material: Material, rng: Rng) -> Recipe:
        recipe = usual(material, rng)
        quarters = int(pick(rng, choices))
        recipe.inner.append(Turned(quarters))
        recipe.size = recipe.inner[-1].size_of(recipe.size)
        recipe.rotation = 90 * quarters
        return recipe

    return made


def _rot3(material: Material, rng: Rng) -> Recipe:
    recipe = usual(material, rng)
    degrees = drawn(rng, 2, 4) * int(pick(rng, (-1, 1)))
    zoom = pick(rng, (1.0, 1.12))
    recipe.inner.append(Tilted(degrees, zoom))
    recipe.strengths |= {"degrees": degrees, "zoom": zoom}
    return recipe


def _twogen(material: Material, rng: Rng) -> Recipe:
    recipe = cropped(usual(material, rng, lines=(240, 288)), rng, 0.0, 0.06)
    recipe.inner.append(cast_of(rng))
    recipe.encoding = Encoding(options={"preset": "veryfast", "crf": "34"}, audio_bit_rate=48_000)
    return recipe


def second_generation(first: Film, recipe: Recipe, rng: Rng) -> Recipe:
    """A copy of a copy: 144 lines at 50 kb/s, made from the file `first` that `recipe` gave."""
    size = sized(recipe.size, 144)
    shot = recipe.shots[0]
    again = replace(shot, film=first, start=Fraction(0), asset=shot.start)
    inner: list[Alteration] = [Scaled(size), Noise(drawn(rng, 0.5, 3))]
    encoding = Encoding(options={"preset": "veryfast"}, bit_rate=50_000, audio_bit_rate=32_000, layout="mono")
    return replace(recipe, shots=[again], size=size, inner=inner, outer=[], encoding=encoding, before=recipe)


def _jumpcuts(material: Material, rng: Rng) -> Recipe:
    film = material.works[0]
    at, shots, total = drawn(rng, 0, float(film.reel.duration) * 0.2), list[Shot](), 0.0
    while total < 50:
        length = drawn(rng, 2, 5, 2)
        if at + length > float(film.reel.duration):
            break
        start = Fraction(round(at * 1000), 1000)
        shots.append(Shot(film, start, Fraction(round(length * 100), 100), work=film.name))
        at, total = at + length + drawn(rng, 0.5, 3), total + length
    return reshot(usual(material, rng), shots)


def _reorder(material: Material, rng: Rng) -> Recipe:
    film = material.works[0]
    at, shots = drawn(rng, 0, 2), list[Shot]()
    while len(shots) < 7:
        length = drawn(rng, 3, 8, 2)
        if at + length > float(film.reel.duration):
            break
        shots.append(Shot(film, Fraction(round(at * 1000), 1000), Fraction(round(length * 100), 100), work=film.name))
        at += length
    order = [int(each) for each in rng.permutation(len(shots))]
    if order == sorted(order):
        order.reverse()
    return reshot(usual(material, rng), [shots[each] for each in order], order=order)


def _three_works(material: Material, rng: Rng) -> Recipe:
    if len(material.works) < 3:
        raise ValueError("this class needs three works")
    recipe = usual(material, rng)
    recipe.size, recipe.inner = sized((16, 9), int(pick(rng, (270, 360, 480)))), []
    return reshot(recipe, [excerpt(film, rng, 8, 18) for film in material.works[:3]])


def _twice(material: Material, rng: Rng) -> Recipe:
    film = material.works[0]
    first = excerpt(film, rng, 6, 14)
    again = first if rng.random() < 0.5 else excerpt(film, rng, 6, 14)
    shots = [first, again]
    if rng.random() < 0.5:
        shots.insert(1, filler(material, rng, Fraction(drawn(rng, 3, 8, 2)).limit_denominator(100), heard=True))
    return reshot(usual(material, rng), shots, same=again is first)


def _thumbnail(material: Material, rng: Rng) -> Recipe:
    recipe = cropped(usual(material, rng), rng, 0.0, 0.12)
    film = material.works[0]
    shot = excerpt(film, rng, 0.02, 0.02)
    wide = int(rng.integers(120, 321))
    shape = pick(rng, (16 / 9, 4 / 3))
    size = (wide, round(wide / shape))
    minutes, rest = divmod(int(film.reel.duration), 60)
    recipe.inner = [recipe.inner[0], Placed(size, cover=True), Badge(f"{minutes}:{rest:02d}", drawn(rng, 0.1, 0.16))]
    recipe.size = size
    recipe.shots = [shot]
    quality = int(rng.integers(50, 86))
    recipe.encoding = Encoding(".jpg", options={"quality": str(quality)}, audio="")
    recipe.strengths |= {"width": wide, "quality": quality}
    return recipe


def _phone_angle(material: Material, rng: Rng) -> Recipe:
    return telephone(material, rng, drawn(rng, 0.5, 0.85), (0.35, 0.7), -38)


TIER_2: dict[str, Class] = {
    "excerpt5": _short(5),
    "excerpt3": _short(3),
    "pip_in30": inset(0.3),
    "pip_in20": inset(0.2),
    "sidebyside": _halves(is_stacked=False),
    "stacked": _halves(is_stacked=True),
    "speed_any": _speed_any,
    "rot90": _turned(1, 3),
    "rot180": _turned(2),
    "rot3": _rot3,
    "twogen": _twogen,
    "jumpcuts": _jumpcuts,
    "reorder": _reorder,
    "three_works": _three_works,
    "thumbnail": _thumbnail,
    "phone_angle": _phone_angle,
    "twice": _twice,
}
