"""How much a moment of a copy says for a work when it speaks for other works as well.

A station's jingle, a test card, a title before every film of a series: what many works share tells none from the
others. But an archive may hold one film several times, and then what speaks for one speaks for all of them with full
right. So works are counted by film: two that go on alike beyond what the copy shows of them are one.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from holdfast.model.fingerprint import Bits, Fingerprint, View
from holdfast.restore.match.asking import FingerprintIndex
from holdfast.restore.match.likeness import Floats
from holdfast.restore.match.viewing import Line, Turned, Viewing, WorkViews

_SAYS = 0.05  # a moment speaks for a work from here on
_AROUND_US = 60_000_000
_ALIKE_BITS, _ALIKE_SHARE, _FEWEST = 64, 0.5, 3
_SHIFT_US, _SHIFTS = 500_000, 5
_SHIFTS_OF_STILL_US = (-500_000, 0, 500_000)  # two lines of a still are known to half a second each
_ALL_SHARE, _BEYOND_US = 0.6, 1_500_000
_HELD_BITS, _HELD_US, _HELD_MOST, _ASKED = 54, 400_000, 5000, 12


@dataclass(frozen=True)
class Spoken:
    """A work, its best line, and what each moment of the copy says for it, (n,).

    `others` are lines for which nearly as much speaks: where nothing moves a still fits several moments of a shot.
    """

    fingerprint: Fingerprint
    views: WorkViews
    line: Line
    said: Floats
    others: tuple[Line, ...] = ()

    def along_each(self) -> list[Spoken]:
        """The same work on each of its lines, the best first."""
        return [self, *(replace(self, line=line) for line in self.others)]


def shares(works: list[Spoken], times: NDArray[np.int64]) -> Floats:
    """What is left of the word of each moment (n,), for each work: (works, n) in 0 to 1."""
    speaks = np.array([one.said > _SAYS for one in works], bool).reshape(len(works), len(times))
    films = _films(works, times, speaks)
    count = np.zeros(len(times))
    for film in set(films):
        count += speaks[[number for number, other in enumerate(films) if other == film]].any(axis=0)
    share: Floats = (1.0 / (1.0 + 0.7 * np.maximum(count - 1, 0) ** 1.3)).astype(np.float32)
    return np.broadcast_to(share, (len(works), len(times)))


def _films(works: list[Spoken], times: NDArray[np.int64], speaks: NDArray[np.bool_]) -> list[int]:
    """The film of each work, as the number of the first work that holds it."""
    films: list[int] = []
    for number, one in enumerate(works):
        same = [
            films[other]
            for other in range(number)
            if (speaks[number] & speaks[other]).any()
            and any(
                are_one_film(here, there, times[speaks[number]])
                for here in one.along_each()
                for there in works[other].along_each()
            )
        ]
        films.append(same[0] if same else number)
    return films


def are_one_film(one: Spoken, other: Spoken, shown: NDArray[np.int64]) -> bool:
    """Whether two works go on alike before and after what the copy shows at the moments `shown` of both."""
    track = one.fingerprint.pictures
    rows = np.flatnonzero((track.views == View.WHOLE) & (track.quality >= 40))
    seen = one.line.at(shown)
    near = (track.times[rows] >= seen.min() - _AROUND_US) & (track.times[rows] <= seen.max() + _AROUND_US)
    rows = rows[near]
    rows = rows[_nearest(seen, track.times[rows]) > _BEYOND_US]
    there = other.line.at(np.rint((track.times[rows] - one.line.offset_us) / one.line.rate).astype(np.int64))
    shifts = (0,) if len(shown) > 1 else _SHIFTS_OF_STILL_US
    alike = [_alike_share(track.hashes[rows], there + shift, other.views) for shift in shifts]
    known = [share for share in alike if share is not None]
    if not known:  # all that there is of them is shown, or they have no pictures
        return len(shown) * _step_us(shown) >= _ALL_SHARE * max(one.views.duration_us, other.views.duration_us)
    return max(known) >= _ALIKE_SHARE


def _alike_share(hashes: Bits, there: NDArray[np.int64], views: WorkViews) -> float | None:
    """What share of some pictures a work shows at these moments; None if too few of those lie in it."""
    inside = (there >= 0) & (there <= views.duration_us)
    if inside.sum() < _FEWEST:
        return None
    hashes, there = hashes[inside], there[inside]
    pictures = Viewing(Turned(), there, hashes[None], np.ones(len(there), np.float32))
    return float((views.nearest(pictures, there) <= _ALIKE_BITS).mean())


def held_elsewhere(work: int, views: WorkViews, shown_us: NDArray[np.int64], index: FingerprintIndex) -> int:
    """How many other films of the index show the very pictures that a work shows at these moments (m,) of it.

    Asked where few pictures speak for a work: a test card is no sign of the one film that it was found in.
    """
    track = index.fingerprint(work).pictures
    rows = np.flatnonzero(track.views == View.WHOLE)
    if not len(rows) or not len(shown_us):
        return 0
    rows = rows[_nearest(shown_us, track.times[rows]) <= _HELD_US]
    if len(rows) > _ASKED:
        rows = rows[np.linspace(0, len(rows) - 1, _ASKED).astype(int)]
    hits = index.find_pictures(track.hashes[rows], _HELD_BITS, _HELD_MOST)
    others = 0
    for other in np.unique(hits.work[hits.work != work]).tolist():
        here = np.flatnonzero(hits.work == other)
        if len(np.unique(hits.query[here])) * 2 < len(rows):
            continue
        theirs = index.fingerprint(other)
        silent = np.zeros(0, np.float32)
        one = Spoken(index.fingerprint(work), views, Line(work, 1.0, 0.0), silent)
        same = Spoken(theirs, WorkViews(theirs), one.line, silent)
        others += not any(
            are_one_film(one, replace(same, line=Line(other, 1.0, shift)), track.times[rows])
            for shift in _shifts(hits.time_us[here] - track.times[rows[hits.query[here]]])
        )
    return others


def _shifts(apart: NDArray[np.int64]) -> list[float]:
    """The commonest shifts among pairs of pictures: where nothing moves, each is near to several."""
    _, which, counts = np.unique(apart // _SHIFT_US, return_inverse=True, return_counts=True)
    commonest = np.argsort(-counts, kind="stable")[:_SHIFTS]
    return [float(np.median(apart)), *(float(np.median(apart[which.ravel() == kind])) for kind in commonest)]


def _nearest(moments: NDArray[np.int64], asked: NDArray[np.int64]) -> NDArray[np.int64]:
    """How far the nearest of some moments is from each that is asked about, without a table of all pairs."""
    moments = np.sort(moments)
    after = np.clip(np.searchsorted(moments, asked), 0, len(moments) - 1)
    apart: NDArray[np.int64] = np.minimum(
        np.abs(moments[after] - asked), np.abs(moments[np.maximum(after - 1, 0)] - asked)
    )
    return apart


def _step_us(times: NDArray[np.int64]) -> float:
    return float(np.median(np.diff(times))) if len(times) > 1 else 0.0
