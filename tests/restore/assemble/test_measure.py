"""How copies differ in colour and loudness is found from where they meet."""

from __future__ import annotations

from concurrent.futures import CancelledError
from pathlib import Path

import numpy as np
import pytest

from holdfast.model.edit import Edit, Take
from holdfast.restore.assemble.color import NONE
from holdfast.restore.assemble.measure import colors, loudness, shares_of
from tests.restore.assemble.numbered import RATE, Pixels, both, digest, edit_list, lying, span, write

pytestmark = pytest.mark.slow


def darker(picture: Pixels) -> Pixels:
    return np.clip(picture * np.array([0.9, 0.9, 1.0]) - 6, 0, 255).astype(np.uint8)


@pytest.fixture(scope="module")
def paths(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """`a` and `b` show and let hear the same 8 s, `b` darker and at a third of the level."""
    folder = tmp_path_factory.mktemp("copies")
    sound = np.random.default_rng(1).normal(0, 0.1, (2, 8 * RATE)).astype(np.float32)
    write(folder / "a.mkv", range(200), sound)
    write(folder / "b.mkv", range(200), sound / 3, change=darker)
    return {digest("a"): folder / "a.mkv", digest("b"): folder / "b.mkv", digest("c"): folder / "gone.mkv"}


A, B = lying("a", span(0, 8)), lying("b", span(0, 8))


def nothing() -> None:
    """A check that never stops."""


def test_the_lesser_copy_is_brought_to_the_colours_of_the_greater(paths: dict[str, Path]) -> None:
    found = colors(edit_list(both(span(0, 5), A), both(span(5, 8), B)), paths, nothing)
    assert found[digest("a")] == NONE
    assert found[digest("b")].gain == pytest.approx((1 / 0.9, 1 / 0.9, 1.0), abs=0.03)
    other = colors(edit_list(both(span(0, 3), A), both(span(3, 8), B)), paths, nothing)
    assert other[digest("b")] == NONE
    assert other[digest("a")].gain == pytest.approx((0.9, 0.9, 1.0), abs=0.03)


def test_loudness_is_brought_to_that_of_the_greater_copy(paths: dict[str, Path]) -> None:
    found = loudness(edit_list(both(span(0, 5), A), both(span(5, 8), B)), paths, nothing)
    assert found[digest("a")] == pytest.approx(1.0, abs=0.01)
    assert found[digest("b")] == pytest.approx(3.0, rel=0.05)


def test_copies_that_only_touch_are_compared_across_the_join(paths: dict[str, Path], tmp_path: Path) -> None:
    one, other = lying("a", span(0, 5)), lying("b", span(5, 8))
    edit = edit_list(both(span(0, 5), one), both(span(5, 8), other))
    assert 1.5 < loudness(edit, paths, nothing)[digest("b")] <= 2.0

    write(tmp_path / "a.mkv", [9] * 200)
    write(tmp_path / "b.mkv", [9] * 200, change=darker)
    one_shot = {digest(letter): tmp_path / f"{letter}.mkv" for letter in "ab"}
    assert colors(edit, one_shot, nothing)[digest("b")].gain[0] == pytest.approx(1 / 0.9, abs=0.06)

    write(tmp_path / "b.mkv", [4000] * 200, change=darker)  # a cut: nothing can be told
    assert colors(edit, one_shot, nothing)[digest("b")] == NONE


def test_one_copy_alone_is_not_looked_at(paths: dict[str, Path]) -> None:
    edit = edit_list(both(span(0, 8), lying("c", span(0, 8))))
    assert colors(edit, paths, nothing) == {digest("c"): NONE}
    assert loudness(edit, paths, nothing) == {digest("c"): 1.0}


def test_a_copy_that_is_gone_changes_nothing(paths: dict[str, Path]) -> None:
    edit = edit_list(both(span(0, 5), A), both(span(5, 8), lying("c", span(0, 8))))
    assert set(colors(edit, paths, nothing).values()) == {NONE}
    assert list(loudness(edit, paths, nothing).values()) == pytest.approx([1.0, 1.0])


def test_measuring_can_be_stopped(paths: dict[str, Path]) -> None:
    def stop() -> None:
        raise CancelledError

    edit = edit_list(both(span(0, 5), A), both(span(5, 8), B))
    for measure in (colors, loudness):
        with pytest.raises(CancelledError):
            measure(edit, paths, stop)


def test_shares_count_seconds_and_quality() -> None:
    edit = Edit(span(0, 4), (Take(A, quality=0.9),))
    assert shares_of([(edit.picture[0], edit.asset), (Take(B), span(0, 2))]) == pytest.approx(
        {digest("a"): 3.6, digest("b"): 1.0}
    )


def test_both_passes_tell_how_far_they_are_before_anything_is_joined(paths: dict[str, Path]) -> None:
    edit = edit_list(both(span(0, 5), A, B), both(span(5, 8), B, A))
    looked: list[float] = []
    listened: list[float] = []

    colors(edit, paths, nothing, looked.append)
    loudness(edit, paths, nothing, listened.append)

    assert looked == sorted(set(looked))
    assert len(looked) > 100
    assert 0.9 < looked[-1] <= 1
    assert listened == sorted(set(listened))
    assert len(listened) >= 4


def test_a_pass_is_stopped_between_two_moments_that_are_asked_for(paths: dict[str, Path]) -> None:
    calls = []

    def stop_later() -> None:
        calls.append(None)
        if len(calls) > 20:
            raise CancelledError

    with pytest.raises(CancelledError):
        colors(edit_list(both(span(0, 5), A), both(span(5, 8), B)), paths, stop_later)
