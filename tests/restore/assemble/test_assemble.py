"""A reconstruction shows the right frame at every moment, in sync, and says what it could not do."""

from __future__ import annotations

import hashlib
from concurrent.futures import CancelledError
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from holdfast.formats.captions import Cue
from holdfast.media.probe import probe
from holdfast.model.edit import Edit, EditList, Take
from holdfast.model.match import Geometry
from holdfast.restore.assemble import Assembled, assemble
from tests.restore.assemble.numbered import (
    PAL,
    SIZE,
    F,
    both,
    digest,
    edit_list,
    frames_of,
    heard_ticks,
    lying,
    number_of,
    sound_of,
    span,
    ticks,
    write,
)

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """`a` is the work, frames 0 to 199; `b` begins 2 s earlier with something else, and is 10 s long."""
    place = tmp_path_factory.mktemp("copies")
    write(place / "a.mkv", range(200), ticks(F(8)))
    silence = np.zeros((2, 96000), np.float32)
    write(place / "b.mkv", [4000] * 50 + list(range(200)), np.concatenate([silence, ticks(F(8)) * 0.5], axis=1))
    return place


def paths(folder: Path, letters: str = "ab") -> dict[str, Path]:
    return {digest(letter): folder / f"{letter}.mkv" for letter in letters}


A = lying("a", span(0, 8))
B = lying("b", span(2, 10), span(0, 8))


def numbers(path: Path, count: int, rate: Fraction = PAL) -> list[int]:
    return [-1 if picture is None else number_of(picture) for picture in frames_of(path, count, rate)]


def turns() -> EditList:
    """a, b, a, b: joins on frames and between them, and an edit that goes on."""
    return edit_list(
        both(span(0, 2), A),
        both(span(2, F(371, 100)), B),
        both(span(F(371, 100), 5), A),
        both(span(5, 6), A),
        both(span(6, 8), B),
    )


@pytest.fixture(scope="module")
def made(folder: Path) -> tuple[Path, Assembled]:
    target = folder / "turns.mkv"
    return target, assemble(turns(), paths(folder), target)


def test_frame_n_of_the_result_shows_frame_n_of_the_work(made: tuple[Path, Assembled]) -> None:
    target, told = made
    assert numbers(target, 200) == list(range(200))
    assert told.frame_count == 200
    assert told.notes == ()


def test_every_join_stands_at_its_frame_and_is_told(made: tuple[Path, Assembled]) -> None:
    joins = [(each.span.start, each.sources) for each in made[1].pictures]
    # Frame 92 is in its middle at 3.70 s, frame 93 at 3.74 s: the join at 3.71 s lies between them.
    assert joins == [(0, (digest("a"),)), (2, (digest("b"),)), (F(93, 25), (digest("a"),)), (6, (digest("b"),))]


def test_ticks_are_heard_where_their_pictures_are_seen_through_all_joins(made: tuple[Path, Assembled]) -> None:
    heard = heard_ticks(sound_of(made[0], 8))
    assert len(heard) == 7
    assert all(abs(at - second) < 0.002 for at, second in zip(heard, range(1, 8), strict=True))
    assert made[1].sample_count == 8 * 48000


def test_the_quieter_copy_is_made_as_loud_as_the_better_one(made: tuple[Path, Assembled]) -> None:
    sound = sound_of(made[0], 8)
    levels = [float(np.abs(sound[:, int(at * 48000) : int((at + 0.4) * 48000)]).max()) for at in (0.3, 2.3, 4.3, 6.3)]
    assert max(levels) / min(levels) < 1.06


def test_the_same_inputs_give_the_same_bytes(made: tuple[Path, Assembled], folder: Path, tmp_path: Path) -> None:
    again = tmp_path / "another name.mkv"
    told = assemble(turns(), paths(folder), again)
    assert hashlib.sha256(again.read_bytes()).digest() == hashlib.sha256(made[0].read_bytes()).digest()
    assert told == made[1]


def test_the_result_is_ffv1_and_flac_of_24_bits_in_matroska(made: tuple[Path, Assembled]) -> None:
    found = probe(made[0])
    assert found.container == "matroska"
    assert [found.video[0].codec, found.audio[0].codec] == ["ffv1", "flac"]


def test_a_mirrored_copy_with_bars_comes_back_whole_and_in_its_place(folder: Path, tmp_path: Path) -> None:
    def changed(picture: np.ndarray) -> np.ndarray:
        framed = np.zeros((SIZE[1] + 40, SIZE[0] + 60, 3), np.uint8)
        framed[20:-20, 30:-30] = picture
        return np.ascontiguousarray(framed[:, ::-1])

    write(tmp_path / "c.mkv", range(50), change=changed)
    wide, high = SIZE[0] + 60, SIZE[1] + 40
    box = (30 / wide, 20 / high, (wide - 30) / wide, (high - 20) / high)
    matrix = (SIZE[0] / wide, 0.0, 30 / wide, 0.0, SIZE[1] / high, 20 / high, 0.0, 0.0, 1.0)
    placed = lying("c", span(0, 2), mirrored=True, geometry=Geometry(matrix, box=box))

    assemble(edit_list(both(span(0, 2), placed)), paths(tmp_path, "c"), tmp_path / "out.mkv")

    straight = frames_of(folder / "a.mkv", 50)
    for number, picture in enumerate(frames_of(tmp_path / "out.mkv", 50)):
        assert picture is not None
        assert number_of(picture) == number
        assert np.abs(picture.astype(int) - straight[number]).mean() < 3  # type: ignore[operator]


def test_what_a_crop_lost_is_filled_from_the_next_copy_or_stays_black(folder: Path, tmp_path: Path) -> None:
    cut = 24
    write(tmp_path / "c.mkv", range(50), change=lambda picture: picture[:, cut:])
    write(tmp_path / "a.mkv", range(50))
    share = cut / SIZE[0]
    scale = 1 / (1 - share)
    geometry = Geometry((scale, 0, -share * scale, 0, 1, 0, 0, 0, 1), shown=(share, 0, 1, 1))
    cropped = lying("c", span(0, 2), geometry=geometry)
    whole = lying("a", span(0, 2))

    alone = assemble(edit_list(both(span(0, 2), cropped)), paths(tmp_path, "c"), tmp_path / "alone.mkv")
    told = assemble(
        edit_list(both(span(0, 2), cropped, whole)), paths(tmp_path, "ca"), tmp_path / "out.mkv", consensus=False
    )

    for picture in frames_of(tmp_path / "alone.mkv", 50)[::10]:
        assert picture is not None
        assert picture[:, : cut - 2].max() < 12
    truth = frames_of(folder / "a.mkv", 50)
    for number, picture in enumerate(frames_of(tmp_path / "out.mkv", 50)):
        assert picture is not None
        assert np.abs(picture.astype(int) - truth[number]).mean() < 3  # type: ignore[operator]
    assert alone.pictures[0].sources == (digest("c"),)
    (given,) = told.pictures
    assert given.sources == (digest("c"), digest("a"))
    assert given.shares == pytest.approx((1 - share, share), abs=0.02)
    assert [row[0] for row in given.regions[1]] == [1.0] * 9
    assert [row[-1] for row in given.regions[1]] == [0.0] * 9


@pytest.mark.parametrize(("pitch", "tolerance"), [(None, 0.002), (F(25, 24), 0.002), (F(1), 0.01)])
def test_a_copy_that_ran_too_fast_comes_back_to_its_speed_and_pitch(
    tmp_path: Path, pitch: Fraction | None, tolerance: float
) -> None:
    # 24 frames a second of the work, shown at 25: the copy runs 25/24 as fast.
    fast = F(25, 24)
    at = np.arange(int(8 / fast * 48000)) / 48000 * float(fast)
    tone = 1500 if pitch == 1 else 1500 * float(fast)
    burst = (at % 1 < 0.02) & (at >= 1)
    real = np.arange(len(at)) / 48000
    sound = np.tile((0.5 * np.sin(2 * np.pi * tone * real) * burst).astype(np.float32), (2, 1))
    write(tmp_path / "c.mkv", range(192), sound)
    placed = lying("c", span(0, F(192, 25)), rate=fast, pitch=pitch)

    edit = edit_list(both(span(0, 8), placed), frame_rate=F(24))
    assemble(edit, paths(tmp_path, "c"), tmp_path / "out.mkv")

    assert numbers(tmp_path / "out.mkv", 192, F(24)) == list(range(192))
    heard = heard_ticks(sound_of(tmp_path / "out.mkv", 8))
    assert len(heard) == 7
    assert all(abs(begins - second) < tolerance for begins, second in zip(heard, range(1, 8), strict=True))


def test_a_gap_of_the_picture_is_a_slate_under_which_the_sound_runs_on(folder: Path, tmp_path: Path) -> None:
    edit = edit_list(both(span(0, 2), A), Edit(span(2, 5), (), (Take(A),)), both(span(5, 8), B))
    words = [Cue(span(3, 4), "The river was high")]
    told = assemble(edit, paths(folder), tmp_path / "out.mkv", captions=words)

    shown = frames_of(tmp_path / "out.mkv", 200)
    slates = shown[50:125]
    assert [number_of(each) for each in (*shown[:50], *shown[125:]) if each is not None] == [
        *range(50),
        *range(125, 200),
    ]
    assert all(each is not None and np.median(each) < 30 and each.max() > 120 for each in slates)
    assert np.array_equal(slates[0], slates[20])  # type: ignore[arg-type]
    low = int(SIZE[1] * 0.85)
    assert slates[30][low:].max() > 150 > slates[60][low:].max()  # type: ignore[index]  # the caption of 3 s to 4 s
    assert [each.sources for each in told.pictures] == [(digest("a"),), (), (digest("b"),)]
    assert len(heard_ticks(sound_of(tmp_path / "out.mkv", 8))) == 7


def test_a_vanished_copy_is_named_and_routed_around(folder: Path, tmp_path: Path) -> None:
    there = paths(folder) | {digest("c"): tmp_path / "gone.mkv"}
    gone = lying("c", span(0, 8))
    edit = edit_list(both(span(0, 3), gone, B), both(span(3, 5), gone), both(span(5, 8), A))

    told = assemble(edit, there, tmp_path / "out.mkv", consensus=False)

    assert numbers(tmp_path / "out.mkv", 75) == list(range(75))
    assert numbers(tmp_path / "out.mkv", 200)[125:] == list(range(125, 200))
    assert [each.sources for each in told.pictures] == [(digest("b"),), (), (digest("a"),)]
    assert len(told.notes) == 2
    assert all(note.startswith("third.mkv: ") for note in told.notes)


def test_a_copy_that_breaks_off_is_followed_by_the_next_one(folder: Path, tmp_path: Path) -> None:
    whole = (folder / "a.mkv").read_bytes()
    (tmp_path / "c.mkv").write_bytes(whole[: len(whole) // 2])
    there = paths(folder) | {digest("c"): tmp_path / "c.mkv"}
    edit = edit_list(both(span(0, 8), lying("c", span(0, 8)), B))

    told = assemble(edit, there, tmp_path / "out.mkv", consensus=False)

    assert [abs(number - seen) for number, seen in enumerate(numbers(tmp_path / "out.mkv", 200))].count(0) >= 192
    assert [each.sources for each in told.pictures] == [(digest("c"),), (digest("b"),)]
    assert len(heard_ticks(sound_of(tmp_path / "out.mkv", 8))) == 7
    assert any(note.startswith("third.mkv: ") for note in told.notes)


def test_a_hole_in_a_copy_is_filled_from_the_next_one_and_told_once(folder: Path, tmp_path: Path) -> None:
    data = bytearray(write(tmp_path / "c.mp4", range(200), ticks(F(8))).read_bytes())
    first, end = len(data) // 3, len(data) * 2 // 3
    data[first:end] = bytes(end - first)
    (tmp_path / "c.mp4").write_bytes(data)
    there = paths(folder) | {digest("c"): tmp_path / "c.mp4"}

    told = assemble(
        edit_list(both(span(0, 8), lying("c", span(0, 8)), B)), there, tmp_path / "out.mkv", consensus=False
    )

    assert [each.sources for each in told.pictures] == [(digest("c"),), (digest("b"),), (digest("c"),)]
    (note,) = (note for note in told.notes if "stands still" in note)
    assert note.startswith("third.mkv: it is damaged and its picture stands still there, another copy was used (")


def test_bytes_that_are_no_film_become_a_gap_and_a_note(tmp_path: Path) -> None:
    (tmp_path / "a.mkv").write_bytes(b"no film at all " * 400)
    told = assemble(edit_list(both(span(0, 1), A)), paths(tmp_path, "a"), tmp_path / "out.mkv")
    assert told.pictures[0].sources == ()
    assert any(note.startswith("first.mkv: ") for note in told.notes)


def test_stopping_leaves_nothing_behind(folder: Path, tmp_path: Path) -> None:
    asked = iter(range(1000))
    with pytest.raises(CancelledError):
        assemble(turns(), paths(folder), tmp_path / "out.mkv", should_stop=lambda: next(asked) > 60)
    assert list(tmp_path.iterdir()) == []


def test_a_work_without_pictures_becomes_sound_alone(folder: Path, tmp_path: Path) -> None:
    edit = edit_list(Edit(span(0, 3), (), (Take(A),)), size=(0, 0))
    told = assemble(edit, paths(folder), tmp_path / "out.mkv")
    assert (told.frame_count, told.sample_count) == (0, 3 * 48000)
    found = probe(tmp_path / "out.mkv")
    assert found.video == ()
    assert [track.codec for track in found.audio] == ["flac"]


def test_progress_is_told_up_to_the_end(folder: Path, tmp_path: Path) -> None:
    told: list[float] = []
    assemble(edit_list(both(span(0, 1), A)), paths(folder), tmp_path / "out.mkv", on_progress=told.append)
    assert told == sorted(told)
    assert told[-1] == 1.0


def test_progress_is_told_while_copies_are_compared_before_the_first_frame(folder: Path, tmp_path: Path) -> None:
    told: list[float] = []
    edit = edit_list(both(span(0, 1), A, B), both(span(1, 2), B, A))
    assemble(edit, paths(folder), tmp_path / "out.mkv", on_progress=told.append)
    assert told == sorted(told)
    assert len([share for share in told if share < 0.1]) > 10
