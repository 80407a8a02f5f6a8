"""What movement says for a line: that frames change at the same moments in the copy and in the work.

Pictures of one room are alike in any minute of it; how people move in it is not. Measured on the clips of the bench:
over 16 s the curves of change of a copy and its work have a correlation of 0.92 and more in three of four pairs (less
where nothing moves, or other footage moves beside it), those of strangers 0.35 at the most, at the best of all shifts
tried. Over 4 s strangers reach 0.9, too: so what a correlation says grows with the length of what was compared.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from holdfast.model.fingerprint import FrameTrack, Times
from holdfast.restore.align.activity import Shift, best_shift
from holdfast.restore.match.likeness import Floats
from holdfast.restore.match.viewing import Line

_CHUNK_US, _SHORTEST_US = 8_000_000, 2_500_000
REACH_US = 650_000
_EACH_SECOND = 1.2  # independent movements in a second, as far as correlations show
_TRIED = 2.3  # the logarithm of how many shifts are tried that have nothing to do with each other
_MOST = 6.0
_SWEPT_US, _SWEPT_LIKE, _SWEPT_MARGIN = 20_000_000, 0.6, 0.12
_MOST_SWEPT = 12
_PIECE_US, _FRAME_US = 4 * 3_600_000_000, 1_000_000
_SAME_US = 250_000  # pieces overlap: what both find is one place


def says_of_motion(likeness: float, seconds: float) -> float:
    """What a correlation over so many seconds says, as a log likelihood ratio; never against a line.

    (Not against it, for in an inset and in static scenes other things than the work move.)
    """
    known = min(max(likeness, 0.0), 0.995)
    return min(max(-0.5 * math.log(1 - known * known) * _EACH_SECOND * seconds - _TRIED, 0.0), _MOST)


def said_by_motion(line: Line, copy: FrameTrack, work: FrameTrack, times: Times) -> Floats:
    """What movement says for a line, in pieces of eight seconds, spread evenly over the moments `times` (n,)."""
    said = np.zeros(len(times), np.float32)
    for first, end in _chunks(times):
        span = (int(times[first]), int(times[end - 1]))
        shift = best_shift(copy, work, line.rate, line.offset_us, span, REACH_US)
        if shift is not None:
            said[first:end] = says_of_motion(shift.likeness, (span[1] - span[0]) / 1e6) / (end - first)
    return said


def swept(line: Line, copy: FrameTrack, work: FrameTrack, copy_us: int, work_us: int) -> list[Line]:
    """Lines of the same work and viewing on which it moves as the copy does, wherever in the work that is.

    A scene that hardly changes is alike in all its minutes, and which one a copy shows only movement tells.
    """
    found: list[Line] = []
    starts = range(0, max(copy_us - _SHORTEST_US, 1), _SWEPT_US)
    for start in starts[:_MOST_SWEPT]:
        offset_us = _moves_so_at(copy, work, (start, min(start + _SWEPT_US, copy_us)), work_us)
        if offset_us is not None:
            found.append(Line(line.work, 1.0, offset_us, line.viewing, line.score))
    return found


def _moves_so_at(copy: FrameTrack, work: FrameTrack, span: tuple[int, int], work_us: int) -> float | None:
    """Where in the work it moves as the copy does in `span`, if there is one such place: what to add to its times.

    The work is gone through some hours at a time, so that the longest takes no more memory than a short one.
    """
    tried: list[tuple[float, Shift]] = []
    for start in range(0, work_us, _PIECE_US):
        end = min(start + _PIECE_US, work_us)
        first, last = np.searchsorted(work.times, [start, end])
        if (last - first) * _FRAME_US < end - start:
            continue  # hardly a picture there: nothing moves that could be compared
        # With the middle of the piece at the middle of the stretch, half of both is as far as any shift can go.
        middle = (start + end) / 2 - (span[0] + span[1]) / 2
        shift = best_shift(copy, work, 1.0, middle, span, (end - start) // 2 + (span[1] - span[0]) // 2)
        if shift is not None:
            tried.append((middle + shift.by_us, shift))
    if not tried:
        return None
    offset_us, best = max(tried, key=lambda one: one[1].likeness)
    rest = max((s.likeness for at, s in tried if abs(at - offset_us) > _SAME_US), default=-1.0)
    margin = min(best.margin, best.likeness - rest)
    return offset_us if best.likeness >= _SWEPT_LIKE and margin >= _SWEPT_MARGIN else None


def _chunks(times: Times) -> Iterator[tuple[int, int]]:
    """Rows [first, end) of about eight seconds each; the last takes what would be too short by itself."""
    if not len(times) or times[-1] - times[0] < _SHORTEST_US:
        return
    count = max(1, round(int(times[-1] - times[0]) / _CHUNK_US))
    edges = np.searchsorted(times, np.linspace(times[0], times[-1] + 1, count + 1))
    for first, end in zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True):
        if end - first > 1 and times[end - 1] - times[first] >= _SHORTEST_US:
            yield first, end
