"""How many altered copies are known again, how exactly, and at what cost; the peers beside, in one table.

    python bench/restore.py --clips ../shared/corpus [--peers] [--classes mirror boxed] [--per-class 3]

What it does: gathers films (`pools.py`), makes altered copies with exact truth of them (or takes those that
lie in --folder from the last time), fingerprints what is indexed, asks every copy, and prints

    recall      how many of the works that copies show come out above every wrong pair of the whole run (the threshold
                at zero false alarms), and how many the product claims by itself: right / missed / wrong, and doubtful
    margin      lowest score of a true pair, missed ones included, divided by the highest score of any wrong one
    offset      error of the time in the work, seconds, where truth and what was said overlap; of pairs found only, as
                are ends and rate. A true segment that nothing lies over is in none of them: see `placed`
    ends        error of the beginnings and ends of segments in the copy, seconds
    rate        error of the rate, per cent
    placed      share of the seconds of works in copies, missed ones included, that were given the right work and,
                within 0.5 s, the right time
    astray      share of the seconds said of a right work that are elsewhere than truth has them
    segments    found for true ones, of the works found

The threshold is that of the very run, so recall is what a perfect choice of it would give; `claimed` is what the
product does by the thresholds in its code. With three copies a class one miss is a third.

and what the fingerprints cost: processor seconds beside those of PyAV decoding the same films with one thread in the
same run, bytes an hour in the index, seconds a question. Classes whose rows are named "tuned on" and "kept aside" are
all copies of the works of either half (see `pools.is_kept_aside`).
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import pickle
import statistics
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

os.environ.setdefault("OMP_NUM_THREADS", "1")

import av
import cv2
import numpy as np

import pools
from holdfast.testing.copy_classes import TIER_1, TIER_2
from peers import PEERS
from recognisers import Found, Holdfast, Recogniser
from scores import Row, judged, summary

RECOGNISERS: dict[str, Callable[[], Recogniser]] = {"holdfast": Holdfast, **PEERS}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--clips", type=Path, help="folder of real clips; without it only films made on the fly")
    parser.add_argument("--made", type=int, default=6, help="so many works, and as many decoys, are made (default 6)")
    parser.add_argument("--classes", nargs="*", default=[], help="only these classes of copies; `tier1`, `tier2`")
    parser.add_argument("--per-class", type=int, default=3, help="copies of each class (default 3)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--hold-out", choices=("aside", "tuned"), help="leave out copies of this half of the works")
    parser.add_argument("--folder", type=Path, help="keep films and copies here, and take them from here next time")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--peers", action="store_true", help="ask the peers that are installed, too (bench/peers.py)")
    parser.add_argument("--only", nargs="*", help="ask only these: holdfast, vpdq, mpeg7, chromaprint")
    parser.add_argument("--json", type=Path, help="every single answer, for looking at what was missed")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        run(chosen, chosen.folder or Path(scratch))


def run(chosen: argparse.Namespace, folder: Path) -> None:
    began = time.perf_counter()
    gathered = pools.gathered(chosen.clips, chosen.made, folder / "made", chosen.workers)
    print(f"{len(gathered.works)} works, {len(gathered.decoys)} decoys, {len(gathered.fillers)} fillers")
    names = [name for each in chosen.classes for name in _tier(each)]
    truths = pools.copies(gathered, pools.chosen_classes(names), chosen.per_class, chosen.seed, folder, chosen.workers)
    if chosen.hold_out:
        left_out = chosen.hold_out == "aside"
        truths = [truth for truth in truths if pools.is_kept_aside(truth["segments"][0]["work"]) != left_out]
    print(f"{len(truths)} copies are there after {time.perf_counter() - began:.0f} s")
    every: dict[str, list[dict[str, Any]]] = {}
    for key in chosen.only or (list(RECOGNISERS) if chosen.peers else ["holdfast"]):
        try:
            recogniser = RECOGNISERS[key]()
        except ImportError as error:
            print(f"{key} is left out: {error}")
            continue
        print(f"\n== {recogniser.name}", flush=True)
        is_pairwise = bool(getattr(recogniser, "is_pairwise", False))
        asked = list({truth["class"]: truth for truth in reversed(truths)}.values())[::-1] if is_pairwise else truths
        rows = answers(key, gathered, asked, folder, chosen.workers, is_costed=not is_pairwise)
        print_table(rows, [truth["class"] for truth in asked])
        every[recogniser.name] = [row.as_json() for row in rows]
    if chosen.json:
        chosen.json.write_text(json.dumps(every, indent=1) + "\n")


def answers(
    key: str, films: pools.Pools, truths: Sequence[dict[str, Any]], folder: Path, workers: int, *, is_costed: bool
) -> list[Row]:
    """What it says about every copy, judged; prints what it costs on the way."""
    # New processes, not forked ones: threads of FFmpeg and Numba do not outlive a fork, and then all waits for ever.
    new = multiprocessing.get_context("spawn")
    if is_costed:
        with ProcessPoolExecutor(1, new, _begin, (key, None)) as pool:
            print(pool.submit(cost, films.works).result(), flush=True)
    began = time.perf_counter()
    with ProcessPoolExecutor(workers, new, _begin, (key, None)) as pool:
        names = [path.name for path in films.indexed]
        learned = list(zip(names, pool.map(_learned, films.indexed), strict=True))
    print(f"{len(learned)} films learned in {time.perf_counter() - began:.0f} s", flush=True)
    with tempfile.TemporaryDirectory() as scratch:
        kept = Path(scratch) / "learned"
        kept.write_bytes(pickle.dumps(learned))
        with ProcessPoolExecutor(workers, new, _begin, (key, kept)) as pool:
            told = list(pool.map(_answered, [(folder / truth["file"], about(truth, films)) for truth in truths]))
    took = sorted(each[1] for each in told)
    print(f"a question takes {statistics.median(took):.2f} s at the median, {took[-1]:.2f} s at most, with decoding")
    return [judged(truth, found, took, pools) for truth, (found, took) in zip(truths, told, strict=True)]


class _Asked:
    """The recogniser of a process."""

    recogniser: Recogniser


def _begin(key: str, learned: Path | None) -> None:
    cv2.setNumThreads(1)
    _Asked.recogniser = RECOGNISERS[key]()
    if learned is not None:
        _Asked.recogniser.index(pickle.loads(learned.read_bytes()))


def _learned(path: Path) -> Any:
    return _Asked.recogniser.learn(path)


def _answered(question: tuple[Path, list[str]]) -> tuple[list[Found], float]:
    path, names = question
    began = time.perf_counter()
    pairwise = getattr(_Asked.recogniser, "ask_about", None)
    return pairwise(path, names) if pairwise else _Asked.recogniser.ask(path), time.perf_counter() - began


def about(truth: dict[str, Any], films: pools.Pools) -> list[str]:
    """For those that can only compare pairs: the works of the copy and three others."""
    shown = [segment["work"] for segment in truth["segments"]]
    kin = {pools.family(name) for name in shown}
    others = [path.name for path in films.indexed if pools.family(path.name) not in kin]
    chosen = np.random.default_rng(len(others) + len(truth["file"])).choice(others, min(3, len(others)), replace=False)
    return [*dict.fromkeys(shown), *chosen.tolist()]


def cost(films: Iterable[Path], most: int = 8) -> str:
    """How fast it learns, beside bare decoding in turns, and how much that weighs, in words."""
    recogniser, some = _Asked.recogniser, list(films)[:most]
    recogniser.learn(some[0])  # what is compiled or loaded once is no part of it
    bare = learned = length = weight = 0.0
    for path in some:
        began = _cpu_s()
        length += decoded(path)
        middle = _cpu_s()
        summary_ = recogniser.learn(path)
        bare, learned = bare + middle - began, learned + _cpu_s() - middle
        weight += recogniser.size_bytes(summary_)
    return (
        f"decoding alone {length / bare:.0f}x real time; learning {length / learned:.0f}x, "
        f"a ratio of {bare / learned:.2f}; {weight / length * 3600 / 1e6:.2f} MB an hour of index"
    )


def _cpu_s() -> float:
    """Processor seconds of this process, its threads, and its ended children."""
    return sum(os.times()[:4])


def decoded(path: Path) -> float:
    """Decodes every picture and sound with one thread, as simply as PyAV can; seconds of film."""
    end = 0.0
    with av.open(str(path)) as file:
        streams = [*file.streams.video[:1], *file.streams.audio[:1]]
        for stream in streams:
            stream.thread_type, stream.codec_context.thread_count = "NONE", 1
        for packet in file.demux(streams):
            try:
                for frame in packet.decode():
                    end = max(end, frame.time or 0.0)
            except av.error.FFmpegError:
                continue  # Theora from the wild holds stray packets
    return end


def print_table(rows: Sequence[Row], order: Sequence[str]) -> None:
    """All classes, then tiers, halves and everything, at the zero of this run."""
    groups: dict[str, list[Row]] = defaultdict(list)
    for kind in dict.fromkeys(order):
        groups[kind] = [row for row in rows if row.kind == kind]
    groups["TIER 1"] = [row for row in rows if row.kind in TIER_1]
    groups["TIER 2"] = [row for row in rows if row.kind not in TIER_1]
    groups["TUNED ON"] = [row for row in rows if not row.is_aside]
    groups["KEPT ASIDE"] = [row for row in rows if row.is_aside]
    groups["ALL"] = list(rows)
    zero = max((row.worst for row in rows), default=0.0)
    print(f"the highest score of a wrong pair is {zero:.4g}")
    print(
        f"{'class':12}{'pairs':>6}{'recall':>8}{'claimed':>9}{'missed':>7}{'wrong':>6}{'doubt':>6}{'margin':>8}"
        f"{'offset med/p95':>16}{'ends med/p90':>14}{'rate %':>8}{'placed':>8}{'astray':>8}{'segments':>10}"
    )
    for name, group in groups.items():
        if group:
            print(f"{name:12}{summary(group, zero)}")
    missed = [f"{pair.work} in {row.file}" for row in rows for pair in row.pairs if pair.score <= zero]
    print(f"missed at zero: {'; '.join(missed) or 'none'}")
    for row in rows:
        if row.wrong:
            print(f"claimed wrongly in {row.file}: {', '.join(row.wrong)}")


def _tier(name: str) -> list[str]:
    return {"tier1": list(TIER_1), "tier2": list(TIER_2)}.get(name, [name])


if __name__ == "__main__":
    main()
