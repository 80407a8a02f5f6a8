"""News for users: every fragment is of a known kind, and a release gathers all of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from changes import gather
from tests.house.tree import ROOT


def test_every_fragment_is_named_by_an_issue_and_a_known_kind() -> None:
    gather.read_fragments()  # raises with the name of the wrong one
    assert [path.name for path in (ROOT / "changes").iterdir() if path.suffix not in (".md", ".py", "")] == []


@pytest.mark.parametrize("name", ["2.wonder.md", "keep.added.md", "2.md"])
def test_a_fragment_of_an_unknown_kind_is_refused_with_its_name(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("Holdfast now sings.")
    with pytest.raises(ValueError, match=name):
        gather.read_fragments(tmp_path)


def test_an_empty_fragment_is_refused_with_its_name(tmp_path: Path) -> None:
    (tmp_path / "2.added.md").write_text("\n")
    with pytest.raises(ValueError, match=r"2\.added\.md says nothing"):
        gather.read_fragments(tmp_path)


def test_a_release_lists_fragments_by_kind_above_the_older_releases(tmp_path: Path) -> None:
    (tmp_path / "7.fixed.md").write_text("A folder was walked\nwithout end.")
    (tmp_path / "3-ids.added.md").write_text("Holdfast now prints ids.")
    news = gather.section("0.2.0", gather.read_fragments(tmp_path))
    expected = (
        "## 0.2.0\n\n### New\n\n- Holdfast now prints ids. (#3)\n"
        "\n### Mended\n\n- A folder was walked\n  without end. (#7)\n"
    )
    assert news == expected
    assert gather.release(f"# Changelog\n\n{gather.MARK}\n## 0.1.0\n", news) == (
        f"# Changelog\n\n{gather.MARK}\n{expected}\n## 0.1.0\n"
    )


def test_the_changelog_still_has_the_mark_where_releases_go() -> None:
    assert gather.MARK in (ROOT / "CHANGELOG.md").read_text("utf-8")
