"""How fast the index of fingerprints answers at 1,000 and 10,000 hours, and what it costs.

    python bench/index.py [--hours 1000 10000] [--folder DIR] [--seconds 60]

The fingerprints are made here: works of an hour; pictures come in shots of about four seconds whose hashes differ
in a few bits, shots are drawn around 20,000 themes (so works resemble each other); about 7,200 hashes, 40,000
points and 60,000 landmarks an hour. Keys of landmarks are spread as those of made speech are: of two hours that have
nothing in common, one pair in 300,000 has the same key. The copy that is asked about is a minute of one work, with 25 %
of the bits of its hashes and 12 % of those of its points wrong, and as a mirrored picture a second time: 240 hashes; of
its sound six times as many keys as the work keeps, as copies ask.

Beyond 2,000 hours the index is of pictures alone, to spare the disk (`--whole-hours` for more).

One core: set OMP_NUM_THREADS=1. With FAISS importable, its exact flat index is asked the same (`IndexBinaryFlat`).
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

from holdfast.catalog.fingerprints.points import are_held, build_table, near_by_table
from holdfast.catalog.fingerprints.shelf import Shelf
from holdfast.formats.fingerprint import fingerprint_bytes
from holdfast.model.fingerprint import HOP_US, Fingerprint, FrameTrack, PictureTrack, PointTrack, SoundTrack
from holdfast.model.hamming import columns_of, within

HOUR_US = 3_600_000_000
PICTURES, LOOKS, POINTS_A_LOOK, SOUNDS = 7_200, 720, 55, 60_000
THEMES = 20_000
RADIUS, POINT_RADIUS = 80, 28


def noise(r: np.random.Generator, rows: int, words: int, share: float) -> np.ndarray:
    """Values in which each bit is set with a probability of `share`, to 1/256."""
    level = round(share * 256)
    bits = np.zeros((rows, words), np.uint64)
    for digit in range(8):
        plane = r.integers(0, 2**64, (rows, words), dtype=np.uint64)
        bits = (bits | plane) if level >> digit & 1 else (bits & plane)
    return bits


def a_work(number: int, *, is_whole: bool = True) -> Fingerprint:
    """An hour; the same for the same number. Not `is_whole`: its pictures alone."""
    r = np.random.default_rng(number)
    themes = np.random.default_rng(1).integers(0, 2**64, (THEMES, 4), dtype=np.uint64)
    shots = PICTURES // 8
    shot = themes[r.integers(0, THEMES, shots)] ^ noise(r, shots, 4, 0.25)
    pictures = PictureTrack(
        np.arange(PICTURES) * (HOUR_US // PICTURES),
        np.repeat(shot, 8, axis=0) ^ noise(r, PICTURES, 4, 0.04),
        np.zeros(PICTURES, np.uint8),
        np.full(PICTURES, 100, np.uint8),
    )
    work = Fingerprint(duration=Fraction(3600), size=(640, 360), pictures=pictures)
    return replace(work, **the_rest(r)) if is_whole else work


def the_rest(r: np.random.Generator) -> dict[str, Any]:
    """Frames, points and sound of an hour."""
    points = LOOKS * POINTS_A_LOOK
    keys = sound_keys(r, SOUNDS)
    return {
        "frames": FrameTrack(
            np.arange(90_000) * 40_000,
            r.integers(0, 256, 90_000).astype(np.uint8),
            np.arange(100, 90_000, 100, np.int32),
        ),
        "points": PointTrack(
            np.arange(LOOKS) * (HOUR_US // LOOKS),
            np.arange(LOOKS + 1, dtype=np.int32) * POINTS_A_LOOK,
            r.integers(0, 65536, (points, 2)).astype(np.uint16),
            r.integers(0, 256, points).astype(np.uint8),
            r.integers(0, 256, points).astype(np.uint8),
            r.integers(0, 2**64, (points, 2), dtype=np.uint64),
        ),
        "sounds": SoundTrack(
            keys, np.sort(r.integers(0, HOUR_US // HOP_US, SOUNDS)).astype(np.int32), np.array([[0, HOUR_US]])
        ),
    }


def sound_keys(r: np.random.Generator, count: int) -> np.ndarray:
    """Keys of landmarks: two pitches and the time between (see `restore.landmarks`), as in made speech."""
    first = r.triangular(4, 110, 165, count)
    second = np.clip(first + r.laplace(0, 30, count), 0, 210)
    apart = 3 + r.triangular(0, 6, 36, count)
    return first.astype(np.uint32) << 14 | second.astype(np.uint32) << 6 | apart.astype(np.uint32)


def copy_of(work: Fingerprint, seconds: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """What is asked about a stretch of a work: hashes (two to a picture), points, sound keys."""
    r = np.random.default_rng(7)
    start, end = 1_000_000_000, 1_000_000_000 + seconds * 1_000_000
    rows = (work.pictures.times >= start) & (work.pictures.times < end)
    seen = work.pictures.hashes[rows] ^ noise(r, int(rows.sum()), 4, 0.25)
    mirrored = r.integers(0, 2**64, seen.shape, dtype=np.uint64)
    first, last = np.searchsorted(work.points.times, [start, end])
    bits = work.points.bits[work.points.starts[first] : work.points.starts[last]]
    heard = work.sounds.keys[slice(*np.searchsorted(work.sounds.times, [start // HOP_US, end // HOP_US]))]
    keys = np.concatenate([heard, sound_keys(r, 5 * len(heard))])
    return np.concatenate([seen, mirrored]), bits ^ noise(r, len(bits), 2, 0.12), keys


def seconds_of(deed: Callable[[], Any], times: int = 3) -> tuple[float, float, Any]:
    """Seconds by the clock of the first call, seconds of the processor of the fastest after it, and what it gave."""
    begun = time.perf_counter()
    answer = deed()
    first = time.perf_counter() - begun
    taken = []
    for _ in range(times - 1):
        started = time.process_time()  # the machine may have other work
        answer = deed()
        taken.append(time.process_time() - started)
    return first, min(taken), answer


def resident() -> str:
    """What the process holds now: of its own, and of mapped files, which the system may take back at any time."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    held = {line.split(":")[0]: int(line.split()[1]) // 1024 for line in lines if line.startswith("Rss")}
    return f"resident {held['RssAnon']} MiB, and {held['RssFile']} MiB of files"


def measure(hours: int, folder: Path, seconds: int, *, is_whole: bool) -> None:
    """Build an index of so many hours, ask it, add to it. Not `is_whole`: of pictures alone."""
    shelf = Shelf.open(folder)
    begun = time.perf_counter()
    shelf.rebuild((f"{number:06d}", a_work(number, is_whole=is_whole)) for number in range(hours))
    built = time.perf_counter() - begun
    status = shelf.status()
    copied = 42
    hashes, bits, keys = copy_of(a_work(copied), seconds)
    alone = len(fingerprint_bytes(a_work(1, is_whole=is_whole)))
    print(f"\n{hours} hours: {status.pictures:,} hashes, {status.points:,} points, {status.sounds:,} landmarks")
    print(f"  built in {built:.0f} s (with making the fingerprints), {status.shards} files")
    print(f"  {status.size_bytes / hours / 1e6:.2f} MB an hour; a fingerprint alone {alone / 1e6:.2f}")

    def told(what: str, count: int, times: tuple[float, float, Any], more: str) -> None:
        first, warm, hits = times
        print(f"  {what}: {count} asked, {first:.2f} s first, {warm:.2f} s warm, {len(hits):,} hits")
        print(f"      {more}; {resident()}")

    def share_right(hits: Any, count: float) -> str:
        return f"of what can be found, {len(set(hits.query[hits.work == copied].tolist())) / count:.3f} is"

    print(f"  before: {resident()}")
    times = seconds_of(lambda: shelf.find_pictures(hashes, RADIUS))
    speed = f"{len(hashes) * status.pictures / times[1] / 1e9:.2f} G pairs a second"
    told("pictures", len(hashes), times, f"{speed}; {share_right(times[2], len(hashes) / 2)}")
    if is_whole:
        times = seconds_of(lambda: shelf.find_points(bits, POINT_RADIUS, 5))
        told("points", len(bits), times, share_right(times[2], len(bits)))
        times = seconds_of(lambda: shelf.find_sounds(keys))
        heard = times[2].query[(times[2].work == copied) & (times[2].query < len(keys) // 6)]
        told("sounds", len(keys), times, f"of what can be found, {6 * len(np.unique(heard)) / len(keys):.3f} is")
    taken = []
    for number in range(8):
        one = a_work(hours + number, is_whole=is_whole)
        begun = time.perf_counter()
        shelf.add(f"{hours + number:06d}", one)
        taken.append(time.perf_counter() - begun)
    print(f"  adding one more hour: {np.median(taken):.2f} s, at most {max(taken):.2f} s (8 added)")


def table(rows: int = 4_000_000) -> None:
    """What the table of points finds, by how many bits are wrong."""
    r = np.random.default_rng(3)
    values = r.integers(0, 2**64, (rows, 2), dtype=np.uint64)
    columns = columns_of(values)
    made = build_table(columns)
    held = values[np.flatnonzero(are_held(columns))[:5000]]
    print(f"\npoints: the table of {rows:,}; pairs of those it holds that it finds, by the share of bits wrong")
    for share in (0.05, 0.10, 0.125, 0.15, 0.20):
        asked = held ^ noise(r, len(held), 2, share)
        near = near_by_table(asked, columns, made, 40)
        right = (held[near.query] == values[near.row]).all(axis=1).sum()
        print(f"  {share:.3f}: {right / len(held):.3f}")


def faiss_beside(hours: int, seconds: int) -> None:
    try:
        import faiss
    except ImportError:
        print("\nFAISS is not installed: no peer beside")
        return
    faiss.omp_set_num_threads(1)
    rows = np.concatenate([a_work(number, is_whole=False).pictures.hashes for number in range(hours)])
    hashes, _, _ = copy_of(a_work(42), seconds)
    index = faiss.IndexBinaryFlat(256)
    index.add(rows.view(np.uint8))
    _, flat, _ = seconds_of(lambda: index.search(hashes.view(np.uint8), 50), 2)
    _, ranged, _ = seconds_of(lambda: index.range_search(hashes.view(np.uint8), RADIUS + 1), 2)
    columns = columns_of(rows)
    within(hashes, columns[:, :10_000], RADIUS)
    _, ours, _ = seconds_of(lambda: within(hashes, columns, RADIUS))
    print(f"\n{hours} hours, {len(rows):,} hashes: FAISS IndexBinaryFlat, the 50 nearest {flat:.2f} s, all within the")
    print(f"  radius {ranged:.2f} s; ours, all within the radius {ours:.2f} s")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--hours", type=int, nargs="*", default=[1000, 10_000])
    parser.add_argument("--folder", type=Path, help="where the index is made, and left")
    parser.add_argument("--seconds", type=int, default=60, help="length of the copy")
    parser.add_argument("--peer-hours", type=int, default=500)
    parser.add_argument("--whole-hours", type=int, default=2000, help="beyond, only pictures: the rest takes 22 GB")
    options = parser.parse_args()
    table()
    if options.peer_hours:
        faiss_beside(options.peer_hours, options.seconds)
    for hours in options.hours:
        folder = options.folder / str(hours) if options.folder else Path(tempfile.mkdtemp())
        try:
            measure(hours, folder, options.seconds, is_whole=hours <= options.whole_hours)
        finally:
            if not options.folder:
                shutil.rmtree(folder)


if __name__ == "__main__":
    main()
