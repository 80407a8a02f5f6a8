from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from tests.cli.conftest import Kept
from tests.cli.line import content_of, flip, holdfast, tree


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "out").mkdir()
    monkeypatch.chdir(tmp_path / "out")


def test_the_master_comes_out_under_its_name_as_it_went_in(made: Kept) -> None:
    said = holdfast("get", made.id("tape 7.mp4"), "--archive", made.archive)
    assert said.code == 0
    assert tree(Path()) == {"tape 7.mp4": (made.folder / "tape 7.mp4").read_bytes()}
    assert said.lines == [
        f"tape 7.mp4  4.0 KiB, sha512 {hashlib.sha512(Path('tape 7.mp4').read_bytes()).hexdigest()[:12]}... verified"
    ]


def test_json_names_the_file_its_digest_and_where_it_lies_now(made: Kept) -> None:
    (record,) = holdfast("get", made.id("tape 7.mp4"), "--archive", made.archive, "--json").records
    assert record["digest"] == hashlib.sha512((made.folder / "tape 7.mp4").read_bytes()).hexdigest()
    assert (record["file"], record["path"]) == ("masters/tape 7.mp4", "tape 7.mp4")


def test_everything_comes_out_in_its_folders(made: Kept) -> None:
    assert holdfast("get", made.id("harvest.mp4"), "--all", "-o", "x/y", "--archive", made.archive).code == 0
    assert {"record.json", "events.jsonl", "masters/harvest.mp4", "texts/harvest.de.vtt"} <= tree(Path("x/y")).keys()


def test_a_name_that_ends_with_a_slash_is_a_folder(made: Kept) -> None:
    assert holdfast("get", made.id("tape 7.mp4"), "-o", "new/", "--archive", made.archive).code == 0
    assert holdfast("get", made.id("tape 7.mp4"), "-o", "plain", "--archive", made.archive).code == 0
    assert tree(Path()).keys() == {"new/tape 7.mp4", "plain"}


def test_a_file_can_be_named_by_its_path_or_its_last_part(made: Kept) -> None:
    asset = made.id("harvest.mp4")
    assert holdfast("get", asset, "harvest.de.vtt", "record.json", "--archive", made.archive).code == 0
    assert holdfast("get", asset, "texts/harvest.de.vtt", "-o", "b.vtt", "--archive", made.archive).code == 0
    assert tree(Path()).keys() == {"harvest.de.vtt", "record.json", "b.vtt"}


def test_a_file_that_is_there_is_not_replaced_unless_forced(made: Kept) -> None:
    Path("tape 7.mp4").write_text("mine")
    words = ["get", made.id("tape 7.mp4"), "--archive", made.archive]
    said = holdfast(*words, "--json")
    assert (said.code, said.error["error"]) == (2, "HF-A007")
    assert tree(Path()) == {"tape 7.mp4": b"mine"}
    assert holdfast(*words, "--force").code == 0
    assert Path("tape 7.mp4").stat().st_size == 4096


def test_damaged_bytes_are_refused_and_nothing_is_left_behind(kept: Kept) -> None:
    flip(content_of(kept.archive, kept.id("tape 7.mp4"), "masters/tape 7.mp4"), 4000)
    said = holdfast("get", kept.id("tape 7.mp4"), "-o", "deep/er/", "--archive", kept.archive, "--json")
    assert (said.code, said.out, said.error["error"]) == (6, "", "HF-D002")
    assert tree(Path()) == {}


def test_an_earlier_version_comes_out_as_it_was(kept: Kept) -> None:
    asset = kept.id("tape 7.mp4")
    holdfast("describe", asset, "--title", "Tape seven", "--archive", kept.archive)
    for version, words in (("v1", "tape 7"), ("2", "Tape seven")):
        out = f"{version}.json"
        said = holdfast("get", asset, "record.json", "--version", version, "-o", out, "--archive", kept.archive)
        assert said.code == 0
        assert f'"text": "{words}"' in Path(out).read_text("utf-8")


@pytest.mark.parametrize("version", ["v9", "0", "one", "v-1", ""])
def test_a_version_that_is_not_there_is_refused_with_those_that_are(made: Kept, version: str) -> None:
    said = holdfast("get", made.id("tape 7.mp4"), "--version", version, "--archive", made.archive, "--json")
    assert (said.code, said.error["error"]) == (2, "HF-A005")
    assert "v1" in said.error["what"]


def test_a_stream_is_refused_because_it_cannot_be_verified_first(made: Kept) -> None:
    assert holdfast("get", made.id("tape 7.mp4"), "-o", "-", "--archive", made.archive).code == 2


def test_all_and_names_together_are_refused(made: Kept) -> None:
    assert holdfast("get", made.id("tape 7.mp4"), "x", "--all", "--archive", made.archive).code == 2


def test_a_name_that_the_asset_does_not_hold_is_refused(made: Kept) -> None:
    said = holdfast("get", made.id("tape 7.mp4"), "harvest.mp4", "--archive", made.archive, "--json")
    assert (said.code, said.error["error"]) == (3, "HF-N002")
