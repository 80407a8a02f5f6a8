"""Edit what is said of an asset: a new version of its object, with the event of who changed what.

The master and everything else that the archive itself established (ids, digests, sizes, dates of keeping) cannot be
edited; what people said can. A change made while somebody else changed the same asset is refused, not mixed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, fields, replace
from datetime import datetime
from typing import Any

from holdfast.actions.archive import Archive
from holdfast.errors import BadRecord, BadValue, Outrun
from holdfast.formats.canonical import printable
from holdfast.formats.plain import from_plain, to_plain
from holdfast.formats.record import EVENTS_FILE, RECORD_FILE, events_bytes, parse_events, parse_record, record_bytes
from holdfast.model.asset import AssetRecord
from holdfast.model.edtf import check_edtf
from holdfast.model.event import Event, EventType
from holdfast.model.inventory import Inventory
from holdfast.model.time import now, parse_civil

# What people may say. The rest of a record is established by the archive itself.
EDITABLE = (
    "titles",
    "descriptions",
    "dates",
    "people",
    "places",
    "tags",
    "category",
    "collections",
    "languages",
    "rights",
    "access",
    "embargo",
    "content_warnings",
    "publications",
    "sections",
)
A_MOMENT = "a day like 2031-05-09, or a moment like 2031-05-09T12:00:00+02:00"
Change = Callable[[AssetRecord], AssetRecord]


@dataclass(frozen=True)
class Described:
    """A record before and after, and the version that holds it now; the same version if nothing changed."""

    before: AssetRecord
    after: AssetRecord
    version: str
    changed: tuple[str, ...]


def record_of(archive: Archive, typed: str) -> tuple[AssetRecord, Inventory]:
    """The newest record of an asset and the inventory it was read from. Raises as `show`."""
    object_id = str(archive.find(typed).object_id)
    inventory = archive.root.inventory(object_id)
    return parse_record(archive.root.read(object_id, RECORD_FILE, inventory)), inventory


def editable(record: AssetRecord) -> dict[str, Any]:
    """The part of a record that people may edit, complete, as plain JSON."""
    plain = to_plain(record)
    return {name: plain.get(name, to_plain(getattr(record, name))) for name in EDITABLE}


def with_edits(record: AssetRecord, edited: Any) -> AssetRecord:
    """The record with an edited form of `editable`; a field that was left out keeps its value.

    Raises:
        BadValue: a field that may not be edited, or one of the wrong form, with its place.
    """
    if not isinstance(edited, dict):
        raise BadValue(name="the description", found=type(edited).__name__, expected="a JSON object")
    strange = sorted(set(edited) - set(EDITABLE))
    if strange:
        raise BadValue(name="the description", found=", ".join(strange), expected=f"only {', '.join(EDITABLE)}")
    plain = {key: value for key, value in to_plain(record).items() if key not in edited}
    try:
        new: AssetRecord = from_plain(AssetRecord, plain | edited, "the description")
    except BadRecord as error:
        raise BadValue(
            name="the description", found=error.values["reason"], expected="the form of its schema"
        ) from None
    return new


def describe(archive: Archive, typed: str, change: Change, *, expected: str | None = None, why: str = "") -> Described:
    """Apply `change` to an asset's record and keep the result as a new version.

    Args:
        archive: the archive.
        typed: the asset's id or its beginning.
        change: from the record as it is now to the record as it should be; changes only what is `EDITABLE`.
        expected: the version that the change was made for (`v3`); any if not given.
        why: the reason, if there is one to be told: it stands in the event for as long as the asset is kept.

    Raises:
        Outrun: the asset has another version meanwhile.
        BadValue: a date that is no EDTF, or a change of something that cannot be edited.
        StorageFailure: nothing was changed.
    """
    asset = archive.find(typed)
    object_id = str(asset.object_id)
    root = archive.root
    changing = archive.catalog.changing(object_id)
    with changing, root.intake("describe") as intake, root.writing(object_id, intake) as draft:
        assert draft.base is not None  # `find` found it
        if expected is not None and str(draft.base.head) != expected:
            raise Outrun(object_id=object_id, expected=expected, found=draft.base.head)
        before = parse_record(root.read(object_id, RECORD_FILE, draft.base))
        after = change(before)
        changed = _changed(before, after)
        if not changed:
            return Described(before, after, str(draft.base.head), ())
        _check(before, after)
        events = parse_events(root.read(object_id, EVENTS_FILE, draft.base))
        detail = f"changed {', '.join(changed)}" + (f": {why}" if why else "")
        event = Event(EventType.METADATA_MODIFICATION, now(), archive.terms().agents, detail=detail)
        draft.put_bytes(RECORD_FILE, record_bytes(after))
        draft.put_bytes(EVENTS_FILE, events_bytes((*events, event)))
        head = draft.commit(f"Described: {', '.join(changed)}", archive.settings.custodian, at=event.at).head
    return Described(before, after, str(head), changed)


def _changed(before: AssetRecord, after: AssetRecord) -> tuple[str, ...]:
    names = tuple(f.name for f in fields(AssetRecord) if getattr(before, f.name) != getattr(after, f.name))
    foreign = [name for name in names if name not in EDITABLE]
    if foreign:
        raise BadValue(name="the description", found=", ".join(foreign), expected=f"only {', '.join(EDITABLE)}")
    return names


def _check(before: AssetRecord, after: AssetRecord) -> None:
    """Refuse new dates that are no EDTF, and texts that no file can hold. Raises BadValue."""
    for date in after.dates:
        if date not in before.dates:
            check_edtf(date.edtf)
    plain = asdict(after)  # as it was given: what is written out would be made writable on the way
    check_writable([plain[name] for name in EDITABLE])


def check_writable(plain: Any) -> None:
    """Refuse a value in plain types if a text in it is one that no file can hold. Raises BadValue."""
    for text in _texts(plain):
        if printable(text) != text:
            raise BadValue(name="a text", found=text, expected="text that can be written as UTF-8, without NUL")


def _texts(plain: Any) -> Iterator[str]:
    if isinstance(plain, str):
        yield plain
    elif isinstance(plain, dict | list | tuple):
        for item in (*plain, *plain.values()) if isinstance(plain, dict) else plain:
            yield from _texts(item)


def typed_moment(text: str) -> datetime:
    """The moment that was typed for the end of an embargo; a day alone is its first moment in UTC. Raises BadValue."""
    try:
        return parse_civil(f"{text}T00:00:00Z" if re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", text) else text)
    except ValueError:
        raise BadValue(name="the end of the embargo", found=text, expected=A_MOMENT) from None


def added(field: str, values: Sequence[Any]) -> Change:
    """The change that adds these values to a list of the record, those that are there already left alone."""

    def change(record: AssetRecord) -> AssetRecord:
        held = getattr(record, field)
        new = {field: held + tuple(value for value in values if value not in held)}
        return replace(record, **new)

    return change
