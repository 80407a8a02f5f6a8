"""Coverage: which stretches of a work have a source, which have none, and what a newly found copy would add.

A moment that three copies show is covered once. Picture and sound are counted apart: `gaps` are stretches without a
picture, `gaps_of_sound` those without a sound; what is `lost` has neither.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from holdfast.model.edit import EditList, Placement, joined, without
from holdfast.model.time import Span
from holdfast.restore.timeline.line import TimeLine


@dataclass(frozen=True)
class Coverage:
    """What of a work is covered. All spans are in its time, in order, and do not touch each other.

    `is_duration_known` tells whether anybody knew how long the work was: else `duration` is what was found of it, and
    that nothing is missing means little.
    """

    duration: Fraction
    is_duration_known: bool
    pictures: tuple[Span, ...]
    sounds: tuple[Span, ...]

    @property
    def gaps(self) -> tuple[Span, ...]:
        """The stretches without a picture."""
        return without(self._whole, list(self.pictures))

    @property
    def gaps_of_sound(self) -> tuple[Span, ...]:
        """The stretches without a sound."""
        return without(self._whole, list(self.sounds))

    @property
    def lost(self) -> tuple[Span, ...]:
        """The stretches with neither."""
        return without(self._whole, [*self.pictures, *self.sounds])

    @property
    def covered(self) -> Fraction:
        """Seconds with a picture."""
        return total(self.pictures)

    @property
    def covered_by_sound(self) -> Fraction:
        """Seconds with a sound."""
        return total(self.sounds)

    @property
    def _whole(self) -> Span:
        return Span(Fraction(0), self.duration)


@dataclass(frozen=True)
class Covered:
    """Coverage summed over works: a collection, an archive.

    `works` were counted, `whole` of them have picture and sound throughout, `empty` ones nothing at all; of
    `of_unknown_length` ones only what was found is counted. The rest are seconds.
    """

    works: int
    whole: int
    empty: int
    of_unknown_length: int
    duration: Fraction
    covered: Fraction
    covered_by_sound: Fraction


def coverage(source: EditList | TimeLine) -> Coverage:
    """The coverage of a reconstruction, or of all that could be used for one."""
    if isinstance(source, EditList):
        pictures = [edit.asset for edit in source.edits if edit.picture]
        sounds = [edit.asset for edit in source.edits if edit.sound]
    else:
        pictures = [each.asset for each in source.placements if each.seen]
        sounds = [each.asset for each in source.placements if each.heard]
    whole = Span(Fraction(0), source.duration)
    return Coverage(source.duration, source.is_duration_known, _within(whole, pictures), _within(whole, sounds))


def nothing_of(duration: Fraction | None) -> Coverage:
    """The coverage of a work of which nothing was found."""
    return Coverage(duration or Fraction(0), duration is not None, (), ())


def summed(every: Iterable[Coverage]) -> Covered:
    """Coverage over works. A work of unknown length counts with what was found of it."""
    works = list(every)
    return Covered(
        works=len(works),
        whole=sum(1 for each in works if each.duration and not each.gaps and not each.gaps_of_sound),
        empty=sum(1 for each in works if not each.pictures and not each.sounds),
        of_unknown_length=sum(1 for each in works if not each.is_duration_known),
        duration=sum((each.duration for each in works), Fraction(0)),
        covered=sum((each.covered for each in works), Fraction(0)),
        covered_by_sound=sum((each.covered_by_sound for each in works), Fraction(0)),
    )


@dataclass(frozen=True)
class Fill:
    """What a newly found copy would add to a work. Spans are in the work's time, in order.

    Attributes:
        shown: stretches of the work that it shows or lets hear.
        pictures: gaps of the picture that it fills.
        sounds: gaps of the sound that it fills.
        also: stretches that it shows and that have a picture already, where it may have the better one.
        beyond: seconds that it shows beyond what was taken for the work's whole (its length is then wrong).
    """

    shown: tuple[Span, ...]
    pictures: tuple[Span, ...]
    sounds: tuple[Span, ...]
    also: tuple[Span, ...]
    beyond: Fraction = Fraction(0)

    @property
    def seconds(self) -> Fraction:
        """Seconds of the picture's gaps that it fills."""
        return total(self.pictures)

    @property
    def seconds_of_sound(self) -> Fraction:
        """Seconds of the sound's gaps that it fills."""
        return total(self.sounds)


def fills(found: Sequence[Placement], edit: EditList) -> Fill:
    """What the placements of a new copy would add to a reconstruction.

    An edit list of one edit without takes stands for a work of which nothing was found.
    """
    whole = Span(Fraction(0), edit.duration)
    pictures = _within(whole, [each.asset for each in found if each.seen])
    sounds = _within(whole, [each.asset for each in found if each.heard])
    every = joined([each.asset for each in found])
    gaps = edit.gaps
    return Fill(
        shown=_within(whole, [each.asset for each in found]),
        pictures=common(pictures, gaps),
        sounds=common(sounds, edit.gaps_of_sound),
        also=tuple(part for span in pictures for part in without(span, list(gaps))),
        beyond=total(every) - total(_within(whole, list(every))),
    )


def common(some: Iterable[Span], others: Sequence[Span]) -> tuple[Span, ...]:
    """What lies in both: the spans of each in order and apart."""
    found = []
    for one in some:
        for other in others:
            start, end = max(one.start, other.start), min(one.end, other.end)
            if start < end:
                found.append(Span(start, end))
    return joined(found)


def total(spans: Iterable[Span]) -> Fraction:
    """The seconds of spans that lie apart."""
    return sum((span.duration for span in spans), Fraction(0))


def _within(whole: Span, spans: Sequence[Span]) -> tuple[Span, ...]:
    return common(joined(list(spans)), (whole,))
