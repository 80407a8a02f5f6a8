"""The time line of a work whose fingerprint survives: what recognition said of each copy, cleared of contradictions.

A copy shows one thing at a time. Where two segments claim the same moment of a copy's picture, the one with more
behind it (probability times length) has it, and the other keeps what is left; likewise its sound. Picture and sound
may come from different places: a copy with the sound of another minute is true of both. What is doubtful is left out
until a person has accepted it. Two stretches of one line that nearly touch are brought together: the hole between
them is what recognition could not tell, not what the copy lacks.
"""

from __future__ import annotations

import itertools
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

from holdfast.model.edit import Placement, joined, without
from holdfast.model.match import Segment
from holdfast.model.time import Span
from holdfast.restore.timeline.line import TimeLine

HOLE = Fraction(1, 5)  # seconds: the hole between two stretches of one line that is closed
ALONG = Fraction(2, 25)  # seconds: so far apart two stretches may lie to be of one line
LEAST = Fraction(2, 5)  # seconds: what is left of a segment and shorter than this is only its unsure end


def from_work(
    duration: Fraction, matches: Mapping[str, Sequence[Segment]], *, accepted: Collection[str] = ()
) -> TimeLine:
    """The time line of a work that is known by its fingerprint.

    Args:
        duration: of the work, in seconds.
        matches: digest of each copy to its segments; `segment.asset` is in the work's time.
        accepted: digests of copies whose doubtful segments a person has accepted.

    A copy of which nothing remains is in `left_out`; one of which something doubtful was left out is in `doubts`.
    """
    whole = Span(Fraction(0), duration)
    placements: list[Placement] = []
    left_out, doubts = [], []
    for digest in sorted(matches):
        segments = [each for each in matches[digest] if _is_usable(each)]
        sure = [each for each in segments if not each.doubt or digest in accepted]
        if len(sure) < len(segments):
            count = len(segments) - len(sure)
            what = "1 doubtful stretch was" if count == 1 else f"{count} doubtful stretches were"
            doubts.append(f"{digest[:12]}: {what} left out until a person accepts.")
        found = [part for each in _resolved(digest, sure) if (part := each.within(whole))]
        placements += _closed(found)
        if not found:
            left_out.append(digest)
    return TimeLine(
        duration, is_duration_known=True, placements=tuple(placements), left_out=tuple(left_out), doubts=tuple(doubts)
    )


def _is_usable(segment: Segment) -> bool:
    return segment.copy.duration > 0 and segment.rate > 0 and (segment.seen or segment.heard)


def _resolved(digest: str, segments: Sequence[Segment]) -> list[Placement]:
    """The segments as placements, no moment of the copy's picture or sound claimed twice; in the order of the copy."""
    found: list[Placement] = []
    seen: list[Span] = []
    heard: list[Span] = []
    strongest = sorted(segments, key=lambda s: (-s.probability * float(s.copy.duration), s.copy, s.asset))
    for segment in strongest:
        picture = without(segment.copy, seen) if segment.seen else ()
        sound = without(segment.copy, heard) if segment.heard else ()
        edges = sorted({edge for span in (*picture, *sound) for edge in (span.start, span.end)})
        for start, end in itertools.pairwise(edges):
            part = Span(start, end)
            is_seen, is_heard = _holds(picture, part), _holds(sound, part)
            if (is_seen or is_heard) and (part == segment.copy or part.duration >= LEAST):
                found.append(_placement(digest, segment, part, is_seen, is_heard))
        seen, heard = list(joined([*seen, *picture])), list(joined([*heard, *sound]))
    return sorted(found, key=lambda each: (each.copy, each.asset))


def _holds(spans: Sequence[Span], part: Span) -> bool:
    return any(span.start <= part.start and part.end <= span.end for span in spans)


def _placement(digest: str, segment: Segment, part: Span, is_seen: bool, is_heard: bool) -> Placement:
    start = segment.asset.start + segment.rate * (part.start - segment.copy.start)
    return Placement(
        source=digest,
        copy=part,
        asset=Span(start, start + segment.rate * part.duration),
        rate=segment.rate,
        seen=is_seen,
        heard=is_heard,
        mirrored=segment.mirrored,
        rotation=segment.rotation,
        geometry=segment.geometry,
        probability=segment.probability,
    )


def _closed(placements: Sequence[Placement]) -> list[Placement]:
    """The same with holes closed: the earlier stretch reaches to where the later one of its line begins."""
    closed: list[Placement] = []
    for each in placements:
        for number in range(len(closed) - 1, -1, -1):
            before = closed[number]
            if (before.seen, before.heard) != (each.seen, each.heard):
                continue
            hole = each.copy.start - before.copy.end
            if 0 < hole < HOLE and abs(before.asset_time(each.copy.start) - each.asset.start) < ALONG:
                end = before.asset.end + before.rate * hole
                copy = Span(before.copy.start, each.copy.start)
                closed[number] = replace(before, copy=copy, asset=Span(before.asset.start, end))
            break
        closed.append(each)
    return closed
