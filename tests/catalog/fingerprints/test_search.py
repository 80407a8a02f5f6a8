"""One shard answers by itself; several answers are one, in an order that does not show where they came from."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from holdfast.catalog.fingerprints import search
from holdfast.catalog.fingerprints.search import joined, nearest
from holdfast.catalog.fingerprints.shard import shard_of
from holdfast.catalog.fingerprints.volume import volume_of
from holdfast.model.hits import PointHits, SoundHits
from tests.model.prints import a_print


def _sounds(query: list[int], work: list[int]) -> SoundHits:
    return SoundHits(*(np.array(column, np.int32) for column in (query, work, range(len(query)))))


def _points(query: list[int], work: list[int], distance: list[int]) -> PointHits:
    rows = np.arange(len(query), dtype=np.int32)
    q, w = np.array(query, np.int32), np.array(work, np.int32)
    return PointHits(q, w, rows, rows, np.array(distance, np.uint16))


def test_answers_are_joined_in_the_order_of_query_then_work() -> None:
    hits = joined([_sounds([0, 1], [5, 5]), _sounds([0, 0], [2, 2])], SoundHits.empty())
    assert hits.query.tolist() == [0, 0, 0, 1]
    assert hits.work.tolist() == [2, 2, 5, 5]
    assert hits.time.tolist() == [0, 1, 0, 1]


def test_of_too_many_the_nearest_stay_and_of_equal_ones_the_first() -> None:
    hits = nearest(_points([0, 0, 0, 1], [4, 4, 6, 4], [9, 3, 9, 50]), 2)
    assert hits.query.tolist() == [0, 0, 1]
    assert hits.row.tolist() == [0, 1, 3]
    assert len(nearest(PointHits.empty(), 0)) == 0


def test_works_that_do_not_count_are_left_out() -> None:
    shard = shard_of([volume_of(name, a_print(1)) for name in "ab"])
    made, works = a_print(1), np.array([-1, 40], np.int32)
    for hits in (
        search.pictures(shard, works, made.pictures.hashes, 0, 9),
        search.points(shard, works, made.points.bits, 0, 9, is_exact=True),
        search.points(shard, works, made.points.bits, 0, 9, is_exact=False),
        search.sounds(shard, works, made.sounds.keys[:5]),
    ):
        assert set(hits.work.tolist()) == {40}
    both = search.sound_counts(shard, np.array([0, 1], np.int32), made.sounds.keys)
    assert both.tolist() == (2 * search.sound_counts(shard, works, made.sounds.keys)).tolist()


def test_a_worker_is_sent_the_name_of_a_file_and_answers_the_same(tmp_path: Path) -> None:
    shard = shard_of([volume_of("a", a_print(1))])
    (tmp_path / "a.shard").write_bytes(b"".join(shard.chunks()))
    works, keys = np.zeros(1, np.int32), a_print(1).sounds.keys
    there = search.in_file(search.sounds, tmp_path / "a.shard", works, keys)
    assert there.time.tolist() == search.sounds(shard, works, keys).time.tolist()
