"""What found copies show: recognised in a process of its own, remembered in the cache, asked again when works came.

    cache/found/<first two of the digest>/<digest>.json     what the copy was recognised as, and of which index

A sighting is derived and may be deleted. It is made anew when other works stand in the index than were asked. While a
copy is looked at, its fingerprint is made too, and kept in its object: it outlives the copy, as that of a master does.
"""

from __future__ import annotations

import contextlib
import hashlib
import secrets
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import replace
from functools import lru_cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from holdfast.actions.apart import Apart
from holdfast.actions.archive import Archive
from holdfast.actions.fingerprinting import digest_of_file, made_place, need_restore
from holdfast.actions.index import asset_and_file, bring_up_to_date, index_folder
from holdfast.actions.watch import UNWATCHED, Watch
from holdfast.catalog import lists
from holdfast.catalog.lists import FoundCopy
from holdfast.errors import BadRecord, DamagedFile, HoldfastError, StorageFailure
from holdfast.formats.found import parse_sighting, sighting_bytes
from holdfast.jobs.line import Line
from holdfast.keep.fingerprints import keep_fingerprint
from holdfast.model.found import KnownAs, Sighting, found_object_id

if TYPE_CHECKING:
    from holdfast.catalog.fingerprints.shelf import Shelf
    from holdfast.model.match import Identification, Match

LOOKING = 0.85  # of the progress; the rest is asking the index
Told = Callable[[FoundCopy, Sighting | HoldfastError], None]


def copy_path(archive: Archive, copy: FoundCopy) -> Path:
    """Where the bytes of a found copy lie on the disk."""
    return archive.folder / archive.root.place_of(str(found_object_id(copy.digest)), copy.file)


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
    found: dict[str, Sighting] = {}
    new: list[FoundCopy] = []
    for copy in wanted:
        held = remembered(archive, copy.digest, asked)
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
        args = {"path": str(path), "index": str(index_folder(archive)), "made": "", "digest": "", "name": path.name}
        answer = apart.awaited(apart.submit(sight_body, args), lambda share: watch.at(f"{path.name} {share:.0%}"))
    return _sighting(asked, answer)


def remembered(archive: Archive, digest: str, asked: str) -> Sighting | None:
    """The sighting in the cache, if it is of that state of the index."""
    place = _place(archive, digest)
    with contextlib.suppress(OSError, BadRecord):
        found = parse_sighting(place.read_bytes(), str(place))
        if found.asked == asked:
            return found
    return None


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
                _keep_print(archive, copy)
                _remember(archive, copy.digest, sighting)
                yield copy, sighting
            except StorageFailure:
                raise
            except HoldfastError as error:
                yield copy, error
            watch.done(None)


def _args(archive: Archive, copy: FoundCopy) -> dict[str, str]:
    made = "" if copy.fingerprint else str(made_place(archive.cache, copy.digest))
    args = {"path": str(copy_path(archive, copy)), "index": str(index_folder(archive))}
    return args | {"made": made, "digest": copy.digest, "name": copy.name}


def _at(watch: Watch, copy: FoundCopy, share: float) -> None:
    watch.at(f"{copy.name} {share:.0%}")


def _keep_print(archive: Archive, copy: FoundCopy) -> None:
    place = made_place(archive.cache, copy.digest)
    object_id = str(found_object_id(copy.digest))
    try:
        data = place.read_bytes()
    except FileNotFoundError:
        return
    try:
        with archive.catalog.changing(object_id):
            keep_fingerprint(archive.root, object_id, copy.file, data, archive.terms())
    finally:
        place.unlink(missing_ok=True)


def _place(archive: Archive, digest: str) -> Path:
    return archive.cache / "found" / digest[:2] / f"{digest}.json"


def _remember(archive: Archive, digest: str, sighting: Sighting) -> None:
    """Best effort: what cannot be remembered is looked at again."""
    place = _place(archive, digest)
    part = place.with_suffix(f".{secrets.token_hex(4)}")
    with contextlib.suppress(OSError):
        place.parent.mkdir(parents=True, exist_ok=True)
        part.write_bytes(sighting_bytes(sighting))
        part.replace(place)


def _sighting(asked: str, answer: Mapping[str, Any]) -> Sighting:
    found: Identification = answer["found"]
    names: Mapping[int, str] = answer["names"]

    def known(matches: Sequence[Match]) -> tuple[KnownAs, ...]:
        return tuple(KnownAs(*asset_and_file(names[match.work]), match) for match in matches)

    return Sighting(asked, answer["duration"], known(found.matches), known(found.doubtful), found.notes)


# ------------------------------------------------------------------------------------------------ in its process


def sight_body(args: Mapping[str, Any], line: Line) -> dict[str, Any]:
    """The body: looks at `path`, asks the index in the folder `index`, leaves the fingerprint at `made` if named."""
    from holdfast.actions.looking import look_at
    from holdfast.formats.fingerprint import fingerprint_bytes
    from holdfast.restore.match.recognize import identify

    path = Path(args["path"])
    look = look_at(path, "full", line, share=(0.0, LOOKING))
    held = digest_of_file(path, line) if args["digest"] else ""
    if held != args["digest"]:  # it is damaged: what was seen is not what the name says
        expected, object_id = args["digest"][:12], found_object_id(args["digest"])
        raise DamagedFile(file=args["name"], object_id=object_id, expected=expected, found=held[:12])
    shelf = _shelf(args["index"])
    found = identify(look, shelf, on_progress=lambda done: line.tell(LOOKING + done * (1 - LOOKING)))
    names = shelf.names()
    if args["made"]:
        place = Path(args["made"])
        place.parent.mkdir(parents=True, exist_ok=True)
        making = place.with_suffix(f".{secrets.token_hex(4)}")
        making.write_bytes(fingerprint_bytes(replace(look.fingerprint, digest=args["digest"])))
        making.replace(place)
    known = {match.work: names[match.work] for match in (*found.matches, *found.doubtful)}
    return {"duration": look.fingerprint.duration, "found": found, "names": known}


@lru_cache(maxsize=1)
def _shelf(folder: str) -> Shelf:
    """The index, opened once for all files of a process."""
    from holdfast.catalog.fingerprints.shelf import Shelf

    return Shelf.open(Path(folder))
