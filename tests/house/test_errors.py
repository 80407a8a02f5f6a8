"""Every error code has its three sentences, its place in the tree, its entry in the docs, and all its values."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator
from string import Formatter

import pytest

from holdfast import errors
from tests.house.tree import ROOT, modules, shown, syntax

KINDS = list(errors.error_kinds())
BY_NAME = {kind.__name__: kind for kind in KINDS}
LEAF = re.compile(r"│?\s+[├└]── (\w+)\s+(HF-\w+)$")
FAMILY = re.compile(r"\s+[├└]── (\w+)\s+.*\bexit (\d+)$")


def test_no_two_kinds_of_error_share_a_code() -> None:
    assert [code for code, times in Counter(kind.code for kind in KINDS).items() if times > 1] == []


def test_the_tree_drawn_at_the_top_is_the_tree_of_the_classes() -> None:
    drawn: dict[str, list[tuple[str, str]]] = {}
    for line in (errors.__doc__ or "").splitlines():
        if leaf := LEAF.search(line):
            drawn[list(drawn)[-1]].append((leaf[1], leaf[2]))
        elif family := FAMILY.search(line):
            drawn[f"{family[1]} {family[2]}"] = []
    real = {
        f"{family.__name__} {family.exit_code}": [(kind.__name__, kind.code) for kind in errors.error_kinds(family)]
        for family in errors.HoldfastError.__subclasses__()
        if family.__module__ == errors.__name__
    }
    assert drawn == real


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.code)
def test_every_kind_says_what_happened_what_holds_and_what_to_do(kind: type[errors.HoldfastError]) -> None:
    for sentence in (kind.what, kind.holds):
        assert re.match(r"[A-Z{].*\.$", sentence), f"not a sentence: {sentence!r}"
    assert re.match(r"[A-Z]\w+", kind.next_step), f"not an advice: {kind.next_step!r}"
    assert kind.exit_code not in (0, 1), "0 and 1 belong to runs that did what they were asked"


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.code)
def test_every_code_has_an_entry_in_the_reference(kind: type[errors.HoldfastError]) -> None:
    page = (ROOT / "docs" / "reference" / "errors.md").read_text("utf-8")
    assert f"### {kind.code} {kind.__name__}\n" in page, "write it anew: make docs"


def test_every_error_is_raised_with_all_the_values_that_its_sentences_need() -> None:
    wrong = [
        f"{shown(path)}:{line} {what}" for path in modules() for line, what in calls_that_lack_values(syntax(path))
    ]
    assert wrong == []


def calls_that_lack_values(tree: ast.Module) -> Iterator[tuple[int, str]]:
    for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
        kind = BY_NAME.get(getattr(call.func, "id", getattr(call.func, "attr", "")))
        given = {keyword.arg for keyword in call.keywords}
        if kind is None or None in given:  # None stands for **values, which only running can tell
            continue
        if lacking := values_of(kind) - given:
            yield call.lineno, f"{kind.__name__} lacks {sorted(lacking)}"


def values_of(kind: type[errors.HoldfastError]) -> set[str | None]:
    texts = kind.what + kind.holds + kind.next_step
    return {name for _, name, _, _ in Formatter().parse(texts) if name}


def test_an_error_raised_without_a_value_would_be_seen() -> None:
    planted = ast.parse("raise DiskFull(place='/here')\nraise errors.DiskFull(place='/here', name='x')")
    assert list(calls_that_lack_values(planted)) == [(1, "DiskFull lacks ['name']")]
