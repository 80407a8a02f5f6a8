"""`holdfast lost`: works are registered from listings once, and declared lost without losing what is left of them."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from pathlib import Path
from typing import Any

import pytest

from holdfast.actions import lost
from holdfast.actions.archive import Archive
from holdfast.restore.wanted.works import merge_listings
from tests.cli.conftest import Kept
from tests.cli.line import holdfast

TABLE = "Title;Length;Date\nHarvest in the hills;12:04;1974-08-01\nОгород;1:02:03;1975\n"


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "list.csv"
    path.write_text(TABLE, "utf-8")
    return path


def test_works_of_a_listing_are_registered_once(kept: Kept, table: Path) -> None:
    said = holdfast("lost", "import", table, "--archive", kept.archive, "--json")
    again = holdfast("lost", "import", table, "--archive", kept.archive, "--json")

    assert said.code == again.code == 0
    assert [(one["title"], one["duration"], one["new"]) for one in said.records] == [
        ("Harvest in the hills", 724.0, True),
        ("Огород", 3723.0, True),
    ]
    assert [(one["asset"], one["new"]) for one in again.records] == [(one["asset"], False) for one in said.records]
    lines = holdfast("ls", "--status", "lost", "--archive", kept.archive, "--json").records
    assert {line["asset"] for line in lines} == {one["asset"] for one in said.records}


def test_the_listing_is_kept_with_the_work_as_evidence(kept: Kept, table: Path) -> None:
    (one, _) = holdfast("lost", "import", table, "--archive", kept.archive, "--json").records

    (shown,) = holdfast("show", one["asset"], "--archive", kept.archive, "--json").records

    assert [held["file"] for held in shown["record"]["evidence"]] == ["evidence/list.csv"]
    assert shown["record"]["stated_durations"] == [{"seconds": "724", "source": "list.csv"}]


def test_columns_can_be_named_and_a_broken_mapping_is_refused(kept: Kept, tmp_path: Path) -> None:
    path = tmp_path / "odd.csv"
    path.write_text("a,b\nFerry,75\n", "utf-8")

    said = holdfast("lost", "import", path, "--map", "title=a,duration=b", "--archive", kept.archive, "--json")

    assert [(one["title"], one["duration"]) for one in said.records] == [("Ferry", 75.0)]
    assert holdfast("lost", "import", path, "--map", "title", "--archive", kept.archive).code == 2


def test_a_listing_that_is_none_is_named_and_the_others_are_read(kept: Kept, table: Path, tmp_path: Path) -> None:
    said = holdfast("lost", "import", tmp_path / "gone.csv", table, "--archive", kept.archive, "--json")

    assert said.code == 1
    assert said.error["error"] == "HF-N006"
    assert len(said.records) == 2


def test_a_work_that_is_declared_lost_keeps_everything(kept: Kept) -> None:
    asset = kept.id("harvest.mp4")

    said = holdfast("lost", "declare", asset, "--reason", "the disk died", "--archive", kept.archive, "--json")

    (one,) = said.records
    assert (said.code, one["status"], one["new"], one["still_there"]) == (0, "lost", True, ["masters/harvest.mp4"])
    (shown,) = holdfast("show", asset, "--archive", kept.archive, "--json").records
    assert shown["status"] == "lost"
    assert shown["record"]["status_history"][-1]["reason"] == "the disk died"
    (again,) = holdfast("lost", "declare", asset, "--archive", kept.archive, "--json").records
    assert again["new"] is False


def test_an_unknown_work_cannot_be_declared_lost(kept: Kept) -> None:
    said = holdfast("lost", "declare", "zzzz", "--archive", kept.archive, "--json")

    assert (said.code, said.error["error"]) == (3, "HF-N001")


def evidence_of(kept: Kept, asset: str) -> dict[str, bytes]:
    (shown,) = holdfast("show", asset, "--archive", kept.archive, "--json").records
    with contextlib.closing(Archive.open(kept.archive)) as archive:
        read = archive.root.read
        return {one["file"]: read(f"holdfast:asset:{asset}", one["file"]) for one in shown["record"]["evidence"]}


def test_of_two_listings_of_one_name_each_work_keeps_those_that_name_it(kept: Kept, tmp_path: Path) -> None:
    texts = ("Title;Length\nFerry;1:15\nMill;2:20\n", "Title;Length\nFerry;1:15\nChapel;3:30\n")
    paths = [tmp_path / str(number) / "list.csv" for number in (1, 2)]
    for path, text in zip(paths, texts, strict=True):
        path.parent.mkdir()
        path.write_text(text, "utf-8")

    said = holdfast("lost", "import", *paths, "--archive", kept.archive, "--json")

    one, other = (text.encode() for text in texts)
    found = {record["title"]: evidence_of(kept, record["asset"]) for record in said.records}
    assert found == {
        "Ferry": {"evidence/list (2).csv": other, "evidence/list.csv": one},
        "Mill": {"evidence/list.csv": one},
        "Chapel": {"evidence/list.csv": other},
    }


def test_a_listing_whose_name_is_no_text_is_kept_under_a_readable_one(kept: Kept, tmp_path: Path) -> None:
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/bad\xff.csv"))
    try:
        path.write_text(TABLE, "utf-8")
    except OSError:
        pytest.skip("this file system has no such names")

    said = holdfast("lost", "import", path, "--archive", kept.archive, "--json")

    assert said.code == 0
    assert said.records[0]["from"] == ["bad%FF.csv"]
    assert evidence_of(kept, said.records[0]["asset"]) == {"evidence/bad%FF.csv": TABLE.encode("utf-8")}


def test_of_a_listing_too_large_for_each_of_its_works_they_keep_their_own_lines(
    kept: Kept, table: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    size = table.stat().st_size
    monkeypatch.setattr(lost, "MOST_EVIDENCE_BYTES", 2 * size)

    said = holdfast("lost", "import", table, "--archive", kept.archive, "--json")
    again = holdfast("lost", "import", table, "--archive", kept.archive, "--json")

    ((name, data),) = evidence_of(kept, said.records[1]["asset"]).items()
    extract = json.loads(data)
    assert name == "evidence/list.csv.extract.json"
    assert (extract["file"], extract["sha512"]) == ("list.csv", hashlib.sha512(table.read_bytes()).hexdigest())
    assert extract["places"] == [{"place": "line 3"}]
    assert [one["value"]["text"] for one in extract["said"]["titles"]] == ["Огород"]
    assert [one["added"] for one in again.records] == [[], []]


def test_a_listing_that_vanishes_while_it_is_imported_is_told_with_its_works(
    kept: Kept, table: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def merged(*given: Any) -> Any:
        table.unlink()
        return merge_listings(*given)

    monkeypatch.setattr(lost, "merge_listings", merged)

    said = holdfast("lost", "import", table, "--archive", kept.archive, "--json")

    assert said.code == 1
    assert [one["error"] for one in said.records] == ["HF-N006", "HF-N006"]
