"""What a search of the full text gives: passages, or assets each with its passages, a page of them at a time."""

from __future__ import annotations

from dataclasses import dataclass

from holdfast.catalog.marking import Marks


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that meets a query. `marks` are stretches [start, end) of `text`; `count` is its asset's matches."""

    asset: str
    kind: str
    language: str
    start_us: int | None
    end_us: int | None
    text: str
    marks: Marks
    score: float
    count: int = 1

    def as_record(self, title: str) -> dict[str, object]:
        """As it stands in JSON, with the title of its asset; `start` and `end` in seconds."""
        start, end = (None if us is None else us / 1_000_000 for us in (self.start_us, self.end_us))
        return {
            "asset": self.asset,
            "title": title,
            "kind": self.kind,
            "language": self.language,
            "start": start,
            "end": end,
            "text": self.text,
            "marks": [list(mark) for mark in self.marks],
            "score": round(self.score, 6),
            "count": self.count,
        }


@dataclass(frozen=True, slots=True)
class WorkHits:
    """What of one asset meets a query: the best passage `about` it, if any, and its best moments.

    `count` are all its moments that meet the query, those that are not in `moments` included.
    """

    asset: str
    about: Hit | None
    moments: tuple[Hit, ...]
    count: int


@dataclass(frozen=True, slots=True)
class WorksPage:
    """Some assets that meet a query, best first; `total` and `is_exact` as in `Page`."""

    works: tuple[WorkHits, ...]
    total: int
    is_exact: bool


@dataclass(frozen=True, slots=True)
class Page:
    """Some hits, best first, and how many there are in all (hits, or assets when grouped).

    `is_exact` is false when more than `fulltext.RANKED` passages matched: then there are more than `total`.
    """

    hits: tuple[Hit, ...]
    total: int
    is_exact: bool
