"""Every value is compared with every other, and nothing is lost on the way."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfast.model import hamming
from holdfast.model.hamming import columns_of, distances, within


def _random(rows: int, words: int, seed: int) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 2**64, (rows, words), dtype=np.uint64)


def _by_hand(left: np.ndarray, right: np.ndarray) -> list[list[int]]:
    def number(row: np.ndarray) -> int:
        return sum(int(word) << (64 * i) for i, word in enumerate(row))

    return [[(number(a) ^ number(b)).bit_count() for b in right] for a in left]


@given(st.integers(0, 9), st.integers(0, 9), st.sampled_from([1, 2, 4]), st.integers(0, 1000))
def test_distances_are_those_of_the_numbers_written_out(n: int, m: int, words: int, seed: int) -> None:
    left, right = _random(n, words, seed), _random(m, words, seed + 1)
    assert distances(left, right).tolist() == _by_hand(left, right)


@pytest.mark.parametrize("words", [2, 4])
@pytest.mark.parametrize("rows", [1, 7, 8, 255, 256, 257, 1024, 3001])
def test_the_kernel_and_the_plain_way_find_the_same(words: int, rows: int, monkeypatch: pytest.MonkeyPatch) -> None:
    values, queries = _random(rows, words, 1), _random(5, words, 2)
    queries[0] = values[rows - 1]
    radius = words * 64 // 2 - 6
    monkeypatch.setattr(hamming, "FEW_PAIRS", 0)
    fast = within(queries, columns_of(values), radius)
    monkeypatch.setattr(hamming, "FEW_PAIRS", 1 << 40)
    plain = within(queries, columns_of(values), radius)
    apart = distances(queries, values)
    for near in (fast, plain):
        query, row = np.nonzero(apart <= radius)
        assert near.query.tolist() == query.tolist()
        assert near.row.tolist() == row.tolist()
        assert near.distance.tolist() == apart[query, row].tolist()


def test_more_hits_than_there_was_room_for_are_all_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hamming, "FEW_PAIRS", 0)
    monkeypatch.setattr(hamming, "_ROOM", 3)
    values = _random(500, 4, 3)
    assert len(within(values[:2], columns_of(values), 256)) == 1000


def test_blocks_of_a_long_row_keep_their_places(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hamming, "_ROWS_AT_ONCE", 100)
    values = _random(250, 4, 4)
    near = within(values[[240, 3]], columns_of(values), 0)
    assert near.query.tolist() == [0, 1]
    assert near.row.tolist() == [240, 3]


def test_without_the_compiler_the_same_is_found_slowly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hamming, "_kernel", lambda: None)
    monkeypatch.setattr(hamming, "FEW_PAIRS", 0)
    values = _random(600, 2, 5)
    assert within(values[:1], columns_of(values), 0).row.tolist() == [0]


def test_nothing_asked_or_nothing_there_finds_nothing() -> None:
    values = _random(3, 4, 6)
    assert len(within(values[:0], columns_of(values), 256)) == 0
    assert len(within(values, columns_of(values[:0]), 256)) == 0
    assert len(within(values, columns_of(values), -1)) == 0


def test_values_of_unequal_length_are_refused() -> None:
    with pytest.raises(ValueError, match="do not fit together"):
        within(_random(1, 2, 7), columns_of(_random(1, 4, 8)), 3)
