"""Every class makes a recipe that can be followed: the same for the same dice, and within its films.

No film is read here: what copies look like is in `test_copies`.
"""

from __future__ import annotations

from fractions import Fraction
from types import SimpleNamespace

import numpy as np
import pytest

from holdfast.testing.copies import Film, Material, Recipe
from holdfast.testing.copy_classes import CLASSES, TIER_1
from holdfast.testing.harder_copies import TIER_2
from holdfast.testing.resounding import RATE


class Imagined(Film):
    """A film that nobody made: of this length and size, with a lively picture and a tone."""

    def __init__(self, name: str, seconds: int, size: tuple[int, int] = (640, 360)) -> None:
        self.name = name
        picture = np.random.default_rng(1).integers(0, 256, (size[1], size[0], 3)).astype(np.uint8)
        self.reel = SimpleNamespace(
            duration=Fraction(seconds), size=size, rate=Fraction(25), picture=lambda _at: picture
        )
        self._sound = np.full((2, RATE // 5), 0.1, np.float32)


MATERIAL = Material(
    (Imagined("one", 90), Imagined("two", 40, (480, 360)), Imagined("three", 60)), (Imagined("other", 70),)
)


def recipe(kind: str, seed: int) -> Recipe:
    return CLASSES[kind](MATERIAL, np.random.default_rng(seed))


def facts(made: Recipe) -> tuple[object, ...]:
    shots = [(shot.work, shot.start, shot.length, shot.rate) for shot in made.shots]
    return shots, made.size, made.rate, made.strengths, made.encoding


def test_the_tiers_hold_every_class_and_share_none() -> None:
    assert not TIER_1.keys() & TIER_2.keys()
    assert CLASSES == TIER_1 | TIER_2


@pytest.mark.parametrize("kind", CLASSES)
def test_the_same_dice_give_the_same_recipe_and_others_another(kind: str) -> None:
    assert facts(recipe(kind, 1)) == facts(recipe(kind, 1))
    assert len({str(facts(recipe(kind, seed))) for seed in range(5)}) > 1


@pytest.mark.parametrize("kind", CLASSES)
def test_a_recipe_shows_a_work_and_stays_within_its_films(kind: str) -> None:
    for seed in range(5):
        made = recipe(kind, seed)
        assert any(shot.work for shot in made.shots)
        for shot in [*made.shots, *(made.sounds or [])]:
            assert shot.start >= 0
            assert shot.end <= shot.film.reel.duration + 1 / made.rate


@pytest.mark.parametrize("kind", CLASSES)
def test_a_recipe_gives_whole_frames_of_an_even_size(kind: str) -> None:
    made = recipe(kind, 3)
    if made.encoding.suffix != ".jpg":
        assert all((shot.length * made.rate).denominator == 1 for shot in made.shots)
        assert [side % 2 for side in made.size] == [0, 0]


@pytest.mark.parametrize("kind", ["mirror", "combo"])
def test_classes_that_mirror_say_so(kind: str) -> None:
    assert recipe(kind, 1).mirrored
    assert not recipe("reenc240", 1).mirrored


def test_a_reordered_copy_is_never_in_its_old_order() -> None:
    for seed in range(20):
        starts = [shot.start for shot in recipe("reorder", seed).shots]
        assert starts != sorted(starts)
