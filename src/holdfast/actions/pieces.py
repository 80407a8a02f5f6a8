"""Publish and revise what the archive itself says: posts, exhibitions and programmes.

Each is an object of its own, `holdfast:post:<id>` or `holdfast:collection:<id>`, with a record and its events; each
save is a version. A change made while somebody else changed the same piece is refused, not mixed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass, fields, replace
from typing import Any

from holdfast.actions.archive import Archive
from holdfast.actions.describe import check_writable
from holdfast.catalog.pieces import VisiblePiece, newest_pieces
from holdfast.errors import BadRecord, BadValue, Outrun, UnknownObject
from holdfast.formats.canonical import canonical_json
from holdfast.formats.piece import parse_piece, piece_bytes
from holdfast.formats.record import EVENTS_FILE, RECORD_FILE, events_bytes, parse_events, parse_record
from holdfast.model.event import Event, EventType
from holdfast.model.ids import ObjectId, named, new_asset_id
from holdfast.model.inventory import Inventory
from holdfast.model.piece import NOUNS, PIECE_FORMAT, Piece, PieceKind
from holdfast.model.rights import AccessLevel
from holdfast.model.time import civil, now, seconds

Change = Callable[[Piece], Piece]
FIXED = ("id", "kind", "created_at", "format")


@dataclass(frozen=True)
class KeptPiece:
    """A piece as it is kept now, the version that holds it, and which fields are new in it."""

    piece: Piece
    version: str
    changed: tuple[str, ...]


def publish(archive: Archive, piece: Piece) -> KeptPiece:
    """Keep a new piece.

    Raises:
        Outrun: there is one of this id.
        UnknownAsset: it names a work that is not here.
        BadValue: a moment lies behind the end of its work, or a text cannot be written as UTF-8.
        Locked, StorageFailure: it is not kept.
    """
    _check(archive, piece)
    object_id, root = str(piece.object_id), archive.root
    changing = archive.catalog.changing(object_id)
    with changing, root.intake("piece") as intake, root.writing(object_id, intake) as draft:
        if draft.base is not None:
            raise Outrun(object_id=object_id, expected="none", found=draft.base.head)
        event = Event(EventType.CREATION, now(), archive.terms().agents, detail=f"{piece.kind} published")
        draft.put_bytes(RECORD_FILE, piece_bytes(piece))
        draft.put_bytes(EVENTS_FILE, events_bytes((event,)))
        head = draft.commit(f"Published: {piece.kind}", archive.settings.custodian, at=event.at).head
    return KeptPiece(piece, str(head), tuple(f.name for f in fields(Piece)))


def revise(archive: Archive, object_id: ObjectId, change: Change, *, expected: str | None = None) -> KeptPiece:
    """Apply `change` to a piece and keep the result as a new version; none if nothing changed.

    Args:
        archive: the archive.
        object_id: the object of the piece.
        change: from the piece as it is now to the piece as it should be; its id, kind and origin stay.
        expected: the version that the change was made for (`v3`); any if not given.

    Raises:
        UnknownObject: there is no such piece.
        Outrun: it has another version meanwhile.
        UnknownAsset, BadValue: as `publish`, for works that it did not name before.
        Locked, StorageFailure: nothing was changed.
    """
    root = archive.root
    root.inventory(str(object_id))  # before anything is begun
    changing = archive.catalog.changing(str(object_id))
    with changing, root.intake("piece") as intake, root.writing(str(object_id), intake) as draft:
        assert draft.base is not None  # it was there a moment ago, and nothing removes objects
        if expected is not None and str(draft.base.head) != expected:
            raise Outrun(object_id=object_id, expected=expected, found=draft.base.head)
        before = parse_piece(root.read(str(object_id), RECORD_FILE, draft.base))
        after = change(before)
        changed = tuple(f.name for f in fields(Piece) if getattr(before, f.name) != getattr(after, f.name))
        if not changed:
            return KeptPiece(before, str(draft.base.head), ())
        if set(changed) & set(FIXED):
            raise BadValue(name="the piece", found=", ".join(changed), expected=f"another change: {FIXED} stay")
        _check(archive, after, before)
        detail = f"changed {', '.join(changed)}"
        event = Event(EventType.METADATA_MODIFICATION, now(), archive.terms().agents, detail=detail)
        events = parse_events(root.read(str(object_id), EVENTS_FILE, draft.base))
        draft.put_bytes(RECORD_FILE, piece_bytes(after))
        draft.put_bytes(EVENTS_FILE, events_bytes((*events, event)))
        head = draft.commit(f"Revised: {', '.join(changed)}", archive.settings.custodian, at=event.at).head
    return KeptPiece(after, str(head), changed)


def read(archive: Archive, object_id: ObjectId | str) -> tuple[Piece, Inventory]:
    """A piece as the store has it, and the inventory it was read from.

    Raises:
        UnknownObject, DamagedObject, DamagedFile, BadRecord: it is not here, or not what it should be.
    """
    inventory = archive.root.inventory(str(object_id))
    return parse_piece(archive.root.read(str(object_id), RECORD_FILE, inventory)), inventory


def find(archive: Archive, typed: str, kinds: tuple[PieceKind, ...] = tuple(PieceKind)) -> ObjectId:
    """The object of the piece of one of these kinds that somebody typed: its id, or the whole id of the object.

    Raises:
        UnknownObject: there is none.
    """
    spelled = "".join(typed.split()).replace("-", "").lower()
    for noun in NOUNS:
        try:
            object_id = named(noun, spelled.rpartition(":")[2])
            if archive.root.holds(str(object_id)) and read(archive, object_id)[0].kind in kinds:
                return object_id
        except ValueError:
            continue
    raise UnknownObject(object_id=typed)


def from_plain_piece(archive: Archive, plain: Any, name: str) -> Piece:
    """The piece that somebody wrote down, in the form of its schema; what is left out is filled in.

    A missing id is a new one, missing dates are now, and missing access is what the archive gives to what is added. A
    whole answer of `holdfast piece show --json` is understood too.

    Raises:
        BadValue: it does not have that form, with the place.
    """
    if isinstance(plain, dict) and isinstance(plain.get("record"), dict):
        plain = plain["record"]
    if not isinstance(plain, dict):
        raise BadValue(name=name, found=type(plain).__name__, expected="a JSON object")
    now_text = civil(now())
    given = {"id": str(new_asset_id()), "format": PIECE_FORMAT, "access": archive.settings.access.value}
    try:
        return parse_piece(canonical_json(given | {"created_at": now_text, "dated": now_text} | plain), name)
    except (BadRecord, ValueError) as error:
        reason = error.values["reason"] if isinstance(error, BadRecord) else str(error)
        raise BadValue(name=name, found=reason, expected="the form of its schema") from None


def keep(archive: Archive, piece: Piece) -> KeptPiece:
    """Publish a piece, or make it the newest version of the one that has its id. Raises as `publish` and `revise`."""
    if not archive.root.holds(str(piece.object_id)):
        return publish(archive, piece)
    return revise(archive, piece.object_id, lambda held: replace(piece, created_at=held.created_at))


def ls(archive: Archive, kinds: tuple[PieceKind, ...] = tuple(PieceKind), *, limit: int) -> list[VisiblePiece]:
    """The pieces of these kinds at every level, the last dated first."""
    levels = [level.value for level in AccessLevel]
    with archive.up_to_date_catalog().engine.connect() as connection:
        return newest_pieces(connection, kinds, levels, limit=limit, languages=archive.settings.languages)


def _check(archive: Archive, piece: Piece, before: Piece | None = None) -> None:
    """Refuse what cannot be written, works that are not here, and moments that are none; what stood before may stay."""
    check_writable(asdict(piece))  # as it was given: what is written out would be made writable on the way
    cited = {(item.asset, item.start, item.end) for item in before.items} if before else set()
    for item in piece.items:
        if item.asset is None or (item.asset, item.start, item.end) in cited:
            continue
        asset = archive.find(str(item.asset))
        last = item.end if item.end is not None else item.start
        if last is None:
            continue
        duration = parse_record(archive.root.read(str(asset.object_id), RECORD_FILE)).duration
        if duration is not None and last > duration:
            expected = f"one before its end at {seconds(duration)} s"
            raise BadValue(name=f"a moment of {asset}", found=f"{seconds(last)} s", expected=expected)
