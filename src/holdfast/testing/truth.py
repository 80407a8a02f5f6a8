"""The known truth of a made film: its scenes, transitions, sounds and sentences, all exact, decided from a seed.

Nothing here draws or sounds. `plan_truth` decides; `films` makes pictures and samples of the decision. Scenes tile
the film without gap; every scene begins and ends on a frame. A transition belongs to the scene that it leads into
(or, for a fade to black, out of) and lies inside that scene; during a cross-fade the scene before goes on below.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

import numpy as np

from holdfast.model.time import Span
from holdfast.testing.scenes import PLACES, SceneKind
from holdfast.testing.sentences import LANGUAGES, SENTENCES, SPEAKERS, TITLES, in_language
from holdfast.testing.textures import seeded
from holdfast.testing.voices import natural_length


class Transition(StrEnum):
    """How a scene begins."""

    CUT = "cut"
    CROSS_FADE = "cross-fade"
    FROM_BLACK = "fade from black"


class SoundKind(StrEnum):
    """What is to be heard. Room tone lies under everything but silence; silence is exact zeros."""

    SPEECH = "speech"
    MUSIC = "music"
    ROOM_TONE = "room tone"
    TONE = "tone"
    SILENCE = "silence"


@dataclass(frozen=True)
class Strip:
    """A lower third: when it is to be seen, and what it says."""

    span: Span
    text: str


@dataclass(frozen=True)
class Scene:
    """One scene. `first` and `end` are frame numbers, [first, end); `span` is the same in seconds.

    `entry` lasts `entry_frames` from `first` on; the last `exit_frames` fade to black (0: they do not).
    """

    number: int
    kind: SceneKind
    seed: int
    first: int
    end: int
    span: Span
    entry: Transition = Transition.CUT
    entry_frames: int = 0
    exit_frames: int = 0
    lines: tuple[str, ...] = ()
    strip: Strip | None = None


@dataclass(frozen=True)
class Sound:
    """One sound event; events of different kinds may lie over each other. `text` is what is said, in `language`."""

    kind: SoundKind
    span: Span
    seed: int
    language: str = ""
    text: str = ""


@dataclass(frozen=True)
class Sentence:
    """Something said: when, in which language, and its text in all of `sentences.LANGUAGES`."""

    span: Span
    spoken: str
    texts: dict[str, str]


@dataclass(frozen=True)
class FilmTruth:
    """All that is known of a film. `titles` by language; `cuts` are the first frames of all scenes but the first."""

    titles: dict[str, str]
    language: str
    scenes: tuple[Scene, ...]
    sounds: tuple[Sound, ...]
    sentences: tuple[Sentence, ...]

    @property
    def cuts(self) -> tuple[int, ...]:
        """The first frame of every scene but the first, however the scene begins."""
        return tuple(scene.first for scene in self.scenes[1:])

    def scene_at(self, frame: int) -> Scene:
        """The scene that frame `frame` belongs to. Raises IndexError outside the film."""
        for scene in self.scenes:
            if scene.first <= frame < scene.end:
                return scene
        raise IndexError(f"no frame {frame} in a film of {self.scenes[-1].end}")


def plan_truth(
    seed: int,
    frame_count: int,
    rate: Fraction,
    *,
    kinds: tuple[SceneKind, ...] | None = None,
    language: str | None = None,
) -> FilmTruth:
    """Decide a film. `kinds` makes its scenes of these kinds in turn; otherwise a seed gives a varied order."""
    rng = seeded(seed, 10)
    title = TITLES[seed % len(TITLES)]
    spoken = language or LANGUAGES[int(rng.integers(len(LANGUAGES)))]
    bounds = _bounds(rng, frame_count, rate)
    names = [kinds[n % len(kinds)] for n in range(len(bounds))] if kinds else _kinds(rng, len(bounds))
    scenes = tuple(_scenes(rng, names, bounds, rate, in_language(title, "en")))
    sounds, sentences = _sounds(rng, scenes, spoken)
    titles = dict(zip(LANGUAGES, title, strict=True))
    return FilmTruth(titles, spoken, scenes, sounds, sentences)


def _bounds(rng: np.random.Generator, frame_count: int, rate: Fraction) -> list[tuple[int, int]]:
    """Where scenes begin and end: 1.6 to 6 s each, longer ones in longer films."""
    total = frame_count / rate
    longest = 3.2 if total < 30 else 6.0
    bounds, first = [], 0
    while first < frame_count:
        length = round(Fraction(float(rng.uniform(1.6, longest))).limit_denominator(1000) * rate)
        end = first + length
        if frame_count - end < rate:  # no scene of less than a second at the end
            end = frame_count
        bounds.append((first, end))
        first = end
    return bounds


def _kinds(rng: np.random.Generator, count: int) -> list[SceneKind]:
    """A title first where there is room for one, then places and people, now and then black or a test card."""
    names: list[SceneKind] = []
    for number in range(count):
        last = number == count - 1
        if number == 0 and count > 2:
            names.append(SceneKind.TITLE)
            continue
        rare = rng.random()
        choice = list(PLACES) + [SceneKind.PORTRAIT] * 2
        if 0.05 <= rare < 0.09 and not last:
            choice = [SceneKind.BLACK]
        elif rare < 0.05 and number > 1:
            choice = [SceneKind.TEST_CARD]
        elif rare > 0.95 and number > 2:
            choice = [SceneKind.TITLE]
        fresh = [kind for kind in choice if not names or kind is not names[-1]] or list(PLACES)
        names.append(fresh[int(rng.integers(len(fresh)))])
    return names


def _entries(rng: np.random.Generator, kinds: list[SceneKind]) -> list[Transition]:
    """How each scene begins. A black scene is cut to: it is the scene before that fades out."""
    entries: list[Transition] = []
    for number, kind in enumerate(kinds):
        roll = rng.random()
        from_black = number == 0 or kinds[number - 1] is SceneKind.BLACK
        if kind is SceneKind.BLACK or roll > (0.5 if from_black and number else 0.3 if number else 1.0):
            entries.append(Transition.CUT)
        elif from_black or roll > 0.22:
            entries.append(Transition.FROM_BLACK)
        else:
            entries.append(Transition.CROSS_FADE)
    return entries


def _scenes(
    rng: np.random.Generator, kinds: list[SceneKind], bounds: list[tuple[int, int]], rate: Fraction, title: str
) -> Iterator[Scene]:
    entries = _entries(rng, kinds)
    for number, (kind, entry, (first, end)) in enumerate(zip(kinds, entries, bounds, strict=True)):
        fade = min(round(rate * Fraction(2, 5)), (end - first) // 4)
        into_black = number + 1 == len(kinds) or kinds[number + 1] is SceneKind.BLACK
        fades_out = kind is not SceneKind.BLACK and (into_black or entries[number + 1] is Transition.FROM_BLACK)
        lines: tuple[str, ...] = ()
        if kind is SceneKind.TITLE:
            lines = (f"Part {number}",) if number else (title, "a made film")
        span = Span(first / rate, end / rate)
        yield Scene(
            number=number,
            kind=kind,
            seed=int(rng.integers(2**31)),
            first=first,
            end=end,
            span=span,
            entry=entry if fade else Transition.CUT,
            entry_frames=0 if entry is Transition.CUT else fade,
            exit_frames=fade if fades_out else 0,
            lines=lines,
            strip=_strip(rng, kind, span),
        )


def _strip(rng: np.random.Generator, kind: SceneKind, span: Span) -> Strip | None:
    wanted = rng.random() < (0.5 if kind is SceneKind.PORTRAIT else 0.12 if kind in PLACES else 0.0)
    text = SPEAKERS[int(rng.integers(len(SPEAKERS)))]
    if not wanted or span.duration < 2:
        return None
    return Strip(Span(span.start + Fraction(1, 2), span.end - Fraction(1, 2)), text)


def _sounds(
    rng: np.random.Generator, scenes: tuple[Scene, ...], spoken: str
) -> tuple[tuple[Sound, ...], tuple[Sentence, ...]]:
    sounds: list[Sound] = []
    sentences: list[Sentence] = []
    order = rng.permutation(len(SENTENCES))
    for scene in scenes:
        seed, roll = int(rng.integers(2**31)), rng.random()
        if scene.kind in (SceneKind.BLACK, SceneKind.TEST_CARD):
            kind = SoundKind.SILENCE if scene.kind is SceneKind.BLACK else SoundKind.TONE
            sounds.append(Sound(kind, scene.span, seed))
            continue
        sounds.append(Sound(SoundKind.ROOM_TONE, scene.span, seed))
        talks = scene.kind is SceneKind.PORTRAIT or (scene.kind in PLACES and roll < 0.45)
        if scene.kind is SceneKind.TITLE or roll > 0.35:
            sounds.append(Sound(SoundKind.MUSIC, scene.span, seed + 1))
        at, last = scene.span.start + Fraction(1, 4), scene.span.end - Fraction(1, 4)
        while talks and last - at >= 1:
            texts = dict(zip(LANGUAGES, SENTENCES[order[len(sentences) % len(order)]], strict=True))
            # A first sentence that does not fit is said faster; a further one waits for the next scene.
            need = natural_length(texts[spoken])
            if need > last - at and at > scene.span.start + Fraction(1, 4):
                break
            span = Span(at, min(last, at + need))
            sentences.append(Sentence(span, spoken, texts))
            sounds.append(Sound(SoundKind.SPEECH, span, seed + 2, spoken, texts[spoken]))
            at = span.end + Fraction(3, 10)
    return _joined(sounds), tuple(sentences)


def _joined(sounds: list[Sound]) -> tuple[Sound, ...]:
    """The same events in order of time, with music that goes on over a cut as one event."""
    done: list[Sound] = []
    for sound in sounds:
        earlier = [old for old in done if old.kind is SoundKind.MUSIC and old.span.end == sound.span.start]
        if sound.kind is SoundKind.MUSIC and earlier:
            old = earlier[-1]
            done[done.index(old)] = Sound(old.kind, Span(old.span.start, sound.span.end), old.seed)
        else:
            done.append(sound)
    return tuple(sorted(done, key=lambda event: (event.span.start, event.kind)))
