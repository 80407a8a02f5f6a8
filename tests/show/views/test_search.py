"""A searcher finds moments with their stills, narrows them down, and is never told of what may not be seen."""

from __future__ import annotations

import re

import pytest

from holdfast.show import site
from holdfast.show.suggesting import suggestions
from tests.show.stage import WORDS, Stage, client, signed_in

WORD = WORDS["public"]


def page(browser: object, **asked: str) -> str:
    response = browser.get("/search", asked)  # type: ignore[attr-defined]
    assert response.status_code == 200
    return str(response.content.decode())


def test_a_hit_in_captions_has_the_still_of_its_moment_and_leads_there(stage: Stage) -> None:
    shown = page(client(), q=WORD)
    asset = stage.ids["public"]
    assert f"/w/{asset}?t=0:02" in shown
    stills = re.findall(rf"/still/{asset}/[0-9a-f]+/[0-9]+\.jpg", shown)
    assert stills
    picture = client().get(stills[0])
    assert (picture.status_code, picture.headers["Content-Type"]) == (200, "image/jpeg")
    assert picture.content.startswith(b"\xff\xd8")
    assert picture.headers["Cache-Control"].startswith("public")


def test_a_still_is_as_closed_as_its_work(stage: Stage) -> None:
    shown = page(signed_in("custodian"), q=WORDS["sealed"])
    still = re.findall(r"/still/[0-9a-z/]+\.jpg", shown)[0]
    assert signed_in("custodian").get(still).status_code == 200
    assert signed_in("custodian").get(still).headers["Cache-Control"].startswith("private")
    for browser in (client(), signed_in("curator")):
        assert browser.get(still).status_code == 404
    ours = re.findall(r"/still/[0-9a-z/]+\.jpg", page(client(), q=WORD))[0]
    for odd in (re.sub(r"[0-9]+\.jpg", "99999.jpg", ours), ours.replace(stage.ids["public"], stage.ids["sealed"])):
        assert client().get(odd).status_code == 404


@pytest.mark.parametrize(
    ("asked", "is_found"),
    [
        ({"what": "said"}, True),
        ({"what": "told"}, True),
        ({"language": "de"}, True),
        ({"language": "ko"}, False),
        ({"form": "film"}, True),
        ({"form": "sound"}, False),
        ({"from": "1900", "to": "1910"}, False),
        ({"captions": "1"}, True),
        ({"tag": "nobody"}, False),
        ({"in": "PUBLIC"}, True),
        ({"page": "2"}, False),
    ],
)
def test_filters_keep_what_they_name_and_the_way_out_is_shown(
    stage: Stage, asked: dict[str, str], is_found: bool
) -> None:
    asked = {name: stage.ids["public"] if value == "PUBLIC" else value for name, value in asked.items()}
    shown = page(client(), q=WORD, **asked)
    assert (f"/w/{stage.ids['public']}" in shown) is is_found
    if not is_found and "page" not in asked:
        assert f'href="?q={WORD}"' in shown


def test_names_of_kept_files_find_nothing_for_strangers(stage: Stage) -> None:
    asked = {"q": "mp4", "what": "told"}
    assert "/w/" not in page(client(), **asked)
    assert f"/w/{stage.ids['public']}" in page(signed_in("curator"), **asked)


def test_within_one_work_all_moments_are_found_and_a_hidden_work_is_not_here(stage: Stage) -> None:
    assert client().get("/search", {"q": WORD, "in": stage.ids["sealed"]}).status_code == 404
    assert client().get("/search", {"q": WORD, "in": "nobody"}).status_code == 404


def test_where_nothing_is_found_words_are_proposed_that_find_something(stage: Stage) -> None:
    shown = page(client(), q="Leuchttum nirgendwo")
    proposed = re.findall(r'<a href="\?q=([^"&]+)"><bdi>', shown)
    assert proposed
    for word in proposed:
        assert f"/w/{stage.ids['public']}" in page(client(), q=word)


def test_no_word_of_a_hidden_work_is_ever_proposed(stage: Stage) -> None:
    for level in ("members", "curators", "sealed"):
        typed = WORDS[level][:-1] + "q"
        assert WORDS[level] not in page(client(), q=typed)
        with site.catalogue() as connection:
            assert suggestions(connection, typed, ("public",), ("title", "caption")) == []


@pytest.mark.parametrize("query", ["", " ", '"', "-", "*", "a" * 5000, "\x00", "(((", "🙂", "-Leuchtturm", "🙂 🙂 x"])
def test_whatever_is_typed_gets_a_page(stage: Stage, query: str) -> None:
    page(client(), q=query)
    page(client(), q=query, what="said", language="de", **{"from": "1900"})
