"""The page of a restoration tells of one edit list: what was made of another is not passed off as made of this one."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from holdfast.actions.archive import Archive
from holdfast.actions.report import write_reports
from holdfast.actions.restore import Restored
from holdfast.errors import StorageRefused
from holdfast.model.asset import Instantiation, InstantiationKind
from holdfast.model.edit import Edit, EditList
from holdfast.model.fixity import Digest
from tests.cli.conftest import Kept
from tests.formats.made_edits import harvest, span
from tests.formats.pages import check_page

EDITS = harvest()
TAKES = EDITS.edits[0].picture
BEFORE = replace(EDITS, edits=(Edit(span(0, 380), TAKES, TAKES), Edit(span(380, 904))))
SILENT = replace(EDITS, edits=(Edit(span(0, 904), TAKES),))
DIGEST = Digest("ab" * 64)
WHEN = datetime(2026, 11, 25, 9, 30, tzinfo=UTC)


def told(archive: Archive, kept: Kept, folder: Path, edits: EditList, state: str, *, is_new: bool = False) -> str:
    """The text of the page about an asset of which there is a reconstruction, made after `BEFORE` unless it is new."""
    asset = kept.id("harvest.mp4")
    made = Instantiation("masters/harvest.mp4", InstantiationKind.RECONSTRUCTION, DIGEST, 1, WHEN, "harvest.mkv")
    one = Restored(asset, "Harvest", state, edits, BEFORE, made, is_new=is_new)
    (page,) = write_reports(archive, [one], folder)
    return check_page(page.read_bytes()).text


def test_a_plan_that_differs_is_not_told_with_the_film_that_was_made_before(
    archive: Archive, kept: Kept, tmp_path: Path
) -> None:
    found = told(archive, kept, tmp_path / "report", EDITS, "partly restored")

    assert "Plan of a reconstruction: partly restored" in found
    assert "Nothing was made yet" in found
    assert DIGEST.text[:16] not in found


@pytest.mark.parametrize(("edits", "is_new"), [(BEFORE, False), (EDITS, True)])
def test_a_film_that_was_made_of_this_edit_list_is_told_with_its_digest(
    archive: Archive, kept: Kept, tmp_path: Path, edits: EditList, *, is_new: bool
) -> None:
    found = told(archive, kept, tmp_path / "report", edits, "partly restored", is_new=is_new)

    assert "Plan" not in found
    assert DIGEST.text[:16] in found


def test_what_restoring_found_out_about_a_silent_work_is_on_its_page(
    archive: Archive, kept: Kept, tmp_path: Path
) -> None:
    assert "Reconstruction: restored" in told(archive, kept, tmp_path, SILENT, "restored", is_new=True)
    assert "Reconstruction: partly restored" in told(archive, kept, tmp_path, SILENT, "nothing found", is_new=True)


def test_a_folder_that_cannot_be_written_to_is_told_in_our_words(archive: Archive, kept: Kept, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"in the way")

    with pytest.raises(StorageRefused):
        told(archive, kept, tmp_path / "file", EDITS, "partly restored")
