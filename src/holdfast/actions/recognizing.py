"""What bodies that recognise have in common: a look at a kept copy, taken once; and the question to the index."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from holdfast.actions.answers import Answers
from holdfast.actions.archive import Archive
from holdfast.actions.fingerprinting import check_digest
from holdfast.actions.looking import look_at
from holdfast.catalog.lists import FoundCopy
from holdfast.errors import BadRecord
from holdfast.jobs.line import Line
from holdfast.model.found import found_object_id
from holdfast.model.match import Identification

if TYPE_CHECKING:
    from holdfast.catalog.fingerprints.shelf import Shelf
    from holdfast.restore.fingerprint.look import Look


@dataclass(frozen=True)
class KeptFile:
    """A found copy as a body needs to know it: where its bytes lie, their digest, its name, and where answers lie."""

    path: Path
    digest: str
    name: str
    cache: Path


@dataclass(frozen=True)
class Recognition:
    """What a body found: how long the film is, what it shows, and the names of the works that are spoken of."""

    duration: Fraction
    found: Identification
    names: Mapping[int, str]


def copy_path(archive: Archive, copy: FoundCopy) -> Path:
    """Where the bytes of a found copy lie on the disk."""
    return archive.folder / archive.root.place_of(str(found_object_id(copy.digest)), copy.file)


def kept_file(archive: Archive, copy: FoundCopy) -> KeptFile:
    """What a body must know of a found copy."""
    return KeptFile(copy_path(archive, copy), copy.digest, copy.name, archive.cache)


def look_at_kept(copy: KeptFile, line: Line, *, share: tuple[float, float]) -> Look:
    """What recognition needs to know of a kept copy: remembered, or taken now and remembered.

    Raises:
        DamagedFile: its bytes do not have their digest; nothing is remembered.
        As `look_at`.
    """
    from holdfast.restore.fingerprint.written import look_in, look_pieces

    answers, asked = Answers(copy.cache), {"copy": copy.digest}
    held = answers.find("look", asked)
    if held is not None:
        with contextlib.suppress(BadRecord):
            return look_in(held)
    look = look_at(copy.path, "full", line, share=share)
    check_digest(copy.path, copy.digest, copy.name, str(found_object_id(copy.digest)), line)
    answers.keep("look", asked, look_pieces(look))
    return look


def recognized(look: Look, folder: str, line: Line, start: float) -> Recognition:
    """What a look shows of the works in the index in a folder; tells its progress from `start` to 1."""
    from holdfast.restore.match.recognize import identify

    shelf = _shelf(folder)
    found = identify(look, shelf, on_progress=lambda done: line.tell(start + done * (1 - start)))
    names = shelf.names()
    spoken_of = {match.work: names[match.work] for match in (*found.matches, *found.doubtful)}
    return Recognition(look.fingerprint.duration, found, spoken_of)


def is_touched(look: Look, folder: str, works: Sequence[str]) -> bool:
    """Whether anything speaks for one of these works of the index, were there no others."""
    from holdfast.restore.match.recognize import identify

    return bool(works) and bool(identify(look, _part(folder, tuple(works))).touched)


@lru_cache(maxsize=1)
def _part(folder: str, works: tuple[str, ...]) -> Shelf:
    """An index of some of the works only, in memory."""
    from holdfast.catalog.fingerprints.shelf import Shelf

    whole = _shelf(folder)
    wanted = set(works)
    return Shelf.of([(name, whole.fingerprint(work)) for work, name in enumerate(whole.names()) if name in wanted])


@lru_cache(maxsize=1)
def _shelf(folder: str) -> Shelf:
    """The index, opened once for all files of a process."""
    from holdfast.catalog.fingerprints.shelf import Shelf

    return Shelf.open(Path(folder))
