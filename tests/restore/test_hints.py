"""Hints: which works a copy may be by its outside, each with its reasons, and no more than hints."""

from __future__ import annotations

from fractions import Fraction

import pytest

from holdfast.model.ids import AssetId
from holdfast.model.lost import SourceId
from holdfast.restore.hints import HintKind, Outside, Sought, hints_of

HARVEST = Sought(
    AssetId("harvest000000"),
    ("Урожай", "The Great Harvest"),
    Fraction(2054),
    ("1974-05-01",),
    (SourceId("youtube", "aB3_dE-fGh1"),),
)
MILL = Sought(AssetId("mill000000000"), ("Мельница",), Fraction(2055), ("1981",))
SHOUT = Sought(AssetId("shout00000000"), ("Я",), Fraction(60))
WORKS = (SHOUT, MILL, HARVEST)


def kinds(copy: Outside, work: Sought = HARVEST) -> list[HintKind]:
    found = [hint for hint in hints_of(copy, WORKS) if hint.asset == work.asset]
    return [reason.kind for reason in found[0].reasons] if found else []


@pytest.mark.parametrize(
    ("copy", "expected"),
    [
        (Outside("Урожай_1974.avi"), [HintKind.TITLE, HintKind.YEAR]),
        (Outside("УРОЖАЙ (плёнка 3).avi"), [HintKind.TITLE]),
        (Outside("the.great.harvest.xvid.avi"), [HintKind.TITLE]),
        (Outside("Urozhaj part 2.mpg"), [HintKind.TITLE_TRANSLITERATED]),
        (Outside("VTS_01.vob", title="Урожай"), [HintKind.TITLE]),
        (Outside("film [aB3_dE-fGh1].mp4"), [HintKind.SITE_ID]),
        (Outside("x.mp4", duration=Fraction(2056)), [HintKind.DURATION]),
        (Outside("Урожай.avi", duration=Fraction(2054 * 24, 25)), [HintKind.TITLE, HintKind.DURATION_AT_25]),
        (Outside("запись 01.05.1974.avi"), [HintKind.DATE]),
        (Outside("x.avi", date="1974-05-01"), [HintKind.DATE]),
    ],
)
def test_every_sign_on_the_outside_is_a_reason(copy: Outside, expected: list[HintKind]) -> None:
    assert kinds(copy) == expected


@pytest.mark.parametrize(
    "copy",
    [
        Outside("неурожайный год.avi"),
        Outside("film 1974.avi"),
        Outside("x.avi", duration=Fraction(2054 * 24, 25)),
        Outside("x.avi", duration=Fraction(2058)),
        Outside("aB3_dE-fGh1x.mp4"),
        Outside(""),
    ],
)
def test_a_part_of_a_word_or_a_year_alone_is_no_hint(copy: Outside) -> None:
    assert kinds(copy) == []


def test_a_title_of_one_letter_says_nothing() -> None:
    assert kinds(Outside("я на даче.avi"), SHOUT) == []


def test_the_likeliest_work_stands_first_with_all_its_reasons() -> None:
    first, second = hints_of(Outside("Urozhay 1974.avi", duration=Fraction(2054)), WORKS)
    assert (first.asset, second.asset) == (HARVEST.asset, MILL.asset)
    assert [(reason.kind, reason.what) for reason in first.reasons] == [
        (HintKind.TITLE_TRANSLITERATED, "Урожай"),
        (HintKind.DURATION, "34:14"),
        (HintKind.YEAR, "1974"),
    ]


def test_no_more_hints_are_given_than_were_asked_for() -> None:
    assert len(hints_of(Outside("x", duration=Fraction(2054)), WORKS, most=1)) == 1
