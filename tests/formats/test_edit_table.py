"""The table of an edit list: a row for every take and gap, times that add up, and nothing a spreadsheet would run."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given

from holdfast.formats.edit_table import COLUMNS, csv_bytes
from holdfast.model.edit import EditList
from holdfast.model.time import Span
from tests.formats.made_edits import PHONE, TAPE, edit_lists, harvest


def rows(edits: EditList) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(csv_bytes(edits).decode("utf-8-sig"), newline="")))


def test_every_take_and_every_gap_is_one_row_under_clear_headings() -> None:
    found = rows(harvest())

    assert tuple(found[0]) == COLUMNS
    assert [row["use"] for row in found].count("gap") == 3
    assert [row["use"] for row in found].count("combined") == 2
    assert [row["use"] for row in found].count("chosen") == 13


def test_a_row_says_where_its_stretch_lies_in_asset_and_copy() -> None:
    row = next(row for row in rows(harvest()) if row["source"] == PHONE and row["use"] == "chosen")

    assert (row["asset_start"], row["asset_end"], row["duration"]) == ("380", "520.4", "140.4")
    assert (row["copy_start"], row["copy_end"], row["rate"]) == ("28.846154", "163.846154", "26/25")
    assert (row["asset_start_clock"], row["copy_end_clock"]) == ("00:06:20.000", "00:02:43.846")
    assert (row["mirrored"], row["pitch"], row["quality"], row["file"]) == (
        "yes",
        "26/25",
        "0.42",
        "found/IMG_2231.mp4",
    )


@given(edit_lists())
def test_the_rows_of_each_part_add_up_to_the_asset(edits: EditList) -> None:
    for part in ("picture", "sound"):
        lengths = [row["duration"] for row in rows(edits) if row["part"] == part and row["use"] != "combined"]
        assert abs(sum(map(Fraction, lengths)) - edits.duration) <= Fraction(len(lengths), 1_000_000)


def test_a_name_that_a_spreadsheet_would_compute_is_made_text() -> None:
    edits = replace(harvest(), sources={TAPE: '=HYPERLINK("x";"y")', PHONE: 'a,"b"\r\nc'})
    names = {row["file"] for row in rows(edits)}

    assert names >= {'\'=HYPERLINK("x";"y")', 'a,"b"\r\nc', ""}


@pytest.mark.parametrize(
    "name",
    [
        "-2+3+cmd|' /C calc'!A0",
        "-1",
        "+1",
        "@SUM(1)",
        " =1+1",
        "\n=1+1",
        "\t@x",
        "\r-x",
        "\u00a0+x",
        "\ufeff=x",
        "\x01=x",
        "\uff1d1+1",
    ],
)
def test_no_name_or_reason_is_computed_whatever_stands_before_it(name: str) -> None:
    edits = replace(harvest(), sources={TAPE: name})
    first = edits.edits[0]
    edits = replace(edits, edits=(replace(first, picture=(replace(first.picture[0], reason=name),)), *edits.edits[1:]))

    found = rows(edits)

    assert {row["file"] for row in found} - {""} == {f"'{name}"}
    assert found[0]["reason"] == f"'{name}"


def test_a_moment_before_the_beginning_of_a_copy_stays_a_number() -> None:
    edits = harvest()
    first = edits.edits[0]
    take = first.picture[0]
    early = replace(take, placement=replace(take.placement, copy=Span(Fraction(-3), take.placement.copy.end)))

    row = rows(replace(edits, edits=(replace(first, picture=(early,)), *edits.edits[1:])))[0]

    assert row["copy_start"].startswith("-")
    assert Fraction(row["copy_start"]) < 0
