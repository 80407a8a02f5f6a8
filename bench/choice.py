"""Whether the copy that is measured as the best is the one nearest to the original, over real clips and made films.

    python bench/choice.py --clips ../shared/corpus --folder scratch [--works 6] [--learn]

What it does: makes altered copies of films with exact truth (or takes those that lie in --folder), places each by its
truth, measures them without the original, and holds that against the original, stretch by stretch:

    truth       3/4 structural similarity of brightness + 1/4 likeness of colors, after the copy was laid on the
                original: geometry undone, the nearest of three frames, shifted to a part of a pixel, made equal in
                level and contrast. What a copy does not show counts as lost. It is kept beside the copies
    visible     stretches in which the nearest copy and the next differ by more than 0.02
    measured    of those, how often the copy with the highest measured closeness is the nearest
    clear       the same of those in which the two differ by more than 0.03
    both        the same of visible ones in which the peak signal-to-noise ratio names the same copy as nearer
    chosen      the same of what `chosen` takes, which also has a price for changing
    loss        how much farther from the original the measured best is than the best there is, over all stretches;
                beside it that of a copy taken at random

for all copies of a work together and for pairs of them, apart for works on which nothing was tuned ("kept aside", see
`pools.is_kept_aside`). `--learn` prints the weights of `restore/choose/calibration.py`, learned on the others, and how
well each work is told by what was learned on all others.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any, NamedTuple

os.environ.setdefault("OMP_NUM_THREADS", "1")

import cv2
import numpy as np

import pools
from holdfast.media.frames import Frames
from holdfast.model.edit import Placement
from holdfast.model.match import Geometry
from holdfast.model.time import Span
from holdfast.restore.choose.choice import chosen
from holdfast.restore.choose.compare import Duel, compared
from holdfast.restore.choose.grid import Grid
from holdfast.restore.choose.looks import Looks
from holdfast.restore.choose.measure import pictures_of
from holdfast.restore.choose.quality import Quality
from holdfast.restore.geometry import undone
from holdfast.testing.copies import Film, Material, make_copy
from holdfast.testing.reels import Reel

CLASSES = (
    *("reenc240", "mpeg4avi", "flv1", "vp9low", "fps12", "boxed", "crop15", "logosub", "gray"),
    *("cast", "mirror", "camphone", "vhs", "speed104", "trim", "fps30", "combo"),
)
PACE, VISIBLE = Fraction(2), 0.02
SHARES = (Fraction(3, 10), Fraction(8, 10))  # of a stretch: where it is held against the original
OF_THIRDS = ("alike",)
CLEAR = 0.03


class Truth(NamedTuple):
    """How near a copy is to the original in a stretch: on the whole, in brightness where it shows it, and in dB."""

    near: float
    brightness: float
    peak_db: float


@dataclass
class Copies:
    """All copies of a work: `near[place, stretch]` is how near the original each is."""

    work: Path
    size: tuple[int, int]
    duration: Fraction
    kinds: list[str]
    placements: list[Placement]
    near: dict[tuple[int, int], Truth] = field(default_factory=dict)


class Among:
    """The looks of some of the placements, as if they were all."""

    def __init__(self, looks: Looks, places: Sequence[int]) -> None:
        self._looks, self._places, self.size = looks, places, looks.size

    def at(self, moment: int, numbers: Sequence[int]) -> dict[int, Any]:
        found = self._looks.at(moment, [self._places[number] for number in numbers])
        return {number: found[self._places[number]] for number in numbers if self._places[number] in found}


@dataclass
class Score:
    visible: int = 0
    measured: int = 0
    chosen: int = 0
    clear: list[bool] = field(default_factory=list)
    both: list[bool] = field(default_factory=list)
    losses: list[float] = field(default_factory=list)
    at_random: list[float] = field(default_factory=list)
    wrong: Counter[tuple[str, str]] = field(default_factory=Counter)

    def __str__(self) -> str:
        of = max(1, self.visible)
        return (
            f"{self.visible:5d} visible  measured {self.measured / of:6.1%}  clear {np.mean(self.clear or [0]):6.1%} of"
            f" {len(self.clear)}  both {np.mean(self.both or [0]):6.1%} of {len(self.both)}"
            f"  chosen {self.chosen / of:6.1%}"
            f"  loss {np.mean(self.losses or [0]):.4f} (at random {np.mean(self.at_random or [0]):.4f})"
        )


def asking(about: str) -> argparse.ArgumentParser:
    """What may be asked of a bench over works and their copies."""
    parser = argparse.ArgumentParser(description=about.splitlines()[0])
    parser.add_argument("--clips", type=Path, help="folder of real clips; without it only films made on the fly")
    parser.add_argument("--made", type=int, default=4)
    parser.add_argument("--folder", type=Path, required=True, help="films and copies are kept here for the next time")
    parser.add_argument("--copies", type=int, default=6, help="copies of each work (default 6)")
    parser.add_argument("--works", nargs="*", help="only these works, by the stem of their names")
    return parser


def main() -> None:
    parser = asking(__doc__)
    parser.add_argument("--pairs", type=int, default=15, help="pairs that are measured by themselves (default 15: all)")
    parser.add_argument("--learn", action="store_true")
    asked = parser.parse_args()
    cv2.setNumThreads(1)
    every = list(made(asked))
    if asked.learn:
        learn([copies for copies in every if not pools.is_kept_aside(copies.work.name)])
        return
    scores: dict[tuple[str, str], Score] = defaultdict(Score)
    seconds = spent = 0.0
    for copies in every:
        half = "kept aside" if pools.is_kept_aside(copies.work.name) else "tuned on"
        places = range(len(copies.placements))
        pairs = list(itertools.combinations(places, 2))
        np.random.default_rng(7).shuffle(pairs)
        grid = Grid(copies.duration, PACE)
        with Looks(copies.size) as looks:
            began = time.process_time()
            for place, placement in enumerate(copies.placements):
                looks.watch(Path(placement.source), [(place, placement)], grid, lambda _: None)
            judge(copies, looks, list(places), scores[half, "all copies"])
            spent += time.process_time() - began
            seconds += float(sum(each.copy.duration for each in copies.placements))
            for pair in pairs[: asked.pairs]:
                judge(copies, looks, [int(each) for each in pair], scores[half, "pairs"])
        print(f"{copies.work.name}: {scores[half, 'pairs']}", flush=True)
    print(f"\n{spent / seconds * 3600:.0f} processor seconds an hour of copies, with decoding")
    for (half, of), score in sorted(scores.items()):
        print(f"{half:10s} {of:10s} {score}")
        print("    taken for nearer ones:", ", ".join(f"{a} for {b} {n}" for (a, b), n in score.wrong.most_common(6)))


def judge(copies: Copies, looks: Looks, places: Sequence[int], score: Score) -> None:
    placements = [copies.placements[place] for place in places]
    grid = Grid(copies.duration, PACE)
    rows = pictures_of(placements, Among(looks, places), grid, lambda _: None)  # type: ignore[arg-type]
    qualities = [Quality(PACE, row) for row in rows]
    edits = chosen(copies.duration, placements, qualities, consensus=False)
    for number in range(len(Grid(copies.duration, PACE))):
        near = {place: copies.near[place, number].near for place in places if (place, number) in copies.near}
        figures = {place: quality.picture[number] for place, quality in zip(places, qualities, strict=True)}
        said = {place: figure.closeness for place, figure in figures.items() if figure is not None and place in near}
        if len(said) < 2:
            continue
        first, second = sorted(said, key=lambda place: -near[place])[:2]
        best = max(said, key=lambda place: said[place])
        score.losses.append(near[first] - near[best])
        score.at_random.append(near[first] - float(np.mean([near[place] for place in said])))
        if near[first] - near[second] <= VISIBLE:
            continue
        middle = (number + Fraction(1, 2)) * PACE
        take = next(edit.picture for edit in edits if edit.asset.start <= middle < edit.asset.end)
        score.visible += 1
        score.measured += best == first
        if near[first] - near[second] > CLEAR:
            score.clear.append(best == first)
        if copies.near[first, number].peak_db > copies.near[second, number].peak_db:
            score.both.append(best == first)
        score.chosen += bool(take) and take[0].placement == copies.placements[first]
        if best != first:
            score.wrong[copies.kinds[best], copies.kinds[first]] += 1


def made(asked: argparse.Namespace) -> Iterator[Copies]:
    films = pools.gathered(asked.clips, asked.made, asked.folder / "made", 1)
    deck: list[str] = []
    rng = np.random.default_rng(5)
    for number, work in enumerate(path for path in films.works if path.name not in pools.SLIDES):
        kinds = []
        for _ in range(asked.copies):
            deck = deck or [CLASSES[each] for each in rng.permutation(len(CLASSES))]
            kinds.append(deck.pop())
        if asked.works and work.stem not in asked.works:
            continue
        folder = asked.folder / "copies" / work.stem
        folder.mkdir(parents=True, exist_ok=True)
        film = Film(work)
        copies = Copies(work, film.reel.size, film.reel.duration, [], [])
        for place, kind in enumerate(kinds):
            note = folder / f"{kind}_{place}.json"
            if not note.exists():
                told = make_copy(kind, Material((film,)), 100 * number + place, folder, note.stem).as_json()
                note.write_text(json.dumps(told, default=str) + "\n")
            truth = json.loads(note.read_text())
            for segment in truth["segments"]:
                if segment["seen"]:
                    copies.kinds.append(kind)
                    copies.placements.append(placed(folder / truth["file"], segment, truth["strengths"]))
        copies.near = kept_nearness(copies, folder / "truth.json")
        yield copies


def placed(path: Path, segment: Mapping[str, Any], strengths: Mapping[str, Any]) -> Placement:
    """Where truth says that a segment lies; a crop inside of bars is the only box that corners do not tell."""
    corners = np.array(segment["corners"], np.float32)
    if segment["mirrored"]:
        corners[:, 0] = 1 - corners[:, 0]
    unit = np.array([[0, 0], [1, 0], [1, 1], [0, 1]], np.float32)
    geometry = None
    if not np.allclose(corners, unit, atol=1e-4):
        share = strengths.get("bars", 1.0) if "crop" in strengths else 1.0
        matrix = tuple(cv2.getPerspectiveTransform(unit, corners).ravel().tolist())
        geometry = Geometry(matrix, box=(0.0, 0.5 - share / 2, 1.0, 0.5 + share / 2))
    start, end = (Fraction(each, 1_000_000) for each in segment["copy"])
    rate, asset = Fraction(segment["rate"]), Fraction(segment["asset"][0], 1_000_000)
    return Placement(
        str(path),
        Span(start, end),
        Span(asset, asset + (end - start) * rate),
        rate,
        seen=segment["seen"],
        heard=segment["heard"],
        mirrored=segment["mirrored"],
        geometry=geometry,
    )


def kept_nearness(copies: Copies, note: Path) -> dict[tuple[int, int], Truth]:
    """The truth of a work, from its note if that is of the same copies."""
    names = [Path(each.source).name for each in copies.placements]
    if note.exists() and (told := json.loads(note.read_text()))["copies"] == names:
        return {(place, number): Truth(*figures) for place, number, *figures in told["near"]}
    found = nearness(copies)
    rows = [[*key, *(round(each, 5) for each in truth)] for key, truth in found.items()]
    note.write_text(json.dumps({"copies": names, "near": rows}) + "\n")
    return found


def nearness(copies: Copies) -> dict[tuple[int, int], Truth]:
    """How near each copy is to the original in each stretch that it covers wholly."""
    reel, grid = Reel(copies.work), Grid(copies.duration, PACE)
    step = 1 / reel.rate
    moments = [(n, grid.stretch(n).start + PACE * share) for n in range(len(grid) - 1) for share in SHARES]
    films = [Frames(Path(each.source)) for each in copies.placements]
    found: dict[tuple[int, int], list[Truth]] = defaultdict(list)
    for number, moment in moments:
        stretch = grid.stretch(number)
        originals = [reel.picture(max(Fraction(0), moment + way * step)) for way in (-1, 0, 1)]
        for place, (film, placement) in enumerate(zip(films, copies.placements, strict=True)):
            if placement.asset.start <= stretch.start and stretch.end <= placement.asset.end:
                shown = next(film.at([placement.copy_time(moment)]))
                if shown.pixels is not None:
                    found[place, number].append(near(originals, *undone(shown.pixels, placement, copies.size)))
    for film in films:
        film.__exit__(None, None, None)
    return {
        key: Truth(*np.mean(values, axis=0).tolist()) for key, values in found.items() if len(values) == len(SHARES)
    }


def near(originals: Sequence[np.ndarray], picture: np.ndarray, mask: np.ndarray) -> Truth:
    """Of a copy's picture laid on the nearest of a few originals, shifted if that is nearer still."""
    inside = mask > 0
    if not inside.any():
        return Truth(0.0, 0.0, 0.0)
    gray = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY).astype(np.float32)
    grays = [np.where(inside, cv2.cvtColor(each, cv2.COLOR_RGB2GRAY), 0).astype(np.float32) for each in originals]
    best = int(np.argmin([(each - gray)[inside].std() for each in grays]))
    size = (gray.shape[1], gray.shape[0])
    (across, down), _ = cv2.phaseCorrelate(grays[best], gray, cv2.createHanningWindow(size, cv2.CV_32F))
    found = likeness(originals[best], picture, inside)
    if 0.15 < abs(across) + abs(down) < 8:
        move = np.array([[1, 0, across], [0, 1, down]], np.float32)
        flags, border = cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP, cv2.BORDER_REPLICATE
        moved = cv2.warpAffine(picture, move, size, flags=flags, borderMode=border)
        found = max(found, likeness(originals[best], moved, inside))
    return found


def likeness(original: np.ndarray, picture: np.ndarray, inside: np.ndarray) -> Truth:
    one, other = (cv2.cvtColor(each, cv2.COLOR_RGB2YCrCb).astype(np.float32) for each in (original, picture))
    shown = float(inside.mean())
    level = levelled(other[..., 0], one[..., 0], inside)
    # Windows that reach over the border of what is shown would hold black against black, or against the picture.
    kept = cv2.erode(inside.astype(np.uint8), np.ones((11, 11), np.uint8), borderValue=1) > 0
    brightness = float(ssim(one[..., 0], level)[kept if kept.any() else inside].mean())
    error = np.where(inside, level, one[..., 0][inside].mean()) - one[..., 0]
    left = 0.0
    for plane in (1, 2):
        right, own = (
            cv2.resize(each[..., plane], None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA) for each in (one, other)
        )
        part = (
            cv2.resize(inside.astype(np.uint8), (right.shape[1], right.shape[0]), interpolation=cv2.INTER_NEAREST) > 0
        )
        left += float(((levelled(own, right, part) - right)[part] ** 2).mean()) if part.any() else 0.0
    color = float(np.exp(-np.sqrt(left) / 12))
    peak = float(10 * np.log10(255**2 / max(0.05, (error**2).mean())))
    return Truth(shown * (0.75 * brightness + 0.25 * color), brightness, peak)


def levelled(plane: np.ndarray, right: np.ndarray, inside: np.ndarray) -> np.ndarray:
    """Made equal in level and contrast, as assembly does; what has no contrast at all cannot be helped."""
    own, wanted = plane[inside], right[inside]
    if own.size == 0 or own.std() <= 1:
        return plane
    gain = np.clip(((own - own.mean()) * (wanted - wanted.mean())).mean() / own.var(), 0.5, 2)
    return np.clip((plane - own.mean()) * gain + wanted.mean(), 0, 255)


def ssim(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """The map of structural similarity. Source: Wang et al., IEEE Trans. Image Processing, 2004."""

    def local(each: np.ndarray) -> np.ndarray:
        return cv2.GaussianBlur(each, (11, 11), 1.5)

    first, second = local(one), local(other)
    variances = local(one * one) - first**2 + local(other * other) - second**2
    shared = local(one * other) - first * second
    light = (2 * first * second + 6.5) / (first**2 + second**2 + 6.5)
    return np.asarray(light * (2 * shared + 58.5) / (variances + 58.5))


def learn(every: Sequence[Copies]) -> None:
    """Print the weights that tell the nearer of two copies, for two alone and for three."""
    for count in (2, 3):
        rows, gains, of = [], [], []
        for copies in every:
            grid = Grid(copies.duration, PACE)
            with Looks(copies.size) as looks:
                for place, placement in enumerate(copies.placements):
                    looks.watch(Path(placement.source), [(place, placement)], grid, lambda _: None)
                for number in range(0, len(grid), 2):
                    there = [place for place in range(len(copies.kinds)) if (place, number) in copies.near]
                    groups = list(itertools.combinations(there, count))
                    np.random.default_rng(number).shuffle(groups)
                    for group in groups[:10]:
                        seen = [compared(looks.at(moment, list(group))) for moment in grid.moments_of(number)]
                        for one, other in itertools.combinations(group, 2):
                            duels = [each[one].duels[other] for each in seen if one in each and other in each]
                            if duels:
                                rows.append(np.mean(duels, axis=0))
                                bright = [copies.near[place, number].brightness for place in (one, other)]
                                gains.append(bright[0] - bright[1])
                                of.append(copies.work.name)
        table, gain, works = np.array(rows), np.array(gains), np.array(of)
        right = []
        for work in sorted(set(of)):
            weights = fitted(table[works != work], gain[works != work], uses_thirds=count > 2)
            seen_here = (works == work) & (np.abs(gain) > VISIBLE)
            right += (np.sign(table[seen_here] @ weights) == np.sign(gain[seen_here])).tolist()
        print(
            f"{count} copies: brightness told by what was learned on other works {np.mean(right):.1%} of {len(right)}"
        )
        weights = fitted(table, gain, uses_thirds=count > 2)
        print({name: round(float(each), 3) for name, each in zip(Duel._fields, weights, strict=True)})


def fitted(rows: np.ndarray, gains: np.ndarray, *, uses_thirds: bool, rounds: int = 500) -> np.ndarray:
    """Weights of 0 and more of a logistic row, scaled so that the sum is a difference of nearness."""
    allowed = np.array([uses_thirds or name not in OF_THIRDS for name in Duel._fields])
    scale = rows.std(axis=0) + 1e-6
    even = rows / scale
    matter, side = np.minimum(np.abs(gains), 0.06) / 0.06, np.sign(gains)
    weights = np.zeros(rows.shape[1])
    for _ in range(rounds):
        doubt = 1 / (1 + np.exp(side * (even @ weights)))
        slope = (even * (side * matter * doubt)[:, None]).mean(axis=0) - 2e-3 * weights
        weights = np.maximum(0, weights + 2 * slope) * allowed
    said = even @ weights
    return weights / scale * float((said * gains).sum() / max(1e-9, (said * said).sum()))


if __name__ == "__main__":
    main()
