"""What the bench of recognition is made of: films that are indexed, films that never are, and altered copies of some.

Works are indexed and copied; decoys are indexed only; fillers are never indexed, they are the other footage in
compilations, insets and replaced sound. The clips of the corpus are put in these pools by name; films made on the fly
fill them up. Some clips of the corpus are the same work under other names: they are one family, and a copy of one of
them that is taken for another of them counts neither as right nor as wrong.

The made films all have the same test card, whose counter and tone run the same wherever it stands, so some wrong pairs
share identical seconds. That is meant: what many films share must not be claimed, and counts as wrong here.

Kept aside: every family whose name's CRC-32 leaves 0 when divided by 3. Nothing may be tuned on copies of those.
"""

from __future__ import annotations

import json
import multiprocessing
import zlib
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from holdfast.testing.copies import Film, Material, make_copy
from holdfast.testing.copy_classes import CLASSES
from holdfast.testing.films import film_plan, write_film
from holdfast.testing.reels import is_audible

# Looked at frame by frame; the first of each is the one that is copied.
FAMILIES = (
    ("v041.webm", "v065.mp4", "v054.mp4"),
    ("v089.mp4", "v090.ogv", "v091.webm"),
    ("v158.mp4", "v156.webm", "v159.ogv", "v164.mp4", "v165.webm"),
    ("v142.mp4", "v143.mp4"),
)
FILLERS = ("v049.mp4", "v052.avi", "v064.mp4", "v144.mov")
# One picture a second: where a boundary lies within a slide nobody can say, so errors of time leave these out.
SLIDES = ("v142.mp4", "v143.mp4", "v145.mp4")
# Started anew rather than forked: what decodes in the parent has threads.
_NEW = multiprocessing.get_context("spawn")
_FILMS = {".mp4", ".webm", ".ogv", ".avi", ".mov", ".mkv", ".m4v", ".mpg", ".mpeg"}


@dataclass(frozen=True)
class Pools:
    """Paths by pool; `works` and `decoys` are what is indexed."""

    works: tuple[Path, ...]
    decoys: tuple[Path, ...]
    fillers: tuple[Path, ...]

    @property
    def indexed(self) -> tuple[Path, ...]:
        return self.works + self.decoys


def family(name: str) -> str:
    """The name under which all names of the same work go."""
    return next((names[0] for names in FAMILIES if name in names), name)


def is_kept_aside(name: str) -> bool:
    """Whether nothing may be tuned on copies of this work."""
    return zlib.crc32(family(name).encode()) % 3 == 0


def gathered(clips: Path | None, made: int, folder: Path, workers: int) -> Pools:
    """The pools of a folder of clips (or none) and of `made` works, as many decoys and half as many fillers made."""
    every = sorted(path for path in clips.iterdir() if path.suffix in _FILMS) if clips else []
    doubles = {name for names in FAMILIES for name in names[1:]}
    fillers = [path for path in every if path.name in FILLERS]
    decoys = [path for path in every if path.name in doubles]
    works = [path for path in every if path not in fillers and path not in decoys]
    if every and not fillers:  # another folder than ours: every sixth
        fillers = works[::6]
        works = [path for path in works if path not in fillers]
    folder.mkdir(parents=True, exist_ok=True)
    jobs = [
        (seed, folder / f"{pool}{seed}.mp4")
        for pool, first, count in (("made", 500, made), ("decoy", 600, made), ("filler", 700, (made + 1) // 2))
        for seed in range(first, first + count)
    ]
    with ProcessPoolExecutor(workers, _NEW) as pool_of_workers:
        paths = list(pool_of_workers.map(_made_film, jobs))
    films = {kind: [path for path in paths if path.name.startswith(kind)] for kind in ("made", "decoy", "filler")}
    return Pools((*works, *films["made"]), (*decoys, *films["decoy"]), (*fillers, *films["filler"]))


def _made_film(job: tuple[int, Path]) -> Path:
    seed, path = job
    if not path.exists():
        draft = path.with_suffix(".part.mp4")
        write_film(film_plan(seed, 24 + seed % 5 * 6, (480, 270)), draft)
        draft.rename(path)
    return path


def copies(
    pools: Pools, classes: Sequence[str], per_class: int, seed: int, folder: Path, workers: int
) -> list[dict[str, Any]]:
    """The truth of all copies, made in `folder` where they are not there yet. Writes `truth.json` beside them."""
    folder.mkdir(parents=True, exist_ok=True)
    jobs = [
        (kind, number, seed, folder, works, pools.fillers)
        for kind in classes
        for number, works in enumerate(_chosen(pools, kind, per_class, seed))
    ]
    made: list[dict[str, Any]] = []
    with ProcessPoolExecutor(workers, _NEW) as pool:
        # By work rather than by class, so that a process decodes the same few films again and again.
        for number, truth in enumerate(pool.map(_made_copy, sorted(jobs, key=lambda job: job[4][0].name), chunksize=4)):
            made.append(truth)
            if number % 20 == 19:
                print(f"  {number + 1} of {len(jobs)} copies", flush=True)
    order = {kind: number for number, kind in enumerate(classes)}
    made.sort(key=lambda truth: (order[truth["class"]], truth["file"]))
    facts: dict[str, Any] = {
        "works": [str(path) for path in pools.indexed],
        "copied": [str(path) for path in pools.works],
        "fillers": [str(path) for path in pools.fillers],
        "families": FAMILIES,
        "aside": sorted({path.name for path in pools.works if is_kept_aside(path.name)}),
    }
    # Of all copies that lie there, also of classes that were not asked for this time.
    notes = sorted(folder.glob("*_*.json"))
    facts["copies"] = [note for note in map(_read, notes) if (folder / note["file"]).exists()]
    (folder / "truth.json").write_text(json.dumps(facts, indent=1) + "\n")
    return made


def _chosen(pools: Pools, kind: str, count: int, seed: int) -> Iterable[tuple[Path, ...]]:
    """For each copy of a class the works it shows: all in turn, in an order of their own for each class."""
    rng = np.random.default_rng((seed, zlib.crc32(kind.encode())))
    works = [path for path in pools.works if kind != "audio_only" or is_audible(_film(path).sound)]
    order = [works[int(each)] for each in rng.permutation(len(works))]
    for number in range(count):
        start = number * (3 if kind == "three_works" else 1)
        yield tuple(order[(start + step) % len(order)] for step in range(3))


def _made_copy(job: tuple[str, int, int, Path, tuple[Path, ...], tuple[Path, ...]]) -> dict[str, Any]:
    kind, number, seed, folder, works, fillers = job
    note = folder / f"{kind}_{number}.json"
    wanted = [path.name for path in works[: 3 if kind == "three_works" else 1]]
    if note.exists():
        told = _read(note)
        if told["of"] == wanted and told["seed"] == seed * 1000 + number and (folder / told["file"]).exists():
            return told
    cv2.setNumThreads(1)
    material = Material(tuple(_film(path) for path in works[: len(wanted)]), tuple(_film(path) for path in fillers))
    made = make_copy(kind, material, seed * 1000 + number, folder, f"{kind}_{number}")
    told = {**made.as_json(), "of": wanted}
    note.write_text(json.dumps(told, indent=1) + "\n")
    return told


def _read(note: Path) -> dict[str, Any]:
    return dict(json.loads(note.read_text()))


@lru_cache(maxsize=40)
def _film(path: Path) -> Film:
    return Film(path)


def chosen_classes(names: Sequence[str]) -> list[str]:
    """All classes, or those named; ends the program when one is unknown."""
    unknown = [name for name in names if name not in CLASSES]
    if unknown:
        raise SystemExit(f"no such class: {', '.join(unknown)}; there are {', '.join(CLASSES)}")
    return list(names) or list(CLASSES)
