from __future__ import annotations

import contextlib
import json
import sqlite3
from pathlib import Path

import pytest

from holdfast.cli.main import COMMANDS
from tests.cli.conftest import Kept
from tests.cli.line import command, ended, holdfast, started


def test_help_lists_every_command_in_the_order_of_its_use() -> None:
    said = holdfast("--help")
    assert said.code == 0
    positions = [said.out.index(f"\n  {name} ") for name in COMMANDS]
    assert positions == sorted(positions)


@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_has_help_with_an_example_of_nothing_it_does_not_do(name: str) -> None:
    said = holdfast(name, "--help")
    assert (said.code, said.err) == (0, "")
    assert said.out.startswith(f"Usage: holdfast {name}")
    assert "--json" in said.out or "Commands:" in said.out  # a group's deeds have it each


def test_without_a_command_the_help_is_shown_and_it_is_an_error() -> None:
    said = holdfast()
    assert (said.code, said.out) == (2, "")
    assert "Start with: holdfast init DIR" in said.err


def test_a_mistyped_command_is_answered_with_the_nearest() -> None:
    said = holdfast("serach", "word")
    assert said.code == 2
    assert "Did you mean: holdfast search?" in said.err


def test_a_wrong_option_in_json_mode_is_one_object_on_stderr() -> None:
    said = holdfast("ls", "--bogus", "--json")
    assert (said.code, said.out) == (2, "")
    assert said.error["error"] == "HF-A000"
    assert said.error["next"] == "holdfast ls --help"


@pytest.mark.parametrize("name", sorted(set(COMMANDS) - {"init", "explain", "compare", "fingerprint"}))
def test_no_command_runs_where_there_is_no_archive(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    one = {verb: ["x"] for verb in ("add", "show", "get", "describe", "search", "identify", "restore")}
    deeds = {"index": ["status"], "found": ["ls"], "lost": ["declare", "x"], "comment": ["ls", "x"]}
    deeds |= {"desk": ["accounts"], "piece": ["ls"]}
    words = {**one, **deeds}.get(name, [])
    said = holdfast(name, *words, "--json")
    assert (said.code, said.error["error"]) == (2, "HF-A001")
    assert list(tmp_path.iterdir()) == []


def test_the_archive_is_the_named_one_then_the_environments_then_the_one_around(
    made: Kept, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path / "other"
    holdfast("init", other)
    monkeypatch.chdir(made.archive / "ocfl")
    assert len(holdfast("ls", "--json").lines) == 3
    assert len(holdfast("ls", "--json", HOLDFAST_ARCHIVE=str(other)).lines) == 0
    assert len(holdfast("ls", "--json", "--archive", made.archive, HOLDFAST_ARCHIVE=str(other)).lines) == 3


def test_a_missing_storage_root_is_said_and_not_made(kept: Kept) -> None:
    (kept.archive / "ocfl").rename(kept.archive.parent / "unmounted")
    said = holdfast("ls", "--archive", kept.archive, "--json")
    assert (said.code, said.error["error"]) == (2, "HF-A008")
    assert not (kept.archive / "ocfl").exists()


def test_settings_that_cannot_be_meant_are_named_with_the_line(kept: Kept) -> None:
    (kept.archive / "holdfast.toml").write_text('layout = 1\n[add]\naccess = "everybody"\n')
    said = holdfast("ls", "--archive", kept.archive)
    assert said.code == 2
    assert "The setting add.access in" in said.err


@pytest.mark.parametrize("damage", [b"", b"this is no database at all" * 100, None])
def test_a_catalogue_that_is_no_database_is_made_anew_without_a_word(kept: Kept, damage: bytes | None) -> None:
    catalog = kept.archive / "catalog.db"
    if damage is None:
        catalog.write_bytes(catalog.read_bytes()[:5000])  # half written
    else:
        catalog.write_bytes(damage)
    said = holdfast("ls", "--archive", kept.archive, "--json")
    if damage is None and said.code == 6:  # what is damaged deep inside is only met when it is read
        assert said.error["next"] == "Make it anew: holdfast rebuild"
        assert holdfast("rebuild", "--archive", kept.archive).code == 0
        said = holdfast("ls", "--archive", kept.archive, "--json")
    assert (said.code, len(said.lines)) == (0, 3)


def test_a_catalogue_damaged_deep_inside_is_an_error_with_its_remedy(kept: Kept) -> None:
    catalog = kept.archive / "catalog.db"
    data = bytearray(catalog.read_bytes())
    with contextlib.closing(sqlite3.connect(catalog)) as database:
        (page,) = database.execute("SELECT rootpage FROM sqlite_schema WHERE name = 'asset'").fetchone()
    data[(page - 1) * 4096 : page * 4096] = b"\xa5" * 4096
    catalog.write_bytes(data)
    said = holdfast("ls", "--archive", kept.archive, "--json")
    assert (said.code, said.error["error"], said.error["next"]) == (6, "HF-D007", "Make it anew: holdfast rebuild")
    assert holdfast("rebuild", "--archive", kept.archive).code == 0
    assert len(holdfast("ls", "--archive", kept.archive, "--json").lines) == 3


def test_a_fault_of_ours_is_told_with_its_trace_and_ends_with_70(made: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError("planted \x1b[31m")

    monkeypatch.setattr("holdfast.actions.ls.ls", broken)
    said = holdfast("ls", "--archive", made.archive)
    assert said.code == 70
    assert "This is a fault in Holdfast" in said.err
    assert "ZeroDivisionError: planted \\x1b[31m" in said.err
    told = holdfast("ls", "--archive", made.archive, "--json")
    assert (told.code, told.error["error"]) == (70, "fault")


def test_ctrl_c_is_said_plainly_and_ends_with_130(made: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("holdfast.actions.ls.ls", interrupted)
    said = holdfast("ls", "--archive", made.archive)
    assert said.code == 130
    assert said.err.splitlines()[-1] == "  Run the same command again to go on."
    assert holdfast("ls", "--archive", made.archive, "--json").error["error"] == "interrupted"


def test_a_reader_that_has_seen_enough_is_no_error(made: Kept) -> None:
    process = started("ls", "--archive", made.archive, "--json")
    assert process.stdout is not None
    process.stdout.close()
    process.stdout = None
    said = ended(process)
    assert (said.code, said.err) == (0, "")


def test_the_real_program_gives_its_exit_code_to_the_shell(tmp_path: Path) -> None:
    said = ended(started("ls", "--archive", tmp_path, "--json"))
    assert said.code == 2
    assert json.loads(said.err)["error"] == "HF-A001"
    assert command("x")[-1] == "x"
