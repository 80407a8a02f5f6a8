"""Lost works restored from mixed found copies by the real commands, and held against what was lost.

    python bench/reconstruct.py [--works 4] [--seed 0] [--clips ../shared/corpus] [--kinds part crop] [--no-consensus]

What it does: makes works and two to six altered copies of each with exact truth (`lost_works.py`), then twice, with
and without their fingerprints: `init`, `add`, the masters' bytes removed, `lost declare`, `found add` of one heap (and
`found accept` of one copy where nothing survives to know the work by), `restore --plan`, `restore --no-consensus`,
`restore`. What comes out is held against the work (`held_against.py`):

    ends      errors of the boundaries of the picture's coverage, and of the sound's: median and most, in seconds
    amiss     boundaries that are wrong by more than 0.2 s, missing or invented, of all
    right     frames that show the right frame of the work, give or take one, of all that can be told from those near:
              of the choice, and with consensus
    other     frames that show another work, and seconds for which the edit list takes what is not of the work
    late      by how much the sound is late: median and most of windows, in milliseconds
    joins     joins where what comes next is not what came next in the work
    PSNR      brightness against the work's: of the best single copy of each stretch (laid on by truth), of the choice,
              with consensus; and SSIM. `worst` is the work (and copies) for which consensus gains least
    cost      wall and processor seconds a second of film: of the plan (the first, with all looking), and of what
              building takes beyond planning again; each is a command of its own, so both have its start in them

Every work's misses are named below its row.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from statistics import mean, median
from typing import Any

os.environ.setdefault("OMP_NUM_THREADS", "1")

import cv2

import held_against as held
from holdfast.formats.otio import parse_otio
from holdfast.model.edit import EditList
from holdfast.testing.copies import MadeCopy
from lost_works import KINDS, LostWork, lost_works

WITHIN_S = 0.2
SHOWN_MISSES = 5
VISIBLE_DB = 0.5


@dataclass
class Cost:
    """Seconds by the clock and of processors."""

    wall: float = 0.0
    cpu: float = 0.0

    def __sub__(self, other: Cost) -> Cost:
        return Cost(self.wall - other.wall, self.cpu - other.cpu)

    def __add__(self, other: Cost) -> Cost:
        return Cost(self.wall + other.wall, self.cpu + other.cpu)


@dataclass
class Row:
    """What came of one work. `near` are PSNR and SSIM by `single`, `choice`, `consensus`."""

    name: str
    kinds: str
    seconds: float = 0.0
    state: str = ""
    ends: list[float | None] = field(default_factory=list)
    ends_of_sound: list[float | None] = field(default_factory=list)
    frames: held.Counted = field(default_factory=held.Counted)
    combined: held.Counted = field(default_factory=held.Counted)
    foreign_s: float = 0.0
    late: list[float] = field(default_factory=list)
    joins: list[str] = field(default_factory=list)
    near: dict[str, tuple[float, float]] = field(default_factory=dict)
    plan: Cost = field(default_factory=Cost)
    build: Cost = field(default_factory=Cost)
    combine: Cost = field(default_factory=Cost)
    misses: list[str] = field(default_factory=list)


class Commands:
    """`holdfast` at one archive, each command a process; what a command cost is in `last`."""

    def __init__(self, archive: Path) -> None:
        self.archive, self.last = archive, Cost()

    def __call__(self, *words: object) -> list[dict[str, Any]]:
        at = [] if words[0] == "init" else ["--archive", self.archive, "--json"]
        line = [sys.executable, "-c", "from holdfast.cli.main import main; main()", *map(str, [*words, *at])]
        began, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
        said = subprocess.run(line, check=False, capture_output=True, text=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        self.last = Cost(time.perf_counter() - began, spent)
        if said.returncode not in (0, 1) or (said.returncode and not said.stdout.strip()):
            raise SystemExit(f"holdfast {' '.join(map(str, words))}: {said.returncode}\n{said.stderr[-1500:]}")
        return [json.loads(each) for each in said.stdout.splitlines()] if at else []


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--works", type=int, default=4)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--seconds", type=int, default=14, help="length of a work (default 14)")
    parser.add_argument("--kinds", nargs="*", choices=list(KINDS), default=list(KINDS), metavar="KIND")
    parser.add_argument("--clips", type=Path, help="folder of real clips; every second work is one of them")
    parser.add_argument("--no-consensus", action="store_true", help="leave the run with consensus out")
    parser.add_argument("--modes", nargs="*", choices=("known", "blind"), default=["known", "blind"])
    parser.add_argument("--folder", type=Path, help="keep films, archives and reconstructions there: a new folder")
    asked = parser.parse_args()
    cv2.setNumThreads(1)
    with tempfile.TemporaryDirectory(prefix="holdfast-bench-") as scratch:
        folder = asked.folder or Path(scratch)
        began = time.perf_counter()
        works = list(lost_works(asked.clips, asked.works, asked.seed, asked.kinds, asked.seconds, folder / "films"))
        print(
            f"{len(works)} works, {sum(len(work.copies) for work in works)} copies, made in "
            f"{time.perf_counter() - began:.0f} s",
            flush=True,
        )
        rows: dict[str, list[Row]] = {}
        for mode in asked.modes:
            print(f"\n{'WITH' if mode == 'known' else 'WITHOUT'} FINGERPRINTS", flush=True)
            print(HEAD, flush=True)
            rows[mode] = run(works, folder / mode, is_known=mode == "known", consensus=not asked.no_consensus)
            print_row(summed(rows[mode]))
        if len(rows) == 2:
            print()
            print_row(summed([row for each in rows.values() for row in each]))


def run(works: Sequence[LostWork], folder: Path, *, is_known: bool, consensus: bool) -> list[Row]:
    """Restores all works in one archive; prints a row for each."""
    folder.mkdir(parents=True, exist_ok=True)
    do = Commands(folder / "archive")
    do("init", do.archive, "--custodian", "Archive of the Bench")
    added = do("add", *[work.path for work in works], *([] if is_known else ["--no-fingerprint"]))
    ids = {Path(one["file"]).name: one["asset"] for one in added}
    assets = [ids[work.path.name] for work in works]
    for asset in assets:
        (object_,) = do("show", asset)
        for one in object_["files"]:
            if one["file"].startswith("masters/"):
                (do.archive / one["place"]).unlink()
    do("lost", "declare", *assets, "--reason", "the disk died")
    found = do("found", "add", *[work.folder for work in works], "--from", "a heap")
    digests = {Path(one["file"]).name: one["digest"] for one in found}
    rows = []
    for work, asset in zip(works, assets, strict=True):
        copies = {digests[copy.file]: copy for copy in work.copies}
        if not is_known:
            do(
                "found",
                "accept",
                next(digest for digest, copy in copies.items() if copy.kind in anchors(copies)),
                "--asset",
                asset,
            )
        row = restored(do, work, asset, copies, folder, is_known=is_known, consensus=consensus)
        rows.append(row)
        print_row(row)
    return rows


def anchors(copies: held.Copies) -> set[str]:
    """The kinds that a person would know the work by: with a picture and not re-edited, if there is one."""
    kinds = {copy.kind for copy in copies.values()}
    return kinds - {"sound", "insert"} or kinds - {"sound"} or kinds


def restored(
    do: Commands,
    work: LostWork,
    asset: str,
    copies: dict[str, MadeCopy],
    folder: Path,
    *,
    is_known: bool,
    consensus: bool,
) -> Row:
    """Restores one work and holds it against what was lost."""
    row = Row(work.path.stem, work.kinds, float(work.duration))
    do("restore", asset, "--plan", "--no-consensus")
    row.plan = again = do.last
    if not is_known:  # what copies share is remembered now
        do("restore", asset, "--plan", "--no-consensus")
        again = do.last
    (said,) = do("restore", asset, "--no-consensus")
    row.state, row.build = str(said["state"]), do.last - again
    row.misses += [f"note: {note}" for note in said["notes"]]
    if not said["reconstruction"]:
        row.misses.append(f"nothing was built: {said['state']} {said.get('message', '')}")
        row.ends = [None] * (2 * len(held.true_spans(work, heard=False)))
        return row
    path, edits = fetched(do, asset, folder / f"{work.path.stem} choice.mkv")
    missing = {take.source for edit in edits.edits for take in (*edit.picture, *edit.sound)} - set(copies)
    if missing:
        row.misses.append(f"copies of another work are used: {', '.join(edits.sources[each] for each in missing)}")
        return row
    on = held.laid(edits, copies, is_known=is_known)
    if on.rate != 1:
        row.misses.append(f"its time runs at {on.rate:.4f} of the work's")
    row.ends = held.boundaries(held.true_spans(work, heard=False), edits, on, "picture")
    row.ends_of_sound = held.boundaries(held.true_spans(work, heard=True), edits, on, "sound")
    row.joins = held.wrong_joins(edits, copies, on)
    for part in ("picture", "sound"):
        foreign = held.foreign_seconds(edits, copies, part)
        row.foreign_s += foreign
        if foreign:
            row.misses.append(f"{foreign:.2f} s of {part} are taken from what is not of the work")
    if any(edit.picture for edit in edits.edits):
        row.frames = held.frames(work, path, edits, on)
        nearness(row, do, work, asset, copies, folder, path, edits, on, consensus=consensus)
    late = held.late(work, path, edits, on)
    row.late = [by for _, by in late]
    row.misses += [f"sound {by:+.1f} ms late at {at:.1f} s" for at, by in late if abs(by) > 10][:SHOWN_MISSES]
    name_misses(row, work, edits, on)
    return row


def nearness(
    row: Row,
    do: Commands,
    work: LostWork,
    asset: str,
    copies: dict[str, MadeCopy],
    folder: Path,
    path: Path,
    edits: EditList,
    on: held.Laid,
    *,
    consensus: bool,
) -> None:
    """Puts into the row how near the choice, the consensus and the best single copies are to the work."""
    times = held.sampled(work, edits, on)
    truth = held.originals(work, times, on)
    chosen = held.nearness(path, times, truth, on)
    singles = {digest: held.single(work, copy, times, truth, on) for digest, copy in copies.items()}
    numbers, best = [], held.Near()
    for edit in edits.edits:
        here = [
            n for n, at in enumerate(times) if edit.asset.start <= Fraction(at) < edit.asset.end and n in chosen.psnr
        ]
        shows = {digest: near for digest, near in singles.items() if here and all(n in near.psnr for n in here)}
        if shows:
            top = max(shows, key=lambda digest: mean(shows[digest].psnr[n] for n in here))
            numbers += here
            best.psnr |= {n: shows[top].psnr[n] for n in here}
            best.ssim |= {n: shows[top].ssim[n] for n in here}
            used = edit.picture[0].source if edit.picture else ""
            if used in shows:
                at = f"{float(edit.asset.start):.1f} to {float(edit.asset.end):.1f} s"
                mine, own = (mean(each[n] for n in here) for each in (chosen.psnr, shows[used].psnr))
                nearest = mean(best.psnr[n] for n in here)
                if nearest - own > VISIBLE_DB:
                    row.misses.append(
                        f"choice: {copies[used].kind} for {copies[top].kind}, {nearest - own:.1f} dB nearer, {at}"
                    )
                if own - mine > VISIBLE_DB:
                    row.misses.append(
                        f"assembly: {own - mine:.1f} dB farther than {copies[used].kind}, laid on by truth, is, {at}"
                    )
    if not numbers:
        return
    results = {"single": best, "choice": chosen}
    if consensus:
        (said,) = do("restore", asset)
        row.combine = do.last
        if said["state"] == "failed":  # what is fetched would be what was chosen before
            row.misses.append(f"with consensus nothing was built: {said.get('message', '')}")
            return
        other, combined = fetched(do, asset, folder / f"{work.path.stem} consensus.mkv")
        if (combined.duration, combined.size) == (edits.duration, edits.size):
            results["consensus"] = held.nearness(other, times, truth, on)
            row.combined = held.frames(work, other, combined, on)
        else:
            row.misses.append(f"with consensus its length or size is another: {combined.duration}, {combined.size}")
        row.misses += [f"note: {note}" for note in said["notes"] if f"note: {note}" not in row.misses]
        row.joins += [
            f"with consensus: {each}" for each in held.wrong_joins(combined, copies, on) if each not in row.joins
        ]
    for name, near in results.items():
        kept = [n for n in numbers if n in near.psnr]
        row.near[name] = (mean(near.psnr[n] for n in kept), mean(near.ssim[n] for n in kept))


def fetched(do: Commands, asset: str, path: Path) -> tuple[Path, EditList]:
    """The reconstruction and its edit list, as `get` gives them."""
    do("get", asset, "--reconstruction", "-o", path, "--force")
    otio = path.with_suffix(".otio")
    do("get", asset, "--edit-list", "-o", otio, "--force")
    return path, parse_otio(otio.read_bytes(), otio.name)


def name_misses(row: Row, work: LostWork, edits: EditList, on: held.Laid) -> None:
    for part, ends in (("picture", row.ends), ("sound", row.ends_of_sound)):
        if any(each is None or abs(each) > WITHIN_S for each in ends):
            spans = held.true_spans(work, heard=part == "sound")
            said = held.joined([edit.asset for edit in edits.edits if getattr(edit, part)])
            true = " ".join(f"{float(each.start):.2f}-{float(each.end):.2f}" for each in spans)
            told = " ".join(f"{on.work(float(s.start)):.2f}-{on.work(float(s.end)):.2f}" for s in said)
            row.misses.append(f"coverage of {part}: true {true or 'none'}, reported {told or 'none'}")
    for name, counted in (("chosen", row.frames), ("with consensus", row.combined)):
        if counted.wrong_at:
            few = counted.wrong_at[:: max(1, len(counted.wrong_at) // 8)]
            row.misses.append(f"{len(counted.wrong_at)} frames {name}: {', '.join(few)}")
    row.misses += [f"join: {each}" for each in row.joins[:SHOWN_MISSES]]


# --------------------------------------------------------------------------------------------- table

HEAD = (
    f"{'work':8}{'state':17}{'ends med/most':>15}{'sound':>13}{'amiss':>7}{'right / cons':>14}{'told':>6}{'other':>10}"
    f"{'late med/most':>15}{'joins':>6}{'PSNR single/choice/cons':>25}{'SSIM':>18}{'plan w/c':>12}{'build':>11}"
    f"{'combined':>11}"
)


def print_row(row: Row) -> None:
    ends, sound = ([abs(each) for each in every if each is not None] for every in (row.ends, row.ends_of_sound))
    every = row.ends + row.ends_of_sound
    amiss = sum(each is None or abs(each) > WITHIN_S for each in every)
    late = [abs(each) for each in row.late]
    told = row.frames.told
    order = [row.near.get(name) for name in ("single", "choice", "consensus")]
    print(
        f"{row.name:8}{row.state:17}{_two(ends, 2):>15}{_two(sound, 2):>13}"
        f"{f'{amiss}/{len(every)}':>7}"
        f"{_share(row.frames) + '/' + _share(row.combined):>14}{told:>6}"
        f"{f'{row.frames.foreign + row.combined.foreign}/{row.foreign_s:.1f}s':>10}"
        f"{_two(late, 1):>15}{len(row.joins):>6}"
        f"{'/'.join(f'{each[0]:.1f}' if each else '-' for each in order):>25}"
        f"{'/'.join(f'{each[1]:.3f}' if each else '-' for each in order):>18}"
        f"{_ratio(row.plan, row.seconds):>12}{_ratio(row.build, row.seconds):>11}"
        f"{_ratio(row.combine, row.seconds):>11}",
        flush=True,
    )
    if row.kinds:
        print(f"         {row.kinds}")
    for miss in row.misses:
        print(f"         ! {miss}", flush=True)


def summed(rows: Sequence[Row]) -> Row:
    """All of them in one; its nearness is the mean over those that have all figures."""
    row = Row("ALL", "")
    for each in rows:
        row.seconds += each.seconds
        row.ends += each.ends
        row.ends_of_sound += each.ends_of_sound
        for mine, its in ((row.frames, each.frames), (row.combined, each.combined)):
            for name in ("told", "right", "still", "foreign"):
                setattr(mine, name, getattr(mine, name) + getattr(its, name))
        row.foreign_s += each.foreign_s
        row.late += each.late
        row.joins += each.joins
        row.plan, row.build, row.combine = row.plan + each.plan, row.build + each.build, row.combine + each.combine
    full = [each for each in rows if len(each.near) == max((len(one.near) for one in rows), default=0)]
    for name in full[0].near if full else ():
        row.near[name] = (mean(each.near[name][0] for each in full), mean(each.near[name][1] for each in full))
    if full and "consensus" in full[0].near:
        worst = min(full, key=lambda each: each.near["consensus"][0] - each.near["single"][0])
        gain = worst.near["consensus"][0] - worst.near["single"][0]
        row.misses.append(f"worst gain of consensus over the best single copies: {worst.name} {gain:+.2f} dB")
    return row


def _two(values: Sequence[float], places: int) -> str:
    return f"{median(values):.{places}f}/{max(values):.{places}f}" if values else "-"


def _share(counted: held.Counted) -> str:
    return f"{counted.right / counted.told:.1%}" if counted.told else "-"


def _ratio(cost: Cost, seconds: float) -> str:
    return f"{cost.wall / seconds:.2f}/{cost.cpu / seconds:.2f}" if cost.wall and seconds else "-"


if __name__ == "__main__":
    main()
