"""How often the time line of a lost work is found by its copies alone, in simulated worlds with known truth.

    python bench/timeline.py [--works 500] [--seed 0] [--show]

What it does: scatters copies of works (`holdfast.testing.scattered`: parts, speeds, edits, alignments wrong by up to
40 ms, chance matches), infers the line, and prints the share of works whose line is right: every moment of every copy
within 0.2 s of the truth, the length too, and no more than two seconds of the work lost or of anything else placed.
Works are told apart by whether an edit is `open`: seen by as many copies as do not have it, and no listing decides.
"""

from __future__ import annotations

import argparse
import os
import time
from collections import defaultdict

os.environ.setdefault("OMP_NUM_THREADS", "1")

from holdfast.restore.timeline.inferred import inferred
from holdfast.testing.scattered import judged, scattered


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--works", type=int, default=500)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--show", action="store_true", help="every line that is wrong")
    chosen = parser.parse_args()
    rows: dict[str, list[bool]] = defaultdict(list)
    errors: list[float] = []
    spent = slowest = 0.0
    for seed in range(chosen.seed, chosen.seed + chosen.works):
        world = scattered(seed)
        began = time.perf_counter()
        line = inferred(world.copies, world.alignments, listed=world.listed)
        took = time.perf_counter() - began
        spent, slowest = spent + took, max(slowest, took)
        found = judged(world, line)
        is_right = found.is_right()
        if is_right:
            errors.append(found.error)
        if world.is_open and not is_right:
            rows["open, wrong, and a doubt says so"].append(len(line.doubts) > (not line.is_duration_known))
        rows["all"].append(is_right)
        rows["open" if world.is_open else "decided by a majority or the listing"].append(is_right)
        rows[f"{len(world.copies)} copies"].append(is_right)
        if not world.is_open:
            for edit in set(world.edits) or {"no edit"}:
                rows[f"  {edit}"].append(is_right)
        if chosen.show and not is_right and not world.is_open:
            print(f"seed {seed}: {found}, {len(world.copies)} copies, {world.edits}, {world.strangers}")
    print(f"{'works':40} {'count':>5} {'right':>7}")
    for name in sorted(rows, key=lambda name: (name[0] == " ", name)):
        print(f"{name:40} {len(rows[name]):5} {sum(rows[name]) / len(rows[name]):7.1%}")
    errors.sort()
    print(f"greatest error in a work that is right: median {errors[len(errors) // 2]:.3f} s, most {errors[-1]:.3f} s")
    print(f"{spent:.1f} s in all, {slowest:.2f} s the slowest")


if __name__ == "__main__":
    main()
