"""The grid of asset time on which copies are measured: stretches of equal length, and moments inside of them.

Moments are the same for all copies. They lie at uneven places of their stretches, or a copy of twelve frames a second
would always be caught in the same phase.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from math import ceil

from holdfast.model.time import Span

# Two looks a stretch. Golden steps: any few that follow each other are spread evenly.
LOOKS = 2
_GOLDEN = Fraction(618, 1000)


@dataclass(frozen=True)
class Grid:
    """Stretches of `pace` seconds from 0 to `duration`; the last may be shorter."""

    duration: Fraction
    pace: Fraction

    def __post_init__(self) -> None:
        if self.pace <= 0 or self.duration < 0:
            raise ValueError(f"no grid of {self.pace} s over {self.duration} s")

    def __len__(self) -> int:
        return ceil(self.duration / self.pace)

    def stretch(self, number: int) -> Span:
        """Stretch `number`, from 0."""
        return Span(number * self.pace, min((number + 1) * self.pace, self.duration))

    def stretch_of(self, moment: int) -> int:
        """The stretch in which this moment lies."""
        return moment // LOOKS

    def moments_of(self, number: int) -> range:
        """The moments of a stretch."""
        return range(number * LOOKS, (number + 1) * LOOKS)

    def moment(self, number: int) -> Fraction:
        """When moment `number` is, in asset time."""
        stretch = self.stretch(number // LOOKS)
        share = (number % LOOKS + (number * _GOLDEN) % 1) / LOOKS
        return stretch.start + stretch.duration * share

    def moments_within(self, span: Span) -> Iterator[int]:
        """The numbers of the moments in this stretch of the asset, in order."""
        first = max(0, int(span.start / self.pace))
        last = min(len(self), ceil(span.end / self.pace))
        for number in range(first * LOOKS, last * LOOKS):
            if span.start <= self.moment(number) < span.end:
                yield number
