"""Scattered copies are what they say: their truth is true, and a wrong line is judged wrong."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from holdfast.model.edit import Placement
from holdfast.model.time import Span
from holdfast.restore.timeline.line import TimeLine
from holdfast.testing.scattered import World, judged, scattered, uncovered


def true_line(world: World) -> TimeLine:
    """The line as the truth has it."""
    first = min(each.work[0] for row in world.shown.values() for each in row)
    placements = []
    for digest, row in world.shown.items():
        for each in row:
            copy = Span(Fraction(each.copy[0]), Fraction(each.copy[1]))
            start = Fraction(each.work[0] - first)
            rate = Fraction(each.rate)
            placements.append(Placement(digest, copy, Span(start, start + rate * copy.duration), rate))
    return TimeLine(max(each.asset.end for each in placements), False, tuple(placements))


def test_the_same_seed_makes_the_same_world() -> None:
    assert scattered(3) == scattered(3)
    assert scattered(3) != scattered(4)


@pytest.mark.parametrize("seed", range(12))
def test_the_truth_is_judged_right_and_a_shifted_copy_wrong(seed: int) -> None:
    world = scattered(seed)
    line = true_line(world)
    assert judged(world, line).is_right(0.01)
    first = line.placements[-1]
    moved = Span(first.asset.start + 1, first.asset.end + 1)
    wrong = replace(line, placements=(*line.placements[:-1], replace(first, asset=moved)))
    assert not judged(world, wrong).is_right()


def test_what_is_lost_and_what_is_wrongly_there_is_counted() -> None:
    world = next(world for seed in range(99) if "inserted" in (world := scattered(seed)).edits)
    line = true_line(world)
    assert judged(world, replace(line, placements=line.placements[1:])).lost > 2
    digest = next(d for d, row in world.shown.items() if len(row) == 2 and row[0].copy[1] < row[1].copy[0] - 3)
    gap = Span(*(Fraction(edge) for edge in (world.shown[digest][0].copy[1], world.shown[digest][1].copy[0])))
    foreign = Placement(digest, gap, Span(Fraction(0), gap.duration))
    assert judged(world, replace(line, placements=(*line.placements, foreign))).wrong > 1


@pytest.mark.parametrize("seed", range(6))
def test_alignments_without_noise_and_chance_say_the_truth(seed: int) -> None:
    world = scattered(seed, noise_s=0, chance=0)
    for alignment in world.alignments:
        for segment in alignment.segments:
            middle = (segment.copy.start + segment.copy.end) / 2
            there = segment.asset.start + segment.rate * (middle - segment.copy.start)
            here = [each.at(float(middle)) for each in world.shown[alignment.a] if _within(each.copy, middle)]
            other = [each.at(float(there)) for each in world.shown[alignment.b] if _within(each.copy, there)]
            assert abs(here[0] - other[0]) < 1e-3


def _within(span: tuple[float, float], at: Fraction) -> bool:
    return span[0] <= at < span[1]


def test_what_no_copy_shows_is_uncovered() -> None:
    world = scattered(5)
    gaps = uncovered(world)
    covered = {at for row in world.shown.values() for each in row for at in each.work}
    assert all(min(covered) >= float(gap.end) - 1e-5 or max(covered) <= float(gap.start) + 1e-5 for gap in gaps)
