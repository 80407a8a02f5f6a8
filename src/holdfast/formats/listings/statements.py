"""One work from what a reader found: texts cleaned and bounded, addresses whole, dates and durations understood.

Every reader hands over what its form says, as text; what each word means is decided here once.
"""

from __future__ import annotations

import re
from binascii import a2b_base64
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from html import unescape

from holdfast.formats.canonical import printable
from holdfast.formats.listings.dates import listed_date
from holdfast.formats.listings.durations import parse_duration
from holdfast.formats.listings.pictures import pixel_size
from holdfast.model.address import LONGEST as LONGEST_ADDRESS
from holdfast.model.address import joined, source_id, unarchived
from holdfast.model.asset import UNKNOWN_LANGUAGE, DatedFact, Person, Publication, Section, Statement
from holdfast.model.language import language_tag
from holdfast.model.lost import ListedWork, Origin, Thumbnail

LONGEST_TITLE = 2_000
LONGEST_TEXT = 200_000
MOST_THUMBNAILS = 20
LARGEST_EMBEDDED = 1_500_000
_DATA = re.compile(r"\s*data:image/[a-z+.-]{1,20}(?:;[\w=-]{1,30})?;base64,", re.IGNORECASE)
# What sites write in place of a title when the film is gone: it names nothing, but the id beside it is a loss.
_GONE = re.compile(
    r"\[?(?:(?:private|deleted|unavailable) video|(?:video|this video) (?:unavailable|is private|is unavailable)"
    r"|(?:приватное|закрытое|удал[её]нное) видео|видео (?:удалено|недоступно)"
    r"|(?:privates|gelöschtes) video|私享视频|已删除的视频|(?:비공개|삭제된) 동영상)\]?"
)


@dataclass(frozen=True)
class Told:
    """What a listing says of one work, as it says it; what it does not say is empty.

    `address` and `thumbnails` may be relative to the page they stand on. `duration`, `published` and `uploaded` are
    texts or numbers of any form; `unit_s` is what a duration without a unit counts.
    """

    title: str = ""
    duration: object = None
    unit_s: int = 1
    published: object = None
    uploaded: object = None
    description: str = ""
    publisher: str = ""
    site: str = ""
    item: str = ""
    address: str = ""
    thumbnails: tuple[Thumbnail, ...] = ()
    sections: tuple[Section, ...] = ()
    language: str = ""


def listed_work(told: Told, origin: Origin, base: str = "") -> ListedWork | None:
    """The work that is told of; None if nothing names it: no title, and no id of a known site.

    Args:
        told: what the reader found.
        origin: where. An address of a web archive tells when the page was captured, if nothing else does.
        base: the address of the page, which relative addresses continue.
    """
    base, base_captured = unarchived(base)
    address, captured = _address(told.address, base)
    if origin.captured_at is None:
        origin = replace(origin, captured_at=base_captured or captured)
    title = named(told.title)
    id_of_site = source_id(told.site, clean(told.item, 200), address)
    if not title and id_of_site is None:
        return None
    language = language_tag(told.language.strip()) or UNKNOWN_LANGUAGE
    source = told.site or (id_of_site.site if id_of_site else "") or origin.file
    description = clean(told.description, LONGEST_TEXT, lines=True)
    publisher = clean(told.publisher, 500)
    warnings: list[str] = []
    duration = parse_duration(told.duration, told.unit_s)
    if duration is None and told.duration not in (None, "", 0, "0"):
        warnings.append(f"the duration {_short(told.duration)} was not understood")
    return ListedWork(
        origin=origin,
        titles=(Statement(title, language, source),) if title else (),
        descriptions=(Statement(description, language, source),) if description else (),
        dates=tuple(_dates(told, source, origin.captured_at, warnings)),
        people=(Person(publisher, "uploader", source),) if publisher else (),
        duration=duration,
        publication=Publication(
            site=told.site or (id_of_site.site if id_of_site else ""),
            item=id_of_site.item if id_of_site else clean(told.item, 200),
            url=address,
            publisher=publisher,
        ),
        source_id=id_of_site,
        thumbnails=tuple(_thumbnails(told.thumbnails, base)),
        sections=told.sections,
        language=language,
        warnings=tuple(warnings),
    )


def named(title: str) -> str:
    """The title, cleaned; "" if the site only says there that the film is gone."""
    title = clean(title, LONGEST_TITLE)
    return "" if _GONE.fullmatch(title.casefold()) else title


def clean(text: str, longest: int, *, lines: bool = False) -> str:
    """`text` without what no record can hold, without entities, on one line unless `lines`, cut at `longest`."""
    text = printable(text[: longest * 2])
    if "&" in text:
        text = unescape(text)
    if lines:
        return "\n".join(line.rstrip() for line in text.splitlines()).strip()[:longest]
    return " ".join(text.split())[:longest]


def _address(address: str, base: str) -> tuple[str, datetime | None]:
    whole = clean(address, LONGEST_ADDRESS)
    whole, captured = unarchived(joined(base, whole)) if whole else ("", None)
    return (whole, captured) if whole.startswith(("http://", "https://")) else ("", captured)


def _dates(told: Told, source: str, captured_at: datetime | None, warnings: list[str]) -> Iterable[DatedFact]:
    for kind, value in (("published", told.published), ("uploaded", told.uploaded)):
        edtf = listed_date(value, captured_at)
        if edtf:
            yield DatedFact(edtf, kind, source)
        elif value not in (None, "", 0, "0"):
            warnings.append(f"the date {_short(value)} was not understood")


def _thumbnails(thumbnails: Iterable[Thumbnail], base: str) -> Iterable[Thumbnail]:
    whole = (_embedded(one) or replace(one, address=_address(one.address, base)[0]) for one in thumbnails)
    known = dict.fromkeys(one for one in whole if one.address or one.data)
    yield from list(known)[:MOST_THUMBNAILS]


def _embedded(thumbnail: Thumbnail) -> Thumbnail | None:
    """The picture that stands in a page itself, as a `data:` address; None if none does, or one of many megabytes."""
    match = _DATA.match(thumbnail.address[:100])
    if match is None or len(thumbnail.address) > LARGEST_EMBEDDED:
        return None
    try:
        data = a2b_base64(thumbnail.address[match.end() :])
    except ValueError:
        return None
    width, height = pixel_size(data)
    # One pixel or two stand in for a picture that was to be loaded later.
    return Thumbnail("", width, height, data) if min(width, height) > 2 else Thumbnail()


def _short(value: object) -> str:
    return repr(clean(str(value)[:200], 60))
