"""yt-dlp's `*.info.json`: bytes to a listing.

The file is somebody else's word, often of a site that no longer exists, and is kept as evidence byte for byte; what
is read from it here only fills the description. A field of an unexpected form is passed over with a warning: a listing
with a broken chapter list still has a title.

Field names follow the "output template" section of yt-dlp's documentation: `id`, `title`, `description`, `upload_date`
(YYYYMMDD), `release_date`, `timestamp`, `uploader`, `channel`, `extractor_key`, `webpage_url`, `duration`, `tags`,
`categories`, `chapters` (`start_time`, `end_time`, `title`), `language`, `thumbnails`. Its `subtitles` tell where there
were captions, not which lie beside the film: those tell of themselves.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from fractions import Fraction
from typing import Any

from holdfast.errors import BadRecord, BadSidecar
from holdfast.formats.canonical import parse_json, printable
from holdfast.model.asset import UNKNOWN_LANGUAGE, DatedFact, Person, Publication, Section, Statement, Tag
from holdfast.model.language import language_tag
from holdfast.model.listing import Listing

_DATE = re.compile(r"([0-9]{4})-?([0-9]{2})-?([0-9]{2})")
_NUMBER = re.compile(r"[0-9]{1,9}(?:\.[0-9]{1,20})?")
_LONGEST_TEXT = 200_000
_MOST_ITEMS = 2_000
_SEVERAL_FILMS = {"playlist", "multi_video"}
_YEAR_2100 = 4_102_444_800


def parse_listing(data: bytes, name: str) -> Listing:
    """The listing in `data`.

    Raises:
        BadSidecar: it is not a JSON object, describes a playlist, or says nothing that a listing would say.
    """
    try:
        plain = parse_json(data, name, half_characters=True)
    except BadRecord as error:
        raise BadSidecar(path=name, reason=error.values["reason"]) from error
    if not isinstance(plain, dict):
        raise BadSidecar(path=name, reason="it is not a JSON object")
    if plain.get("_type") in _SEVERAL_FILMS:
        raise BadSidecar(path=name, reason="it describes a playlist, not one film")
    listing = read_entry(plain, name)
    if not (listing.titles or listing.descriptions or listing.publication.item or listing.publication.url):
        raise BadSidecar(path=name, reason="it has no title, description, address or id: it is no listing")
    return listing


def read_entry(plain: dict[str, Any], name: str) -> Listing:
    """What one JSON object of yt-dlp tells, be it of a listing or of a playlist's entry; empty if nothing."""
    return _Reader(plain, name).listing()


class _Reader:
    """Takes fields out of one listing and remembers which had an unexpected form."""

    def __init__(self, plain: dict[str, Any], name: str) -> None:
        self._plain = plain
        self._name = name
        self._warnings: dict[str, None] = {}  # each once, in the order of finding
        self._site = self._text("extractor_key") or self._text("extractor")
        self._source = self._site or name

    def listing(self) -> Listing:
        """All that could be read."""
        language = language_tag(self._text("language")) or UNKNOWN_LANGUAGE
        duration = self._seconds(self._plain.get("duration"), "duration")
        return Listing(
            titles=self._statements("title", language) or self._statements("fulltitle", language),
            descriptions=self._statements("description", language),
            dates=tuple(self._dates()),
            people=tuple(self._people()),
            tags=tuple(Tag(tag, language, self._source) for tag in self._texts("tags")),
            category=next(iter(self._texts("categories")), ""),
            publication=self._publication(),
            sections=tuple(self._sections(language, duration)),
            duration=duration,
            thumbnails=tuple(self._thumbnails()),
            language=language,
            warnings=tuple(self._warnings),
        )

    def _statements(self, key: str, language: str) -> tuple[Statement, ...]:
        text = self._text(key)
        return (Statement(text, language, self._source),) if text else ()

    def _dates(self) -> Iterator[DatedFact]:
        released = self._day("release_date") or self._moment("release_timestamp") or self._year("release_year")
        if released:
            yield DatedFact(released, "published", self._source)
        if uploaded := self._day("upload_date") or self._moment("timestamp"):
            yield DatedFact(uploaded, "uploaded", self._source)

    def _people(self) -> Iterator[Person]:
        roles = (("uploader", "uploader"), ("channel", "uploader"), ("creator", "creator"), ("artist", "artist"))
        seen = set()
        for key, role in roles:
            # Newer listings have lists (`creators`), of which the older text is only the joined form.
            for name in (self._texts(f"{key}s") if f"{key}s" in self._plain else []) or [self._text(key)]:
                if name and name not in seen:
                    seen.add(name)
                    yield Person(name, role, self._source)

    def _publication(self) -> Publication:
        return Publication(
            site=self._site,
            item=self._text("id"),
            url=self._text("webpage_url") or self._text("original_url"),
            publisher=self._text("channel") or self._text("uploader"),
        )

    def _sections(self, language: str, duration: Fraction | None) -> Iterator[Section]:
        """The chapters. One without an end lasts until the next begins, the last one as long as the film."""
        chapters = [item if isinstance(item, dict) else {} for item in self._items("chapters")]
        starts = [self._seconds(chapter.get("start_time"), "chapters") for chapter in chapters]
        followers = [*starts, duration][1:]
        for chapter, start, following in zip(chapters, starts, followers, strict=False):  # of no chapters, none follows
            end = self._seconds(chapter.get("end_time"), "chapters")
            end = following if end is None else end
            if start is None or end is None or end < start:
                self._warn("chapters")
                continue
            title = chapter.get("title")
            text = self._clean(title, "chapters") if isinstance(title, str) else ""
            yield Section(start, end, text, language, self._source)

    def _thumbnails(self) -> Iterator[str]:
        found = [item["url"] for item in self._items("thumbnails") if isinstance(item, dict) and "url" in item]
        yield from dict.fromkeys(self._clean(url, "thumbnails") for url in found if isinstance(url, str))
        if not found and self._text("thumbnail"):
            yield self._text("thumbnail")

    # -------------------------------------------------------------------------------------- fields of one form

    def _text(self, key: str) -> str:
        value = self._plain.get(key)
        if isinstance(value, str):
            return self._clean(value, key)
        if isinstance(value, int) and not isinstance(value, bool):  # a film called 1984, an id that is a number
            return str(value)
        if value is not None:
            self._warn(key)
        return ""

    def _texts(self, key: str) -> list[str]:
        value = self._plain.get(key)
        items = [value] if isinstance(value, str) else self._items(key)
        if not all(isinstance(item, str) for item in items):
            self._warn(key)
        found = [self._clean(item, key) for item in items if isinstance(item, str)]
        return list(dict.fromkeys(text for text in found if text))

    def _items(self, key: str) -> list[Any]:
        value = self._plain.get(key)
        if isinstance(value, list):
            if len(value) > _MOST_ITEMS:
                self._note(f"of the field {key} only the first {_MOST_ITEMS} of {len(value)} were taken")
            return value[:_MOST_ITEMS]
        if value is not None:
            self._warn(key)
        return []

    def _day(self, key: str) -> str:
        """A day as EDTF, "" if there is none or no such day."""
        text = self._text(key)
        match = _DATE.fullmatch(text)
        try:
            return date(*map(int, match.groups())).isoformat() if match else self._passed_over(key, text)
        except ValueError:
            return self._passed_over(key, text)

    def _moment(self, key: str) -> str:
        value = self._plain.get(key)
        if isinstance(value, int | float) and not isinstance(value, bool) and 0 < value < _YEAR_2100:
            return datetime.fromtimestamp(value, UTC).date().isoformat()
        return self._passed_over(key, value)

    def _year(self, key: str) -> str:
        text = self._text(key)
        return text if re.fullmatch("[12][0-9]{3}", text) else self._passed_over(key, text)

    def _seconds(self, value: Any, key: str) -> Fraction | None:
        """Exact seconds, to a microsecond: a float is read as it is written, `0.1` is a tenth."""
        if value is None:
            return None
        if isinstance(value, int | float | str) and _NUMBER.fullmatch(str(value)):
            return Fraction(str(value)).limit_denominator(1_000_000)
        self._warn(key)
        return None

    def _clean(self, text: str, key: str) -> str:
        if len(text) > _LONGEST_TEXT:
            self._note(f"the field {key} is very long; only its beginning was taken")
        return printable(text[:_LONGEST_TEXT]).strip()

    def _passed_over(self, key: str, value: object) -> str:
        if value not in (None, "", 0):
            self._warn(key)
        return ""

    def _warn(self, key: str) -> None:
        self._note(f"the field {key} has an unexpected form and was passed over")

    def _note(self, what: str) -> None:
        self._warnings[f"{self._name}: {what}"] = None
