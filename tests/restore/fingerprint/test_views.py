"""Which windows are hashed, and which hashes are kept."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from holdfast.model.fingerprint import View
from holdfast.restore.fingerprint import pdq
from holdfast.restore.fingerprint.views import Hashed, ViewKeeper, windows_of
from holdfast.testing.films import film_plan

WHOLE = (0.0, 0.0, 1.0, 1.0)


def pictures(seed: int, numbers: range) -> np.ndarray:
    plan = film_plan(seed, 6, (128, 128), grain=0)
    return np.stack([plan.frame(number)[..., 1] for number in numbers])


def stretch(thumbs: np.ndarray, first_us: int = 0, step_us: int = 200_000) -> Hashed:
    return Hashed.of(first_us + step_us * np.arange(len(thumbs), dtype=np.int64), thumbs)


def test_a_wide_picture_has_an_upright_and_a_four_to_three_window() -> None:
    windows = windows_of(WHOLE, 16 / 9)
    assert set(windows) == {View.CENTER, View.TALL, View.FOUR_THREE}
    assert windows[View.CENTER] == pytest.approx((0.1, 0.1, 0.9, 0.9))
    assert windows[View.FOUR_THREE] == pytest.approx((0.125, 0, 0.875, 1))
    left, _, right, _ = windows[View.TALL]
    assert (right - left) * 16 / 9 == pytest.approx(9 / 16)


def test_a_narrow_picture_has_a_wide_window() -> None:
    windows = windows_of(WHOLE, 4 / 3)
    assert set(windows) == {View.CENTER, View.TALL, View.WIDE}
    assert windows[View.WIDE] == pytest.approx((0, 0.125, 1, 0.875))


def test_a_picture_as_wide_as_those_of_the_cinema_has_the_window_of_a_television() -> None:
    windows = windows_of(WHOLE, 2.4)
    assert set(windows) == {View.CENTER, View.TALL, View.FOUR_THREE, View.WIDE}
    left, top, right, bottom = windows[View.WIDE]
    assert (top, bottom) == (0, 1)
    assert (right - left) * 2.4 == pytest.approx(16 / 9)


def test_windows_lie_in_the_active_picture_and_have_its_shape() -> None:
    windows = windows_of((0.125, 0.0, 0.875, 1.0), 16 / 9)
    assert View.FOUR_THREE not in windows
    assert windows[View.CENTER] == pytest.approx((0.2, 0.1, 0.8, 0.9))


def test_a_picture_that_stands_is_kept_often_enough_to_hold() -> None:
    keeper = ViewKeeper(4 / 3)
    keeper.take(stretch(np.repeat(pictures(3, range(40, 41)), 15, axis=0)))
    track = keeper.track()
    whole = track.times[track.views == View.WHOLE]
    assert whole.tolist() == [0, 1_600_000, 2_800_000]
    assert set(track.views.tolist()) >= {View.WHOLE, View.CENTER, View.TALL}
    assert (np.diff(track.times) >= 0).all()


def test_a_picture_that_changes_is_kept_more_often_than_its_windows() -> None:
    keeper = ViewKeeper(4 / 3)
    scenes = [pictures(seed, range(40, 41)) for seed in (3, 4)]
    keeper.take(stretch(np.concatenate([*scenes] * 5)))
    counts = np.bincount(keeper.track().views, minlength=6)
    assert counts[View.WHOLE] == 10
    assert counts[View.CENTER] == 2


def test_flat_pictures_leave_no_rows() -> None:
    keeper = ViewKeeper()
    keeper.take(stretch(np.full((5, 128, 128), 40, np.uint8)))
    assert len(keeper.track()) == 0


def test_the_active_picture_with_bars_is_hashed_as_the_picture_without() -> None:
    plain = pictures(3, range(40, 80, 8))
    barred = np.full_like(plain, 16)
    for row, picture in zip(barred, plain, strict=True):
        row[16:112] = cv2.resize(picture, (128, 96), interpolation=cv2.INTER_AREA)
    made = stretch(barred)
    assert made.box == pytest.approx((0, 0.125, 1, 0.875), abs=0.01)
    inside = pdq.hashes(pdq.coefficients(made.part(made.box, np.arange(5))))
    assert np.median(pdq.distance(inside, stretch(plain).bits)) <= 16


def test_a_stretch_that_does_not_tell_keeps_the_box_before() -> None:
    before = (0.0, 0.125, 1.0, 0.875)
    black = np.full((3, 128, 128), 16, np.uint8)
    assert Hashed.of(np.arange(3, dtype=np.int64), black, before).box == before
