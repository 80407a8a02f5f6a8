"""Dates in words."""

from __future__ import annotations

import pytest
from django.utils.translation import override

from holdfast.show.dates import in_words


@pytest.mark.parametrize(
    ("language", "edtf", "said"),
    [
        ("en", "1974", "1974"),
        ("en", "1974-05", "May 1974"),
        ("en", "1974-05-01", "1 May 1974"),
        ("en", "197X", "1970s"),
        ("en", "19XX", "1900 – 1999"),
        ("en", "1974~", "about 1974"),
        ("en", "1974-05?", "May 1974 (uncertain)"),
        ("en", "1974-21~", "about spring 1974"),
        ("zh-hans", "1974-24", "1974年冬"),
        ("en", "1974%", "about 1974 (uncertain)"),
        ("en", "1974/1976-05", "1974 – May 1976"),
        ("en", "1974/..", "1974 or later"),
        ("en", "../1974~", "about 1974 or earlier"),
        ("ru", "1974-05-01", "1 мая 1974 г."),
        ("ru", "197X", "1970-е гг."),
        ("zh-hans", "1974-05-01", "1974年5月1日"),
        ("zh-hans", "197X~", "1970年代前后"),
        ("de", "1974-05-01", "1. Mai 1974"),
        ("de", "1974~", "ca. 1974"),
        ("ko", "1974-05", "1974년 5월"),
        ("ko", "1974~", "1974년경"),
    ],
)
def test_a_date_is_said_as_the_language_says_dates(language: str, edtf: str, said: str) -> None:
    with override(language):
        assert in_words(edtf) == said


@pytest.mark.parametrize(
    "edtf",
    [
        "1974-21-01",
        "1974-25",
        "[1974,1976..1978]",
        "Y17000",
        "?1974-05",
        "1974-XX",
        "1974-02-30",
        "0000",
        "-0044",
        "1974/",
        "",
        "/",
    ],
)
def test_what_has_no_short_form_in_words_is_shown_as_it_stands(edtf: str) -> None:
    with override("ru"):
        assert in_words(edtf) == edtf


def test_a_korean_hour_says_morning_or_afternoon_first() -> None:
    from datetime import datetime

    from django.utils.formats import date_format

    with override("ko"):
        said = date_format(datetime(2026, 5, 1, 16, 30), "DATETIME_FORMAT")  # noqa: DTZ001 (of no zone: as it stands)
    assert said == "2026년 5월 1일 오후 4:30"
