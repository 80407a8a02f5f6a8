"""A table over sampled bits finds what it promises, and a shard without one finds the same."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from holdfast.catalog.fingerprints import points
from holdfast.catalog.fingerprints.points import (
    KEY_BITS,
    ROW_BITS,
    TAG_BITS,
    are_held,
    bits_at,
    bucket_bits,
    build_table,
    key_places,
    mask_of,
    near_by_table,
    tag_places,
)
from holdfast.model.hamming import columns_of


def _values(rows: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 2**64, (rows, 2), dtype=np.uint64)


def _turned(values: np.ndarray, share: float, seed: int = 1) -> np.ndarray:
    """Each bit wrong with that probability."""
    wrong = np.random.default_rng(seed).random((len(values), 128)) < share
    return values ^ np.packbits(wrong, axis=1, bitorder="little").view(np.uint64)


def test_key_and_tag_share_no_bit() -> None:
    assert len({*key_places().tolist(), *tag_places().tolist()}) == KEY_BITS + TAG_BITS
    assert int(np.bitwise_count(mask_of(key_places())).sum()) == KEY_BITS
    assert int(np.bitwise_count(mask_of(tag_places())).sum()) == TAG_BITS


def test_a_key_is_made_of_the_bits_at_its_places() -> None:
    values = _values(20)
    for places in (key_places(), tag_places()):
        for row, key in zip(values.tolist(), bits_at(columns_of(values), places).tolist(), strict=True):
            number = row[0] | row[1] << 64
            assert key == sum((number >> place & 1) << bit for bit, place in enumerate(places.tolist()))


@pytest.mark.parametrize("rows", [0, 1, 5, 1000])
def test_a_table_has_every_second_row_once_in_the_bucket_of_its_key_with_its_tag(rows: int) -> None:
    columns = columns_of(_values(rows))
    entries, starts = build_table(columns)
    order = entries & np.uint32((1 << ROW_BITS) - 1)
    assert sorted(order.tolist()) == np.flatnonzero(are_held(columns)).tolist()
    assert (starts[0], starts[-1]) == (0, len(order))
    assert abs(len(order) - rows / 2) <= 2 + rows / 10
    assert np.array_equal(entries >> np.uint32(ROW_BITS), bits_at(columns[:, order], tag_places()))
    buckets = bits_at(columns, key_places()) >> np.uint32(KEY_BITS - bucket_bits(len(order)))
    for bucket in range(len(starts) - 1):
        assert set(buckets[order[starts[bucket] : starts[bucket + 1]]].tolist()) <= {bucket}


@settings(deadline=None, max_examples=20)
@given(st.integers(1, 3000), st.integers(0, 100), st.integers(0, 64))
def test_with_and_without_a_table_the_same_pairs_are_found(rows: int, seed: int, radius: int) -> None:
    values = _values(rows, seed)
    columns = columns_of(values)
    asked = np.concatenate([_turned(values[:20], 0.1, seed), values[:3], _values(5, seed + 1)])
    made = build_table(columns)
    fast, plain = near_by_table(asked, columns, made, radius), near_by_table(asked, columns, None, radius)
    for column in ("query", "row", "distance"):
        assert getattr(fast, column).tolist() == getattr(plain, column).tolist()


def test_without_the_compiler_the_same_is_found_slowly(monkeypatch: pytest.MonkeyPatch) -> None:
    columns = columns_of(_values(500))
    made = build_table(columns)
    fast = near_by_table(_values(9), columns, made, 3)
    held = np.flatnonzero(are_held(columns[:, :9])).tolist()
    monkeypatch.setattr(points, "_kernel", lambda: None)
    plain = near_by_table(_values(9), columns, made, 3)
    assert fast.row.tolist() == plain.row.tolist() == held


def test_more_pairs_than_there_was_room_for_are_all_given() -> None:
    value = _values(20)[are_held(columns_of(_values(20)))][:1]
    columns = columns_of(np.repeat(value, 70_000, axis=0))
    made = build_table(columns)
    assert len(near_by_table(value, columns, made, 0)) == 70_000


@pytest.mark.parametrize(("wrong", "least"), [(0.05, 0.88), (0.10, 0.60), (0.125, 0.45), (0.15, 0.33)])
def test_of_true_pairs_that_are_held_as_many_are_found_as_is_promised(wrong: float, least: float) -> None:
    values = _values(4000)
    values = values[are_held(columns_of(values))]
    near = near_by_table(_turned(values, wrong), columns_of(values), None, 45)
    assert (near.query == near.row).sum() / len(values) > least
