"""What counts is the newest of each name, and it is numbered by the names alone."""

from __future__ import annotations

import numpy as np
import pytest

from holdfast.catalog.fingerprints import contents
from holdfast.catalog.fingerprints.contents import Placed, contents_of, is_mostly_gone, to_merge
from holdfast.catalog.fingerprints.shard import Shard, shard_of
from holdfast.catalog.fingerprints.volume import volume_of
from holdfast.formats.fingerprint import without_stills
from tests.model.prints import a_print, same


def _shard(names: str, seed: int, removed: str = "") -> Shard:
    return shard_of([volume_of(name, a_print(seed)) for name in names], seed, removed)


def test_the_newest_shard_that_has_a_name_holds_the_work() -> None:
    found = contents_of([(None, _shard("ab", 1)), (None, _shard("bd", 2)), (None, _shard("c", 3, "a"))])
    assert found.names == ("b", "c", "d")
    assert [one.numbers.tolist() for one in found.placed] == [[-1, -1], [0, 2], [1]]
    assert same(found.volume(0).fingerprint, without_stills(a_print(2)))
    assert found.rows == {"pictures": 36, "points": 60, "sounds": 90}
    assert found.duration == 3 * a_print().duration


def test_a_name_removed_and_added_again_counts() -> None:
    found = contents_of([(None, _shard("a", 1)), (None, _shard("", 2, "a")), (None, _shard("a", 3))])
    assert same(found.volume(0).fingerprint, without_stills(a_print(3)))
    assert contents_of([(None, _shard("a", 1)), (None, _shard("a", 2, "a"))]).names == ("a",)


def _of_size(size: int) -> Placed:
    return Placed(None, Shard({"works": []}, {"x": np.zeros(size, np.uint8)}), np.empty(0, np.int32))


@pytest.mark.parametrize(
    ("sizes", "added", "count"),
    [([], 10, 0), ([11], 10, 0), ([10], 10, 1), ([40, 20, 10], 10, 3), ([50, 20, 10], 10, 2), ([90, 10], 10, 1)],
)
def test_those_become_one_that_are_no_larger_than_all_that_is_newer(
    monkeypatch: pytest.MonkeyPatch, sizes: list[int], added: int, count: int
) -> None:
    monkeypatch.setattr(contents, "_SMALL_BYTES", 0)
    assert to_merge([_of_size(size) for size in sizes], added, 100) == count


def test_nothing_grows_beyond_what_is_full() -> None:
    assert to_merge([_of_size(60)], 60, 100) == 0


def test_a_shard_is_mostly_gone_when_more_than_half_does_not_count() -> None:
    shard = _shard("ab", 1)
    assert is_mostly_gone(Placed(None, shard, np.array([-1, -1], np.int32)))
    assert not is_mostly_gone(Placed(None, shard, np.array([0, -1], np.int32)))
    assert not is_mostly_gone(Placed(None, _shard("", 1), np.empty(0, np.int32)))
