"""Copies are opened when needed, read forward, opened again when an edit goes back, and told of when they fail."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from holdfast.errors import SourceMissing
from holdfast.restore.assemble.sources import Reels, Sounds, unreadable
from tests.restore.assemble.numbered import F, number_of, ticks, write

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def paths(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("copies")
    return {"a": write(folder / "a.mkv", range(100), ticks(F(4))), "gone": folder / "gone.mkv"}


def test_a_reel_goes_forward_back_and_stays(paths: dict[str, Path]) -> None:
    with Reels(paths) as reels:
        for number in (3, 50, 50, 7, 99):
            shown = reels.shown("a", F(2 * number + 1, 50)).pixels
            assert shown is not None
            assert number_of(shown) == number
        assert reels.step("a") == F(1, 25)
        assert not reels.is_damaged("a")


def test_a_reel_that_is_kept_no_more_is_opened_again_when_it_is_wanted(paths: dict[str, Path]) -> None:
    with Reels(paths) as reels:
        reels.shown("a", F(3))
        reels.keep(())
        shown = reels.shown("a", F(1, 50)).pixels
        assert shown is not None
        assert number_of(shown) == 0


def test_sound_can_be_asked_for_from_far_back(paths: dict[str, Path]) -> None:
    whole = ticks(F(4))
    with Sounds(paths) as sounds:
        read = sounds.reader("a")
        for first in (150000, 0, 100000):
            assert np.abs(read(first, 4800) - whole[:, first : first + 4800]).max() < 1e-3
        assert sounds.ended_at("a") is None


def test_what_is_not_there_is_told_when_it_is_asked_for(paths: dict[str, Path]) -> None:
    with Reels(paths) as reels, Sounds(paths) as sounds:
        with pytest.raises(SourceMissing):
            reels.shown("gone", F(0))
        with pytest.raises(SourceMissing):
            sounds.reader("gone")(0, 10)


def test_files_that_cannot_be_read_are_found_beforehand(paths: dict[str, Path], tmp_path: Path) -> None:
    (tmp_path / "empty.mkv").touch()
    found = unreadable(paths | {"empty": tmp_path / "empty.mkv"}, {"a", "gone", "empty", "unknown"})
    assert sorted(found) == ["empty", "gone", "unknown"]
    assert "empty" in found["empty"]
