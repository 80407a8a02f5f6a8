"""A take comes back from JSON as it was, and what is no take is refused."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given

from holdfast.formats.takes import exact, expect, parse_span, parse_take, take_record
from holdfast.model.edit import Take
from tests.formats.made_edits import TAKES, harvest

TAKE = harvest().edits[2].picture[0]


@given(TAKES)
def test_a_take_comes_back_from_json_exactly_as_it_was(take: Take) -> None:
    assert parse_take(json.loads(json.dumps(take_record(take)))) == take


def test_times_and_rates_are_exact_numbers_as_text() -> None:
    record = take_record(TAKE)

    assert (record["copy"], record["rate"], record["pitch"]) == (["0", "3750/13"], "26/25", "26/25")
    assert record["mirrored"] is True


def test_fields_of_a_later_version_do_not_disturb() -> None:
    assert parse_take({**take_record(TAKE), "later": {"a": [1]}}) == TAKE


@pytest.mark.parametrize(
    "wrong",
    [
        {"rate": "0"},
        {"rate": "-1"},
        {"rate": 1.04},
        {"rate": "1e999999999"},
        {"source": "film.mp4"},
        {"source": None},
        {"copy": ["5", "4"]},
        {"copy": ["5"]},
        {"mirrored": 1},
        {"rotation": True},
        {"probability": "high"},
        {"geometry": {"matrix": [1.0] * 8, "shown": [0.0] * 4, "box": [0.0] * 4}},
        {"geometry": {"matrix": [1.0] * 9, "shown": [0.0] * 4}},
        {"geometry": [1.0]},
        {"reason": None},
    ],
    ids=str,
)
def test_what_is_no_take_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r".+"):
        parse_take({**take_record(TAKE), **wrong})


def test_a_value_of_another_kind_is_named_by_what_it_should_be() -> None:
    with pytest.raises(ValueError, match="a note is 7"):
        expect(7, str, "a note")
    with pytest.raises(ValueError, match="rate is 1"):
        exact(1.0, "rate")
    with pytest.raises(ValueError, match="copy is None"):
        parse_span(None, "copy")
    assert expect(7, float, "a number") == 7.0
