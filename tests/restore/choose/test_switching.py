"""The cheapest way: as good as trying every way, steady where changing costs more than it gives."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfast.restore.choose.switching import cheapest


def cost(way: tuple[int, ...], steps: list[dict[int, float]], prices: list[float]) -> float:
    spent = sum(step[each] for step, each in zip(steps, way, strict=True))
    for number in range(1, len(way)):
        left_by_need = way[number - 1] not in steps[number]
        if way[number] != way[number - 1] and not left_by_need:
            spent += prices[number]
    return spent


@given(st.integers(0, 10_000))
def test_no_other_way_is_cheaper(seed: int) -> None:
    rng = np.random.default_rng(seed)
    steps = [
        {int(each): float(rng.random()) for each in rng.choice(4, size=rng.integers(1, 4), replace=False)}
        for _ in range(5)
    ]
    prices = rng.random(5).tolist()
    found = cheapest(steps, prices)
    best = min(cost(way, steps, prices) for way in product(*steps))
    assert cost(tuple(each for each in found if each is not None), steps, prices) == pytest.approx(best)


def test_a_gain_too_short_for_its_price_is_left() -> None:
    steps = [{1: 0.1, 2: 0.2}, {1: 0.3, 2: 0.2}, {1: 0.1, 2: 0.2}]
    assert cheapest(steps, [0.5] * 3) == [1, 1, 1]
    assert cheapest(steps, [0.01] * 3) == [1, 2, 1]


def test_the_change_is_made_where_it_is_cheap() -> None:
    steps = [{1: 0.0, 2: 0.5}, {1: 0.3, 2: 0.29}, {1: 0.9, 2: 0.1}]
    assert cheapest(steps, [0, 0.3, 0.1]) == [1, 1, 2]
    assert cheapest(steps, [0, 0.1, 0.3]) == [1, 2, 2]


def test_a_step_without_candidates_is_a_gap_and_what_follows_begins_anew() -> None:
    assert cheapest([{1: 0.0}, {}, {2: 1.0, 1: 2.0}], [9, 9, 9]) == [1, None, 2]


def test_having_to_leave_a_copy_that_ends_costs_nothing() -> None:
    # Staying with 2 from the beginning is dearer only if leaving 1, which ends, is not charged.
    assert cheapest([{1: 0.0, 2: 0.3}, {2: 0.0}], [0, 5.0]) == [1, 2]


def test_a_price_for_every_step_is_wanted() -> None:
    with pytest.raises(ValueError, match="price"):
        cheapest([{1: 0.0}], [])
