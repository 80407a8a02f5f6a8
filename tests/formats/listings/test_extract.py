"""What one listing says of a work can be kept by itself: its own words, where they stand, and which listing it was."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from fractions import Fraction

import pytest

from holdfast.formats.listings.extract import extract_bytes
from holdfast.model.asset import Statement
from holdfast.model.fixity import Digest
from holdfast.model.lost import ListedDuration, LostWork, Origin, Supported, Thumbnail

OURS, OTHER = Digest("ab" * 64), Digest("cd" * 64)
HERE = Origin("list.csv", OURS, "line 12", datetime(2011, 3, 1, tzinfo=UTC))
AGAIN = Origin("list.csv", OURS, "line 90")
ELSEWHERE = Origin("list.csv", OTHER, "line 3")
WORK = LostWork(
    titles=(
        Supported(Statement("Harvest", source="list.csv"), (HERE, ELSEWHERE, AGAIN)),
        Supported(Statement("Жатва", source="list.csv"), (ELSEWHERE,)),
    ),
    durations=(Supported(ListedDuration(Fraction(724)), (AGAIN,)),),
    thumbnails=(Supported(Thumbnail("https://films.example/1.jpg", 120, 90, b"jpeg"), (HERE,)),),
    origins=(HERE, ELSEWHERE, AGAIN),
)


def test_an_extract_says_what_this_listing_says_and_nothing_of_another_of_the_same_name() -> None:
    found = json.loads(extract_bytes(WORK, OURS))

    assert (found["file"], found["sha512"]) == ("list.csv", OURS.text)
    assert found["places"] == [{"place": "line 12", "captured_at": "2011-03-01T00:00:00Z"}, {"place": "line 90"}]
    assert found["said"]["titles"] == [
        {"value": {"text": "Harvest", "source": "list.csv"}, "places": ["line 12", "line 90"]}
    ]
    assert found["said"]["durations"] == [{"value": {"seconds": "724"}, "places": ["line 90"]}]
    assert found["said"]["thumbnails"][0]["value"] == {
        "address": "https://films.example/1.jpg",
        "width": 120,
        "height": 90,
    }
    assert "Жатва" in extract_bytes(WORK, OTHER).decode("utf-8")


def test_a_listing_that_does_not_name_the_work_has_no_extract() -> None:
    with pytest.raises(ValueError, match="no listing"):
        extract_bytes(WORK, Digest("ef" * 64))
