"""Asking one shard: pure functions of the shard and the question, so that many can be asked side by side.

`works` says for each work of the shard which number it has in the whole index, or -1 if it does not count there (it
was removed, or a newer shard holds it). An answer has whole-index numbers, and its rows in the order of `model.hits`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from holdfast.catalog.fingerprints.points import near_by_table
from holdfast.catalog.fingerprints.shard import Shard, open_shard, work_of
from holdfast.catalog.fingerprints.sounds import rows_in, stretches
from holdfast.model.hamming import Near, within
from holdfast.model.hits import PictureHits, PointHits, SoundHits

Works = NDArray[np.int32]
Hits = TypeVar("Hits", PictureHits, PointHits, SoundHits)

PICTURES_AT_ONCE = 64  # queries whose hits are held in memory together


def pictures(shard: Shard, works: Works, hashes: NDArray[np.uint64], radius: int, most: int) -> PictureHits:
    """Pictures whose hashes differ in at most `radius` bits from those asked about, (q, 4); `most` a query."""
    parts = [
        _pictures(shard, works, hashes[first : first + PICTURES_AT_ONCE], radius, most, first)
        for first in range(0, len(hashes), PICTURES_AT_ONCE)
    ]
    shard.let_go()
    return joined(parts, PictureHits.empty())


def _pictures(
    shard: Shard, works: Works, hashes: NDArray[np.uint64], radius: int, most: int, first: int
) -> PictureHits:
    """Of some queries, the first of which has the number `first`: black frames are everywhere, and fill memory."""
    a = shard.arrays
    near = within(hashes, a["pictures.words"], radius)
    near, work = _counting(near, works, work_of(a["pictures.starts"], near.row))
    rows = near.row
    found = PictureHits(
        near.query + np.int32(first),
        work,
        shard.picture_times(rows),
        a["pictures.views"][rows],
        a["pictures.quality"][rows],
        near.distance,
    )
    return nearest(found, most)


def points(shard: Shard, works: Works, bits: NDArray[np.uint64], radius: int, most: int, is_exact: bool) -> PointHits:
    """Points that differ in at most `radius` bits from those asked about, (q, 2); `most` a query.

    With `is_exact` all are compared, else those that the table finds (see `points`).
    """
    a = shard.arrays
    columns = a["points.words"]
    near = within(bits, columns, radius) if is_exact else near_by_table(bits, columns, shard.table, radius)
    frame = work_of(a["points.rows"], near.row)
    local = work_of(a["points.starts"], frame)
    first_frame = a["points.starts"][local]
    row = near.row - a["points.rows"][first_frame]
    counts = works[local] >= 0
    found = PointHits(
        near.query[counts],
        works[local][counts],
        (frame - first_frame)[counts].astype(np.int32),
        row[counts].astype(np.int32),
        near.distance[counts],
    )
    return nearest(found, most)


def sounds(shard: Shard, works: Works, keys: NDArray[np.uint32]) -> SoundHits:
    """Landmarks with the keys asked about, (q,)."""
    a = shard.arrays
    query, rows = rows_in(a["sounds.order"], *stretches(a["sounds.keys"], a["sounds.order"], keys))
    work = works[work_of(a["sounds.starts"], rows)]
    counts = work >= 0
    return SoundHits(query[counts], work[counts], shard.sound_times(rows[counts]))


def sound_counts(shard: Shard, works: Works, keys: NDArray[np.uint32]) -> NDArray[np.int64]:
    """How many landmarks have each of the keys."""
    first, last = stretches(shard.arrays["sounds.keys"], shard.arrays["sounds.order"], keys)
    if (works >= 0).all():
        return last - first
    return np.bincount(sounds(shard, works, keys).query, minlength=len(keys))


def in_file(ask: Callable[..., Any], path: Path, works: Works, *question: Any) -> Any:
    """`ask` of the shard in a file: what is sent to a worker, which keeps open the files that it was asked about."""
    return ask(_kept_open(path), works, *question)


def joined(parts: Sequence[Hits], empty: Hits) -> Hits:
    """The answers of several shards as one, in the order of query, then work. A work is in one shard only."""
    every = [vars(part) for part in (empty, *parts)]
    columns = {name: np.concatenate([part[name] for part in every]) for name in vars(empty)}
    return _rows_of(type(empty), columns, np.lexsort((columns["work"], columns["query"])))


def nearest(hits: Hits, most: int) -> Hits:
    """At most `most` rows of each query: the nearest, and of equally near ones the first."""
    columns = vars(hits)
    query = columns["query"]
    if not len(query) or np.bincount(query).max() <= most:
        return hits
    order = np.lexsort((np.arange(len(query)), columns["work"], columns["distance"], query))
    grouped = query[order]
    is_first = np.concatenate(([True], grouped[1:] != grouped[:-1]))
    begins = np.flatnonzero(is_first)
    rank = np.arange(len(grouped)) - np.repeat(begins, np.diff(np.append(begins, len(grouped))))
    return _rows_of(type(hits), columns, np.sort(order[rank < most]))


def _rows_of(kind: type[Hits], columns: dict[str, NDArray[Any]], rows: NDArray[Any]) -> Hits:
    return kind(**{name: column[rows] for name, column in columns.items()})


def _counting(near: Near, works: Works, local: NDArray[np.int64]) -> tuple[Near, Works]:
    work = works[local]
    counts = work >= 0
    return Near(near.query[counts], near.row[counts], near.distance[counts]), work[counts]


@lru_cache(maxsize=256)
def _kept_open(path: Path) -> Shard:
    return open_shard(path)
