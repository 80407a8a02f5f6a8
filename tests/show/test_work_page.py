"""The page of a work and what is fetched beside it."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from holdfast.actions.describe import describe
from holdfast.formats.captions import Cue, parse_captions
from holdfast.model.rights import AccessLevel, Embargo
from holdfast.model.time import Span
from holdfast.show import site, tracks
from tests.cli.line import holdfast
from tests.show.stage import WORDS, Stage, client, signed_in


def page(stage: Stage, path: str = "") -> str:
    """The page of the public work."""
    answer = client().get(f"/w/{stage.ids['public']}{path}")
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_the_page_plays_a_stream_and_a_file_with_captions_and_needs_no_script(stage: Stage) -> None:
    html = page(stage)
    assert html.index('type="application/vnd.apple.mpegurl"') < html.index('type="video/mp4"')
    assert f'<track kind="captions" src="/w/{stage.ids["public"]}/captions/0.vtt" srclang="de" label="German">' in html
    assert "Leuchtturmgeheimnis" in html
    assert " style=" not in html


def test_a_moment_in_the_address_stands_in_every_source_and_in_the_citation(stage: Stage) -> None:
    html = page(stage, "?t=0:02-0:04")
    assert html.count("#t=2,4") == 2
    assert "?t=0:02-0:04" in html
    assert "#t=" not in page(stage, "?t=nonsense")


def test_a_lost_work_that_can_still_be_watched_says_that_its_master_is_lost(own_stage: Stage) -> None:
    asset, folder = own_stage.ids["public"], own_stage.folder
    assert holdfast("audit", "--archive", folder).code == 0
    assert "Every byte was last checked" in page(own_stage)
    assert holdfast("lost", "declare", asset, "--archive", folder).code == 0
    html = page(own_stage)
    assert "The master of this work is lost. What you see is a copy for watching." in html
    assert 'id="player"' in html
    assert html.count(f'href="/w/{asset}/coverage"') == 1
    assert ("I have a copy" in html) is site.archive().settings.open_contributions
    assert f'href="/contribute?for={asset}"' in signed_in("curator").get(f"/w/{asset}").content.decode()
    assert '<td>master <span class="state">lost</span></td>' in html
    assert "Every byte" not in html
    assert "What is left of it was last checked on" in html
    assert "made before the master was lost" in client().get(f"/embed/{asset}").content.decode()


def test_curators_read_who_may_see_a_work_and_find_the_way_to_the_desk(own_stage: Stage) -> None:
    asset = own_stage.ids["public"]
    desk = f'<a href="/desk/w/{asset}">'
    assert desk not in page(own_stage)
    assert desk not in signed_in("member").get(f"/w/{asset}").content.decode()
    curator = signed_in("curator")
    assert f"Access: public · {desk}" in curator.get(f"/w/{asset}").content.decode()
    embargo = Embargo(datetime(2131, 5, 1, tzinfo=UTC), AccessLevel.CURATORS)
    describe(site.archive(), asset, lambda record: replace(record, embargo=embargo))
    assert f"Access: curators until 1 May 2131 · {desk}" in curator.get(f"/w/{asset}").content.decode()


def test_captions_are_written_by_us_in_their_language(stage: Stage) -> None:
    answer = client().get(f"/w/{stage.ids['public']}/captions/0.vtt")
    assert answer["Content-Type"] == "text/vtt; charset=utf-8"
    text = answer.content.decode()
    assert text.startswith("WEBVTT\nLanguage: de\n\n00:00:00.500 --> 00:00:02.000\nGuten Abend.\n")


@pytest.mark.parametrize("path", ["captions/7.vtt", "chapters.vtt", "cite.exe"])
def test_what_a_work_does_not_have_is_not_there(stage: Stage, path: str) -> None:
    assert client().get(f"/w/{stage.ids['public']}/{path}").status_code == 404


@pytest.mark.parametrize("path", ["captions/0.vtt", "cite.bib", "cite.json"])
def test_nothing_beside_a_closed_work_can_be_fetched(stage: Stage, path: str) -> None:
    for level in ("members", "curators", "sealed"):
        assert client().get(f"/w/{stage.ids[level]}/{path}").status_code == 404
        answer = signed_in("custodian").get(f"/w/{stage.ids[level]}/{path}")
        assert (answer.status_code, answer["Cache-Control"]) == (200, "private, no-cache")


def test_a_reference_manager_gets_title_and_moment(stage: Stage) -> None:
    answer = client().get(f"/w/{stage.ids['public']}/cite.json?t=0:03")
    item = json.loads(answer.content)[0]
    assert WORDS["public"] in item["title"]
    assert item["URL"].endswith(f"/w/{stage.ids['public']}?t=0:03")
    assert answer["Content-Disposition"] == f'attachment; filename="{stage.ids["public"]}.json"'


def test_signs_of_markup_in_captions_stay_signs() -> None:
    said = "<script>alert(1)</script> & 1 --> 2"
    written = tracks.webvtt([Cue(Span(1, 1), said)])  # type: ignore[arg-type]
    assert "<script>" not in written
    assert [cue.text for cue in parse_captions(written.encode(), "x.vtt")] == [said]
