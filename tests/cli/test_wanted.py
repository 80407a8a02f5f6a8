"""`holdfast wanted`: what would help most, as a list, a feed and a fragment of a page."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Kept
from tests.cli.line import holdfast


def test_nothing_is_wanted_while_nothing_is_lost(kept: Kept) -> None:
    said = holdfast("wanted", "--archive", kept.archive)

    assert (said.code, said.lines) == (0, ["nothing is wanted"])


def test_lost_works_are_wanted_and_told_as_feed_and_page(kept: Kept, tmp_path: Path) -> None:
    table = tmp_path / "list.csv"
    table.write_text("Title;Length\nHarvest <in> the hills;12:04\nОгород;1:02:03\n", "utf-8")
    listed = holdfast("lost", "import", table, "--archive", kept.archive, "--json").records
    feed, page = tmp_path / "wanted.xml", tmp_path / "wanted.html"

    said = holdfast(
        "wanted", "--rss", feed, "--html", page, "--site", "https://example.org/", "--archive", kept.archive, "--json"
    )

    assert said.code == 0
    assert {one["asset"] for one in said.records} == {one["asset"] for one in listed}
    assert all(one["missing"] == one["duration"] for one in said.records)
    assert f"https://example.org/w/{listed[0]['asset']}" in feed.read_text("utf-8")
    assert "Harvest &lt;in&gt; the hills" in page.read_text("utf-8")


@pytest.mark.parametrize("option", ["--rss", "--html"])
def test_a_list_that_cannot_be_written_is_an_error_in_our_words(kept: Kept, tmp_path: Path, option: str) -> None:
    (tmp_path / "file").write_text("in the way", "utf-8")

    below = holdfast("wanted", option, tmp_path / "file" / "list.xml", "--archive", kept.archive, "--json")
    instead = holdfast("wanted", option, tmp_path, "--archive", kept.archive, "--json")

    assert [(said.code, said.error["error"]) for said in (below, instead)] == [(5, "HF-S004")] * 2
    assert sorted(path.name for path in tmp_path.iterdir()) == ["archive", "file"]
