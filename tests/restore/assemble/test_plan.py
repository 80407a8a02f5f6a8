"""What is decided before anything is opened: frames, runs, fades, and whether one copy serves whole."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfast.model.edit import Edit, Take
from holdfast.model.match import Geometry
from holdfast.restore.assemble.plan import (
    RATE,
    frame_count,
    joins,
    middle,
    pieces_of_sound,
    runs_of_sound,
    whole_source,
    without_sources,
)
from tests.restore.assemble.numbered import F, both, digest, edit_list, lying, span

A, B = lying("a", span(0, 8)), lying("b", span(2, 10), span(0, 8))


@pytest.mark.parametrize(("duration", "frames"), [(F(8), 200), (F(801, 100), 200), (F(803, 100), 201), (F(1, 1000), 1)])
def test_a_frame_belongs_to_the_film_if_its_middle_does(duration: Fraction, frames: int) -> None:
    edit = edit_list(both(span(0, duration), lying("a", span(0, 20))))
    assert frame_count(edit) == frames


def test_the_middle_of_a_frame_is_half_a_frame_after_its_beginning() -> None:
    assert middle(0, F(30000, 1001)) == F(1001, 60000)


def test_edits_that_go_on_in_one_copy_are_one_run_of_sound() -> None:
    runs = runs_of_sound(edit_list(both(span(0, 2), A), both(span(2, 3), A), both(span(3, 8), B)))
    assert [run.span for run in runs] == [span(0, 3), span(3, 8)]


def test_a_jump_within_one_copy_is_a_join() -> None:
    later = lying("a", span(F(251, 100), 9), span(2, F(849, 100)))
    edit = edit_list(both(span(0, 2), A), both(span(2, 8), later))
    assert [at for _, _, at in joins(edit)] == [2]
    assert len(runs_of_sound(edit)) == 2


def test_two_copies_that_cover_the_join_are_faded_across_it() -> None:
    edit = edit_list(both(span(0, 3), A), both(span(3, 8), B))
    pieces = pieces_of_sound(runs_of_sound(edit), edit.duration)
    (across,) = [piece for piece in pieces if piece.fade == "across"]
    assert (across.first, across.end) == (3 * RATE - 960, 3 * RATE + 960)
    assert not [piece for piece in pieces if piece.fade in ("in", "out")]


def test_copies_that_end_at_the_join_fade_shortly_and_on_their_own_side() -> None:
    one, other = lying("a", span(0, 3)), lying("b", span(5, 10), span(3, 8))
    edit = edit_list(both(span(0, 3), one), both(span(3, 8), other))
    faded = [(piece.first, piece.end, piece.fade) for piece in pieces_of_sound(runs_of_sound(edit), F(8)) if piece.fade]
    assert faded == [(3 * RATE - 240, 3 * RATE, "out"), (3 * RATE, 3 * RATE + 240, "in")]


@given(st.lists(st.tuples(st.integers(1, 4000), st.sampled_from(["a", "b", ""])), min_size=1, max_size=12))
def test_the_pieces_of_sound_cover_every_sample_once(parts: list[tuple[int, str]]) -> None:
    edits, at = [], F(0)
    for millis, letter in parts:
        where = span(at, at + F(millis, 1000))
        edits.append(both(where, lying(letter, span(0, 60))) if letter else Edit(where))
        at = where.end
    edit = edit_list(*edits)
    pieces = pieces_of_sound(runs_of_sound(edit), edit.duration)
    end = 0
    for piece in pieces:
        assert piece.first == end
        end = piece.end
    assert end == round(at * RATE)


def test_an_edit_without_its_source_falls_to_the_next_take() -> None:
    edit = without_sources(edit_list(both(span(0, 4), A, B), both(span(4, 8), A)), {digest("a")})
    assert [take.source for take in edit.edits[0].picture] == [digest("b")]
    assert edit.gaps == (span(4, 8),)


def test_a_copy_that_serves_whole_and_untouched_is_named() -> None:
    assert whole_source(edit_list(both(span(0, 3), A), both(span(3, 8), A))) == digest("a")


@pytest.mark.parametrize(
    "edit",
    [
        edit_list(both(span(0, 8), B)),
        edit_list(both(span(0, 3), A), both(span(3, 8), B)),
        edit_list(both(span(0, 8), replace(A, mirrored=True))),
        edit_list(both(span(0, 8), replace(A, rotation=90))),
        edit_list(both(span(0, 8), replace(A, rate=F(25, 24)))),
        edit_list(both(span(0, 8), replace(A, geometry=Geometry((1, 0, 0, 0, 1, 0, 0, 0, 1))))),
        edit_list(Edit(span(0, 8), (Take(A),), ())),
        edit_list(Edit(span(0, 8), (), (Take(A),))),
        edit_list(both(span(0, 8), A, B)),
    ],
)
def test_a_copy_that_must_be_touched_in_any_way_is_not_whole(edit: object) -> None:
    assert whole_source(edit) is None  # type: ignore[arg-type]


def test_other_takes_do_not_matter_where_nothing_is_combined() -> None:
    assert whole_source(edit_list(both(span(0, 8), A, B)), consensus=False) == digest("a")
