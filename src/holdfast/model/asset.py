"""The asset: a programme as a whole, held, partly held or lost. A lost work is a full citizen.

Every statement may name its source, because an archive gathers what others said: a listing, a title card, a witness
of the time. Every text names its language (BCP 47; `und` when nobody knows). Every class carries `extra`: fields
written by a later version of Holdfast, or by hand, are kept when the record is read and written again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from fractions import Fraction
from typing import Any, Protocol, TypeVar

from holdfast.model.fixity import Digest
from holdfast.model.ids import AssetId
from holdfast.model.language import primary
from holdfast.model.rights import AccessLevel, Embargo, RightsStatement, effective_access
from holdfast.model.technical import MediaInfo

RECORD_FORMAT = "holdfast-asset-1"
UNKNOWN_LANGUAGE = "und"
RECONSTRUCTED = "reconstructed"  # the reason of a change of status that a restoration brought


class Status(StrEnum):
    """How much of it we hold."""

    HELD = "held"
    HELD_IN_PART = "held in part"
    LOST = "lost"


class InstantiationKind(StrEnum):
    """What a tangible rendition is to us."""

    MASTER = "master"
    FOUND_COPY = "found copy"
    RECONSTRUCTION = "reconstruction"


class InALanguage(Protocol):
    """Whatever is said in one language."""

    @property
    def language(self) -> str:
        """Its tag (BCP 47)."""


_Said = TypeVar("_Said", bound=InALanguage)


@dataclass(frozen=True)
class Statement:
    """A title or description in one language: by whom said (`source`), by whom translated."""

    text: str
    language: str = UNKNOWN_LANGUAGE
    source: str = ""
    translator: str = ""
    extra: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class DatedFact:
    """A date that may be uncertain, as EDTF (ISO 8601-2): `1974`, `1974-05~`, `197X`, `1974-05-01/1974-05-09`.

    `kind` says what happened then: `created`, `recorded`, `published`, `broadcast`, ...
    """

    edtf: str
    kind: str = "created"
    source: str = ""
    extra: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Person:
    """Somebody who is seen, heard or had a part in it. `role` is free text: `director`, `speaker`, `uploader`."""

    name: str
    role: str = ""
    source: str = ""
    extra: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Place:
    """A place that is shown or where it was made, by name."""

    name: str
    role: str = ""
    source: str = ""
    extra: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Tag:
    """A subject word."""

    text: str
    language: str = UNKNOWN_LANGUAGE
    source: str = ""
    extra: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Publication:
    """Where it was published: what a listing said of it. `item` is that site's own id of it."""

    site: str = ""
    item: str = ""
    url: str = ""
    publisher: str = ""
    extra: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Section:
    """A named stretch of asset time (a chapter), in exact seconds."""

    start: Fraction
    end: Fraction
    title: str = ""
    language: str = UNKNOWN_LANGUAGE
    source: str = ""
    extra: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class StatedDuration:
    """How long it was, in seconds, as somebody said: all that is known of a work of which nothing is held."""

    seconds: Fraction
    source: str = ""
    extra: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Text:
    """Captions, a transcript or a translation kept in the object; `file` is its logical path."""

    file: str
    language: str = UNKNOWN_LANGUAGE
    kind: str = "captions"
    source: str = ""
    extra: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Evidence:
    """What testifies to the work beside its bytes: a listing, a thumbnail, a still, a web capture."""

    file: str
    kind: str
    source: str = ""
    extra: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Instantiation:
    """One tangible rendition of the asset: a file with its fixity and what a probe read from it.

    `file` is its logical path in the object; `original_name` the name under which it came, in any script. Names that
    were not valid text have their odd bytes written as `%FF`, and `original_name_hex` holds them exactly.
    """

    file: str
    kind: InstantiationKind
    digest: Digest
    size_bytes: int
    kept_at: datetime
    original_name: str
    original_name_hex: str = ""
    modified_at: datetime | None = None
    technical: MediaInfo | None = None
    extra: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class StatusChange:
    """When the status became what it is, and why."""

    status: Status
    since: datetime
    reason: str = ""
    extra: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class AssetRecord:
    """All that is said of an asset: the content of `record.json`. Its events stand in `events.jsonl` beside it."""

    id: AssetId
    status: Status
    access: AccessLevel
    created_at: datetime
    format: str = RECORD_FORMAT
    titles: tuple[Statement, ...] = ()
    descriptions: tuple[Statement, ...] = ()
    dates: tuple[DatedFact, ...] = ()
    people: tuple[Person, ...] = ()
    places: tuple[Place, ...] = ()
    tags: tuple[Tag, ...] = ()
    category: str = ""
    collections: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    rights: RightsStatement = field(default_factory=RightsStatement)
    embargo: Embargo | None = None
    content_warnings: tuple[Statement, ...] = ()
    publications: tuple[Publication, ...] = ()
    sections: tuple[Section, ...] = ()
    instantiations: tuple[Instantiation, ...] = ()
    texts: tuple[Text, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    stated_durations: tuple[StatedDuration, ...] = ()
    status_history: tuple[StatusChange, ...] = ()
    extra: dict[str, Any] = field(default_factory=dict)

    def title(self, languages: Sequence[str] = ()) -> str:
        """The title in the first of `languages` that has one, else the first title, else the id."""
        return (in_language(self.titles, languages) or Statement(str(self.id))).text

    def access_at(self, at: datetime) -> AccessLevel:
        """Who may see it at this moment, its embargo considered. `access` alone is what holds when that is over."""
        return effective_access(self.access, self.embargo, at)

    @property
    def masters(self) -> tuple[Instantiation, ...]:
        """Its masters, whether they are there or gone."""
        return tuple(held for held in self.instantiations if held.kind is InstantiationKind.MASTER)

    @property
    def has_master(self) -> bool:
        """Whether it has masters, and nobody has declared them lost."""
        return bool(self.masters) and not self.masters_are_gone

    @property
    def masters_are_gone(self) -> bool:
        """Whether its masters were declared lost and have not come back since, whatever was reconstructed of it."""
        gone = False
        for change in self.status_history:
            if change.status is Status.LOST:
                gone = True
            elif change.status is Status.HELD and change.reason != RECONSTRUCTED:
                gone = False
        return gone

    @property
    def duration(self) -> Fraction | None:
        """The longest measured among its instantiations, else what was stated first; None while nobody knows."""
        known = [i.technical.duration for i in self.instantiations if i.technical and i.technical.duration]
        return max(known, default=self.stated_durations[0].seconds if self.stated_durations else None)


def in_language(statements: Sequence[_Said], languages: Sequence[str]) -> _Said | None:
    """The statement in the first of `languages` that has one, else the first; None if there is none.

    The very tag is preferred (`pt-BR` before `pt-PT`), the same language fits (`de` and `de-CH`); upper and lower case
    are the same.
    """
    for wanted in languages:
        same = [s for s in statements if primary(s.language) == primary(wanted)]
        exact = [s for s in same if s.language.lower() == wanted.lower()]
        if same:
            return (exact or same)[0]
    return statements[0] if statements else None
