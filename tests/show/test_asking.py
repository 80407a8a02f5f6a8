"""An address asks for what it says, and what it cannot mean asks for nothing."""

from __future__ import annotations

import pytest
from django.http import QueryDict

from holdfast.catalog.ordered import Filters, Order
from holdfast.show.asking import asked_filters, asked_order, asked_page


def test_an_address_asks_for_all_that_it_names() -> None:
    asked = QueryDict("from=1960&to=1979&language=de-AT&form=film&captions=1&tag=sea&place=Kiel&order=title&page=3")
    assert asked_filters(asked) == Filters(
        1960, 1979, "de", "film", has_captions=True, labels=(("tag", "sea"), ("place", "Kiel"))
    )
    assert (asked_order(asked), asked_page(asked)) == (Order.TITLE, 3)


@pytest.mark.parametrize("odd", ["", "-1", "0", "x", "²", "9" * 30, "%00", "99999", "1e3", "٣"])
def test_what_cannot_be_meant_asks_for_nothing(odd: str) -> None:
    asked = QueryDict(f"from={odd}&to={odd}&form={odd}&captions={odd}&order={odd}&page={odd}")
    assert asked_filters(asked).is_empty
    assert asked_order(asked) is Order.NEWEST
    assert 1 <= asked_page(asked) <= 10_000


def test_a_language_that_is_none_is_not_asked_for() -> None:
    for odd in ("", "'; drop", "d" * 60, "-"):
        asked = QueryDict(mutable=True)
        asked["language"] = odd
        assert asked_filters(asked).language == ""
