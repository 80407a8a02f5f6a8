"""Which copies to take for every stretch of an asset, for picture and sound separately, and why.

The rules:
- the line is cut where placements begin and end, at the stretches that were measured, and at the cuts that are known:
  inside of a piece everything stays as it is, so boundaries are exact;
- a piece of `d` seconds from a copy costs `d` times what that copy lacks of the original there (1 - closeness), more if
  it is doubtful whether the copy shows this at all;
- changing from one copy to another costs what a viewer would notice: much in the middle of a shot, little at a cut;
  in the sound much while something is heard, little in silence. Having to change because a copy ends costs nothing;
- the sound comes from the picture's copy unless another is better by more than a shade: they are in step by birth;
- a stretch that a placement should show, and in which nothing of it could be decoded, is not taken from it;
- what could not be measured because it is short is taken as the same placement's nearest stretch that could;
- further takes of a picture (consensus) are those which show all of the stretch, are not much worse and not too
  slanted: together they may be nearer to the original than the best alone.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import TypeVar

from holdfast.model.edit import Edit, Placement, Take
from holdfast.model.time import Span
from holdfast.restore.choose.quality import PictureQuality, Quality, SoundQuality
from holdfast.restore.choose.reasons import Rival, of_help, of_picture, of_sound, told
from holdfast.restore.choose.switching import cheapest

# Prices in seconds of closeness: a copy that is better by 0.05 must stay so for 2.4 s to be worth a change in a shot.
_IN_A_SHOT, _AT_A_CUT = 0.12, 0.02
_WHILE_HEARD, _IN_SILENCE = 0.2, 0.02
# What a sound from another copy than the picture's must be better by.
_OUT_OF_STEP = 0.02
# Two placements of one copy whose lines differ by less are one: nobody sees a seam there.
_SAME_LINE = Fraction(1, 50)
_UNMEASURED = 0.3
# A further take may be that much worse, may lack that share of the picture, may be that slanted.
_HELPFUL, _HELPFUL_LOST, _HELPFUL_SLANT = 0.2, 0.5, 2.0
_SHORTEST_HELP = Fraction(1)
_MOST_HELP = 2  # with the first that makes three, a majority: each further one costs as much and brings little


@dataclass(frozen=True)
class _Source:
    """A placement with what was measured of it, the line on which it lies, and its copy's number for people."""

    placement: Placement
    quality: Quality
    line: int
    copy: int


def chosen(
    duration: Fraction,
    placements: Sequence[Placement],
    qualities: Sequence[Quality],
    *,
    consensus: bool = True,
    cuts: Sequence[Fraction] = (),
    silences: Sequence[Fraction] = (),
    names: Mapping[str, str] | None = None,
) -> tuple[Edit, ...]:
    """The edits that cover [0, duration) in order; where no copy reaches their takes are empty.

    `qualities` are those of `placements`, one each; placements with a problem are left out. `cuts` are the moments of
    the asset at which shots change, `silences` moments at which nothing is heard. In reasons copies are
    called by their `names`, by digest; those without one "copy 1", "copy 2", in the order in which they first stand.

    Raises:
        ValueError: there is not one quality for each placement.
    """
    sources = _sources(placements, qualities)
    whole = Span(Fraction(0), duration)
    seen = [each for each in sources if each.placement.seen]
    heard = [each for each in sources if each.placement.heard]
    pictures = _way(whole, seen, cuts, _IN_A_SHOT, _AT_A_CUT, None)
    sounds = _way(whole, heard, silences, _WHILE_HEARD, _IN_SILENCE, pictures)
    helped = _split(pictures, seen) if consensus else pictures
    called = {number: names[source] for source, number in numbers_of(placements).items() if names and source in names}
    return tuple(_edits(whole, helped, sounds, sources, called, consensus=consensus))


def numbers_of(placements: Sequence[Placement]) -> dict[str, int]:
    """The number for people of each copy, by its digest: 1 is the copy whose placement stands first."""
    found: dict[str, int] = {}
    for placement in placements:
        found.setdefault(placement.source, len(found) + 1)
    return found


_Piece = tuple[Span, _Source | None]
_Figures = TypeVar("_Figures", PictureQuality, SoundQuality)


def _sources(placements: Sequence[Placement], qualities: Sequence[Quality]) -> list[_Source]:
    numbers = numbers_of(placements)
    lines: list[Placement] = []
    found = []
    for placement, quality in zip(placements, qualities, strict=True):
        if quality.problem or placement.asset.end <= placement.asset.start:
            continue
        line = next((number for number, each in enumerate(lines) if _is_one_line(each, placement)), len(lines))
        if line == len(lines):
            lines.append(placement)
        found.append(_Source(placement, quality, line, numbers[placement.source]))
    return found


def _is_one_line(one: Placement, other: Placement) -> bool:
    same = (one.source, one.mirrored, one.rotation, one.geometry) == (
        other.source,
        other.mirrored,
        other.rotation,
        other.geometry,
    )
    return same and all(
        abs(one.copy_time(moment) - other.copy_time(moment)) < _SAME_LINE
        for moment in (other.asset.start, other.asset.end)
    )


def _way(
    whole: Span,
    sources: Sequence[_Source],
    soft: Sequence[Fraction],
    price: float,
    soft_price: float,
    beside: Sequence[_Piece] | None,
) -> list[_Piece]:
    """The pieces of the line with the source of each, neighbours of one source put together."""
    is_sound = beside is not None
    beside = beside or ()
    borders = _borders(whole, sources, [*soft, *(span.start for span, _ in beside)])
    soft_places = set(soft)
    steps: list[dict[int, float]] = []
    on_line: list[dict[int, _Source]] = []
    for start, end in pairwise(borders):
        piece = Span(start, end)
        with_picture = next((source for span, source in beside if span.start <= start < span.end), None)
        here: dict[int, _Source] = {}
        costs: dict[int, float] = {}
        for source in sources:
            if _is_there(source, piece, is_sound=is_sound):
                lack = 1 - source.placement.probability * closeness(source.quality, piece, is_sound=is_sound)
                if is_sound and (with_picture is None or with_picture.line != source.line):
                    lack += _OUT_OF_STEP
                cost = float(piece.duration) * lack
                if source.line not in costs or cost < costs[source.line]:
                    costs[source.line], here[source.line] = cost, source
        steps.append(costs)
        on_line.append(here)
    prices = [soft_price if start in soft_places else price for start in borders[:-1]]
    pieces: list[_Piece] = []
    for number, line in enumerate(cheapest(steps, prices)):
        taken: _Source | None = on_line[number][line] if line is not None else None
        span = Span(borders[number], borders[number + 1])
        if pieces and pieces[-1][1] is taken:
            pieces[-1] = (Span(pieces[-1][0].start, span.end), taken)
        else:
            pieces.append((span, taken))
    return pieces


def _is_there(source: _Source, piece: Span, *, is_sound: bool) -> bool:
    """Whether it reaches over all of the piece, and is not known to show (or let hear) nothing there."""
    asset, pace = source.placement.asset, source.quality.pace
    if piece.start < asset.start or piece.end > asset.end:
        return False
    number = int(piece.start / pace)
    row: Sequence[object | None] = source.quality.sound if is_sound else source.quality.picture
    is_whole = asset.start <= number * pace and (number + 1) * pace <= asset.end
    return not is_whole or number >= len(row) or row[number] is not None


def _borders(whole: Span, sources: Sequence[_Source], more: Sequence[Fraction]) -> list[Fraction]:
    places = {whole.start, whole.end, *more}
    for source in sources:
        asset, pace = source.placement.asset, source.quality.pace
        places |= {asset.start, asset.end}
        first, last = int(max(asset.start, whole.start) / pace), int(min(asset.end, whole.end) / pace)
        places |= {number * pace for number in range(first + 1, last + 1)}
    return sorted(place for place in places if whole.start <= place <= whole.end)


def closeness(quality: Quality, span: Span, *, is_sound: bool = False) -> float:
    """What is expected of the copy in this stretch of the asset, 0 to 1: the mean of the stretches that it touches."""
    near = (
        [each.closeness for each in _measured(quality.sound, quality.pace, span)]
        if is_sound
        else [each.closeness for each in _measured(quality.picture, quality.pace, span)]
    )
    return sum(near) / len(near) if near else _UNMEASURED


def _measured(row: Sequence[_Figures | None], pace: Fraction, span: Span) -> list[_Figures]:
    """What was measured within the stretch, else what was measured nearest to it."""
    first = int(span.start / pace)
    last = max(first, -int(-span.end // pace) - 1)
    here = [each for each in row[first : last + 1] if each is not None]
    if here:
        return here
    known = [number for number, each in enumerate(row) if each is not None]
    if not known:
        return []
    place = bisect_left(known, first)
    near = min(known[max(0, place - 1) : place + 1], key=lambda number: abs(number - first))
    nearest = row[near]
    return [] if nearest is None else [nearest]


def _split(pieces: Sequence[_Piece], sources: Sequence[_Source]) -> list[_Piece]:
    """The same pieces, cut where another copy that might help begins or ends."""
    found: list[_Piece] = []
    for span, source in pieces:
        places = {span.start, span.end}
        for other in sources if source is not None else ():
            part = other.placement.within(span)
            if other is not source and part is not None and part.asset.duration >= _SHORTEST_HELP:
                places |= {part.asset.start, part.asset.end}
        line = sorted(places)
        found += [(Span(start, end), source) for start, end in pairwise(line)]
    return found


def _edits(
    whole: Span,
    pictures: Sequence[_Piece],
    sounds: Sequence[_Piece],
    sources: Sequence[_Source],
    names: Mapping[int, str],
    *,
    consensus: bool,
) -> list[Edit]:
    borders = sorted({whole.start, whole.end} | {span.start for span, _ in [*pictures, *sounds]})
    found = []
    for start, end in pairwise(borders):
        span = Span(start, end)
        picture = next((source for piece, source in pictures if piece.start <= start < piece.end), None)
        sound = next((source for piece, source in sounds if piece.start <= start < piece.end), None)
        takes = () if picture is None else _picture_takes(span, picture, sources, names, consensus=consensus)
        heard = () if sound is None else (_sound_take(span, sound, picture, sources, names),)
        likely = [each.placement.probability for each in (picture, sound) if each is not None]
        found.append(Edit(span, takes, heard, min(likely, default=1.0)))
    return found


def _picture_takes(
    span: Span, first: _Source, sources: Sequence[_Source], names: Mapping[int, str], *, consensus: bool
) -> tuple[Take, ...]:
    own = _measured(first.quality.picture, first.quality.pace, span)
    rivals = [
        Rival(other.copy, _seen_of(other, part), _seen_of(first, part), _doubt(first, other))
        for other, part in _beside(span, first, sources)
        if other.placement.seen
    ]
    best = closeness(first.quality, span)
    takes = [Take(first.placement, told(first.copy, of_picture(own, rivals), names), round(best, 4))]
    helpful = []
    for each in sources if consensus else ():
        asset = each.placement.asset
        if not each.placement.seen or each.line == first.line or span.start < asset.start or asset.end < span.end:
            continue
        near = closeness(each.quality, span)
        figures = _measured(each.quality.picture, each.quality.pace, span)
        is_fit = bool(figures) and all(
            figure.lost <= _HELPFUL_LOST and figure.slant <= _HELPFUL_SLANT for figure in figures
        )
        if is_fit and near >= best - _HELPFUL:
            helpful.append((-near, each.copy, each, figures))
    takes += [
        Take(each.placement, told(number, of_help(Rival(first.copy, own, figures)), names), round(-near, 4))
        for near, number, each, figures in sorted(helpful, key=lambda row: row[:2])[:_MOST_HELP]
    ]
    return tuple(takes)


def _sound_take(
    span: Span, first: _Source, picture: _Source | None, sources: Sequence[_Source], names: Mapping[int, str]
) -> Take:
    own = _measured(first.quality.sound, first.quality.pace, span)
    rivals = [
        Rival(other.copy, _heard_of(other, part), _heard_of(first, part), _doubt(first, other))
        for other, part in _beside(span, first, sources)
        if other.placement.heard
    ]
    in_step = picture is not None and picture.line == first.line
    reason = told(first.copy, of_sound(own, rivals, is_in_step=in_step), names)
    return Take(first.placement, reason, round(closeness(first.quality, span, is_sound=True), 4))


def _beside(span: Span, first: _Source, sources: Sequence[_Source]) -> Iterator[tuple[_Source, Span]]:
    """Every other copy that reaches into the stretch, with the part of it that both reach over."""
    for other in sources:
        start = max(span.start, first.placement.asset.start, other.placement.asset.start)
        end = min(span.end, first.placement.asset.end, other.placement.asset.end)
        if other.copy != first.copy and start < end:
            yield other, Span(start, end)


def _seen_of(source: _Source, part: Span) -> list[PictureQuality]:
    """What was measured there; nothing where nothing could be decoded."""
    is_there = _is_there(source, part, is_sound=False)
    return _measured(source.quality.picture, source.quality.pace, part) if is_there else []


def _heard_of(source: _Source, part: Span) -> list[SoundQuality]:
    is_there = _is_there(source, part, is_sound=True)
    return _measured(source.quality.sound, source.quality.pace, part) if is_there else []


def _doubt(first: _Source, other: _Source) -> float:
    return first.placement.probability - other.placement.probability
