from __future__ import annotations

import shutil
import signal
from pathlib import Path

import pytest

from tests.cli.conftest import Kept
from tests.cli.line import Said, content_of, ended, flip, holdfast, object_of, started, tree, until


def audited(kept: Kept, *words: object) -> Said:
    return holdfast("audit", *words, "--archive", kept.archive)


def test_a_whole_archive_passes_and_says_how_much_was_read(kept: Kept) -> None:
    said = audited(kept)
    assert said.code == 0
    assert said.lines[-1].startswith("3 objects, ")
    assert said.lines[-1].endswith(": 3 passed")


def test_json_has_a_line_an_object_and_the_sum_last(kept: Kept) -> None:
    *objects, total = audited(kept, "--json").records
    assert {record["asset"] for record in objects} == set(kept.ids.values())
    assert {record["result"] for record in objects} == {"passed"}
    assert (total["is_clean"], total["passed"], total["not_checked"], total["scope"]) == (True, 3, 0, "all")


def test_the_journal_holds_the_run_and_the_objects_did_not_grow(kept: Kept) -> None:
    before = tree(kept.archive / "ocfl")
    audited(kept)
    new = tree(kept.archive / "ocfl").keys() - before.keys()
    assert all("holdfast%3ajournal%3a" in name for name in new)
    assert {name: tree(kept.archive / "ocfl")[name] for name in before} == before


def lose(path: Path) -> None:
    path.unlink()


def shorten(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


def link(path: Path) -> None:
    path.rename(path.with_name("elsewhere"))
    path.symlink_to("elsewhere")


@pytest.mark.parametrize(
    ("wound", "code"), [(flip, "E092"), (shorten, "E092"), (lose, "E092"), (link, "E090")], ids=lambda v: str(v)[:18]
)
def test_damage_is_found_named_and_counted(kept: Kept, wound: object, code: str) -> None:
    asset = kept.id("tape 7.mp4")
    wound(content_of(kept.archive, asset, "masters/tape 7.mp4"))  # type: ignore[operator]
    said = audited(kept)
    assert said.code == 1
    assert said.lines[0] == f"FAILED  {asset}"
    assert any(line.startswith(f"  {code}  ocfl/") for line in said.lines)
    assert "2 passed, 1 failed" in said.lines[-2]
    assert (
        said.lines[-1]
        == "A film or sidecar is mended by adding it again: holdfast add PATH; a record with its folder from a replica"
    )


def test_a_stray_file_and_an_old_inventory_put_back_are_found(kept: Kept) -> None:
    first, second = kept.id("tape 7.mp4"), kept.id("harvest.mp4")
    (object_of(kept.archive, first) / "v1" / "content" / "extra").write_text("x")
    holdfast("describe", second, "--tag", "x", "--archive", kept.archive)
    for name in ("inventory.json", "inventory.json.sha512"):
        folder = object_of(kept.archive, second)
        shutil.copy(folder / "v1" / name, folder / name)
    shutil.rmtree(object_of(kept.archive, second) / "v2" / "content")  # else it is simply rolled forward again
    *objects, total = audited(kept, "--json").records
    failed = {record["asset"] for record in objects if record["result"] == "failed"}
    assert failed == {first, second}
    assert total["failed"] == 2


def test_an_old_inventory_of_a_whole_object_is_brought_up_again(kept: Kept) -> None:
    asset = kept.id("harvest.mp4")
    holdfast("describe", asset, "--tag", "x", "--archive", kept.archive)
    folder = object_of(kept.archive, asset)
    newest = (folder / "inventory.json").read_bytes()
    for name in ("inventory.json", "inventory.json.sha512"):
        shutil.copy(folder / "v1" / name, folder / name)
    assert audited(kept).code == 0
    assert (folder / "inventory.json").read_bytes() == newest


def test_an_object_that_is_gone_is_missing_even_when_the_catalogue_is_gone_too(kept: Kept) -> None:
    asset = kept.id("tape 7.mp4")
    assert audited(kept).code == 0
    shutil.rmtree(object_of(kept.archive, asset))
    assert f"%3a{asset}" in audited(kept, "--json").records[-1]["missing"][0]
    (kept.archive / "catalog.db").unlink()
    said = audited(kept)
    assert said.code == 1
    assert any(line.startswith("MISSING  ocfl/") and asset in line for line in said.lines)


def test_what_lies_between_the_objects_is_found(kept: Kept) -> None:
    (kept.archive / "ocfl" / "abc").mkdir()
    (kept.archive / "ocfl" / "abc" / "notes.txt").write_text("x")
    said = audited(kept)
    assert said.code == 1
    assert said.lines[0] == "THE STORAGE ROOT ITSELF"
    assert "notes.txt" in said.lines[1]


def test_assets_can_be_named_and_only_they_are_read(kept: Kept) -> None:
    asset = kept.id("tape 7.mp4")
    flip(content_of(kept.archive, kept.id("harvest.mp4"), "masters/harvest.mp4"))
    assert audited(kept, asset[:6]).code == 0
    *objects, total = audited(kept, asset, asset[:6], "--json").records
    assert [record["asset"] for record in objects] == [asset]
    assert total["scope"] == f"assets {asset}"


def test_a_sample_reads_so_many(kept: Kept) -> None:
    for sample, count in (("2", 2), ("1%", 1), ("100%", 4), ("50", 4)):  # with the journal that the first run made
        assert audited(kept, "--sample", sample, "--json").records[-1]["objects"] == count, sample


def test_what_was_checked_lately_can_be_left_out(kept: Kept) -> None:
    flip(content_of(kept.archive, kept.id("tape 7.mp4"), "masters/tape 7.mp4"))
    assert audited(kept, "--unchecked", "90d").code == 1
    again = audited(kept, "--unchecked", "90d", "--json").records[:-1]
    assert kept.id("tape 7.mp4") in [record["asset"] for record in again]
    assert kept.id("harvest.mp4") not in [record["asset"] for record in again]


def test_what_changed_since_a_date_can_be_chosen(kept: Kept) -> None:
    assert audited(kept, "--since", "2000-01-01", "--json").records[-1]["objects"] == 3
    assert audited(kept, "--since", "2999-01-01").lines == ["0 objects, 0 B: nothing to check"]


@pytest.mark.parametrize(
    "words",
    [
        ["--sample", "0"],
        ["--sample", "nan%"],
        ["--sample", "101%"],
        ["--since", "yesterday"],
        ["--since", "0001-01-01T00:00:00+14:00"],
        ["--unchecked", "-5d"],
        ["--unchecked", "999999999999999"],
        ["--unchecked", "soon"],
    ],
)
def test_a_choice_that_cannot_be_meant_is_refused(kept: Kept, words: list[str]) -> None:
    said = audited(kept, *words, "--json")
    assert (said.code, said.error["error"]) == (2, "HF-A005")


def test_an_asset_and_a_date_together_are_refused(kept: Kept) -> None:
    assert audited(kept, kept.id("tape 7.mp4"), "--since", "2020-01-01").code == 2


def test_a_damaged_journal_is_named_and_does_not_lose_the_run(kept: Kept) -> None:
    assert audited(kept).code == 0
    (journal,) = kept.archive.glob("ocfl/*/*/*/holdfast%3ajournal*")
    for inventory in journal.rglob("inventory.json"):
        flip(inventory, 40)
    assert audited(kept).code == 1
    assert len(list(kept.archive.glob("ocfl/*/*/*/holdfast%3ajournal*"))) == 2


@pytest.mark.slow
def test_ctrl_c_in_the_middle_ends_with_130_and_the_next_run_goes_on(kept: Kept, tmp_path: Path) -> None:
    films = tmp_path / "films"
    films.mkdir()
    for number in range(40):
        (films / f"{number}.mp4").write_bytes(bytes([number]) * 3_000_000)
    assert holdfast("add", films, "--archive", kept.archive).code == 0
    process = started("audit", "--jobs", "1", "--archive", kept.archive)
    until(lambda: any(len(path.read_bytes().splitlines()) > 2 for path in kept.archive.glob("cache/audits/*.jsonl")))
    said = ended(process, signal.SIGINT)
    assert (said.code, said.err.splitlines()[-1]) == (130, "  Run the same command again to go on.")
    again = audited(kept)
    assert again.code == 0
    assert "is taken up" in again.err
    assert again.lines[-1].endswith("43 passed")
    assert list(kept.archive.glob("cache/audits/*")) == []


def test_a_master_that_was_declared_lost_is_no_news_and_new_damage_still_is(kept: Kept) -> None:
    asset = kept.id("harvest.mp4")
    (shown,) = holdfast("show", asset, "--archive", kept.archive, "--json").records
    places = {file["file"]: kept.archive / file["place"] for file in shown["files"]}
    places["masters/harvest.mp4"].unlink()
    assert holdfast("audit", "--archive", kept.archive).code == 1

    holdfast("lost", "declare", asset, "--archive", kept.archive)
    said = holdfast("audit", "--archive", kept.archive)

    assert said.code == 0, said.out
    assert "1 master is gone, as was declared: holdfast wanted" in said.lines
    (one,) = [
        each for each in holdfast("audit", "--archive", kept.archive, "--json").records if each.get("asset") == asset
    ]
    assert (one["result"], len(one["lost"])) == ("passed", 1)
    places["texts/harvest.de.vtt"].write_bytes(b"something else")
    (one,) = [
        each for each in holdfast("audit", "--archive", kept.archive, "--json").records if each.get("asset") == asset
    ]
    assert one["result"] == "failed"
    assert [found["path"].rpartition("/")[2] for found in one["findings"]] == [places["texts/harvest.de.vtt"].name]
