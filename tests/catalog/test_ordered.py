"""Lists of works are whole, in order, stable while works come, and tell nothing of what may not be seen."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from holdfast.catalog import ordered, visible
from holdfast.catalog.ordered import Filters, Order
from holdfast.model.asset import DatedFact, Statement, Status
from holdfast.model.rights import AccessLevel
from holdfast.model.technical import AudioTrack, MediaInfo
from tests.catalog.archives import SmallArchive, asset_id, captions, made_record

EVERYBODY = ["public"]
DATES = ("1974", "", "1960-05", "198X", "1974-02", "1974", "")
TITLES = ("Zebra", "apple", "Äpfel", "Жатва", "北京", "apple", "Quarz")


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[SmallArchive]:
    archive = SmallArchive(tmp_path)
    archive.catalog.make_current()
    for number, (date, title) in enumerate(zip(DATES, TITLES, strict=True), start=1):
        said: dict[str, Any] = {
            "titles": (Statement(title, "en"),),
            "dates": (DatedFact(date),) if date else (),
            "languages": ("de",) if number % 2 else ("ru-RU",),
            "access": AccessLevel.SEALED if number == 7 else AccessLevel.PUBLIC,
        }
        record = made_record(asset_id(number), number, **said)
        archive.keep(record, **({"de": captions("Guten Tag")} if number == 3 else {}))
    yield archive
    archive.close()


def walked(archive: SmallArchive, order: Order, size: int) -> list[str]:
    """All pages, one after the other; each is checked against the way back."""
    found: list[str] = []
    after = ""
    with archive.catalog.engine.connect() as connection:
        while True:
            page = ordered.leaf(connection, EVERYBODY, order=order, limit=size, after=after)
            here = [work.asset for work in page.works]
            if found:
                back = ordered.leaf(connection, EVERYBODY, order=order, limit=size, before=page.before)
                assert [work.asset for work in back.works] == found[-size:]
                assert back.after == found[-1]
            else:
                assert page.before == ""
            found += here
            after = page.after
            if not after:
                return found


@pytest.mark.parametrize("order", Order)
@pytest.mark.parametrize("size", [1, 2, 3, 6, 7])
def test_the_pages_of_a_list_hold_every_visible_work_once_whatever_their_size(
    archive: SmallArchive, order: Order, size: int
) -> None:
    found = walked(archive, order, size)
    assert sorted(found) == sorted(str(asset_id(number)) for number in range(1, 7))
    assert found == walked(archive, order, 100)


def test_orders_are_what_their_names_say_and_what_is_unknown_comes_last(archive: SmallArchive) -> None:
    with archive.catalog.engine.connect() as connection:
        by = {order: ordered.leaf(connection, EVERYBODY, order=order, limit=99).works for order in Order}
    newest = [work.created_at for work in by[Order.NEWEST]]
    assert newest == sorted(newest, reverse=True)
    assert [work.title for work in by[Order.TITLE]] == ["apple", "apple", "Zebra", "Äpfel", "Жатва", "北京"]
    dated = [work.asset for work in by[Order.DATE]]
    assert dated[0] == str(asset_id(3)), "1960"
    assert dated[-1] == str(asset_id(2)), "of no known date"


def test_a_page_stays_where_it_is_while_works_come(archive: SmallArchive) -> None:
    with archive.catalog.engine.connect() as connection:
        first = ordered.leaf(connection, EVERYBODY, limit=3)
        second = ordered.leaf(connection, EVERYBODY, limit=3, after=first.after)
    archive.keep(made_record(asset_id(50), 50))
    with archive.catalog.engine.connect() as connection:
        again = ordered.leaf(connection, EVERYBODY, limit=3, after=first.after)
    assert again.works == second.works


def test_a_work_that_may_not_be_seen_names_no_place_in_the_list(archive: SmallArchive) -> None:
    with archive.catalog.engine.connect() as connection:
        hidden = ordered.leaf(connection, EVERYBODY, order=Order.TITLE, limit=3, after=str(asset_id(7)))
        nobody = ordered.leaf(connection, EVERYBODY, order=Order.TITLE, limit=3, after="nobody")
        assert hidden == nobody == ordered.leaf(connection, EVERYBODY, order=Order.TITLE, limit=3)
        assert ordered.leaf(connection, [], limit=3).works == []
        assert ordered.ids(connection, EVERYBODY, Filters(labels=(("collection", "boats"),))) != []
        assert str(asset_id(7)) not in ordered.ids(connection, EVERYBODY, Filters())


@pytest.mark.parametrize(
    ("filters", "numbers"),
    [
        (Filters(first_year=1974, last_year=1974), {1, 5, 6}),
        (Filters(last_year=1973), {3}),
        (Filters(first_year=1975), {4}),
        (Filters(language="ru"), {2, 4, 6}),
        (Filters(language="r%"), set()),
        (Filters(has_captions=True), {3}),
        (Filters(form="film", language="de"), {1, 3, 5}),
        (Filters(form="sound"), set()),
        (Filters(statuses=(Status.LOST.value,)), set()),
        (Filters(labels=(("tag", "harbour"), ("collection", "nothing"))), set()),
        (Filters(), {1, 2, 3, 4, 5, 6}),
    ],
)
def test_filters_keep_the_works_that_they_name(archive: SmallArchive, filters: Filters, numbers: set[int]) -> None:
    wanted = {str(asset_id(number)) for number in numbers}
    with archive.catalog.engine.connect() as connection:
        page = ordered.leaf(connection, EVERYBODY, filters, limit=99)
        assert {work.asset for work in page.works} == wanted == set(ordered.ids(connection, EVERYBODY, filters))
        assert ordered.count(connection, EVERYBODY, filters) == len(wanted)
        assert ordered.years(connection, EVERYBODY) == (1960, 1989)
        assert ordered.years(connection, []) is None


def test_a_work_with_sound_alone_is_found_as_a_sound(archive: SmallArchive) -> None:
    record = made_record(asset_id(60), 60)
    heard = MediaInfo("mp3", 9, Fraction(60), audio=(AudioTrack(0, "mp3", 44100, 2),))
    archive.keep(replace(record, instantiations=(replace(record.instantiations[0], technical=heard),)))
    with archive.catalog.engine.connect() as connection:
        assert ordered.ids(connection, EVERYBODY, Filters(form="sound")) == [str(asset_id(60))]


def test_words_by_their_letters_go_on_after_a_word_and_count_what_may_be_seen(archive: SmallArchive) -> None:
    with archive.catalog.engine.connect() as connection:
        words = visible.labels_of_kind(connection, "language", EVERYBODY, by_text=True)
        assert [(word.text, word.count) for word in words] == [("de", 3), ("ru-RU", 3)]
        after = visible.labels_of_kind(connection, "language", EVERYBODY, by_text=True, after="de", limit=1)
        assert [word.text for word in after] == ["ru-RU"]
