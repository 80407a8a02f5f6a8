"""The rows of every object of a storage root, read in several processes where that is worth their starting.

Understanding what an object says and making the keys of its texts is nearly all the work of a rebuild, and each object
can be read alone. One process walks and files, the others read. Rules:

- The rows come in the order of the walk, whoever made them.
- So many are under way at once and no more: memory does not grow with the archive.
- A reader that dies (killed, or out of memory) costs time: what it had is read here.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import BrokenExecutor, Executor, Future
from dataclasses import replace
from datetime import datetime
from functools import cache
from itertools import cycle, islice
from pathlib import Path

from holdfast.backends.local import LocalBackend
from holdfast.catalog import fulltext
from holdfast.catalog.rows import ObjectRows, rows_of, rows_of_unreadable
from holdfast.jobs import executors
from holdfast.ocfl.layout import Place, PlaceKind
from holdfast.ocfl.root import StorageRoot

FEW = 500  # objects that are read before two processes could have started
MOST_READERS = 8  # one process files what they read, and would be behind with more
BATCH = 40
UNDER_WAY = 3  # batches for each reader: one at hand, one waiting, one on its way back

Answer = Future[list[ObjectRows]]


def read_all(root: StorageRoot, places: Iterator[Place], at: datetime) -> Iterator[ObjectRows]:
    """The rows, as of `at`, of what lies at each of `places` (objects, and folders that cannot be read), with keys."""
    for place in islice(places, FEW):
        yield _read(root, place, at)
    readers = _readers(root)
    rest = next(places, None)
    if rest is None:
        return
    if not readers:
        yield _read(root, rest, at)
        yield from (_read(root, place, at) for place in places)
        return
    yield from _read_with(readers, root, _batches(rest, places), at)


def _readers(root: StorageRoot) -> int:
    """How many processes are to read; none where a second would only take the first one's turn."""
    # macOS does not tell which processors are ours.
    processors = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    can_be_opened_elsewhere = type(root.backend) is LocalBackend
    may_have_children = not multiprocessing.current_process().daemon
    return min(MOST_READERS, processors) if processors > 1 and can_be_opened_elsewhere and may_have_children else 0


def _batches(first: Place, places: Iterator[Place]) -> Iterator[list[Place]]:
    yield [first]
    while batch := list(islice(places, BATCH)):
        yield batch


def _read_with(count: int, root: StorageRoot, batches: Iterable[list[Place]], at: datetime) -> Iterator[ObjectRows]:
    readers = [executors.processes() for _ in range(count)]
    turns = cycle(readers)
    under_way: deque[tuple[list[Place], Answer | None]] = deque()
    try:
        for batch in batches:
            under_way.append((batch, _ask(next(turns), root, batch, at)))
            if len(under_way) >= count * UNDER_WAY:
                yield from _answer(root, at, *under_way.popleft())
        while under_way:
            yield from _answer(root, at, *under_way.popleft())
    except BaseException:
        for reader in readers:
            executors.kill(reader)
        raise
    finally:
        for reader in readers:
            reader.shutdown(cancel_futures=True)


def _ask(reader: Executor, root: StorageRoot, batch: list[Place], at: datetime) -> Answer | None:
    with contextlib.suppress(BrokenExecutor):
        return reader.submit(_read_batch, root.backend.place, root.prefix, batch, at)
    return None


def _answer(root: StorageRoot, at: datetime, batch: list[Place], answer: Answer | None) -> list[ObjectRows]:
    if answer is not None:
        with contextlib.suppress(BrokenExecutor):
            return answer.result()
    return [_read(root, place, at) for place in batch]


def _read_batch(folder: str, prefix: str, batch: list[Place], at: datetime) -> list[ObjectRows]:
    """Runs in a reader."""
    root = _root(folder, prefix)
    return [_read(root, place, at) for place in batch]


@cache
def _root(folder: str, prefix: str) -> StorageRoot:
    return StorageRoot(LocalBackend(Path(folder)), prefix)


def _read(root: StorageRoot, place: Place, at: datetime) -> ObjectRows:
    if place.kind is not PlaceKind.OBJECT:
        return rows_of_unreadable(place.key)
    made = rows_of(root, place.key, at)
    return replace(made, keys=tuple(fulltext.keys_of(passage) for passage in made.passages))
