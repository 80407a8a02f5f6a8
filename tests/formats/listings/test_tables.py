"""Tables as spreadsheets of several countries write them."""

from __future__ import annotations

from fractions import Fraction

import pytest

from holdfast.errors import BadListing
from holdfast.formats.listings.tables import delimiter_of, looks_like_table, read_table
from holdfast.model.lost import ListedDuration
from tests.formats.listings.samples import read

RUSSIAN = "№;Название;Длительность;Дата публикации;Ссылка\n1;Урожай;34:14;31.08.2019;https://youtu.be/aB3_dE-fGh1\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1251"])
def test_a_russian_table_is_read_in_every_encoding_that_spreadsheets_write(encoding: str) -> None:
    (work,), skipped = read(read_table, RUSSIAN.encode(encoding))
    assert (work.title, work.duration) == ("Урожай", ListedDuration(Fraction(2054)))
    assert (work.dates[0].edtf, str(work.source_id)) == ("2019-08-31", "youtube:aB3_dE-fGh1")
    assert work.origin.place == "line 2"
    assert skipped == []


@pytest.mark.parametrize(
    "table",
    [
        "Title,Length,Date\nHarvest,34:14,1974\n",
        "Titel\tLaufzeit\tJahr\nHarvest\t34:14\t1974\n",
        "片名,时长,日期\nHarvest,34:14,1974\n",
        "제목,길이,날짜\nHarvest,34:14,1974\n",
        "id|name|runtime|year\n7|Harvest|34:14|1974\n",
    ],
)
def test_columns_are_known_by_their_names_in_five_languages(table: str) -> None:
    (work,), _ = read(read_table, table)
    assert (work.title, work.duration, work.dates[0].edtf) == ("Harvest", ListedDuration(Fraction(2054)), "1974")


def test_a_column_in_minutes_says_so_in_its_name() -> None:
    (work,), _ = read(read_table, "Titel;Länge in Minuten\nErnte;34,5\n")
    assert work.duration is not None
    assert work.duration.seconds == 2070


def test_a_mapping_names_columns_that_nobody_could_guess() -> None:
    table = "A,B,C\nx,Harvest,34:14\n"
    (work,), _ = read(read_table, table, mapping={"title": "b", "duration": "C"})
    assert (work.title, work.duration) == ("Harvest", ListedDuration(Fraction(2054)))


def test_a_table_without_names_is_read_by_the_numbers_of_its_columns() -> None:
    works, _ = read(read_table, "Harvest;34:14\nThe Mill;1:35\n", mapping={"title": "1", "duration": "2"})
    assert [work.title for work in works] == ["Harvest", "The Mill"]


def test_a_mapping_to_a_column_that_is_not_there_is_refused_with_those_that_are() -> None:
    with pytest.raises(BadListing, match="Harvest") as refused:
        read(read_table, "Harvest,Length\n", mapping={"title": "Name"})
    assert "no column 'Name'" in str(refused.value)


def test_a_table_of_unknown_columns_asks_for_a_mapping() -> None:
    with pytest.raises(BadListing, match="--map title=COLUMN"):
        read(read_table, "A,B\n1,2\n")


def test_quotes_hold_line_ends_and_a_row_without_a_title_is_told_of() -> None:
    works, skipped = read(read_table, 'Title,Description\n"Har""vest","two\nlines"\n,nothing\nMill,\n')
    assert [work.title for work in works] == ['Har"vest', "Mill"]
    assert works[0].descriptions[0].text == "two\nlines"
    assert [(one.origin.place, one.reason) for one in skipped] == [("line 4", "nothing here names a work")]


def test_a_quote_that_never_closes_does_not_swallow_the_memory() -> None:
    works, skipped = read(read_table, 'Title,Length\nHarvest,34:14\n"' + "x\n" * 66_000)
    assert works[0].title == "Harvest"
    assert any("cannot be read" in one.reason for one in skipped)


def test_a_duration_that_is_not_understood_is_a_warning_of_its_work() -> None:
    (work,), _ = read(read_table, "Title,Length\nHarvest,half an hour\n")
    assert work.duration is None
    assert work.warnings == ("the duration 'half an hour' was not understood",)


def test_the_mark_between_cells_is_told_by_equal_rows() -> None:
    assert delimiter_of("Name;Preis, netto;Dauer\nA;1,5;2\nB;2,5;3\n") == ";"
    assert delimiter_of("a\tb, c, d\n1\t2\n") == "\t"


def test_prose_with_commas_is_no_table() -> None:
    assert not looks_like_table("Dear friends, here are the films, as promised\n")
    assert looks_like_table("Title\nHarvest\n")
