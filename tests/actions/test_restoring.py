"""The parts of a restoration that decide by themselves: shifts of segments, sizes and rates of what is made."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any, ClassVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfast.actions.apart import Apart
from holdfast.actions.looking import fingerprint_of
from holdfast.actions.restoring import PLACED, REGISTERED, Source, Wish, build_body, plan_body, shifted
from holdfast.actions.writing import write as write_print
from holdfast.errors import DiskFull, StorageRefused
from holdfast.formats.fingerprint import fingerprint_bytes
from holdfast.jobs.line import Line
from holdfast.media import frames
from holdfast.model.edit import Edit, EditList, Placement, Take
from holdfast.model.match import Segment
from holdfast.model.time import Span
from holdfast.testing.films import film_plan, write_film
from tests.media.films import clicks, steady, write

RATE = Fraction(26, 25)


def segment(start: Fraction, end: Fraction) -> Segment:
    copy = Span(Fraction(2), Fraction(2) + (end - start) / RATE)
    return Segment(copy, Span(start, end), RATE, seen=True, heard=True, probability=1.0)


@given(st.fractions(0, 50), st.fractions(1, 50), st.fractions(-60, 60))
def test_a_shifted_segment_shows_the_same_of_the_copy_later(start: Fraction, length: Fraction, by: Fraction) -> None:
    given_ = segment(start, start + length)

    found = shifted([given_], by)

    if start + length + by <= 0:
        assert found == ()
        return
    (one,) = found
    assert one.asset.start >= 0
    assert one.asset.end == given_.asset.end + by
    assert one.copy.end == given_.copy.end
    assert (one.asset.end - one.asset.start) == (one.copy.end - one.copy.start) * RATE


@pytest.mark.slow
def test_copies_that_show_the_same_are_laid_out_when_nothing_else_survives(tmp_path: Path) -> None:
    film = write_film(film_plan(41, 6, (320, 180)), tmp_path / "copy.mp4")
    whole = Span(Fraction(0), Fraction(6))
    one = Segment(whole, whole, Fraction(1), seen=True, heard=True, probability=0.999)
    names = ("aa" * 64, "bb" * 64)
    sources = tuple(
        Source(name, f"{name[:2]}.mp4", film, Fraction(6), (), {other: (one,)}, is_anchor=name == names[0])
        for name, other in (names, names[::-1])
    )

    planned = plan_body({"wish": Wish("k7m2x9qd4htbr", "Ferry", sources), "consensus": False}, Line(str(tmp_path)))

    edits = planned.edits
    assert (edits.duration, edits.is_duration_known) == (6, False)
    assert (edits.size, edits.frame_rate) == ((320, 180), 25)
    assert edits.gaps == ()


class Heard(Line):
    """A line that remembers what was told."""

    told: ClassVar[list[float]] = []

    def tell(self, fraction: float) -> None:
        self.told.append(fraction)


def planned_of(folder: Path, copies: dict[str, tuple[Path, int]], common: int) -> EditList:
    """The plan of two copies of so many seconds, the first `common` of which they share; the first is the anchor."""
    (one, _), (other, _) = names = [(letter * 128, letter) for letter in copies]
    both = Span(Fraction(0), Fraction(common))
    shared = (Segment(both, both, Fraction(1), seen=True, heard=True, probability=0.999),)
    sources = tuple(
        Source(
            name, f"{letter}.mkv", *_length(copies[letter]), (), {other if name == one else one: shared}, name == one
        )
        for name, letter in names
    )
    planned = plan_body({"wish": Wish("k7m2x9qd4htbr", "Ferry", sources), "consensus": False}, Line(str(folder)))
    return planned.edits


def _length(copy: tuple[Path, int]) -> tuple[Path, Fraction]:
    return copy[0], Fraction(copy[1])


@pytest.mark.slow
def test_copies_of_two_frame_rates_give_the_rate_of_most_seconds_and_none_between(tmp_path: Path) -> None:
    short = write(tmp_path / "a.mkv", steady(Fraction(25), Fraction(4)), rate=Fraction(25))
    long = write(tmp_path / "b.mkv", steady(Fraction(30), Fraction(7)), rate=Fraction(30))

    assert planned_of(tmp_path, {"a": (short, 4), "b": (long, 7)}, 4).frame_rate == 30
    assert planned_of(tmp_path, {"b": (long, 7), "a": (short, 4)}, 4).frame_rate == 30


@pytest.mark.slow
def test_a_copy_whose_sound_begins_before_its_picture_has_the_size_of_its_picture(tmp_path: Path) -> None:
    times = [Fraction(1) + time for time in steady(Fraction(25), Fraction(4))]
    one, other = (write(tmp_path / name, times, sound=clicks(Fraction(5))) for name in ("a.mkv", "b.mkv"))
    silent = write(tmp_path / "c.mkv", sound=clicks(Fraction(5)))

    assert planned_of(tmp_path, {"a": (one, 5), "b": (other, 5)}, 5).size == (320, 240)
    assert planned_of(tmp_path, {"a": (one, 5), "c": (silent, 5)}, 5).size == (320, 240)


@pytest.mark.slow
def test_a_copy_is_read_once_for_all_its_stretches_and_tells_how_far_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    film = write_film(film_plan(43, 12, (320, 180)), tmp_path / "copy.mp4")
    write_print(tmp_path / "work.hffp", fingerprint_bytes(fingerprint_of(film, "full", Line(str(tmp_path)))))
    opened: list[Path] = []

    class Counted(frames.Frames):
        def __init__(self, path: Path, **given: Any) -> None:
            opened.append(path)
            super().__init__(path, **given)

    monkeypatch.setattr(frames, "Frames", Counted)
    monkeypatch.setattr(Heard, "told", [])
    parts = [Span(Fraction(7), Fraction(12)), Span(Fraction(0), Fraction(5))]
    segments = tuple(Segment(one, one, Fraction(1), seen=True, heard=True, probability=0.999) for one in parts)
    source = Source("aa" * 64, "copy.mp4", film, Fraction(12), segments)
    wish = Wish("k7m2x9qd4htbr", "Ferry", (source,), work=tmp_path / "work.hffp")

    planned = plan_body({"wish": wish, "consensus": False}, Heard(str(tmp_path)))

    assert opened == [film, film]  # a glance at it, and the pass
    assert [gap.duration for gap in planned.edits.gaps] == [2]
    registering = [share for share in Heard.told if PLACED < share < REGISTERED]
    assert len(registering) > 50
    assert registering == sorted(registering)


def built_at(folder: Path, target: Path) -> None:
    """Build a film of one copy at `target`, in a process of its own as restoring does."""
    film = write(folder / "copy.mkv", steady(Fraction(25), Fraction(2)), sound=clicks(Fraction(2)))
    whole = Span(Fraction(0), Fraction(2))
    takes = (Take(Placement("aa" * 64, whole, whole)),)
    edits = EditList(
        "k7m2x9qd4htbr", "Ferry", Fraction(2), True, (320, 240), Fraction(25), (Edit(whole, takes, takes),)
    )
    wish = Wish("k7m2x9qd4htbr", "Ferry", (Source("aa" * 64, "copy.mkv", film, Fraction(2)),))
    args = {"path": "Ferry", "wish": wish, "edits": edits, "target": str(target), "consensus": False}
    with Apart() as apart:
        apart.submit(build_body, args).result()


@pytest.mark.slow
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no disk that is always full")
def test_a_disk_that_is_full_is_told_as_that_and_nothing_is_left(tmp_path: Path) -> None:
    target = tmp_path / "film.mkv"
    target.symlink_to("/dev/full")

    with pytest.raises(DiskFull) as told:
        built_at(tmp_path, target)

    assert told.value.values == {"place": tmp_path, "name": "film.mkv"}
    assert not target.is_symlink()


@pytest.mark.slow
def test_a_place_that_cannot_be_written_to_is_told_as_that(tmp_path: Path) -> None:
    with pytest.raises(StorageRefused) as told:
        built_at(tmp_path, tmp_path / "gone" / "film.mkv")

    assert "No such file" in str(told.value)
