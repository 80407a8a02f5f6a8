"""Coverage, what is wanted, whether a file would help: for those who may see the work, and without names of files."""

from __future__ import annotations

import contextlib
import json
import re
import shutil
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from holdfast.actions.answers import Answers
from holdfast.actions.archive import Archive
from holdfast.actions.describe import record_of
from holdfast.formats.coverage_page import COLORS
from holdfast.formats.found import sighting_bytes
from holdfast.keep.reconstruction import keep_reconstruction
from holdfast.model.asset import Status
from holdfast.model.edit import Edit, EditList, Placement, Take
from holdfast.model.found import KnownAs, Sighting
from holdfast.model.match import Match, Segment
from holdfast.model.time import Span
from holdfast.show import copies, site
from holdfast.testing.films import film_plan, write_film
from tests.cli.line import holdfast
from tests.show.stage import SIZE, WORDS, Stage, client, signed_in

KEPT, GONE = "Tante Ernas Kassette.mp4", "Kassette.avi"


@dataclass(frozen=True)
class Restored(Stage):
    """A stage whose public work and whose sealed one are lost, each reconstructed in part from two copies."""


@pytest.fixture(scope="module")
def made(whole_stage: Stage, tmp_path_factory: pytest.TempPathFactory) -> Restored:
    base = tmp_path_factory.mktemp("restored")
    copy = whole_stage.copied(base / "archive")
    for level in ("public", "sealed"):
        lose(copy, level, base)
    return Restored(copy.folder, copy.ids)


@pytest.fixture
def restored(made: Restored, tmp_path: Path) -> Restored:
    from tests.show import stage as stages

    copy = replace(made, folder=made.copied(tmp_path / "archive").folder)
    stages.show(copy)
    return copy


def lose(stage: Stage, level: str, base: Path, *, watched: bool = True) -> None:
    """Lose the master of a work, and keep a reconstruction: four seconds of six from two copies, with a gap.

    It is the film of the master again, and can be watched at once; else another, whose copy for watching is not made.
    """
    asset, film = stage.ids[level], base / f"{level}.mp4"
    (shown,) = holdfast("show", asset, "--archive", stage.folder, "--json").records
    for held in shown["files"]:
        if held["file"].startswith("masters/"):
            shutil.move(stage.folder / held["place"], film)
    assert holdfast("lost", "declare", asset, "--reason", "the disk died", "--archive", stage.folder).code == 0
    tape = base / level / KEPT
    tape.parent.mkdir()
    write_film(film_plan(len(level), 6, SIZE), tape)
    kept = holdfast("found", "add", tape, "--archive", stage.folder, "--json")
    assert kept.code == 0, kept.err
    found_digest = kept.records[0]["digest"]
    with contextlib.closing(Archive.open(stage.folder)) as archive:
        record, _ = record_of(archive, asset)
        info = record.masters[0].technical
        with archive.catalog.changing(str(record.id.object_id)):
            edits = edit_list(asset, str(found_digest))
            keep_reconstruction(
                archive.root,
                record.id,
                film if watched else tape,
                "again.mp4",
                info,
                edits,
                Status.HELD_IN_PART,
                archive.terms(),
            )
    assert not watched or holdfast("work", "--archive", stage.folder).code == 0


def edit_list(asset: str, kept: str) -> EditList:
    gone, names = "b" * 128, {kept: KEPT, "b" * 128: GONE}

    def edit(start: int, end: int, *sources: str) -> Edit:
        span = Span(Fraction(start), Fraction(end))
        takes = tuple(
            Take(Placement(source, span, span), f"{names[source]}: less noise than {GONE}.") for source in sources
        )
        return Edit(span, takes, takes[:1])

    edits = (edit(0, 2, kept), edit(2, 4, gone, kept), edit(4, 6))
    return EditList(asset, "Again", Fraction(6), True, (320, 180), Fraction(25), edits, names)


def test_the_coverage_page_tells_each_stretch_its_copy_and_its_gap(restored: Restored) -> None:
    shown = client().get(f"/w/{restored.ids['public']}/coverage").content.decode()
    assert "Of 0:06 there are 0:04 of picture and 0:04 of sound." in shown
    for piece in ('class="c0" x="0.000%" width="33.333%"', 'class="c1" x="33.333%" width="33.333%"', "0:04–0:06"):
        assert piece in shown
    assert "style=" not in shown
    still = f"/still/{restored.ids['public']}/"
    assert client().get(still + shown.split(still)[1].split('"')[0]).status_code == 200
    assert f"/w/{restored.ids['public']}/coverage" in client().get(f"/w/{restored.ids['public']}").content.decode()


def test_what_is_told_of_a_reconstruction_is_never_taken_from_the_lost_master(own_stage: Stage, tmp_path: Path) -> None:
    asset = own_stage.ids["public"]
    lose(own_stage, "public", tmp_path, watched=False)
    page, coverage, compare = (
        signed_in("curator").get(f"/w/{asset}{path}").content.decode() for path in ("", "/coverage", "/compare")
    )
    assert "The reconstruction is kept; its copy for watching is still being made." in page
    assert "This copy for watching was made before the master was lost." in page
    assert "At a glance" not in page
    assert "/still/" not in coverage
    assert "the reconstruction</figcaption>" not in compare
    assert "The master of this work is lost" not in page

    assert holdfast("work", "--archive", own_stage.folder).code == 0
    page, coverage, compare = (
        signed_in("curator").get(f"/w/{asset}{path}").content.decode() for path in ("", "/coverage", "/compare")
    )
    assert not any(sentence in page for sentence in ("still being made", "before the master was lost"))
    assert "At a glance" in page
    (made,) = {address.split("/")[3] for address in re.findall(r"/still/[0-9a-z]+/[0-9a-f]{128}/", coverage)}
    assert f"/media/{asset}/{made}/" in page
    assert "the reconstruction</figcaption>" in compare
    assert made in client().get("/").content.decode()  # its card shows what its page plays


def test_curators_are_told_of_copies_that_came_since_it_was_put_together(restored: Restored, tmp_path: Path) -> None:
    asset, other = restored.ids["public"], tmp_path / "Dachboden.mp4"
    write_film(film_plan(77, 6, SIZE), other)
    (kept,) = holdfast("found", "add", other, "--archive", restored.folder, "--json").records
    path, told = f"/w/{asset}/coverage", "1 copy has come since this was put together"
    curator = signed_in("curator")
    assert told not in curator.get(path).content.decode()  # nobody knows that it shows the work
    whole = Span(Fraction(0), Fraction(6))
    match = Match(0, 1.0, (Segment(whole, whole, Fraction(1), seen=True, heard=True, probability=1.0),))
    seen = Sighting("as it was asked", Fraction(6), (KnownAs(asset, "masters/film.mp4", match),))
    question = {"copy": kept["digest"]}
    Answers(site.archive().cache).keep("sighting", question, [sighting_bytes(seen)])
    assert told in curator.get(path).content.decode()
    Answers(site.archive().cache).keep("sighting", question, [sighting_bytes(replace(seen, matches=()))])
    assert told not in curator.get(path).content.decode()
    accept = ("found", "accept", kept["digest"], "--asset", asset, "--archive", restored.folder)
    assert holdfast(*accept).code == 0
    assert f"{told}: <code>holdfast restore {asset}</code>" in re.sub(r"\s+", " ", curator.get(path).content.decode())
    assert "has come since" not in client().get(path).content.decode()
    said = holdfast("coverage", asset, "--archive", restored.folder).out
    assert f"  {told}: holdfast restore {asset}\n" in said
    refuse = ("found", "refuse", kept["digest"], "--asset", asset, "--archive", restored.folder)
    assert holdfast(*refuse).code == 0
    assert "has come since" not in curator.get(path).content.decode()


def test_names_of_found_copies_are_for_curators_and_strangers_read_letters(restored: Restored) -> None:
    path = f"/w/{restored.ids['public']}/coverage"
    stranger, curator = (browser.get(path).content.decode() for browser in (client(), signed_in("curator")))
    assert "Kassette" not in stranger
    assert "A: less noise than B." in stranger
    assert all(name in curator for name in (KEPT, GONE))


def test_what_is_wanted_is_counted_for_those_who_may_see_it(restored: Restored) -> None:
    public, sealed = restored.ids["public"], restored.ids["sealed"]
    for path in ("/wanted", "/ru/wanted", "/wanted.rss"):
        told = client().get(path).content.decode()
        assert (public in told, sealed in told, WORDS["sealed"] in told) == (True, False, False), path
    assert sealed in signed_in("custodian").get("/wanted").content.decode()
    feed = ET.fromstring(signed_in("custodian").get("/wanted.rss").content)  # the same whoever asks
    assert [item.findtext("link", "").rsplit("/", 1)[1] for item in feed.iter("item")] == [public]


def test_a_name_and_a_length_lead_to_the_work_and_never_to_a_hidden_one(restored: Restored) -> None:
    asked = {"name": f"{WORDS['public']}_21.avi", "length": "0:06"}
    assert f"/w/{restored.ids['public']}/coverage" in client().get("/gap", asked).content.decode()
    asked = {"name": f"{WORDS['sealed']} 24", "length": "0:06"}
    told = client().get("/gap", asked).content.decode()
    assert restored.ids["sealed"] not in told
    assert restored.ids["sealed"] in signed_in("custodian").get("/gap", asked).content.decode()


@pytest.mark.parametrize("length", ["x", "-1", "1:99", "9" * 400, "1:2:3:4:5", "²", "\x00"])
def test_a_length_that_is_none_is_told_and_not_used(restored: Restored, length: str) -> None:
    shown = client().get("/gap", {"name": "Leuchtturm 21", "length": length})
    assert shown.status_code == 200


def test_a_held_work_has_a_page_that_says_so_and_a_hidden_one_has_none(stage: Stage) -> None:
    assert "from beginning to end" in client().get(f"/w/{stage.ids['public']}/coverage").content.decode()
    assert client().get(f"/w/{stage.ids['sealed']}/coverage").status_code == 404
    assert 'href="/wanted"' not in client().get("/").content.decode()


def test_the_colors_of_the_page_are_those_of_the_program(stage: Stage) -> None:
    css = (Path(site.__file__).parent / "static/show/coverage.css").read_text("utf-8")
    for number, color in enumerate(COLORS):
        assert f".c{number} {{ fill: {color}; background: {color};" in css


def test_curators_see_two_copies_side_by_side_at_the_same_moments(restored: Restored) -> None:
    path = f"/w/{restored.ids['public']}/compare"
    for browser in (client(), signed_in("member")):
        assert browser.get(path).status_code == 404
    curator = signed_in("curator")
    assert curator.get(f"/w/{restored.ids['sealed']}/compare").status_code == 404
    first = curator.get(path, {"n": "2"}).content.decode()
    assert all(name in first for name in (KEPT, GONE))
    assert "less noise than" in first
    copies._maker.submit(lambda: None).result(timeout=120)  # after what was asked for before
    shown = curator.get(path, {"n": "2"}).content.decode()
    assert "Some pictures are being made" not in shown
    stills = re.findall(r"/w/[0-9a-z]+/copies/[0-9a-f]{128}/[0-9]+\.jpg", shown)
    assert len(stills) == copies.MOMENTS, "of the copy that is there; nothing is known of the other"
    assert curator.get(stills[0]).content.startswith(b"\xff\xd8")
    for browser in (client(), signed_in("member")):
        assert browser.get(stills[0]).status_code == 404
    assert curator.get(stills[0].replace(stills[0].split("/")[4], "c" * 128)).status_code == 404


@pytest.mark.parametrize("number", ["0", "-1", "3", "x", "²", "9" * 30, ""])
def test_a_stretch_that_is_none_has_no_comparison(restored: Restored, number: str) -> None:
    path = f"/w/{restored.ids['public']}/compare"
    assert signed_in("curator").get(path, {"n": number}).status_code == 404
    assert signed_in("curator").get(path, {"a": number, "b": number}).status_code == 200


def test_a_record_that_is_damaged_takes_nothing_but_itself_from_the_list(restored: Restored) -> None:
    with site.archive().up_to_date_catalog().engine.connect() as connection:
        from holdfast.catalog import visible

        seen = visible.visible_asset(connection, restored.ids["public"], ("public",))
    assert seen is not None
    place = restored.folder / site.archive().root.place_of(seen.object, "record.json")
    place.write_bytes(json.dumps({}).encode())
    from holdfast.show import restored as restoring
    from holdfast.show import works

    works._read.cache_clear()
    restoring._at_hand.clear()
    assert client().get("/wanted").status_code == 200
