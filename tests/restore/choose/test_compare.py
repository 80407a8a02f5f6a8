"""Two and more copies of one moment: who has more detail, who is noisy, who is late, what a third one says."""

from __future__ import annotations

import numpy as np
import pytest

from holdfast.restore.choose.calibration import advantages, closenesses
from holdfast.restore.choose.compare import compared, resolved
from tests.restore.choose.views import blurred, lettered, look, noisy, scenery


def test_the_copy_with_more_detail_is_sharper_and_the_figure_turns_its_sign() -> None:
    picture = scenery()
    seen = compared({1: look(picture), 2: look(blurred(picture, 120))})
    assert seen[1].duels[2].coarse > 0.05
    for one, other in zip(seen[1].duels[2], seen[2].duels[1], strict=True):
        assert one == pytest.approx(-other, abs=1e-6)


def test_noise_is_not_taken_for_detail() -> None:
    picture = scenery()
    seen = compared({1: look(picture), 2: look(noisy(picture, 9))})
    assert seen[1].duels[2].calmer > 2
    assert seen[2].noise > seen[1].noise + 2
    assert abs(seen[2].duels[1].coarse) < 0.15


def test_more_contrast_alone_is_no_more_detail() -> None:
    picture = scenery()
    pale = (picture.astype(np.float32) * 0.7 + 40).astype(np.uint8)
    assert abs(compared({1: look(picture), 2: look(pale)})[1].duels[2].sharper) < 0.05


def test_a_third_copy_speaks_for_the_one_that_is_like_it() -> None:
    picture = scenery()
    smeared = np.roll(picture, 2, axis=1)
    seen = compared({1: look(picture), 2: look(noisy(picture, 2)), 3: look(smeared)})
    assert seen[1].duels[3].likelier > 0.1
    assert seen[2].duels[3].likeliest > 0.1


def test_copies_that_change_frames_at_other_moments_are_brought_together() -> None:
    before, after = scenery(3), np.roll(scenery(3), 9, axis=1)
    early = look(before, after, starts=(0.0, 0.04))
    late = look(after, starts=(0.02, 0.06))
    assert compared({1: early, 2: late, 3: late})[1].duels[3].likelier == pytest.approx(0, abs=0.01)


def test_a_copy_of_few_frames_that_has_not_moved_on_is_late() -> None:
    now, long_ago = np.roll(scenery(), 9, axis=1), scenery()
    seen = compared({1: look(now), 2: look(long_ago, now, rate=10.0, starts=(0.0, 0.1))})
    assert seen[1].duels[2].in_time > 0.2


def test_a_copy_alone_has_no_duels_and_still_its_figures() -> None:
    seen = compared({4: look(noisy(scenery(), 6))})
    assert seen[4].duels == {}
    assert seen[4].noise > 2
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
