"""One inventory by itself: its facts, and the clauses that it breaks. (Each code: tests/wounded.)"""

from __future__ import annotations

import json
from typing import Any

import pytest

from holdfast.formats.inventory import load_json
from holdfast.ocfl.validate_inventory import Facts, is_uri, judge_inventory
from tests.wounded.healthy import FILM, WORDS, Sample, sha512


def judged(document: Any) -> Facts:
    return judge_inventory(load_json(json.dumps(document).encode(), "inventory.json"), "inventory.json")


def codes(facts: Facts) -> set[str]:
    return {finding.code for finding in facts.findings}


def test_the_facts_of_a_sound_inventory_are_all_there() -> None:
    facts = judged(Sample(2).new)

    assert facts.findings == []
    assert (facts.object_id, facts.spec, facts.algorithm, facts.head) == (
        "holdfast:sample:wounded",
        "1.1",
        "sha512",
        "v2",
    )
    assert facts.manifest == {"v1/content/000000": [sha512(FILM)], "v2/content/000000": [sha512(WORDS)]}
    assert facts.states["v2"] == {"masters/film.mp4": sha512(FILM), "record.json": sha512(WORDS)}
    assert facts.content_of(sha512(FILM)) == {"v1/content/000000"}


def test_one_wound_does_not_hide_another() -> None:
    document = Sample(1).new
    document["id"] = 7
    document["head"] = []
    document["versions"]["v1"]["created"] = None
    document["fixity"] = {"md5": 1}
    assert codes(judged(document)) == {"E037", "E040", "E049", "E057"}


def test_the_older_specification_is_judged_by_its_own_codes() -> None:
    document = Sample(1).new
    document["type"] = "https://ocfl.io/1.0/spec/#inventory"
    document["fixity"] = []
    document["manifest"][sha512(WORDS)] = ["v1/content/000001"]
    assert codes(judged(document)) == {"E057"}  # E111 and E107 came with OCFL 1.1


def test_fixity_of_an_extension_is_lawful_and_not_computed() -> None:
    document = Sample(1).new
    document["fixity"] = {"sha512/256": {"abcd": ["v1/content/000000"]}, "sha1": {"ab" * 20: ["v1/content/000000"]}}
    facts = judged(document)
    assert facts.findings == []
    assert facts.fixity == [("sha1", "ab" * 20, "v1/content/000000")]


@pytest.mark.parametrize("document", [None, [], "text", 7])
def test_a_document_that_is_no_object_is_said_to_be_none(document: object) -> None:
    assert codes(judged(document)) == {"E033"}


@pytest.mark.parametrize(
    ("text", "answer"), [("mailto:a@b.org", True), ("urn:x", True), ("a b:c", False), ("x", False)]
)
def test_a_uri_has_a_scheme_and_no_blanks(text: str, answer: bool) -> None:
    assert is_uri(text) is answer
