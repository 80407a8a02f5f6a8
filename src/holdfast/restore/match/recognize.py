"""What a copy shows: the whole way from a look at it to segments of works, each with its probability.

    hashes that are near      -> votes       -> tracklets -> lines that were seen
    points that agree         -> sightings   -> viewings  -> lines that were seen there
    landmarks that agree      ->                             lines that were heard
    all lines of one work     -> weave       -> stretches -> segments, refined, with probability and doubt

The index only proposes. Every line is judged by the work's own fingerprint, moment by moment, and what picture and
sound say for it adds up. A line that was only heard is looked at, one that was only seen is listened to.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from holdfast.model.fingerprint import MICRO, Fingerprint, View
from holdfast.model.match import Identification, Match
from holdfast.restore.align.sound import heard_extent
from holdfast.restore.fingerprint.look import Look
from holdfast.restore.match import pointed
from holdfast.restore.match.asking import FingerprintIndex
from holdfast.restore.match.commonness import Spoken, held_elsewhere, shares
from holdfast.restore.match.copy import TICK_US, Copy, only_within, picture_votes
from holdfast.restore.match.fitting import along, lines_of
from holdfast.restore.match.framed import frames, matrix_of
from holdfast.restore.match.heard import HeardLine, evidence, heard_lines
from holdfast.restore.match.likeness import Floats, novelty
from holdfast.restore.match.moving import said_by_motion, swept
from holdfast.restore.match.placing import placed_exactly
from holdfast.restore.match.sighting import Matrix, Sighting, sightings
from holdfast.restore.match.telling import Extent, Told, tell
from holdfast.restore.match.viewing import FRAMED, WINDOW, Line, Turned, Viewing, WorkViews
from holdfast.restore.match.votes import Tracklet, tracklets
from holdfast.restore.match.windows import window_hits

UPRIGHT = 0
_LEAST_TRACKLET, _LEAST_OF_STILL, _MOST_TRACKLETS = 1.2, 0.2, 160
_LEAST_FRAMED, _MOST_FRAMED = 2.4, 40
_LEAST_LINE, _MOST_LINES, _MOST_HEARD = 0.8, 24, 48
# Of what landmarks say above what chance reaches in long sounds: their votes speak less independently than their sum
# pretends. SURE of `heard` becomes a claim, the highest wrong line of its bench does not.
_HEARD_SHARE, _HEARD_CHANCE = 0.25, 10.0
_HEARD_APART_US = 120_000  # picture and sound of a copy may be out of step by as much
_UNHEARD_EACH_S = 0.4  # what a second without a vote says against a line that is only heard
_FEW_PICTURES = 25.0
_NEARLY, _MOST_NEARLY = 0.8, 5  # lines of a still for which nearly as much speaks as for the best
_SURELY_SEEN = 9.0
_POINT_FRAMES = 48  # of a copy, at most, are asked about by their points
_POINT_REACH_US = 9_000_000
_SAME_SHOT_US = 6_000_000  # points tell which shot a still is of, its windows which moment of it
_PLACED_BY, _PLACED_NEAR_US = 4, 4_000_000  # sightings of a place, and how far from them the work is looked at


@dataclass
class _Found:
    """What speaks for one work, while it is gathered."""

    fingerprint: Fingerprint
    views: WorkViews
    lines: list[Line] = field(default_factory=list)
    heard: list[HeardLine] = field(default_factory=list)
    sightings: list[Sighting] = field(default_factory=list)


def identify(
    look: Look, index: FingerprintIndex, *, on_progress: Callable[[float], None] | None = None
) -> Identification:
    """The works that a copy shows, and which seconds of them: claims, and what a person should decide."""
    tell_progress = on_progress or (lambda _: None)
    asked = _Asked(Copy.of(look), index)
    asked.listen()
    tell_progress(0.2)
    asked.see((UPRIGHT, *asked.mirrored))
    asked.see_windows()
    tell_progress(0.4)
    asked.point()
    tell_progress(0.7)
    if not asked.is_explained(as_whole=True):
        asked.see_framed()
    if not asked.is_explained():
        asked.see(asked.other_turns)
    told = asked.told(lambda done: tell_progress(0.7 + 0.3 * done))
    tell_progress(1.0)
    return told


class _Asked:
    """One copy and one index, and what was found of each work so far."""

    def __init__(self, copy: Copy, index: FingerprintIndex) -> None:
        self._copy, self._index = copy, index
        self._found: dict[int, _Found] = {}
        self._new = novelty(copy.look.active[:, 0])
        turns = [viewing.turned for viewing in copy.viewings]
        self.mirrored = tuple(n for n, turned in enumerate(turns) if turned == Turned(mirrored=True))
        self.other_turns = tuple(n for n in range(1, len(turns)) if n not in self.mirrored)

    def listen(self) -> None:
        """Lines that are heard."""
        for line in heard_lines(self._copy.look.peaks, self._index):
            self._of(line.work).heard.append(line)

    def see(self, turns: tuple[int, ...]) -> None:
        """Lines that are seen in the whole picture, held in these ways."""
        self._see_with(self._copy, turns, _LEAST_TRACKLET if len(self._copy.times) > 1 else _LEAST_OF_STILL)

    def see_windows(self) -> None:
        """Of a still, what its windows show."""
        for hit in window_hits(self._copy, self._index):
            self._of(hit.work).lines.append(hit.line(self._copy))

    def point(self) -> None:
        """Lines that are seen in a part of the picture, or in a picture whose parts lie otherwise."""
        look = self._copy.look
        for mirrored, track in ((False, look.points), (True, look.mirrored)):
            size = look.fingerprint.size
            shown = self._worth_pointing(track.times)
            for one in sightings(track, size, self._index, mirrored=mirrored, shown=shown):
                self._of(one.work).sightings.append(one)
        for work, found in list(self._found.items()) if self._copy.viewings else ():
            viewings = dict(enumerate(self._copy.viewings))
            votes: list[Tracklet] = []
            for mirrored in (False, True):
                same = [one for one in found.sightings if one.mirrored == mirrored]
                for group in pointed.clusters(same):
                    if sum(pointed.says_of_points(one.agreeing) for one in group) < 1.0:
                        continue
                    number = self.mirrored[0] if mirrored else UPRIGHT
                    matrix = self._exact_place(group, found)
                    if not pointed.is_in_place(matrix):
                        number = len(viewings)
                        viewings[number] = self._straightened(group, matrix, found)
                    votes += [
                        Tracklet(work, number, s.time_us, s.work_time_us - s.time_us, float(s.agreeing), 1)
                        for s in group
                    ]
            found.lines += lines_of(votes, viewings, found.views, least=_LEAST_LINE, most=_MOST_LINES, is_loose=True)

    def see_framed(self) -> None:
        """Lines that are seen in rectangles whose edges stand still: a film in a corner of another."""
        look = self._copy.look
        span = (0, int(look.times[-1]) if len(look.times) else 0)
        wide, high = look.fingerprint.size
        viewings = list(self._copy.viewings)
        for box in frames(look.thumbs):
            shape = (box[2] - box[0]) * wide / max((box[3] - box[1]) * high, 1e-6)
            viewings.append(
                pointed.straightened(
                    look.thumbs, look.times, matrix_of(box), shape, mirrored=False, span_us=span, name=FRAMED
                )
            )
        framed = tuple(range(len(self._copy.viewings), len(viewings)))
        if framed:
            self._see_with(replace(self._copy, viewings=tuple(viewings)), framed, _LEAST_FRAMED, _MOST_FRAMED)

    def is_explained(self, *, as_whole: bool = False) -> bool:
        """Whether something was found that needs no further guess; `as_whole`, in the whole picture or its sound."""
        return any(
            line.score >= _SURELY_SEEN and not (as_whole and line.viewing and line.viewing.geometry)
            for found in self._found.values()
            for line in found.lines
        ) or any(
            line.score * _heard_share(line) >= _SURELY_SEEN for found in self._found.values() for line in found.heard
        )

    def told(self, on_progress: Callable[[float], None] = lambda _: None) -> Identification:
        """All that was found, judged. Tells how far it is after each work: long ones take minutes."""
        judged = {}
        for number, (work, found) in enumerate(sorted(self._found.items())):
            judged[work] = self._all_lines(work, found)
            on_progress(0.7 * (number + 1) / len(self._found))
        judged = {work: given for work, given in judged.items() if given[0]}
        share = shares([self._spoken(work, *given) for work, given in judged.items()], self._copy.times)
        claims: list[Match] = []
        doubtful: list[Match] = []
        for number, (work, (lines, *said_each)) in enumerate(judged.items()):
            seen, heard, moving = (each * share[number] for each in said_each)
            said = (seen, heard, moving)
            told = tell(self._copy, work, self._found[work].fingerprint, lines, said, self._extents(self._found[work]))
            if told is not None and self._is_common(told, self._found[work]):
                told = told.doubted("few pictures speak for it, and other works hold them as well")
            if told is not None:
                (claims if told.is_claim else doubtful).append(told.match)
            on_progress(0.7 + 0.3 * (number + 1) / len(judged))
        touched = tuple(judged)
        return Identification(tuple(sorted(claims, key=_order)), tuple(sorted(doubtful, key=_order)), touched=touched)

    # ------------------------------------------------------------------------------------------------- inside

    def _of(self, work: int) -> _Found:
        if work not in self._found:
            fingerprint = self._index.fingerprint(work)
            self._found[work] = _Found(fingerprint, WorkViews(fingerprint))
        return self._found[work]

    def _see_with(self, copy: Copy, viewings: tuple[int, ...], least: float, most: int = _MOST_TRACKLETS) -> None:
        found: list[Tracklet] = []
        for ballot in picture_votes(copy, self._index, viewings):
            found += tracklets(ballot, least=least, most=most)
        self._fit(found, dict(enumerate(copy.viewings)))

    def _fit(self, found: list[Tracklet], viewings: dict[int, Viewing]) -> None:
        for work in sorted({one.work for one in found}):
            of_work = [one for one in found if one.work == work]
            entry = self._of(work)
            entry.lines += lines_of(of_work, viewings, entry.views, least=_LEAST_LINE, most=_MOST_LINES)

    def _worth_pointing(self, times: NDArray[np.int64]) -> list[int]:
        """Frames of points to ask about: spread over the copy, fewer where it is already known what it shows."""
        known = np.zeros(len(times), bool)
        for found in self._found.values():
            for line in found.lines:
                if line.score >= _SURELY_SEEN:
                    assert line.viewing is not None
                    said = along(line, found.views)
                    rows = np.clip(np.searchsorted(line.viewing.times, times), 0, len(said) - 1)
                    known |= said[rows] > 0
        rows = np.flatnonzero(~known)
        some = np.flatnonzero(known)[:: max(1, int(known.sum()) // 6)]
        rows = np.sort(np.concatenate([rows, some]))
        if len(rows) > _POINT_FRAMES:
            rows = rows[np.linspace(0, len(rows) - 1, _POINT_FRAMES).astype(int)]
        return [int(row) for row in rows]

    def _exact_place(self, group: list[Sighting], found: _Found) -> Matrix:
        """Where the work lies in the copy's picture, by the pictures about the sightings."""
        look, track = self._copy.look, found.fingerprint.pictures
        whole = track.views == View.WHOLE
        thumbs, near = [], []
        for one in group[:_PLACED_BY]:
            row = int(np.argmin(np.abs(look.times - one.time_us)))
            theirs = track.hashes[whole & (np.abs(track.times - one.work_time_us) <= _PLACED_NEAR_US)]
            if len(theirs):
                thumbs.append(look.thumbs[row])
                near.append(theirs)
        if not thumbs:
            return group[0].matrix
        return placed_exactly(group[0].matrix, np.stack(thumbs), near, mirrored=group[0].mirrored)[0]

    def _straightened(self, group: list[Sighting], matrix: Matrix, found: _Found) -> Viewing:
        look = self._copy.look
        times = [one.time_us for one in group]
        span = (min(times) - _POINT_REACH_US, max(times) + _POINT_REACH_US)
        return pointed.straightened(
            look.thumbs,
            look.times,
            matrix,
            pointed.aspect_of(found.fingerprint),
            mirrored=group[0].mirrored,
            span_us=span,
        )

    def _extents(self, found: _Found) -> list[Extent]:
        """From when to when each line of a work is heard."""
        track, look = found.fingerprint.sounds, self._copy.look
        end = round(self._copy.duration * MICRO)
        return [
            Extent(Line(one.work, one.rate, one.offset_us), *heard_extent(one, look.peaks, track, end))
            for one in found.heard
        ]

    def _is_common(self, told: Told, found: _Found) -> bool:
        """Whether all that speaks for a work are a few pictures that other films of the index hold as well."""
        if told.pictures >= _FEW_PICTURES:
            return False
        return held_elsewhere(told.match.work, found.views, told.shown_us, self._index) > 0

    def _spoken(self, work: int, lines: list[Line], seen: Floats, heard: Floats, moving: Floats) -> Spoken:
        sums = np.maximum(seen + heard + moving, 0).sum(axis=1)
        order = np.argsort(-sums, kind="stable")
        is_still = len(self._copy.times) == 1
        near = [lines[n] for n in order[1:_MOST_NEARLY] if is_still and sums[n] >= _NEARLY * sums[order[0]]]
        found = self._found[work]
        return Spoken(found.fingerprint, found.views, lines[order[0]], (seen + heard).max(axis=0), tuple(near))

    def _all_lines(self, work: int, found: _Found) -> tuple[list[Line], Floats, Floats, Floats]:
        """The lines of a work without repetitions, and what is seen, heard and moving along each: (lines, n)."""
        lines: list[Line] = []
        for line in sorted(found.lines, key=lambda one: -one.score):
            if not any(self._same(line, other) for other in lines):
                lines.append(line)
        lines = lines[:_MOST_LINES]  # before those that are heard: of look-alike slides there are always more
        for heard in sorted(found.heard, key=lambda one: -one.score)[:_MOST_HEARD]:
            exact = Line(work, heard.rate, heard.offset_us, None, heard.score * _heard_share(heard))
            lines = self._with_heard(lines, exact, heard, found)
        ours, theirs = self._copy.look.fingerprint.frames, found.fingerprint.frames
        if lines and lines[0].viewing is not None:
            for line in swept(lines[0], ours, theirs, round(self._copy.duration * MICRO), found.views.duration_us):
                if not any(self._same(line, other) for other in lines):
                    lines.insert(0, line)
        times = self._copy.times
        seen, sound, moving = np.zeros((3, len(lines), len(times)), np.float32)
        for number, line in enumerate(lines):
            if line.viewing is not None:
                seen[number] = line.score if line.viewing.name == WINDOW else along(line, found.views)
                seen[number] += self._pointed(line, found)
                moving[number] = said_by_motion(line, ours, theirs, times) * (seen[number] > -0.05)
            sound[number] = self._heard(line, found.heard)
        return lines, seen, sound, moving

    def _pointed(self, line: Line, found: _Found) -> Floats:
        assert line.viewing is not None
        same = [one for one in found.sightings if one.mirrored == line.viewing.turned.mirrored]
        near_us = _SAME_SHOT_US if line.viewing.name == WINDOW else pointed.NEAR_US
        return pointed.said_by_sightings(same, self._copy.times, line.at(self._copy.times), self._new, near_us)

    def _heard(self, line: Line, heard: list[HeardLine]) -> Floats:
        """What was heard along the line: the votes of all heard lines that agree with it, spread over the moments."""
        times = self._copy.times
        said = np.zeros(len(times), np.float32)
        step = float(self._copy.step_us or TICK_US)
        for one in heard:
            if one.work != line.work:
                continue
            apart = np.abs(line.at(times) - (one.offset_us + one.rate * times))
            near = (apart < _HEARD_APART_US) & (times >= one.start_us - 500_000) & (times <= one.end_us + 500_000)
            told = evidence(one, times) * np.float32(_heard_share(one) * step / 1_000_000)
            said = np.where(near, np.maximum(said, told), said)
        if line.viewing is None:
            said[said == 0] = -_UNHEARD_EACH_S * step / MICRO
        return said

    def _with_heard(self, lines: list[Line], exact: Line, heard: HeardLine, found: _Found) -> list[Line]:
        """The lines with one that was heard: it corrects those that agree with it, or is looked at and joins them."""
        middle = np.array([(heard.start_us + heard.end_us) // 2])
        agree = [
            line
            for line in lines
            if abs(float(line.at(middle)[0] - exact.at(middle)[0])) < 450_000 and abs(line.rate - exact.rate) < 0.02
        ]
        if agree:
            fixed = [replace(line, rate=exact.rate, offset_us=exact.offset_us) for line in agree]
            return [*[line for line in lines if not any(line is one for one in agree)], *fixed]
        return [*lines, self._looked_at(exact, heard, found)]

    def _looked_at(self, exact: Line, heard: HeardLine, found: _Found) -> Line:
        span = (heard.start_us - 1_000_000, heard.end_us + 1_000_000)
        best, score = exact, 2.0
        for viewing in self._copy.viewings:
            line = replace(exact, viewing=only_within(viewing, span))
            said = float(along(line, found.views).sum())
            if said > score:
                best, score = replace(exact, viewing=viewing), said
        return best

    def _same(self, one: Line, other: Line) -> bool:
        if one.viewing is None or other.viewing is None or one.viewing.turned.mirrored != other.viewing.turned.mirrored:
            return False
        if (one.viewing.geometry is None) != (other.viewing.geometry is None):
            return False
        ends = np.array([self._copy.times[0], self._copy.times[-1]])
        return bool(np.abs(one.at(ends) - other.at(ends)).max() < 150_000)


def _heard_share(line: HeardLine) -> float:
    """What is left of a heard line's weights; what works share is weighed by film, in `commonness`."""
    return _HEARD_SHARE * max(line.raw - _HEARD_CHANCE, 0.0) / max(line.raw, 1.0)


def _order(match: Match) -> tuple[float, Fraction, int]:
    return -match.probability, -match.covered, match.work
