"""Listings as sites really give them: whole, sparse, of the wrong forms, or not a listing at all."""

from __future__ import annotations

import json
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from holdfast.errors import BadSidecar
from holdfast.formats.canonical import canonical_json
from holdfast.formats.plain import to_plain
from holdfast.formats.ytdlp import parse_listing, read_entry
from holdfast.model.asset import DatedFact, Person, Publication, Section, Statement, Tag
from holdfast.model.edtf import is_edtf
from holdfast.model.listing import Listing
from tests.formats.values import JSON

YOUTUBE: dict[str, Any] = {
    "id": "aB3_dE-fGh1",
    "title": "Урожай 1974 🌾",
    "fulltitle": "Урожай 1974 🌾",
    "description": "Колхоз «Заря».\n\n0:00 Поле\n12:34 Дом",
    "formats": [{"format_id": "137", "url": "https://example.org/v", "fps": 25, "vcodec": "avc1.640028"}],
    "thumbnails": [{"url": "https://example.org/1.jpg", "id": "0"}, {"url": "https://example.org/2.jpg"}],
    "thumbnail": "https://example.org/2.jpg",
    "duration": 2054,
    "tags": ["урожай", "кино", "урожай", ""],
    "categories": ["Film & Animation", "Other"],
    "chapters": [
        {"start_time": 0.0, "title": "Поле", "end_time": 754.5},
        {"start_time": 754.5, "title": "Дом", "end_time": 2054},
    ],
    "upload_date": "20190831",
    "timestamp": 1567209600,
    "release_date": None,
    "release_timestamp": None,
    "release_year": None,
    "uploader": "Архив Зари",
    "channel": "Архив Зари",
    "extractor": "youtube",
    "extractor_key": "Youtube",
    "webpage_url": "https://www.youtube.com/watch?v=aB3_dE-fGh1",
    "language": "ru-RU",
    "subtitles": {"ru": [{"ext": "vtt"}], "live_chat": [{"ext": "json"}]},
    "automatic_captions": {"en": [{"ext": "vtt"}]},
    "_type": "video",
    "_version": {"version": "2024.05.27"},
}
VK: dict[str, Any] = {
    "id": "-12345_67890",
    "title": "Жатва",
    "description": "",
    "duration": 61.044,
    "timestamp": 1411423200.0,
    "uploader": "Клуб",
    "chapters": None,
    "tags": None,
    "categories": None,
    "thumbnail": "https://example.org/t.jpg",
    "extractor": "vk",
    "extractor_key": "VK",
    "webpage_url": "https://vk.com/video-12345_67890",
    "like_count": None,
}


def read(document: Any, name: str = "film.info.json") -> Listing:
    return parse_listing(json.dumps(document).encode(), name)


def test_a_listing_of_a_large_site_is_understood_in_all_its_parts() -> None:
    assert read(YOUTUBE) == Listing(
        titles=(Statement("Урожай 1974 🌾", "ru-RU", "Youtube"),),
        descriptions=(Statement("Колхоз «Заря».\n\n0:00 Поле\n12:34 Дом", "ru-RU", "Youtube"),),
        dates=(DatedFact("2019-08-31", "uploaded", "Youtube"),),
        people=(Person("Архив Зари", "uploader", "Youtube"),),
        tags=(Tag("урожай", "ru-RU", "Youtube"), Tag("кино", "ru-RU", "Youtube")),
        category="Film & Animation",
        publication=Publication("Youtube", "aB3_dE-fGh1", "https://www.youtube.com/watch?v=aB3_dE-fGh1", "Архив Зари"),
        sections=(
            Section(Fraction(0), Fraction(1509, 2), "Поле", "ru-RU", "Youtube"),
            Section(Fraction(1509, 2), Fraction(2054), "Дом", "ru-RU", "Youtube"),
        ),
        duration=Fraction(2054),
        thumbnails=("https://example.org/1.jpg", "https://example.org/2.jpg"),
        language="ru-RU",
        warnings=(),
    )


def test_a_sparse_listing_is_understood_without_complaint() -> None:
    listing = read(VK)
    assert listing.warnings == ()
    assert listing.dates == (DatedFact("2014-09-22", "uploaded", "VK"),)  # from a time that is a float
    assert (listing.duration, listing.language) == (Fraction(61044, 1000), "und")
    assert (listing.descriptions, listing.tags, listing.sections) == ((), (), ())
    assert listing.thumbnails == ("https://example.org/t.jpg",)


def test_one_entry_of_a_playlist_is_a_film() -> None:
    entry = VK | {"_type": "video", "playlist": "Жатва и урожай", "playlist_index": 3, "n_entries": 40}
    assert read(entry) == read(VK)


@pytest.mark.parametrize("kind", ["playlist", "multi_video"])
def test_a_playlist_is_not_taken_for_the_listing_of_one_film(kind: str) -> None:
    with pytest.raises(BadSidecar, match="describes a playlist"):
        read({"_type": kind, "id": "PL1", "title": "Урожай", "entries": [VK]})


NO_LISTINGS: dict[str, tuple[bytes, str]] = {
    "nothing": (b"", "not JSON"),
    "live chat": (b'{"replayChatItemAction": {}}\n{"replayChatItemAction": {}}\n', "not JSON"),
    "a list": (b'[{"title": "x"}]', "not a JSON object"),
    "an empty object": (b"{}", "no listing"),
    "a probe": (b'{"streams": [], "format": {"filename": "a.mp4"}}', "no listing"),
    "empty texts": (b'{"title": " ", "description": null, "id": ""}', "no listing"),
    "too deep": (b'{"title": "x", "comments": ' + b"[" * 5000 + b"]" * 5000 + b"}", "nested too deeply"),
    "infinite": (b'{"title": "x", "duration": 1e999}', "beyond all bounds"),
}


@pytest.mark.parametrize(("data", "reason"), NO_LISTINGS.values(), ids=NO_LISTINGS.keys())
def test_what_is_no_listing_is_refused_with_a_reason(data: bytes, reason: str) -> None:
    with pytest.raises(BadSidecar, match=reason) as caught:
        parse_listing(data, "film.live_chat.json")
    assert "film.live_chat.json cannot be understood" in str(caught.value)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"title": ["a"], "fulltitle": "b"}, "title"),
        ({"description": {"ru": "a"}}, "description"),
        ({"upload_date": "20190230"}, "upload_date"),
        ({"upload_date": "yesterday"}, "upload_date"),
        ({"upload_date": "２０１９０８３１"}, "upload_date"),
        ({"release_year": "soon"}, "release_year"),
        ({"release_timestamp": "soon"}, "release_timestamp"),
        ({"release_timestamp": True}, "release_timestamp"),
        ({"release_timestamp": 10**30}, "release_timestamp"),
        ({"duration": "long"}, "duration"),
        ({"duration": True}, "duration"),
        ({"duration": -1}, "duration"),
        ({"duration": "1e999999999"}, "duration"),
        ({"duration": 1e300}, "duration"),
        ({"tags": {"a": 1}}, "tags"),
        ({"tags": ["a", None, 7]}, "tags"),
        ({"chapters": "none"}, "chapters"),
        ({"chapters": ["a"]}, "chapters"),
        ({"chapters": [{"start_time": 9, "end_time": 1}]}, "chapters"),
        ({"chapters": [{"start_time": "x", "end_time": 1}]}, "chapters"),
        ({"chapters": [{"title": "no time"}]}, "chapters"),
        ({"thumbnails": "https://example.org"}, "thumbnails"),
        ({"uploader": ["a"]}, "uploader"),
        ({"language": 7.5}, "language"),
    ],
)
def test_a_field_of_an_unexpected_form_is_passed_over_with_one_warning(change: dict[str, Any], field: str) -> None:
    listing = read(VK | change)
    assert listing.titles
    assert listing.warnings == (f"film.info.json: the field {field} has an unexpected form and was passed over",)


@pytest.mark.parametrize(
    ("change", "dates"),
    [
        ({"upload_date": "20190831"}, [("2019-08-31", "uploaded")]),
        ({"upload_date": "2019-08-31"}, [("2019-08-31", "uploaded")]),
        ({"upload_date": 20190831}, [("2019-08-31", "uploaded")]),
        ({"upload_date": None, "timestamp": None}, []),
        ({"upload_date": None, "timestamp": 0}, []),  # the beginning of computers' time is nobody's upload
        ({"upload_date": "20190230"}, [("2014-09-22", "uploaded")]),
        ({"release_year": 1974}, [("1974", "published"), ("2014-09-22", "uploaded")]),
        ({"release_date": "19740801", "release_year": 1975}, [("1974-08-01", "published"), ("2014-09-22", "uploaded")]),
        ({"release_timestamp": 1.5e9}, [("2017-07-14", "published"), ("2014-09-22", "uploaded")]),
    ],
)
def test_dates_are_taken_from_the_first_field_that_has_one(change: dict[str, Any], dates: list[Any]) -> None:
    found = read(VK | change).dates
    assert [(date.edtf, date.kind) for date in found] == dates
    assert all(is_edtf(date.edtf) for date in found)


def test_texts_that_came_as_numbers_or_alone_are_understood() -> None:
    listing = read(VK | {"id": 67890, "title": 1984, "tags": "жатва", "duration": "61.5"})
    assert (listing.publication.item, listing.titles[0].text) == ("67890", "1984")
    assert [tag.text for tag in listing.tags] == ["жатва"]
    assert (listing.duration, listing.warnings) == (Fraction(123, 2), ())


def test_people_come_from_lists_or_their_joined_form_once_each() -> None:
    made = {"creators": ["Ada", "Bo"], "creator": "Ada, Bo", "artist": "Cy", "artists": [], "channel": "Архив"}
    people = [(person.name, person.role) for person in read(VK | made).people]
    assert people == [
        ("Клуб", "uploader"),
        ("Архив", "uploader"),
        ("Ada", "creator"),
        ("Bo", "creator"),
        ("Cy", "artist"),
    ]


def test_chapters_without_an_end_last_until_the_next_or_the_end_of_the_film() -> None:
    chapters = [{"start_time": 0, "title": "a"}, {"start_time": 30.25, "end_time": None, "title": None}]
    sections = read(VK | {"chapters": chapters}).sections
    assert [(s.start, s.end, s.title) for s in sections] == [
        (Fraction(0), Fraction(121, 4), "a"),
        (Fraction(121, 4), Fraction(61044, 1000), ""),
    ]


def test_a_float_is_the_number_that_was_meant() -> None:
    assert read(VK | {"duration": 0.1 + 0.2}).duration == Fraction(3, 10)


@pytest.mark.parametrize(
    ("spelled", "tag"), [("RU", "ru"), ("eng", "en"), ("zh-Hans", "zh-Hans"), ("??", "und"), (None, "und")]
)
def test_a_language_becomes_a_tag_or_stays_unknown(spelled: str | None, tag: str) -> None:
    assert read(VK | {"language": spelled}).language == tag


def test_the_file_is_the_source_where_no_site_is_named() -> None:
    listing = read({"title": "a", "extractor": None})
    assert listing.titles == (Statement("a", "und", "film.info.json"),)
    assert listing.publication.site == ""


def test_half_an_emoji_and_zeros_do_not_spoil_a_title() -> None:
    title = parse_listing(b'{"title": "harvest \\ud83c\\u0000", "tags": ["\\udf3e"]}', "x").titles[0].text
    assert title == "harvest \ufffd"


def test_what_is_left_out_for_its_length_is_said() -> None:
    listing = read(VK | {"tags": [f"tag {n}" for n in range(2_001)], "description": "x" * 200_001})
    assert (len(listing.tags), len(listing.descriptions[0].text)) == (2_000, 200_000)
    assert listing.warnings == (
        "film.info.json: the field description is very long; only its beginning was taken",
        "film.info.json: of the field tags only the first 2000 of 2001 were taken",
    )


def test_megabytes_of_formats_are_no_hindrance() -> None:
    form = {"format_id": "137", "url": "https://example.org/" + "v" * 900, "http_headers": {"Accept": "*/*"}}
    assert read(YOUTUBE | {"formats": [form] * 3_000}) == read(YOUTUBE)


FIELDS = sorted({*YOUTUBE, *VK, "creators", "original_url", "release_year"} - {"_type", "title"})


@settings(max_examples=50, deadline=None)
@given(st.dictionaries(st.sampled_from(FIELDS), JSON, max_size=6))
def test_any_values_in_any_field_give_a_listing_that_can_be_kept(change: dict[str, Any]) -> None:
    listing = read(VK | change)
    parts = (listing.titles, listing.descriptions, listing.dates, listing.people, listing.tags, listing.sections)
    assert canonical_json(to_plain(parts))
    assert all(is_edtf(date.edtf) for date in listing.dates)
    assert all(0 <= section.start <= section.end for section in listing.sections)


def test_an_entry_of_a_playlist_is_read_like_a_listing_and_may_be_empty() -> None:
    assert read_entry({"title": "Жатва", "ie_key": "Youtube"}, "list.json").titles[0].text == "Жатва"
    assert read_entry({}, "list.json") == Listing()
