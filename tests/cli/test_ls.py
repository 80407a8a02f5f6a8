from __future__ import annotations

import pytest

from tests.cli.conftest import Kept
from tests.cli.line import holdfast, titles


def test_a_line_an_asset_with_id_status_size_and_title(made: Kept) -> None:
    said = holdfast("ls", "--archive", made.archive)
    assert said.code == 0
    (line,) = [line for line in said.lines if "Leuchtturm" in line]
    assert line == f"{made.id('Leuchtturm.mp4')}  held !        -     2.0 KiB  Leuchtturm"
    assert said.lines[-1].startswith("3 assets, ")


def test_json_has_asset_title_status_and_files(made: Kept) -> None:
    records = {record["asset"]: record for record in holdfast("ls", "--archive", made.archive, "--json").records}
    record = records[made.id("harvest.mp4")]
    assert (record["title"], record["status"], record["files"]) == ("Жатва 1974", "held", ["harvest.mp4"])
    assert record["tags"] == ["1974", "harvest"]


def test_lists_can_be_narrowed_by_tag_collection_and_status(made: Kept) -> None:
    assert titles(made.archive, "--tag", "harvest") == ["Жатва 1974"]
    assert titles(made.archive, "--tag", "harv") == []
    assert titles(made.archive, "--collection", "none") == []
    assert titles(made.archive, "--status", "lost") == []
    assert holdfast("ls", "--tag", "x", "--archive", made.archive).lines == ["No asset is like that."]


def test_bytes_that_are_no_text_are_looked_for_without_a_fault(made: Kept) -> None:
    assert titles(made.archive, "--tag", "\udcff") == []


def test_titles_come_in_the_language_that_was_asked_for(kept: Kept) -> None:
    asset = kept.id("harvest.mp4")
    assert holdfast("describe", asset, "--title", "Ernte", "--lang", "de", "--archive", kept.archive).code == 0
    assert "Ernte" in titles(kept.archive, "--lang", "de")
    assert "Жатва 1974" in titles(kept.archive, "--lang", "ru")


@pytest.mark.parametrize("hostile", ["\x1b]0;owned\x07", "gpj.\u202eexe", "two\nlines", "\x9b2J"])
def test_a_hostile_title_is_shown_written_out_and_keeps_to_its_line(kept: Kept, hostile: str) -> None:
    asset = kept.id("tape 7.mp4")
    assert holdfast("describe", asset, "--title", f"x{hostile}x", "--archive", kept.archive).code == 0
    for command in (["ls"], ["show", asset], ["search", "x"], ["describe", asset, "--dry-run", "--tag", "t"]):
        said = holdfast(*command, "--archive", kept.archive)
        assert hostile not in said.out
        assert all(line.isprintable() for line in said.lines)
        assert hostile not in holdfast(*command, "--archive", kept.archive, "--json").out
    assert f"x{hostile}x" in titles(kept.archive)
