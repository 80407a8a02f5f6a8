"""Nothing above the reader's level is ever given, by any of the reading functions, and an embargo ends by the clock."""

from __future__ import annotations

import inspect
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection

from holdfast.catalog import visible
from holdfast.catalog.catalog import Catalog
from holdfast.catalog.fulltext import KINDS, search
from holdfast.model.asset import AssetRecord, DatedFact, Person, Place, Statement, Tag
from holdfast.model.rights import AccessLevel, Embargo
from tests.catalog.archives import Clock, SmallArchive, asset_id, captions, made_record

END = datetime(2026, 11, 25, 13, 0, 0, 500_000, tzinfo=UTC)
LEVELS = [level.value for level in AccessLevel]
LABELS = ("tag", "person", "place", "collection", "category", "language", "date")


def planted(number: int, word: str, **said: Any) -> AssetRecord:
    """A record in which every text holds the word."""
    texts = {
        "titles": (Statement(f"Title {word}", "en"),),
        "descriptions": (Statement(f"Said {word}", "en"),),
        "people": (Person(f"Person {word}"),),
        "places": (Place(f"Place {word}"),),
        "tags": (Tag(f"Tag {word}", "en"),),
        "collections": (f"Collection {word}",),
        "category": f"Category {word}",
        "languages": (f"x-{word}",),
        "dates": (DatedFact("1974", source=word),),
        "content_warnings": (Statement(f"Warning {word}", "en"),),
    }
    return replace(made_record(asset_id(number), number), **(texts | said))


def keep(archive: SmallArchive, record: AssetRecord, word: str) -> None:
    archive.keep(record, en=captions(f"spoken {word}"))


def everything(connection: Connection, access: list[str]) -> str:
    """All that the reading functions give to a reader of these levels, asked for everything that is there."""
    ids = [str(asset_id(number)) for number in range(1, 9)]
    asked: dict[str, Any] = {
        "visible_asset": [visible.visible_asset(connection, asset, access) for asset in ids],
        "visible_assets": visible.visible_assets(connection, ids, access, ["en"]),
        "fitting": [word for word in WORDS.values() if visible.fitting(connection, f"Title {word}", access, limit=2)],
        "newest": visible.newest(connection, access, limit=99, languages=["en"]),
        "labels_of_kind": [visible.labels_of_kind(connection, kind, access) for kind in LABELS],
        "assets_with_label": [
            visible.assets_with_label(connection, "collection", f"Collection {word}", access, limit=99)
            for word in WORDS.values()
        ],
        "count_with_label": [visible.count_with_label(connection, "date", "1974", access)],
        "visible_titles": visible.visible_titles(connection, ids, access, ["en"]),
        "passages_of": [visible.passages_of(connection, asset, list(KINDS), access) for asset in ids],
        "languages_of": [visible.languages_of(connection, asset, "caption", access) for asset in ids],
        "counts": visible.counts(connection, access),
    }
    public = {
        name for name, made in inspect.getmembers(visible, inspect.isfunction) if made.__module__ == visible.__name__
    }
    assert set(asked) == {name for name in public if not name.startswith("_")} - {
        "may_be_seen",
        "on_the_way",
        "labelled",
    }
    return repr(asked)


WORDS = {"public": "aubergine", "members": "marzipan", "curators": "kumquat", "sealed": "salsify", "embargo": "endive"}


@pytest.fixture
def full(archive: SmallArchive) -> SmallArchive:
    for number, level in enumerate(AccessLevel, start=1):
        keep(archive, planted(number, WORDS[level.value], access=level), WORDS[level.value])
    closed = planted(5, WORDS["embargo"], access=AccessLevel.PUBLIC, embargo=Embargo(END))
    keep(archive, closed, WORDS["embargo"])
    return archive


@pytest.mark.parametrize("most", range(len(LEVELS) + 1))
def test_nothing_above_the_level_of_the_reader_is_given_by_any_question(full: SmallArchive, most: int) -> None:
    access = LEVELS[:most]
    with full.catalog.engine.connect() as connection:
        given = everything(connection, access)
        for name, word in WORDS.items():
            level = "curators" if name == "embargo" else name
            assert (word in given) is (level in access), (name, access)
            assert bool(search(connection, word, access=access).total) is (level in access)
        assert visible.count_with_label(connection, "date", "1974", access) == most + ("curators" in access)


def test_a_level_that_nobody_knows_is_never_given(full: SmallArchive) -> None:
    with full.catalog.engine.execution_options(writes=True).begin() as connection:
        for table in ("asset", "label"):
            connection.exec_driver_sql(f"UPDATE {table} SET access = 'friends' WHERE access = 'public'")
        assert WORDS["public"] not in everything(connection, LEVELS)


def test_an_embargo_ends_by_the_clock_late_and_never_early(full: SmallArchive, clock: Clock) -> None:
    catalog = full.catalog
    # Half a second is not kept: the catalogue opens at the next whole one.
    assert catalog.next_opening() == datetime(2026, 11, 25, 13, 0, 1, tzinfo=UTC)
    assert catalog.open_what_is_due(END) == 0
    assert catalog.open_what_is_due(END + timedelta(seconds=0.4)) == 0
    assert given_to_all(full) == {1}
    clock.at = END + timedelta(seconds=0.5)
    assert catalog.open_what_is_due(clock.at) == 1
    assert catalog.next_opening() is None
    assert catalog.open_what_is_due(clock.at) == 0
    assert given_to_all(full) == {1, 5}
    with catalog.engine.connect() as connection:
        assert search(connection, WORDS["embargo"], access=["public"]).total > 0


def test_every_command_opens_what_is_due_and_equals_a_catalogue_made_anew(full: SmallArchive, clock: Clock) -> None:
    assert made_anew(full, clock) == full.kept_dump()
    clock.at = END + timedelta(days=1)
    assert made_anew(full, clock) != full.kept_dump()
    full.catalog.make_current()
    assert made_anew(full, clock) == full.kept_dump()
    assert given_to_all(full) == {1, 5}


def test_an_embargo_that_closes_no_further_than_the_level_awaits_nothing(archive: SmallArchive) -> None:
    keep(archive, planted(1, "x", access=AccessLevel.SEALED, embargo=Embargo(END)), "x")
    assert archive.catalog.next_opening() is None


def test_a_stray_copy_of_an_object_does_not_show_its_asset_twice(full: SmallArchive) -> None:
    object_id = str(asset_id(1).object_id)
    full.raw_object(object_id, {"record.json": b"{}"}, place=full.folder / "ocfl" / "0" / "copy of it")
    full.catalog.rebuild()
    with full.catalog.engine.connect() as connection:
        assert [asset.asset for asset in visible.newest(connection, ["public"], limit=9)] == [str(asset_id(1))]


def given_to_all(archive: SmallArchive) -> set[int]:
    """The numbers of the assets that are public now."""
    with archive.catalog.engine.connect() as connection:
        found = visible.visible_titles(connection, [str(asset_id(n)) for n in range(1, 9)], ["public"])
    return {number for number in range(1, 9) if str(asset_id(number)) in found}


def made_anew(archive: SmallArchive, clock: Clock) -> list[str]:
    """What a catalogue says that was made from the disk at the same moment."""
    fresh = Catalog(archive.folder / "fresh.db", archive.root, clock)
    try:
        fresh.rebuild()
        return list(fresh.dump())
    finally:
        fresh.close()
