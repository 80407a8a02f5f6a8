"""What somebody asks of a list of works, as it stands in an address: filters, an order, a page.

    ?from=1960&to=1979&language=de&form=film&captions=1&order=title&after=k7m2x9qd4htbr

Whatever cannot be meant asks for nothing: an address that was mistyped shows more, and never fails.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from holdfast.catalog.ordered import Filters, Order
from holdfast.model.language import is_well_formed, primary

if TYPE_CHECKING:
    from django.http import QueryDict

FORMS = ("film", "sound")
LABELS = ("tag", "person", "place", "collection", "category")
LAST_YEAR = 9998
LAST_PAGE = 10_000


def asked_filters(asked: QueryDict) -> Filters:
    """The filters that an address asks for."""
    form = asked.get("form", "")
    return Filters(
        first_year=asked_year(asked.get("from", "")),
        last_year=asked_year(asked.get("to", "")),
        language=asked_language(asked),
        form=form if form in FORMS else "",
        has_captions=asked.get("captions", "") == "1",
        labels=tuple((kind, text) for kind in LABELS if (text := asked.get(kind, ""))),
    )


def asked_order(asked: QueryDict) -> Order:
    """The order that an address asks for; the newest first if it asks for none."""
    try:
        return Order(asked.get("order", ""))
    except ValueError:
        return Order.NEWEST


def asked_language(asked: QueryDict) -> str:
    """The language that an address asks for, without script and region; "" if it asks for none."""
    language = asked.get("language", "")
    return primary(language) if is_well_formed(language) else ""


def asked_page(asked: QueryDict) -> int:
    """The number of the page that an address asks for, from 1."""
    number = _number(asked.get("page", ""))
    return max(1, min(number, LAST_PAGE)) if number is not None else 1


def asked_year(written: str) -> int | None:
    """A year from 1 to 9998, with up to four digits; None if it is none."""
    number = _number(written.strip())
    return number if number is not None and 1 <= number <= LAST_YEAR else None


def _number(written: str) -> int | None:
    is_number = written.isascii() and written.isdigit() and len(written) <= len(str(LAST_PAGE))
    return int(written) if is_number else None
