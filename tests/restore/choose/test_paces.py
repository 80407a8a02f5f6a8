"""Pictures a second: counted over the looks, and a frame shown twice only held against a copy where the film moves."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from holdfast.restore.choose.looks import Look
from holdfast.restore.choose.paces import Paces
from tests.restore.choose.views import look, noisy, scenery

PICTURE = scenery()
MOVED = np.roll(PICTURE, 9, axis=1)


def at(seen: Look, second: float, number: int, *, repeated: float = 0.0) -> Look:
    step = seen.starts[1] - seen.starts[0]
    own = seen.own._replace(is_repeated=repeated)
    return replace(seen, starts=(second, second + step), number=number, own=own)


def test_frames_are_counted_whatever_the_container_claims() -> None:
    paces = Paces(1.0)
    for second in range(10):
        paces.taken(at(look(PICTURE, MOVED, rate=1000.0), second, second * 24), [])
    assert paces.rate == 24


def test_a_copy_that_runs_faster_is_counted_in_its_own_seconds() -> None:
    paces = Paces(25 / 24)
    for second in range(10):
        paces.taken(at(look(PICTURE, MOVED), second, second * 24), [])
    assert paces.rate == pytest.approx(25)


def test_frames_shown_twice_while_the_film_moves_do_not_count() -> None:
    paces = Paces(1.0)
    for second in range(20):
        mine = at(look(PICTURE, PICTURE), second, second * 25, repeated=second % 2)
        paces.taken(mine, [at(look(PICTURE, MOVED), second, second * 25)])
    assert paces.rate == 12.5


def test_a_picture_that_stands_still_in_a_film_that_does_costs_no_frames() -> None:
    # Of a tape, only the noise moves: that is how 25 frames a second were once called 12.
    paces = Paces(1.0)
    for second in range(20):
        mine = at(look(PICTURE, PICTURE), second, second * 25, repeated=1)
        tape = look(noisy(PICTURE, 8, 1), noisy(PICTURE, 8, 2))
        paces.taken(mine, [at(tape, second, second * 25)])
    assert paces.rate == 25


def test_a_few_frames_shown_twice_make_no_other_rate() -> None:
    paces = Paces(1.0)
    for second in range(24):
        mine = at(look(PICTURE, MOVED), second, second * 25, repeated=second % 6 == 0)
        paces.taken(mine, [at(look(PICTURE, MOVED), second, second * 25)])
    assert paces.rate == 25


def test_a_copy_looked_at_once_has_the_rate_of_its_container() -> None:
    paces = Paces(1.0)
    assert paces.rate == 0
    paces.taken(look(PICTURE, rate=30.0), [])
    assert paces.rate == 30
