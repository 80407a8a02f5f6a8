"""What found copies show: recognised in a process of its own, remembered, asked again when works came.

A sighting is derived. It stands as long as no work of those that it tells of goes from the index, and none comes that
the copy touches: whether one does is asked of what came alone, and of the look at the copy that is remembered. While a
copy is looked at, its fingerprint is made, and kept in its object: it outlives the copy, as that of a master does.
"""

from __future__ import annotations

import contextlib
import hashlib
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from holdfast.actions.answers import Answers
from holdfast.actions.apart import Apart
from holdfast.actions.archive import Archive
from holdfast.actions.fingerprinting import keep_left, leave_made, made_place, need_restore
from holdfast.actions.identify import identify_body
from holdfast.actions.index import asset_and_file, bring_up_to_date, index_folder
from holdfast.actions.recognizing import Recognition, is_touched, kept_file, look_at_kept, recognized
from holdfast.actions.watch import UNWATCHED, Watch
from holdfast.catalog import lists
from holdfast.catalog.lists import FoundCopy
from holdfast.errors import BadRecord, HoldfastError, StorageFailure
from holdfast.formats.canonical import canonical_json, parse_json
from holdfast.formats.found import parse_sighting, sighting_bytes
from holdfast.jobs.line import Line
from holdfast.model.found import KnownAs, Sighting, found_object_id

if TYPE_CHECKING:
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
    index = _Index(archive, watch)
    found: dict[str, Sighting] = {}
    waiting: list[tuple[FoundCopy, Sighting | None]] = []
    for copy in wanted:
        held = index.remembered(copy.digest)
        if held is None or held.asked != index.state:
            waiting.append((copy, held))
            continue
        found[copy.digest] = held
        if told is not None:
            told(copy, held)
    for copy, answer in _looked_at(archive, waiting, index, watch):
        if isinstance(answer, Sighting):
            found[copy.digest] = answer
        if told is not None:
            told(copy, answer)
    return found


def sight(archive: Archive, path: Path, watch: Watch = UNWATCHED) -> Sighting:
    """What a file that is not kept shows. Raises as `sightings`, and NothingToCompare or SourceMissing of the file."""
    need_restore("Looking at a copy")
    asked = state_of(bring_up_to_date(archive, watch).names())
    with Apart() as apart:
        args = {"path": str(path), "mode": "full", "index": str(index_folder(archive))}
        answer = apart.awaited(apart.submit(identify_body, args), lambda share: watch.at(f"{path.name} {share:.0%}"))
    return _sighting(asked, answer)


def remembered(answers: Answers, digest: str) -> Sighting | None:
    """What a copy was seen to show when it was looked at last; None if that is not known. No copy is looked at."""
    held = answers.one("sighting", {"copy": digest})
    with contextlib.suppress(BadRecord):
        return None if held is None else parse_sighting(held, f"what {digest[:12]} shows")
    return None


class _Index:
    """The works that stand in the index now, and what was remembered when others did."""

    def __init__(self, archive: Archive, watch: Watch) -> None:
        self.works = set(bring_up_to_date(archive, watch).names())
        self.state = state_of(self.works)
        self._answers = Answers(archive.cache)
        self._before: dict[str, set[str] | None] = {self.state: self.works}
        if self._answers.one("works", {"index": self.state}) is None:
            self._answers.keep("works", {"index": self.state}, [canonical_json(sorted(self.works))])

    def remembered(self, digest: str) -> Sighting | None:
        """What a copy was seen to show last, of whichever works."""
        return remembered(self._answers, digest)

    def remember(self, digest: str, sighting: Sighting) -> None:
        """Remember what a copy shows."""
        self._answers.keep("sighting", {"copy": digest}, [sighting_bytes(sighting)])

    def came(self, held: Sighting | None) -> list[str] | None:
        """The works that came since a sighting; None if it has to be made anew whatever they are."""
        before = None if held is None else self._works_of(held.asked)
        if held is None or before is None or len(self.works - before) > len(before):
            return None
        gone = {asset_and_file(name) for name in before - self.works}
        told_of = {(one.asset, one.file) for one in (*held.matches, *held.doubtful)}
        return None if gone & told_of else sorted(self.works - before)

    def _works_of(self, state: str) -> set[str] | None:
        if state not in self._before:
            held = self._answers.one("works", {"index": state})
            self._before[state] = None
            with contextlib.suppress(BadRecord, TypeError):
                self._before[state] = None if held is None else set(parse_json(held, "works of the index"))
        return self._before[state]


def state_of(works: Iterable[str]) -> str:
    """A name for what an index knows: the same works give the same."""
    return hashlib.sha256("\n".join(sorted(works)).encode()).hexdigest()


def _looked_at(
    archive: Archive, waiting: Sequence[tuple[FoundCopy, Sighting | None]], index: _Index, watch: Watch
) -> Iterator[tuple[FoundCopy, Sighting | HoldfastError]]:
    if not waiting:
        return
    watch.begin("Looking at found copies", items=len(waiting))
    with Apart() as apart:
        asked: deque[tuple[FoundCopy, Sighting | None, Future[Any]]] = deque(
            (copy, held, apart.submit(sight_body, _args(archive, copy, index.came(held)))) for copy, held in waiting
        )
        while asked:
            copy, held, answer = asked.popleft()
            watch.at(copy.name)
            try:
                seen: Recognition | None = apart.awaited(answer, partial(_at, watch, copy))
                sighting = _sighting(index.state, seen) if seen else replace(cast(Sighting, held), asked=index.state)
                if not copy.fingerprint:
                    with contextlib.suppress(FileNotFoundError):  # another program has kept it meanwhile
                        keep_left(archive, str(found_object_id(copy.digest)), copy.file, copy.digest)
                index.remember(copy.digest, sighting)
                yield copy, sighting
            except StorageFailure:
                raise
            except HoldfastError as error:
                yield copy, error
            watch.done(None)


def _args(archive: Archive, copy: FoundCopy, came: list[str] | None) -> dict[str, Any]:
    kept = kept_file(archive, copy)
    made = None if copy.fingerprint else made_place(archive.cache, copy.digest)
    return {"path": str(kept.path), "copy": kept, "index": str(index_folder(archive)), "made": made, "came": came}


def _at(watch: Watch, copy: FoundCopy, share: float) -> None:
    watch.at(f"{copy.name} {share:.0%}")


def _sighting(asked: str, answer: Recognition) -> Sighting:
    found = answer.found

    def known(matches: Sequence[Match]) -> tuple[KnownAs, ...]:
        return tuple(KnownAs(*asset_and_file(answer.names[match.work]), match) for match in matches)

    return Sighting(asked, answer.duration, known(found.matches), known(found.doubtful), found.notes)


# ------------------------------------------------------------------------------------------------ in its process


def sight_body(args: Mapping[str, Any], line: Line) -> Recognition | None:
    """The body: looks at the kept `copy`, asks the index in the folder `index`, leaves the fingerprint at `made`.

    None if `came` are only works that it does not touch: what it showed before is what it shows.
    """
    look = look_at_kept(args["copy"], line, share=(0.0, LOOKING))
    if args["made"] is not None:
        leave_made(args["made"], look.fingerprint, args["copy"].digest)
    if args["came"] is not None and not is_touched(look, args["index"], args["came"]):
        return None
    return recognized(look, args["index"], line, LOOKING)
