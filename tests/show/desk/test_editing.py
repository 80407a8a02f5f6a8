"""The editor: nothing is lost in a form, two who edit at once keep both, hostile input harms nothing."""

from __future__ import annotations

import html
import re
from dataclasses import replace
from typing import Any

import pytest

from holdfast.actions.describe import describe, record_of
from holdfast.errors import BadValue
from holdfast.model.asset import AssetRecord, DatedFact, Person, Statement, Tag
from holdfast.show import site
from holdfast.show.desk.editing import blocks, edits, lines
from tests.show.stage import Stage, signed_in

LANGUAGES = ("en", "ru", "zh", "de", "ko")
LEVELS = ("public", "members", "curators")


def form_of(record: AssetRecord) -> dict[str, str]:
    """The form as a browser would send it untouched."""
    typed = {"access": record.access.value}
    for block in blocks(record, LANGUAGES):
        typed[f"{block.name}-rows"] = str(len(block.rows))
        typed |= {cell.name: cell.value for row in block.rows for cell in row.cells}
    return typed | {cell.name: cell.value for cell in lines(record)}


def rich(record: AssetRecord) -> AssetRecord:
    return replace(
        record,
        titles=(Statement("Одно", "ru", source="listing", extra={"x": 1}), Statement("Two\r\nlines ", "pt-BR")),
        people=(Person("A\nB", "speaker", source="card"), Person("C | D; E")),
        dates=(DatedFact("1974-05~", "recorded"),),
        tags=(Tag("лодка", "ru"), Tag("boat", "not a tag")),
        collections=("Nachlass", " spaced "),
    )


def test_a_form_that_nobody_touched_changes_nothing(stage: Stage) -> None:
    record = rich(record_of(site.archive(), stage.ids["public"])[0])
    sent = {name: value.replace("\r\n", "\n").replace("\n", "\r\n") for name, value in form_of(record).items()}
    assert edits(record, sent, by="Ada", levels=LEVELS) == {}


def test_a_changed_row_keeps_its_source_and_what_a_later_version_wrote_into_it(stage: Stage) -> None:
    record = rich(record_of(site.archive(), stage.ids["public"])[0])
    changed = edits(record, form_of(record) | {"titles-0-text": "Другое"}, by="Ada", levels=LEVELS)
    assert changed == {"titles": (replace(record.titles[0], text="Другое"), record.titles[1])}


def test_missing_languages_are_marked_and_what_is_new_names_who_said_it(stage: Stage) -> None:
    record = rich(record_of(site.archive(), stage.ids["public"])[0])
    titles = blocks(record, LANGUAGES)[0]
    assert [row.missing for row in titles.rows if row.missing] == ["en", "zh", "de", "ko"]
    changed = edits(record, form_of(record) | {"titles-2-text": "One"}, by="Ada", levels=LEVELS)
    assert changed["titles"][-1] == Statement("One", "en", source="Ada")


def test_an_emptied_row_is_taken_away_and_one_that_did_not_come_is_left(stage: Stage) -> None:
    record = rich(record_of(site.archive(), stage.ids["public"])[0])
    assert edits(record, {"people-rows": "2", "people-0-name": "", "people-0-role": ""}, by="A", levels=LEVELS) == {
        "people": (record.people[1],)
    }
    assert edits(record, {"people-rows": "0"}, by="A", levels=LEVELS) == {}


@pytest.mark.parametrize(
    "wrong",
    [
        {"titles-rows": "-1"},
        {"titles-rows": "9" * 40},
        {"titles-rows": "٣"},
        {"titles-0-text": "x", "titles-0-language": "no tag at all"},
        {"access": "sealed"},
        {"access": "everybody"},
    ],
)
def test_a_form_that_nobody_could_send_from_the_page_is_refused(stage: Stage, wrong: dict[str, str]) -> None:
    record = rich(record_of(site.archive(), stage.ids["public"])[0])
    with pytest.raises(BadValue):
        edits(record, form_of(record) | wrong, by="Ada", levels=LEVELS)


def send(browser: Any, asset: str, more: dict[str, str]) -> Any:
    record, inventory = record_of(site.archive(), asset)
    head = str(inventory.head)
    return browser.post(f"/desk/w/{asset}", form_of(record) | {"base": head, "expected": head} | more)


def test_an_edit_is_kept_as_a_version_under_the_name_of_who_made_it(own_stage: Stage) -> None:
    asset, browser = own_stage.ids["public"], signed_in("curator", "Ada")
    assert send(browser, asset, {"category": "newsreel", "access": "members"}).status_code == 302
    record, inventory = record_of(site.archive(), asset)
    assert (record.category, record.access.value) == ("newsreel", "members")
    assert inventory.versions[inventory.head].user_name == "Ada"
    assert site.archive().settings.custodian == "Archive of the Group"
    shown = browser.get(f"/desk/w/{asset}/history").content.decode()
    assert "newsreel" in shown
    assert "Ada" in shown


def test_two_who_edit_at_once_both_see_both_and_nothing_typed_is_lost(own_stage: Stage) -> None:
    asset, browser = own_stage.ids["public"], signed_in("curator", "Ada")
    record, inventory = record_of(site.archive(), asset)
    head = str(inventory.head)
    mine = form_of(record) | {"category": "my category", "base": head, "expected": head}
    describe(site.archive(), asset, lambda record: replace(record, collections=("their collection",)))
    refused = browser.post(f"/desk/w/{asset}", mine)
    page = refused.content.decode()
    assert refused.status_code == 409
    assert "their collection" in page
    assert 'value="my category"' in page
    expected = re.search(r'name="expected" value="(v\d+)"', page)
    assert expected is not None
    again = browser.post(f"/desk/w/{asset}", mine | {"expected": expected[1]})
    assert again.status_code == 302
    record = record_of(site.archive(), asset)[0]
    assert (record.category, record.collections) == ("my category", ("their collection",))


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "{{ 7|add:7 }}"])
def test_what_looks_like_a_page_is_shown_as_text_everywhere(own_stage: Stage, text: str) -> None:
    asset, browser = own_stage.ids["public"], signed_in("curator", "Ada")
    assert send(browser, asset, {"category": text, "people-0-name": text, "titles-0-text": text}).status_code == 302
    for page in (f"/desk/w/{asset}", f"/desk/w/{asset}/history", "/desk", f"/w/{asset}"):
        shown = browser.get(page).content.decode()
        assert text.startswith("{") or text not in shown
        assert html.escape(text) in shown


@pytest.mark.parametrize(
    "wrong", [{"dates-0-edtf": "last summer"}, {"category": "a\0b"}, {"titles-rows": "many"}, {"access": "sealed"}]
)
def test_what_cannot_be_kept_is_refused_with_everything_typed_still_there(own_stage: Stage, wrong: Any) -> None:
    asset, browser = own_stage.ids["public"], signed_in("curator", "Ada")
    before = record_of(site.archive(), asset)[0]
    refused = send(browser, asset, {"collections-0-text": "typed with care"} | wrong)
    assert refused.status_code == 422
    assert "typed with care" in refused.content.decode()
    assert record_of(site.archive(), asset)[0] == before


def test_a_form_beyond_all_measure_is_refused_and_the_site_answers_on(own_stage: Stage) -> None:
    asset, browser = own_stage.ids["public"], signed_in("curator", "Ada")
    assert send(browser, asset, {"category": "x" * 3_000_000}).status_code in (400, 413)
    assert browser.post(f"/desk/w/{asset}", {f"f{n}": "" for n in range(10_050)}).status_code == 400
    assert send(browser, asset, {"base": "v99"}).status_code == 404
    assert browser.get(f"/desk/w/{asset}").status_code == 200
