"""Joins lie where the picture comes from elsewhere, and nowhere else."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from fractions import Fraction
from itertools import pairwise

from hypothesis import given

from holdfast.model.edit import Edit, EditList, Placement, Take
from holdfast.model.event import Agent, AgentKind, EventType, Outcome
from holdfast.model.restoration import Join, joins_of, restoration_event
from holdfast.model.time import Span
from tests.formats.made_edits import PHONE, STREAM, TAPE, edit_lists, harvest


def test_a_join_lies_wherever_the_source_of_the_picture_changes() -> None:
    assert joins_of(harvest()) == (
        Join(Fraction(380), TAPE, PHONE),
        Join(Fraction(5204, 10), PHONE, ""),
        Join(Fraction(560), "", PHONE),
        Join(Fraction(600), PHONE, STREAM),
        Join(Fraction(900), STREAM, ""),
    )


def test_a_copy_that_jumps_is_joined_to_itself() -> None:
    first = Placement(TAPE, Span(Fraction(0), Fraction(10)), Span(Fraction(0), Fraction(10)))
    second = replace(first, copy=Span(Fraction(1), Fraction(11)))
    stretches = [Span(Fraction(0), Fraction(5)), Span(Fraction(5), Fraction(9))]
    edits = tuple(Edit(at, (Take(one),)) for at, one in zip(stretches, (first, second), strict=True))

    whole = EditList("a", "t", Fraction(9), True, (1, 1), Fraction(25), edits)

    assert joins_of(whole) == (Join(Fraction(5), TAPE, TAPE),)
    assert joins_of(replace(whole, edits=(edits[0], replace(edits[1], picture=edits[0].picture)))) == ()


@given(edit_lists())
def test_joins_come_in_order_and_never_lie_at_the_ends(edits: EditList) -> None:
    times = [join.at for join in joins_of(edits)]

    assert all(before < after for before, after in pairwise(times))
    assert all(0 < at < edits.duration for at in times)


MOMENT = datetime(2026, 11, 25, 9, 30, tzinfo=UTC)
PROGRAM = (Agent("Holdfast 0.4", AgentKind.SOFTWARE),)


def test_the_event_of_a_reconstruction_names_what_was_made_and_of_what() -> None:
    event = restoration_event(harvest(), ("masters/r.mkv", "edits/r.otio"), MOMENT, PROGRAM)

    assert (event.type, event.at, event.agents) == (EventType.CREATION, MOMENT, PROGRAM)
    assert (event.objects, event.sources) == (("masters/r.mkv", "edits/r.otio"), (TAPE, PHONE, STREAM))
    assert event.detail == "reconstruction from 3 copies: of 15:04, 14:20 have a picture and 15:00 have sound"
    assert event.outcome is Outcome.WARNING


def test_only_a_whole_reconstruction_is_called_a_success() -> None:
    edits = harvest()
    takes = edits.edits[0].picture
    whole = replace(edits, edits=(Edit(Span(Fraction(0), Fraction(904)), takes, takes),), is_duration_known=False)

    event = restoration_event(whole, ("masters/r.mkv",), MOMENT, PROGRAM)

    assert event.outcome is Outcome.SUCCESS
    assert event.detail.startswith("reconstruction from 1 copy: of 15:04 (its length is not known for certain)")
