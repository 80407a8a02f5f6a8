"""What a copy shows is told with its seconds: pure arrays in, segments out. Real films: tests/journeys and bench."""

from __future__ import annotations

import numpy as np
import pytest

from holdfast.catalog.fingerprints.shelf import Shelf
from holdfast.model.match import Match
from holdfast.restore.match.recognize import identify
from tests.restore.match.reels import Reel, look_at, stretch

WORKS = [Reel(seed, 120) for seed in range(6)]
STRANGER = Reel(99, 120)


def shelf(works: list[Reel] = WORKS) -> Shelf:
    return Shelf.of([(f"{number}", work.fingerprint()) for number, work in enumerate(works)])


def told(match: Match) -> list[tuple[float, float, float]]:
    """Start and end in the copy, and start in the work, of each segment."""
    return [(float(s.copy.start), float(s.copy.end), float(s.asset.start)) for s in match.segments]


def near(found: list[tuple[float, ...]], wanted: list[tuple[float, ...]], within: float = 0.3) -> bool:
    return len(found) == len(wanted) and bool(np.abs(np.array(found) - np.array(wanted)).max() <= within)


@pytest.mark.parametrize("start", [0.0, 17.3, 71.9])
def test_an_excerpt_is_aligned_with_its_shift(start: float) -> None:
    (match,) = identify(look_at(stretch(WORKS[2], start, 20)), shelf()).matches
    assert match.work == 2
    assert near(told(match), [(0.0, 20.0, start)])
    assert match.probability > 0.95


def test_a_copy_aligned_with_itself_is_the_identity() -> None:
    (match,) = identify(look_at(stretch(WORKS[4], 0, 120), noise=0), shelf()).matches
    assert near(told(match), [(0.0, 120.0, 0.0)], within=0.13)


def test_what_is_not_in_the_index_is_not_claimed() -> None:
    found = identify(look_at(stretch(STRANGER, 10, 60)), shelf())
    assert found.matches == found.doubtful == ()


def test_a_copy_cut_from_three_works_is_three_segments_in_order() -> None:
    moments = stretch(WORKS[0], 30, 12) + stretch(WORKS[5], 60, 10) + stretch(WORKS[3], 5, 14)
    found = identify(look_at(moments), shelf()).matches
    rows = sorted((start, end, there, match.work) for match in found for start, end, there in told(match))
    assert near(rows, [(0, 12, 30, 0), (12, 22, 60, 5), (22, 36, 5, 3)], within=0.4)


def test_parts_in_another_order_and_left_out_parts_are_followed() -> None:
    moments = stretch(WORKS[1], 80, 8) + stretch(WORKS[1], 20, 8) + stretch(WORKS[1], 31, 8)
    (match,) = identify(look_at(moments), shelf()).matches
    assert near(told(match), [(0, 8, 80), (8, 16, 20), (16, 24, 31)], within=0.4)


def test_a_work_that_is_shown_twice_is_told_twice() -> None:
    moments = stretch(WORKS[1], 40, 9) + stretch(STRANGER, 3, 7) + stretch(WORKS[1], 40, 9)
    (match,) = identify(look_at(moments), shelf()).matches
    assert near(told(match), [(0, 9, 40), (16, 25, 40)], within=0.4)


@pytest.mark.parametrize("rate", [0.93, 0.96, 25 / 24, 1.07])
def test_a_copy_at_another_speed_is_told_with_its_rate(rate: float) -> None:
    (match,) = identify(look_at(stretch(WORKS[3], 20, 40, rate)), shelf()).matches
    (segment,) = match.segments
    assert abs(float(segment.rate) - rate) < 0.006
    assert abs(float(segment.asset.start) - 20) < 0.3


@pytest.mark.parametrize(("variant", "mirrored", "rotation"), [(4, True, 0), (1, False, 270), (2, False, 180)])
def test_a_copy_that_was_mirrored_or_turned_is_told_so(variant: int, mirrored: bool, rotation: int) -> None:
    (match,) = identify(look_at(stretch(WORKS[0], 15, 20), variant=variant), shelf()).matches
    assert [(s.mirrored, s.rotation) for s in match.segments] == [(mirrored, rotation)]


def test_the_order_in_which_works_were_added_does_not_matter() -> None:
    copy = look_at(stretch(WORKS[2], 30, 15) + stretch(WORKS[4], 30, 15))
    works = [(f"{number}", work.fingerprint()) for number, work in enumerate(WORKS)]
    assert identify(copy, Shelf.of(works[::-1])) == identify(copy, Shelf.of(works))


def test_a_picture_that_many_works_share_identifies_none_of_them() -> None:
    jingle = Reel(50, 4)
    works = [Common(seed, jingle) for seed in range(12)]
    found = identify(look_at(stretch(jingle, 0, 3) + stretch(STRANGER, 0, 20)), shelf(works))
    assert found.matches == ()


class Common(Reel):
    """A reel that begins with three seconds that others have too."""

    def __init__(self, seed: int, jingle: Reel) -> None:
        super().__init__(seed + 200, 60)
        self._jingle = jingle

    def hash_at(self, second: float, noise: float = 0.0, random: np.random.Generator | None = None) -> np.ndarray:
        if second < 3:
            return self._jingle.hash_at(second, noise, random)
        return super().hash_at(second, noise, random)


def test_who_waits_hears_of_every_candidate() -> None:
    moments = stretch(WORKS[0], 30, 12) + stretch(WORKS[5], 60, 10) + stretch(WORKS[3], 5, 14)
    heard: list[float] = []
    found = identify(look_at(moments), shelf(), on_progress=heard.append)
    assert heard == sorted(heard)
    assert heard[-1] == 1.0
    assert len([done for done in set(heard) if 0.7 < done < 1.0]) >= 2 * len(found.matches) - 1
