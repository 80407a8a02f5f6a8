"""What is known of works that nobody here holds: what each listing says, and what several say together.

A listing is evidence: an old channel page, a spreadsheet, a web capture. Every value keeps where it was read
(`Origin`), and values that contradict each other stand side by side, the best supported first.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction
from typing import Generic, TypeVar

from holdfast.model.asset import UNKNOWN_LANGUAGE, DatedFact, Person, Publication, Section, Statement
from holdfast.model.fixity import Digest
from holdfast.model.ids import AssetId

T = TypeVar("T")

TOLERANCE = Fraction(2)  # seconds: sites round up, down, or count the longer of picture and sound
_MINUTE = Fraction(60)


@dataclass(frozen=True)
class Origin:
    """Where something was read: in which file (name and digest), at which place of it (`line 12`, `entry 3`,
    `record 7, https://…`), and when that was captured, if the file tells.
    """

    file: str
    digest: Digest | None = None
    place: str = ""
    captured_at: datetime | None = None


@dataclass(frozen=True, order=True)
class SourceId:
    """A site's own name of a work: the strongest sign that two listings mean the same. `site` is in small letters and
    digits only, as `youtube`, `archiveorg`.
    """

    site: str
    item: str

    def __str__(self) -> str:
        return f"{self.site}:{self.item}"


@dataclass(frozen=True)
class ListedDuration:
    """A duration as listed, in seconds, and how fine it was told: `step` is 1 for `1:02:03`, 60 for `62 min`."""

    seconds: Fraction
    step: Fraction = Fraction(1)

    @property
    def is_exact(self) -> bool:
        """Whether it was told finer than in whole seconds."""
        return self.step < 1

    def agrees(self, other: ListedDuration) -> bool:
        """Whether both may be of the same film: within 2 s, or less than a minute if one was told in whole minutes."""
        apart = abs(self.seconds - other.seconds)
        return apart <= TOLERANCE or apart < min(_MINUTE, max(self.step, other.step))


@dataclass(frozen=True)
class Place:
    """Where the bytes of something lie in a capture: which `member` of a WACZ ("" in a WARC), at which byte the
    compressed piece begins that holds its record, and how many bytes of that piece come before the record.
    """

    member: str
    offset: int
    inner: int = 0


@dataclass(frozen=True)
class Thumbnail:
    """A small picture of a work: its address, its size in pixels as told or measured (0 if unknown), and its bytes if
    the listing held them: embedded (`data`), or captured in the same file (`place`).
    """

    address: str = ""
    width: int = 0
    height: int = 0
    data: bytes = b""
    place: Place | None = None


@dataclass(frozen=True)
class ListedWork:
    """One work as one listing describes it at one place.

    `published` is what the listing calls the work's date, `uploaded` when it came to that site: both are `dates`, of
    the kinds `published` and `uploaded`. `warnings` name what was said in a form that could not be understood.
    """

    origin: Origin
    titles: tuple[Statement, ...] = ()
    descriptions: tuple[Statement, ...] = ()
    dates: tuple[DatedFact, ...] = ()
    people: tuple[Person, ...] = ()
    duration: ListedDuration | None = None
    publication: Publication = field(default_factory=Publication)
    source_id: SourceId | None = None
    thumbnails: tuple[Thumbnail, ...] = ()
    sections: tuple[Section, ...] = ()
    language: str = UNKNOWN_LANGUAGE
    warnings: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """Its first title, "" if it has none."""
        return self.titles[0].text if self.titles else ""


@dataclass(frozen=True)
class Skipped:
    """What a reader of listings passed over, and why."""

    origin: Origin
    reason: str


@dataclass(frozen=True)
class Supported(Generic[T]):
    """A value and all the places that state it, in the order in which they were read."""

    value: T
    origins: tuple[Origin, ...]


@dataclass(frozen=True)
class LostWork:
    """A work as all listings together describe it. In every field the best supported value stands first.

    `asset` is the asset of the archive that it was recognised as; None if it is new. `because` says in words by what
    the listings were found to mean the same work, "" for each that needed no reason.
    """

    titles: tuple[Supported[Statement], ...] = ()
    durations: tuple[Supported[ListedDuration], ...] = ()
    dates: tuple[Supported[DatedFact], ...] = ()
    descriptions: tuple[Supported[Statement], ...] = ()
    people: tuple[Supported[Person], ...] = ()
    publications: tuple[Supported[Publication], ...] = ()
    thumbnails: tuple[Supported[Thumbnail], ...] = ()
    chapters: tuple[Supported[tuple[Section, ...]], ...] = ()
    source_ids: tuple[SourceId, ...] = ()
    origins: tuple[Origin, ...] = ()
    because: tuple[str, ...] = ()
    asset: AssetId | None = None

    @property
    def title(self) -> str:
        """Its best supported title, "" if no listing names one."""
        return self.titles[0].value.text if self.titles else ""

    @property
    def duration(self) -> Fraction | None:
        """Its best supported duration in seconds, None if no listing tells one."""
        return self.durations[0].value.seconds if self.durations else None
