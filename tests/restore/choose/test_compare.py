"""Two and more copies of one moment: who has more detail, who is noisy, who is late, what a third one says."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from holdfast.restore.choose.calibration import advantages, closenesses
from holdfast.restore.choose.compare import compared, resolved
from tests.restore.choose.views import blurred, lettered, look, noisy, scenery


def test_the_copy_with_more_detail_is_ahead_and_every_figure_turns_its_sign() -> None:
    picture = scenery()
    seen = compared({1: look(picture), 2: look(blurred(picture, 60))})
    assert min(seen[1].duels[2].edges, seen[1].duels[2].outlines, seen[1].duels[2].detail) > 0.004
    assert advantages([seen])[1, 2] > 0.05
    for one, other in zip(seen[1].duels[2], seen[2].duels[1], strict=True):
        assert one == pytest.approx(-other, abs=1e-6)


def test_a_noisy_copy_is_not_preferred_to_a_clean_one() -> None:
    clean, snow = scenery(), [noisy(scenery(), 9, seed) for seed in (1, 2)]
    seen = compared({1: look(clean, clean), 2: look(snow[0], snow[1])})
    assert seen[1].duels[2].calm > 0.15
    assert seen[2].noise == pytest.approx(6, abs=1.5)
    assert seen[1].noise < 0.5
    assert advantages([seen])[1, 2] > 0.05


def test_a_noisy_copy_is_not_preferred_to_one_of_half_its_lines() -> None:
    clean, snow = blurred(scenery(), 160), [noisy(scenery(), 14, seed) for seed in (1, 2)]
    seen = compared({1: look(clean, clean), 2: look(snow[0], snow[1])})
    assert advantages([seen])[1, 2] > 0


def test_what_changes_at_every_frame_is_no_detail_that_a_copy_has() -> None:
    clean, snow = scenery(), [noisy(scenery(), 12, seed) for seed in (1, 2)]
    seen = compared({1: look(clean, clean), 2: look(snow[0], snow[1])})
    assert seen[2].bands[0] < 1.3 * seen[1].bands[0]


def test_noise_is_known_also_where_the_picture_moves() -> None:
    picture = scenery()
    onward = np.roll(picture, 3, axis=1)
    seen = compared({1: look(picture, onward), 2: look(noisy(picture, 9, 1), noisy(onward, 9, 2))})
    assert seen[1].duels[2].calm > 0.1
    assert seen[2].noise > seen[1].noise + 4


def test_more_contrast_alone_is_no_more_detail() -> None:
    picture = scenery()
    pale = (picture.astype(np.float32) * 0.7 + 40).astype(np.uint8)
    assert abs(advantages([compared({1: look(picture), 2: look(pale)})])[1, 2]) < 0.02


def test_a_third_copy_speaks_for_the_one_that_is_like_it() -> None:
    picture = scenery()
    seen = compared({1: look(picture), 2: look(noisy(picture, 2)), 3: look(noisy(picture, 25))})
    assert seen[1].duels[3].alike > 0.1
    assert seen[2].duels[3].alike > 0.1
    assert compared({1: look(picture), 3: look(noisy(picture, 25))})[1].duels[3].alike == 0


def test_copies_that_change_frames_at_other_moments_are_brought_together() -> None:
    before, after = scenery(3), np.roll(scenery(3), 9, axis=1)
    early = look(before, after, starts=(0.0, 0.04))
    late = look(after, starts=(0.02, 0.06))
    assert compared({1: early, 2: late, 3: late})[1].duels[3].alike == pytest.approx(0, abs=0.01)


def test_a_copy_of_few_frames_is_late_where_the_film_moves_and_nowhere_else() -> None:
    before, after = scenery(), np.roll(scenery(), 9, axis=1)
    slow = look(before, after, rate=10.0, starts=(0.0, 0.1))
    assert compared({1: look(before, after), 2: slow})[1].duels[2].in_time > 0.2
    assert compared({1: look(before, before), 2: slow})[1].duels[2].in_time == pytest.approx(0, abs=0.01)


def test_copies_that_lie_half_a_pixel_apart_are_laid_on_each_other() -> None:
    wide = cv2.resize(scenery(), (640, 480), interpolation=cv2.INTER_CUBIC)
    one, other = (
        np.ascontiguousarray(cv2.resize(np.roll(wide, way, axis=1), (320, 240), interpolation=cv2.INTER_AREA))
        for way in (0, 3)
    )
    assert abs(advantages([compared({1: look(one), 2: look(other)})])[1, 2]) < 0.01


def test_a_copy_alone_has_no_duels_and_still_its_figures() -> None:
    seen = compared({4: look(noisy(scenery(), 6, 1), noisy(scenery(), 6, 2))})
    assert seen[4].duels == {}
    assert seen[4].noise == pytest.approx(4, abs=1)
    assert 0 < closenesses({4: seen[4].noise_loss}, advantages([seen]))[4] <= 1


def test_a_copy_that_shows_no_patch_wholly_is_judged_all_the_same() -> None:
    hidden = np.zeros((240, 320), bool)
    hidden[100:110, 100:110] = True
    seen = compared({1: look(scenery()), 2: look(scenery(), shown=hidden)})
    assert np.isfinite(list(seen[2].duels[1])).all()


@pytest.mark.parametrize("lines", [120, 60])
def test_what_is_resolved_is_what_the_copy_had_lines_for(lines: int) -> None:
    picture = scenery()
    seen = compared({1: look(picture), 2: look(blurred(picture, lines))})
    share = resolved(seen[2].bands, seen[1].bands)
    assert lines / 240 * 0.55 <= share <= lines / 240 * 1.6
    assert resolved(seen[1].bands, seen[1].bands) == 1


def test_better_copies_come_out_closer_in_their_order() -> None:
    picture = scenery()
    copies = {
        1: look(blurred(picture, 60)),
        2: look(picture),
        3: look(blurred(picture, 140)),
        4: look(lettered(blurred(picture, 140))),
    }
    seen = compared(copies)
    near = closenesses(dict.fromkeys(copies, 0.0), advantages([seen]))
    assert near[2] > near[3] > near[1]
    assert near[3] > near[4]


def test_of_many_copies_each_is_held_against_six_and_the_best_still_comes_out_first() -> None:
    picture = scenery()
    copies = {number: look(blurred(picture, 60 + 15 * (number % 10))) for number in range(10)} | {10: look(picture)}
    seen = compared(copies)
    assert {len(each.duels) for each in seen.values()} == {6}
    assert all(one in seen[other].duels for one, each in seen.items() for other in each.duels)
    near = closenesses(dict.fromkeys(copies, 0.0), advantages([seen]))
    assert max(near, key=lambda number: near[number]) == 10
