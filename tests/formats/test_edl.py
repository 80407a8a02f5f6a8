"""An EDL: numbered events of whole frames that lie end to end, and programs that read EDLs read ours."""

from __future__ import annotations

import re
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given

from holdfast.formats.edl import BLACK, edl_bytes, reel_names, timecode
from holdfast.model.edit import EditList
from tests.formats.made_edits import PHONE, STREAM, TAPE, edit_lists, harvest

EVENT = re.compile(r"(\d{3,})  (\S{2,8}) +([VA]) +C +(\S{11}) (\S{11}) (\S{11}) (\S{11})")


def lines(edits: EditList) -> list[str]:
    return edl_bytes(edits).decode("utf-8").split("\r\n")


def events(edits: EditList) -> list[tuple[str, ...]]:
    return [match.groups() for line in lines(edits) if (match := EVENT.fullmatch(line))]


def test_an_edl_begins_with_its_title_and_how_it_counts() -> None:
    assert lines(harvest())[:2] == ["TITLE: Урожай 1974", "FCM: NON-DROP FRAME"]


def test_what_is_said_of_the_whole_list_stands_at_its_end() -> None:
    assert lines(harvest())[-4:-2] == ["* FRAME RATE: 25", "* ASSET: k7m2x9qd4htbr"]
    assert lines(harvest())[-2].startswith("* NOTE: The join at 6:20")


def test_every_edit_is_an_event_of_picture_and_one_of_sound() -> None:
    found = events(harvest())

    assert [event[0] for event in found] == [f"{n:03d}" for n in range(1, 17)]
    assert found[0][1:] == (TAPE[:8].upper(), "V", "00:00:12:00", "00:06:02:00", "00:00:00:00", "00:05:50:00")
    assert found[6][1:] == (BLACK, "V", "00:00:00:00", "00:00:39:15", "00:08:40:10", "00:09:20:00")


@given(edit_lists())
def test_the_events_of_a_part_lie_end_to_end_whatever_their_lengths(edits: EditList) -> None:
    for channel in "VA":
        found = [event for event in events(edits) if event[2] == channel]
        assert all(before[6] == after[5] for before, after in pairwise(found))
        assert all(event[5] != event[6] for event in found)


def test_a_copy_that_ran_too_fast_has_a_speed_of_its_own() -> None:
    (speed,) = {line for line in lines(harvest()) if line.startswith("M2") and line.endswith("00:00:28:21")}

    assert speed.split() == ["M2", PHONE[:8].upper(), "024.038", "00:00:28:21"]
    assert "* SPEED: 25/26 OF THE SOURCE'S" in lines(harvest())


def test_what_an_edl_has_no_field_for_stands_in_comments() -> None:
    found = lines(harvest())

    assert "* FROM CLIP NAME: found/IMG_2231.mp4" in found
    assert f"* SHA512: {STREAM}" in found
    assert "* MIRRORED IN THE SOURCE" in found
    assert f"* COMBINED WITH: {PHONE[:8].upper()}" in found
    assert "* REASON: sharper than copy B by half, without its logo" in found


def test_digests_that_begin_alike_get_reels_that_differ() -> None:
    alike = {"0" * 8 + "1" * 120, "0" * 8 + "2" * 120, "f" * 128}

    assert sorted(reel_names(alike).values()) == ["00000000", "00000002", "FFFFFFFF"]
    with pytest.raises(ValueError, match="no name of 8 characters"):
        reel_names({"0" * 128, "0" * 129})


@pytest.mark.parametrize(
    ("frames", "rate", "wanted"),
    [
        (0, Fraction(25), "00:00:00:00"),
        (90_061 * 25 + 24, Fraction(25), "01:01:01:24"),
        (107_892, Fraction(30000, 1001), "00:59:56:12"),
        (59, Fraction(60), "00:00:00:59"),
    ],
)
def test_timecode_counts_every_frame_and_begins_again_after_a_day(frames: int, rate: Fraction, wanted: str) -> None:
    assert timecode(frames, rate) == wanted


def test_a_name_from_outside_cannot_add_a_line() -> None:
    edits = replace(harvest(), title="Ferry\r\n001  EVIL", sources={TAPE: "a\nb\udcff\x1b[2J"})

    assert lines(edits)[0] == "TITLE: Ferry 001 EVIL"
    assert "* FROM CLIP NAME: a b [2J" in lines(edits)


def test_a_work_of_sound_only_gets_an_edl_too() -> None:
    assert "* FRAME RATE: 25" in lines(replace(harvest(), frame_rate=Fraction(0)))


def test_a_parser_of_edls_reads_every_event_with_its_names() -> None:
    pycmx = pytest.importorskip("pycmx")
    import io

    read = pycmx.parse_cmx3600(io.StringIO(edl_bytes(harvest()).decode("utf-8").replace("\r\n", "\n")))

    found = [edit for event in read.events for edit in event.edits]
    assert read.title == "Урожай 1974"
    assert [edit.record_in for edit in found] == [event[5] for event in events(harvest())]
    assert found[0].clip_name == "VHS Oma Keller 03.mpg"
    assert found[6].black


def test_the_adapter_of_opentimelineio_finds_the_same_lengths() -> None:
    library = pytest.importorskip("opentimelineio")
    pytest.importorskip("otio_cmx3600_adapter")

    text = edl_bytes(harvest()).decode("utf-8").replace("\r\n", "\n")
    timeline = library.adapters.read_from_string(text, "cmx_3600", rate=25)

    assert [track.kind for track in timeline.tracks] == ["Video", "Audio"]
    assert all(track.duration().to_seconds() == pytest.approx(904, abs=0.05) for track in timeline.tracks)
    warped = [clip for clip in timeline.tracks[0] if clip.effects]
    assert [clip.effects[0].time_scalar for clip in warped] == pytest.approx([25 / 26] * 2, abs=1e-4)
