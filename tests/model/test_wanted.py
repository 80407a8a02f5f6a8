"""What is wanted follows from what is missing; of a whole work nothing is."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from holdfast.model.edit import Edit
from holdfast.model.time import Span
from holdfast.model.wanted import Wanted, wanted_of
from tests.formats.made_edits import harvest, span

EDITS = harvest()
TAKES = EDITS.edits[0].picture


def test_a_work_with_gaps_is_wanted_for_what_is_missing() -> None:
    found = wanted_of(EDITS, ("cited by nine",), date="1974")

    assert found is not None
    assert (found.duration, found.covered, found.missing) == (904, Fraction(8604, 10), Fraction(436, 10))
    assert (found.gaps, found.reasons, found.date) == (EDITS.gaps, ("cited by nine",), "1974")
    assert not found.is_wholly_missing


def test_a_whole_work_is_not_wanted_and_one_without_sound_is() -> None:
    assert wanted_of(replace(EDITS, edits=(Edit(span(0, 904), TAKES, TAKES),))) is None
    silent = wanted_of(replace(EDITS, edits=(Edit(span(0, 904), TAKES),)))
    assert silent is not None
    assert (silent.gaps, silent.gaps_of_sound) == ((), (span(0, 904),))


def test_a_work_of_unknown_length_has_no_number_of_missing_seconds() -> None:
    found = wanted_of(replace(EDITS, is_duration_known=False))
    assert found is not None
    assert (found.duration, found.missing) == (None, None)


def test_only_a_work_without_picture_and_sound_is_wholly_missing() -> None:
    whole = Span(Fraction(0), Fraction(60))

    assert Wanted("a", "t").is_wholly_missing
    assert Wanted("a", "t", Fraction(60), gaps=(whole,), gaps_of_sound=(whole,)).is_wholly_missing
    assert not Wanted("a", "t", Fraction(60), gaps=(whole,)).is_wholly_missing
    assert not Wanted("a", "t", None, gaps=(whole,)).is_wholly_missing
    assert not Wanted("a", "t", Fraction(60), covered=Fraction(1)).is_wholly_missing
