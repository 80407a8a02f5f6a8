"""A listing: what a channel, a site or a catalogue said of a work. Evidence, not truth: every value may be wrong."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction

from holdfast.model.asset import UNKNOWN_LANGUAGE, DatedFact, Person, Publication, Section, Statement, Tag


@dataclass(frozen=True)
class Listing:
    """One work as a listing describes it.

    `duration` is in seconds, as the listing claims it; `thumbnails` are addresses; `language` is a BCP 47 tag.
    `warnings` name what the listing says in a form that could not be understood.
    """

    titles: tuple[Statement, ...] = ()
    descriptions: tuple[Statement, ...] = ()
    dates: tuple[DatedFact, ...] = ()
    people: tuple[Person, ...] = ()
    tags: tuple[Tag, ...] = ()
    category: str = ""
    publication: Publication = field(default_factory=Publication)
    sections: tuple[Section, ...] = ()
    duration: Fraction | None = None
    thumbnails: tuple[str, ...] = ()
    language: str = UNKNOWN_LANGUAGE
    warnings: tuple[str, ...] = ()
