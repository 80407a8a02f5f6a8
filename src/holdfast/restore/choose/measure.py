"""How good every placement of a found copy is, stretch by stretch: the copies are decoded once each, then compared.

    qualities = measured(placements, {digest: path}, size=(768, 576), duration=Fraction(5400))
    edits = chosen(Fraction(5400), placements, qualities)

A copy is decoded once for its picture and once for its sound, however many of its stretches are wanted. A copy that
cannot be read is named in `Quality.problem` and left out by the choice; where only parts of it are damaged the
others are measured.
"""

from __future__ import annotations

import errno
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from statistics import mean, median

import numpy as np

from holdfast.errors import HoldfastError
from holdfast.model.edit import Placement
from holdfast.restore.choose.calibration import Pair, advantages, closenesses, steadied
from holdfast.restore.choose.colors import likeness_of_colors
from holdfast.restore.choose.compare import Seen, compared, resolved
from holdfast.restore.choose.grid import Grid
from holdfast.restore.choose.hearing import Listened, listen
from holdfast.restore.choose.looks import Look, Looks
from holdfast.restore.choose.overlays import Lasting
from holdfast.restore.choose.paces import Paces
from holdfast.restore.choose.quality import PictureQuality, Quality, SoundQuality
from holdfast.restore.choose.recall import Memory, recalled, remember
from holdfast.restore.choose.sounds import steadied_sounds, weighed
from holdfast.restore.geometry import matrix_of

# Below this a picture has no room for patches: smaller works are measured as if they were larger.
_LEAST = 64
_UNREADABLE = "it cannot be read: nothing of its {part} could be decoded"


class Stopped(Exception):
    """Somebody asked to stop: nothing was measured, nothing is left behind."""


def measured(
    placements: Sequence[Placement],
    paths: Mapping[str, Path],
    *,
    size: tuple[int, int],
    duration: Fraction,
    pace: Fraction = Fraction(2),
    on_progress: Callable[[float], None] | None = None,
    should_stop: Callable[[], bool] | None = None,
    memory: Memory | None = None,
) -> tuple[Quality, ...]:
    """One quality for each placement, in stretches of `pace` seconds of asset time.

    `paths` gives the file of each source's digest, `size` (width, height) the picture of the asset in square pixels.
    `on_progress` hears the share that is done, 0 to 1; `should_stop` is asked often. What is in `memory` is not decoded
    again, and what is decoded is kept there. Needs about 0.9 GB of scratch space for an hour of copies, and no more
    memory for long ones than for short.

    Raises:
        Stopped: `should_stop` said so.
        ValueError: `size` has no area, or pace or duration make no grid.
        OSError: the scratch space is full.
    """
    if min(size) < 1:
        raise ValueError(f"a picture of {size[0]} x {size[1]} has no area")
    grow = max(1, -(-_LEAST // min(size)))
    work = _Work(Grid(duration, pace), on_progress or (lambda _: None), should_stop or (lambda: False))
    problems: dict[str, str] = {}
    warnings: dict[str, tuple[str, ...]] = {}
    heard: dict[tuple[int, int], Listened] = {}
    with Looks((size[0] * grow, size[1] * grow)) as looks:
        sources = list(dict.fromkeys(each.source for each in placements))
        for number, source in enumerate(sources):
            mine = [(place, each) for place, each in enumerate(placements) if each.source == source]
            length = max(each.copy.end for _, each in mine)
            held = recalled(memory, source, mine, work.grid, looks)
            if held is not None:
                heard |= held[0]
                warnings[source] = held[1]
                continue
            try:
                told: tuple[str, ...] = ()
                sounds: dict[tuple[int, int], Listened] = {}
                work.begins(2 * number, 2 * len(sources), length)
                if any(each.seen for _, each in mine):
                    told += looks.watch(paths[source], _those(mine, "seen"), work.grid, work.reached)
                work.begins(2 * number + 1, 2 * len(sources), length)
                if any(each.heard for _, each in mine):
                    sounds, more = listen(paths[source], _those(mine, "heard"), work.grid, work.reached)
                    heard |= sounds
                    told += more
                warnings[source] = told
                if memory is not None:
                    remember(memory, source, mine, work.grid, looks, sounds, told)
            except KeyError:
                problems[source] = "its file is not known"
            except (HoldfastError, OSError) as error:
                if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
                    raise  # of the scratch space: no fault of the copy
                problems[source] = str(error)
        pictures = pictures_of(placements, looks, work.grid, work.compared)
    sounds_of = _sounds(len(placements), heard, work.grid)
    for place, each in enumerate(placements):
        if each.source not in problems:
            problem = _nothing(each, pictures[place], sounds_of[place])
            if problem:
                problems.setdefault(f"{place}", problem)
    work.on_progress(1.0)
    return tuple(
        Quality(
            pace,
            pictures[place],
            sounds_of[place],
            problems.get(each.source, problems.get(f"{place}", "")),
            warnings.get(each.source, ()),
        )
        for place, each in enumerate(placements)
    )


class _Work:
    """The grid, and how far the work has come."""

    def __init__(self, grid: Grid, on_progress: Callable[[float], None], should_stop: Callable[[], bool]) -> None:
        self.grid = grid
        self.on_progress = on_progress
        self._should_stop = should_stop
        self._done = self._share = 0.0
        self._length = Fraction(1)

    def begins(self, number: int, count: int, length: Fraction) -> None:
        """Pass `number` of `count` is begun, over so many seconds."""
        self._done, self._share, self._length = 0.8 * number / count, 0.8 / count, max(length, Fraction(1))

    def reached(self, time: Fraction) -> None:
        """That second of the copy is reached."""
        self.check()
        self.on_progress(self._done + self._share * min(1.0, float(time / self._length)))

    def compared(self, share: float) -> None:
        """That share of the stretches was compared; decoding was four fifths of the work."""
        self.check()
        self.on_progress(0.8 + 0.2 * share)

    def check(self) -> None:
        """Raises Stopped if somebody asked for it."""
        if self._should_stop():
            raise Stopped


def _those(mine: Sequence[tuple[int, Placement]], sense: str) -> list[tuple[int, Placement]]:
    return [(place, each) for place, each in mine if getattr(each, sense)]


def _nothing(
    placement: Placement, picture: Sequence[PictureQuality | None], sound: Sequence[SoundQuality | None]
) -> str:
    """A placement that is long enough to be seen at some moment, and of which nothing was: it cannot be used."""
    if placement.asset.duration < 4:
        return ""
    lacks = [
        part
        for part, wanted, row in (("picture", placement.seen, picture), ("sound", placement.heard, sound))
        if wanted and not any(row)
    ]
    wanted = int(placement.seen) + int(placement.heard)
    return _UNREADABLE.format(part=" and ".join(lacks)) if lacks and len(lacks) == wanted else ""


def pictures_of(
    placements: Sequence[Placement], looks: Looks, grid: Grid, on_progress: Callable[[float], None]
) -> list[tuple[PictureQuality | None, ...]]:
    """The quality of each placement's picture in every stretch, None where nothing of it was looked at.

    `looks` has what was seen of them, by their places in `placements`. `on_progress` hears the share that is done.
    """
    drafts: list[dict[int, PictureQuality]] = []
    losses: list[dict[int, float]] = []
    ahead: list[dict[Pair, float]] = []
    paces = [Paces(float(each.rate)) for each in placements]
    over = [Lasting() for _ in placements]
    for stretch in range(len(grid)):
        span = grid.stretch(stretch)
        there = [
            number
            for number, each in enumerate(placements)
            if each.seen and each.asset.start < span.end and each.asset.end > span.start
        ]
        moments = [each for each in (looks.at(moment, there) for moment in grid.moments_of(stretch)) if each]
        seen = [compared(each) for each in moments]
        for here, views in zip(moments, seen, strict=True):
            for number, look in here.items():
                paces[number].taken(look, [each for other, each in here.items() if other != number])
                if len(here) > 1:
                    over[number].taken(views[number].over)
        drafts.append(_of_stretch(moments, seen, placements, looks.size))
        losses.append(
            {number: mean(each[number].noise_loss for each in seen if number in each) for number in drafts[-1]}
        )
        ahead.append(advantages(seen))
        on_progress((stretch + 1) / len(grid))
    rows: list[list[PictureQuality | None]] = [[None] * len(grid) for _ in placements]
    for stretch, steady in enumerate(steadied(ahead)):
        for number, near in closenesses(losses[stretch], steady).items():
            draft, hidden = drafts[stretch][number], over[number].share
            left = max(0.0, 1 - draft.lost - hidden)
            near_in_all = left * (0.75 * near + 0.25 * draft.color)
            rows[number][stretch] = replace(draft, closeness=near_in_all, rate=paces[number].rate, overlaid=hidden)
    return [tuple(row) for row in rows]


def _of_stretch(
    moments: Sequence[Mapping[int, Look]],
    seen: Sequence[Mapping[int, Seen]],
    placements: Sequence[Placement],
    size: tuple[int, int],
) -> dict[int, PictureQuality]:
    """Everything but what needs the whole of the copies: the closeness, the rate, and what lies over them."""
    colors: dict[int, list[float]] = {}
    for looks in moments:
        for number, near_in_color in zip(looks, likeness_of_colors(list(looks.values())), strict=True):
            colors.setdefault(number, []).append(near_in_color)
    found = {}
    for number, color in colors.items():
        mine = [looks[number] for looks in moments if number in looks]
        views = [each[number] for each in seen if number in each]
        lines, slant = _scale(placements[number], mine[0].own.lines)
        detail = median(_resolved(each, number) for each in seen if number in each) * size[1]
        found[number] = PictureQuality(
            closeness=0.0,
            detail=min(detail, lines, float(size[1])),
            lines=lines,
            noise=median(view.noise for view in views),
            blocking=median(look.own.blocking for look in mine),
            lost=1 - mean(float(look.shown.mean()) for look in mine),
            color=mean(color),
            combing=mean(look.own.combing for look in mine),
            slant=slant,
        )
    return found


def _resolved(seen: Mapping[int, Seen], number: int) -> float:
    """Beside the second best of each band: what only one copy has may be a logo."""
    rows = zip(*(each.bands for each in seen.values()), strict=True)
    return resolved(seen[number].bands, tuple(sorted(bands)[-min(2, max(1, len(bands) - 1))] for bands in rows))


def _scale(placement: Placement, lines: float) -> tuple[float, float]:
    """Rows of the copy that show the height of the asset's picture, and how unevenly large its places are shown."""
    matrix = matrix_of(placement.geometry)
    areas, tall = [], 1.0
    for x, y in ((0.5, 0.5), (0.1, 0.1), (0.9, 0.1), (0.1, 0.9), (0.9, 0.9)):
        depth = matrix[2] @ np.array([x, y, 1.0])
        if depth <= 1e-6:
            return lines, float("inf")
        place = matrix[:2] @ np.array([x, y, 1.0]) / depth
        slope = (matrix[:2, :2] - np.outer(place, matrix[2, :2])) / depth
        areas.append(abs(float(np.linalg.det(slope))))
        if (x, y) == (0.5, 0.5):
            tall = float(np.hypot(*slope[:, 1]))
    return lines * tall, float(np.sqrt(max(areas) / max(min(areas), 1e-9)))


def _sounds(count: int, heard: Mapping[tuple[int, int], Listened], grid: Grid) -> list[tuple[SoundQuality | None, ...]]:
    rows: list[list[SoundQuality | None]] = [[None] * len(grid) for _ in range(count)]
    by_stretch: dict[int, dict[int, Listened]] = {}
    for (number, stretch), each in heard.items():
        by_stretch.setdefault(stretch, {})[number] = each
    order = sorted(by_stretch)
    for stretch, here in zip(order, steadied_sounds([weighed(by_stretch[each]) for each in order]), strict=True):
        for number, quality in here.items():
            rows[number][stretch] = quality
    return [tuple(row) for row in rows]
