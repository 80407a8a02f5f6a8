"""Listings in JSON: of yt-dlp in its forms, of interfaces, of anybody; and JSON that is none."""

from __future__ import annotations

import json
from fractions import Fraction
from io import BytesIO
from typing import Any

import pytest

from holdfast.errors import BadListing
from holdfast.formats.canonical import MAXIMUM_BYTES
from holdfast.formats.listings.json_listings import read_json, tells_of_works
from holdfast.formats.listings.reading import LONGEST_LINE, Reading
from holdfast.model.asset import DatedFact
from holdfast.model.lost import ListedDuration, ListedWork, Skipped, SourceId
from tests.formats.listings.samples import FLAT_ENTRY, INFO, read


def read_plain(plain: Any, **given: Any) -> tuple[list[ListedWork], list[Skipped]]:
    return read(read_json, json.dumps(plain), **given)


def test_an_info_json_gives_one_work_with_all_that_it_tells() -> None:
    (work,), skipped = read_plain(INFO)
    assert skipped == []
    assert (work.title, work.titles[0].language) == ("Урожай 1974", "ru")
    assert work.duration == ListedDuration(Fraction(2054))
    assert work.source_id == SourceId("youtube", "aB3_dE-fGh1")
    assert work.dates == (DatedFact("2019-08-31", "uploaded", "Youtube"),)
    assert work.publication.publisher == "Архив Зари"
    assert (work.thumbnails[0].width, work.thumbnails[0].height) == (480, 360)
    assert work.sections[0].end == Fraction(1509, 2)
    assert work.descriptions[0].text == "Колхоз «Заря»."


def test_a_flat_playlist_gives_its_entries_and_tells_of_those_that_could_not_be_seen() -> None:
    gone = {"_type": "url", "ie_key": "Youtube", "id": "qQ1_qQ-qQq3", "title": "[Deleted video]"}
    tab = {"_type": "playlist", "title": "Videos", "entries": [FLAT_ENTRY, None, gone]}
    works, skipped = read_plain(
        {"_type": "playlist", "extractor_key": "YoutubeTab", "channel": "Архив", "entries": [tab]}
    )
    assert [(work.title, work.publication.publisher) for work in works] == [("Жатва", "Архив"), ("", "Архив")]
    assert works[0].duration == ListedDuration(Fraction(61))
    assert works[1].source_id == SourceId("youtube", "qQ1_qQ-qQq3"), "a deleted film is exactly what is looked for"
    assert [(one.origin.place, one.reason) for one in skipped] == [
        ("entry 1, entry 2", "there is no object here: the work could not be seen when this was listed")
    ]


def test_lines_of_json_are_read_one_by_one_and_a_broken_one_costs_only_itself() -> None:
    works, skipped = read(read_json, json.dumps(INFO) + "\n{broken\n\n" + json.dumps(FLAT_ENTRY) + "\n")
    assert [(work.title, work.origin.place) for work in works] == [("Урожай 1974", "line 1"), ("Жатва", "line 4")]
    assert [one.origin.place for one in skipped] == ["line 2"]


def test_a_broken_first_line_does_not_make_one_document_of_the_lines() -> None:
    works, skipped = read(read_json, '{"title": "cut o\n' + json.dumps(INFO) + "\n" + json.dumps(FLAT_ENTRY) + "\n")
    assert [work.title for work in works] == ["Урожай 1974", "Жатва"]
    assert [one.origin.place for one in skipped] == ["line 1"]


def test_an_item_of_the_data_interface_names_the_video_not_the_place_in_the_playlist() -> None:
    item = {
        "id": "UEx4",
        "snippet": {"title": "Жатва", "publishedAt": "2019-09-01T00:00:00Z", "channelTitle": "Архив", "resourceId": {}},
        "contentDetails": {"videoId": "zZ9_yY-xXw2", "videoPublishedAt": "2019-08-31T10:00:00Z", "duration": "PT1M1S"},
    }
    (work,), _ = read_plain({"kind": "youtube#playlistItemListResponse", "items": [item]})
    assert work.source_id == SourceId("youtube", "zZ9_yY-xXw2")
    assert (work.dates[0].edtf, work.duration) == ("2019-08-31", ListedDuration(Fraction(61)))


def test_objects_of_anybody_are_read_by_the_names_of_their_fields() -> None:
    works, _ = read_plain([{"Название": "Урожай", "Длительность (мин)": 34, "Год": 1974}])
    assert works[0].title == "Урожай"
    assert works[0].duration == ListedDuration(Fraction(2040), Fraction(60))
    assert works[0].dates[0].edtf == "1974"


def test_objects_of_anybody_are_read_with_a_mapping() -> None:
    works, _ = read_plain([{"n": "Harvest", "len": "34:14"}], mapping={"title": "n", "duration": "len"})
    assert (works[0].title, works[0].duration) == ("Harvest", ListedDuration(Fraction(2054)))


@pytest.mark.parametrize("data", ["{", "[" * 100_000, '{"a":' * 100_000, "nonsense", '{"a": 1e999}', '{"a": NaN}'])
def test_what_cannot_be_read_is_refused_with_a_reason(data: str) -> None:
    with pytest.raises(BadListing):
        read(read_json, data)


def test_a_key_that_stands_twice_does_not_cost_the_listing() -> None:
    (work,), _ = read(read_json, '{"extractor_key": "Vimeo", "id": "12345678", "title": "A", "title": "B"}')
    assert work.title == "B"


class Endless(BytesIO):
    """A gigabyte of JSON in one line, of which nothing exists until it is read; counts what was asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.at, self.longest = 0, 0

    def read(self, size: int | None = -1) -> bytes:
        assert size is not None
        assert size >= 0, "all at once would be a gigabyte"
        self.longest = max(self.longest, size)
        found = min(size, (1 << 30) - self.at)
        begin, self.at = self.at, self.at + found
        return (b'{"title": "' if begin == 0 and found > 11 else b"") + b"x" * (found - (11 if begin == 0 else 0))

    def readline(self, size: int | None = -1) -> bytes:
        return self.read(size)

    def seek(self, offset: int, whence: int = 0) -> int:
        self.at = offset
        return offset

    def tell(self) -> int:
        return self.at


@pytest.mark.slow
def test_a_gigabyte_of_json_in_one_line_is_refused_without_being_held() -> None:
    endless = Endless()
    with pytest.raises(BadListing) as refused:
        list(read_json(endless, Reading("huge.json")))
    assert "more than 64 MB" in str(refused.value)
    assert endless.longest <= max(MAXIMUM_BYTES, LONGEST_LINE) + 1


def test_only_json_of_a_known_form_is_taken_for_a_listing_in_a_capture() -> None:
    assert tells_of_works({"entries": [FLAT_ENTRY]})
    assert tells_of_works({"@type": "VideoObject"})
    assert not tells_of_works({"comments": [{"title": "nice", "id": 7}]})
    assert not tells_of_works(None)
