"""What somebody typed as a mapping, and what columns are called."""

from __future__ import annotations

import pytest

from holdfast.errors import BadValue
from holdfast.formats.listings.columns import guessed, mapped, parse_mapping, told_of_row, unit_of


def test_a_typed_mapping_is_fields_to_columns() -> None:
    assert parse_mapping("title=Name, duration=Length (s)") == {"title": "Name", "duration": "Length (s)"}


@pytest.mark.parametrize("text", ["", "title", "colour=Name", "title=", "=Name"])
def test_a_mapping_of_another_form_is_refused_with_the_fields_there_are(text: str) -> None:
    with pytest.raises(BadValue, match="title, duration, published"):
        parse_mapping(text)


def test_brackets_case_and_underscores_do_not_hide_a_name() -> None:
    assert guessed(["№", "НАЗВАНИЕ", "Длительность (мин)", "upload_date"]) == {
        "title": 1,
        "duration": 2,
        "published": 3,
    }


def test_the_first_of_two_columns_of_one_meaning_is_taken() -> None:
    assert guessed(["Title", "Name"]) == {"title": 0}


def test_a_mapped_column_is_not_guessed_to_be_another_field_too() -> None:
    assert mapped(["Name", "Title"], {"description": "Title"}) == {"title": 0, "description": 1}


def test_a_number_counts_what_the_name_of_its_column_says() -> None:
    assert [unit_of(name) for name in ("Length", "Länge in Minuten", "длительность, мин", "时长（分）", "hours")] == [
        *(1, 60, 60, 60, 3600)
    ]


def test_a_short_row_lacks_only_its_last_cells() -> None:
    assert told_of_row(["Harvest"], {"title": 0, "duration": 5}).title == "Harvest"
