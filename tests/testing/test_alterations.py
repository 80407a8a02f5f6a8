"""What an alteration says of its geometry holds for its pixels, and a copy's frames may be asked in any order."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from holdfast.testing.alterations import (
    WHOLE,
    Alteration,
    Badge,
    Cast,
    Cropped,
    Gray,
    Lettered,
    Mirrored,
    Pixels,
    Placed,
    Scaled,
    Tilted,
    Turned,
    covering,
    into,
    size_of,
)

MOVING = {
    "nothing": Alteration(),
    "scaled": Scaled((200, 160)),
    "cropped": Cropped((0.1, 0.2, 0.85, 0.9)),
    "boxed": Placed((320, 240)),
    "inset": Placed((320, 180), (0.5, 0.1, 0.9, 0.5)),
    "covering": Placed((120, 200), cover=True),
    "mirrored": Mirrored(),
    "turned": Turned(1),
    "turned back": Turned(3),
    "tilted": Tilted(4.0, 1.1),
}
STANDING = [Gray(1.2, 10), Cast((1.1, 0.9, 0.8), 1.2, 0.5), Lettered("TV", subtitles=("a", "b")), Badge("1:23")]


def picture(seed: int = 1, size: tuple[int, int] = (320, 180)) -> Pixels:
    blots = np.random.default_rng(seed).integers(0, 256, (9, 16, 3)).astype(np.uint8)
    return np.asarray(cv2.resize(blots, size, interpolation=cv2.INTER_CUBIC))


def red(_number: int) -> Pixels:
    return np.full((90, 160, 3), (255, 0, 0), np.uint8)


@pytest.mark.parametrize("change", MOVING.values(), ids=MOVING)
def test_the_matrix_of_an_alteration_says_where_its_pixels_went(change: Alteration) -> None:
    before = picture()
    after = change(before, 0)
    assert size_of(after) == change.size_of(size_of(before))
    wide, high = size_of(after)
    shares = np.diag([1 / before.shape[1], 1 / before.shape[0], 1])
    in_pixels = np.diag([wide, high, 1]) @ change.matrix(size_of(before)) @ shares
    expected = cv2.warpPerspective(before, in_pixels, (wide, high)).astype(int)
    is_there = cv2.erode(cv2.warpPerspective(np.ones((180, 320), np.uint8), in_pixels, (wide, high)), np.ones((9, 9)))
    assert is_there.sum() > 0.1 * wide * high
    assert np.abs(after.astype(int) - expected)[is_there > 0].mean() < 6


@pytest.mark.parametrize("change", STANDING, ids=lambda change: type(change).__name__)
def test_what_changes_only_looks_stays_in_its_place(change: Alteration) -> None:
    after = change(picture(), 0)
    assert size_of(after) == (320, 180)
    assert (change.matrix((320, 180)) == np.eye(3)).all()
    assert (after != picture()).any()


def test_a_gray_picture_has_no_color_left() -> None:
    gray = Gray()(picture(), 0)
    assert (gray == gray[..., :1]).all()


def test_subtitles_change_after_so_many_frames_and_come_again() -> None:
    change = Lettered(subtitles=("one", "two"), every=10)
    shown = [change(picture(), number) for number in (0, 9, 10, 20)]
    assert (shown[0] == shown[1]).all()
    assert (shown[0] != shown[2]).any()
    assert (shown[0] == shown[3]).all()


def test_other_footage_lies_around_the_work_or_over_it() -> None:
    around = Placed((320, 180), (0, 0, 0.5, 0.5), other=red)(picture(), 0)
    over = Placed((320, 180), other=red, other_box=(0, 0, 0.5, 0.5), is_on_top=False)(picture(), 0)
    is_red = [(each == (255, 0, 0)).all(axis=2) for each in (around, over)]
    assert is_red[0][100:, 180:].all()
    assert not is_red[0][:80, :140].all()
    assert is_red[1][:80, :140].all()
    assert not is_red[1][100:, 180:].all()


def test_without_ground_the_bars_are_the_picture_itself_blurred() -> None:
    black, blurred = (Placed((320, 320), ground=ground)(picture(), 0) for ground in ((0, 0, 0), None))
    assert not black[:40].any()
    assert blurred[:40].any()


def test_covering_fills_the_size_without_bars() -> None:
    filled = covering(np.full((180, 320, 3), 200, np.uint8), (100, 160))
    assert filled.shape == (160, 100, 3)
    assert (filled == 200).all()


def test_the_unit_square_is_taken_into_a_box() -> None:
    corners = into((0.2, 0.3, 0.6, 0.9)) @ np.array([[0, 1], [0, 1], [1, 1]])
    assert corners[:2].T.tolist() == [pytest.approx([0.2, 0.3]), pytest.approx([0.6, 0.9])]
    assert (into(WHOLE) == np.eye(3)).all()
