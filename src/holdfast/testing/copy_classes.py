"""The classes of altered copies, each a function from films and dice to a recipe, with random strengths.

Tier 1, here, is what happens to films everywhere; tier 2 is harder: no tool that we know finds much of it.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np

from holdfast.testing import resounding
from holdfast.testing.alterations import (
    Box,
    Cast,
    Cropped,
    Gray,
    Lettered,
    Mirrored,
    Placed,
    Scaled,
)
from holdfast.testing.copies import Class, Encoding, Material, Recipe, Shot
from holdfast.testing.harder_copies import TIER_2
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
from holdfast.testing.reels import is_audible
from holdfast.testing.refilming import Taped

_WORDS = ("And then the river rose.", "Nobody had seen it before.", "Welcome back to the channel!", "12 March, evening")
_LOGOS = ("TV 4", "CLIPS", "NEWS", "RTX", "@movies")


def _reenc240(material: Material, rng: Rng) -> Recipe:
    recipe = usual(material, rng, lines=(240,))
    crf = int(rng.integers(30, 38))
    recipe.encoding = Encoding(options={"preset": "veryfast", "crf": str(crf)}, audio_bit_rate=48_000, layout="mono")
    recipe.strengths["crf"] = crf
    return recipe


def _mpeg4avi(material: Material, rng: Rng) -> Recipe:
    recipe = usual(material, rng, lines=(240, 288, 360))
    scale = int(rng.integers(5, 14))
    recipe.encoding = Encoding(".avi", "mpeg4", {"qscale": str(scale)}, audio="libmp3lame", audio_bit_rate=96_000)
    recipe.strengths["qscale"] = scale
    return recipe


def _flv1(material: Material, rng: Rng) -> Recipe:
    recipe = usual(material, rng, lines=(240, 288))
    speed = int(rng.integers(180, 400)) * 1000
    recipe.encoding = Encoding(".flv", "flv", {}, speed, "libmp3lame", 64_000, 44_100)
    recipe.strengths["bit_rate"] = speed
    return recipe


def _vp9low(material: Material, rng: Rng) -> Recipe:
    recipe = usual(material, rng, lines=(240, 288, 360))
    speed = int(rng.integers(80, 200)) * 1000
    quick = {"deadline": "realtime", "cpu-used": "8"}
    recipe.encoding = Encoding(".webm", "libvpx-vp9", quick, speed, "libopus", 32_000)
    recipe.strengths["bit_rate"] = speed
    return recipe


def _fps30(material: Material, rng: Rng) -> Recipe:
    recipe = usual(material, rng)
    # What has about 30 already becomes 25.
    recipe.rate = Fraction(25) if recipe.rate > 28 else Fraction(pick(rng, (30, Fraction(30000, 1001))))
    return trued(recipe)


def _fps12(material: Material, rng: Rng) -> Recipe:
    recipe = usual(material, rng)
    recipe.rate = Fraction(pick(rng, (10, 12, 15)))
    return trued(recipe)


def _boxed(material: Material, rng: Rng) -> Recipe:
    recipe = usual(material, rng)
    way = pick(rng, ("letter", "pillar", "window"))
    wide, high = recipe.size
    share = drawn(rng, 0.6, 0.85)
    grown = {"letter": (wide, high / share), "pillar": (wide / share, high), "window": (wide / share, high / share)}[
        way
    ]
    size = sized((round(grown[0]), round(grown[1])), min(480, round(grown[1])))
    across, down = wide / grown[0], high / grown[1]
    box: Box = (0.5 - across / 2, 0.5 - down / 2, 0.5 + across / 2, 0.5 + down / 2)
    ground = pick(rng, ((0, 0, 0), (0, 0, 0), (24, 24, 30), None))
    recipe.inner.append(Placed(size, box, ground=ground))
    recipe.size = size
    recipe.strengths |= {"bars": way, "share": share, "ground": ground or "blurred"}
    return recipe


def _crop15(material: Material, rng: Rng) -> Recipe:
    return cropped(usual(material, rng), rng, 0.12, 0.2)


def _logosub(material: Material, rng: Rng) -> Recipe:
    recipe = usual(material, rng)
    corner = pick(rng, ((0.04, 0.05), (0.96, 0.05), (0.96, 0.8)))
    height, opacity = drawn(rng, 0.08, 0.15), drawn(rng, 0.6, 1)
    every = round(recipe.rate * int(rng.integers(2, 5)))
    recipe.inner.append(Lettered(pick(rng, _LOGOS), corner, height, opacity, _WORDS, every))
    recipe.strengths |= {"logo": height, "opacity": opacity}
    return recipe


def _gray(material: Material, rng: Rng) -> Recipe:
    recipe = usual(material, rng)
    contrast, brightness = drawn(rng, 0.8, 1.2), drawn(rng, -20, 20, 0)
    recipe.inner.append(Gray(contrast, brightness))
    recipe.strengths |= {"contrast": contrast, "brightness": brightness}
    return recipe


def _cast(material: Material, rng: Rng) -> Recipe:
    recipe = usual(material, rng)
    change = cast_of(rng)
    recipe.inner.append(change)
    recipe.strengths |= {"gains": change.gains, "gamma": change.gamma, "saturation": change.saturation}
    return recipe


def _mirror(material: Material, rng: Rng) -> Recipe:
    recipe = usual(material, rng)
    recipe.inner.append(Mirrored())
    recipe.mirrored = True
    return recipe


def _camphone(material: Material, rng: Rng) -> Recipe:
    return telephone(material, rng, drawn(rng, 0.05, 0.3), (0.1, 0.35), -44)


def _vhs(material: Material, rng: Rng) -> Recipe:
    recipe = usual(material, rng, lines=(240, 288, 480))
    seed = int(rng.integers(1 << 30))
    smear = int(rng.integers(5, 12))
    recipe.inner += [Cast((1.0, 0.97, 0.94), drawn(rng, 0.85, 1.15), 0.8)]
    recipe.inner += [Taped(seed, smear, drawn(rng, 0.4, 1.6), drawn(rng, 4, 10))]
    recipe.resound = lambda sound: resounding.from_tape(sound, np.random.default_rng(seed))
    recipe.strengths["smear"] = smear
    return recipe


def _muted(material: Material, rng: Rng) -> Recipe:
    recipe = usual(material, rng)
    recipe.encoding = replace(recipe.encoding, audio="")
    return recipe


def _speed104(material: Material, rng: Rng) -> Recipe:
    rate = pick(rng, (Fraction(26, 25), Fraction(25, 24), Fraction(25, 26)))
    recipe = usual(material, rng, rate=rate)
    recipe.strengths["rate"] = str(rate)
    return recipe


def _trim(material: Material, rng: Rng) -> Recipe:
    recipe = usual(material, rng)
    film = material.works[0]
    third = Fraction(round(film.reel.duration / 3 * 1000), 1000)
    return reshot(recipe, [Shot(film, third, third, work=film.name)])


def _compile(material: Material, rng: Rng) -> Recipe:
    recipe = usual(material, rng)
    recipe.size = sized((16, 9), int(pick(rng, (270, 360, 480))))
    before, after = (Fraction(drawn(rng, 5, 16, 2)).limit_denominator(100) for _ in range(2))
    recipe.inner = []
    return reshot(
        recipe,
        [
            filler(material, rng, before, heard=True),
            excerpt(material.works[0], rng, 10, 10),
            filler(material, rng, after, heard=True),
        ],
    )


def _pip_over(material: Material, rng: Rng) -> Recipe:
    recipe = usual(material, rng)
    share = drawn(rng, 0.25, 0.42)
    left, top = pick(rng, (0.02, 0.98 - share)), pick(rng, (0.03, 0.97 - share))
    about = filler(material, rng, recipe.shots[0].length)
    box: Box = (left, top, left + share, top + share)
    other = beside(about, recipe.rate)
    recipe.inner.append(Placed(recipe.size, other=other, other_box=box, is_on_top=False))
    recipe.strengths |= {"inset": share, "filler": about.film.name}
    return recipe


def _vertical(material: Material, rng: Rng) -> Recipe:
    recipe = usual(material, rng, lines=(480,))
    wide, high = recipe.size
    across, down = min(1.0, 9 / 16 * high / wide), min(1.0, 16 / 9 * wide / high)
    left = min(max(0.5 - across / 2 + drawn(rng, -0.1, 0.1), 0), 1 - across)
    recipe.inner = [Cropped((left, 0.5 - down / 2, left + across, 0.5 + down / 2)), Scaled((270, 480))]
    recipe.size = (270, 480)
    recipe.strengths["left"] = round(left, 3)
    return recipe


def _audio_only(material: Material, rng: Rng) -> Recipe:
    if not is_audible(material.works[0].sound):
        raise ValueError("this class needs a work with sound")
    recipe = usual(material, rng)
    suffix, codec = pick(rng, ((".m4a", "aac"), (".mp3", "libmp3lame"), (".ogg", "libopus")))
    recipe.encoding = Encoding(suffix, "", {}, None, codec, int(pick(rng, (32, 48, 64, 96))) * 1000)
    recipe.strengths = {"codec": codec, "bit_rate": recipe.encoding.audio_bit_rate}
    return recipe


def _audio_repl(material: Material, rng: Rng) -> Recipe:
    recipe = usual(material, rng)
    recipe.sounds = [filler(material, rng, recipe.shots[0].length, heard=True)]
    return recipe


def _combo(material: Material, rng: Rng) -> Recipe:
    rate = pick(rng, (Fraction(26, 25), Fraction(25, 24), Fraction(25, 26), Fraction(103, 100)))
    recipe = cropped(usual(material, rng, rate=rate, lines=(240, 288)), rng, 0.06, 0.14)
    share = drawn(rng, 0.7, 0.85)
    wide, high = recipe.size
    size = sized((wide, round(high / share)), round(high / share))
    recipe.inner += [Mirrored(), Placed(size, (0, 0.5 - share / 2, 1, 0.5 + share / 2))]
    recipe.size, recipe.mirrored = size, True
    speed = int(rng.integers(60, 130)) * 1000
    recipe.encoding = Encoding(options={"preset": "veryfast"}, bit_rate=speed, audio_bit_rate=32_000, layout="mono")
    recipe.strengths |= {"bars": share, "rate": str(rate), "bit_rate": speed}
    return recipe


TIER_1: dict[str, Class] = {
    "reenc240": _reenc240,
    "mpeg4avi": _mpeg4avi,
    "flv1": _flv1,
    "vp9low": _vp9low,
    "fps30": _fps30,
    "fps12": _fps12,
    "boxed": _boxed,
    "crop15": _crop15,
    "logosub": _logosub,
    "gray": _gray,
    "cast": _cast,
    "mirror": _mirror,
    "camphone": _camphone,
    "vhs": _vhs,
    "muted": _muted,
    "speed104": _speed104,
    "trim": _trim,
    "compile": _compile,
    "pip_in": inset(0.45),
    "pip_over": _pip_over,
    "vertical": _vertical,
    "audio_only": _audio_only,
    "audio_repl": _audio_repl,
    "combo": _combo,
}
CLASSES: dict[str, Class] = {**TIER_1, **TIER_2}
