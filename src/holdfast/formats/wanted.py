"""The list of what is still wanted: as JSON for programs, as RSS to subscribe to, as HTML to put into a page.

    {"asset": "k7m2x9qd4htbr", "title": "Harvest 1974", "date": "1974", "duration": 904.0, "covered": 860.4,
     "missing": 43.6, "gaps": [[520.4, 560.0], [900.0, 904.0]], "gaps_of_sound": [[900.0, 904.0]],
     "reasons": ["only 44 seconds are missing"], "since": "2026-11-23T14:22:56Z"}

The order is the caller's: what would help most comes first. So is the decision what a reader may know of.

Source: the RSS 2.0 specification; RFC 4287 for the link of a feed to itself.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from email.utils import format_datetime
from fractions import Fraction
from html import escape
from typing import Any
from unicodedata import category

from holdfast.formats.canonical import one_line, printable
from holdfast.formats.identification import number
from holdfast.formats.page import isolated
from holdfast.model.time import Span, civil, clock, seconds
from holdfast.model.wanted import Wanted

_MOST_GAPS = 8  # told one by one


def wanted_record(work: Wanted) -> dict[str, Any]:
    """One work as JSON; `duration` and `missing` are null where nobody knows them."""
    return {
        "asset": work.asset,
        "title": printable(work.title),
        "date": printable(work.date),
        "duration": None if work.duration is None else number(work.duration),
        "covered": number(work.covered),
        "missing": None if work.missing is None else number(work.missing),
        "gaps": [[number(gap.start), number(gap.end)] for gap in work.gaps],
        "gaps_of_sound": [[number(gap.start), number(gap.end)] for gap in work.gaps_of_sound],
        "reasons": [printable(reason) for reason in work.reasons],
        "since": None if work.since is None else civil(work.since),
    }


def wanted_sentence(work: Wanted) -> str:
    """What is missing of it, in words."""
    if work.is_wholly_missing:
        return "Nothing of it was found yet." if work.duration is None else f"All of its {clock(work.duration)}."
    if work.duration is None:
        told = f"{clock(work.covered)} of it were found; nobody knows how long it was."
        return f"{told} Known to be missing: {_told(work.gaps)}." if work.gaps else told
    if not work.gaps:
        return f"The sound of {_told(work.gaps_of_sound)}."
    if not work.covered:
        return f"All of its picture, {clock(work.duration)}; there is sound."
    missing = work.duration - work.covered
    return f"{clock(missing)} of {clock(work.duration)}: {_told(work.gaps)}."


def wanted_rss(
    works: Sequence[Wanted], title: str, link: str, page_of: Callable[[Wanted], str], address: str = ""
) -> bytes:
    """The feed, in UTF-8.

    Args:
        works: what is wanted, in order.
        title: of the feed.
        link: the address of the page of which it is the feed.
        page_of: the address of a work's page.
        address: of the feed itself, if it is known.
    """
    itself = f'<atom:link rel="self" type="application/rss+xml" href="{_xml(address)}"/>\n' if address else ""
    dates = [work.since for work in works if work.since]
    built = f"<lastBuildDate>{_rfc_822(max(dates))}</lastBuildDate>\n" if dates else ""
    items = "".join(_item(work, page_of(work)) for work in works)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom">\n<channel>\n'
        f"<title>{_xml(title)}</title>\n<link>{_xml(link)}</link>\n"
        f"<description>{_xml(title)}</description>\n{itself}{built}{items}</channel>\n</rss>\n"
    ).encode("utf-8", "replace")


def wanted_html(works: Sequence[Wanted], page_of: Callable[[Wanted], str] | None = None) -> str:
    """A list for a page that has its own style: `ol.wanted`, in it `h3`, `p`, a `meter` and `ul.reasons`.

    Args:
        works: what is wanted, in order.
        page_of: the address of a work's page; without it titles are no links.
    """
    return f'<ol class="wanted">\n{"".join(_entry(work, page_of) for work in works)}</ol>\n'


# ------------------------------------------------------------------------------------------------------ private


def _item(work: Wanted, address: str) -> str:
    told = " ".join([wanted_sentence(work), *(_sentence(reason) for reason in work.reasons)])
    date = f"<pubDate>{_rfc_822(work.since)}</pubDate>\n" if work.since else ""
    # a guid of its own for each state: readers of feeds hear of it again when more was found or lost
    state = seconds(work.covered)
    return (
        f"<item>\n<title>{_xml(_name(work))}</title>\n<link>{_xml(address)}</link>\n"
        f'<guid isPermaLink="false">holdfast:wanted:{_xml(work.asset)}:{state}</guid>\n'
        f"<description>{_xml(escape(told))}</description>\n{date}</item>\n"
    )


def _entry(work: Wanted, page_of: Callable[[Wanted], str] | None) -> str:
    title = isolated(_name(work))
    if page_of is not None:
        title = f'<a href="{escape(printable(page_of(work)))}">{title}</a>'
    meter = ""
    if work.duration and not work.is_wholly_missing:
        share = min(work.covered / work.duration, Fraction(1))
        meter = f'<meter min="0" max="1" value="{float(share):.4f}">{float(share):.0%}</meter>\n'
    reasons = "".join(f"<li>{isolated(reason)}</li>" for reason in work.reasons)
    told = f'<ul class="reasons">{reasons}</ul>\n' if reasons else ""
    return f"<li>\n<h3>{title}</h3>\n<p>{escape(wanted_sentence(work))}</p>\n{meter}{told}</li>\n"


def _name(work: Wanted) -> str:
    title = one_line(printable(work.title)) or work.asset
    date = one_line(printable(work.date))
    return f"{title} ({date})" if date else title


def _told(gaps: tuple[Span, ...]) -> str:
    told = ", ".join(f"{clock(gap.start)} to {clock(gap.end)}" for gap in gaps[:_MOST_GAPS])
    more = len(gaps) - _MOST_GAPS
    return f"{told}, and {more} more" if more > 0 else told


def _sentence(text: str) -> str:
    text = one_line(printable(text))
    return text if text.endswith((".", "!", "?")) else f"{text}."


def _rfc_822(moment: datetime) -> str:
    return format_datetime(moment.astimezone(UTC))


def _xml(text: str) -> str:
    """Text as XML can hold it: no control characters, nothing that is no character."""
    return escape("".join(c for c in one_line(printable(text)) if category(c) != "Cn"))
