"""An asset answers with the title that its reader can read, and with the duration that was measured."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from fractions import Fraction

import pytest

from holdfast.model.asset import AssetRecord, Instantiation, InstantiationKind, Statement, Status, in_language
from holdfast.model.fixity import digest_of
from holdfast.model.ids import AssetId
from holdfast.model.rights import AccessLevel
from holdfast.model.technical import MediaInfo

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
LOST = AssetRecord(AssetId("k7m2x9qd4htbr"), Status.LOST, AccessLevel.PUBLIC, NOON)

RUSSIAN, SWISS, GERMAN = Statement("Урожай", "ru"), Statement("Ärnte", "de-CH"), Statement("Ernte", "de-DE")
BRAZIL, HAN, UNKNOWN = Statement("Colheita", "pt-BR"), Statement("收穫", "zh-Hant"), Statement("1974_05.avi")


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (("ru",), RUSSIAN),
        (("de",), SWISS),
        (("de-DE",), GERMAN),  # the very tag before another of the same language
        (("DE-de",), GERMAN),
        (("de-AT",), SWISS),
        (("ko", "zh-Hans", "ru"), HAN),
        (("en", "pt"), BRAZIL),
        (("ko",), RUSSIAN),
        ((), RUSSIAN),
        (("und",), UNKNOWN),
    ],
)
def test_the_first_wanted_language_that_is_there_is_taken(wanted: tuple[str, ...], found: Statement) -> None:
    assert in_language((RUSSIAN, SWISS, GERMAN, BRAZIL, HAN, UNKNOWN), wanted) == found


def test_a_lost_work_without_a_title_is_called_by_its_id() -> None:
    assert in_language((), ("ru",)) is None
    assert LOST.title(("ru",)) == "k7m2x9qd4htbr"
    assert replace(LOST, titles=(RUSSIAN, GERMAN)).title(("de",)) == "Ernte"


def held(duration: Fraction | None) -> Instantiation:
    info = MediaInfo("mp4", 7, duration)
    return Instantiation("masters/a", InstantiationKind.MASTER, digest_of(b"a"), 7, NOON, "a", technical=info)


def test_the_duration_is_the_longest_that_was_measured() -> None:
    unprobed = replace(held(None), technical=None)
    assert LOST.duration is None
    assert replace(LOST, instantiations=(unprobed, held(None))).duration is None
    shorter, longer = Fraction(901, 30), Fraction(902, 30)
    assert replace(LOST, instantiations=(held(shorter), unprobed, held(longer))).duration == longer
