"""A shard: some works in one file of arrays that is written once, mapped, and never changed.

Format `holdfast-shard-3`, a file as in `formats.arrays`. Pictures lie in columns, all first words of the hashes
together, because that is how they are searched; points and sounds have their tables. Whoever has the shard has the
fingerprints, all but their stills: nothing is held twice. The rest, which nobody searches and which is wanted of a few
works at a time, is compressed.

The head names the works in their order; `removed`, names that older shards may still hold but that are gone;
`replaces`, the files whose works this one has taken over. A reader passes over files that another replaces: so several
shards become one by a single rename, and a crash leaves either them or it.
"""

from __future__ import annotations

import mmap
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from holdfast.catalog.fingerprints.points import TABLED_FROM, TABLED_TO, Table, build_table
from holdfast.catalog.fingerprints.rising import check_turns, split, times_at
from holdfast.catalog.fingerprints.sounds import order_by_key
from holdfast.catalog.fingerprints.volume import Volume
from holdfast.errors import BadRecord, DamagedCache
from holdfast.formats.arrays import Buffer, arrays_chunks, is_count, parse_arrays
from holdfast.model.fingerprint import PictureTrack, PointTrack, SoundTrack
from holdfast.model.time import parse_ratio, ratio

SHARD_FORMAT = "holdfast-shard-3"
SHARD_SUFFIX = ".shard"


@dataclass(frozen=True)
class Shard:
    """Works, and what is needed to search them. `head` and `arrays` are as in the file, `mapped` is it.

    `arrays`, for w works, n pictures, f frames with points, p points, m landmarks:

        pictures.words (4, n) uint64, .views, .quality (n,) uint8, .starts (w + 1,) int64
        pictures.times (n,) uint32, .turns (k, 2) int64: microseconds as in `rising`
        points.words (2, p) uint64, .places (p, 2) uint16, .sizes, .angles (p,) uint8
        points.times (f,) int64, .starts (w + 1,), .rows (f + 1,) int64: first frames of works, first points of frames
        points.entries, .buckets uint32: the table, of every second point, if there are many
        sounds.keys (m,) uint32, .order (m,) uint32, .starts (w + 1,) int64
        sounds.times (m,) uint16, .turns (k, 2) int64: hops as in `rising`
        rest.data (bytes,) uint8, .starts (w + 1,) int64: of each work what `Volume.rest` is
    """

    head: dict[str, Any]
    arrays: dict[str, NDArray[Any]]
    mapped: mmap.mmap | None = field(default=None, repr=False)

    def __len__(self) -> int:
        return len(self.head["works"])

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The names of its works, in order."""
        return tuple(work["name"] for work in self.head["works"])

    @property
    def table(self) -> Table | None:
        """The table of its points, if it has one."""
        if "points.entries" not in self.arrays:
            return None
        return self.arrays["points.entries"], self.arrays["points.buckets"]

    def picture_times(self, rows: NDArray[Any]) -> NDArray[np.int64]:
        """When the pictures of these rows are shown, microseconds in their works."""
        return times_at(self.arrays["pictures.times"], self.arrays["pictures.turns"], rows)

    def sound_times(self, rows: NDArray[Any]) -> NDArray[np.int32]:
        """When the landmarks of these rows are heard, in hops."""
        return times_at(self.arrays["sounds.times"], self.arrays["sounds.turns"], rows).astype(np.int32)

    def volume(self, work: int) -> Volume:
        """One of its works; arrays are views, but for times, hashes and descriptors, which are kept otherwise here."""
        a, about = self.arrays, self.head["works"][work]

        def part(track: str) -> slice:
            return slice(*a[f"{track}.starts"][work : work + 2].tolist())

        pictures, frames, sounds, rest = (part(track) for track in ("pictures", "points", "sounds", "rest"))
        rows = a["points.rows"][frames.start : frames.stop + 1]
        points = slice(int(rows[0]), int(rows[-1]))
        return Volume(
            name=about["name"],
            duration=parse_ratio(about["duration"]),
            size=(about["size"][0], about["size"][1]),
            pictures=PictureTrack(
                self.picture_times(np.arange(pictures.start, pictures.stop)),
                np.ascontiguousarray(a["pictures.words"][:, pictures].T),
                a["pictures.views"][pictures],
                a["pictures.quality"][pictures],
            ),
            points=PointTrack(
                a["points.times"][frames],
                (rows - rows[0]).astype(np.int32),
                a["points.places"][points],
                a["points.sizes"][points],
                a["points.angles"][points],
                np.ascontiguousarray(a["points.words"][:, points].T),
            ),
            sounds=SoundTrack(
                a["sounds.keys"][sounds],
                self.sound_times(np.arange(sounds.start, sounds.stop)),
                np.empty((0, 2), np.int64),
            ),
            rest=a["rest.data"][rest].data,
        )

    def chunks(self) -> Iterable[Buffer]:
        """The bytes of its file, piece by piece."""
        return arrays_chunks(self.head, self.arrays)

    def let_go(self) -> None:
        """Give back the memory that reading a mapped file has filled; the system may still hold its pages."""
        if self.mapped is not None and hasattr(mmap, "MADV_DONTNEED"):
            self.mapped.madvise(mmap.MADV_DONTNEED)


def shard_of(
    volumes: Iterable[Volume], order: int = 0, removed: Iterable[str] = (), replaces: Iterable[str] = ()
) -> Shard:
    """A shard of these works, in the order of their names. `order` tells it from older and newer ones."""
    volumes = sorted(volumes, key=lambda volume: volume.name)
    points_rows = np.concatenate([[0], *(np.diff(v.points.starts) for v in volumes)]).cumsum()
    pictures = split(_joined([v.pictures.times for v in volumes], np.int64), np.uint32)
    sounds = split(_joined([v.sounds.times for v in volumes], np.int32), np.uint16)
    arrays: dict[str, NDArray[Any]] = {
        "pictures.words": _columns([v.pictures.hashes for v in volumes], 4),
        "pictures.times": pictures[0],
        "pictures.turns": pictures[1],
        "pictures.views": _joined([v.pictures.views for v in volumes], np.uint8),
        "pictures.quality": _joined([v.pictures.quality for v in volumes], np.uint8),
        "pictures.starts": _starts(len(v.pictures) for v in volumes),
        "points.words": _columns([v.points.bits for v in volumes], 2),
        "points.places": np.concatenate([np.empty((0, 2), np.uint16), *(v.points.places for v in volumes)]),
        "points.sizes": _joined([v.points.sizes for v in volumes], np.uint8),
        "points.angles": _joined([v.points.angles for v in volumes], np.uint8),
        "points.times": _joined([v.points.times for v in volumes], np.int64),
        "points.rows": points_rows.astype(np.int64),
        "points.starts": _starts(len(v.points) for v in volumes),
        "sounds.keys": _joined([v.sounds.keys for v in volumes], np.uint32),
        "sounds.times": sounds[0],
        "sounds.turns": sounds[1],
        "sounds.starts": _starts(len(v.sounds) for v in volumes),
        "rest.data": _joined([np.frombuffer(v.rest, np.uint8) for v in volumes], np.uint8),
        "rest.starts": _starts(len(v.rest) for v in volumes),
    }
    arrays["sounds.order"] = order_by_key(arrays["sounds.keys"])
    if TABLED_FROM <= arrays["points.words"].shape[1] <= TABLED_TO:
        arrays["points.entries"], arrays["points.buckets"] = build_table(arrays["points.words"])
    works = [{"name": v.name, "duration": ratio(v.duration), "size": list(v.size)} for v in volumes]
    head = {"format": SHARD_FORMAT, "order": order, "works": works}
    return Shard({**head, "removed": sorted(removed), "replaces": sorted(replaces)}, arrays)


def open_shard(path: Path, *, is_checked: bool = False) -> Shard:
    """The shard in a file, mapped. With `is_checked` every byte is read and compared with its checksum.

    Raises:
        FileNotFoundError: it is gone: its works are in another by now.
        DamagedCache: it is not a shard of this program, or broken.
    """
    try:
        with path.open("rb") as file:
            mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        head, arrays = parse_arrays(mapped, path.name, is_checked=is_checked)
        shard = Shard(head, arrays, mapped)
        _check(shard)
    except (BadRecord, ValueError, KeyError, TypeError, IndexError) as error:  # a mapped file of no bytes: ValueError
        reason = str(error.values["reason"]) if isinstance(error, BadRecord) else f"{type(error).__name__} {error}"
        raise DamagedCache(path=path, reason=reason, remedy="holdfast index rebuild") from error
    with suppress(AttributeError, OSError):
        mapped.madvise(mmap.MADV_WILLNEED if is_checked else mmap.MADV_NORMAL)
    return shard


def work_of(starts: NDArray[np.int64], rows: NDArray[Any]) -> NDArray[np.int64]:
    """The work to which each row belongs, by where the rows of each work begin."""
    return np.searchsorted(starts, rows, "right") - 1


def _check(shard: Shard) -> None:
    """What would make a search walk out of its arrays; whether the numbers are right the checksums know."""
    head, a = shard.head, shard.arrays
    if head["format"] != SHARD_FORMAT or not is_count(head["order"]):
        raise ValueError(f"format {head['format']!r}, expected {SHARD_FORMAT!r}")
    if not all(isinstance(name, str) for name in [*shard.names, *head["removed"], *head["replaces"]]):
        raise ValueError("a name that is no text")
    ends = {
        "pictures.starts": a["pictures.words"].shape[1],
        "points.starts": len(a["points.times"]),
        "points.rows": a["points.words"].shape[1],
        "sounds.starts": len(a["sounds.keys"]),
        "rest.starts": len(a["rest.data"]),
    }
    for name, end in ends.items():
        starts = a[name]
        count = len(a["points.times"]) if name == "points.rows" else len(shard)
        if len(starts) != count + 1 or starts[0] != 0 or starts[-1] != end or (np.diff(starts) < 0).any():
            raise ValueError(f"{name} does not fit")
    for track, words in (("pictures", a["pictures.words"].shape[1]), ("sounds", len(a["sounds.keys"]))):
        check_turns(a[f"{track}.times"], a[f"{track}.turns"])
        if len(a[f"{track}.times"]) != words:
            raise ValueError(f"{track}.times does not fit")


def _starts(counts: Iterable[int]) -> NDArray[np.int64]:
    return np.cumsum([0, *counts], dtype=np.int64)


def _joined(parts: list[NDArray[Any]], kind: Any) -> NDArray[Any]:
    return np.concatenate([np.empty(0, kind), *parts])


def _columns(parts: list[NDArray[np.uint64]], words: int) -> NDArray[np.uint64]:
    columns = np.empty((words, sum(len(part) for part in parts)), np.uint64)
    start = 0
    for part in parts:
        columns[:, start : start + len(part)] = part.T
        start += len(part)
    return columns
