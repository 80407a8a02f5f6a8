"""What found copies show: recognised in a process of its own, remembered, asked again when works came.

A sighting is derived. It is an answer to two things, the copy and the works of the index that was asked, and so is
made anew when other works stand there; but not by reading the copy again: the look at it is remembered too. While a
copy is looked at, its fingerprint is made, and kept in its object: it outlives the copy, as that of a master does.
"""

from __future__ import annotations

import contextlib
import hashlib
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from holdfast.actions.answers import Answers
from holdfast.actions.apart import Apart
from holdfast.actions.archive import Archive
from holdfast.actions.fingerprinting import keep_left, leave_made, made_place, need_restore
from holdfast.actions.identify import identify_body
from holdfast.actions.index import asset_and_file, bring_up_to_date, index_folder
from holdfast.actions.recognizing import Recognition, kept_file, look_at_kept, recognized
from holdfast.actions.watch import UNWATCHED, Watch
from holdfast.catalog import lists
from holdfast.catalog.lists import FoundCopy
from holdfast.errors import BadRecord, HoldfastError, StorageFailure
from holdfast.formats.found import parse_sighting, sighting_bytes
from holdfast.jobs.line import Line
from holdfast.model.found import KnownAs, Sighting, found_object_id

if TYPE_CHECKING:
    from holdfast.catalog.fingerprints.shelf import Shelf
    from holdfast.model.match import Match

LOOKING = 0.85  # of the progress; the rest is asking the index
Told = Callable[[FoundCopy, Sighting | HoldfastError], None]


def copies(archive: Archive, watch: Watch = UNWATCHED) -> list[FoundCopy]:
    """All found copies in the order in which they came."""
    with archive.up_to_date_catalog(watch).engine.connect() as connection:
        return lists.found_copies(connection)


def sightings(
    archive: Archive, wanted: Sequence[FoundCopy], watch: Watch = UNWATCHED, told: Told | None = None
) -> dict[str, Sighting]:
    """What each of these copies shows, by digest; made where it is not remembered. A failure is told, and left out.

    Raises:
        ExtraMissing: the optional part [restore] is not installed.
        Locked, StorageFailure: the index cannot be brought up to date, or a fingerprint cannot be kept.
    """
    need_restore("Knowing found copies again")
    asked = state_of(bring_up_to_date(archive, watch))
    answers = Answers(archive.cache)
    found: dict[str, Sighting] = {}
    new: list[FoundCopy] = []
    for copy in wanted:
        held = _remembered(answers, copy.digest, asked)
        if held is None:
            new.append(copy)
            continue
        found[copy.digest] = held
        if told is not None:
            told(copy, held)
    for copy, answer in _looked_at(archive, new, asked, watch):
        if isinstance(answer, Sighting):
            found[copy.digest] = answer
        if told is not None:
            told(copy, answer)
    return found


def sight(archive: Archive, path: Path, watch: Watch = UNWATCHED) -> Sighting:
    """What a file that is not kept shows. Raises as `sightings`, and NothingToCompare or SourceMissing of the file."""
    need_restore("Looking at a copy")
    asked = state_of(bring_up_to_date(archive, watch))
    with Apart() as apart:
        args = {"path": str(path), "mode": "full", "index": str(index_folder(archive))}
        answer = apart.awaited(apart.submit(identify_body, args), lambda share: watch.at(f"{path.name} {share:.0%}"))
    return _sighting(asked, answer)


def state_of(shelf: Shelf) -> str:
    """A name for what an index knows: the same works give the same."""
    return hashlib.sha256("\n".join(sorted(shelf.names())).encode()).hexdigest()


def _looked_at(
    archive: Archive, new: Sequence[FoundCopy], asked: str, watch: Watch
) -> Iterator[tuple[FoundCopy, Sighting | HoldfastError]]:
    if not new:
        return
    watch.begin("Looking at found copies", items=len(new))
    with Apart() as apart:
        waiting: deque[tuple[FoundCopy, Future[Any]]] = deque(
            (copy, apart.submit(sight_body, _args(archive, copy))) for copy in new
        )
        while waiting:
            copy, answer = waiting.popleft()
            watch.at(copy.name)
            try:
                sighting = _sighting(asked, apart.awaited(answer, partial(_at, watch, copy)))
                if not copy.fingerprint:
                    with contextlib.suppress(FileNotFoundError):  # another program has kept it meanwhile
                        keep_left(archive, str(found_object_id(copy.digest)), copy.file, copy.digest)
                Answers(archive.cache).keep("sighting", _question(copy.digest, asked), [sighting_bytes(sighting)])
                yield copy, sighting
            except StorageFailure:
                raise
            except HoldfastError as error:
                yield copy, error
            watch.done(None)


def _args(archive: Archive, copy: FoundCopy) -> dict[str, Any]:
    kept = kept_file(archive, copy)
    made = None if copy.fingerprint else made_place(archive.cache, copy.digest)
    return {"path": str(kept.path), "copy": kept, "index": str(index_folder(archive)), "made": made}


def _at(watch: Watch, copy: FoundCopy, share: float) -> None:
    watch.at(f"{copy.name} {share:.0%}")


def _question(digest: str, asked: str) -> dict[str, str]:
    return {"copy": digest, "index": asked}


def _remembered(answers: Answers, digest: str, asked: str) -> Sighting | None:
    held = answers.one("sighting", _question(digest, asked))
    with contextlib.suppress(BadRecord):
        return None if held is None else parse_sighting(held, f"what {digest[:12]} shows")
    return None


def _sighting(asked: str, answer: Recognition) -> Sighting:
    found = answer.found

    def known(matches: Sequence[Match]) -> tuple[KnownAs, ...]:
        return tuple(KnownAs(*asset_and_file(answer.names[match.work]), match) for match in matches)

    return Sighting(asked, answer.duration, known(found.matches), known(found.doubtful), found.notes)


# ------------------------------------------------------------------------------------------------ in its process


def sight_body(args: Mapping[str, Any], line: Line) -> Recognition:
    """The body: looks at the kept `copy`, asks the index in the folder `index`, leaves the fingerprint at `made`."""
    look = look_at_kept(args["copy"], line, share=(0.0, LOOKING))
    if args["made"] is not None:
        leave_made(args["made"], look.fingerprint, args["copy"].digest)
    return recognized(look, args["index"], line, LOOKING)
