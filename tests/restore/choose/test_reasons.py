"""Reasons: what is better comes first, what is wrong all the same is told, and every kind has its phrase."""

from __future__ import annotations

from dataclasses import replace

import pytest

from holdfast.restore.choose.quality import PictureQuality, SoundQuality
from holdfast.restore.choose.reasons import PHRASES, Reason, Rival, of_help, of_picture, of_sound, told

GOOD = PictureQuality(0.9, 200, 240)
CLEAR = SoundQuality(0.9, 15_000, -60, channels=2)


def kinds(reasons: tuple[Reason, ...]) -> list[str]:
    return [each.kind for each in reasons]


def test_the_sentence_of_the_restorers_comes_out() -> None:
    own = replace(GOOD, lost=0.04)
    other = replace(GOOD, closeness=0.6, detail=100, overlaid=0.05)
    assert told(3, of_picture([own], [Rival(1, [other], [own])])) == (
        "copy 3: twice the detail of copy 1; no logo or lettering as in copy 1; 4 % of the picture is cropped."
    )


def test_a_copy_is_held_against_the_best_of_the_others() -> None:
    poor, near = replace(GOOD, closeness=0.2, detail=20), replace(GOOD, closeness=0.8, detail=150)
    (reason,) = of_picture([GOOD], [Rival(1, [poor], [GOOD]), Rival(2, [near], [GOOD])])
    assert reason == Reason("more detail", (("percent", 33), ("other", 2)))


@pytest.mark.parametrize(
    ("worse", "kind"),
    [
        ({"noise": 6.0}, "less noise"),
        ({"blocking": 2.0}, "fewer blocks"),
        ({"color": 0.3}, "color"),
        ({"rate": 12.0}, "smoother"),
        ({"lost": 0.2}, "more picture"),
        ({"combing": 0.2}, "whole frames"),
    ],
)
def test_every_fault_of_the_other_has_its_reason(worse: dict[str, float], kind: str) -> None:
    other = replace(GOOD, closeness=0.7, **worse)
    assert kinds(of_picture([GOOD], [Rival(1, [other], [GOOD])])) == [kind]
    # And if there were no other choice, it would be told of the copy itself.
    assert kinds(of_picture([other], [])) != ["only"] or kind == "smoother"


def test_equal_copies_are_called_equal_and_better_ones_nearest() -> None:
    assert kinds(of_picture([GOOD], [Rival(1, [GOOD], [GOOD])])) == ["as good"]
    assert kinds(of_picture([GOOD], [Rival(1, [replace(GOOD, closeness=0.8)], [GOOD])])) == ["closer"]


def test_what_was_not_measured_is_said() -> None:
    assert kinds(of_picture([], [Rival(1, [GOOD], [])])) == ["not measured"]
    assert kinds(of_sound([], [])) == ["only"]


def test_a_copy_is_called_the_only_one_only_where_no_other_reaches() -> None:
    assert kinds(of_picture([GOOD], [])) == ["only"]
    assert kinds(of_picture([GOOD], [Rival(1, [], [GOOD])])) == ["only measured"]


def test_a_copy_that_is_not_the_nearest_is_never_called_as_good() -> None:
    near = replace(GOOD, closeness=0.95)
    assert kinds(of_picture([GOOD], [Rival(1, [near], [GOOD])])) == ["kept"]
    assert kinds(of_picture([GOOD], [Rival(1, [near], [GOOD], doubt=0.3)])) == ["surer"]


def test_only_what_is_measured_where_both_are_is_held_against_each_other() -> None:
    soft, sharp = replace(GOOD, detail=100), GOOD
    reasons = of_picture([sharp, soft], [Rival(1, [replace(soft, closeness=0.7)], [soft])])
    assert kinds(reasons) == ["closer"]


def test_a_picture_laid_beside_another_says_what_it_has_more_than_that_or_nothing() -> None:
    first = replace(GOOD, overlaid=0.05)
    assert kinds(of_help(Rival(1, [first], [GOOD]))) == ["nothing over it"]
    assert str(of_help(Rival(1, [GOOD], [GOOD]))[0]) == "combined with copy 1"


@pytest.mark.parametrize(
    ("worse", "kind"),
    [
        ({"bandwidth_hz": 4000.0}, "wider"),
        ({"noise_db": -40.0}, "less hiss"),
        ({"clipped": 0.02}, "undistorted"),
        ({"dropped": 0.1}, "unbroken"),
        ({"channels": 1}, "stereo"),
    ],
)
def test_sounds_have_reasons_of_their_own(worse: dict[str, float], kind: str) -> None:
    other = replace(CLEAR, closeness=0.5, **worse)
    assert kinds(of_sound([CLEAR], [Rival(1, [other], [CLEAR])], is_in_step=True)) == [kind, "in step"]


def test_every_phrase_can_be_said_with_the_figures_it_names() -> None:
    figures = dict.fromkeys(("other", "percent", "count", "rate", "less", "khz", "db"), 7)
    for kind in PHRASES:
        assert "{" not in str(Reason(kind, tuple(figures.items())))
