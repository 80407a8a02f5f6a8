"""What YouTube's pages carried over the years, each form once, and what a page only recommends."""

from __future__ import annotations

from datetime import UTC, datetime
from fractions import Fraction
from typing import Any

import pytest

from holdfast.formats.listings.reading import Reading
from holdfast.formats.listings.youtube import is_youtube, works_of_youtube
from holdfast.model.lost import ListedDuration, ListedWork

ID = "aB3_dE-fGh1"
RUNS = {"runs": [{"text": "Har"}, {"text": "vest"}]}
OVERLAY = {"thumbnailOverlayTimeStatusRenderer": {"text": {"simpleText": "34:14"}}}
LOCKUP = {
    "contentId": ID,
    "contentType": "LOCKUP_CONTENT_TYPE_VIDEO",
    "contentImage": {
        "thumbnailViewModel": {
            "image": {"sources": [{"url": "https://i.ytimg.com/vi/x/1.jpg", "width": 168, "height": 94}]},
            "overlays": [
                {"thumbnailBottomOverlayViewModel": {"badges": [{"thumbnailBadgeViewModel": {"text": "34:14"}}]}}
            ],
        }
    },
    "metadata": {
        "lockupMetadataViewModel": {
            "title": {"content": "Harvest"},
            "metadata": {
                "rows": [{"metadataParts": [{"text": {"content": "12 views"}}, {"text": {"content": "2 years ago"}}]}]
            },
        }
    },
}


def works(plain: Any) -> list[ListedWork]:
    return list(works_of_youtube(plain, Reading("page.html", captured_at=datetime(2015, 6, 15, tzinfo=UTC))))


@pytest.mark.parametrize(
    "node",
    [
        {"videoRenderer": {"videoId": ID, "title": RUNS, "lengthText": {"simpleText": "34:14"}}},
        {"gridVideoRenderer": {"videoId": ID, "title": {"simpleText": "Harvest"}, "thumbnailOverlays": [OVERLAY]}},
        {"playlistVideoRenderer": {"videoId": ID, "title": {"simpleText": "Harvest"}, "lengthSeconds": "2054"}},
        {"lockupViewModel": LOCKUP},
        {"videoDetails": {"videoId": ID, "title": "Harvest", "lengthSeconds": "2054"}},
    ],
    ids=lambda node: next(iter(node)),
)
def test_a_film_is_found_in_every_form_that_there_was(node: dict[str, Any]) -> None:
    (work,) = works({"contents": {"tabs": [{"deep": [{"deeper": node}]}]}})
    assert (work.title, work.duration) == ("Harvest", ListedDuration(Fraction(2054)))
    assert work.publication.url == f"https://www.youtube.com/watch?v={ID}"


def test_the_age_of_a_film_is_counted_back_from_the_capture() -> None:
    (work,) = works({"lockupViewModel": LOCKUP})
    assert [(fact.edtf, fact.kind) for fact in work.dates] == [("[2012-06..2013-06]", "uploaded")]


def test_a_channel_gives_its_name_to_its_films_and_each_film_stands_once() -> None:
    renderer = {"gridVideoRenderer": {"videoId": ID, "title": {"simpleText": "Harvest"}}}
    plain = {"metadata": {"channelMetadataRenderer": {"title": "Архив"}}, "contents": [renderer, renderer]}
    (work,) = works(plain)
    assert work.publication.publisher == "Архив"


def test_films_recommended_beside_another_are_not_listed() -> None:
    beside = {"secondaryResults": [{"compactVideoRenderer": {"videoId": "bbbbbbbbbbb", "title": {"simpleText": "Ad"}}}]}
    assert [work.title for work in works([{"videoDetails": {"videoId": ID, "title": "Harvest"}}, beside])] == [
        "Harvest"
    ]


def test_playlists_and_broken_nodes_are_no_films() -> None:
    assert works({"lockupViewModel": LOCKUP | {"contentType": "LOCKUP_CONTENT_TYPE_PLAYLIST"}}) == []
    assert works({"videoRenderer": {"videoId": 5, "title": []}, "lockupViewModel": {"contentImage": 3}}) == []
    assert not is_youtube({"title": "x"})
