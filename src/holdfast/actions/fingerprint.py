"""Write fingerprints of files down: `film.mp4.hffp` beside `film.mp4`, or hashes in the text that others read.

No archive is needed. A file that cannot be fingerprinted is reported, and the rest goes on.
"""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import Any

from holdfast.actions.apart import Apart
from holdfast.actions.fingerprinting import need_restore
from holdfast.actions.looking import FINGERPRINT, HASH_LISTS, exchanged_of, fingerprint_of, named
from holdfast.actions.watch import UNWATCHED, Watch
from holdfast.actions.writing import write
from holdfast.errors import FileMissing, HoldfastError, TargetExists
from holdfast.jobs.line import Line


@dataclass(frozen=True)
class Written:
    """One file and its fingerprint: where that was written, its length in bytes and in media time; or the error."""

    path: Path
    output: Path | None = None
    duration: Fraction = Fraction(0)
    size_bytes: int = 0
    digest: str = ""
    warnings: tuple[str, ...] = ()
    error: HoldfastError | None = None


def fingerprint(
    paths: Sequence[Path],
    *,
    folder: Path | None = None,
    mode: str = "full",
    vpdq: bool = False,
    force: bool = False,
    watch: Watch = UNWATCHED,
) -> tuple[Written, ...]:
    """Fingerprint the films at `paths`, and those in folders that are named.

    Args:
        paths: files and folders.
        folder: where the fingerprints go; beside each file if None.
        mode: `full`, or `keys` for key frames only, which is faster and knows less.
        vpdq: write the exchange text instead.
        force: write over files that are there.
        watch: told how it goes; `done` with each `Written`.

    Raises:
        ExtraMissing: the optional part [restore] is not installed.
    """
    need_restore("Fingerprinting films")
    from holdfast.keep.gather import gather

    gathered = gather(paths)
    films = [submission.media for submission in gathered.submissions]
    results = [
        Written(p.path, error=FileMissing(path=p.path, reason=f"it {p.reason}"))
        for p in gathered.passed_over
        if p.is_fault
    ]
    watch.begin("Fingerprinting", items=len(films))
    for result in results:
        watch.done(result)
    with Apart() as apart:
        asked: deque[tuple[Path, Path, Future[Any] | HoldfastError]] = deque()
        taken: set[Path] = set()
        for film in films:
            output = (folder or film.parent) / f"{film.name}{HASH_LISTS[0] if vpdq else FINGERPRINT}"
            if output in taken or (output.exists() and not force):
                asked.append((film, output, TargetExists(path=output)))
            else:
                taken.add(output)
                args = {"path": str(film), "mode": mode, "vpdq": vpdq}
                asked.append((film, output, apart.submit(written_down, args)))
        while asked:
            film, output, answer = asked.popleft()  # what was written is not held in memory
            watch.at(str(film))
            try:
                if isinstance(answer, HoldfastError):
                    raise answer
                made = apart.awaited(answer, partial(_told, watch, film))
                results.append(_written(film, output, made, force=force))
            except HoldfastError as error:
                results.append(Written(film, error=error))
            watch.done(results[-1])
    return tuple(results)


def _told(watch: Watch, film: Path, share: float) -> None:
    watch.at(f"{film} {share:.0%}")


def written_down(args: Mapping[str, Any], line: Line) -> dict[str, Any]:
    """The body: the bytes of the fingerprint of the file `path`, and what is to be said of it."""
    from holdfast.formats.fingerprint import fingerprint_bytes
    from holdfast.formats.vpdq import to_vpdq

    path = Path(args["path"])
    found = exchanged_of(path, line) if args["vpdq"] else fingerprint_of(path, args["mode"], line)
    with path.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha512").hexdigest()
    found = named(found, digest)
    data = to_vpdq(found).encode("utf-8") if args["vpdq"] else fingerprint_bytes(found)
    return {"data": data, "duration": found.duration, "digest": digest, "warnings": tuple(found.warnings)}


def _written(film: Path, output: Path, made: Mapping[str, Any], *, force: bool) -> Written:
    write(output, made["data"], force=force)
    return Written(film, output, made["duration"], len(made["data"]), made["digest"], made["warnings"])
