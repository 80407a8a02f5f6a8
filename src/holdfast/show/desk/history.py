"""What changed from version to version of a record, said so that it can be read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from holdfast.actions.archive import Archive
from holdfast.errors import BadRecord, UnknownFile
from holdfast.formats.plain import to_plain
from holdfast.formats.record import RECORD_FILE, parse_record
from holdfast.model.inventory import Inventory, VersionNumber
from holdfast.show.spoken import called


@dataclass(frozen=True)
class FieldChange:
    """One field of a record: what stood there and does not any more, and what stands there since.

    Both are empty where only the order changed.
    """

    name: str
    gone: tuple[str, ...]
    come: tuple[str, ...]


@dataclass(frozen=True)
class Entry:
    """One version of an object: when, by whom, with which words, and what changed in its record."""

    version: str
    created_at: datetime
    by: str
    message: str
    changes: tuple[FieldChange, ...]


Parse = Callable[[bytes], Any]


def history(archive: Archive, inventory: Inventory, *, limit: int, parse: Parse = parse_record) -> list[Entry]:
    """The newest `limit` versions of an object, newest first; `parse` makes of a record what may be shown of it.

    Raises:
        DamagedFile: a record does not have its digest, or is gone.
    """
    numbers = sorted(inventory.versions, key=lambda one: one.number, reverse=True)
    records = {number: record_at(archive, inventory, number, parse) for number in numbers[: limit + 1]}
    entries = []
    for number, older in zip(numbers[:limit], [*numbers[1:], None], strict=False):
        version, after = inventory.versions[number], records[number]
        before = records[older] if older is not None else None
        changes = compared(before, after) if before is not None and after is not None else ()
        entries.append(Entry(str(number), version.created, version.user_name or "", version.message or "", changes))
    return entries


def record_at(archive: Archive, inventory: Inventory, number: VersionNumber, parse: Parse = parse_record) -> Any:
    """The record as a version shows it; None where that version has none that can be read.

    Raises:
        DamagedFile: it does not have its digest, or is gone.
    """
    try:
        return parse(b"".join(archive.root.chunks(inventory.object_id, RECORD_FILE, number)))
    except (UnknownFile, BadRecord):
        return None


def compared(before: Any, after: Any) -> tuple[FieldChange, ...]:
    """The fields in which two records of one kind differ."""
    old, new = to_plain(before), to_plain(after)
    changes = []
    for name in dict.fromkeys((*old, *new)):
        if old.get(name) != new.get(name):
            gone, come = _items(old.get(name)), _items(new.get(name))
            changes.append(
                FieldChange(
                    name,
                    tuple(item for item in gone if item not in come),
                    tuple(item for item in come if item not in gone),
                )
            )
    return tuple(changes)


def _items(value: Any) -> list[str]:
    if isinstance(value, list):
        return [_said(item) for item in value]
    if isinstance(value, dict):
        return [_part(key, item) for key, item in value.items()]
    return [] if value is None else [_said(value)]


def _said(value: Any) -> str:
    if isinstance(value, dict):
        return " · ".join(_part(key, item) for key, item in value.items())
    if isinstance(value, list):
        return ", ".join(_said(item) for item in value)
    return str(value)


def _part(name: str, value: Any) -> str:
    return _("%(part)s: %(value)s") % {"part": called("field", name), "value": _said(value)}
