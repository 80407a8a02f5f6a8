"""Altered copies of films, with exact truth: what each second of the copy shows, how fast, turned how, and where.

    made = make_copy("camphone", Material((film,), fillers), seed=1, folder=folder)
    made.file, made.segments[0].copy, made.segments[0].asset     # microseconds

Rules:
1. The same films, class and seed give the same copy, byte for byte with the same FFmpeg.
2. A copy has at most 480 lines and 60 s. Most begin somewhere inside the work.
3. Truth is what was done, not what was measured: a copy is planned as a row of `Shot`s (`Recipe`), each a linear map
   from copy time to the time of a film, and the alterations know where they put the picture. Times are those of
   `holdfast.media.decode.Master` on the finished file, where the first picture need not stand at 0.
4. A copy's frame shows what the film shows at the mapped moment, so truth is exact to the copy's frame. Sound is
   heard at the same times, but up to 25 ms late in containers that do not tell of an encoder's delay (MP3 in AVI).

The classes are in `holdfast.testing.copy_classes`.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from holdfast.media.decode import Master, Picture
from holdfast.media.sound import RATE
from holdfast.media.write import AudioSettings, MediaWriter, VideoSettings
from holdfast.testing.alterations import Alteration, Matrix, Pixels, Placed, Size, size_of
from holdfast.testing.reels import Reel, Samples, is_audible, sound_of, stretch
from holdfast.testing.resounding import resampled, stretched

MICRO = 1_000_000
Corners = tuple[tuple[float, float], ...]


class Film:
    """A film that copies are made from: its pictures and, once asked for, its sound."""

    def __init__(self, path: Path, name: str = "") -> None:
        self.path = path
        self.name = name or path.name
        self.reel = Reel(path)
        self._sound: Samples | None = None

    @property
    def sound(self) -> Samples:
        """All of it, (2, n) float32 at 48 kHz."""
        if self._sound is None:
            self._sound = sound_of(self.path)
        return self._sound


@dataclass(frozen=True)
class Material:
    """Works that a copy shows (most classes show the first only) and films that are about them."""

    works: tuple[Film, ...]
    fillers: tuple[Film, ...] = ()


@dataclass(frozen=True)
class Shot:
    """`length` seconds of a copy that show `film` from `start` on, at `rate` seconds of it a second.

    `work` is the name under which truth knows the film, "" for a filler. `asset` is where `start` lies in the work,
    if the film is itself a copy of it.
    """

    film: Film
    start: Fraction
    length: Fraction
    rate: Fraction = Fraction(1)
    work: str = ""
    asset: Fraction | None = None

    @property
    def end(self) -> Fraction:
        """Where it ends in the film."""
        return self.start + self.rate * self.length


@dataclass(frozen=True)
class Encoding:
    """How a copy is written. Without `video` it has no picture, without `audio` no sound; `.jpg` is a still."""

    suffix: str = ".mp4"
    video: str = "libx264"
    options: dict[str, str] = field(default_factory=lambda: {"preset": "veryfast", "crf": "27"})
    bit_rate: int | None = None
    audio: str = "aac"
    audio_bit_rate: int | None = 96_000
    sample_rate: int = RATE
    layout: str = "stereo"


@dataclass
class Recipe:
    """Everything that makes a copy.

    `inner` happens to pictures of works, then every picture is brought to `size` (with bars where it must), then
    `outer` happens to all. `sounds` are the shots that are heard, those of the picture if None; `resound` changes the
    whole sound. `keeps_pitch` stretches instead of playing faster. `before` is the recipe of the film that is
    copied, if that is a copy already.
    """

    shots: list[Shot]
    size: Size
    rate: Fraction
    inner: list[Alteration] = field(default_factory=list)
    outer: list[Alteration] = field(default_factory=list)
    sounds: list[Shot] | None = None
    resound: Callable[[Samples], Samples] | None = None
    keeps_pitch: bool = False
    mirrored: bool = False
    rotation: int = 0
    encoding: Encoding = field(default_factory=Encoding)
    strengths: dict[str, Any] = field(default_factory=dict)
    before: Recipe | None = None


@dataclass(frozen=True)
class TrueSegment:
    """One stretch of a copy that shows or lets hear one stretch of a work; all times in microseconds.

    `rate` is an exact ratio as text ("26/25"). `rotation` is clockwise degrees by which the copy's picture was turned,
    after `mirrored`. `corners` are where the work's four corners lie in the copy's picture (shares, clockwise from
    the work's upper left), None without a picture.
    """

    work: str
    copy: tuple[int, int]
    asset: tuple[int, int]
    rate: str
    mirrored: bool
    rotation: int
    seen: bool
    heard: bool
    corners: Corners | None


@dataclass(frozen=True)
class MadeCopy:
    """A finished copy and the truth about it."""

    file: str
    kind: str
    seed: int
    segments: tuple[TrueSegment, ...]
    strengths: dict[str, Any]

    def as_json(self) -> dict[str, Any]:
        """For `truth.json`; `class` is the kind."""
        facts = asdict(self)
        return {"file": facts.pop("file"), "class": facts.pop("kind"), **facts}


Class = Callable[[Material, np.random.Generator], Recipe]


def make_copy(kind: str, material: Material, seed: int, folder: Path, stem: str = "") -> MadeCopy:
    """Make a copy of a class (a key of `copy_classes.CLASSES`) in `folder`, named `stem`, and say what it shows.

    Raises:
        KeyError: there is no such class.
        ValueError: the material does not fit it: too few works or fillers, or no picture or sound where it needs one.
    """
    from holdfast.testing.copy_classes import CLASSES
    from holdfast.testing.harder_copies import second_generation

    rng = seeded_for(kind, seed)
    recipe = CLASSES[kind](material, rng)
    stem = stem or f"{kind}_{seed}"
    if kind == "twogen":
        between = write_copy(recipe, folder / f"{stem}.between")
        recipe = second_generation(Film(between), recipe, rng)
        try:
            path = write_copy(recipe, folder / stem)
        finally:
            between.unlink()
    else:
        path = write_copy(recipe, folder / stem)
    return MadeCopy(path.name, kind, seed, truth_of(recipe, path), recipe.strengths)


def seeded_for(kind: str, seed: int) -> np.random.Generator:
    """The dice of this class and seed."""
    return np.random.default_rng((seed, zlib.crc32(kind.encode())))


def write_copy(recipe: Recipe, stem: Path) -> Path:
    """The file of a recipe: `stem` and the suffix of its encoding."""
    encoding = recipe.encoding
    path = stem.with_name(stem.name + encoding.suffix)
    if encoding.suffix == ".jpg":
        Image.fromarray(_picture(recipe, Fraction(0), 0)).save(path, quality=int(encoding.options["quality"]))
        return path
    length = sum((shot.length for shot in recipe.shots), Fraction(0))
    sound = sound_track(recipe) if encoding.audio else None
    with MediaWriter(path) as writer:
        pictures = sounds = None
        if encoding.video:
            settings = VideoSettings(
                encoding.video, recipe.size, recipe.rate, options=encoding.options, bit_rate=encoding.bit_rate
            )
            pictures = writer.add_video(settings)
        if sound is not None:
            sounds = writer.add_audio(
                AudioSettings(encoding.audio, encoding.sample_rate, encoding.layout, encoding.audio_bit_rate)
            )
        for number in range(round(length * recipe.rate)):
            at = number / recipe.rate
            if pictures:
                pictures.write(_picture(recipe, at, number))
            if sounds and sound is not None:
                first, last = (round(moment * encoding.sample_rate) for moment in (at, at + 1 / recipe.rate))
                sounds.write(sound[:, first:last])
    return path


def sound_track(recipe: Recipe) -> Samples | None:
    """The finished sound in the encoding's rate and channels; None when all its shots are without sound."""
    shots = recipe.shots if recipe.sounds is None else recipe.sounds
    if not any(shot.film.sound.shape[1] for shot in shots):
        return None
    pieces, at = [], Fraction(0)
    for shot in shots:
        count = round((at + shot.length) * RATE) - round(at * RATE)
        pieces.append(_played(shot, count, keeps_pitch=recipe.keeps_pitch))
        at += shot.length
    whole = np.concatenate(pieces, axis=1)
    if recipe.resound is not None:
        whole = recipe.resound(whole)
    other = recipe.encoding.sample_rate
    if other != RATE:
        whole = resampled(whole, RATE / other, round(at * other))
    return whole.mean(axis=0, keepdims=True) if recipe.encoding.layout == "mono" else whole


def truth_of(recipe: Recipe, path: Path) -> tuple[TrueSegment, ...]:
    """What the finished file shows, in its order."""
    encoding = recipe.encoding
    is_still = encoding.suffix == ".jpg"
    first = Fraction(0) if is_still or not encoding.video else _first_picture(path)
    found, at = [], first
    for number, shot in enumerate(recipe.shots):
        begin = shot.start if shot.asset is None else shot.asset
        length = Fraction(0) if is_still else shot.length
        if shot.work:
            heard = bool(encoding.audio) and _is_heard(recipe, number)
            corners = _corners(recipe, shot.film) if encoding.video else None
            found.append(
                TrueSegment(
                    work=shot.work,
                    copy=(round(at * MICRO), round((at + length) * MICRO)),
                    asset=(round(begin * MICRO), round((begin + shot.rate * length) * MICRO)),
                    rate=str(shot.rate),
                    mirrored=recipe.mirrored,
                    rotation=recipe.rotation,
                    seen=corners is not None,
                    heard=heard,
                    corners=corners,
                )
            )
        at += shot.length
    return tuple(found)


def _picture(recipe: Recipe, at: Fraction, number: int) -> Pixels:
    shot = recipe.shots[-1]
    for each in recipe.shots:
        shot = each
        if at < each.length:
            break
        at -= each.length
    picture = shot.film.reel.picture(shot.start + shot.rate * at)
    for change in recipe.inner if shot.work else ():
        picture = change(picture, number)
    if size_of(picture) != recipe.size:
        picture = Placed(recipe.size, cover=not shot.work)(picture, number)
    for change in recipe.outer:
        picture = change(picture, number)
    return picture


def _corners(recipe: Recipe, film: Film) -> Corners:
    changes: list[Alteration] = []
    if recipe.before is not None:
        film = recipe.before.shots[0].film
        changes += [*recipe.before.inner, Placed(recipe.before.size), *recipe.before.outer]
    matrix, size = np.eye(3), film.reel.size
    for change in [*changes, *recipe.inner, Placed(recipe.size), *recipe.outer]:
        matrix, size = change.matrix(size) @ matrix, change.size_of(size)
    return tuple(_through(matrix, x, y) for x, y in ((0, 0), (1, 0), (1, 1), (0, 1)))


def _through(matrix: Matrix, x: float, y: float) -> tuple[float, float]:
    across, down, scale = (matrix @ np.array([x, y, 1.0])).tolist()
    return round(across / scale, 5), round(down / scale, 5)


def _played(shot: Shot, count: int, *, keeps_pitch: bool = False) -> Samples:
    piece = stretch(shot.film.sound, shot.start, shot.end)
    if shot.rate == 1:
        return stretch(shot.film.sound, shot.start, shot.start + Fraction(count, RATE))
    return (stretched if keeps_pitch else resampled)(piece, float(shot.rate), count)


def _is_heard(recipe: Recipe, number: int) -> bool:
    """Whether this shot's film is what is heard while it is seen, and more than silence."""
    shot = recipe.shots[number]
    if recipe.sounds is not None and (len(recipe.sounds) <= number or recipe.sounds[number].film is not shot.film):
        return False
    return is_audible(stretch(shot.film.sound, shot.start, shot.end))


def _first_picture(path: Path) -> Fraction:
    with Master(path) as master:
        return next((each.time for each in master.moments() if isinstance(each, Picture)), Fraction(0))
