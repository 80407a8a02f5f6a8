"""Lost works and their found copies, with exact truth: what `reconstruct.py` restores and is held against.

A work is a made film, or a stretch of a real clip, written anew at a high quality. Its two to six copies are drawn from
a pack of kinds, so that all kinds come before any comes again:

    part      a third to two thirds of it            mirror   left and right exchanged
    logo      a logo and burned-in subtitles         phone    the screen filmed by a telephone
    crop      12 to 20 % cut off                     low      240 lines at a low bit rate
    bars      bars or a window around it             sound    the sound only
    speed     4 % faster or slower                   insert   other footage put in, and seconds taken out
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np

import pools
from holdfast.testing.copies import (
    Encoding,
    Film,
    MadeCopy,
    Material,
    Recipe,
    Shot,
    make_copy,
    seeded_for,
    truth_of,
    write_copy,
)
from holdfast.testing.films import film_plan, write_film
from holdfast.testing.plain_copies import Rng, drawn, filler, reshot, sized, trued, usual
from holdfast.testing.reels import is_audible

KINDS = {
    "part": "",
    "logo": "logosub",
    "crop": "crop15",
    "bars": "boxed",
    "speed": "speed104",
    "mirror": "mirror",
    "phone": "camphone",
    "low": "reenc240",
    "sound": "audio_only",
    "insert": "",
}
COUNTS = (3, 5, 2, 4, 6)  # of copies, in turn
FINE = Encoding(options={"preset": "veryfast", "crf": "14"}, audio_bit_rate=192_000)


@dataclass(frozen=True)
class LostWork:
    """A work, its copies, and the footage that was put into some of them."""

    path: Path
    rate: Fraction
    duration: Fraction
    copies: tuple[MadeCopy, ...]
    folder: Path
    fillers: tuple[Path, ...]

    def copy_path(self, copy: MadeCopy) -> Path:
        """Where a copy lies."""
        return self.folder / copy.file

    @property
    def kinds(self) -> str:
        return " ".join(copy.kind for copy in self.copies)


def lost_works(
    clips: Path | None, count: int, seed: int, kinds: Sequence[str], seconds: int, folder: Path
) -> Iterator[LostWork]:
    """So many works, made films and real clips in turn (made ones only without a folder of clips)."""
    folder.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng((seed, 0x10E7))
    filler = write_film(film_plan(900 + seed, 12, (480, 270)), folder / "filler.mp4", tags={"title": ""})
    about = Film(filler)
    real = _clips(clips, rng)
    pack: list[str] = []
    for number in range(count):
        path = folder / f"work {number}.mp4"
        film = None
        while number % 2 and real and film is None:
            film = _moving(_written(real.pop(), seconds, path))
        if film is None:
            write_film(film_plan(1000 * (seed + 1) + number, seconds, (480, 270)), path, tags={"title": ""})
            film = Film(path)
        heap = folder / f"copies {number}"
        heap.mkdir()
        hand: list[str] = []
        while len(hand) < COUNTS[number % len(COUNTS)]:
            pack = pack or [kinds[each] for each in rng.permutation(len(kinds))]
            kind = pack.pop()
            if kind != "sound" or is_audible(film.sound):
                hand.append(kind)
            elif len(kinds) == 1:
                raise SystemExit(f"{path.name} has no sound to copy")
        if hand.count("sound") == len(hand):
            hand[0] = "part"
        material = Material((film,), (about,))
        copies = tuple(
            _made(kind, material, seed * 1000 + number * 10 + n, heap, f"w{number} {n} {kind}")
            for n, kind in enumerate(hand)
        )
        yield LostWork(path, film.reel.rate, film.reel.duration, copies, heap, (filler,))


def _clips(clips: Path | None, rng: Rng) -> list[Path]:
    """Works of the corpus, in an order of the dice's."""
    if clips is None or not clips.is_dir():
        return []
    doubles = {name for names in pools.FAMILIES for name in names[1:]}
    others = {*doubles, *pools.FILLERS, *pools.SLIDES}
    found = [path for path in sorted(clips.iterdir()) if path.suffix in (".mp4", ".webm") and path.name not in others]
    return [found[each] for each in rng.permutation(len(found))]


def _moving(path: Path) -> Film | None:
    """The film, if most of its moments differ from the next: of others nobody can tell which frame is shown."""
    film = Film(path)
    still = count = 0
    for at in np.arange(0.5, float(film.reel.duration) - 0.7, 0.7).tolist():
        small = [film.reel.picture(Fraction(time))[::4, ::4].mean(axis=2) for time in (at, at + 0.16)]
        still, count = still + (float(np.abs(small[1] - small[0]).mean()) < 1.0), count + 1
    return film if still * 2 < count else None


def _written(clip: Path, seconds: int, path: Path) -> Path:
    """The first so many seconds of a clip, no more than 270 lines high, 25 frames a second unless it has fewer."""
    film = Film(clip)
    rate = film.reel.rate.limit_denominator(1001)
    rate = rate if 8 <= rate <= 30 else Fraction(25)
    length = Fraction(int(min(Fraction(seconds), film.reel.duration) * rate)) / rate
    recipe = Recipe([Shot(film, Fraction(0), length)], sized(film.reel.size, 270), rate, encoding=FINE)
    return write_copy(recipe, path.with_suffix(""))


def _made(kind: str, material: Material, seed: int, folder: Path, stem: str) -> MadeCopy:
    if KINDS[kind]:
        made = make_copy(KINDS[kind], material, seed, folder, stem)
        return MadeCopy(made.file, kind, seed, made.segments, made.strengths)
    rng = seeded_for(kind, seed)
    recipe = _part(material, rng) if kind == "part" else _inserted(material, rng)
    path = write_copy(recipe, folder / stem)
    return MadeCopy(path.name, kind, seed, truth_of(recipe, path), recipe.strengths)


def _part(material: Material, rng: Rng) -> Recipe:
    film = material.works[0]
    whole = float(film.reel.duration)
    length = drawn(rng, whole / 3, whole * 2 / 3, 2)
    return reshot(usual(material, rng), [_shot(film, drawn(rng, 0, whole - length), length)])


def _inserted(material: Material, rng: Rng) -> Recipe:
    """All of it: but in the middle 2 to 4 s of something else, and up to 2 s of the work gone."""
    film = material.works[0]
    whole = float(film.reel.duration)
    first = drawn(rng, whole * 0.35, whole * 0.55, 2)
    again = first + (drawn(rng, 0.5, 2, 2) if rng.random() < 0.5 else 0.0)
    other = filler(material, rng, Fraction(drawn(rng, 2, 4, 2)).limit_denominator(100), heard=True)
    shots = [_shot(film, 0, first), other, _shot(film, again, whole - again - 0.1)]
    return trued(reshot(usual(material, rng), shots))


def _shot(film: Film, start: float, length: float) -> Shot:
    return Shot(film, Fraction(round(start * 1000), 1000), Fraction(round(length * 1000), 1000), work=film.name)
