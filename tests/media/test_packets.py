"""How long a track is, told by packets that are out of order, without times, stray or joined."""

from __future__ import annotations

from fractions import Fraction
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from holdfast.media.packets import Extent, TrackClock

BASE = Fraction(1, 1000)


def extent(packets: list[tuple[int | None, int | None, int]], *, is_picture: bool = True) -> Extent:
    track = TrackClock(BASE, is_picture=is_picture)
    for pts, dts, duration in packets:
        track.add(pts, dts, duration, size=100)
    return track.extent()


def shown(count: int, start: int = 0) -> list[tuple[int | None, int | None, int]]:
    return [(start + 40 * n, start + 40 * n, 40) for n in range(count)]


def test_a_track_lasts_from_its_first_moment_to_the_end_of_its_last_packet():
    found = extent(shown(100, start=10_000))
    assert (found.start, found.end, found.duration) == (10, 14, 4)
    assert (found.presented, found.rhythm.rate, found.size_bytes) == (100, 25, 10_000)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 999), st.integers(2, 12))
def test_pictures_coded_out_of_order_change_nothing(seed: int, depth: int):
    random, packets = Random(seed), shown(200)
    mixed = []
    for n in range(0, 200, depth):
        group = packets[n : n + depth]
        random.shuffle(group)
        mixed += group
    assert extent(mixed) == extent(packets)


def test_a_last_picture_without_a_length_stands_as_long_as_the_others():
    packets = [*shown(49), (49 * 40, 49 * 40, 0)]
    assert extent(packets).duration == 2


def test_packets_without_any_time_are_counted_from_their_durations_and_reported():
    found = extent([(None, None, 40)] * 50)
    assert (found.duration, found.untimed) == (2, 50)


def test_a_missing_presentation_time_is_taken_from_the_decoding_time():
    assert extent([(None, 40 * n, 40) for n in range(50)]).duration == 2


@pytest.mark.parametrize("wild", [36_000_000, -36_000_000])
def test_a_stray_packet_hours_away_does_not_lengthen_the_film(wild: int):
    packets = shown(300)
    packets[150] = (wild, 150 * 40, 40)
    found = extent(packets)
    assert (found.duration, found.stray, found.presented) == (12, 1, 299)
    assert found.rhythm.is_variable is False


def test_films_joined_without_new_times_add_up():
    found = extent(shown(100) + shown(200))
    assert (found.duration, found.restarts) == (12, 1)


def test_a_long_gap_belongs_to_the_film_and_is_named():
    found = extent(shown(100) + shown(100, start=64_000))
    assert found.duration == 68
    assert found.gaps == ((Fraction(4), Fraction(64)),)


def test_a_slide_show_with_a_picture_a_minute_is_neither_gaps_nor_strays():
    found = extent([(60_000 * n, 60_000 * n, 60_000) for n in range(20)])
    assert (found.duration, found.stray, found.gaps) == (1200, 0, ())


def test_packets_in_full_disorder_take_no_memory_and_give_an_answer():
    random = Random(2)
    found = extent([(random.randrange(10**9), None, 40) for _ in range(5000)])
    assert found.packets == 5000


def test_sound_before_zero_is_an_encoders_run_up():
    found = extent([(1024 * n - 1024, None, 1024) for n in range(11)], is_picture=False)
    assert (found.start, found.duration) == (0, Fraction(10240, 1000))


def test_packets_that_an_edit_list_cuts_away_are_not_presented():
    track = TrackClock(BASE, is_picture=True)
    for n in range(100):
        track.add(40 * n, 40 * n, 40, size=1, is_discarded=n >= 50)
    found = track.extent()
    assert (found.presented, found.packets, found.duration) == (50, 100, 2)


def test_broken_packets_are_counted_with_the_place_of_the_first():
    track = TrackClock(BASE, is_picture=True)
    for n in range(100):
        track.add(40 * n, 40 * n, 40, size=1, is_corrupt=n in (30, 31))
    found = track.extent()
    assert (found.corrupt, found.corrupt_at) == (2, Fraction(12, 10))
