"""Comments enter the archive when a curator has accepted them, and can be withdrawn from what is shown.

Each is an object of its own, `holdfast:comment:<id>`, with a record and its events.

- Publishing is done once, however often it is asked for: whoever was interrupted asks again.
- Withdrawing is a takedown: the newest version has neither text nor name. The version before still has them, as of
  everything that an archive keeps; erasing them is a deaccession of the whole object, which holds nothing else.
"""

from __future__ import annotations

from dataclasses import replace

from holdfast.actions.archive import Archive
from holdfast.actions.describe import check_writable
from holdfast.catalog import comments
from holdfast.catalog.comments import VisibleComment
from holdfast.errors import UnknownObject
from holdfast.formats.comment import comment_bytes, parse_comment
from holdfast.formats.record import EVENTS_FILE, RECORD_FILE, events_bytes, parse_events
from holdfast.model.comment import KIND, CommentRecord, Withdrawal
from holdfast.model.event import Event, EventType
from holdfast.model.ids import named
from holdfast.model.rights import AccessLevel
from holdfast.model.time import now


def publish(archive: Archive, comment: CommentRecord) -> CommentRecord:
    """Keep an accepted comment; what is kept of it, if that was done before.

    Raises:
        UnknownAsset: the work is not here.
        BadValue: its text or name cannot be written as UTF-8.
        Locked, StorageFailure: it is not kept; ask again.
    """
    archive.find(str(comment.asset))
    check_writable((comment.text, comment.name, comment.published_by))
    object_id, root = str(comment.object_id), archive.root
    changing = archive.catalog.changing(object_id)
    with changing, root.intake("comment") as intake, root.writing(object_id, intake) as draft:
        if draft.base is not None:
            return parse_comment(root.read(object_id, RECORD_FILE, draft.base))
        said = f"comment on {comment.asset} accepted by {comment.published_by}"
        event = Event(EventType.INGESTION, now(), archive.terms().agents, detail=said, objects=(RECORD_FILE,))
        draft.put_bytes(RECORD_FILE, comment_bytes(comment))
        draft.put_bytes(EVENTS_FILE, events_bytes((event,)))
        draft.commit("Comment published", archive.settings.custodian, at=event.at)
    return comment


def withdraw(archive: Archive, comment: str, *, reason: str) -> CommentRecord:
    """Show a comment no longer; nothing happens to one that was withdrawn before.

    Raises:
        UnknownObject: there is no comment of this id.
        BadValue: the reason cannot be written as UTF-8.
        Locked, StorageFailure: it is shown as before.
    """
    check_writable(reason)
    held = read(archive, comment)  # before anything is begun
    object_id, root = str(held.object_id), archive.root
    changing = archive.catalog.changing(object_id)
    with changing, root.intake("comment") as intake, root.writing(object_id, intake) as draft:
        held = parse_comment(root.read(object_id, RECORD_FILE, draft.base))
        if held.withdrawn is not None:
            return held
        withdrawal = Withdrawal(now(), archive.settings.custodian, reason)
        gone = replace(held, text="", name="", withdrawn=withdrawal)
        event = Event(
            EventType.METADATA_MODIFICATION,
            withdrawal.at,
            archive.terms().agents,
            detail=f"withdrawn: {reason}" if reason else "withdrawn",
            objects=(RECORD_FILE,),
        )
        events = parse_events(root.read(object_id, EVENTS_FILE, draft.base))
        draft.put_bytes(RECORD_FILE, comment_bytes(gone))
        draft.put_bytes(EVENTS_FILE, events_bytes((*events, event)))
        draft.commit("Comment withdrawn", archive.settings.custodian, at=event.at)
    return gone


def read(archive: Archive, comment: str) -> CommentRecord:
    """The comment of this id as the store has it. Raises UnknownObject, DamagedObject, DamagedFile, BadRecord."""
    try:
        object_id = str(named(KIND, comment))
    except ValueError:
        raise UnknownObject(object_id=comment) from None
    return parse_comment(archive.root.read(object_id, RECORD_FILE))


def comments_on(archive: Archive, typed: str) -> list[VisibleComment]:
    """All comments on an asset, the withdrawn ones among them. Raises UnknownAsset, AmbiguousAsset."""
    asset = archive.find(typed)
    with archive.catalog.engine.connect() as connection:
        return comments.comments_on(connection, asset, [level.value for level in AccessLevel])
