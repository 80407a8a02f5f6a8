"""Copies of a work of which nothing else survives are laid out against each other."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from holdfast.restore.timeline.inferred import inferred
from holdfast.restore.timeline.line import Alignment, Copy, StillHit, TimeLine
from holdfast.testing.scattered import judged, scattered
from tests.restore.timeline.graphs import aligned, copies, segment, told

PAL = Fraction(25, 24)


def test_copies_that_overlap_in_a_chain_are_one_line() -> None:
    line = inferred(
        copies(a=60, b=50, c=40),
        [aligned("a", "b", segment(20, 60, 0)), aligned("b", "c", segment(30, 50, 0))],
    )
    assert told(line) == {"a": [(0, 60, 0)], "b": [(0, 50, 20)], "c": [(0, 40, 50)]}
    assert (line.duration, line.is_duration_known, line.left_out) == (90, False, ())
    assert line.doubts == ("How long the work was is not known: the line is what was found of it.",)


def test_an_alignment_says_the_same_from_either_side() -> None:
    line = inferred(copies(a=60, b=50), [aligned("b", "a", segment(0, 40, 20))])
    assert told(line) == {"a": [(0, 60, 0)], "b": [(0, 50, 20)]}


ADVERT = [
    aligned("a", "b", segment(0, 20, 0), segment(30, 60, 20)),
    aligned("a", "c", segment(0, 20, 0), segment(30, 60, 20)),
    aligned("b", "c", segment(0, 50, 0)),
]


def test_what_two_copies_pass_over_was_put_into_the_third() -> None:
    line = inferred(copies(a=60, b=50, c=50), ADVERT)
    assert told(line) == {"a": [(0, 20, 0), (30, 60, 20)], "b": [(0, 50, 0)], "c": [(0, 50, 0)]}
    assert line.duration == 50
    assert "10.0 s of a were left out" in line.doubts[0]


def test_what_two_copies_show_was_taken_out_of_the_third() -> None:
    taken_out = [
        aligned("a", "b", segment(0, 20, 0), segment(30, 60, 20)),
        aligned("a", "c", segment(0, 60, 0)),
        aligned("b", "c", segment(0, 20, 0), segment(20, 50, 30)),
    ]
    line = inferred(copies(a=60, b=50, c=60), taken_out)
    assert told(line) == {"a": [(0, 60, 0)], "b": [(0, 20, 0), (20, 50, 30)], "c": [(0, 60, 0)]}


@pytest.mark.parametrize(
    ("listed", "a", "says"),
    [
        (None, [(0, 60, 0)], "10.0 s that a show and b do not were kept."),
        (60, [(0, 60, 0)], "were kept, for so it is as long as the listing says."),
        (50, [(0, 20, 0), (30, 60, 20)], "were taken for inserted, for so it is as long as the listing says."),
    ],
)
def test_where_copies_are_one_against_one_the_listing_decides_or_it_is_kept(
    listed: int | None, a: list[tuple[float, ...]], says: str
) -> None:
    line = inferred(copies(a=60, b=50), ADVERT[:1], listed=None if listed is None else Fraction(listed))
    assert told(line)["a"] == a
    assert line.is_duration_known is (listed is not None)
    assert line.doubts[0].endswith(says)


def test_a_stretch_that_nobody_is_sure_of_is_not_called_probable() -> None:
    line = inferred(copies(a=60, b=50), ADVERT[:1])
    assert [each.probability for each in line.placements if each.source == "a"] == [0.97, 0.5, 0.97]


def test_another_clip_of_the_same_length_is_not_placed_where_two_copies_know_better() -> None:
    other = [segment(0, 20, 0), segment(30, 60, 30)]
    pairs = [aligned("a", "b", *other), aligned("a", "c", *other), aligned("b", "c", segment(0, 60, 0))]
    line = inferred(copies(a=60, b=60, c=60), pairs)
    assert told(line) == {"a": [(0, 20, 0), (30, 60, 30)], "b": [(0, 60, 0)], "c": [(0, 60, 0)]}
    assert "10.0 s of a were left out: they are as long as what others show there" in line.doubts[0]


def test_a_hole_that_recognition_left_between_two_copies_is_kept() -> None:
    line = inferred(copies(a=60, b=60), [aligned("a", "b", segment(0, 20, 0), segment(30, 60, 30))])
    assert told(line) == {"a": [(0, 60, 0)], "b": [(0, 60, 0)]}


def test_most_copies_decide_which_speed_is_the_right_one() -> None:
    pairs = [
        aligned("a", "b", segment(0, 500, 100)),
        aligned("a", "c", segment(0, 480, 0, PAL)),
        aligned("b", "c", segment(100, 580, 0, PAL)),
    ]
    line = inferred(copies(a=500, b=600, c=480), [pairs[0], _turned(pairs[1]), _turned(pairs[2])])
    rates = {each.source: each.rate for each in line.placements}
    assert rates == {"a": 1, "b": 1, "c": PAL}
    assert line.duration == 600


def _turned(alignment: Alignment) -> Alignment:
    """c runs faster than its partners: seconds of c against those of the other."""
    rows = [segment(0, 480, float(each.copy.start), PAL) for each in alignment.segments]
    return Alignment(alignment.b, alignment.a, tuple(rows))


@pytest.mark.parametrize(("listed", "rate"), [(600, PAL), (576, 1)])
def test_one_against_one_the_listing_decides_which_speed_is_right(listed: int, rate: Fraction) -> None:
    line = inferred(copies(a=600, b=576), [aligned("b", "a", segment(0, 576, 0, PAL))], listed=Fraction(listed))
    assert {each.source: each.rate for each in line.placements}["b"] == rate
    assert line.duration == listed


def test_without_a_listing_the_slower_speed_is_taken_and_television_named() -> None:
    line = inferred(copies(a=600, b=576), [aligned("b", "a", segment(0, 576, 0, PAL))])
    assert (line.duration, "television at 25 pictures" in line.doubts[0]) == (600, True)


def test_a_trailer_where_others_go_on_is_left_out() -> None:
    line = inferred(
        copies(a=40, b=100, c=100),
        [
            aligned("a", "b", segment(0, 30, 20)),
            aligned("a", "c", segment(0, 30, 20)),
            aligned("b", "c", segment(0, 100, 0)),
        ],
    )
    assert told(line)["a"] == [(0, 30, 20)]


def test_a_title_before_which_others_begin_is_kept_and_doubted() -> None:
    line = inferred(
        copies(a=108, b=100, c=100),
        [
            aligned("a", "b", segment(8, 108, 0)),
            aligned("a", "c", segment(8, 108, 0)),
            aligned("b", "c", segment(0, 100, 0)),
        ],
    )
    assert told(line) == {"a": [(0, 108, 0)], "b": [(0, 100, 8)], "c": [(0, 100, 8)]}
    assert "8.0 s at an end of a were kept: b, c stop there" in line.doubts[0]


def test_a_title_that_makes_it_longer_than_listed_is_left_out() -> None:
    line = inferred(copies(a=108, b=100), [aligned("a", "b", segment(8, 108, 0))], listed=Fraction(100))
    assert told(line) == {"a": [(8, 108, 0)], "b": [(0, 100, 0)]}


def test_a_scene_that_a_copy_shows_twice_lies_once_on_the_line() -> None:
    line = inferred(copies(a=60, b=50), [aligned("a", "b", segment(0, 30, 0), segment(30, 60, 20))])
    assert told(line)["b"] == [(0, 50, 0)]
    assert told(line)["a"] == [(0, 30, 0), (30, 60, 20)]


def test_two_copies_outvote_one_whose_scenes_changed_places() -> None:
    moved = [segment(0, 20, 0), segment(20, 35, 40), segment(35, 55, 20), segment(55, 90, 55)]
    line = inferred(
        copies(a=90, b=90, c=90),
        [aligned("a", "b", *moved), aligned("a", "c", *moved), aligned("b", "c", segment(0, 90, 0))],
    )
    assert told(line)["a"] == [(0, 20, 0), (20, 35, 40), (35, 55, 20), (55, 90, 55)]
    assert line.duration == 90


def test_a_match_by_chance_moves_nothing() -> None:
    chance = segment(2, 12, 30, probability=0.8)
    line = inferred(copies(a=60, b=50, c=50), [*ADVERT, aligned("b", "c", chance)])
    assert line.duration == 50
    assert told(line)["b"] == [(0, 50, 0)]


def test_errors_of_alignments_do_not_add_up_where_there_is_more_than_one_way() -> None:
    names = "abcdefgh"
    pairs = [
        aligned(names[i], names[j], segment(30 * (j - i), 100, 0.04 * (-1) ** (i + j)))
        for i in range(8)
        for j in range(i + 1, min(i + 4, 8))
    ]
    line = inferred([Copy(name, Fraction(100)) for name in names], pairs)
    for number, name in enumerate(names):
        (placed,) = told(line)[name]
        assert abs(placed[2] - 30 * number) <= 0.1


def test_copies_that_share_nothing_are_left_out_and_told_of() -> None:
    line = inferred(copies(a=60, b=50, c=500, d=300), [aligned("a", "b", segment(20, 60, 0))])
    assert line.left_out == ("c", "d")
    assert line.duration == 70


def test_the_group_that_a_person_recognised_is_the_line() -> None:
    rows = copies(A=60, b=50, c=500, d=480)
    line = inferred(rows, [aligned("A", "b", segment(20, 60, 0)), aligned("c", "d", segment(20, 500, 0))])
    assert (set(told(line)), line.left_out) == ({"A", "b"}, ("c", "d"))
    assert "c, d (8:20 together) share nothing with the others: where they lie is not known." in line.doubts


def test_stills_say_where_two_groups_lie_in_the_work() -> None:
    stills = [StillHit("a", Fraction(10), Fraction(110)), StillHit("c", Fraction(20), Fraction(420))]
    line = inferred(
        copies(a=60, b=50, c=80), [aligned("a", "b", segment(20, 60, 0))], listed=Fraction(600), stills=stills
    )
    assert told(line) == {"a": [(0, 60, 100)], "b": [(0, 50, 120)], "c": [(0, 80, 400)]}
    assert (line.duration, line.is_duration_known, line.left_out) == (600, True, ())


def test_what_the_listing_has_beyond_what_was_found_is_missing_somewhere() -> None:
    line = inferred(copies(a=60, b=50), [aligned("a", "b", segment(20, 60, 0))], listed=Fraction(90))
    assert (line.duration, line.is_duration_known) == (90, True)
    assert "0:20 of 1:30 no copy shows" in line.doubts[0]


def test_a_line_longer_than_listed_is_not_called_known() -> None:
    line = inferred(copies(a=60, b=60), [aligned("a", "b", segment(0, 60, 0))], listed=Fraction(30))
    assert (line.duration, line.is_duration_known) == (60, False)


def test_a_mirrored_copy_is_told_by_the_others() -> None:
    line = inferred(
        copies(a=60, b=60, c=60),
        [
            aligned("a", "b", segment(0, 60, 0, mirrored=True)),
            aligned("a", "c", segment(0, 60, 0, mirrored=True)),
            aligned("b", "c", segment(0, 60, 0)),
        ],
    )
    assert {each.source: each.mirrored for each in line.placements} == {"a": True, "b": False, "c": False}


def test_a_single_copy_is_its_own_line_and_none_is_empty() -> None:
    assert told(inferred(copies(a=60), [])) == {"a": [(0, 60, 0)]}
    assert inferred([], [], listed=Fraction(90)) == TimeLine(Fraction(90), True, ())


def test_hostile_alignments_are_passed_over_in_silence() -> None:
    bad = [
        aligned("a", "nobody", segment(0, 10, 0)),
        aligned("a", "a", segment(0, 10, 20)),
        aligned("a", "b", segment(5, 5, 0), segment(0, 30, 0, 1000), segment(0, 9, 0, probability=0)),
    ]
    assert inferred(copies(a=60, b=50), bad).left_out == ("b",)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10_000))
def test_placements_are_exact_and_lie_on_the_line(seed: int) -> None:
    world = scattered(seed)
    line = inferred(world.copies, world.alignments, listed=world.listed)
    lengths = {copy.digest: copy.duration for copy in world.copies}
    assert {each.source for each in line.placements} | set(line.left_out) == lengths.keys()
    for each in line.placements:
        assert 0 <= each.copy.start < each.copy.end <= lengths[each.source]
        assert 0 <= each.asset.start < each.asset.end <= line.duration
        assert each.asset_time(each.copy.end) == each.asset.end
    assert line == inferred(world.copies[::-1], world.alignments[::-1], listed=world.listed)


@pytest.mark.slow
def test_nearly_all_works_whose_copies_overlap_are_laid_out_right() -> None:
    worlds = [world for seed in range(5000, 5400) if not (world := scattered(seed)).is_open]
    right = [
        judged(world, inferred(world.copies, world.alignments, listed=world.listed)).is_right() for world in worlds
    ]
    assert sum(right) / len(right) >= 0.95
    assert len(right) > 100


@pytest.mark.slow
def test_copies_of_a_made_film_are_laid_out_as_the_film_was(tmp_path: Path) -> None:
    found, truth = made_copies(tmp_path)
    line = inferred(*found)
    assert line.left_out == ()
    for digest, rows in truth.items():
        placed = [each for each in line.placements if each.source == digest]
        for start, end, there, rate in rows:
            for at in (start + 1, (start + end) / 2, end - 1):
                said = [each.asset_time(at) for each in placed if each.copy.start <= at < each.copy.end]
                assert said, f"{digest} at {float(at)} lies nowhere"
                assert abs(said[0] - (there + rate * (at - start))) <= Fraction(1, 5)
    assert abs(line.duration - 56) <= Fraction(1, 5)


Truth = dict[str, list[tuple[Fraction, Fraction, Fraction, Fraction]]]


def made_copies(folder: Path) -> tuple[tuple[list[Copy], list[Alignment]], Truth]:
    """Four copies of a film, and what recognition says of each two; the truth begins where the first copy does.

    b runs at another speed, c has seven seconds of another film in it, and from d eight seconds were taken out.
    """
    pytest.importorskip("cv2")
    from holdfast.catalog.fingerprints.shelf import Shelf
    from holdfast.restore.fingerprint.look import look
    from holdfast.restore.fingerprint.make import fingerprint
    from holdfast.restore.match.recognize import identify
    from holdfast.testing.copies import Encoding, Film, Recipe, Shot, write_copy
    from holdfast.testing.films import film_plan, write_film

    work = Film(write_film(film_plan(21, 60, (320, 180)), folder / "work.mp4"), "work")
    other = Film(write_film(film_plan(22, 10, (320, 180)), folder / "other.mp4"))

    def shot(start: int, end: int, rate: Fraction | int = 1) -> Shot:
        length = Fraction(round((end - start) * 25 / Fraction(rate)), 25)
        return Shot(work, Fraction(start), length, Fraction(rate), "work")

    shots = {
        "a": [shot(2, 36)],
        "b": [shot(14, 58, PAL)],
        "c": [shot(8, 26), Shot(other, Fraction(1), Fraction(7)), shot(26, 50)],
        "d": [shot(4, 18), shot(26, 58)],
    }
    truth: Truth = {}
    paths = {}
    for digest, row in shots.items():
        size = (240, 136) if digest == "a" else (320, 180)
        paths[digest] = write_copy(Recipe(row, size, Fraction(25), encoding=Encoding()), folder / digest)
        at = Fraction(0)
        for each in row:
            if each.work:
                truth.setdefault(digest, []).append((at, at + each.length, each.start - 2, each.rate))
            at += each.length
    looks: dict[str, Any] = {digest: look(path, threads=1) for digest, path in paths.items()}
    known = {digest: fingerprint(path, threads=1) for digest, path in paths.items()}
    alignments = []
    for a in paths:
        for b in paths:
            if a < b:
                matches = identify(looks[a], Shelf.of([(b, known[b])])).matches
                alignments.append(Alignment(a, b, tuple(s for match in matches for s in match.segments)))
    return ([Copy(digest, known[digest].duration) for digest in paths], alignments), truth
