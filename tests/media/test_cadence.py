"""The beat of a picture: the exact rate found from coarse time stamps, and constant told from variable."""

from __future__ import annotations

from fractions import Fraction
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from holdfast.media.cadence import STANDARD_RATES, Cadence, Rhythm, snapped

MILLISECONDS = Fraction(1, 1000)


def rhythm(stamps: list[int], base: Fraction, *declared: Fraction) -> Rhythm:
    cadence = Cadence(base)
    for stamp in stamps:
        cadence.add(stamp)
    return cadence.rhythm(declared)


def written_at(rate: Fraction, base: Fraction, count: int) -> list[int]:
    """What a muxer makes of a constant rate: each time rounded to a tick."""
    return [round(n / rate / base) for n in range(count)]


@pytest.mark.parametrize("text", ["24000/1001", "24", "25", "30000/1001", "30", "50", "60000/1001", "60", "25/2", "1"])
def test_a_standard_rate_is_found_exactly_in_a_container_that_counts_milliseconds(text: str):
    rate = Fraction(text)
    found = rhythm(written_at(rate, MILLISECONDS, 300), MILLISECONDS)
    assert (found.rate, found.is_variable, found.missing) == (rate, False, 0)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(STANDARD_RATES), st.sampled_from([90000, 12800, 15360, 30000, 24000, 1000000]))
def test_any_standard_rate_is_found_in_any_usual_time_base(rate: Fraction, ticks: int):
    base = Fraction(1, ticks)
    found = rhythm(written_at(rate, base, 400), base)
    assert (found.rate, found.is_variable) == (rate, False)


def test_one_tick_a_picture_is_a_constant_rate():
    assert rhythm(list(range(50)), Fraction(1, 25)).rate == 25


def test_a_short_clip_that_two_rates_would_fit_takes_the_one_that_the_header_states():
    stamps = written_at(Fraction(30), MILLISECONDS, 10)
    assert rhythm(stamps, MILLISECONDS, Fraction(30000, 1001)).rate == Fraction(30000, 1001)
    assert rhythm(stamps, MILLISECONDS, Fraction(30)).rate == 30


def test_what_the_header_states_is_not_believed_against_the_packets():
    found = rhythm(written_at(Fraction(25), MILLISECONDS, 200), MILLISECONDS, Fraction(50))
    assert found.rate == 25


def test_a_rate_of_nobodys_standard_is_told_as_it_is():
    base = Fraction(1, 11456)
    assert rhythm([384 * n for n in range(200)], base).rate == Fraction(179, 6)


def test_a_rounded_spelling_is_taken_for_the_rate_that_was_meant():
    assert snapped(Fraction(2997, 100)) == Fraction(30000, 1001)
    assert snapped(Fraction(214748359, 3579125)) == 60
    assert snapped(Fraction(30006, 1000)) == Fraction(30006, 1000)


def test_a_phone_that_waits_for_the_light_has_a_variable_rate_and_its_mean_is_told():
    random = Random(4)
    stamps = [0]
    for _ in range(400):
        stamps.append(stamps[-1] + random.randint(2700, 4500))
    found = rhythm(stamps, Fraction(1, 90000), Fraction(30))
    assert found.is_variable
    assert found.rate == Fraction(400 * 90000, stamps[-1])


def test_a_rate_that_changes_in_the_middle_is_variable():
    first = written_at(Fraction(25), MILLISECONDS, 300)
    second = [first[-1] + stamp for stamp in written_at(Fraction(30), MILLISECONDS, 300)[1:]]
    assert rhythm(first + second, MILLISECONDS, Fraction(25)).is_variable


def test_pictures_missing_in_a_constant_rhythm_are_counted_and_placed():
    stamps = written_at(Fraction(25), MILLISECONDS, 300)
    del stamps[200:205]
    assert rhythm(stamps, MILLISECONDS) == Rhythm(Fraction(25), is_variable=False, missing=5, missing_at=205 * 40)


def test_every_second_picture_missing_at_random_is_a_variable_rate():
    random = Random(1)
    stamps = [stamp for stamp in written_at(Fraction(30), MILLISECONDS, 600) if random.random() < 0.6]
    assert rhythm(stamps, MILLISECONDS).is_variable


def test_one_picture_has_no_rhythm_but_what_the_header_states():
    assert rhythm([0], MILLISECONDS, Fraction(25)) == Rhythm(rate=Fraction(25))
    assert rhythm([], MILLISECONDS) == Rhythm()


def test_the_rhythm_goes_on_after_a_jump_of_the_clock():
    cadence = Cadence(MILLISECONDS)
    stamps = written_at(Fraction(25), MILLISECONDS, 100)
    for stamp in stamps:
        cadence.add(stamp)
    cadence.restart()
    for stamp in stamps:
        cadence.add(stamp + 7_000_013)
    found = cadence.rhythm()
    assert (found.rate, found.is_variable, found.missing) == (Fraction(25), False, 0)


def test_a_slip_of_half_a_picture_where_films_were_joined_does_not_make_the_rate_variable():
    stamps = written_at(Fraction(25), Fraction(1, 90000), 2000)
    slipped = stamps + [stamps[-1] + 5400 + stamp for stamp in stamps]
    found = rhythm(slipped, Fraction(1, 90000))
    assert (found.rate, found.is_variable) == (Fraction(25), False)
