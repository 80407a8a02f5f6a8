"""One figure of many: it keeps the order of the duels, stays between 0 and 1, and knows what it was learned for."""

from __future__ import annotations

import numpy as np
import pytest

from holdfast.restore.choose.calibration import OF_MORE, OF_TWO, advantages, closenesses, ranked, steadied
from holdfast.restore.choose.compare import Duel, Seen

EVEN = Duel(*[0.0] * len(Duel._fields))


def seen(duels: dict[int, Duel], noise_loss: float = 0.0) -> Seen:
    return Seen(duels, 0.0, noise_loss, np.zeros((2, 2), np.bool_), (1.0,) * 7)


def against(figures: Duel) -> Duel:
    return Duel(*[-each for each in figures])


def test_no_figure_speaks_against_what_it_means() -> None:
    assert min(OF_TWO) >= 0
    assert min(OF_MORE) >= 0


def test_who_wins_its_duels_is_closer_and_equal_ones_are_equal() -> None:
    figures = EVEN._replace(edges=0.1)
    ahead = advantages([{1: seen({2: figures}), 2: seen({1: against(figures)})}])
    assert ahead[1, 2] == -ahead[2, 1] > 0
    found = closenesses({1: 0.0, 2: 0.0}, ahead)
    assert found[1] - found[2] == pytest.approx(ahead[1, 2])
    even = closenesses({1: 0.0, 2: 0.0}, {(1, 2): 0.0, (2, 1): 0.0})
    assert even[1] == even[2]


def test_without_a_third_copy_nothing_is_made_of_third_opinions() -> None:
    opinion = EVEN._replace(alike=0.5)
    assert advantages([{1: seen({2: opinion}), 2: seen({1: against(opinion)})}])[1, 2] == 0


def test_what_is_said_of_two_copies_in_one_stretch_is_drawn_to_what_is_said_of_them_elsewhere() -> None:
    first, second, empty = steadied([{(1, 2): 0.4}, {(1, 2): 0.0}, {}])
    assert 0.2 < first[1, 2] < 0.3
    assert 0.1 < second[1, 2] < 0.2
    assert empty == {}


def test_noise_takes_from_the_best_as_well() -> None:
    assert closenesses({1: 0.1}, {})[1] < closenesses({1: 0.0}, {})[1]
    # And never so much that nothing could be further away.
    found = closenesses({1: 0.9, 2: 0.9}, {(1, 2): 0.1, (2, 1): -0.1})
    assert found[1] - found[2] == pytest.approx(0.1)


def test_it_never_leaves_its_range_and_nothing_gives_nothing() -> None:
    found = closenesses({1: 0.0, 2: 0.0}, {(1, 2): 9.0, (2, 1): -9.0})
    assert found[2] == 0
    assert 0 < found[1] <= 1
    assert closenesses({}, {}) == {}


def test_places_are_those_that_the_pairs_tell_even_where_not_every_pair_is_known() -> None:
    true = {7: 0.3, 2: 0.1, 5: -0.1, 9: -0.3}
    ring = [(7, 2), (2, 5), (5, 9)]
    ahead = {(a, b): true[a] - true[b] for one in ring for a, b in (one, one[::-1])}
    found = ranked(list(true), ahead)
    assert found == pytest.approx(true, abs=1e-6)
    assert ranked([1, 2], {}) == {1: 0.0, 2: 0.0}
