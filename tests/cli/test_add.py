from __future__ import annotations

import hashlib
import json
import os
import signal
import subprocess
from pathlib import Path

import pytest

from tests.cli.conftest import Kept, submission
from tests.cli.line import command, content_of, ended, flip, holdfast, inventory_of, started, titles, tree, until


def test_json_has_a_line_a_file_with_asset_file_and_digest(made: Kept) -> None:
    said = holdfast("add", made.folder, "--archive", made.archive, "--json")
    assert said.code == 0
    assert [(record["asset"], Path(record["file"]).name) for record in said.records] == [
        (made.id(name), name) for name in ("Leuchtturm.mp4", "harvest.mp4", "tape 7.mp4")
    ]
    for record in said.records:
        assert record["digest"] == hashlib.sha512(Path(record["file"]).read_bytes()).hexdigest()
        assert record["outcome"] == "already kept"


def test_adding_again_adds_nothing_and_says_so(kept: Kept) -> None:
    before = tree(kept.archive / "ocfl")
    said = holdfast("add", kept.folder, "--archive", kept.archive)
    assert said.code == 0
    assert "3 already kept; 0 B new" in said.lines
    assert tree(kept.archive / "ocfl") == before


def test_what_could_not_be_kept_is_named_and_the_rest_goes_on(kept: Kept, tmp_path: Path) -> None:
    films = tmp_path / "films"
    films.mkdir()
    (films / "a.mp4").write_bytes(b"")
    (films / "b.mp4").write_bytes(b"<html>not found</html>")
    (films / "c.mp4.part").write_bytes(b"x")
    (films / "d.mp4").symlink_to("b.mp4")
    (films / "notes.odt").write_bytes(b"x")
    said = holdfast("add", films, tmp_path / "nowhere", "--archive", kept.archive)
    assert said.code == 1
    assert said.lines[0].startswith("failed ")
    assert said.lines[1].strip().startswith("HF-D005: ")
    passed = [line for line in said.lines if line.startswith("passed over")]
    assert [Path(line.split()[-1]).name for line in passed] == ["c.mp4.part", "d.mp4", "nowhere"]
    assert "1 other file was passed over" in said.out
    assert "1 kept, 1 failed, 3 passed over; 22 B new; 1 with warnings" in said.lines
    told = holdfast("add", films, "--archive", kept.archive, "--json")
    assert (told.code, told.err) == (1, "")
    assert [record["outcome"] for record in told.records] == ["failed", "already kept", "passed over", "passed over"]
    assert all({"asset", "file", "digest"} <= record.keys() for record in told.records)


def test_names_that_are_hostile_or_no_text_are_kept_and_shown_safely(kept: Kept, tmp_path: Path) -> None:
    films = tmp_path / "films"
    films.mkdir()
    names = [b"\x1b[31mred.mp4", b"two\nlines.mp4", b"\xff\xfe.mp4", "gpj\u202e.mp4".encode(), b"-rf.mp4"]
    names.append(b"n" * 251 + b".mp4")
    for number, name in enumerate(names):
        (films / os.fsdecode(name)).write_bytes(b"film %d" % number)
    said = holdfast("add", tmp_path / "films", "--archive", kept.archive)
    assert said.code == 0
    assert all(line.isprintable() for line in said.lines)
    told = holdfast("add", tmp_path / "films", "--archive", kept.archive, "--json")
    assert {os.fsencode(Path(record["file"]).name) for record in told.records} == set(names)
    out = tmp_path / "out"
    out.mkdir()
    for record in told.records:
        assert holdfast("get", record["asset"], "-o", out, "--archive", kept.archive).code == 0
    assert sorted(path.read_bytes() for path in out.iterdir()) == [b"film %d" % number for number in range(6)]


def test_a_name_that_begins_with_a_dash_can_be_given_after_two(
    kept: Kept, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("-x.mp4").write_bytes(b"dash")
    assert holdfast("add", "--archive", kept.archive, "--", "-x.mp4").code == 0


def test_a_damaged_file_is_mended_by_adding_it_again(kept: Kept) -> None:
    flip(content_of(kept.archive, kept.id("tape 7.mp4"), "masters/tape 7.mp4"))
    said = holdfast("add", kept.folder / "tape 7.mp4", "--archive", kept.archive)
    assert said.code == 0
    assert said.lines[0].startswith(f"mended        {kept.id('tape 7.mp4')}")
    assert holdfast("audit", "--archive", kept.archive).code == 0


def test_a_sidecar_that_comes_later_joins_its_film(kept: Kept, tmp_path: Path) -> None:
    folder = submission(tmp_path / "films")
    (folder / "tape 7.ru.vtt").write_text("WEBVTT\n\n00:01.000 --> 00:02.000\nМаяк\n", "utf-8")
    said = holdfast("add", folder / "tape 7.mp4", "--archive", kept.archive, "--json")
    assert (said.records[0]["outcome"], said.records[0]["sidecars"]) == ("joined", ["texts/tape 7.ru.vtt"])
    assert holdfast("search", "маяка", "--archive", kept.archive).code == 0


@pytest.mark.parametrize("own", [".", "..", "ocfl", "staging"])
def test_the_archive_is_not_added_to_itself(kept: Kept, own: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(kept.archive)
    said = holdfast("add", own, "--json")
    assert (said.code, said.error["error"]) == (2, "HF-A005")


def test_who_may_see_it_is_what_was_asked_for(kept: Kept, tmp_path: Path) -> None:
    (tmp_path / "new.mp4").write_bytes(b"new")
    holdfast("add", tmp_path / "new.mp4", "--access", "sealed", "--archive", kept.archive)
    access = {
        record["title"]: record["access"] for record in holdfast("ls", "--archive", kept.archive, "--json").records
    }
    assert (access["new"], access["tape 7"]) == ("sealed", "curators")


def test_a_reader_that_goes_away_does_not_stop_the_keeping(kept: Kept, tmp_path: Path) -> None:
    films = tmp_path / "films"
    films.mkdir()
    for number in range(5):
        (films / f"{number}.mp4").write_bytes(b"film %d" % number)
    process = started("add", films, "--archive", kept.archive)
    assert process.stdout is not None
    process.stdout.close()
    process.stdout = None
    said = ended(process)
    assert (said.code, said.err) == (0, "")
    assert len(titles(kept.archive)) == 8


@pytest.mark.slow
def test_ctrl_c_in_the_middle_ends_with_130_and_the_same_again_completes(kept: Kept, tmp_path: Path) -> None:
    films = tmp_path / "films"
    films.mkdir()
    for number in range(60):
        (films / f"{number:03}.mp4").write_bytes(bytes([number]) * 100_000)
    process = started("add", films, "--archive", kept.archive, "--json")
    assert process.stdout is not None
    first = process.stdout.readline()
    said = ended(process, signal.SIGINT)
    assert (said.code, said.error["error"]) == (130, "interrupted")
    reported = [json.loads(line) for line in (first + said.out).splitlines()]
    assert 0 < len(reported) < 60
    again = holdfast("add", films, "--archive", kept.archive, "--json")
    assert again.code == 0
    outcomes = {record["file"]: record["outcome"] for record in again.records}
    assert all(outcomes[record["file"]] == "already kept" for record in reported if record["outcome"] == "kept")
    assert len(titles(kept.archive)) == 63
    assert holdfast("audit", "--archive", kept.archive).code == 0
    assert list((kept.archive / "staging").iterdir()) == []


@pytest.mark.slow
def test_a_killed_run_is_completed_by_the_next_and_swept(kept: Kept, tmp_path: Path) -> None:
    films = tmp_path / "films"
    films.mkdir()
    for number in range(30):
        (films / f"{number:03}.mp4").write_bytes(bytes([number]) * 2_000_000)
    process = started("add", films, "--archive", kept.archive, "--json")
    assert process.stdout is not None
    process.stdout.readline()
    assert ended(process, signal.SIGKILL).code == -signal.SIGKILL
    assert holdfast("add", films, "--archive", kept.archive).code == 0
    assert len(titles(kept.archive)) == 33
    assert list((kept.archive / "staging").iterdir()) == []
    assert holdfast("audit", "--archive", kept.archive).code == 0


@pytest.mark.slow
def test_a_thousand_films_of_which_one_in_twenty_is_broken_end_with_an_exact_report(
    tmp_path: Path, quick_disk: Path
) -> None:
    archive, films = quick_disk / "archive", tmp_path / "films"
    films.mkdir()
    broken = {"empty": b"", "page": b"<html>404</html>", "cut": b"\x00\x00\x00\x20ftypisom", "pipe": None}
    kinds = list(broken)
    for number in range(1000):
        path = films / f"{number:04}.mp4"
        if number % 20:
            path.write_bytes(b"film number %d" % number)
        elif (data := broken[kinds[number // 20 % 4]]) is None:
            path.symlink_to("nowhere")
        else:
            path.write_bytes(data and data + b"%d" % number)
    holdfast("init", archive)
    said = holdfast("add", films, "--archive", archive, "--json")
    assert said.code == 1
    outcomes = [record["outcome"] for record in said.records]
    kept, failed, passed = 950 + 13 + 12, 13, 12
    assert [outcomes.count(word) for word in ("kept", "failed", "passed over")] == [kept, failed, passed]
    before = tree(archive / "ocfl").keys()
    again = holdfast("add", films, "--archive", archive)
    assert again.code == 1
    assert f"{kept} already kept, {failed} failed, {passed} passed over; 0 B new" in again.out
    assert tree(archive / "ocfl").keys() == before
    assert holdfast("audit", "--archive", archive, "--json").records[-1]["passed"] == kept
    assert holdfast("rebuild", "--archive", archive, "--json").records[0]["assets"] == kept


@pytest.mark.slow
def test_two_programs_that_add_one_folder_at_once_keep_everything_once(kept: Kept, tmp_path: Path) -> None:
    films = tmp_path / "films"
    films.mkdir()
    for number in range(12):
        (films / f"{number}.mp4").write_bytes(b"film %d" % number)
    both = [subprocess.Popen(command("add", films, "--archive", kept.archive), stdout=subprocess.DEVNULL) for _ in "ab"]
    assert [process.wait(120) for process in both] == [0, 0]
    assert len(titles(kept.archive)) == 15
    assert all(inventory_of(kept.archive, asset)["head"] == "v1" for asset in kept.ids.values())
    until(lambda: list((kept.archive / "staging").iterdir()) == [])
