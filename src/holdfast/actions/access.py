"""Where access copies lie, which are wanting, and the job that makes one.

    cache/access/<first two of the digest>/<digest>/<recipe>/    a finished copy: it got this name when it was whole
    cache/making/...                                             copies in the making

They are named by the digest of the master and by the recipe, so a copy is never out of date and never made twice.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import secrets
import shutil
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from holdfast.actions.archive import CACHE, STORE, Archive
from holdfast.backends.local import LocalBackend
from holdfast.catalog import lists, schema
from holdfast.errors import DamagedFile
from holdfast.model.fixity import Digest
from holdfast.model.ids import AssetId
from holdfast.model.inventory import LogicalPath
from holdfast.ocfl.root import StorageRoot

if TYPE_CHECKING:
    from holdfast.jobs.line import Line

KIND = "access"
RECIPE = "web-1"  # the name of media.ladder.WEB_1; a test holds them together, so that lists need not load FFmpeg


def access_place(cache: Path, digest: str, recipe: str = RECIPE) -> Path:
    """Where the access copy of a master lies, or would lie."""
    return cache / "access" / digest[:2] / digest / recipe


def access_folder(archive: Archive, digest: Digest, recipe: str = RECIPE) -> Path | None:
    """The finished access copy of a master; None if there is none yet."""
    place = access_place(archive.cache, str(digest), recipe)
    return place if place.is_dir() else None


def plan_access(archive: Archive, assets: Iterable[AssetId] | None = None, *, retry: bool = False) -> int:
    """Put the access copies that are wanting into the queue.

    Args:
        archive: the archive.
        assets: only of these; of all assets if None.
        retry: also those whose making has failed before.

    Returns:
        How many wait to be made, of those that were looked at.
    """
    from holdfast.jobs.queue import State

    table = schema.instantiations
    query = select(table).where(table.c.container != "", table.c.duration_us.is_not(None), lists.is_there())
    wanted = None if assets is None else {str(asset) for asset in assets}
    with archive.catalog.engine.connect() as connection:
        rows = [row for row in connection.execute(query) if wanted is None or row.asset in wanted]
    count = 0
    for row in rows:
        if access_place(archive.cache, row.digest).is_dir():
            continue
        key = f"{row.digest}/{RECIPE}"
        job = archive.queue.get(KIND, key)
        if job is not None and job.state is State.FAILED and not retry:
            continue
        again = job is not None and job.state is State.DONE  # it was made, and then the cache was emptied
        object_id = str(AssetId(row.asset).object_id)
        archive.queue.put(KIND, key, {"object": object_id, "file": row.file, "digest": row.digest}, again=again)
        count += 1
    return count


def make_access_job(folder: str, args: Mapping[str, Any], line: Line) -> dict[str, Any]:
    """The body of a job: makes the access copy of one master in the archive at `folder`.

    Runs in a process of its own, because what it decodes may be hostile. Running it twice is harmless.
    """
    from holdfast.media.access import make_access
    from holdfast.media.ladder import WEB_1

    cache = Path(folder) / CACHE
    place = access_place(cache, args["digest"], WEB_1.name)
    if place.is_dir():
        return {"place": str(place.relative_to(cache)), "already": True}
    root = StorageRoot(LocalBackend(Path(folder)), STORE)
    found = root.inventory(args["object"]).digest_of(LogicalPath(args["file"]))
    if found != args["digest"]:  # a record may say anything; the copy of one film must never stand under another's name
        expected = Digest(args["digest"]).short
        raise DamagedFile(file=args["file"], object_id=args["object"], expected=expected, found=found[:12])
    source = Path(folder) / root.place_of(args["object"], args["file"])
    with _making(cache) as making:
        result = make_access(source, making, on_progress=line.tell, should_stop=line.should_stop)
        place.parent.mkdir(parents=True, exist_ok=True)
        try:
            making.rename(place)
        except OSError:
            if not place.is_dir():  # else somebody else was first, with the same result
                raise
    return {"place": str(place.relative_to(cache)), "warnings": list(result.warnings)}


@contextlib.contextmanager
def _making(cache: Path) -> Iterator[Path]:
    """A folder of our own, as long as we live: the lock on it goes with the process, however that ends."""
    making = cache / "making" / secrets.token_hex(8)
    making.mkdir(parents=True)
    descriptor = os.open(making, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        making.mkdir(exist_ok=True)  # a sweeper may have come between
        yield making
    finally:
        shutil.rmtree(making, ignore_errors=True)
        os.close(descriptor)


def sweep_making(archive: Archive) -> None:
    """Remove what killed workers left half made: the folders that nobody holds."""
    making = archive.cache / "making"
    if not making.is_dir():
        return
    for folder in making.iterdir():
        with contextlib.suppress(OSError):
            descriptor = os.open(folder, os.O_RDONLY)
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(folder)
            finally:
                os.close(descriptor)
