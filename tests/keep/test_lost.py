"""What is lost keeps its object: a status, all that was said of it, and the evidence."""

from __future__ import annotations

import io
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from holdfast.keep.lost import change_status, more_is_said, register
from holdfast.model.asset import AssetRecord, DatedFact, Evidence, StatedDuration, Statement, Status
from holdfast.model.event import EventType
from holdfast.model.ids import AssetId, new_asset_id
from holdfast.model.rights import AccessLevel
from holdfast.model.time import now
from holdfast.ocfl.root import StorageRoot
from tests.keep.keeping import TERMS, events_of, files_of, kept, record_of

FILM = b"a film that will be lost"
SAID = AssetRecord(
    new_asset_id(),
    Status.LOST,
    AccessLevel.PUBLIC,
    now(),
    titles=(Statement("Harvest 1974", "en", "listing"),),
    stated_durations=(StatedDuration(Fraction(721), "listing"),),
)


@pytest.fixture
def asset(root: StorageRoot, folder: Path) -> AssetId:
    (folder / "film.mp4").write_bytes(FILM)
    return kept(root, folder / "film.mp4")


def test_a_work_is_declared_lost_and_nothing_of_it_is_taken_away(root: StorageRoot, asset: AssetId) -> None:
    before = record_of(root, asset)

    change_status(root, asset, Status.LOST, "the disk died", TERMS)
    again = change_status(root, asset, Status.LOST, "once more", TERMS)

    after = record_of(root, asset)
    assert after == again
    assert (after.status, after.status_history[-1].reason) == (Status.LOST, "the disk died")
    assert after.instantiations == before.instantiations
    assert files_of(root, asset) == {"masters/film.mp4": FILM}
    assert events_of(root, asset)[-1].objects == ("masters/film.mp4",)


def test_a_reason_that_comes_after_the_declaration_is_kept(root: StorageRoot, asset: AssetId) -> None:
    for reason in ("", "the disk died", "", "once more"):
        change_status(root, asset, Status.LOST, reason, TERMS)
    assert [one.reason for one in record_of(root, asset).status_history if one.status is Status.LOST] == [
        "",
        "the disk died",
    ]


def test_a_work_whose_bytes_are_gone_can_be_declared_lost(root: StorageRoot, asset: AssetId, archive: Path) -> None:
    (archive / root.place_of(str(asset.object_id), "masters/film.mp4")).unlink()

    change_status(root, asset, Status.LOST, "the disk died", TERMS)

    assert record_of(root, asset).status is Status.LOST
    assert root.mend(str(asset.object_id), "masters/film.mp4", io.BytesIO(FILM))


def test_a_work_known_from_a_listing_gets_an_object_with_its_evidence(root: StorageRoot) -> None:
    record = register(root, new_asset_id(), SAID, {"list.json": b"{}", "thumb.jpg": b"jpeg"}, TERMS)

    held = record_of(root, record.id)
    assert held == record
    assert (held.status, held.access, held.duration) == (Status.LOST, TERMS.access, 721)
    assert held.evidence == (Evidence("evidence/list.json", "listing"), Evidence("evidence/thumb.jpg", "thumbnail"))
    assert files_of(root, record.id) == {"evidence/list.json": b"{}", "evidence/thumb.jpg": b"jpeg"}
    assert [event.type for event in events_of(root, record.id)] == [EventType.ACCESSION]


def test_another_listing_adds_what_is_new_and_changes_nothing(root: StorageRoot) -> None:
    asset = register(root, new_asset_id(), SAID, {"list.json": b"{}"}, TERMS).id
    more = replace(SAID, titles=(*SAID.titles, Statement("Жатва", "ru", "feed")), dates=(DatedFact("1974", "created"),))

    names = more_is_said(root, asset, more, {"list.json": b"{}", "feed.xml": b"<rss/>"}, TERMS)
    nothing = more_is_said(root, asset, more, {"list.json": b"{}"}, TERMS)

    after = record_of(root, asset)
    assert set(names) == {"titles", "dates", "evidence"}
    assert nothing == ()
    assert [title.text for title in after.titles] == ["Harvest 1974", "Жатва"]
    assert sorted(files_of(root, asset)) == ["evidence/feed.xml", "evidence/list.json"]
