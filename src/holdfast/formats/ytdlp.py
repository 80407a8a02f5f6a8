"""yt-dlp's `*.info.json`: bytes to a listing.

The file is somebody else's word, often of a site that no longer exists, and is kept as evidence byte for byte; what
is read from it here only fills the description. A field of an unexpected form is passed over with a warning: a listing
with a broken chapter list still has a title.

Field names follow the "output template" section of yt-dlp's documentation: `id`, `title`, `description`, `upload_date`
(YYYYMMDD), `release_date`, `timestamp`, `uploader`, `channel`, `extractor_key`, `webpage_url`, `duration`, `tags`,
`categories`, `chapters` (`start_time`, `end_time`, `title`), `language`, `thumbnails`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from fractions import Fraction
from typing import Any

from holdfast.errors import BadRecord, BadSidecar
from holdfast.formats.canonical import parse_json, printable
from holdfast.model.asset import UNKNOWN_LANGUAGE, DatedFact, Person, Publication, Section, Statement, Tag
from holdfast.model.listing import Listing

_DATE = re.compile(r"(\d{4})(\d{2})(\d{2})")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_LONGEST_TEXT = 200_000
_MOST_ITEMS = 2_000


def parse_listing(data: bytes, name: str) -> Listing:
    """The listing in `data`.

    Raises:
        BadSidecar: it is not a JSON object, or says nothing that a listing would say.
    """
    try:
        plain = parse_json(data, name)
    except BadRecord as error:
        raise BadSidecar(path=name, reason=error.values["reason"]) from error
    if not isinstance(plain, dict):
        raise BadSidecar(path=name, reason="it is not a JSON object")
    return _Reader(plain, name).listing()


class _Reader:
    """Takes fields out of one listing and remembers which had an unexpected form."""

    def __init__(self, plain: dict[str, Any], name: str) -> None:
        self._plain = plain
        self._name = name
        self._warnings: list[str] = []
        self._source = self._text("extractor_key") or self._text("extractor") or name

    def listing(self) -> Listing:
        """All that could be read."""
        language = self._language()
        sections = tuple(self._sections(language))
        return Listing(
            titles=self._statements("title", language) or self._statements("fulltitle", language),
            descriptions=self._statements("description", language),
            dates=tuple(self._dates()),
            people=tuple(self._people()),
            tags=tuple(Tag(tag, language, self._source) for tag in self._texts("tags")),
            category=next(iter(self._texts("categories")), ""),
            publication=self._publication(),
            sections=sections,
            duration=self._seconds(self._plain.get("duration"), "duration"),
            thumbnails=tuple(self._thumbnails()),
            language=language,
            warnings=tuple(self._warnings),
        )

    def _statements(self, key: str, language: str) -> tuple[Statement, ...]:
        text = self._text(key)
        return (Statement(text, language, self._source),) if text else ()

    def _language(self) -> str:
        text = self._text("language")
        return text if _LANGUAGE.fullmatch(text) else UNKNOWN_LANGUAGE

    def _dates(self) -> Iterator[DatedFact]:
        for key, kind in (("release_date", "published"), ("upload_date", "uploaded")):
            match = _DATE.fullmatch(self._text(key))
            if match:
                yield DatedFact("-".join(match.groups()), kind, self._source)
                continue
            moment = self._plain.get("timestamp" if key == "upload_date" else "release_timestamp")
            if isinstance(moment, int | float) and 0 <= moment < 4_102_444_800:  # up to the year 2100
                yield DatedFact(datetime.fromtimestamp(moment, UTC).date().isoformat(), kind, self._source)

    def _people(self) -> Iterator[Person]:
        seen = set()
        for key in ("uploader", "channel", "creator", "artist"):
            name = self._text(key)
            if name and name not in seen:
                seen.add(name)
                yield Person(name, "uploader" if key in ("uploader", "channel") else key, self._source)

    def _publication(self) -> Publication:
        return Publication(
            site=self._text("extractor_key") or self._text("extractor"),
            item=self._text("id"),
            url=self._text("webpage_url") or self._text("original_url"),
            publisher=self._text("channel") or self._text("uploader"),
        )

    def _sections(self, language: str) -> Iterator[Section]:
        for item in self._items("chapters"):
            start = self._seconds(item.get("start_time"), "chapters") if isinstance(item, dict) else None
            end = self._seconds(item.get("end_time"), "chapters") if isinstance(item, dict) else None
            if start is None or end is None or end < start:
                self._warn("chapters")
                continue
            title = item.get("title")
            yield Section(start, end, _clean(title) if isinstance(title, str) else "", language, self._source)

    def _thumbnails(self) -> Iterator[str]:
        for item in self._items("thumbnails"):
            if isinstance(item, dict) and isinstance(item.get("url"), str):
                yield _clean(item["url"])
        if not self._plain.get("thumbnails") and self._text("thumbnail"):
            yield self._text("thumbnail")

    # -------------------------------------------------------------------------------------- fields of one form

    def _text(self, key: str) -> str:
        value = self._plain.get(key)
        if isinstance(value, str):
            return _clean(value)
        if isinstance(value, int) and not isinstance(value, bool) and key == "id":
            return str(value)
        if value is not None:
            self._warn(key)
        return ""

    def _texts(self, key: str) -> list[str]:
        found = [_clean(item) for item in self._items(key) if isinstance(item, str)]
        return list(dict.fromkeys(text for text in found if text))

    def _items(self, key: str) -> list[Any]:
        value = self._plain.get(key)
        if isinstance(value, list):
            return value[:_MOST_ITEMS]
        if value is not None:
            self._warn(key)
        return []

    def _seconds(self, value: Any, key: str) -> Fraction | None:
        if value is None:
            return None
        try:
            return Fraction(str(value)).limit_denominator(1_000_000)
        except (ValueError, ZeroDivisionError):
            self._warn(key)
            return None

    def _warn(self, key: str) -> None:
        warning = f"{self._name}: the field {key} has an unexpected form and was passed over"
        if warning not in self._warnings:
            self._warnings.append(warning)


def _clean(text: str) -> str:
    return printable(text)[:_LONGEST_TEXT].strip()
