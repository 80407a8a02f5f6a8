"""Several copies give a picture that is nearer to the work than the best of them."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from holdfast.restore.assemble.consensus import BANDS, Plan, bands_of, combined, learned
from holdfast.restore.assemble.overlaid import Overlaid
from holdfast.restore.assemble.view import View
from tests.restore.assemble.drifting import FULL, coded, lettered, moment, psnr, with_logo

LOGOS = ((250, 8), (8, 8), (8, 145))


def views(number: int, qualities: tuple[int, ...] = (55, 45, 35), *, logos: bool = True) -> list[View]:
    found = []
    for place, quality in enumerate(qualities):
        picture = moment(number)
        if logos:
            picture = with_logo(picture, *LOGOS[place])
        found.append(View("abc"[place], coded(picture, quality), FULL))
    return found


def plan_for(*numbers: int, **how: object) -> Plan:
    return learned([views(number, **how) for number in numbers])  # type: ignore[arg-type]


SAMPLED = (2, 7, 12, 17, 22, 27, 32, 37)


@pytest.mark.parametrize("number", [4, 15, 29])
def test_three_copies_with_logos_give_a_picture_without_any(number: int) -> None:
    seen = views(number)
    made, known, shares = combined(seen, plan_for(*SAMPLED))
    best = max(psnr(view.pixels, moment(number)) for view in seen)
    assert psnr(made, moment(number)) > best + 6
    assert known.all()
    for share, (left, top) in zip(shares, LOGOS, strict=True):
        assert share[top + 6 : top + 18, left + 10 : left + 50].mean() < 0.05
    assert np.allclose(sum(shares), 1, atol=1e-3)


@pytest.mark.parametrize("number", [4, 15, 29])
def test_two_copies_with_logos_give_a_picture_without_any(number: int) -> None:
    seen = views(number, (50, 45))
    made, _, _ = combined(seen, learned([views(each, (50, 45)) for each in SAMPLED]))
    assert psnr(made, moment(number)) > max(psnr(view.pixels, moment(number)) for view in seen) + 6


@pytest.mark.parametrize("qualities", [(55, 45, 35), (70, 50, 48), (50, 50, 50), (60, 40), (50, 50)])
def test_copies_without_fault_never_make_the_chosen_one_worse(qualities: tuple[int, ...]) -> None:
    plan = plan_for(*SAMPLED, qualities=qualities, logos=False)
    gains = []
    for number in (4, 15, 29):
        seen = views(number, qualities, logos=False)
        made, _, _ = combined(seen, plan)
        gains.append(psnr(made, moment(number)) - psnr(seen[0].pixels, moment(number)))
    assert min(gains) > -0.1


def test_a_copy_and_its_twin_do_not_outvote_a_third() -> None:
    def marked(number: int) -> list[View]:
        third = views(number, (50, 50, 45), logos=False)[2]
        logo = coded(with_logo(moment(number), 8, 8), 50)
        return [View("a", logo, FULL), View("b", logo.copy(), FULL), third]

    made, _, shares = combined(marked(4), learned([marked(number) for number in SAMPLED]))
    assert psnr(made, moment(4)) > psnr(marked(4)[0].pixels, moment(4)) + 3
    assert shares[1].max() < 0.01


def test_windows_of_one_picture_complete_each_other() -> None:
    left, right = FULL.copy(), FULL.copy()
    left[:, 220:], right[:, :100] = 0, 0

    def halves(number: int) -> list[View]:
        picture = coded(moment(number), 60)
        return [View("a", picture * (left > 0)[..., None], left), View("b", picture * (right > 0)[..., None], right)]

    made, known, shares = combined(halves(4), learned([halves(number) for number in SAMPLED]))
    assert known.all()
    assert psnr(made, moment(4)) > psnr(coded(moment(4), 60), moment(4)) - 0.5
    assert shares[0][:, :90].min() > 0.99
    assert shares[1][:, 230:].min() > 0.99


def test_what_no_copy_shows_stays_black_and_unknown() -> None:
    part = FULL.copy()
    part[150:] = 0
    seen = [View(view.source, view.pixels, part) for view in views(4)]
    made, known, _ = combined(seen, learned([seen] * 3))
    assert not known[150:].any()
    assert not made[150:].any()


def test_letters_at_different_places_vanish_without_being_still() -> None:
    seen = views(4, logos=False)
    for place, view in enumerate(seen):
        cv2.putText(view.pixels, "word", (20 + 90 * place, 160), cv2.FONT_HERSHEY_SIMPLEX, 0.8, (255, 255, 255), 2)
    made, _, _ = combined(seen, plan_for(*SAMPLED, logos=False))
    assert psnr(made[130:], moment(4)[130:]) > max(psnr(v.pixels[130:], moment(4)[130:]) for v in seen) + 6


@pytest.mark.parametrize("lost", [0, 1, 2])
def test_a_copy_that_drops_out_for_a_frame_is_left_out_of_it(lost: int) -> None:
    seen = views(4)
    whole, _, _ = combined(seen, plan_for(*SAMPLED))
    seen[lost] = View(seen[lost].source, np.zeros_like(seen[lost].pixels), FULL)
    made, _, shares = combined(seen, plan_for(*SAMPLED))
    assert psnr(made, moment(4)) > psnr(whole, moment(4)) - 2.5
    assert shares[lost].max() < 0.01


def test_of_two_copies_that_show_different_pictures_the_chosen_one_is_believed() -> None:
    seen = views(4, (50, 45), logos=False)
    plan = learned([views(each, (50, 45), logos=False) for each in SAMPLED])
    made, _, _ = combined([seen[0], views(25, (50, 45), logos=False)[1]], plan)
    assert psnr(made, seen[0].pixels) > 30


def test_bands_add_up_to_the_picture() -> None:
    luma = cv2.cvtColor(moment(3), cv2.COLOR_RGB2GRAY).astype(np.float32)
    bands = bands_of(luma)
    assert len(bands) == BANDS
    assert np.abs(sum(bands) - luma).max() < 1e-3


def test_the_plan_for_fewer_copies_gives_their_weight_to_those_that_are_left() -> None:
    plan = plan_for(*SAMPLED)
    part = plan.of([0, 2])
    assert part.weights.shape == (BANDS, 2)
    assert part.weights.sum(axis=1) == pytest.approx(np.ones(BANDS))
    assert plan.of([0, 1, 2]) is plan


def test_an_overlay_is_remembered_from_one_stretch_to_the_next() -> None:
    memory = Overlaid()
    learned([views(number) for number in SAMPLED], memory)
    later = learned([views(number) for number in (42, 44, 46)], memory)
    assert all(overlay is not None and overlay.any() for overlay in later.overlays)


def test_logos_vanish_from_a_picture_that_does_not_move() -> None:
    seen = views(4)
    plan = learned([seen] * 6)
    assert psnr(combined(seen, plan)[0], moment(4)) > max(psnr(view.pixels, moment(4)) for view in seen) + 6


@pytest.mark.parametrize("chosen", ["clean", "lettered"])
@pytest.mark.parametrize("number", [4, 15, 29])
def test_a_copy_with_changing_letters_never_spoils_one_without(number: int, chosen: str) -> None:
    def pair(at: int) -> list[View]:
        marked = with_logo(lettered(moment(at), at), 250, 8)
        two = [View("clean", coded(moment(at), 45), FULL), View("lettered", coded(marked, 55), FULL)]
        return two if chosen == "clean" else two[::-1]

    made, _, _ = combined(pair(number), learned([pair(each) for each in SAMPLED]))
    assert psnr(made, moment(number)) > psnr(coded(moment(number), 45), moment(number)) - 0.1


@pytest.mark.parametrize("chosen", [0, 1])
def test_letters_that_come_for_a_moment_are_not_taken_for_the_picture(chosen: int) -> None:
    plan = learned([views(each, (50, 45), logos=False) for each in SAMPLED])
    seen = views(4, (50, 45), logos=False)
    marked = View(seen[chosen].source, coded(lettered(moment(4), 4), 50), FULL)
    seen[chosen] = marked
    clean = seen[1 - chosen].pixels
    made, _, _ = combined(seen, plan)
    assert psnr(made[140:], moment(4)[140:]) > psnr(clean[140:], moment(4)[140:]) - 0.1


def test_leaves_that_one_of_two_coders_dropped_stay_as_they_were_chosen() -> None:
    def pair(at: int) -> list[View]:
        bare, leafy = moment(at), moment(at)
        for left, top in ((20 + 3 * at, 40), (270 - 3 * at, 20), (140 + 2 * at, 75), (290 - 2 * at, 110)):
            leafy[top : top + 2, left : left + 3] = 255 - leafy[top : top + 2, left : left + 3]
        return [View("a", coded(leafy, 60), FULL), View("b", coded(bare, 55), FULL)]

    made, _, _ = combined(pair(4), learned([pair(number) for number in SAMPLED]))
    apart = np.abs(pair(4)[0].pixels.astype(int) - pair(4)[1].pixels.astype(int)).max(axis=2) > 60
    left = np.abs(made.astype(int) - pair(4)[0].pixels.astype(int)).max(axis=2)[apart]
    assert (left > 40).mean() < 0.05


def test_a_copy_that_gives_nothing_to_coarse_detail_gives_nothing_finer() -> None:
    def pair(at: int) -> list[View]:
        noise = np.random.default_rng(at).normal(0, 1, (180, 320)).astype(np.float32)
        middling = cv2.GaussianBlur(noise, (0, 0), 1.6) * 45
        blotched = np.clip(moment(at) + middling[..., None], 0, 255).astype(np.uint8)
        return [View("a", coded(moment(at), 60), FULL), View("b", blotched, FULL)]

    weights = learned([pair(number) for number in SAMPLED]).weights
    assert weights[1, 1] == 0
    assert weights[0, 1] == 0
    assert weights[0, 0] == pytest.approx(1, abs=0.05)
