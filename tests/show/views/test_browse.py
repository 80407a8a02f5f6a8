"""Lists to wander in name nothing above the reader's level, and bear any name."""

from __future__ import annotations

import re
from urllib.parse import quote

import pytest
from sqlalchemy import insert

from holdfast.catalog import schema
from holdfast.show import site
from holdfast.show.views import browse
from holdfast.show.views.browse import KINDS
from tests.show.stage import Stage, client, signed_in

ODD = "a/b & ?name=<b> Привет 北京 서울"


def _label(stage: Stage, level: str, text: str, kind: str = "tag") -> None:
    with site.archive().up_to_date_catalog().engine.begin() as connection:
        row = {"asset": stage.ids[level], "position": 900, "kind": kind, "text": text, "detail": "", "access": level}
        connection.execute(insert(schema.labels).values(row))


@pytest.mark.parametrize("ways", KINDS)
@pytest.mark.parametrize("prefix", ["", "/ru"])
def test_every_list_answers_and_has_no_page_for_a_word_that_none_bears(stage: Stage, ways: str, prefix: str) -> None:
    assert client().get(f"{prefix}/{ways}").status_code == 200
    assert client().get(f"{prefix}/{ways}?name=nobody").status_code == 404


def test_a_word_of_sealed_works_is_named_to_custodians_and_unknown_to_others(own_stage: Stage) -> None:
    _label(own_stage, "sealed", "Geheimwort")
    assert b"Geheimwort" in signed_in("custodian").get("/tags").content
    for browser in (client(), signed_in("curator")):
        assert b"Geheimwort" not in browser.get("/tags").content
        assert browser.get("/tags?name=Geheimwort").status_code == 404


def test_a_word_in_any_script_with_slashes_has_a_page_that_its_list_leads_to(own_stage: Stage) -> None:
    _label(own_stage, "public", ODD)
    link = f"?name={quote(ODD, safe='')}"
    assert link in client().get("/tags").content.decode()
    assert own_stage.ids["public"] in client().get(f"/tags{link}").content.decode()


@pytest.mark.parametrize("page", ["0", "-1", "x", "²", "9" * 30])
def test_a_page_number_that_is_none_shows_the_first_page(stage: Stage, page: str) -> None:
    assert client().get("/tags", {"page": page}).status_code == 200


def test_words_stand_in_the_order_in_which_readers_of_the_page_look_for_them(
    own_stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    with site.archive().up_to_date_catalog().engine.begin() as connection:
        for number, text in enumerate(("Zug", "Äpfel", "Birne", "Ель", "Ёлка", "ящик")):
            row = {"asset": own_stage.ids["public"], "position": 900 + number, "kind": "place", "text": text}
            connection.execute(insert(schema.labels).values(**row, detail="", access="public"))
    names = re.compile(r"\?name=[^\"]+\"[^>]*>(?:<[^>]*>|\s)*([^<]+)")
    monkeypatch.setattr(browse, "WORDS_ON_A_PAGE", 4)

    def shown(path: str) -> list[str]:
        return [text.strip() for text in names.findall(client().get(path).content.decode())]

    assert shown("/de/places") == ["Äpfel", "Birne", "Zug", "Ёлка"]
    assert shown(f"/de/places?after={quote('Ёлка')}") == ["Ель", "ящик"]
    assert shown("/ru/places") == ["Ёлка", "Ель", "ящик", "Äpfel"]
    monkeypatch.setattr(browse, "MOST_IN_ORDER", 3)
    assert shown("/de/places") == ["Birne", "Zug", "Äpfel", "Ёлка"]
