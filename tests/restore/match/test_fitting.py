"""A line is fitted to where the copy's pictures lie in the work: its offset, its rate, and the stretch it explains."""

from __future__ import annotations

import numpy as np
import pytest

from holdfast.restore.match.copy import Copy
from holdfast.restore.match.fitting import along, best_run, fitted, lines_of, price
from holdfast.restore.match.viewing import Line, Viewing, WorkViews
from holdfast.restore.match.votes import Tracklet
from tests.restore.match.reels import MICRO, Reel, look_at, stretch

WORK, STRANGER = Reel(11, 90), Reel(12, 90)
VIEWS = WorkViews(WORK.fingerprint())


def upright(moments: list[tuple[Reel, float]]) -> Viewing:
    return Copy.of(look_at(moments)).viewings[0]


def tracklet(at_s: float, offset_s: float, score: float = 5.0) -> Tracklet:
    return Tracklet(0, 0, round(at_s * MICRO), round(offset_s * MICRO), score, 9)


@pytest.mark.parametrize("off_s", [-0.9, -0.3, 0.0, 0.7, 1.1])
def test_a_tracklet_that_is_off_by_a_second_still_finds_its_line(off_s: float) -> None:
    line, run = fitted(tracklet(10, 25 + off_s), upright(stretch(WORK, 25, 20)), VIEWS)
    assert abs(line.offset_us - 25 * MICRO) < 150_000
    assert line.rate == 1.0
    assert run.end - run.first >= 155


@pytest.mark.parametrize("rate", [0.96, 25 / 24, 1.06])
def test_the_rate_is_found_with_which_most_of_the_copy_agrees(rate: float) -> None:
    line, _ = fitted(tracklet(20, 20 + 20 * rate - 20), upright(stretch(WORK, 20, 40, rate)), VIEWS)
    assert abs(line.rate - rate) < 0.004


def test_the_run_ends_where_the_copy_leaves_the_work() -> None:
    moments = stretch(STRANGER, 5, 10) + stretch(WORK, 40, 15) + stretch(STRANGER, 50, 10)
    _, run = fitted(tracklet(17, 30), upright(moments), VIEWS)
    assert abs(run.first - 80) <= 3
    assert abs(run.end - 200) <= 3


def test_a_line_into_a_film_that_the_copy_does_not_show_explains_nothing() -> None:
    viewing = upright(stretch(STRANGER, 0, 20))
    assert lines_of([tracklet(10, 20)], {0: viewing}, VIEWS, least=0.8, most=5) == []


def test_what_lies_outside_of_the_work_speaks_against_the_line() -> None:
    viewing = upright(stretch(WORK, 80, 10) + stretch(STRANGER, 0, 10))
    said = along(Line(0, 1.0, 80 * MICRO, viewing), VIEWS)
    assert said[:80].sum() > 0
    beyond = viewing.weight[88:] > 0
    assert (said[88:][beyond] < 0).all()


def test_two_tracklets_on_one_line_give_that_line_once() -> None:
    found = [tracklet(5, 25), tracklet(15, 25.2, 4.0)]
    assert len(lines_of(found, {0: upright(stretch(WORK, 25, 20))}, VIEWS, least=0.8, most=5)) == 1


def test_a_work_that_is_shown_at_two_places_has_two_lines() -> None:
    viewing = upright(stretch(WORK, 50, 12) + stretch(WORK, 10, 12))
    lines = lines_of([tracklet(6, 50), tracklet(18, -2)], {0: viewing}, VIEWS, least=0.8, most=5)
    assert sorted(round(line.offset_us / MICRO) for line in lines) == [-2, 50]


def test_no_more_lines_are_given_than_were_asked_for() -> None:
    viewing = upright(stretch(WORK, 50, 12) + stretch(WORK, 10, 12))
    assert len(lines_of([tracklet(6, 50), tracklet(18, -2)], {0: viewing}, VIEWS, least=0.8, most=1)) == 1


def test_a_place_known_from_points_stays_a_line_where_hashes_see_nothing() -> None:
    viewing = upright(stretch(STRANGER, 0, 20))
    (line,) = lines_of([tracklet(10, 20)], {0: viewing}, VIEWS, least=0.8, most=5, is_loose=True)
    assert (line.rate, line.offset_us, line.score) == (1.0, 20 * MICRO, 0.0)


def test_the_best_run_about_a_row_takes_what_adds_and_leaves_what_does_not() -> None:
    said = np.array([-3, 1, -1, 2, 1, -0.5, 2, -4, 3], np.float32)
    run = best_run(said, 4)
    assert (run.first, run.end, run.score) == (3, 7, 4.5)


def test_an_unusual_rate_must_explain_more_than_a_usual_one() -> None:
    assert price(1.0) == 0 < price(24 / 25) == price(1001 / 1000) < price(1.03)
