"""Nothing of a sealed or an embargoed work stands on any public page, however it is asked for."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta

import pytest

from holdfast.show import site
from tests.cli.line import holdfast
from tests.show.stage import WORDS, Stage, client

WAYS = ("tags", "people", "places", "collections", "categories")
SECRET = "Fingerhut"  # in every field of the works that are closed
PREFIXES = ("", "/ru", "/de", "/ko", "/zh-hans")


@pytest.fixture
def planted(own_stage: Stage) -> Stage:
    """The sealed work and the public one under an embargo, described with the secret word in every field."""
    until = (datetime.now(UTC) + timedelta(days=3)).isoformat()
    for level in ("sealed", "public"):
        described = {
            "titles": [{"text": f"Titel {SECRET}", "language": "de"}],
            "descriptions": [{"text": f"Beschreibung {SECRET}", "language": "de"}],
            "people": [{"name": f"Anna {SECRET}", "role": "author"}],
            "places": [{"name": f"Ort {SECRET}"}],
            "tags": [{"text": f"Wort {SECRET}", "language": "de"}],
            "collections": [f"Sammlung {SECRET}"],
            "category": f"Gruppe {SECRET}",
            "dates": [{"edtf": "1888"}],
            "languages": ["xh"],
        } | ({"embargo": {"until": until}} if level == "public" else {})
        file = own_stage.folder.parent / f"{level}.json"
        file.write_text(json.dumps(described), "utf-8")
        said = holdfast("describe", own_stage.ids[level], "--from", file, "--archive", own_stage.folder)
        assert (said.code, said.err) == (0, ""), said.err
    site.archive().up_to_date_catalog()
    return own_stage


def asked(stage: Stage) -> list[str]:
    """Addresses that might tell: all lists, all names, all ways to narrow down."""
    closed = (stage.ids["sealed"], stage.ids["public"])
    named = [f"/{ways}?name={prefix}%20{SECRET}" for ways in WAYS for prefix in ("Wort", "Anna", "Ort", "Sammlung")]
    lists = ["/", "/about", "/works", "/wanted", "/gap", *(f"/{ways}" for ways in WAYS), *named]
    lists += [f"/works?order={order}" for order in ("newest", "title", "date", "length")]
    lists += [f"/works?{query}" for query in ("from=1888&to=1888", "language=xh", f"tag=Wort%20{SECRET}", "captions=1")]
    lists += [f"/works?order=title&{way}={asset}" for way in ("after", "before") for asset in closed]
    words = (SECRET, WORDS["sealed"], WORDS["public"], f"{SECRET[:-1]}q", f"{SECRET[:5]}*")
    lists += [f"/search?q={word}{more}" for word in words for more in ("", "&what=told", "&language=de", "&page=2")]
    lists += [f"/search?q=a&in={asset}" for asset in closed] + [f"/gap?name={SECRET}&length=0:06"]
    return lists + [f"/w/{asset}{page}" for asset in closed for page in ("", "/coverage", "/compare")]


@pytest.mark.parametrize("prefix", PREFIXES)
def test_a_stranger_reads_no_word_and_no_id_of_what_is_closed(planted: Stage, prefix: str) -> None:
    browser, read = client(), 0
    for address in asked(planted):
        response = browser.get(prefix + address)
        assert response.status_code in (200, 404), address
        text = re.sub(r'(?:value|href|hreflang)="[^"]*"|<h1>[^<]*</h1>|<title>[^<]*', "", response.content.decode())
        told = [word for word in (SECRET, WORDS["sealed"], *_ids(planted)) if word in text]
        # what was typed stands in the page that answers it, and nowhere else
        assert [word for word in told if word not in address] == [], address
        links = re.findall(r'(?:href|src)="([^"?#]*)', response.content.decode())
        assert [link for link in links if any(one in link for one in _ids(planted))] == [] or "/w/" in address, address
        read += response.status_code == 200
    assert read > len(WAYS)


def test_what_is_closed_and_what_was_never_there_get_the_same_answer(planted: Stage) -> None:
    for path in ("/tags?name={}", "/people?name={}", "/w/{}", "/w/{}/coverage", "/search?q=a&in={}"):
        answers = {
            re.sub(r"[0-9a-z]{13}|Wort.{0,3}Fingerhut|nobody", "", client().get(path.format(one)).content.decode())
            for one in (planted.ids["sealed"], "7wcfm14rphhvq", "nobody")
        }
        assert len(answers) == 1, path


def _ids(stage: Stage) -> tuple[str, str]:
    return stage.ids["sealed"], stage.ids["public"]
