"""Pages that cannot rot: generated ones are current, links lead somewhere, decisions have their parts."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from docs import generate
from tests.house.tree import ROOT, project_files, shown

DOCS = ROOT / "docs"
PAGES = [path for path in project_files() if path.suffix == ".md"]
LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)#\s]*)(?:#([^)\s]+))?\)")
PARTS = ["## Context", "## Options", "## Choice", "## Price"]


def test_the_generated_pages_are_what_would_be_generated_now() -> None:
    assert generate.stale_pages(generate.wanted_pages()) == [], "write them anew: make docs"


@pytest.mark.parametrize("page", PAGES, ids=shown)
def test_every_link_of_a_page_leads_to_a_file_and_a_heading(page: Path) -> None:
    dead = []
    for target, heading in LINK.findall(page.read_text("utf-8")):
        if re.match(r"\w+:", target):
            continue
        goal = (page.parent / target).resolve() if target else page
        if not goal.exists() or (heading and heading not in headings(goal)):
            dead.append(f"{target}#{heading}")
    assert dead == []


def headings(page: Path) -> set[str]:
    """The anchors of a page, spelled as Git hosts spell them."""
    titles = re.findall(r"^#+ (.+)$", page.read_text("utf-8"), flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


def test_every_page_can_be_reached_from_the_first_one() -> None:
    reached, ahead = set(), [DOCS / "index.md"]
    while ahead:
        page = ahead.pop()
        if page in reached or not page.is_file():
            continue
        reached.add(page)
        if page.suffix == ".md":
            ahead += [(page.parent / target).resolve() for target, _ in LINK.findall(page.read_text("utf-8")) if target]
    assert [shown(page) for page in PAGES if page.is_relative_to(DOCS) and page not in reached] == []


def test_decisions_are_numbered_without_gaps_and_have_their_four_parts() -> None:
    decisions = sorted(path for path in PAGES if path.parent == DOCS / "decisions" and path.name != "index.md")
    assert [int(path.name[:4]) for path in decisions] == list(range(1, len(decisions) + 1))
    for path in decisions:
        found = [line for line in path.read_text("utf-8").splitlines() if line.startswith("## ")]
        assert found[:4] == PARTS, shown(path)


def test_no_page_is_a_placeholder_for_what_is_not_there() -> None:
    empty = re.compile(r"\b(TODO|TBD|FIXME|coming soon|to be written|lorem ipsum)\b", re.IGNORECASE)
    assert [shown(page) for page in PAGES if empty.search(page.read_text("utf-8"))] == []
