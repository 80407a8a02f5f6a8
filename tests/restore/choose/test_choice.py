"""The choice over the line: exact boundaries, gaps told, no restless changes, damage routed around, reasons given."""

from __future__ import annotations

from fractions import Fraction

import pytest

from holdfast.model.edit import Edit, EditList, Placement
from holdfast.model.time import Span
from holdfast.restore.choose.choice import chosen, numbers_of
from holdfast.restore.choose.quality import PictureQuality, Quality, SoundQuality

PACE = Fraction(2)
LENGTH = Fraction(40)


def placed(
    source: str, start: float, end: float, *, seen: bool = True, heard: bool = True, probability: float = 1.0
) -> Placement:
    span = Span(Fraction(start), Fraction(end))
    copy = Span(Fraction(0), span.duration)
    return Placement(source * 128, copy, span, seen=seen, heard=heard, probability=probability)


def rated(*picture: float | None, sound: float | None = 0.8, detail: float = 200.0, lost: float = 0.0) -> Quality:
    """Twenty stretches; the last figure goes on to the end."""
    row = [*picture, *[picture[-1]] * (20 - len(picture))]
    return Quality(
        PACE,
        tuple(None if each is None else PictureQuality(each, detail, 240, lost=lost) for each in row),
        (None if sound is None else SoundQuality(sound, 12_000, -60),) * 20,
    )


def shown(edits: tuple[Edit, ...]) -> list[tuple[Fraction, Fraction, str]]:
    """Pictures, those of one copy put together."""
    found: list[tuple[Fraction, Fraction, str]] = []
    for edit in edits:
        source = edit.picture[0].source[0] if edit.picture else "-"
        if found and found[-1][2] == source:
            found[-1] = (found[-1][0], edit.asset.end, source)
        else:
            found.append((edit.asset.start, edit.asset.end, source))
    return found


def test_the_nearer_copy_is_taken_where_it_reaches_and_the_other_elsewhere() -> None:
    start, end = Fraction(10, 3), Fraction(65, 3)
    placements = [placed("a", 0, 40), placed("b", start, end)]
    edits = chosen(LENGTH, placements, [rated(0.6), rated(0.9)])
    assert shown(edits) == [(0, start, "a"), (start, end, "b"), (end, 40, "a")]


def test_the_edits_make_an_edit_list_and_gaps_have_no_takes() -> None:
    edits = chosen(LENGTH, [placed("a", 5, 12.5)], [rated(0.6)])
    whole = EditList("x", "", LENGTH, True, (320, 240), Fraction(25), edits)
    assert whole.gaps == (Span(Fraction(0), Fraction(5)), Span(Fraction(25, 2), Fraction(40)))
    assert whole.gaps_of_sound == whole.gaps


def test_nothing_found_is_one_gap() -> None:
    assert chosen(LENGTH, [], []) == (Edit(Span(Fraction(0), LENGTH)),)


def test_a_moment_of_better_picture_is_not_worth_two_changes() -> None:
    placements = [placed("a", 0, 40), placed("b", 0, 40)]
    restless = rated(0.7, 0.7, 0.78, 0.7)
    assert shown(chosen(LENGTH, placements, [rated(0.72), restless])) == [(0, 40, "a")]


def test_a_lasting_gain_is_taken_at_the_cut_near_it() -> None:
    placements = [placed("a", 0, 40), placed("b", 0, 40)]
    qualities = [rated(*[0.8] * 10, 0.5), rated(*[0.75] * 10, 0.8)]
    assert shown(chosen(LENGTH, placements, qualities)) == [(0, 20, "a"), (20, 40, "b")]
    cut = Fraction(37, 2)
    assert shown(chosen(LENGTH, placements, qualities, cuts=[cut])) == [(0, cut, "a"), (cut, 40, "b")]


def test_the_sound_stays_with_its_picture_unless_another_is_better_by_more_than_a_shade() -> None:
    placements = [placed("a", 0, 40), placed("b", 0, 40)]
    edits = chosen(LENGTH, placements, [rated(0.9, sound=0.80), rated(0.6, sound=0.81)])
    assert edits[0].sound[0].source == placements[0].source
    edits = chosen(LENGTH, placements, [rated(0.9, sound=0.60), rated(0.6, sound=0.81)])
    assert edits[0].picture[0].source == placements[0].source
    assert edits[0].sound[0].source == placements[1].source


def test_a_muted_copy_gives_its_picture_and_another_the_sound() -> None:
    placements = [placed("a", 0, 40, heard=False), placed("b", 0, 40, seen=False)]
    (edit,) = chosen(LENGTH, placements, [rated(0.9), rated(0.9)])
    assert (edit.picture[0].source, edit.sound[0].source) == (placements[0].source, placements[1].source)


def test_a_copy_that_cannot_be_read_is_left_out() -> None:
    placements = [placed("a", 0, 40), placed("b", 0, 40)]
    gone = Quality(PACE, problem="its file has vanished")
    assert shown(chosen(LENGTH, placements, [gone, rated(0.3)])) == [(0, 40, "b")]


def test_where_nothing_of_a_copy_could_be_decoded_another_is_taken() -> None:
    placements = [placed("a", 0, 40), placed("b", 0, 40)]
    torn = rated(*[0.9] * 5, None, None, 0.9)
    assert (10, 14, "b") in shown(chosen(LENGTH, placements, [torn, rated(0.4)]))


def test_a_doubtful_placement_must_be_much_better_to_be_taken() -> None:
    placements = [placed("a", 0, 40, probability=0.6), placed("b", 0, 40)]
    edits = chosen(LENGTH, placements, [rated(0.9), rated(0.7)])
    assert shown(edits) == [(0, 40, "b")]
    assert chosen(LENGTH, placements[:1], [rated(0.9)])[0].confidence == 0.6


def test_further_takes_are_those_that_reach_over_all_and_are_not_much_worse() -> None:
    placements = [placed("a", 0, 40), placed("b", 0, 20), placed("c", 0, 40), placed("d", 0, 40)]
    qualities = [rated(0.9), rated(0.85), rated(0.3), rated(0.88, lost=0.7)]
    edits = chosen(LENGTH, placements, qualities)
    assert [(edit.asset.start, [take.source[0] for take in edit.picture]) for edit in edits] == [
        (0, ["a", "b"]),
        (20, ["a"]),
    ]
    assert all(len(edit.picture) == 1 for edit in chosen(LENGTH, placements, qualities, consensus=False))


def test_two_placements_on_one_line_of_a_copy_are_no_change() -> None:
    first = Placement("a" * 128, Span(Fraction(0), Fraction(20)), Span(Fraction(0), Fraction(20)))
    second = Placement("a" * 128, Span(Fraction(20), Fraction(40)), Span(Fraction(20), Fraction(40)))
    other = placed("b", 0, 40)
    edits = chosen(LENGTH, [first, second, other], [rated(0.8), rated(0.8), rated(0.81)])
    assert {name for _, _, name in shown(edits)} in ({"a"}, {"b"})


def test_reasons_name_copies_by_the_order_in_which_they_stand() -> None:
    placements = [placed("a", 0, 10), placed("b", 0, 40), placed("a", 20, 30)]
    assert numbers_of(placements) == {"a" * 128: 1, "b" * 128: 2}
    edits = chosen(LENGTH, placements, [rated(0.5, detail=100), rated(0.9, detail=220), rated(0.5, detail=100)])
    assert edits[0].picture[0].reason == "copy 2: twice the detail of copy 1."
    rated_so = [rated(0.5, detail=100), rated(0.9, detail=220), rated(0.5, detail=100)]
    named = chosen(LENGTH, placements, rated_so, names={"a" * 128: "tape.avi", "b" * 128: "лодка.mp4"})
    assert named[0].picture[0].reason == "лодка.mp4: twice the detail of tape.avi."
    assert "the only copy" in edits[-1].picture[0].reason


def test_a_copy_is_not_called_the_only_one_where_another_covers_a_part_of_its_stretch() -> None:
    placements = [placed("a", 0, 40), placed("b", 11, 15)]
    for consensus in (True, False):
        edits = chosen(LENGTH, placements, [rated(0.9), rated(0.7)], consensus=consensus)
        inside = next(edit for edit in edits if edit.asset.start <= 12 < edit.asset.end)
        assert "the only copy" not in inside.picture[0].reason
        assert "the only copy" not in inside.sound[0].reason


def test_no_take_of_a_consensus_is_called_the_only_copy() -> None:
    (edit,) = chosen(LENGTH, [placed("a", 0, 40), placed("b", 0, 40)], [rated(0.9), rated(0.895)])
    assert [take.reason for take in edit.picture] == [
        "copy 1: as good as any other copy here.",
        "copy 2: combined with copy 1.",
    ]


def test_a_copy_is_not_held_against_itself_where_it_shows_a_stretch_twice() -> None:
    twice = Placement("a" * 128, Span(Fraction(50), Fraction(60)), Span(Fraction(10), Fraction(20)))
    edits = chosen(LENGTH, [placed("a", 0, 40), twice], [rated(0.9, detail=200), rated(0.5, detail=90)])
    assert {edit.picture[0].reason for edit in edits} == {"copy 1: the only copy of this stretch."}


def test_there_must_be_a_quality_for_every_placement() -> None:
    with pytest.raises(ValueError, match="zip"):
        chosen(LENGTH, [placed("a", 0, 40)], [])
