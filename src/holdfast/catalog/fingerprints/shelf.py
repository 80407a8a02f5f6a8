"""The index: all fingerprints of an archive, asked as one. It happens to fit what `restore.match` asks for.

    shelf = Shelf.open(folder)
    shelf.add("k7m2x9qd4htbr/fingerprints/film.mkv.hffp", fingerprint)
    hits = shelf.find_pictures(hashes, radius=76)
    shelf.names()[hits.work[0]]

Rules:

- Works are numbered in the order of their names. So neither the order of adding nor the cut into shards shows in an
  answer, and a rebuilt index answers the same. A number holds until the index is changed or looked at anew (`refresh`).
- Adding never rebuilds: a work is a new small shard. When several small ones have come together, they and the new one
  become one; each work is rewritten about as often as the number of works has binary digits. A shard that has grown to
  half a gigabyte (some 200 hours) is left alone, until more than half of it no longer counts.
- The newest shard that has a name holds the work. So a work is replaced by adding it again.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Iterable
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from holdfast.backends.disk import Disk
from holdfast.catalog.fingerprints import search
from holdfast.catalog.fingerprints.contents import Contents, Placed, contents_of, is_mostly_gone, to_merge
from holdfast.catalog.fingerprints.folder import ShardFolder
from holdfast.catalog.fingerprints.shard import open_shard, shard_of
from holdfast.catalog.fingerprints.volume import Volume, volume_of
from holdfast.errors import BadRecord, DamagedCache
from holdfast.model.fingerprint import Fingerprint
from holdfast.model.hits import PictureHits, PointHits, SoundHits

log = logging.getLogger(__name__)

FULL_BYTES = 512 * 1024 * 1024  # of a shard: it is not merged any more
EXACT_POINTS = 2_000_000  # up to so many in the whole index, all points are compared
MOST_PICTURES = 20_000  # rows a picture that is asked about: black frames are everywhere
PATIENCE_S = 60.0  # without a word from any worker; a shard takes one or two
MOST_SOUNDS = 20_000  # landmarks with one key: beyond, it says nothing


@dataclass(frozen=True)
class Finding:
    """One thing that is not as it should be: the file or the work, and what."""

    where: str
    what: str


@dataclass(frozen=True)
class Status:
    """How much there is. `size_bytes` is what the files take, with what no longer counts."""

    works: int
    duration: Fraction
    pictures: int
    points: int
    sounds: int
    shards: int
    size_bytes: int


class Shelf:
    """All fingerprints, asked as one. Made by `Shelf.of` (in memory) or `Shelf.open` (in a folder)."""

    def __init__(
        self, folder: ShardFolder | None, contents: Contents | None = None, executor: Executor | None = None
    ) -> None:
        self._folder = folder
        self._contents = contents
        self._executor = executor

    @classmethod
    def of(cls, works: Iterable[tuple[str, Fingerprint]]) -> Shelf:
        """These works, in memory; of a name twice, the last counts. It cannot be added to.

        Raises:
            ValueError: a fingerprint contradicts itself.
        """
        volumes = {name: volume_of(name, fingerprint) for name, fingerprint in works}
        return cls(None, contents_of([(None, shard_of(volumes.values()))]))

    @classmethod
    def open(cls, folder: Path, executor: Executor | None = None, disk: Disk | None = None) -> Shelf:
        """The index in a folder, which need not be there yet. Nothing is read before something is asked.

        Args:
            folder: where the shards lie; nothing else is there.
            executor: where shards are asked side by side; its workers see the same folder at the same place. None:
                here, one by one. A pool of processes will do, as will the executor of a Dask client.
            disk: for tests, the system's calls.
        """
        return cls(ShardFolder(folder, disk), None, executor)

    # --------------------------------------------------------------------------------------------------- asking

    def works(self) -> int:
        """How many works there are; they are numbered from 0. Raises as `names`."""
        return len(self.names())

    def names(self) -> tuple[str, ...]:
        """The names of the works: number n is that of work n.

        Raises:
            DamagedCache: a file is broken or of another version; `rebuild` mends it.
            CatalogRefused: a file cannot be read.
        """
        return self._now().names

    def fingerprint(self, work: int) -> Fingerprint:
        """All that was added as work number `work`, but for its stills; most arrays are views of the file."""
        return self._now().volume(work).fingerprint

    def find_pictures(self, hashes: NDArray[np.uint64], radius: int, most: int = MOST_PICTURES) -> PictureHits:
        """Every picture that differs in at most `radius` bits from one asked about, (q, 4); none is overlooked.

        Of a query with more than `most` rows, the nearest are given.
        """
        found: PictureHits = search.joined(self._ask(search.pictures, hashes, radius, most), PictureHits.empty())
        return search.nearest(found, most)

    def find_points(self, bits: NDArray[np.uint64], radius: int, most: int) -> PointHits:
        """Points that differ in at most `radius` bits from one asked about, (q, 2): the `most` nearest a query.

        None is overlooked while the index has at most EXACT_POINTS; beyond, a part is: see `points`.
        """
        is_exact = self._now().rows["points"] <= EXACT_POINTS
        found: PointHits = search.joined(self._ask(search.points, bits, radius, most, is_exact), PointHits.empty())
        return search.nearest(found, most)

    def find_sounds(self, keys: NDArray[np.uint32], most: int = MOST_SOUNDS) -> SoundHits:
        """Every landmark with a key asked about, (q,), but none of a key that more than `most` have."""
        kept = np.flatnonzero(self.sound_commonness(keys) <= most).astype(np.int32)
        found = search.joined(self._ask(search.sounds, keys[kept]), SoundHits.empty())
        return SoundHits(kept[found.query], found.work, found.time)

    def sound_commonness(self, keys: NDArray[np.uint32]) -> NDArray[np.int32]:
        """How many landmarks of the whole index have each of the keys, (q,)."""
        counts = sum(self._ask(search.sound_counts, keys), np.zeros(len(keys), np.int64))
        return np.minimum(counts, np.iinfo(np.int32).max).astype(np.int32)

    def status(self) -> Status:
        """How much there is."""
        now = self._now()
        size_bytes = sum(one.size_bytes for one in now.placed)
        return Status(len(now.names), now.duration, **now.rows, shards=len(now.placed), size_bytes=size_bytes)

    # ------------------------------------------------------------------------------------------------- changing

    def add(self, name: str, fingerprint: Fingerprint) -> None:
        """Put a work in, or in the place of what had that name. When this returns it is durable.

        Raises:
            ValueError: the fingerprint contradicts itself.
            Locked, CatalogRefused, DamagedCache: the folder cannot be written, or is broken.
        """
        self._append([volume_of(name, fingerprint)], [])

    def remove(self, name: str) -> bool:
        """Take a work out; whether there was one of that name. Raises as `add`."""
        self.refresh()
        is_held = name in self._now().where
        if is_held:
            self._append([], [name])
        return is_held

    def rebuild(self, works: Iterable[tuple[str, Fingerprint]]) -> int:
        """Make the index of these works alone, whatever was there. Of a name twice, the last counts.

        They are taken one by one, and held in memory up to half a gigabyte. Who reads meanwhile finds of each work the
        old or the new fingerprint; a kill leaves it so, and rebuilding again completes it. Raises as `add`.

        Returns:
            How many works there are.
        """
        folder = self._in_folder()
        with folder.writing():
            old = folder.files()
            order = folder.newest_order()
            batch: dict[str, Volume] = {}
            size_bytes = 0
            for name, fingerprint in works:
                batch[name] = volume_of(name, fingerprint)
                size_bytes += batch[name].size_bytes
                if size_bytes >= FULL_BYTES:
                    order += 1
                    folder.put(shard_of(batch.values(), order))
                    batch, size_bytes = {}, 0
            folder.put(shard_of(batch.values(), order + 1, replaces=[path.name for path in old]))
        self.refresh()
        return self.works()

    def refresh(self) -> None:
        """See what other processes have added or removed. Numbers of works may change."""
        if self._folder is not None:
            self._contents = None

    def verify(self, expected: Iterable[str] | None = None) -> tuple[Finding, ...]:
        """What is not as it should be: every byte is read. With `expected`, also names that are missing or too many."""
        findings = []
        for path in self._in_folder().files():
            try:
                shard = open_shard(path, is_checked=True)
                for work in range(len(shard)):
                    _ = shard.volume(work).fingerprint
            except FileNotFoundError:
                continue  # it has become part of another meanwhile
            except (DamagedCache, BadRecord) as error:
                findings.append(Finding(path.name, str(error.values["reason"])))
        if expected is not None and not findings:
            self.refresh()
            wanted, held = set(expected), set(self.names())
            findings += [Finding(name, "is in the archive, but not in the index") for name in sorted(wanted - held)]
            findings += [Finding(name, "is in the index, but not in the archive") for name in sorted(held - wanted)]
        return tuple(findings)

    # -------------------------------------------------------------------------------------------------- private

    def _now(self) -> Contents:
        if self._contents is None:
            self._contents = contents_of(self._in_folder().load())
        return self._contents

    def _in_folder(self) -> ShardFolder:
        if self._folder is None:
            raise TypeError("this index is in memory: it cannot be changed or verified")
        return self._folder

    def _ask(self, ask: Callable[..., Any], *question: Any) -> list[Any]:
        """What each shard answers."""
        placed = [one for one in self._now().placed if (one.numbers >= 0).any()]
        executor = self._executor
        if executor is None:
            return [ask(one.shard, one.numbers, *question) for one in placed]
        asked = [_asked(executor, one, ask, question) for one in placed]
        waiting: Collection[Future[Any]] = asked
        while waiting:
            answered, waiting = wait(waiting, PATIENCE_S, FIRST_COMPLETED)
            if not answered:
                break  # all workers are gone: a cluster would wait for new ones for ever
        return [_answered(answer, one, ask, question) for answer, one in zip(asked, placed, strict=True)]

    def _append(self, volumes: list[Volume], removed: list[str]) -> None:
        folder = self._in_folder()
        with folder.writing():
            now = contents_of(folder.load())
            folder.sweep()
            placed = now.placed
            kept = len(placed) - to_merge(placed, sum(volume.size_bytes for volume in volumes), FULL_BYTES)
            merged = placed[kept:]
            gone = {*removed, *(volume.name for volume in volumes)}
            for one in merged:
                volumes += [volume for volume in one.counting() if volume.name not in gone]
                removed += one.shard.head["removed"]
            older = {name for one in placed[:kept] for name in one.shard.names}
            removed = [name for name in removed if name in older and name not in {v.name for v in volumes}]
            order = folder.newest_order() + 1
            folder.put(
                shard_of(volumes, order, set(removed), [one.path.name for one in merged if one.path is not None])
            )
            for one in contents_of(folder.load()).placed:
                if one.path is not None and is_mostly_gone(one):
                    head = one.shard.head
                    folder.put(shard_of(list(one.counting()), head["order"], head["removed"], [one.path.name]))
        self.refresh()


def _asked(executor: Executor, one: Placed, ask: Callable[..., Any], question: tuple[Any, ...]) -> Future[Any]:
    assert one.path is not None  # only an index in a folder has an executor
    place = one.path.absolute()  # workers may stand in another folder
    try:
        return executor.submit(search.in_file, ask, place, one.numbers, *question)
    except Exception as error:  # noqa: BLE001 - it is broken or was closed
        refused: Future[Any] = Future()
        refused.set_exception(error)
        return refused


def _answered(answer: Future[Any], one: Placed, ask: Callable[..., Any], question: tuple[Any, ...]) -> Any:
    """What a worker answers. Whatever hinders it (it died, the file became part of another), we can answer too."""
    try:
        return answer.result(timeout=0)
    except Exception as error:  # noqa: BLE001 - of a cluster whose errors we do not know; ours come again here
        answer.cancel()
        log.warning("a shard is asked here, for want of a worker's answer: %s (%s)", type(error).__name__, error)
        return ask(one.shard, one.numbers, *question)
