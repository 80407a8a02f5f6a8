"""The report of a restoration holds everything itself, and can be understood without us."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from fractions import Fraction

from holdfast.formats.restoration import restoration_html, verdict
from holdfast.model.edit import Edit
from holdfast.model.restoration import Origin, Restoration, joins_of
from tests.formats.made_edits import PHONE, STREAM, TAPE, digest, harvest, span
from tests.formats.pages import check_page

EDITS = harvest()
TAKES = EDITS.edits[0].picture
BEFORE = replace(EDITS, edits=(Edit(span(0, 380), TAKES, TAKES), Edit(span(380, 904))))
STILL = b"\xff\xd8 a still"
TOLD = Restoration(
    EDITS,
    BEFORE,
    tuple(
        replace(join, before_jpeg=STILL if join.before else b"", after_jpeg=STILL if join.after else b"")
        for join in joins_of(EDITS)
    ),
    (Origin(TAPE, "Frau Keller, Lüneburg", datetime(2026, 11, 2, tzinfo=UTC), "a VHS tape"),),
    ("From 8:40 on a person decided.",),
    ("Forty seconds of picture.",),
    digest("reconstruction"),
    "harvest.mkv",
    datetime(2026, 11, 25, 9, 30, tzinfo=UTC),
    "Holdfast 0.4",
)
PAGE = check_page(restoration_html(TOLD))


def test_the_report_begins_with_what_it_is_and_how_far_it_got() -> None:
    assert PAGE.text.startswith("Урожай 1974: reconstruction Reconstruction: partly restored Урожай 1974 Of 15:04")
    assert "made on 2026-11-25, by Holdfast 0.4" in PAGE.text


def test_it_compares_coverage_now_and_before_with_the_same_letters() -> None:
    assert "Now (8:00 more than before)" in PAGE.text
    other = replace(BEFORE, edits=(Edit(span(0, 904), (replace(TAKES[0], placement=replace(TAKES[0].placement,
                    source=digest("other"))),)),), sources={digest("other"): "first.avi"})  # fmt: skip

    found = check_page(restoration_html(replace(TOLD, before=other))).text

    assert "Now (as much picture as before)" in found
    assert "No longer used: copy D (first.avi)." in found


def test_every_join_has_a_still_on_either_side_or_says_that_there_is_none() -> None:
    described = [value for tag, name, value in PAGE.attributes if (tag, name) == ("img", "alt")]

    assert len(PAGE.addresses) == 7
    assert described[:2] == [
        "the picture just before 00:06:20.000, copy A",
        "the picture just after 00:06:20.000, copy B",
    ]
    assert PAGE.text.count("no picture missing") == 3
    assert "no still" in check_page(restoration_html(replace(TOLD, joins=joins_of(EDITS)))).text


def test_it_names_what_is_missing_what_would_help_and_what_is_in_doubt() -> None:
    for words in ("8:40–9:20: no picture; the sound is there", "Forty seconds of picture.", "From 8:40 on a person"):
        assert words in PAGE.text
    assert "which frame is the first could be one off" in PAGE.text


def test_every_copy_is_named_with_its_digest_and_where_it_came_from() -> None:
    text = PAGE.text.replace(" ", "")
    assert all(source in text for source in (TAPE, PHONE, STREAM))
    assert "Frau Keller, Lüneburg" in PAGE.text
    assert "kept on 2026-11-02" in PAGE.text
    assert PAGE.text.count("not recorded") == 2


def test_it_says_how_anybody_checks_the_reconstruction() -> None:
    assert "harvest.mkv: 640 × 480, 904 seconds, 25 frames a second" in PAGE.text.replace("\u2009", " ")
    assert digest("reconstruction") in PAGE.text.replace(" ", "")
    assert "sha512sum" in PAGE.text


def test_a_plan_says_that_nothing_was_made_yet() -> None:
    found = check_page(restoration_html(replace(TOLD, digest="", before=None, joins=()))).text

    assert "Plan of a reconstruction" in found
    assert "Nothing was made yet" in found
    assert "Joins" not in found


def test_the_verdict_follows_what_is_missing() -> None:
    nothing = replace(EDITS, edits=(Edit(span(0, 904)),))
    whole = replace(EDITS, edits=(Edit(span(0, 904), TAKES, TAKES),))

    assert verdict(Restoration(nothing)) == "nothing found"
    assert verdict(Restoration(whole)) == "restored"
    assert verdict(Restoration(replace(whole, edits=(Edit(span(0, 904), TAKES),)))) == "partly restored"
    assert "nothing found" in check_page(restoration_html(Restoration(nothing))).text
    empty = replace(EDITS, edits=(), duration=Fraction(0), size=(0, 0), frame_rate=Fraction(0))
    assert "nothing found" in check_page(restoration_html(Restoration(empty, digest=digest("x")))).text


def test_what_strangers_wrote_cannot_become_markup() -> None:
    evil = '</style><img src=x onerror="alert(1)">'
    hostile = replace(
        TOLD,
        edits=replace(EDITS, title=evil, asset=evil, sources={TAPE: evil}),
        before=replace(BEFORE, sources={TAPE: evil}),
        origins=(Origin(TAPE, evil, None, evil),),
        joins=tuple(replace(join, remark=evil) for join in TOLD.joins),
        doubts=(evil,),
        wanted=(evil,),
        file=evil,
        program=evil,
    )

    assert check_page(restoration_html(hostile)).text.count(evil) >= 14


def test_a_silent_work_is_restored_without_a_sound_if_that_was_told() -> None:
    silent = replace(EDITS, edits=(Edit(span(0, 904), TAKES),))

    assert verdict(Restoration(silent)) == "partly restored"
    assert verdict(Restoration(silent, state="restored")) == "restored"
    assert (
        "Plan of a reconstruction: restored" in check_page(restoration_html(Restoration(silent, state="restored"))).text
    )
