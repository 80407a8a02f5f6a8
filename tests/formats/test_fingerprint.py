"""A fingerprint comes back exactly, keeps what is not understood, and a lying one is refused."""

from __future__ import annotations

import contextlib
import io
import mmap
import tracemalloc
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from holdfast.errors import BadRecord
from holdfast.formats.arrays import arrays_bytes, parse_arrays
from holdfast.formats.fingerprint import fingerprint_bytes, parse_fingerprint, read_recipe, without_tracks
from holdfast.model.fingerprint import Fingerprint, FrameTrack
from tests.model.prints import a_print, same


@settings(deadline=None)
@given(
    st.integers(0, 1000), st.integers(0, 9), st.integers(0, 9), st.integers(0, 3), st.integers(0, 9), st.integers(0, 9)
)
def test_every_fingerprint_comes_back_as_it_was(
    seed: int, pictures: int, frames: int, looks: int, points: int, sounds: int
) -> None:
    made = a_print(seed, pictures=pictures, frames=frames, looks=looks, points=points, sounds=sounds)
    data = fingerprint_bytes(made)
    found = parse_fingerprint(data)
    assert same(found, made)
    assert fingerprint_bytes(found) == data


def test_a_fingerprint_of_nothing_comes_back_as_it_was() -> None:
    nothing = Fingerprint(Fraction(0), (0, 0))
    assert same(parse_fingerprint(fingerprint_bytes(nothing)), nothing)


def _first_format(made: Fingerprint, **changed: Any) -> bytes:
    """The same as it was written before landmarks had their times described."""
    head, arrays = parse_arrays(fingerprint_bytes(made), "x")
    times = {name: entry for name, entry in head["times"].items() if name != "sounds.times"}
    plain = {"sounds.times": made.sounds.times, **changed}
    return arrays_bytes(head | {"format": "holdfast-fingerprint-1", "times": times}, arrays | plain)


def test_a_file_of_the_first_format_is_read_and_becomes_one_of_the_second_when_it_is_written() -> None:
    data = _first_format(a_print())
    assert same(parse_fingerprint(data), a_print())
    assert read_recipe(io.BytesIO(data)) == 1
    assert fingerprint_bytes(parse_fingerprint(data)) == fingerprint_bytes(a_print())


def test_landmarks_of_the_first_format_that_fall_are_refused() -> None:
    falling = np.arange(30, dtype=np.int32)[::-1]
    with pytest.raises(BadRecord, match="negative or fall"):
        parse_fingerprint(_first_format(a_print(), **{"sounds.times": falling}))
    with pytest.raises(BadRecord, match="times is int64"):
        parse_fingerprint(_first_format(a_print(), **{"sounds.times": np.arange(30)}))


def test_landmarks_later_than_can_be_counted_are_refused() -> None:
    head, arrays = parse_arrays(fingerprint_bytes(a_print()), "x")
    head["times"]["sounds.times"] = {"count": 30, "first": 1 << 40, "step": [1, 1, 0]}
    with pytest.raises(BadRecord, match="beyond all bounds"):
        parse_fingerprint(arrays_bytes(head, arrays))


def test_an_array_without_rows_is_not_written() -> None:
    _, arrays = parse_arrays(fingerprint_bytes(without_tracks(a_print())), "x")
    assert sorted(arrays) == [
        *("frames.activity", "frames.cuts", "points.starts", "sounds.heard", "stills.ends", "stills.jpegs"),
        "stills.times",
    ]


def test_what_a_later_program_added_is_kept_when_this_one_writes() -> None:
    head, arrays = parse_arrays(fingerprint_bytes(a_print()), "x")
    data = arrays_bytes(head | {"mood": {"a": [1]}}, arrays | {"faces.seen": np.arange(5, dtype=np.int16)})
    found = parse_fingerprint(data)
    assert found.extra["mood"] == {"a": [1]}
    assert fingerprint_bytes(found) == data


def test_the_arrays_of_a_mapped_file_are_not_copied(tmp_path: Path) -> None:
    path = tmp_path / "a.hffp"
    path.write_bytes(fingerprint_bytes(a_print()))
    with path.open("rb") as file:
        mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    found = parse_fingerprint(mapped)
    assert np.shares_memory(found.pictures.hashes, np.frombuffer(mapped, np.uint8))
    assert same(found, a_print())


def test_an_hour_at_thirty_pictures_a_second_needs_a_byte_a_frame() -> None:
    times = np.arange(108_000) * 100_100 // 3
    frames = replace(a_print().frames, times=times, activity=np.zeros(108_000, np.uint8))
    assert len(fingerprint_bytes(replace(a_print(), frames=frames))) < 108_000 + 6_000


def test_half_a_character_in_a_warning_does_not_stop_the_writing() -> None:
    assert parse_fingerprint(fingerprint_bytes(replace(a_print(), warnings=("\ud800",)))).warnings == ("\ufffd",)


HEADS: list[tuple[dict[str, Any], str]] = [
    ({"format": "holdfast-fingerprint-9"}, "its format is"),
    ({"duration": "1e999999"}, "not an exact number"),
    ({"duration": "-1"}, "negative"),
    ({"duration": 3}, "duration is"),
    ({"size": [640]}, "size is"),
    ({"size": [-1, 2]}, "size is"),
    ({"size": [640, 1 << 60]}, "a picture of 640 by"),
    ({"mode": None}, "mode is"),
    ({"digest": 5}, "digest is"),
    ({"warnings": [5]}, "a warning is"),
    ({"times": []}, "times is"),
    ({"times": {}}, "times are described by"),
]


@pytest.mark.parametrize(("change", "reason"), HEADS)
def test_a_head_that_cannot_be_meant_is_refused(change: dict[str, Any], reason: str) -> None:
    head, arrays = parse_arrays(fingerprint_bytes(a_print()), "x")
    with pytest.raises(BadRecord, match=reason):
        parse_fingerprint(arrays_bytes(head | change, arrays), "stranger.hffp")


ARRAYS: list[tuple[str, Any, str]] = [
    ("pictures.hashes", np.zeros((12, 3), np.uint64), "pictures.hashes is"),
    ("pictures.hashes", np.zeros((11, 4), np.uint64), "not equally long"),
    ("pictures.views", np.zeros(12, np.int8), "pictures.views is"),
    ("pictures.quality", np.zeros(11, np.uint8), "not equally long"),
    ("points.starts", np.array([0, 9, 3, 20], np.int32), "negative or fall"),
    ("points.starts", np.array([0, 3, 9, 21], np.int32), "do not reach"),
    ("points.starts", np.array([-5, 3, 9, 20], np.int32), "negative or fall"),
    ("points.sizes", np.zeros(3, np.uint8), "not equally long"),
    ("frames.cuts", np.array([0], np.int32), "a cut lies"),
    ("frames.cuts", np.array([50], np.int32), "a cut lies"),
    ("sounds.times", np.arange(30, dtype=np.int32)[::-1], "differences of times"),
    ("sounds.heard", np.array([[5, 2]], np.int64), "ends before it begins"),
    ("stills.ends", np.array([3, 2], np.int64), "stills"),
    ("stills.times", np.array([-3, 2], np.int64), "negative time"),
    ("stills.times", np.array([2], np.int64), "stills"),
]


@pytest.mark.parametrize(("name", "array", "reason"), ARRAYS)
def test_arrays_that_contradict_each_other_are_refused(name: str, array: Any, reason: str) -> None:
    head, arrays = parse_arrays(fingerprint_bytes(a_print()), "x")
    with pytest.raises(BadRecord, match=reason):
        parse_fingerprint(arrays_bytes(head, arrays | {name: array}), "stranger.hffp")


@settings(deadline=None)
@given(st.binary(max_size=300))
def test_any_other_bytes_are_refused_and_nothing_worse(data: bytes) -> None:
    with pytest.raises(BadRecord):
        parse_fingerprint(data)


@settings(deadline=None)
@given(st.integers(0, 4000), st.integers(0, 255))
def test_one_changed_byte_is_refused_or_changes_nothing(place: int, value: int) -> None:
    data = bytearray(fingerprint_bytes(a_print()))
    data[place % len(data)] = value
    with contextlib.suppress(BadRecord):
        parse_fingerprint(data)


def test_what_is_no_fingerprint_is_not_written() -> None:
    made = a_print()
    with pytest.raises(ValueError, match="not equally long"):
        fingerprint_bytes(replace(made, pictures=replace(made.pictures, quality=np.zeros(1, np.uint8))))
    with pytest.raises(ValueError, match=r"points\.bits is"):
        fingerprint_bytes(replace(made, points=replace(made.points, bits=np.zeros((20, 2), np.int64))))


def test_without_its_tracks_a_fingerprint_still_knows_its_frames() -> None:
    rest = without_tracks(a_print())
    assert (len(rest.pictures), len(rest.points), len(rest.sounds)) == (0, 0, 0)
    assert len(rest.frames) == 50
    assert rest.sounds.heard.tolist() == [[0, 1_500_000]]


def test_the_lines_on_the_page_of_the_format_read_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = Path("docs/formats/fingerprint.md").read_text("utf-8")
    lines = page.split("```python\n")[1].split("```")[0]
    (tmp_path / "x.hffp").write_bytes(fingerprint_bytes(a_print()))
    monkeypatch.chdir(tmp_path)
    names: dict[str, Any] = {}
    exec(lines, names)
    assert np.array_equal(names["arrays"]["pictures.hashes"], a_print().pictures.hashes)
    assert np.array_equal(names["arrays"]["points.places"], a_print().points.places)


def test_the_page_names_every_array_of_the_format() -> None:
    page = Path("docs/formats/fingerprint.md").read_text("utf-8")
    _, arrays = parse_arrays(fingerprint_bytes(a_print()), "x")
    assert [name for name in arrays if f"`{name}`" not in page] == []


def _sense(found: Fingerprint) -> bool:
    """Whether all that it says can be written again and reaches no further than what it holds."""
    return same(parse_fingerprint(fingerprint_bytes(found)), found) and not found.reaches_beyond_reason()


SMALL = fingerprint_bytes(a_print(pictures=3, frames=6, looks=1, points=2, sounds=4))
HEAD_BYTES = 16 + int.from_bytes(SMALL[8:16], "little")


@pytest.mark.slow
@pytest.mark.parametrize("bits", [0x01, 0x10, 0x80, 0xFF])
def test_whatever_byte_of_a_head_is_flipped_it_is_refused_or_still_makes_sense(bits: int) -> None:
    for place in range(HEAD_BYTES):
        data = bytearray(SMALL)
        data[place] ^= bits
        with contextlib.suppress(BadRecord):
            assert _sense(parse_fingerprint(data)), place
        with contextlib.suppress(BadRecord):
            assert read_recipe(io.BytesIO(data)) >= 0, place


def test_a_fingerprint_that_is_cut_short_anywhere_is_refused() -> None:
    for length in range(len(SMALL)):
        with pytest.raises(BadRecord):
            parse_fingerprint(SMALL[:length])
        with pytest.raises(BadRecord):
            read_recipe(io.BytesIO(SMALL[:length]))


@pytest.mark.slow
@settings(deadline=None, max_examples=400)
@given(st.sampled_from(range(16, HEAD_BYTES)), st.sampled_from(["9", "99999999", "4611686018427387904", "-1", "1e99"]))
def test_absurd_numbers_put_into_a_head_take_no_memory(place: int, digits: str) -> None:
    line = SMALL[16:place] + digits.encode() + SMALL[place:HEAD_BYTES]
    before = -(-(16 + len(line)) // 64) * 64
    start = -(-HEAD_BYTES // 64) * 64
    data = SMALL[:8] + len(line).to_bytes(8, "little") + line + bytes(before - 16 - len(line)) + SMALL[start:]
    tracemalloc.start()
    try:
        with contextlib.suppress(BadRecord):
            assert _sense(parse_fingerprint(data))
        assert tracemalloc.get_traced_memory()[1] < 2_000_000
    finally:
        tracemalloc.stop()


ABSURD: list[dict[str, Any]] = [
    {"duration": "999999999999"},
    {"duration": str(1 << 62)},
    {"times": {"frames.times": {"count": 50, "first": 0, "step": [1 << 54, 1, 0]}}},
    {"times": {"points.times": {"count": 3, "first": 1 << 60, "step": [1, 1, 0]}}},
]


@pytest.mark.parametrize("change", ABSURD)
def test_a_film_of_a_few_pictures_and_ten_thousand_years_is_refused(change: dict[str, Any]) -> None:
    head, arrays = parse_arrays(fingerprint_bytes(a_print()), "x")
    change = {**change, "times": head["times"] | change.get("times", {})}
    with pytest.raises(BadRecord, match="reach beyond what it can tell of"):
        parse_fingerprint(arrays_bytes(head | change, arrays))


def test_a_silent_day_of_one_picture_and_a_month_of_a_camera_are_read() -> None:
    parse_fingerprint(fingerprint_bytes(replace(a_print(pictures=1), duration=Fraction(86_400))))
    month = FrameTrack(np.arange(2_678_400) * 1_000_000, np.zeros(2_678_400, np.uint8), np.empty(0, np.int32))
    parse_fingerprint(fingerprint_bytes(replace(a_print(), duration=Fraction(2_678_400), frames=month)))


def test_the_recipe_is_read_from_the_head_alone() -> None:
    made = replace(a_print(), extra={"recipe": 7})
    assert made.recipe == 7
    data = bytearray(fingerprint_bytes(made))
    data[-1] ^= 1
    assert read_recipe(io.BytesIO(data)) == 7
    assert read_recipe(io.BytesIO(fingerprint_bytes(a_print()))) == 1
    for lie in ("2", -1, True, None, 1.5):
        assert replace(a_print(), extra={"recipe": lie}).recipe == 0
