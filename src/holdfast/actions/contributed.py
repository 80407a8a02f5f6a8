"""What was sent in through the site, as jobs: looked at while it waits, kept when a curator has accepted it.

The files lie in `uploads/<id>/bytes`, under names of ours. They come from anybody and may be anything, so they are read
in a process of its own and are kept only if there is something to see or to hear in them. What is kept this way begins
closed to everybody but curators, whatever the archive does with what its own people add.
"""

from __future__ import annotations

import os
import re
import shutil
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from holdfast.actions.add import AddResult, add
from holdfast.actions.archive import UPLOADS, Archive
from holdfast.actions.describe import describe
from holdfast.actions.found import Found, add_found
from holdfast.actions.watch import NobodyWatches
from holdfast.errors import FileMissing, HoldfastError
from holdfast.jobs.line import Handler
from holdfast.model.asset import UNKNOWN_LANGUAGE, AssetRecord, Statement
from holdfast.model.rights import AccessLevel
from holdfast.model.technical import MediaInfo
from holdfast.model.time import parse_civil

if TYPE_CHECKING:
    from holdfast.jobs.line import Line

LOOK, KEEP = "look at what came in", "keep what came in"
NO_MEDIA, FAILED = "no media", "failed"  # outcomes beside those of `add` and `found add`
LEASE_S = 60.0
STALL_S = 600.0
DAY_S = 86_400
_ID = re.compile(r"[0-9a-f]{40}")
_SUFFIXES = {"matroska": "mkv", "mpegts": "ts", "mpeg": "mpg"}  # of containers whose usual suffix is another word


@dataclass(frozen=True)
class Looked:
    """What a file is. `told` is what was found in it, in English; of what is neither film nor sound, why not."""

    is_media: bool
    container: str
    told: str


def handlers(folder: Path) -> dict[str, Handler]:
    """The bodies of these jobs in the archive at `folder`, for `holdfast.jobs.workers.run`."""
    return {LOOK: partial(look_job, str(folder)), KEEP: partial(keep_job, str(folder))}


def place_of(folder: Path, upload: str) -> Path:
    """Where the bytes of an upload lie. Raises FileMissing: it is gone, or no upload has such an id."""
    place = folder / UPLOADS / upload / "bytes"
    if not _ID.fullmatch(upload) or not place.is_file():
        raise FileMissing(path=f"{UPLOADS}/{upload}", reason="it is not there any more")
    return place


def look_job(folder: str, args: Mapping[str, Any], line: Line) -> dict[str, Any]:  # noqa: ARG001 (every body has one)
    """Tell what the file of one upload is: `is_media` and `told`."""
    looked = look(place_of(Path(folder), str(args["upload"])))
    return {"is_media": looked.is_media, "told": looked.told}


def look(path: Path) -> Looked:
    """What a file is, found out by a process that may crash. Raises ExtraMissing, SourceMissing."""
    from holdfast.media.isolation import ProbeWorker

    with ProbeWorker() as worker:
        info = worker.submit(path).result()
    is_media = bool(info.video or info.audio) and bool(info.duration)
    return Looked(is_media, info.container, _said(info, is_media=is_media))


def _said(info: MediaInfo, *, is_media: bool) -> str:
    if not is_media:
        return "; ".join(info.warnings[:2])
    tracks = [f"{one.codec} {one.width}x{one.height}" for one in info.video] + [one.codec for one in info.audio]
    length = f"{float(info.duration or 0):.0f} s"
    return "; ".join((f"{info.container}, {length}, {', '.join(tracks)}", *info.warnings[:3]))


def keep_job(folder: str, args: Mapping[str, Any], line: Line) -> dict[str, Any]:
    """Keep the files of an accepted contribution, with what was said of them; running it twice keeps nothing twice.

    `args`: `uploads` (each with `upload` and `name`), `found` (as found copies, else as new works), `title`, `source`,
    `language`, `answers` (the work that it may help), `by`, `day` and `accepted_at`.

    Returns:
        `kept`: for each file its `outcome`, `told`, and `asset` or `digest` where it was kept; `is_complete`.

    Raises:
        StorageFailure: the disk failed; it can be tried again.
    """
    archive = Archive.open(Path(folder))
    try:
        mine = archive.on_behalf_of(str(args["by"]))
        results = []
        for one in args["uploads"]:
            results.append(_kept(mine, args, one, line))
            line.tell(len(results) / len(args["uploads"]))
        return {"kept": results, "is_complete": all(one["outcome"] not in (FAILED, NO_MEDIA) for one in results)}
    finally:
        archive.close()


def _kept(archive: Archive, args: Mapping[str, Any], one: Mapping[str, str], line: Line) -> dict[str, str]:
    path = place_of(archive.folder, one["upload"])
    looked = look(path)
    if not looked.is_media:
        return {"outcome": NO_MEDIA, "told": "; ".join(filter(None, ("no film and no sound", looked.told)))}
    named = path.with_name(f"contribution.{_suffix(looked.container)}")
    named.unlink(missing_ok=True)
    named.hardlink_to(path)
    os.utime(named, (time.time() // DAY_S * DAY_S,) * 2)  # the hour of its coming could tell who sent it
    watch = _Telling(line)
    if args.get("found"):
        found = add_found(archive, [named], _provenance(args, one["name"]), watch=watch).results[0]
        return _told_found(found, looked)
    result = add(archive, [named], access=AccessLevel.CURATORS, watch=watch).results[0]
    if result.asset is not None:
        describe(archive, str(result.asset), partial(_described, args, _source(args)))
    return _told_added(result, looked)


def _source(args: Mapping[str, Any]) -> str:
    """Where a file came from, as it will stand in the description of a work, which everybody may come to read.

    So neither what its sender called it is in it, which may tell who that is, nor which work it answers: that may be
    closed by then.
    """
    return _with_words(args, f"sent in through the site on {args['day']}")


def _provenance(args: Mapping[str, Any], name: str) -> str:
    """The same with all that is known, for the record of a found copy. Who sent it is not among it."""
    words = [f"sent in through the site on {args['day']}"]
    words += [f"under the name {name}"] if name else []
    words += [f"as an answer to {args['answers']}"] if args.get("answers") else []
    return _with_words(args, ", ".join(words))


def _with_words(args: Mapping[str, Any], came: str) -> str:
    said = str(args.get("source", "")).strip()
    return came + (f"; its sender says: {said}" if said else "")


def _described(args: Mapping[str, Any], source: str, record: AssetRecord) -> AssetRecord:
    """The record with the words of the sender, if it came with this contribution and does not have them yet."""
    words = {one.text for one in record.descriptions}
    if record.created_at < parse_civil(args["accepted_at"]) or source in words:
        return record
    language = str(args.get("language", "")) or UNKNOWN_LANGUAGE
    by_sender = "sent in through the site"
    title = str(args.get("title", "")).strip()
    titles = (Statement(title, language, source=by_sender),) if title else record.titles
    return replace(
        record, titles=titles, descriptions=(*record.descriptions, Statement(source, "en", source=by_sender))
    )


def _told_found(found: Found, looked: Looked) -> dict[str, str]:
    if found.error is not None and not found.is_kept:
        return {"outcome": FAILED, "told": _sentence(found.error)}
    return {"outcome": found.outcome, "told": looked.told, "digest": found.digest, "asset": found.asset}


def _told_added(result: AddResult, looked: Looked) -> dict[str, str]:
    if result.asset is None:
        return {"outcome": FAILED, "told": _sentence(result.error) if result.error else looked.told}
    return {"outcome": result.outcome.value, "told": looked.told, "asset": str(result.asset)}


def _sentence(error: HoldfastError) -> str:
    return error.sentences()[0]


def _suffix(container: str) -> str:
    suffix = _SUFFIXES.get(container, container)
    return suffix if suffix.isascii() and suffix.isalnum() else "bin"


class _Telling(NobodyWatches):
    """Lets the runner know that a long copying goes on."""

    def __init__(self, line: Line) -> None:
        self._line = line
        self._bytes = 0

    def advance(self, size_bytes: int) -> None:
        """Tell a fraction that always grows and never says that it is done."""
        self._bytes += size_bytes
        self._line.tell(1 - 1 / (2 + self._bytes / 10**9))


def forget_files(folder: Path, upload: str) -> None:
    """Remove the files of an upload that was decided on; they may be gone already."""
    if _ID.fullmatch(upload):
        shutil.rmtree(folder / UPLOADS / upload, ignore_errors=True)
