"""Fingerprints of what is kept: which are wanting, the body that makes one, and how it comes into its object.

The body runs in a process of its own, for what it decodes may be hostile. It only leaves a file in the cache,

    cache/fingerprinted/<first two of the digest>/<digest>.hffp

and the archive's own program keeps that. So a decoder that breaks down never has the store in its hands.

`add` fingerprints each film beside the keeping of the next one (`Fingerprinting`); `work` makes what is wanting, and
anew what is no good (`plan_fingerprints`). A film without a fingerprint is kept as well as any other.
"""

from __future__ import annotations

import contextlib
import hashlib
import time
from collections import deque
from collections.abc import Mapping
from concurrent.futures import Future
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from holdfast.actions.answers import written_whole
from holdfast.actions.apart import Apart
from holdfast.actions.archive import CACHE, STORE, Archive
from holdfast.actions.renewing import to_be_renewed
from holdfast.actions.watch import UNWATCHED, Watch
from holdfast.backends.local import LocalBackend
from holdfast.catalog import lists
from holdfast.catalog.lists import Film
from holdfast.errors import DamagedFile, ExtraMissing, HoldfastError, StorageFailure
from holdfast.keep.fingerprints import keep_fingerprint
from holdfast.model.fixity import Digest
from holdfast.model.ids import AssetId
from holdfast.model.inventory import LogicalPath
from holdfast.ocfl.root import StorageRoot

if TYPE_CHECKING:
    from holdfast.jobs.line import Line
    from holdfast.model.fingerprint import Fingerprint

KIND = "fingerprint"
MADE, SUFFIX = "fingerprinted", ".hffp"
ORPHANED_S = 86_400  # nobody writes or keeps a fingerprint for as long as this
_NEEDED = ("av", "numpy", "cv2", "numba")


def missing_part(deed: str) -> ExtraMissing | None:
    """The error that tells how to get what recognition is built on; None if it is there. Loads nothing."""
    missing = next((name for name in _NEEDED if find_spec(name) is None), None)
    return ExtraMissing(deed=deed, extra="restore", missing=missing) if missing else None


def need_restore(deed: str) -> None:
    """Make sure that films can be fingerprinted. `deed` begins the sentence: `Comparing films`. Raises ExtraMissing."""
    missing = missing_part(deed)
    if missing is not None:
        raise missing


# ---------------------------------------------------------------------------------------------- one fingerprint


def made_place(cache: Path, digest: str) -> Path:
    """Where the fingerprint of these bytes lies between its making and its keeping."""
    return cache / MADE / digest[:2] / f"{digest}{SUFFIX}"


def args_of(film: Film) -> dict[str, str]:
    """What the body must know of a film."""
    object_id = str(AssetId(film.asset).object_id)
    return {"object": object_id, "file": film.file, "digest": film.digest, "path": film.file}


def fingerprint_job(folder: str, args: Mapping[str, Any], line: Line) -> dict[str, Any]:
    """The body of a job: fingerprints one master of the archive at `folder`, into its cache. Harmless to run twice.

    Raises:
        DamagedFile: the object shows other bytes there.
        SourceMissing: they cannot be read.
    """
    from holdfast.restore.fingerprint.make import fingerprint

    place = made_place(Path(folder) / CACHE, args["digest"])
    if place.is_file():
        return {"already": True}
    root = StorageRoot(LocalBackend(Path(folder)), STORE)
    found = root.inventory(args["object"]).digest_of(LogicalPath(args["file"]))
    if found != args["digest"]:
        expected = Digest(args["digest"]).short
        raise DamagedFile(file=args["file"], object_id=args["object"], expected=expected, found=found[:12])
    source = Path(folder) / root.place_of(args["object"], args["file"])
    made = fingerprint(source, on_progress=line.tell, should_stop=line.should_stop)
    check_digest(source, args["digest"], args["file"], args["object"], line)
    leave_made(place, made, args["digest"])
    return {"warnings": list(made.warnings)}


def leave_made(place: Path, made: Fingerprint, digest: str) -> None:
    """Leave a fingerprint of the file with this digest where `made_place` is, to be kept. Raises OSError."""
    from holdfast.formats.fingerprint import fingerprint_chunks

    written_whole(place, fingerprint_chunks(replace(made, digest=digest)))


def check_digest(path: Path, digest: str, name: str, object_id: str, line: Line) -> None:
    """Make sure that what was seen in a file is what its digest stands for.

    Raises:
        DamagedFile: it has other bytes.
    """
    held = digest_of_file(path, line)
    if held != digest:
        raise DamagedFile(file=name, object_id=object_id, expected=Digest(digest).short, found=held[:12])


def digest_of_file(path: Path, line: Line) -> str:
    """The sha512 of a file, as a body computes it; tells the last hundredth of its progress."""
    digest, buffer = hashlib.sha512(), bytearray(1 << 20)
    with path.open("rb") as stream:
        while count := stream.readinto(buffer):
            digest.update(memoryview(buffer)[:count])
            line.tell(0.99 + 0.01 * stream.tell() / max(path.stat().st_size, 1))
    return digest.hexdigest()


def keep_made(archive: Archive, film: Film) -> bool:
    """Keep what the body made of a film; False if it was kept already.

    Raises:
        BadRecord: what lies in the cache is not its fingerprint.
        DamagedObject, Locked, StorageFailure: the object cannot be given a new version.
    """
    return keep_left(archive, str(AssetId(film.asset).object_id), film.file, film.digest)


def keep_left(archive: Archive, object_id: str, file: str, digest: str) -> bool:
    """Keep what a body left of a file of an object. Raises as `keep_made`; FileNotFoundError if nothing lies there."""
    place = made_place(archive.cache, digest)
    data = place.read_bytes()
    try:
        with archive.catalog.changing(object_id):
            return keep_fingerprint(archive.root, object_id, file, data, archive.terms())
    finally:
        place.unlink(missing_ok=True)  # what could not be kept is made anew


def plan_fingerprints(archive: Archive, *, retry: bool = False) -> int:
    """Put the fingerprints that are wanting, or no good any more, into the queue; how many.

    Args:
        archive: the archive.
        retry: also those whose making has failed before; and what is kept is read whole, not its head alone.
    """
    from holdfast.jobs.queue import State

    with archive.catalog.engine.connect() as connection:
        films = lists.films_without_fingerprint(connection)
    films += to_be_renewed(archive, is_thorough=retry)
    _sweep(archive, {film.digest for film in films})
    count = 0
    for film in films:
        job = archive.queue.get(KIND, film.digest)
        if job is not None and job.state is State.FAILED and not retry:
            continue
        again = job is not None and job.state is State.DONE  # it was made, and then not kept
        archive.queue.put(KIND, film.digest, args_of(film), again=again)
        count += 1
    return count


def _sweep(archive: Archive, wanted: set[str]) -> None:
    """Remove what killed runs left in the cache a day ago and more, but for fingerprints that can still be kept."""
    before = time.time() - ORPHANED_S
    for path in (archive.cache / MADE).glob("*/*"):
        with contextlib.suppress(OSError):  # another program may have kept or removed it
            is_wanted = path.suffix == SUFFIX and path.stem in wanted
            if not is_wanted and path.is_file() and path.stat().st_mtime < before:
                path.unlink()


# --------------------------------------------------------------------------------------------- beside the keeping


class Fingerprinting:
    """Fingerprints what was just kept, while the next file is being kept. Use it as a context.

    Nothing that happens here changes what is kept: a failure is one of the `notes`, and `work` tries again. `count`
    are those that were kept.
    """

    def __init__(self, archive: Archive, watch: Watch = UNWATCHED) -> None:
        self._archive = archive
        self._watch = watch
        self._apart = Apart()
        self._waiting: deque[tuple[Film, Future[Any]]] = deque()
        self._seen: set[str] = set()
        self._is_off = False
        self.count = 0
        self.notes: list[str] = []

    def __enter__(self) -> Self:
        self._apart.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._apart.__exit__(kind, error, trace)

    def take(self, asset: AssetId) -> None:
        """Fingerprint the films of an asset that have none; never waits, and never raises."""
        if self._is_off:
            return
        try:
            self._take(asset)
        except Exception as error:  # noqa: BLE001  # what is kept is kept, and what comes next is to be
            self._is_off = True
            self.notes.append(_told(error))

    def _take(self, asset: AssetId) -> None:
        with self._archive.catalog.engine.connect() as connection:
            films = lists.films_without_fingerprint(connection, {str(asset)})
        for film in films:
            if film.digest not in self._seen and self._is_wanted(film):
                self._seen.add(film.digest)
                args = args_of(film) | {"archive": str(self._archive.folder)}
                self._waiting.append((film, self._apart.submit(_in_archive, args)))
        self._settle(len(self._waiting))

    def leave(self) -> None:
        """Begin no more, and write nothing more: the rest is left to `work`."""
        self._is_off = True
        for _, answer in self._waiting:
            answer.cancel()
        self._waiting.clear()

    def finish(self) -> None:
        """Wait for all of them."""
        if self._waiting:
            self._watch.begin("Fingerprinting", items=len(self._waiting))
            self._settle(0, self._watch)

    def _is_wanted(self, film: Film) -> bool:
        from holdfast.jobs.queue import State

        missing = missing_part("Fingerprinting what is kept")
        if missing is not None:
            self._is_off = True
            self.notes.append(" ".join(missing.sentences()))
            return False
        job = self._archive.queue.get(KIND, film.digest)
        return job is None or job.state is not State.FAILED  # what fails for good is left to `work --retry`

    def _settle(self, most: int, watch: Watch = UNWATCHED) -> None:
        """Keep what is ready, and wait until at most so many are left."""
        while self._waiting and (len(self._waiting) > most or self._waiting[0][1].done()):
            film, answer = self._waiting.popleft()
            watch.at(film.file)
            self._keep(film, answer)
            watch.done(None)

    def _keep(self, film: Film, answer: Future[Any]) -> None:
        if self._is_off:
            return
        try:
            answer.result()
            self.count += keep_made(self._archive, film)
        except StorageFailure as error:
            self.leave()
            self.notes.append(" ".join(error.sentences()))
        except FileNotFoundError:
            return  # another program has kept it meanwhile
        except Exception as error:  # noqa: BLE001  # whatever a decoder makes of a film: the film is kept
            told = error.sentences()[0] if isinstance(error, HoldfastError) else f"{type(error).__name__}: {error}"
            name = film.file.rpartition("/")[2]
            self.notes.append(f"{name} ({film.asset}) is kept, but has no fingerprint yet: {told}")
            with contextlib.suppress(HoldfastError):
                self._archive.queue.put(KIND, film.digest, args_of(film))


def _in_archive(args: Mapping[str, Any], line: Line) -> dict[str, Any]:
    return fingerprint_job(args["archive"], args, line)


def _told(error: Exception) -> str:
    return " ".join(error.sentences()) if isinstance(error, HoldfastError) else f"{type(error).__name__}: {error}"
