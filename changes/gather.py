"""Gathers the fragments of this folder into CHANGELOG.md, at a release.

    python changes/gather.py 0.2.0            write the section and remove the fragments
    python changes/gather.py --show           print the section that would be written; nothing is touched

What a fragment is, and how to write one, stands in changes/README.md.
"""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

HERE = Path(__file__).resolve().parent
CHANGELOG = HERE.parent / "CHANGELOG.md"
MARK = "<!-- releases -->\n"
KINDS = {
    "security": "Security",
    "format": "Formats on disk",
    "removed": "No longer there",
    "added": "New",
    "changed": "Changed",
    "fixed": "Mended",
}
NAME = re.compile(r"(?P<issue>\d+)(?:-[a-z0-9-]+)?\.(?P<kind>[a-z]+)\.md")


@dataclass(frozen=True)
class Fragment:
    """One line of news: the issue it belongs to, its kind, and its text in Markdown."""

    issue: int
    kind: str
    text: str
    path: Path


def read_fragments(folder: Path = HERE) -> list[Fragment]:
    """Every fragment in the folder, by issue.

    Raises:
        ValueError: a file is not named `<issue>.<kind>.md`, its kind is not known, or it says nothing.
    """
    return sorted(
        (read_fragment(path) for path in folder.glob("*.md") if path.name != "README.md"),
        key=lambda fragment: (fragment.issue, fragment.path.name),
    )


def read_fragment(path: Path) -> Fragment:
    """One fragment. Raises ValueError as `read_fragments` does."""
    match = NAME.fullmatch(path.name)
    text = path.read_text("utf-8").strip()
    if not match or match["kind"] not in KINDS:
        raise ValueError(f"{path.name}: expected <issue>.<kind>.md with a kind of {', '.join(KINDS)}")
    if not text:
        raise ValueError(f"{path.name} says nothing")
    return Fragment(int(match["issue"]), match["kind"], text, path)


def section(title: str, fragments: list[Fragment]) -> str:
    """The section of a release: its kinds in the order of KINDS, its fragments as a list."""
    parts = [f"## {title}\n"]
    for kind, heading in KINDS.items():
        lines = [f"- {as_item(fragment.text)} (#{fragment.issue})\n" for fragment in fragments if fragment.kind == kind]
        if lines:
            parts.append(f"\n### {heading}\n\n{''.join(lines)}")
    return "".join(parts)


def as_item(text: str) -> str:
    """A text as one item of a list: its further lines are indented."""
    return "\n  ".join(line.rstrip() for line in text.splitlines()).replace("\n  \n", "\n\n")


def release(changelog: str, news: str) -> str:
    """The changelog with a new section above the older ones. Raises ValueError if it has lost its mark."""
    if MARK not in changelog:
        raise ValueError(f"CHANGELOG.md has no line {MARK.strip()}")
    return changelog.replace(MARK, f"{MARK}\n{news}", 1)


def main(arguments: list[str]) -> int:
    """Do what the docstring above says."""
    fragments = read_fragments()
    if arguments == ["--show"]:
        print(section("Next release", fragments))
        return 0
    if len(arguments) != 1 or not re.fullmatch(r"\d+\.\d+\.\d+", arguments[0]):
        print("usage: gather.py VERSION (like 0.2.0), or gather.py --show", file=sys.stderr)
        return 2
    title = f"{arguments[0]} ({datetime.now(UTC):%Y-%m-%d})"
    CHANGELOG.write_text(release(CHANGELOG.read_text("utf-8"), section(title, fragments)), "utf-8")
    for fragment in fragments:
        fragment.path.unlink()
    print(f"CHANGELOG.md: {len(fragments)} fragments gathered under {title}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
