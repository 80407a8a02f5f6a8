"""A reconstruction held against the work that was lost: which frames, which sound, how near, and what is reported.

Where no fingerprint survived, a reconstruction has a time line and a frame of its own, which may be those of a copy
that was sped up or cropped. They are laid on the work's by what truth says of the copies that its edit list takes: one
offset, one rate and one place of the picture for the whole.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from holdfast.media.frames import Frames
from holdfast.model.edit import EditList, Placement, Take, joined
from holdfast.model.time import Span
from holdfast.testing.copies import MICRO, Corners, MadeCopy, TrueSegment
from holdfast.testing.reels import RATE, Samples, sound_of
from lost_works import LostWork

SMALL = 64  # pixels of the longer side of what frames are told apart by
AROUND_S = 0.5  # so far around the right frame it is looked for
STILL = 1e-3  # 1 - correlation of a frame with those two and three beside it: below, nobody can tell them apart
FLAT = 12.0  # deviation of brightness below which a frame is no picture, or one that fades
EDGE_S = 0.1
JOIN_S = 0.06  # what is further off than this on one side of a join than on the other is a wrong join
PACE = 3  # sound is compared at a third of its rate
WINDOW_S, LATE_S, HEARD = 2.0, 0.3, 0.4
ALIKE = 0.9  # a tone sounds much the same a period later: of peaks this near the highest, the one nearest to 0
SAMPLED = 40  # frames whose nearness is measured
BEST_DB = 60.0

Gray = NDArray[np.uint8]
Floats = NDArray[np.float64]
Copies = Mapping[str, MadeCopy]  # by digest


@dataclass(frozen=True)
class Laid:
    """How a reconstruction lies on the work: work = start + rate * time.

    `corners` are the work's in the reconstruction's picture (shares, clockwise from its upper left); None: its own.
    """

    start: float = 0.0
    rate: float = 1.0
    corners: Corners | None = None

    def work(self, time: float) -> float:
        return self.start + self.rate * time

    def time(self, work: float) -> float:
        return (work - self.start) / self.rate


@dataclass
class Counted:
    """Frames by what they turned out to be; `still` ones cannot be told from those near. `wrong_at` names the wrong."""

    told: int = 0
    right: int = 0
    still: int = 0
    foreign: int = 0
    wrong_at: list[str] = field(default_factory=list)


@dataclass
class Near:
    """PSNR in decibels and SSIM of frames, by number."""

    psnr: dict[int, float] = field(default_factory=dict)
    ssim: dict[int, float] = field(default_factory=dict)


# --------------------------------------------------------------------------------------------- times


def shown(copy: MadeCopy, at: float, *, heard: bool = False) -> float | None:
    """The work's second that a copy shows (or lets hear) at a second of its own."""
    for each in copy.segments:
        start, end = (edge / MICRO for edge in each.copy)
        if start <= at < end and (each.heard if heard else each.seen):
            return each.asset[0] / MICRO + float(Fraction(each.rate)) * (at - start)
    return None


def laid(edits: EditList, copies: Copies, *, is_known: bool) -> Laid:
    """The work's own time line if its fingerprint survived, else the one that most of what is shown agrees on."""
    if is_known:
        return Laid()
    pairs = [(t, s) for t, s, _ in _moments(edits, copies, "picture") if s is not None]
    pairs = pairs or [(t, s) for t, s, _ in _moments(edits, copies, "sound") if s is not None]
    if not pairs:
        return Laid()
    times, works = np.array(pairs).T
    apart = np.subtract.outer(times, times)
    slopes = np.subtract.outer(works, works)[apart > 1.0] / apart[apart > 1.0]
    rate = float(np.median(slopes)) if slopes.size else 1.0
    rate = 1.0 if abs(rate - 1) < 0.002 else rate
    return Laid(float(np.median(works - rate * times)), rate, _frame(edits, copies))


def _frame(edits: EditList, copies: Copies) -> Corners | None:
    """Where the work's corners lie in a reconstruction, by the copy that gives most of its picture."""
    given: Counter[Placement] = Counter()
    for edit in edits.edits:
        for take in edit.picture[:1]:
            given[replace(take.placement, asset=Span(Fraction(0), Fraction(0)))] += int(edit.asset.duration * MICRO)
    if not given:
        return None
    placement = given.most_common(1)[0][0]
    corners = next((each.corners for each in copies[placement.source].segments if each.corners), None)
    if corners is None:
        return None
    places = np.array(corners, np.float64)
    if placement.mirrored:
        places[:, 0] = 1 - places[:, 0]
    if placement.geometry is not None:
        back = np.linalg.inv(np.array(placement.geometry.matrix).reshape(3, 3))
        places = cv2.perspectiveTransform(places[None], back)[0]
    return tuple((float(x), float(y)) for x, y in places)


def _moments(
    edits: EditList, copies: Copies, part: str, step: float = 0.1
) -> Iterator[tuple[float, float | None, int]]:
    """Times of the reconstruction, the work's second that is shown there by truth, and the number of the edit."""
    for number, edit in enumerate(edits.edits):
        takes: tuple[Take, ...] = getattr(edit, part)
        if not takes:
            continue
        for at in np.arange(float(edit.asset.start) + step / 2, float(edit.asset.end), step):
            copy_time = float(takes[0].placement.copy_time(Fraction(float(at))))
            yield float(at), shown(copies[takes[0].source], copy_time, heard=part == "sound"), number


def wrong_joins(edits: EditList, copies: Copies, on: Laid) -> list[str]:
    """Joins of the picture, and of the sound, where what comes after is not what came next in the work."""
    found = []
    for part in ("picture", "sound"):
        off: dict[int, list[float]] = defaultdict(list)
        for time, work, number in _moments(edits, copies, part, 0.05):
            if work is not None:
                off[number].append(work - on.work(time))
        for number in range(1, len(edits.edits)):
            before, after = off.get(number - 1), off.get(number)
            if before and after and abs(before[-1] - after[0]) > JOIN_S:
                at = float(edits.edits[number].asset.start)
                found.append(f"{part} at {at:.2f} s: {before[-1] * 1000:+.0f} ms before, {after[0] * 1000:+.0f} after")
    return found


def foreign_seconds(edits: EditList, copies: Copies, part: str) -> float:
    """Seconds for which the chosen copy shows no second of the work, but not within a tenth of where it does."""
    wrong = 0.0
    for time, _, number in _moments(edits, copies, part, 0.05):
        take: Take = getattr(edits.edits[number], part)[0]
        copy_time = float(take.placement.copy_time(Fraction(time)))
        spans = [[edge / MICRO for edge in each.copy] for each in copies[take.source].segments]
        wrong += 0.05 * (not any(start - EDGE_S <= copy_time < end + EDGE_S for start, end in spans))
    return wrong


# ------------------------------------------------------------------------------------------ coverage


def true_spans(work: LostWork, *, heard: bool) -> tuple[Span, ...]:
    """What all copies together show, or let hear, in the work's time."""
    spans = []
    for copy in work.copies:
        for each in copy.segments:
            if each.heard if heard else each.seen:
                ends = (Fraction(edge, MICRO) for edge in each.asset)
                start, end = (min(max(edge, Fraction(0)), work.duration) for edge in ends)
                spans.append(Span(start, end))
    return joined(spans)


def boundaries(truth: Sequence[Span], edits: EditList, on: Laid, part: str) -> list[float | None]:
    """By how many seconds each true boundary of coverage is reported wrongly; None where there is none within 2 s.

    A reported boundary that no true one is near counts as None too.
    """
    reported = joined([edit.asset for edit in edits.edits if getattr(edit, part)])
    said = [on.work(float(edge)) for span in reported for edge in (span.start, span.end)]
    true = [float(edge) for span in truth for edge in (span.start, span.end)]
    errors: list[float | None] = []
    left = set(range(len(said)))
    for number, edge in enumerate(true):
        near = [n for n in left if n % 2 == number % 2 and abs(said[n] - edge) < 2]
        if near:
            best = min(near, key=lambda n: abs(said[n] - edge))
            left.discard(best)
            errors.append(said[best] - edge)
        else:
            errors.append(None)
    return errors + [None] * len(left)


# -------------------------------------------------------------------------------------------- frames


def grays(path: Path, times: Sequence[float], side: int | None = None) -> Iterator[Gray | None]:
    """Brightness of what is shown at these ascending times."""
    with Frames(path, longer_side=side) as film:
        for each in film.at(Fraction(time).limit_denominator(MICRO) for time in times):
            yield None if each.pixels is None else cv2.cvtColor(each.pixels, cv2.COLOR_RGB2GRAY)


def frames(work: LostWork, path: Path, edits: EditList, on: Laid) -> Counted:
    """Whether each frame of a reconstruction is the right one of the work, give or take one."""
    rate = float(work.rate)
    count = int(work.duration * work.rate)
    original = [one for one in grays(work.path, [(n + 0.5) / rate for n in range(count)], SMALL) if one is not None]
    size = (original[0].shape[1], original[0].shape[0])
    stack = np.stack(original).reshape(len(original), -1).astype(np.float32)
    other = _fillers(work, size)
    found, around = Counted(), round(AROUND_S * rate)
    for mask, shows in _by_edit(path, edits, size, on.corners):
        plain, strange = _unit(stack[:, mask]), _unit(other[:, mask])
        for time, one in shows:
            at = int(on.work(time) * rate)
            if not 0 <= at < len(stack) or one is None:
                continue
            pixels = one.reshape(-1)[mask].astype(np.float32)
            (unit,) = _unit(pixels[None])
            first, end = max(0, at - around), min(len(plain), at + around + 1)
            apart = 1 - plain[first:end] @ unit
            if pixels.std() > FLAT and float((strange @ unit).max()) > max(0.6, 1 - float(apart.min()) + 0.1):
                found.foreign += 1
                found.wrong_at.append(f"{time:.2f} s another work")
            beside = [n for n in (at - 3, at - 2, at + 2, at + 3) if 0 <= n < len(plain)]
            own = min((1 - float(plain[n] @ plain[at]) for n in beside), default=0.0)
            # What differs from its neighbours by less than from the frame that it is cannot be told either.
            if stack[at, mask].std() < FLAT or own < max(STILL, float(apart.min())):
                found.still += 1
                continue
            found.told += 1
            near = apart[max(at - 1 - first, 0) : at + 2 - first].min()
            if near <= apart.min() * 1.05 + 1e-4:
                found.right += 1
            else:
                found.wrong_at.append(f"{time:.2f} s {int(apart.argmin()) + first - at:+d}")
    return found


def _by_edit(
    path: Path, edits: EditList, size: tuple[int, int], corners: Corners | None
) -> Iterator[tuple[NDArray[np.bool_], list[tuple[float, Gray | None]]]]:
    """The frames of each stretch with a picture, and which places of them are filled at all."""
    rate = edits.frame_rate
    for edit in edits.edits:
        if not edit.picture:
            continue
        numbers = range(round(edit.asset.start * rate), round(edit.asset.end * rate))
        times = [(n + 0.5) / float(rate) for n in numbers]
        shows = [
            (time, None if one is None else _fit(one, size, corners))
            for time, one in zip(times, grays(path, times, SMALL * 2), strict=True)
        ]
        seen = [one for _, one in shows if one is not None]
        if not seen:
            continue
        mask = (np.stack(seen).max(axis=0) > 8).reshape(-1)
        if mask.sum() > 50:
            yield mask, shows


def _fillers(work: LostWork, size: tuple[int, int]) -> NDArray[np.float32]:
    times = [n / 5 for n in range(60)]
    shows = [one for path in work.fillers for one in grays(path, times, SMALL * 2) if one is not None]
    rows = [cv2.resize(one, size, interpolation=cv2.INTER_AREA).reshape(-1) for one in shows if one.std() > FLAT]
    return np.stack(rows).astype(np.float32)


def _unit(rows: NDArray[np.float32]) -> NDArray[np.float32]:
    centered = rows - rows.mean(axis=1, keepdims=True)
    return centered / np.maximum(np.linalg.norm(centered, axis=1, keepdims=True), 1e-6)


# --------------------------------------------------------------------------------------------- sound


def late(work: LostWork, path: Path, edits: EditList, on: Laid) -> list[tuple[float, float]]:
    """(time, by how many milliseconds the sound is late against the work's) for windows where that can be told."""
    if abs(on.rate - 1) > 1e-3:
        return []
    pace = RATE // PACE
    made, own = (_slower(sound_of(each)) for each in (path, work.path))
    found = []
    reach, width = round(LATE_S * pace), round(WINDOW_S * pace)
    for span in joined([edit.asset for edit in edits.edits if edit.sound]):
        for time in np.arange(float(span.start) + 0.1, float(span.end) - WINDOW_S - 0.1, 1.0):
            first = round(time * pace)
            there = round(on.work(float(time)) * pace)
            piece, around = made[first : first + width], own[max(there - reach, 0) : there + width + reach]
            if there < reach or len(piece) < width or len(around) < width + 2 * reach:
                continue
            lags = _correlated(piece, around)
            best = float(lags.max())
            if best < HEARD:
                continue
            ripe = np.flatnonzero(lags > ALIKE * best) - reach
            # Heard at `there + lag` in the work: the reconstruction is early by that.
            found.append((float(time), float(-ripe[np.abs(ripe).argmin()]) * 1000 / pace))
    return found


def _slower(samples: Samples) -> Floats:
    mono = samples.mean(axis=0, dtype=np.float64)
    whole = len(mono) // PACE * PACE
    slow = mono[:whole].reshape(-1, PACE).mean(axis=1)
    return np.diff(slow, prepend=0.0)  # brighter: sharper peaks


def _correlated(piece: Floats, around: Floats) -> Floats:
    """Normalised correlation of a piece with every place of what is longer."""
    size = 1 << (len(around) + len(piece)).bit_length()
    product = np.fft.irfft(np.fft.rfft(around, size) * np.conj(np.fft.rfft(piece, size)), size)
    count = len(around) - len(piece) + 1
    power = np.concatenate([[0.0], np.cumsum(around**2)])
    norm = np.sqrt(np.maximum((power[len(piece) :] - power[:count]) * float(piece @ piece), 1e-12))
    return product[:count] / norm


# ------------------------------------------------------------------------------------------ nearness


def sampled(work: LostWork, edits: EditList, on: Laid) -> list[float]:
    """Times of a reconstruction at which nearness is measured: all over what it shows, not next to joins."""
    times = [
        float(time)
        for edit in edits.edits
        if edit.picture
        for time in np.arange(float(edit.asset.start) + 0.14, float(edit.asset.end) - 0.1, 0.08)
        if 0.1 < on.work(float(time)) < float(work.duration) - 0.1
    ]
    step = max(1, len(times) // SAMPLED)
    return times[step // 2 :: step]


def originals(work: LostWork, times: Sequence[float], on: Laid) -> list[tuple[Gray, ...]]:
    """For each time the right frame of the work and those before and after it."""
    rate = float(work.rate)
    wanted = [int(on.work(time) * rate) for time in times]
    numbers = sorted({n + by for n in wanted for by in (-1, 0, 1)})
    held = dict(zip(numbers, grays(work.path, [(n + 0.5) / rate for n in numbers]), strict=True))
    return [tuple(one for by in (-1, 0, 1) if (one := held[n + by]) is not None) for n in wanted]


def nearness(path: Path, times: Sequence[float], truth: Sequence[tuple[Gray, ...]], on: Laid) -> Near:
    """How near a reconstruction is to the work at these times."""
    high, wide = truth[0][0].shape
    found = Near()
    for number, one in enumerate(grays(path, times)):
        if one is not None:
            _judge(found, number, _fit(one, (wide, high), on.corners), truth[number])
    return found


def single(work: LostWork, copy: MadeCopy, times: Sequence[float], truth: Sequence[tuple[Gray, ...]], on: Laid) -> Near:
    """How near one copy is to the work where it shows it, laid on it by truth; what it does not show is black."""
    found = Near()
    high, wide = truth[0][0].shape
    wanted = sorted(
        (at, number, segment)
        for number, time in enumerate(times)
        for segment in copy.segments
        if segment.seen and (at := _copy_time(segment, on.work(time))) is not None
    )
    pictures = grays(work.copy_path(copy), [at for at, _, _ in wanted])
    for (_, number, segment), one in zip(wanted, pictures, strict=True):
        if one is not None and segment.corners is not None:
            _judge(found, number, _undone(one, segment.corners, (wide, high)), truth[number])
    return found


def _copy_time(segment: TrueSegment, work: float) -> float | None:
    start, end = (edge / MICRO for edge in segment.asset)
    if not start <= work < end:
        return None
    return segment.copy[0] / MICRO + (work - start) / float(Fraction(segment.rate))


def _undone(picture: Gray, at: Corners, size: tuple[int, int]) -> Gray:
    """The work's picture from one in which its corners lie there; black where that has none of it."""
    unit = np.array([[0, 0], [1, 0], [1, 1], [0, 1]], np.float32)
    corners = np.array(at, np.float32)
    sides = [np.linalg.norm((corners[n] - corners[n - 1]) * picture.shape[::-1]) for n in (1, 2)]
    share = min(1.0, max(size[0] / sides[0], size[1] / sides[1]))
    if share < 0.99:  # as anybody makes a picture smaller: averaged
        picture = np.asarray(cv2.resize(picture, None, fx=share, fy=share, interpolation=cv2.INTER_AREA), np.uint8)
    source = corners * np.array(picture.shape[::-1], np.float32) - np.float32(0.5)
    target = unit * np.array(size, np.float32) - np.float32(0.5)
    matrix = cv2.getPerspectiveTransform(source, target)
    return np.asarray(cv2.warpPerspective(picture, matrix, size, flags=cv2.INTER_CUBIC), np.uint8)


def _fit(picture: Gray, size: tuple[int, int], corners: Corners | None) -> Gray:
    if corners is not None:
        return _undone(picture, corners, size)
    if picture.shape == size[::-1]:
        return picture
    way = cv2.INTER_AREA if picture.shape[0] > size[1] else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(picture, size, interpolation=way), np.uint8)


def _judge(found: Near, number: int, picture: Gray, truth: tuple[Gray, ...]) -> None:
    best = min(truth, key=lambda one: float(((one.astype(np.float32) - picture) ** 2).mean()))
    error = float(((best.astype(np.float64) - picture) ** 2).mean())
    found.psnr[number] = min(BEST_DB, 10 * float(np.log10(255**2 / max(error, 1e-6))))
    found.ssim[number] = ssim(best, picture)


def ssim(one: Gray, other: Gray) -> float:
    """Structural similarity of brightness. Source: Wang et al., Image Quality Assessment, 2004."""
    a, b = one.astype(np.float32), other.astype(np.float32)
    blur: Callable[[NDArray[np.float32]], Floats] = lambda each: cv2.GaussianBlur(each, (11, 11), 1.5)  # noqa: E731
    mean_a, mean_b = blur(a), blur(b)
    var_a, var_b, both = blur(a * a) - mean_a**2, blur(b * b) - mean_b**2, blur(a * b) - mean_a * mean_b
    c1, c2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2
    top = (2 * mean_a * mean_b + c1) * (2 * both + c2)
    return float((top / ((mean_a**2 + mean_b**2 + c1) * (var_a + var_b + c2))).mean())
