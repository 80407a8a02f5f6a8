"""What lists and deeds ask: order, languages, filters, beginnings of ids, and that no question is a statement."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection

from holdfast.catalog import lists, schema
from holdfast.errors import AmbiguousAsset, UnknownAsset
from holdfast.formats.record import RECORD_FILE, record_bytes
from holdfast.model.asset import AssetRecord, Instantiation, Statement, Status, Tag
from holdfast.model.fixity import FixityResult, digest_of
from holdfast.model.ids import AssetId, check_character
from tests.catalog.archives import BEGUN, SmallArchive, asset_id, made_record

HOSTILE = ["' OR 1=1 --", '"; DROP TABLE asset; --', "%", "_", "*", "\0", "\ud800", "a'b", "😀" * 500]


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[SmallArchive]:
    archive = SmallArchive(tmp_path)
    yield archive
    archive.close()


def filled(archive: SmallArchive, *records: AssetRecord) -> Connection:
    """A connection to a catalogue of these records; it is closed with the archive."""
    for record in records:
        archive.publish(str(record.id.object_id), {RECORD_FILE: record_bytes(record)})
    archive.catalog.rebuild()
    return archive.catalog.engine.connect()


def ids(lines: Iterator[lists.AssetLine]) -> list[str]:
    return [line.asset for line in lines]


def completed(body: str) -> AssetId:
    return AssetId(body + check_character(body))


def test_assets_are_listed_in_the_order_in_which_they_came(archive: SmallArchive) -> None:
    records = [made_record(asset_id(n), n, created_at=BEGUN + timedelta(seconds=n)) for n in (5, 3, 9, 1)]
    same_moment = [
        made_record(asset_id(n), titles=(Statement(t),), created_at=BEGUN) for n, t in ((20, "b"), (21, "a"))
    ]
    with filled(archive, *records, *same_moment) as connection:
        found = ids(lists.list_assets(connection))
    assert found == [str(asset_id(n)) for n in (21, 20, 1, 3, 5, 9)]


@pytest.mark.parametrize(
    ("languages", "title"),
    [((), "Hafen"), (("en",), "Harbour"), (("ko", "en", "de"), "Harbour"), (("fr",), "Hafen"), (("de-CH",), "Hafen")],
)
def test_a_title_is_given_in_the_first_language_that_there_is(
    archive: SmallArchive, languages: tuple[str, ...], title: str
) -> None:
    record = made_record(asset_id(1), titles=(Statement("Hafen", "de"), Statement("Harbour", "en-GB")))
    with filled(archive, record) as connection:
        (line,) = lists.list_assets(connection, languages=languages)
        assert line.title == title
        assert lists.titles_of(connection, {str(record.id)}, languages) == {str(record.id): title}
    assert record.title(languages) == title


def test_an_asset_without_a_title_is_listed_by_its_id(archive: SmallArchive) -> None:
    record = made_record(asset_id(1), titles=())
    with filled(archive, record) as connection:
        (line,) = lists.list_assets(connection, languages=("de",))
    assert line.title == str(record.id)


def test_titles_of_many_assets_are_found_at_once(archive: SmallArchive) -> None:
    with filled(archive, made_record(asset_id(1))) as connection:
        chosen = {str(asset_id(n)) for n in range(1, 2_000)}
        assert list(lists.titles_of(connection, chosen, ("en",)).values()) == ["Harbour film 0"]


def test_lists_are_narrowed_by_status_tag_and_collection(archive: SmallArchive) -> None:
    held = made_record(asset_id(1), tags=(Tag("x"), Tag("y")), collections=("a",))
    lost = made_record(asset_id(2), status=Status.LOST, tags=(Tag("y"),), collections=("a", "b"), instantiations=())
    with filled(archive, held, lost) as connection:
        assert ids(lists.list_assets(connection, status="lost")) == [str(lost.id)]
        assert ids(lists.list_assets(connection, tag="x")) == [str(held.id)]
        assert ids(lists.list_assets(connection, tag="y", collection="b")) == [str(lost.id)]
        assert ids(lists.list_assets(connection, tag="x", collection="b")) == []
        assert ids(lists.list_assets(connection, tag="a")) == []
        assert ids(lists.list_assets(connection, tag="")) == []
        (line,) = lists.list_assets(connection, tag="x")
    assert (line.files, line.tags) == (("film 0.mp4",), ("x", "y"))


def test_a_tag_is_found_however_its_letters_are_composed(archive: SmallArchive) -> None:
    name = unicodedata.normalize("NFD", "Köln")
    with filled(archive, made_record(asset_id(1), tags=(Tag(name),))) as connection:
        assert len(list(lists.list_assets(connection, tag=unicodedata.normalize("NFC", name)))) == 1


def test_files_stand_in_the_order_of_the_record(archive: SmallArchive) -> None:
    record = made_record(asset_id(1))
    (held,) = record.instantiations
    names = ["z.mp4", "a.mp4", "m.mp4", "a.mp4"]
    several: tuple[Instantiation, ...] = tuple(replace(held, original_name=name) for name in names)
    with filled(archive, replace(record, instantiations=several)) as connection:
        (line,) = lists.list_assets(connection)
    assert list(line.files) == names


# ----------------------------------------------------------------------------------------------- what was typed

ALIKE = [completed(body) for body in ("bbbb00000000", "bbbb00000001", "bbbb10000000", "cccc00000000")]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        (str(ALIKE[3]), 3),
        ("cccc", 3),
        ("CCCC-00", 3),
        (" cccc 0000 ", 3),
        ("bbbb1", 2),
        ("bbbb00000001", 1),
        (f"holdfast:asset:{ALIKE[0]}", 0),
        (f"{ALIKE[0]}".upper(), 0),
    ],
)
def test_an_asset_is_found_by_its_id_or_the_beginning_of_it(archive: SmallArchive, typed: str, found: int) -> None:
    with filled(archive, *(made_record(asset) for asset in ALIKE)) as connection:
        assert lists.find_asset(connection, typed) == ALIKE[found]


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("bb", "4 characters"),
        ("", "4 characters"),
        ("dddd", "no id begins so"),
        (str(ALIKE[0])[:-1] + ("0" if str(ALIKE[0])[-1] != "0" else "1"), "mistyped"),
        (str(asset_id(77)), "well formed"),
        ("bbbb000000000000", "has 16"),
        ("bbba", "has 4"),
    ],
)
def test_what_cannot_be_an_id_is_told_with_the_reason(archive: SmallArchive, typed: str, words: str) -> None:
    with filled(archive, *(made_record(asset) for asset in ALIKE)) as connection:
        with pytest.raises(UnknownAsset) as caught:
            lists.find_asset(connection, typed)
        assert words in str(caught.value)


def test_a_beginning_of_several_ids_names_them_in_order(archive: SmallArchive) -> None:
    with filled(archive, *(made_record(asset) for asset in ALIKE)) as connection:
        with pytest.raises(AmbiguousAsset) as caught:
            lists.find_asset(connection, "bbbb")
        assert caught.value.values["candidates"] == ", ".join(map(str, ALIKE[:3]))


@pytest.mark.parametrize("typed", HOSTILE)
def test_nothing_that_is_typed_is_ever_part_of_a_statement(archive: SmallArchive, typed: str) -> None:
    with filled(archive, made_record(asset_id(1))) as connection:
        with pytest.raises(UnknownAsset):
            lists.find_asset(connection, typed)
        if "\ud800" not in typed:  # what has no UTF-8 is refused where it is typed
            for name in ("status", "tag", "collection"):
                assert list(lists.list_assets(connection, **{name: typed})) == []  # type: ignore[arg-type]
            assert len(list(lists.list_assets(connection, languages=(typed,)))) == 1
            assert lists.titles_of(connection, {typed}, (typed,)) == {}
        assert len(list(lists.list_assets(connection))) == 1


# ---------------------------------------------------------------------------------------------- deeds and audits


def test_bytes_are_found_by_their_length_and_digest(archive: SmallArchive) -> None:
    with filled(archive, made_record(asset_id(1), 1)) as connection:
        assert lists.is_size_known(connection, len(b"master 1"))
        assert not lists.is_size_known(connection, 1)
        holder = lists.holder_of(connection, digest_of(b"master 1"))
        assert holder == lists.Holder(asset_id(1), "masters/film 1.mp4")
        assert lists.holder_of(connection, digest_of(b"other")) is None


def test_objects_are_audited_in_the_order_of_their_last_checks(archive: SmallArchive) -> None:
    archive.catalog.make_current()
    objects = [str(archive.keep(made_record(asset_id(n), n)).object_id) for n in range(3)]
    journal = "holdfast:journal:2026-11"
    archive.audit(journal, "a", BEGUN, {objects[0]: FixityResult.PASSED})
    archive.audit(journal, "b", BEGUN - timedelta(days=9), {objects[1]: FixityResult.FAILED})
    keys = [archive.root.key_of(each) for each in objects]
    with archive.catalog.engine.connect() as connection:
        found = [key for key in lists.object_keys(connection) if key in keys]
        assert found == [keys[2], keys[1], keys[0]]
        unchecked = lists.object_keys(connection, unchecked_since="2026-10-01T00:00:00Z")
        assert set(unchecked) & set(keys) == {keys[1], keys[2]}
        assert lists.object_keys(connection, changed_since="2027-01-01T00:00:00Z") == []
        summary = lists.check_summary(connection)
        assert (summary.failed, summary.never, summary.oldest) == (1, 1, "2026-10-23T12:00:00Z")
        assert lists.last_check(connection, objects[2]) is None
        assert lists.object_ids(connection)[keys[0]] == objects[0]


def test_an_empty_catalogue_answers_every_question(archive: SmallArchive) -> None:
    with filled(archive) as connection:
        assert list(lists.list_assets(connection, languages=("de",))) == []
        assert lists.totals(connection) == lists.Totals(0, 0, 0, 0)
        assert lists.check_summary(connection) == lists.CheckSummary(0, 0, None)
        assert lists.newest_change(connection) is None
        assert lists.faulty_objects(connection) == []
        assert lists.titles_of(connection, set(), ("de",)) == {}


def test_the_questions_of_add_walk_an_index(archive: SmallArchive) -> None:
    held, assets = schema.instantiations.name, schema.assets.name
    questions = [
        f"SELECT asset FROM {held} WHERE size_bytes = 1",
        f"SELECT asset FROM {held} WHERE digest = 'x'",
        f"SELECT id FROM {assets} WHERE id >= 'bbbb' AND id < 'bbbb~'",
    ]
    with filled(archive, made_record(asset_id(1))) as connection:
        for question in questions:
            plan = " ".join(row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {question}"))
            assert "USING" in plan
            assert "SCAN" not in plan


def test_a_part_of_the_list_is_that_part_with_all_that_belongs_to_it(archive: SmallArchive) -> None:
    records = [
        made_record(
            asset_id(n), n, tags=tuple(Tag(f"tag {t}") for t in range(n)), created_at=BEGUN + timedelta(hours=n)
        )
        for n in range(1, 7)
    ]
    with filled(archive, *records) as connection:
        whole = list(lists.list_assets(connection, languages=("de",)))
        assert len(whole[5].tags) == 6
        part = lists.list_assets(connection, languages=("de",), access=[whole[0].access], limit=2, offset=3)
        assert list(part) == whole[3:5]
        assert list(lists.list_assets(connection, languages=("de",), limit=10, offset=5)) == whole[5:]
