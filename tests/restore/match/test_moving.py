"""Movement speaks for a line, longer movement more, and never against one."""

from __future__ import annotations

import tracemalloc

import numpy as np
import pytest

from holdfast.model.fingerprint import FrameTrack
from holdfast.restore.match import moving
from holdfast.restore.match.moving import said_by_motion, says_of_motion, swept
from holdfast.restore.match.viewing import Line
from tests.restore.match.reels import MICRO

STEP_US = 40_000


def frames(seed: int, first_s: float = 0.0, length_s: float = 120.0) -> FrameTrack:
    """A stretch of the frames of a film that moves in its own way."""
    random = np.random.default_rng(seed)
    swell = np.interp(np.arange(3000), np.arange(0, 3000, 6), random.uniform(0, 200, 500))
    rows = slice(round(first_s * 25), round((first_s + length_s) * 25))
    change = swell[rows].astype(np.uint8)
    return FrameTrack(np.arange(len(change), dtype=np.int64) * STEP_US, change, np.empty(0, np.int32))


def eighths(seconds: int) -> np.ndarray:
    return np.arange(0, seconds * MICRO, MICRO // 8, dtype=np.int64)


def test_what_a_correlation_says_grows_with_it_and_with_time() -> None:
    assert 0 < says_of_motion(0.8, 8) < says_of_motion(0.9, 8) < says_of_motion(0.9, 9)


@pytest.mark.parametrize(("likeness", "seconds"), [(-1.0, 60), (0.0, 60), (0.3, 20), (0.7, 3)])
def test_little_likeness_says_nothing_and_nothing_against(likeness: float, seconds: float) -> None:
    assert says_of_motion(likeness, seconds) == 0


def test_perfect_likeness_says_no_more_than_there_is_to_know() -> None:
    assert says_of_motion(1.0, 1000) == says_of_motion(1.0, 100) < 10


def test_a_copy_that_moves_as_the_work_does_is_spoken_for_in_all_its_moments() -> None:
    said = said_by_motion(Line(0, 1.0, 30 * MICRO), frames(1, 30, 24), frames(1), eighths(24))
    assert (said > 0).all()
    assert said.sum() > 6


def test_the_movement_of_another_film_says_next_to_nothing() -> None:
    said = said_by_motion(Line(0, 1.0, 30 * MICRO), frames(2, 30, 24), frames(1), eighths(24))
    assert 0 <= said.sum() < 1.5


def test_two_seconds_are_too_short_for_movement_to_speak() -> None:
    assert not said_by_motion(Line(0, 1.0, 30 * MICRO), frames(1, 30, 2), frames(1), eighths(2)).any()


def test_a_still_has_no_movement_and_says_nothing_of_it() -> None:
    assert said_by_motion(Line(0, 1.0, 0), FrameTrack.empty(), frames(1), np.zeros(1, np.int64)).tolist() == [0]


def test_the_minute_in_which_a_work_moves_so_is_found_wherever_it_is() -> None:
    wrong = Line(0, 1.0, 2 * MICRO, None, 5.0)
    lines = swept(wrong, frames(1, 71, 18), frames(1), 18 * MICRO, 120 * MICRO)
    assert [round(line.offset_us / MICRO, 1) for line in lines] == [71.0]


def test_a_film_that_moves_otherwise_is_found_in_no_minute() -> None:
    assert swept(Line(0, 1.0, 0), frames(2, 71, 18), frames(1), 18 * MICRO, 120 * MICRO) == []


def test_a_work_that_is_gone_through_in_pieces_moves_so_at_the_same_place(monkeypatch: pytest.MonkeyPatch) -> None:
    def found(start_s: float) -> list[float]:
        lines = swept(Line(0, 1.0, 0), frames(1, start_s, 20), frames(1), 20 * MICRO, 120 * MICRO)
        return [line.offset_us for line in lines]

    for start_s in (2, 25, 71, 95):
        monkeypatch.undo()
        whole = found(start_s)
        monkeypatch.setattr(moving, "_PIECE_US", 32 * MICRO)
        assert found(start_s) == pytest.approx(whole, abs=20_000), start_s
        assert whole == pytest.approx([start_s * MICRO], abs=20_000)


def test_a_work_that_says_it_lasts_for_years_takes_no_more_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    tracemalloc.start()
    try:
        lines = swept(Line(0, 1.0, 0), frames(1, 30, 20), frames(1), 20 * MICRO, 3 * 86_400 * MICRO)
        assert tracemalloc.get_traced_memory()[1] < 5_000_000
    finally:
        tracemalloc.stop()
    assert lines == []
