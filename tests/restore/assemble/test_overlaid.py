"""What lies over copies for long is remembered, and held against those over which it lies."""

from __future__ import annotations

import numpy as np

from holdfast.restore.assemble.overlaid import Overlaid
from holdfast.restore.assemble.view import View
from tests.restore.assemble.drifting import FULL, Pixels, coded, lettered, moment, with_logo

TOLERANCE = (8.0, 1.0)
MOMENTS = range(2, 40, 4)


def remembered(*copies: list[Pixels]) -> tuple[np.ndarray | None, ...]:
    memory = Overlaid()
    for pictures in zip(*copies, strict=True):
        memory.seen([View("abc"[n], each, FULL) for n, each in enumerate(pictures)], TOLERANCE)
    return memory.over("abc"[: len(copies)])


def clean(quality: int) -> list[Pixels]:
    return [coded(moment(number), quality) for number in MOMENTS]


def test_under_letters_that_change_the_copy_without_any_is_not_the_overlaid_one() -> None:
    subtitled = [coded(lettered(moment(number), number), 55) for number in MOMENTS]
    first, second = remembered(clean(45), subtitled)
    assert first is None
    assert second is not None
    assert second[150:168, 80:200].mean() > 0.8
    assert not second[:130].any()


def test_two_logos_in_one_corner_are_both_seen_beside_a_copy_without() -> None:
    one = [coded(with_logo(moment(number), 240, 8), 60) for number in MOMENTS]
    other = [coded(with_logo(moment(number), 225, 14), 50) for number in MOMENTS]
    first, second, third = remembered(one, other, clean(40))
    assert first is not None
    assert second is not None
    assert first[10:30, 245:295].all()
    assert second[16:36, 230:280].all()
    assert third is None


def test_nothing_is_said_after_a_few_moments_or_of_copies_that_agree() -> None:
    assert remembered([with_logo(moment(2), 8, 8)] * 4, [moment(2)] * 4) == (None, None)
    assert remembered(clean(60), clean(50)) == (None, None)


def test_it_does_not_matter_which_of_two_was_chosen() -> None:
    memory = Overlaid()
    logo = [View("b", coded(with_logo(moment(n), 8, 8), 55), FULL) for n in MOMENTS]
    other = [View("a", each, FULL) for each in clean(50)]
    for number, pair in enumerate(zip(logo, other, strict=True)):
        memory.seen(pair if number % 2 else pair[::-1], TOLERANCE)
    over, free = memory.over(["b", "a"])
    assert over is not None
    assert free is None
    assert memory.over(["c", "a"]) == (None, None)


def test_a_plate_over_what_is_busier_than_it_is_known_by_what_stays_when_all_moments_are_laid_together() -> None:
    def branches(number: int) -> Pixels:
        twigs = np.kron(np.random.default_rng(7).integers(0, 2, (33, 60)), np.ones((6, 6))) * 130 + 60
        return np.repeat(np.roll(twigs, -5 * number, axis=1)[:180, :320, None], 3, axis=2).astype(np.uint8)

    def plated(number: int) -> Pixels:
        picture = branches(number)
        plate = picture[20:70, 40:140].astype(np.float32)
        picture[20:70, 40:140] = (plate + (np.array([200, 30, 40]) - plate) * 0.85).round().astype(np.uint8)
        return picture

    bare = [coded(branches(number), 50) for number in MOMENTS]
    first, second = remembered(bare, [coded(plated(number), 60) for number in MOMENTS])
    assert first is None
    assert second is not None
    assert second[26:64, 46:134].mean() > 0.9
