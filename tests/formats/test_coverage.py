"""The record of coverage has the shape that scripts rely on, and counts no moment twice."""

from __future__ import annotations

import json
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given

from holdfast.formats.coverage import copy_span, coverage_record, runs, source_uses
from holdfast.model.edit import EditList
from tests.formats.made_edits import PHONE, STREAM, TAPE, edit_lists, harvest, span

RECORD = coverage_record(harvest())


def test_the_record_has_every_field_that_scripts_rely_on() -> None:
    assert (RECORD["asset"], RECORD["duration"], RECORD["duration_known"]) == ("k7m2x9qd4htbr", 904.0, True)
    assert (RECORD["covered"], RECORD["covered_by_sound"]) == (860.4, 900.0)
    assert (RECORD["gaps"], RECORD["gaps_of_sound"]) == ([[520.4, 560.0], [900.0, 904.0]], [[900.0, 904.0]])
    assert json.loads(json.dumps(RECORD)) == RECORD


def test_a_segment_says_which_stretch_of_which_copy_and_why() -> None:
    first, _, third = RECORD["segments"][:3]

    assert first["asset"] == [0.0, 350.0]
    assert first["picture"]["digest"] == first["sound"]["digest"] == TAPE
    assert first["picture"]["copy"] == [12.0, 362.0]
    assert first["picture"]["reason"].startswith("the only copy of the beginning")
    assert third["picture"]["copy"] == [28.846154, 163.846154]
    assert (third["picture"]["mirrored"], third["picture"]["rate"]) == (True, 1.04)


def test_consensus_names_all_copies_and_a_lone_one_none() -> None:
    assert RECORD["segments"][1]["picture"]["consensus_of"] == [TAPE, PHONE]
    assert RECORD["segments"][0]["picture"]["consensus_of"] == []


def test_a_stretch_with_sound_alone_is_a_segment_and_one_without_either_is_none() -> None:
    assert RECORD["segments"][3]["picture"] is None
    assert RECORD["segments"][3]["sound"]["digest"] == PHONE
    assert len(RECORD["segments"]) == len(harvest().edits) - 1


def test_sources_are_lettered_in_the_order_in_which_they_are_used() -> None:
    found = {use.letter: use for use in source_uses(harvest())}

    assert [found[letter].digest for letter in "ABC"] == [TAPE, PHONE, STREAM]
    assert (found["A"].picture, found["A"].sound, found["A"].combined) == (380, 380, 0)
    assert (found["B"].picture, found["B"].sound, found["B"].combined) == (Fraction(1804, 10), 220, 80)
    assert found["C"].quality == pytest.approx(0.83)


def test_neighbours_from_the_same_copies_are_one_run() -> None:
    found = runs(harvest(), "sound")

    assert [(run.span, run.sources) for run in found] == [
        (span(0, 380), (TAPE,)),
        (span(380, 600), (PHONE,)),
        (span(600, 900), (STREAM,)),
        (span(900, 904), ()),
    ]


@given(edit_lists())
def test_what_is_covered_and_what_is_not_are_the_whole(edits: EditList) -> None:
    record = coverage_record(edits)

    missing = sum(end - start for start, end in record["gaps"])
    assert record["covered"] + missing == pytest.approx(record["duration"], abs=1e-3)
    assert sum(use.picture for use in source_uses(edits)) == edits.covered
    for part in ("picture", "sound"):
        assert sum(run.span.duration for run in runs(edits, part)) == edits.duration


def test_the_stretch_of_a_copy_follows_its_rate() -> None:
    edit = harvest().edits[2]
    assert copy_span(edit, edit.picture[0]).duration * Fraction(26, 25) == edit.asset.duration


def test_a_work_of_which_nothing_was_found_is_one_gap() -> None:
    edits = harvest()
    nothing = replace(edits, edits=(replace(edits.edits[0], asset=span(0, 904), picture=(), sound=()),))

    record = coverage_record(nothing)

    assert (record["covered"], record["segments"], record["gaps"]) == (0.0, [], [[0.0, 904.0]])
