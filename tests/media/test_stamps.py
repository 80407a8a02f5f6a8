"""Time stamps: seams between clocks, missing and disordered stamps."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from holdfast.media.stamps import Seams, Stamps, TimeLine

MS = Fraction(1, 1000)


@dataclass
class Packet:
    stream_index: int
    dts: int | None
    pts: int | None
    duration: int | None = 40
    time_base: Fraction = MS


def mended(times: list[tuple[int, int]]) -> list[int | None]:
    seams, packets = Seams(), [Packet(track, time, time) for track, time in times]
    for packet in packets:
        seams.mend(packet)
    return [packet.pts for packet in packets]


def test_times_without_a_jump_are_left_as_they_are() -> None:
    assert mended([(0, 0), (1, 10), (0, 40), (1, 50), (0, 2000)]) == [0, 10, 40, 50, 2000]


def test_a_clock_that_starts_anew_goes_on_where_the_film_was() -> None:
    assert mended([(0, 9000), (0, 9040), (0, 0), (0, 40)]) == [9000, 9040, 9080, 9120]


def test_the_second_track_takes_the_same_seam_as_the_first_though_it_jumps_later() -> None:
    times = [(0, 9000), (1, 9000), (0, 9040), (0, 0), (1, 9040), (1, 20), (0, 40)]
    assert mended(times) == [9000, 9000, 9040, 9080, 9040, 9100, 9120]


def test_a_stray_packet_hours_away_does_not_tear_the_film() -> None:
    assert mended([(0, 0), (0, 40), (0, 90_000_000), (0, 80), (0, 120)]) == [0, 40, 80, 120, 160]


def test_a_gap_of_minutes_stays_a_gap() -> None:
    assert mended([(0, 0), (0, 600_000)]) == [0, 600_000]


def test_a_packet_without_stamps_is_left_alone() -> None:
    packet = Packet(0, None, None)
    Seams().mend(packet)
    assert (packet.pts, packet.dts) == (None, None)


def test_presentation_stamps_are_believed_while_they_go_forward() -> None:
    stamps = Stamps()
    assert [stamps.best(pts, pts - 80, 1, 40) for pts in (0, 40, 80)] == [0, 40, 80]


def test_disordered_presentation_stamps_lose_to_ordered_decoding_stamps() -> None:
    stamps = Stamps()
    times = [
        stamps.best(pts, dts, 1, 40) for pts, dts in ((100, 0), (40, 40), (30, 80), (20, 120), (10, 160), (5, 200))
    ]
    assert times == sorted(times)
    assert times[-1] == 200


def test_frames_without_any_stamp_follow_each_other() -> None:
    stamps = Stamps()
    assert [stamps.best(None, None, 1, 40) for _ in range(3)] == [0, 40, 80]


def test_a_line_holds_stamps_and_lengths_exactly_whatever_their_units() -> None:
    line = TimeLine(Fraction(1, 1000), Fraction(30000, 1001))
    line.begin(Fraction(1, 90000))
    at = line.since_start(33, None, line.usual)
    assert Fraction(at, line.unit) == Fraction(33, 1000) - Fraction(1, 90000)
    assert Fraction(line.usual, line.unit) == Fraction(1001, 30000)


def test_a_line_goes_on_where_it_was_when_its_rate_changes() -> None:
    line = TimeLine(Fraction(1, 1000), Fraction(48000))
    line.begin(Fraction(1, 3))
    line.since_start(1000, None, 1024 * line.usual)
    line.take_rate(Fraction(44100))
    at = line.since_start(None, None, 1024 * line.usual)
    assert Fraction(at, line.unit) == 1 + Fraction(1024, 48000) - Fraction(1, 3)
    assert Fraction(line.usual, line.unit) == Fraction(1, 44100)
