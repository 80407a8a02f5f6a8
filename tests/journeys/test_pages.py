"""The how-to pages are true: every command in them is run, and prints what the page says."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.house.tree import ROOT, shown
from tests.journeys import stages
from tests.journeys.story import Ids, Shell, Step, difference, steps_of

PAGES = sorted(
    path
    for folder in ("start", "howto")
    for path in (ROOT / "docs" / folder).glob("*.md")
    if "```console" in path.read_text("utf-8")
)


@pytest.mark.slow
@pytest.mark.parametrize("page", PAGES, ids=shown)
def test_every_command_of_a_page_prints_what_the_page_says(page: Path, tmp_path: Path) -> None:
    shell, ids = Shell(tmp_path), Ids()
    try:
        for step in steps_of(page.read_text("utf-8")):
            if step.stage:
                getattr(stages, step.stage)(tmp_path)
            else:
                printed = shell.told(ids.put_in(step.command))
                assert difference(step, printed, ids) == ""
    finally:
        shell.close()


def test_the_pages_that_tell_a_story_are_found() -> None:
    assert len(PAGES) >= 6


TEXT = """
Some words.

<!-- stage: videos -->

```console
$ holdfast ls
k7m2x9qd4htbr  held  film
...
2 assets, 3 B
$ one \\
> two
```
"""


def test_a_page_is_read_into_stages_commands_and_lines() -> None:
    assert list(steps_of(TEXT)) == [
        Step("", stage="videos"),
        Step("holdfast ls", ("k7m2x9qd4htbr  held  film", "...", "2 assets, 3 B")),
        Step("one \\\ntwo"),
    ]


def test_an_id_of_the_page_stands_for_the_one_that_was_printed() -> None:
    ids = Ids()
    step = Step("holdfast ls", ("k7m2x9qd4htbr  held  film", "...", "2 assets, 3 B"))
    assert difference(step, ["zz11zz11zz11z  held  film", "x", "y", "2 assets, 3 B"], ids) == ""
    assert ids.put_in("holdfast show k7m2x9 and k7m2x9qd4htbr") == "holdfast show zz11zz and zz11zz11zz11z"
    assert not ids.fits("k7m2x9qd4htbr", "zz11zz11zz11x")


@pytest.mark.parametrize(
    "printed",
    [[], ["zz11zz11zz11z  held  film", "3 assets, 3 B"], ["zz11zz11zz11z  held  film", "2 assets, 3 B", "more"]],
)
def test_a_line_that_differs_is_missing_or_too_many_is_told(printed: list[str]) -> None:
    step = Step("holdfast ls", ("k7m2x9qd4htbr  held  film", "2 assets, 3 B"))
    assert difference(step, printed, Ids()) != ""


def test_moments_and_digests_are_matched_and_words_are_not() -> None:
    ids = Ids()
    assert ids.fits("at 2026-11-23T14:22:56Z sha512 0123456789ab...", "at 2031-01-01T00:00:00Z sha512 ffffffffffff...")
    assert not ids.fits("at 2026-11-23T14:22:56Z", "at noon")


def test_the_day_since_when_is_matched_and_the_date_of_a_work_is_not() -> None:
    ids = Ids()
    assert ids.fits("checked since 2026-11-23", "checked since 2031-01-01")
    assert not ids.fits("created 1974-05-09", "created 1974-05-10")
