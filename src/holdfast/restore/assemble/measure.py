"""What has to be known of the copies before anything is joined: how they differ in colour and in loudness.

One pass forward over each copy that others follow, with small pictures, and one over its sound near the joins. Of the
pictures only those in hand are kept, a few for each pair of copies.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import cv2
import numpy as np

from holdfast.errors import SourceMissing
from holdfast.media.sound import RATE
from holdfast.model.edit import EditList, Placement, Take
from holdfast.model.time import Span
from holdfast.restore.assemble.color import Compared, Correction, Mask, Pixels, corrections, fitted, is_one_shot
from holdfast.restore.assemble.levels import LevelJoin, Powers, gains, loudness_blocks
from holdfast.restore.assemble.plan import Run, joins, middle, runs_of_sound
from holdfast.restore.assemble.sources import Reels, Sounds
from holdfast.restore.geometry import undone

Check = Callable[[], None]
Progress = Callable[[float], None]  # hears the share that is done, 0 to 1, ascending

_SMALL = 160
_READ = 320
_MOMENTS = 6
_MOST_MOMENTS = 24
_NEAR_S = Fraction(8)
_LEAST_COMMON_S = Fraction(1, 2)
_CHUNK = 5 * RATE
_STEP = 0.002  # of progress: less is not told


@dataclass(frozen=True)
class _Question:
    """A moment at which two copies are to be compared; across a join the moments are not the same."""

    ours: Placement
    theirs: Placement
    time: Fraction
    their_time: Fraction


def _unheard(_share: float) -> None:
    """Nobody wants to know."""


def colors(
    edit: EditList, paths: Mapping[str, Path], check: Check, on_progress: Progress = _unheard
) -> dict[str, Correction]:
    """The correction for each copy whose picture is used; `check` may raise to stop.

    A copy that fails is left uncorrected: that it fails is told when it is used.
    """
    asked = _questions(edit)
    shares = shares_of((take, each.asset) for each in edit.edits for take in each.picture[:1])
    for question in asked:
        for placement in (question.ours, question.theirs):
            shares.setdefault(placement.source, 0.0)
    looked = _looked_at(asked, edit.size, paths, check, on_progress) if asked else {}
    pairs: dict[tuple[str, str, bool], list[Compared]] = {}
    for number, question in enumerate(asked):
        if (number, 0) not in looked or (number, 1) not in looked:
            continue
        (ours, our_mask), (theirs, their_mask) = looked[number, 0], looked[number, 1]
        is_common = question.time == question.their_time
        if is_common or is_one_shot(ours, theirs):
            key = (question.ours.source, question.theirs.source, is_common)
            pairs.setdefault(key, []).append(Compared(ours, theirs, np.minimum(our_mask, their_mask)))
    found = []
    for (ours_name, theirs_name, is_common), compared in sorted(pairs.items(), key=lambda item: item[0]):
        change, likeness = fitted(compared)
        found.append((ours_name, theirs_name, change, likeness * len(compared) * (1.0 if is_common else 0.1)))
    return corrections(found, shares)


def shares_of(used: Iterable[tuple[Take, Span]]) -> dict[str, float]:
    """How much each copy gives: seconds times quality (one that was not measured counts half)."""
    shares: dict[str, float] = {}
    for take, span in used:
        quality = 0.5 if take.quality is None else max(take.quality, 0.01)
        shares[take.source] = shares.get(take.source, 0.0) + float(span.duration) * quality
    return shares


def _questions(edit: EditList) -> list[_Question]:
    asked: list[_Question] = []
    for one, other, at in joins(edit):
        if one.source == other.source:
            continue
        common = _common(one.placement, other.placement, at)
        if common is not None:
            asked += [_Question(one.placement, other.placement, t, t) for t in _spread(common, edit.frame_rate)]
        else:
            half = 1 / (2 * edit.frame_rate)
            asked.append(_Question(one.placement, other.placement, at - half, at + half))
    for each in edit.edits:
        for take in each.picture[1:]:
            first = each.picture[0].placement
            asked += [_Question(first, take.placement, t, t) for t in _spread(each.asset, edit.frame_rate)]
    return _thinned(asked)


def _common(one: Placement, other: Placement, at: Fraction) -> Span | None:
    """What both show (or let hear) near the join; None if it is less than half a second."""
    start = max(one.asset.start, other.asset.start, at - _NEAR_S)
    end = min(one.asset.end, other.asset.end, at + _NEAR_S)
    return Span(start, end) if end - start >= _LEAST_COMMON_S else None


def _spread(span: Span, frame_rate: Fraction) -> list[Fraction]:
    """Middles of frames, evenly over a stretch."""
    first, last = int(span.start * frame_rate) + 1, int(span.end * frame_rate) - 2
    if last < first:
        return [(span.start + span.end) / 2]
    count = min(_MOMENTS, last - first + 1)
    steps = {first + (last - first) * number // max(1, count - 1) for number in range(count)}
    return [middle(number, frame_rate) for number in sorted(steps)]


def _thinned(asked: list[_Question]) -> list[_Question]:
    by_pair: dict[tuple[str, str], list[_Question]] = {}
    for question in asked:
        by_pair.setdefault((question.ours.source, question.theirs.source), []).append(question)
    kept = []
    for questions in by_pair.values():
        step = max(1, -(-len(questions) // _MOST_MOMENTS))
        kept += questions[::step]
    return kept


def _looked_at(
    asked: list[_Question], size: tuple[int, int], paths: Mapping[str, Path], check: Check, on_progress: Progress
) -> dict[tuple[int, int], tuple[Pixels, Mask]]:
    """For each question and side the small picture and what of it is shown."""
    scale = min(Fraction(1), Fraction(_SMALL, max(size)))
    small = (max(8, round(size[0] * scale)), max(8, round(size[1] * scale)))
    wanted = []
    for number, question in enumerate(asked):
        wanted.append((question.ours, question.ours.copy_time(question.time), number, 0))
        wanted.append((question.theirs, question.theirs.copy_time(question.their_time), number, 1))
    wanted.sort(key=lambda row: (row[0].source, row[1], row[2], row[3]))
    ends = {placement.source: time for placement, time, _, _ in wanted}
    read = _Read(sum((max(end, Fraction(0)) for end in ends.values()), Fraction(0)), check, on_progress)
    looked: dict[tuple[int, int], tuple[Pixels, Mask]] = {}
    with Reels(paths, longer_side=_READ, reached=read.reached) as reels:
        for placement, time, number, side in wanted:
            check()
            read.of(placement.source)
            reels.keep((placement.source,))
            try:
                shown = reels.shown(placement.source, time)
            except SourceMissing:
                continue
            if shown.pixels is not None:
                looked[number, side] = undone(shown.pixels, placement, small)
    return looked


class _Read:
    """How much was decoded of copies that are read forward, one after another, of `whole` seconds of them."""

    def __init__(self, whole: Fraction, check: Check, on_progress: Progress) -> None:
        self._whole, self._check, self._on_progress = whole or Fraction(1), check, on_progress
        self._source = ""
        self._before, self._at, self._told = Fraction(0), Fraction(0), 0.0

    def of(self, source: str) -> None:
        """This copy comes now."""
        if source != self._source:
            self._source, self._before, self._at = source, self._before + self._at, Fraction(0)

    def reached(self, time: Fraction) -> None:
        """This moment of it was decoded."""
        self._at = max(self._at, time)
        share = float(min((self._before + self._at) / self._whole, Fraction(1)))
        if share >= self._told + _STEP:
            self._check()
            self._told = share
            self._on_progress(share)


def loudness(
    edit: EditList, paths: Mapping[str, Path], check: Check, on_progress: Progress = _unheard
) -> dict[str, float]:
    """The factor for each copy whose sound is used; `check` may raise to stop."""
    runs = [run for run in runs_of_sound(edit) if run.takes]
    shares = dict.fromkeys(sorted({take.source for run in runs for take in run.takes}), 0.0)
    shares |= shares_of((run.takes[0], run.span) for run in runs)
    asked = [*_followed(runs), *_spare(runs)]
    wanted = []
    for number, pair in enumerate(asked):
        wanted += [(pair.one, pair.ours, number, 0), (pair.other, pair.theirs, number, 1)]
    heard: dict[tuple[int, int], Powers] = {}
    peaks: dict[str, float] = {}
    with Sounds(paths) as sounds:
        wanted.sort(key=lambda row: (row[0].source, row[0].copy_time(row[1].start), row[2], row[3]))
        for done, (placement, span, number, side) in enumerate(wanted):
            check()
            on_progress(done / len(wanted))
            try:
                heard[number, side], peak = _powers(sounds, placement, span)
            except SourceMissing:
                continue
            peaks[placement.source] = max(peaks.get(placement.source, 0.0), peak)
    told = [
        LevelJoin(pair.one.source, pair.other.source, heard[number, 0], heard[number, 1], pair.is_common)
        for number, pair in enumerate(asked)
        if (number, 0) in heard and (number, 1) in heard
    ]
    return gains(told, shares, peaks)


@dataclass(frozen=True)
class _Pair:
    """Two copies whose loudness is to be compared, each in its stretch of the asset."""

    one: Placement
    other: Placement
    ours: Span
    theirs: Span
    is_common: bool


def _followed(runs: list[Run]) -> Iterator[_Pair]:
    """The copies that follow each other."""
    for before, after in pairwise(runs):
        one, other = before.takes[0].placement, after.takes[0].placement
        if one.source == other.source:
            continue
        common = _common(one, other, after.span.start)
        ours = common or Span(max(before.span.start, before.span.end - _NEAR_S), before.span.end)
        theirs = common or Span(after.span.start, min(after.span.end, after.span.start + _NEAR_S))
        yield _Pair(one, other, ours, theirs, common is not None)


def _spare(runs: list[Run]) -> Iterator[_Pair]:
    """The copies that would take over if the one that was chosen failed; once each."""
    seen = set()
    for run in runs:
        for take in run.takes[1:]:
            pair = (run.takes[0].source, take.source)
            if pair not in seen and pair[0] != pair[1]:
                seen.add(pair)
                common = Span(run.span.start, min(run.span.end, run.span.start + 2 * _NEAR_S))
                yield _Pair(run.takes[0].placement, take.placement, common, common, is_common=True)


def _powers(sounds: Sounds, placement: Placement, span: Span) -> tuple[Powers, float]:
    """The powers of each tenth of a second of the asset's stretch in this copy, and the peak."""
    first = round(placement.copy_time(span.start) * RATE)
    count = round(placement.copy_time(span.end) * RATE) - first
    read, blocks, peak = sounds.reader(placement.source), [], 0.0
    for at in range(0, count, _CHUNK):
        samples = read(first + at, min(_CHUNK, count - at))
        peak = max(peak, float(np.abs(samples).max(initial=0.0)))
        blocks.append(loudness_blocks(samples))
    powers = np.concatenate(blocks) if blocks else np.zeros(0)
    wanted = int(span.duration * 10)
    if len(powers) in (0, wanted) or wanted == 0:
        return powers, peak
    even = cv2.resize(powers.reshape(1, -1), (wanted, 1), interpolation=cv2.INTER_LINEAR)
    return np.asarray(even, np.float64).ravel(), peak
