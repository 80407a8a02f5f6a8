"""The compiled loop finds what differs in two bits of the key and two of the tag, and nothing beyond."""

from __future__ import annotations

import numpy as np
import pytest

from holdfast.catalog.fingerprints.points import are_held, build_table, key_places, near_by_table, tag_places
from holdfast.catalog.fingerprints.points_kernel import bits_set
from holdfast.model.hamming import columns_of


def _with_wrong(value: np.ndarray, places: np.ndarray) -> np.ndarray:
    wrong = np.zeros(128, np.uint8)
    wrong[places] = 1
    return value ^ np.packbits(wrong, bitorder="little").view(np.uint64)


@pytest.mark.parametrize(
    ("in_key", "in_tag", "is_found"),
    [(0, 0, True), (2, 0, True), (2, 2, True), (0, 2, True), (3, 0, False), (0, 3, False)],
)
@pytest.mark.parametrize("rows", [40, 40_000])
def test_two_wrong_bits_of_the_key_and_two_of_the_tag_are_forgiven(
    rows: int, in_key: int, in_tag: int, is_found: bool
) -> None:
    values = np.random.default_rng(3).integers(0, 2**64, (rows, 2), dtype=np.uint64)
    row = int(np.flatnonzero(are_held(columns_of(values)))[5])
    random = np.random.default_rng(4)
    for _ in range(20):
        wrong = (random.choice(key_places(), in_key, replace=False), random.choice(tag_places(), in_tag, replace=False))
        asked = _with_wrong(values[row], np.concatenate(wrong))[None]
        near = near_by_table(asked, columns_of(values), build_table(columns_of(values)), 6)
        assert near.row.tolist() == ([row] if is_found else [])
        assert near.distance.tolist() == ([in_key + in_tag] if is_found else [])


def test_bits_are_counted_as_python_counts_them() -> None:
    for value in (0, 1, 2**64 - 1, 0x123456789ABCDEF0, 1 << 63):
        assert int(bits_set(np.uint64(value))) == value.bit_count()
