from __future__ import annotations

import pytest

from holdfast.actions.archive import Archive
from holdfast.actions.audit import Scope, audit
from holdfast.actions.show import show
from holdfast.errors import DamagedFile
from tests.cli.conftest import Kept
from tests.cli.line import content_of, flip


def test_record_events_files_and_versions_are_read_from_the_store(archive: Archive, kept: Kept) -> None:
    shown = show(archive, kept.id("harvest.mp4")[:7])
    assert shown.record.title() == "Жатва 1974"
    assert shown.events[0].agents[0].name == "Archive of the Group"
    assert [number for number, _ in shown.versions] == ["v1"]
    assert all((kept.archive / file.place).is_file() for file in shown.files)
    assert shown.last_check is None


def test_the_last_check_comes_from_the_journal(archive: Archive, kept: Kept) -> None:
    audit(archive, Scope())
    last_check = show(archive, kept.id("harvest.mp4")).last_check
    assert last_check is not None
    assert last_check[1] == "passed"


def test_events_that_were_damaged_are_refused(archive: Archive, kept: Kept) -> None:
    flip(content_of(kept.archive, kept.id("harvest.mp4"), "events.jsonl"))
    with pytest.raises(DamagedFile):
        show(archive, kept.id("harvest.mp4"))
