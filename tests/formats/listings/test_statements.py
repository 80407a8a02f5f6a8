"""What readers hand over becomes one clean work, or none."""

from __future__ import annotations

from base64 import b64encode

import pytest

from holdfast.formats.listings.statements import LONGEST_TEXT, MOST_THUMBNAILS, Told, clean, listed_work, named
from holdfast.model.lost import ListedWork, Origin, Thumbnail
from tests.formats.listings.samples import picture

ORIGIN = Origin("listing")


def work(**told: object) -> ListedWork | None:
    return listed_work(Told(**told), ORIGIN, "https://films.example/list/")  # type: ignore[arg-type]


def test_a_work_needs_a_title_or_an_id_of_a_known_site() -> None:
    assert work(title=" \n", address="/7") is None
    assert work(item="7") is None
    assert work(title="x") is not None
    assert work(address="https://vimeo.com/12345678") is not None


def test_texts_are_clean_and_bounded_and_addresses_whole() -> None:
    found = work(
        title="A&amp;B\ud800\n\0 C", description="x" * 500_000, address="../7", thumbnails=(Thumbnail("t.jpg"),)
    )
    assert found is not None
    assert found.title == "A&B\ufffd C"
    assert len(found.descriptions[0].text) == LONGEST_TEXT
    assert found.publication.url == "https://films.example/7"
    assert found.thumbnails[0].address == "https://films.example/list/t.jpg"


def test_more_thumbnails_than_anybody_needs_are_left_out() -> None:
    found = work(title="x", thumbnails=tuple(Thumbnail(f"{n}.jpg") for n in range(100)))
    assert found is not None
    assert len(found.thumbnails) == MOST_THUMBNAILS


@pytest.mark.parametrize("title", ["[Deleted video]", "Private video", "Видео удалено", "[Gelöschtes Video]"])
def test_what_a_site_writes_in_place_of_a_lost_title_is_no_title(title: str) -> None:
    assert named(title) == ""
    assert named(f"{title} of my youth") != ""


def test_an_address_that_is_no_page_is_left_out() -> None:
    found = work(title="x", address="javascript:alert(1)")
    assert found is not None
    assert found.publication.url == ""


def test_lines_of_a_description_stay_lines() -> None:
    assert clean("a  \r\n\r\nb\n", 100, lines=True) == "a\n\nb"


def test_a_picture_that_stands_in_the_page_itself_is_kept_with_its_size() -> None:
    embedded = "data:image/png;base64," + b64encode(picture(64, 48)).decode()
    placeholder = "data:image/png;base64," + b64encode(picture(1, 1)).decode()
    broken = ["data:image/png;base64,!", "data:image/png;base64," + "A" * 2_000_000, "data:text/html,x"]
    found = work(title="x", thumbnails=tuple(map(Thumbnail, [embedded, placeholder, *broken])))
    assert found is not None
    assert found.thumbnails == (Thumbnail("", 64, 48, picture(64, 48)),)
