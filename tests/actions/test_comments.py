"""Comments enter the archive once, leave what is shown when they are withdrawn, and never touch the work's object."""

from __future__ import annotations

from dataclasses import replace

import pytest

from holdfast.actions.archive import Archive
from holdfast.actions.comments import comments_on, publish, read, withdraw
from holdfast.catalog.catalog import Catalog
from holdfast.errors import BadValue, UnknownAsset, UnknownObject
from holdfast.formats.comment import parse_comment
from holdfast.formats.record import EVENTS_FILE, RECORD_FILE, parse_events
from holdfast.model.comment import CommentRecord
from holdfast.model.ids import new_asset_id, parse_asset_id
from holdfast.model.inventory import V1
from holdfast.model.time import now
from tests.cli.conftest import Kept


def said(kept: Kept, text: str = "I held the lamp.", name: str = "Mia") -> CommentRecord:
    work = parse_asset_id(kept.id("tape 7.mp4"))
    return CommentRecord(str(new_asset_id()), work, now(), now(), "Ada", text=text, language="en", name=name)


def test_a_published_comment_is_an_object_of_its_own_that_names_who_let_it_in(archive: Archive, kept: Kept) -> None:
    comment = publish(archive, said(kept))
    assert read(archive, comment.id) == comment
    (event,) = parse_events(archive.root.read(str(comment.object_id), EVENTS_FILE))
    assert "accepted by Ada" in event.detail
    assert "lamp" not in event.detail
    assert "Mia" not in event.detail
    assert str(archive.root.inventory(str(comment.asset.object_id)).head) == "v1"
    assert [one.text for one in comments_on(archive, kept.id("tape 7.mp4"))] == ["I held the lamp."]


def test_publishing_again_changes_nothing_and_says_what_is_kept(archive: Archive, kept: Kept) -> None:
    comment = publish(archive, said(kept))
    assert publish(archive, replace(comment, text="something else")) == comment
    assert str(archive.root.inventory(str(comment.object_id)).head) == "v1"


def test_what_is_withdrawn_is_in_no_catalogue_and_only_in_the_version_before(archive: Archive, kept: Kept) -> None:
    comment = publish(archive, said(kept))
    gone = withdraw(archive, comment.id, reason="her own wish")
    assert (gone.text, gone.name) == ("", "")
    assert gone.withdrawn is not None
    assert (gone.withdrawn.by, gone.withdrawn.reason) == ("Archive of the Group", "her own wish")
    assert read(archive, comment.id) == withdraw(archive, comment.id, reason="again") == gone
    before = b"".join(archive.root.chunks(str(comment.object_id), RECORD_FILE, V1))
    assert parse_comment(before).text == "I held the lamp."  # a takedown: no longer shown, still kept
    archive.catalog.rebuild()
    assert [one.text for one in comments_on(archive, kept.id("tape 7.mp4"))] == [""]
    assert "lamp" not in "".join(archive.catalog.dump())


def test_a_catalogue_made_anew_from_the_disk_has_the_same_comments(archive: Archive, kept: Kept) -> None:
    publish(archive, said(kept))
    fresh = Catalog(archive.folder / "fresh.db", archive.root)
    fresh.rebuild()
    assert list(fresh.dump()) == list(archive.catalog.dump())
    fresh.close()


def test_a_comment_on_nothing_and_one_that_cannot_be_written_are_refused(archive: Archive, kept: Kept) -> None:
    with pytest.raises(UnknownAsset):
        publish(archive, replace(said(kept), asset=new_asset_id()))
    with pytest.raises(BadValue):
        publish(archive, said(kept, text="half \ud800"))
    for unknown in (str(new_asset_id()), "../../x", ""):
        with pytest.raises(UnknownObject):
            withdraw(archive, unknown, reason="x")
