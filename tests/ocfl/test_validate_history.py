"""Old inventories against the newest. (Each code: tests/wounded.)"""

from __future__ import annotations

import copy
import hashlib
import json
from typing import Any

from holdfast.formats.inventory import load_json
from holdfast.ocfl.validate_history import compare
from holdfast.ocfl.validate_inventory import Facts, judge_inventory
from tests.wounded.healthy import FILM, Sample, in_sha256, sha512


def facts_of(document: Any, path: str) -> Facts:
    return judge_inventory(load_json(json.dumps(document).encode(), path), path)


def compared(sample: Sample) -> list[str]:
    prior = facts_of(sample.old, "v1/inventory.json")
    prior.findings.clear()
    compare(facts_of(sample.new, "inventory.json"), prior, "v1")
    return [finding.code for finding in prior.findings]


def test_the_same_past_told_twice_is_in_order() -> None:
    assert compared(Sample(2)) == []


def test_the_same_state_in_another_algorithm_is_the_same_state() -> None:
    sample = Sample(2)
    in_sha256(sample.old, sample.content)
    assert compared(sample) == []


def test_the_same_state_in_other_capitals_is_the_same_state() -> None:
    sample = Sample(2)
    sample.old["manifest"] = {sha512(FILM).upper(): ["v1/content/000000"]}
    sample.old["versions"]["v1"]["state"] = {sha512(FILM).upper(): ["masters/film.mp4"]}
    assert compared(sample) == []


def test_two_films_exchanged_under_another_algorithm_are_noticed() -> None:
    sample = Sample(2)
    one, other = b"one", b"other"
    for document, digest in ((sample.new, hashlib.sha512), (sample.old, hashlib.sha256)):
        a, b = digest(one).hexdigest(), digest(other).hexdigest()
        document["digestAlgorithm"] = digest().name
        document["manifest"] = {a: ["v1/content/000000"], b: ["v1/content/000001"]}
        names = ("a.mp4", "b.mp4") if document is sample.new else ("b.mp4", "a.mp4")
        document["versions"]["v1"]["state"] = {a: [names[0]], b: [names[1]]}
    assert compared(sample) == ["E066", "E066"]


def test_an_old_inventory_that_knows_a_later_version_is_noticed() -> None:
    sample = Sample(2)
    sample.old = copy.deepcopy(sample.new)
    sample.new["versions"].pop("v2")
    assert "E066" in compared(sample)
