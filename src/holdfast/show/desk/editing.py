"""A record as a form, and a form as changes of a record: pure, and nothing is lost on the way.

Every statement of a list is a row. Row n of a form belongs to statement n of the version that the form was made from
(its base), so that its source, its translator and whatever a later Holdfast wrote into it stay; rows beyond are new.
A row whose first cell is empty is taken away. Only what differs from the base is a change: what somebody else did
meanwhile to another field is kept.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from holdfast.errors import BadValue
from holdfast.model.asset import UNKNOWN_LANGUAGE, AssetRecord, DatedFact, Person, Place, Statement, Tag
from holdfast.model.language import is_well_formed, primary
from holdfast.model.rights import AccessLevel
from holdfast.show.desk.closing import embargoed
from holdfast.show.spoken import FIELD

MOST_ROWS = 3000
EMPTY_ROWS = 2


@dataclass(frozen=True)
class Shape:
    """How a list of statements is edited: what one of them is, and the parts that have a cell."""

    label: Promise
    kind: type
    parts: tuple[str, ...]
    is_long: bool = False
    by_language: bool = False


LISTS = {
    "titles": Shape(FIELD["titles"], Statement, ("text", "language"), is_long=True, by_language=True),
    "descriptions": Shape(FIELD["descriptions"], Statement, ("text", "language"), is_long=True, by_language=True),
    "dates": Shape(_("Dates (EDTF)"), DatedFact, ("edtf", "kind")),
    "people": Shape(FIELD["people"], Person, ("name", "role")),
    "places": Shape(FIELD["places"], Place, ("name", "role")),
    "tags": Shape(FIELD["tags"], Tag, ("text", "language")),
    "collections": Shape(FIELD["collections"], str, ("text",)),
}
RIGHTS = {part: FIELD[part] for part in ("statement", "uri", "holder")}
PARTS = {part: FIELD[part] for part in ("text", "language", "edtf", "name", "role")} | {"kind": _("What happened then")}


@dataclass(frozen=True)
class Cell:
    """One input: its name in the form, its label and what stands in it."""

    name: str
    label: Promise
    value: str
    is_long: bool = False


@dataclass(frozen=True)
class Row:
    """One statement. `missing` is the language in which nothing is said yet, "" if something is."""

    cells: tuple[Cell, ...]
    missing: str = ""


@dataclass(frozen=True)
class Block:
    """One list of the record, with empty rows for what may be added."""

    name: str
    label: Promise
    rows: tuple[Row, ...]


def blocks(base: AssetRecord, languages: Sequence[str], typed: Mapping[str, str] | None = None) -> list[Block]:
    """The lists of a record as a form: as they stand, or as somebody `typed` them."""
    return [_block(name, shape, base, languages, typed or {}) for name, shape in LISTS.items()]


def lines(base: AssetRecord, typed: Mapping[str, str] | None = None) -> list[Cell]:
    """The category and the rights, one cell each."""
    typed = typed or {}
    cells = [Cell("category", FIELD["category"], typed.get("category", base.category))]
    for part, label in RIGHTS.items():
        name = f"rights-{part}"
        cells.append(Cell(name, label, typed.get(name, getattr(base.rights, part))))
    return cells


def edits(base: AssetRecord, typed: Mapping[str, str], *, by: str, levels: Sequence[str]) -> dict[str, Any]:
    """What a form changes, by the name of the field; a list that the form does not have is left alone.

    Args:
        base: the record that the form was made from.
        typed: the form.
        by: who says what is new.
        levels: the access levels that they may give.

    Raises:
        BadValue: too many rows, a language that is none, an end of an embargo that is no moment, or a level that they
            may not give.
    """
    found: dict[str, Any] = {}
    for name, shape in LISTS.items():
        if f"{name}-rows" in typed:
            found[name] = _statements(name, shape, getattr(base, name), typed, by)
    if "category" in typed:
        found["category"] = kept(base.category, typed["category"].strip())
    rights = {part: typed[f"rights-{part}"].strip() for part in RIGHTS if f"rights-{part}" in typed}
    stated: dict[str, Any] = {part: kept(getattr(base.rights, part), value) for part, value in rights.items()}
    found["rights"] = replace(base.rights, **stated)
    if "access" in typed:
        if typed["access"] not in levels:
            raise BadValue(name="access", found=typed["access"], expected=", ".join(levels))
        found["access"] = AccessLevel(typed["access"])
    if "embargo-until" in typed:
        until, level, reason = (typed.get(f"embargo-{part}", "") for part in ("until", "level", "reason"))
        found["embargo"] = embargoed(base.embargo, until, level, reason, levels)
    return {name: value for name, value in found.items() if value != getattr(base, name)}


def _statements(name: str, shape: Shape, held: Sequence[Any], typed: Mapping[str, str], by: str) -> tuple[Any, ...]:
    statements = []
    for at in range(_count(name, typed)):
        old = held[at] if at < len(held) else None
        cells = {part: typed.get(f"{name}-{at}-{part}") for part in shape.parts}
        if old is not None and None in cells.values():
            statements.append(old)  # a row that did not come with the form was not taken away by anybody
            continue
        values = {part: value or "" for part, value in cells.items()}
        if not values[shape.parts[0]].strip():
            continue
        if old is not None:
            values = {part: kept(_part(old, part), value) for part, value in values.items()}
            if all(_part(old, part) == value for part, value in values.items()):
                statements.append(old)
                continue
        statements.append(_made(name, shape, old, values, by))
    return (*statements, *held[_count(name, typed) :])


def _made(name: str, shape: Shape, old: Any, values: dict[str, str], by: str) -> Any:
    values = {part: value.replace("\r\n", "\n").strip() for part, value in values.items()}
    if "language" in values:
        values["language"] = values["language"] or UNKNOWN_LANGUAGE
        if not is_well_formed(values["language"]):
            raise BadValue(name=f"a language of {name}", found=values["language"], expected="a tag such as en or pt-BR")
    if shape.kind is str:
        return values["text"]
    return replace(old, **values) if old is not None else shape.kind(**values, source=by)


def _count(name: str, typed: Mapping[str, str]) -> int:
    written = typed[f"{name}-rows"]
    if not (written.isascii() and written.isdigit() and len(written) <= len(str(MOST_ROWS))):
        raise BadValue(name=f"the number of {name}", found=written, expected=f"0 to {MOST_ROWS}")
    return min(int(written), MOST_ROWS)


def kept(held: str, typed: str) -> str:
    """What is held, if a browser would send it so; else what was typed.

    A text area sends its line ends as CR LF, and an input drops them: neither is an edit.
    """
    sent = typed.replace("\r\n", "\n").replace("\r", "\n")
    shown = held.replace("\r\n", "\n").replace("\r", "\n")
    return held if sent in (shown, shown.replace("\n", ""), shown.strip()) else typed


def _part(statement: Any, part: str) -> str:
    return statement if isinstance(statement, str) else str(getattr(statement, part))


def _block(name: str, shape: Shape, base: AssetRecord, languages: Sequence[str], typed: Mapping[str, str]) -> Block:
    held = getattr(base, name)
    start = [({part: _part(one, part) for part in shape.parts}, "") for one in held]
    if shape.by_language:
        said = {primary(one.language) for one in held}
        start += [({"text": "", "language": tag}, tag) for tag in languages if primary(tag) not in said]
    start += [({}, "")] * EMPTY_ROWS
    if f"{name}-rows" in typed:
        start += [({}, "")] * (_count(name, typed) - len(start))
    rows = tuple(
        Row(
            tuple(
                Cell(
                    f"{name}-{at}-{part}",
                    PARTS[part],
                    typed.get(f"{name}-{at}-{part}", values.get(part, "")),
                    is_long=shape.is_long and part == shape.parts[0],
                )
                for part in shape.parts
            ),
            missing,
        )
        for at, (values, missing) in enumerate(start)
    )
    return Block(name, shape.label, rows)
