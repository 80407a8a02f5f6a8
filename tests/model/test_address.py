"""Addresses made whole, compared, and asked which work they name."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfast.model.address import comparable, joined, source_id, source_id_of, unarchived
from holdfast.model.lost import SourceId


@pytest.mark.parametrize(
    ("reference", "whole"),
    [
        ("g", "http://a/b/c/g"),
        ("./g", "http://a/b/c/g"),
        ("/g", "http://a/g"),
        ("//g", "http://g"),
        ("?y", "http://a/b/c/d;p?y"),
        ("g?y", "http://a/b/c/g?y"),
        ("", "http://a/b/c/d;p?q"),
        ("..", "http://a/b/"),
        ("../g", "http://a/b/g"),
        ("../../../g", "http://a/g"),
        ("g/../h", "http://a/b/c/h"),
        ("https://x/y", "https://x/y"),
    ],
)
def test_a_reference_is_made_whole_as_the_standard_shows(reference: str, whole: str) -> None:
    assert joined("http://a/b/c/d;p?q", reference) == whole


def test_a_reference_without_a_base_stays_as_it_is() -> None:
    assert joined("", "/watch") == "/watch"
    assert joined("https://a.example", "b") == "https://a.example/b"


@pytest.mark.parametrize(
    ("address", "site", "item"),
    [
        ("https://www.youtube.com/watch?list=x&v=aB3_dE-fGh1&t=5", "youtube", "aB3_dE-fGh1"),
        ("http://m.youtube.com/watch?v=aB3_dE-fGh1#t=1", "youtube", "aB3_dE-fGh1"),
        ("https://youtu.be/aB3_dE-fGh1?si=x", "youtube", "aB3_dE-fGh1"),
        ("https://www.youtube.com/shorts/aB3_dE-fGh1", "youtube", "aB3_dE-fGh1"),
        ("https://i.ytimg.com/vi/aB3_dE-fGh1/hqdefault.jpg", "youtube", "aB3_dE-fGh1"),
        ("https://web.archive.org/web/2015/http://www.youtube.com/watch?v=aB3_dE-fGh1", "youtube", "aB3_dE-fGh1"),
        ("https://player.vimeo.com/video/12345678", "vimeo", "12345678"),
        ("https://vk.com/videos-12345?z=video-12345_67890%2Fclub", "vk", "-12345_67890"),
        ("https://vkvideo.ru/video-12345_67890", "vk", "-12345_67890"),
        ("https://rutube.ru/video/0123456789abcdef0123456789abcdef/", "rutube", "0123456789abcdef0123456789abcdef"),
        ("https://www.bilibili.com/video/BV1xx411c7mD/", "bilibili", "BV1xx411c7mD"),
        ("https://archive.org/details/Harvest1974", "archiveorg", "Harvest1974"),
        ("https://ok.ru/video/123456789", "odnoklassniki", "123456789"),
    ],
)
def test_a_known_site_names_its_work_in_the_address(address: str, site: str, item: str) -> None:
    assert source_id_of(address) == SourceId(site, item)


@pytest.mark.parametrize(
    "address", ["", "youtube.com", "https://www.youtube.com/@channel", "https://example.org/watch?v=a"]
)
def test_other_addresses_name_no_work(address: str) -> None:
    assert source_id_of(address) is None


def test_the_many_names_of_a_site_are_one() -> None:
    assert source_id("Youtube", "x") == source_id("youtube:tab", "x") == source_id("YouTube", "x")
    assert source_id("archive.org", "x") == source_id("ArchiveOrg", "x")
    assert source_id("Generic", "film.mp4") is None
    assert source_id("Generic", "film.mp4", "https://vimeo.com/12345678") == SourceId("vimeo", "12345678")
    assert source_id("youtube", "wrong", "https://youtu.be/aB3_dE-fGh1") == SourceId("youtube", "aB3_dE-fGh1")


def test_an_archived_address_gives_the_page_and_when_it_was_captured() -> None:
    original, captured = unarchived("https://web.archive.org/web/20150615120000im_/http://a.example/x?y=1")
    assert original == "http://a.example/x?y=1"
    assert captured is not None
    assert captured.isoformat() == "2015-06-15T12:00:00+00:00"
    assert unarchived("https://web.archive.org/web/20159915/http:/a.example/") == ("http://a.example/", None)


def test_spellings_of_one_page_are_comparable_and_pages_stay_apart() -> None:
    one = comparable("https://www.films.example:443/7/?b=2&utm_source=x&a=1#top")
    assert one == comparable("http://films.example/7?a=1&b=2") == "films.example/7?a=1&b=2"
    assert comparable("https://films.example/8") != comparable("https://films.example/7")
    assert comparable("mailto:ada@films.example") == ""


@given(st.text(max_size=80), st.text(max_size=80))
def test_any_text_is_answered_without_an_error(base: str, reference: str) -> None:
    joined(base, reference)
    joined("https://a.example/b", reference)
    comparable("https://" + reference)
    source_id_of("https://" + reference)
