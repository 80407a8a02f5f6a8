"""The first description says what came with the film, where each word is from, and nothing else."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfast.formats.record import parse_record, record_bytes
from holdfast.formats.ytdlp import parse_listing
from holdfast.keep.describe import (
    FROM_NAME,
    FROM_TAGS,
    Beside,
    first_record,
    free_path,
    readable_name,
    sidecar_path,
    title_of_name,
    with_sidecar,
)
from holdfast.model.asset import AssetRecord, Instantiation, InstantiationKind, Statement, Status
from holdfast.model.fixity import digest_of
from holdfast.model.ids import new_asset_id
from holdfast.model.inventory import path_fault
from holdfast.model.rights import AccessLevel
from holdfast.model.technical import MediaInfo

AT = datetime(2026, 11, 23, 12, tzinfo=UTC)
LISTING = b"""{"id": "x1", "title": "Harvest", "language": "de", "upload_date": "19740501", "extractor_key": "Tube",
    "uploader": "Ada", "tags": ["field"], "chapters": [{"start_time": 0, "end_time": 1.5, "title": "Dawn"}]}"""


def record_for(name: str = "film_of_1974.mp4", info: MediaInfo | None = None, *beside: Beside) -> AssetRecord:
    master = Instantiation(
        file=f"masters/{name}",
        kind=InstantiationKind.MASTER,
        digest=digest_of(b"a film"),
        size_bytes=6,
        kept_at=AT,
        original_name=name,
        technical=info,
    )
    return first_record(new_asset_id(), master, beside, AccessLevel.MEMBERS, AT)


def listing(name: str = "evidence/film.info.json") -> Beside:
    return Beside(name, parse_listing(LISTING, name))


# ------------------------------------------------------------------------------------------------- titles


def test_a_film_alone_is_called_by_its_name_and_says_so() -> None:
    record = record_for()
    assert record.titles == (Statement("film of 1974", source=FROM_NAME),)
    assert record.status is Status.HELD
    assert (record.descriptions, record.dates, record.people, record.languages) == ((), (), (), ())


def test_a_title_in_the_file_goes_before_its_name_and_one_in_a_listing_before_both() -> None:
    info = MediaInfo("mp4", 6, tags={"title": "  Tagged\0 "})
    assert record_for("film.mp4", info).titles == (Statement("Tagged", source=FROM_TAGS),)
    assert record_for("film.mp4", info, listing()).titles == (Statement("Harvest", "de", "Tube"),)


def test_a_listing_that_comes_later_replaces_a_name_but_never_what_people_said() -> None:
    assert with_sidecar(record_for(), listing()).titles == (Statement("Harvest", "de", "Tube"),)
    said = replace(record_for(), titles=(Statement("Die Ernte", "de", "Eva"),), category="news")
    joined = with_sidecar(said, listing())
    assert joined.titles == (Statement("Die Ernte", "de", "Eva"), Statement("Harvest", "de", "Tube"))
    assert joined.category == "news"


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("film_of_1974.mp4", "film of 1974"),
        ("Harvest.1974.mp4", "Harvest.1974"),
        ("e\u0301te\u0301.mp4", "\u00e9t\u00e9"),
        (".mp4", ".mp4"),
        ("___.mp4", "___.mp4"),
        ("line\nbreak.mp4", "line break"),
        ("README", "README"),
    ],
)
def test_a_title_is_made_of_a_name_for_reading(name: str, title: str) -> None:
    assert title_of_name(name) == title


@given(st.binary(min_size=1, max_size=40).filter(lambda raw: not set(raw) & {0, ord("/")} and raw not in (b".", b"..")))
def test_every_name_gives_a_title_and_a_record_that_can_be_written_and_read(raw: bytes) -> None:
    text, spelled = readable_name(raw)
    record = replace(record_for("x"), titles=(Statement(title_of_name(text)),))
    assert title_of_name(text)
    assert parse_record(record_bytes(record)) == record
    assert (bytes.fromhex(spelled) if spelled else text.encode()) == raw
    assert path_fault(f"masters/{text}") is None


# ------------------------------------------------------------------------------------------------- sidecars


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("film.ru.vtt", "texts/film.ru.vtt"),
        ("film.SRT", "texts/film.SRT"),
        ("film.jpg", "evidence/film.jpg"),
        ("film.info.json", "evidence/film.info.json"),
        ("film", "evidence/film"),
    ],
)
def test_captions_are_texts_and_all_else_is_evidence(name: str, path: str) -> None:
    assert sidecar_path(name) == path


def test_each_kind_of_evidence_is_called_what_it_is() -> None:
    beside = [listing(), Beside("evidence/film.jpg"), Beside("evidence/film.txt"), Beside("evidence/broken.json")]
    kinds = [evidence.kind for evidence in record_for("film.mp4", None, *beside).evidence]
    assert kinds == ["listing", "thumbnail", "note", "note"]


def test_the_same_listing_twice_says_everything_once() -> None:
    once = record_for("film.mp4", None, listing())
    twice = with_sidecar(once, listing("evidence/film (2).info.json"))
    assert replace(twice, evidence=()) == replace(once, evidence=())
    assert len(twice.evidence) == 2


def test_a_word_of_the_films_own_name_is_not_taken_for_the_language_of_its_captions() -> None:
    record = record_for("go.to.mp4", None, Beside("texts/go.to.srt"), Beside("texts/go.to.ru.srt"))
    assert [text.language for text in record.texts] == ["und", "ru"]


def test_chapters_and_languages_come_from_whoever_names_them_first() -> None:
    record = record_for("film.mp4", None, listing())
    assert [(s.start, s.end, s.title) for s in record.sections] == [(Fraction(0), Fraction(3, 2), "Dawn")]
    assert record.languages == ("de",)


# ------------------------------------------------------------------------------------------------- free paths

PATHS = st.text(st.sampled_from("ab.() 2/"), min_size=1, max_size=8).filter(lambda path: path_fault(path) is None)


@given(PATHS, st.sets(PATHS, max_size=6))
def test_a_free_path_is_free_and_the_wanted_one_if_that_is(wanted: str, taken: set[str]) -> None:
    path = free_path(wanted, taken)
    assert path not in taken
    assert path_fault(path) is None
    assert path.rpartition("/")[0] == wanted.rpartition("/")[0]
    assert (path == wanted) == (wanted not in taken)


@given(PATHS, st.integers(1, 6))
def test_as_many_as_want_the_same_path_get_as_many(wanted: str, count: int) -> None:
    taken: list[str] = []
    for _ in range(count):
        taken.append(free_path(wanted, taken))
    assert len(set(taken)) == count


def test_the_number_goes_before_the_suffix() -> None:
    assert free_path("texts/a.ru.vtt", ["texts/a.ru.vtt"]) == "texts/a.ru (2).vtt"
    assert free_path("texts/.vtt", ["texts/.vtt"]) == "texts/.vtt (2)"
    assert free_path("a", ["a", "a (2)"]) == "a (3)"
