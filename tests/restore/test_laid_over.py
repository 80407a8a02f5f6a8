"""Of two pictures that differ, the one that something lies over is known by the edges of what lies there."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
import pytest

from holdfast.restore.laid_over import edged, things

HIGH, WIDE = 144, 256
Plane = np.ndarray
Make, Change = Callable[[], Plane], Callable[[Plane], Plane]


def calm() -> Plane:
    """Slopes of brightness and a little grain, as a sky has them."""
    rng = np.random.default_rng(2)
    slope = cv2.resize(rng.uniform(60, 190, (3, 4)).astype(np.float32), (WIDE, HIGH), interpolation=cv2.INTER_CUBIC)
    return slope + cv2.GaussianBlur(rng.normal(0, 12, slope.shape).astype(np.float32), (0, 0), 1.0)


def busy() -> Plane:
    """Windows of a house: edges everywhere."""
    made = calm()
    for top in range(4, HIGH, 14):
        for left in range(4, WIDE, 12):
            cv2.rectangle(made, (left, top), (left + 6, top + 8), 40.0, -1)
    return made


def lettered(plane: Plane, text: str = "and then the river") -> Plane:
    made = np.clip(plane, 0, 255).astype(np.uint8)
    for ink, width in ((0, 4), (250, 1)):
        cv2.putText(made, text, (20, 128), cv2.FONT_HERSHEY_SIMPLEX, 0.6, (ink, ink, ink), width)
    return made.astype(np.float32)


def plate(plane: Plane) -> Plane:
    made = plane.copy()
    cv2.rectangle(made, (180, 12), (240, 40), 130.0, -1)
    return made


def apart(one: Plane, other: Plane) -> np.ndarray:
    return cv2.GaussianBlur(np.abs(one - other), (0, 0), 1.2) > 12


@pytest.mark.parametrize(("scene", "over"), [(calm, lettered), (busy, lettered), (calm, plate)])
def test_the_copy_with_letters_or_a_logo_is_blamed_whichever_stands_first(scene: Make, over: Change) -> None:
    clean, covered = scene(), over(scene())
    differs = apart(clean, covered)

    first, second = edged(differs, covered, clean)
    assert (first & differs).sum() > 0.95 * differs.sum()
    assert not second.any()

    first, second = edged(differs, clean, covered)
    assert (second & differs).sum() > 0.95 * differs.sum()
    assert not first.any()


def test_a_sharp_picture_is_not_blamed_for_what_a_soft_one_has_lost() -> None:
    sharp = busy()
    soft = cv2.GaussianBlur(sharp, (0, 0), 2.0)
    first, second = edged(apart(sharp, soft), sharp, soft)
    assert apart(sharp, soft).any()
    assert not first.any()
    assert not second.any()


def test_a_difference_without_an_edge_of_either_is_nobodys() -> None:
    plane = calm()
    across = np.linspace(0, 1, WIDE, dtype=np.float32)[None]
    first, second = edged(apart(plane, plane + 60 * across), plane, plane + 60 * across)
    assert first.mean() < 0.02
    assert second.mean() < 0.02


def test_a_flat_plate_among_edges_may_be_anybodys() -> None:
    first, second = edged(apart(busy(), plate(busy())), busy(), plate(busy()))
    assert not first.any()
    assert not second.any()


def test_each_of_two_is_blamed_for_what_lies_over_it_alone() -> None:
    one, other = lettered(calm()), plate(calm())
    first, second = edged(apart(one, other), one, other)
    assert first[100:].any()
    assert not first[:60].any()
    assert second[:60].any()
    assert not second[100:].any()


def test_letters_of_a_line_are_one_thing_and_a_logo_is_another() -> None:
    clean = calm()
    count, labels = things(apart(plate(lettered(clean, "riverriver")), clean))
    assert count == 2
    assert len(np.unique(labels)) == 3


def test_where_nothing_differs_nothing_lies_over_anybody() -> None:
    first, second = edged(np.zeros((HIGH, WIDE), bool), calm(), calm())
    assert not first.any()
    assert not second.any()
