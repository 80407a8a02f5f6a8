"""Looking at what somebody asks about: a film, a sound, a picture, a fingerprint, or a list of hashes.

Bodies for `Apart`: everything here may run in a process of its own.
"""

from __future__ import annotations

import contextlib
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from holdfast.errors import BadRecord, FileMissing, NothingToCompare

if TYPE_CHECKING:
    from holdfast.jobs.line import Line
    from holdfast.model.fingerprint import Fingerprint
    from holdfast.restore.fingerprint.look import Look

VPDQ = ".vpdq"
HASH_LISTS = (VPDQ, ".txt")
FINGERPRINT = ".hffp"
MOST_BYTES = 1 << 30  # of a fingerprint or a list of hashes: some hundred hours


def is_written_down(path: Path) -> bool:
    """Whether the file holds a fingerprint or a list of hashes, and no picture or sound itself."""
    return path.suffix.lower() in (*HASH_LISTS, FINGERPRINT)


def look_at(path: Path, mode: str, line: Line, *, share: tuple[float, float] = (0.0, 1.0)) -> Look:
    """What recognition needs to know of a copy; tells its progress as that `share` of the whole.

    Raises:
        FileMissing, SourceMissing: it cannot be read.
        BadRecord: it is a fingerprint, or a list of hashes (.vpdq), that cannot be understood.
        NothingToCompare: it neither shows nor sounds anything.
    """
    from holdfast.restore.fingerprint.look import look
    from holdfast.restore.fingerprint.recalled import look_of

    if is_written_down(path) or mode == "keys":
        return look_of(fingerprint_of(path, mode, line, share=share))
    start, end = share
    found = look(
        path,
        on_progress=lambda done: line.tell(start + done * (end - start)),
        should_stop=line.should_stop,
    )
    check(path, found.fingerprint)
    return found


def fingerprint_of(path: Path, mode: str, line: Line, *, share: tuple[float, float] = (0.0, 1.0)) -> Fingerprint:
    """The fingerprint of a film, or the one that is written down in the file. Raises as `look_at`."""
    from holdfast.restore.fingerprint.make import fingerprint

    if is_written_down(path):
        return read_fingerprint(path)
    start, end = share
    found = fingerprint(
        path,
        mode=mode,
        on_progress=lambda done: line.tell(start + done * (end - start)),
        should_stop=line.should_stop,
    )
    check(path, found)
    return found


def exchanged_of(path: Path, line: Line) -> Fingerprint:
    """The hashes of a film as other programs make them; of what is written down, those that it holds.

    Raises as `look_at`.
    """
    from holdfast.restore.fingerprint.exchange import exchanged

    if is_written_down(path):
        return read_fingerprint(path)
    found = exchanged(path, on_progress=line.tell, should_stop=line.should_stop)
    check(path, found)
    return found


def read_fingerprint(path: Path) -> Fingerprint:
    """The fingerprint in a file: ours, or one made of a list of hashes. Raises as `look_at`."""
    from holdfast.formats.fingerprint import parse_fingerprint
    from holdfast.formats.vpdq import from_vpdq
    from holdfast.model.fingerprint import MICRO, Fingerprint

    try:
        size = path.stat().st_size
        data = path.read_bytes() if size <= MOST_BYTES else b""
    except OSError as error:
        raise FileMissing(path=path, reason=(error.strerror or str(error)).lower()) from error
    if size > MOST_BYTES:
        raise NothingToCompare(path=path, reason=f"it has {size} bytes, more than any fingerprint has")
    if path.suffix.lower() == FINGERPRINT:
        return parse_fingerprint(data, str(path))
    try:
        pictures = from_vpdq(data.decode("utf-8", "replace"), str(path))
    except BadRecord as error:
        if path.suffix.lower() == VPDQ:
            raise
        # Whoever names a text meant a list of hashes, or made a mistake: no line of a letter is a hash.
        reason = f"it is no film, and no list of hashes either ({error.values['reason']})"
        raise NothingToCompare(path=path, reason=reason) from error
    if not len(pictures):
        raise NothingToCompare(path=path, reason="there is no hash in it")
    found = Fingerprint(duration=Fraction(int(pictures.times[-1]), MICRO), size=(0, 0), pictures=pictures)
    check(path, found)
    return found


def kept_fingerprint(path: Path) -> Fingerprint:
    """The fingerprint in a file of the store, where names tell nothing. Raises FileMissing, BadRecord."""
    from holdfast.formats.fingerprint import parse_fingerprint

    try:
        return parse_fingerprint(path.read_bytes(), str(path))
    except OSError as error:
        raise FileMissing(path=path, reason=(error.strerror or str(error)).lower()) from error


def check(path: Path, found: Fingerprint) -> None:
    """Raise NothingToCompare, with the decoder's own words, for a file in which there is nothing, or that lies."""
    if found.reaches_beyond_reason():
        reason = "it says that it lasts longer than what little is in it can"
        raise NothingToCompare(path=path, reason=reason)
    if len(found.pictures) or len(found.sounds) or len(found.points):
        return
    with contextlib.suppress(OSError):
        if not path.stat().st_size:
            raise NothingToCompare(path=path, reason="it is empty (0 bytes)")
    nothing = "all its pictures are flat" if len(found.frames) else "there is neither a picture nor a sound in it"
    reason = "; ".join(found.warnings) or nothing
    raise NothingToCompare(path=path, reason=reason.rstrip("."))


def named(found: Fingerprint, digest: str) -> Fingerprint:
    """The fingerprint, with the digest of the file that it was made from."""
    return replace(found, digest=digest)
