from __future__ import annotations

from dataclasses import replace

import pytest

from holdfast.actions.archive import Archive
from holdfast.actions.describe import EDITABLE, added, describe, editable, record_of, with_edits
from holdfast.errors import BadValue, Outrun
from holdfast.formats.record import EVENTS_FILE, parse_events
from holdfast.model.asset import DatedFact, Status, Tag
from holdfast.model.event import EventType
from tests.cli.conftest import Kept


def test_a_change_is_a_version_with_the_event_of_who_changed_what(archive: Archive, kept: Kept) -> None:
    described = describe(archive, kept.id("tape 7.mp4"), added("tags", [Tag("sea")]))
    assert (described.version, described.changed) == ("v2", ("tags",))
    event = parse_events(archive.root.read(str(described.after.id.object_id), EVENTS_FILE))[-1]
    assert (event.type, event.detail) == (EventType.METADATA_MODIFICATION, "changed tags")
    assert event.agents[0].name == "Archive of the Group"


def test_an_edit_of_nothing_is_the_same_record(archive: Archive, kept: Kept) -> None:
    record, _ = record_of(archive, kept.id("harvest.mp4"))
    assert with_edits(record, editable(record)) == record
    assert with_edits(record, {}) == record
    assert set(editable(record)) == set(EDITABLE)


def test_a_change_made_for_another_version_is_refused(archive: Archive, kept: Kept) -> None:
    describe(archive, kept.id("tape 7.mp4"), added("tags", [Tag("sea")]))
    with pytest.raises(Outrun):
        describe(archive, kept.id("tape 7.mp4"), added("tags", [Tag("land")]), expected="v1")


def test_what_the_archive_itself_established_cannot_be_changed(archive: Archive, kept: Kept) -> None:
    for change in (
        lambda record: replace(record, instantiations=()),
        lambda record: replace(record, status=Status.LOST),
        lambda record: replace(record, extra={"x": 1}),
    ):
        with pytest.raises(BadValue):
            describe(archive, kept.id("tape 7.mp4"), change)
    assert str(record_of(archive, kept.id("tape 7.mp4"))[1].head) == "v1"


def test_a_wrong_date_that_was_there_before_does_not_stop_another_edit(archive: Archive, kept: Kept) -> None:
    asset = kept.id("tape 7.mp4")
    object_id = f"holdfast:asset:{asset}"
    from holdfast.formats.record import RECORD_FILE, record_bytes

    record, _ = record_of(archive, asset)
    with archive.root.intake("test") as intake, archive.root.writing(object_id, intake) as draft:
        draft.put_bytes(RECORD_FILE, record_bytes(replace(record, dates=(DatedFact("long ago"),))))
        draft.commit("by others", "others")
    assert describe(archive, asset, added("tags", [Tag("sea")])).changed == ("tags",)
    with pytest.raises(BadValue):
        describe(archive, asset, added("dates", [DatedFact("yesterday")]))


@pytest.mark.parametrize("text", ["nul \0", "half \ud800"])
def test_a_text_that_no_file_can_hold_is_refused_wherever_it_stands(archive: Archive, kept: Kept, text: str) -> None:
    with pytest.raises(BadValue):
        describe(archive, kept.id("tape 7.mp4"), added("tags", [Tag("x", extra={"note": [text]})]))
