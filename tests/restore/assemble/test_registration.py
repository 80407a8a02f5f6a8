"""Pictures are laid on each other to a fraction of a pixel, and the same frame is found among its neighbours."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from holdfast.restore.assemble.registration import Pair, best_shift, likeness_of_shifts, registered, tells_of_time
from tests.restore.assemble.drifting import coded, lettered, with_logo

SIZE = (320, 180)


def scenery(seed: int) -> np.ndarray:
    rng = np.random.default_rng(seed)
    fine = cv2.GaussianBlur(rng.normal(0, 1, (180, 320)).astype(np.float32), (0, 0), 2)
    coarse = cv2.GaussianBlur(rng.normal(0, 1, (180, 320)).astype(np.float32), (0, 0), 12)
    return np.asarray(np.clip(128 + 220 * fine + 700 * coarse, 0, 255), np.uint8)


def moved(picture: np.ndarray, matrix: np.ndarray, seed: int) -> np.ndarray:
    there = cv2.warpAffine(picture, matrix[:2], SIZE, flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REFLECT)
    noisy = there + np.random.default_rng(seed).normal(0, 3, there.shape)
    return np.asarray(np.clip(noisy, 0, 255), np.uint8)


def pairs(matrix: np.ndarray) -> list[Pair]:
    full = np.full((180, 320), 255, np.uint8)
    return [Pair(scenery(seed), moved(scenery(seed), matrix, seed + 50), full) for seed in range(3)]


@pytest.mark.parametrize(
    "matrix",
    [
        np.array([[1, 0, 1.4], [0, 1, -0.7], [0, 0, 1.0]]),
        np.array([[1.01, 0.002, -2.2], [-0.003, 0.99, 1.6], [0, 0, 1.0]]),
    ],
)
def test_a_shift_and_a_turn_are_found_to_a_tenth_of_a_pixel(matrix: np.ndarray) -> None:
    found = registered(pairs(matrix))
    assert found is not None
    corners = np.array([[0, 0, 1], [320, 0, 1], [0, 180, 1], [320, 180, 1.0]]).T
    assert np.abs((found @ corners - matrix @ corners)[:2]).max() < 0.15


def test_pictures_in_their_place_are_left_there() -> None:
    assert registered(pairs(np.eye(3))) is None


def test_different_pictures_and_flat_ones_cannot_be_registered() -> None:
    full = np.full((180, 320), 255, np.uint8)
    assert registered([Pair(scenery(1), scenery(2), full)]) is None
    assert registered([Pair(np.full((180, 320), 90, np.uint8), scenery(2), full)]) is None
    assert registered([]) is None


def test_detail_tells_a_frame_from_another_wherever_it_lies() -> None:
    full = np.full((180, 320), 255, np.uint8)
    here = scenery(1)
    aside = np.array([[1, 0, 2.4], [0, 1, -1.3], [0, 0, 1.0]])
    half = np.where(np.arange(320) < 160, here, scenery(2)).astype(np.uint8)
    row = likeness_of_shifts([Pair(here, moved(each, aside, 9), full) for each in (half, here, scenery(3))])
    assert all(each is not None for each in row)
    assert row[1] > 0.9 > row[0] > row[2]
    assert likeness_of_shifts([Pair(here, here, np.zeros_like(full))] * 3) == [None, None, None]


def test_a_small_thing_that_moves_tells_the_frame_beside_what_stands_still_and_what_lies_over() -> None:
    def shown(number: int) -> np.ndarray:
        picture = cv2.cvtColor(scenery(1), cv2.COLOR_GRAY2RGB)
        cv2.circle(picture, (60 + 3 * number, 90), 16, (40, 40, 40), -1)
        return np.asarray(picture, np.uint8)

    full = np.full((180, 320), 255, np.uint8)
    ours = cv2.cvtColor(shown(5), cv2.COLOR_RGB2GRAY)
    theirs = [
        cv2.cvtColor(
            coded(lettered(with_logo(shown(number), 250, 8), number), 30 + 5 * (number % 3)), cv2.COLOR_RGB2GRAY
        )
        for number in range(4, 9)  # it is a frame late
    ]
    row = likeness_of_shifts([Pair(np.asarray(ours, np.uint8), np.asarray(each, np.uint8), full) for each in theirs])
    assert tells_of_time(row)
    best = max(range(5), key=lambda shift: row[shift] or 0)
    assert best == 1
    assert (row[1] or 0) > max(row[0] or 0, row[2] or 0) + 0.02


def test_the_shift_that_most_moments_speak_for_is_chosen() -> None:
    assert best_shift([[0.5, 0.6, 0.7, 0.9, 0.6], [0.4, 0.5, 0.8, 0.95, 0.7]]) == 3
    assert best_shift([[0.98, 0.99, 0.9950, 0.9958, 0.99]]) == 2
    assert best_shift([[None, 0.2, 0.3, 0.9, 0.1], [0.5, 0.6, 0.9, 0.7, 0.6]]) == 2
    assert best_shift([]) == 0


def test_moments_that_are_dark_or_still_or_alone_do_not_move_a_copy_in_time() -> None:
    moves, still, dark = [0.5, 0.6, 0.7, 0.9, 0.6], [0.827, 0.828, 0.828, 0.828, 0.827], [0.18, 0.17, 0.16, 0.11, 0.05]
    assert [tells_of_time(row) for row in (moves, still, dark, [*moves[:4], None])] == [True, False, False, False]
    assert best_shift([moves]) == 2
    assert best_shift([moves, still, dark, still, dark]) == 2
    assert best_shift([moves, still, dark, moves]) == 3
    assert best_shift([moves, moves[::-1], moves[::-1]]) == 2
