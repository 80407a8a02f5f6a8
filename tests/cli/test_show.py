from __future__ import annotations

import sqlite3

from tests.cli.conftest import Kept
from tests.cli.line import content_of, flip, holdfast, object_of


def test_everything_that_is_known_is_shown_for_the_beginning_of_an_id(made: Kept) -> None:
    asset = made.id("harvest.mp4")
    said = holdfast("show", asset[:6], "--events", "--archive", made.archive)
    assert said.code == 0
    for words in ("Жатва 1974", asset, "masters/harvest.mp4", "texts/harvest.de.vtt", "never; holdfast audit"):
        assert words in said.out
    assert "ingestion: success; Archive of the Group" in said.out


def test_json_holds_the_record_its_files_events_and_versions(made: Kept) -> None:
    (record,) = holdfast("show", made.id("harvest.mp4"), "--archive", made.archive, "--json").records
    assert record["record"]["titles"][0]["text"] == "Жатва 1974"
    assert {one["file"] for one in record["files"]} >= {"masters/harvest.mp4", "record.json", "events.jsonl"}
    assert (made.archive / record["files"][0]["place"]).is_file()
    assert [version["version"] for version in record["versions"]] == ["v1"]


def test_hyphens_blanks_and_capitals_in_an_id_do_not_matter(made: Kept) -> None:
    asset = made.id("tape 7.mp4")
    assert holdfast("show", f" {asset[:4]}-{asset[4:].upper()}", "--archive", made.archive).code == 0


def test_a_mistyped_id_is_refused_with_the_nearest_one(made: Kept) -> None:
    asset = made.id("tape 7.mp4")
    wrong = asset[:5] + ("0" if asset[5] != "0" else "1") + asset[6:]
    for spelled in (
        wrong,
        asset[:4] + asset[5:],
        asset[:4] + "0" + asset[4:],
        asset[:4] + asset[5] + asset[4] + asset[6:],
    ):
        said = holdfast("show", spelled, "--archive", made.archive, "--json")
        if spelled == asset:
            continue  # the exchanged characters were the same
        assert (said.code, said.error["error"]) == (3, "HF-N001")
        assert asset in said.error["what"]


def test_what_is_near_to_nothing_gets_no_hint(made: Kept) -> None:
    said = holdfast("show", "0000000000000", "--archive", made.archive)
    assert said.code == 3
    assert "near to it" not in said.err


def test_a_beginning_that_fits_several_names_them(kept: Kept) -> None:
    first = kept.id("harvest.mp4")
    twin = first[:6] + ("0" * 7 if first[6] != "0" else "1" * 7)
    with sqlite3.connect(kept.archive / "catalog.db") as database:
        columns = ", ".join(row[1] for row in database.execute("PRAGMA table_info(asset)") if row[1] != "id")
        database.execute(
            f"INSERT INTO asset (id, {columns}) SELECT ?, {columns} FROM asset WHERE id = ?", (twin, first)
        )
    database.close()
    said = holdfast("show", first[:6], "--archive", kept.archive, "--json")
    assert (said.code, said.error["error"]) == (3, "HF-N003")
    assert first in said.error["what"]
    assert twin in said.error["what"]


def test_a_record_that_was_damaged_is_refused_and_named(kept: Kept) -> None:
    asset = kept.id("harvest.mp4")
    flip(content_of(kept.archive, asset, "record.json"))
    said = holdfast("show", asset, "--archive", kept.archive, "--json")
    assert (said.code, said.error["error"]) == (6, "HF-D002")


def test_an_object_that_the_catalogue_cannot_understand_is_still_found_by_its_id(kept: Kept) -> None:
    asset = kept.id("harvest.mp4")
    flip(object_of(kept.archive, asset) / "inventory.json", 30)
    flip(object_of(kept.archive, asset) / "v1" / "inventory.json", 30)
    assert holdfast("rebuild", "--archive", kept.archive).code == 1
    said = holdfast("show", asset, "--archive", kept.archive, "--json")
    assert (said.code, said.error["error"]) == (6, "HF-D001")


def test_the_last_check_is_shown_with_its_result(kept: Kept) -> None:
    asset = kept.id("Leuchtturm.mp4")
    assert holdfast("audit", asset, "--archive", kept.archive).code == 0
    assert holdfast("show", asset, "--archive", kept.archive).out.rstrip().endswith("passed")
