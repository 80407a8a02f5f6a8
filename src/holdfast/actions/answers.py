"""What was found out of copies, so that nobody finds it out twice: the archive's cache of derived answers.

    cache/answers/<kind>/<first two of the name>/<name>

    answers = Answers(archive.cache)
    answers.keep("glance", {"copy": digest}, [data])
    answers.find("glance", {"copy": digest})           # the pieces that were kept, or None

The rules:

- An answer is asked for by all that it depends on: digests of bytes, never names or places; and by its recipe, which is
  raised when the same question would be answered otherwise (`RECIPES`).
- An answer is compared with its own digest before any of it is given. What is damaged, cut short, or of another
  question is no answer, and is found out again.
- It is written under another name and renamed. That may fail (a full disk, a folder that may not be written to): then
  it is found out again. Nothing waits for the disk, for what a power cut left half does not have its digest.
- All answers together are no larger than `bound`; those that nobody asked for longest go first (`sweep`).

A file is one line of JSON that says what was asked; then its pieces, each as four bytes of its packed length and
itself, packed by zlib; then the SHA-256 of all before it.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import secrets
import shutil
import time
import zlib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from holdfast.formats.canonical import canonical_line

if TYPE_CHECKING:
    from holdfast.formats.arrays import Buffer

FORMAT = "holdfast-answer-1"
ANSWERS, PART = "answers", ".part"
ORPHANED_S = 86_400  # nobody writes an answer for as long as this
MOST_BYTES = 24 << 30
SHARE_OF_DISK = 4  # one part in so many of what would be free without them, at most
LEAST_FREE_BYTES = 1 << 30  # less than this is left to what cannot be made again
_DIGEST_BYTES, _LENGTH_BYTES, _PACKED, _BLOCK = 32, 4, 1, 1 << 20

# To be raised with any change after which the same copies would be seen otherwise.
RECIPES = {
    "look": 2,  # what recognition knows of a copy: restore.fingerprint.look
    "works": 1,  # the names of the works that stood in the index
    "sighting": 2,  # what a copy was seen to show of them last: restore.match
    "touching": 2,  # whether two copies have anything in common
    "shared": 2,  # which seconds of others a copy shows: restore.match
    "glance": 1,  # its rate, and the size of its picture
    "registered": 2,  # where exactly the work's picture lies in it: restore.register
    "together": 1,  # how copies lie on one another where nothing of their work survives: restore.register_together
    "measured": 2,  # what it shows and lets hear, to be compared: restore.choose
    "plan": 2,  # which copy gives which stretch: restore.timeline, restore.choose
}
_BUILT_ON = {
    "sighting": ("look",),
    "touching": ("look",),
    "shared": ("look", "touching"),
    "plan": ("glance", "registered", "together", "measured"),
}


class Answers:
    """The answers in the `cache` folder of an archive. Made anew wherever they are needed; any number at once."""

    def __init__(self, cache: Path) -> None:
        self.cache = cache
        self._folder = cache / ANSWERS

    def find(self, kind: str, asked: Mapping[str, Any]) -> Iterator[bytes] | None:
        """The pieces of an answer, whole and of this very question; None if there is none. To be read at once."""
        head = _head(kind, asked)
        place = self._place(kind, head)
        try:
            stream = place.open("rb")
        except OSError:
            return None
        try:
            is_whole = stream.read(len(head)) == head and _is_whole(stream, head)
            if is_whole:
                os.utime(place)  # it was asked for
        except OSError:
            is_whole = False
        if not is_whole:
            stream.close()
            return None
        return _pieces(stream, len(head))

    def one(self, kind: str, asked: Mapping[str, Any]) -> bytes | None:
        """An answer that is a single piece; None if there is none."""
        found = self.find(kind, asked)
        return None if found is None else b"".join(found)

    def keep(self, kind: str, asked: Mapping[str, Any], pieces: Iterable[bytes]) -> None:
        """Keep an answer, if the disk allows. Raises what `pieces` raises, but for OSError; then nothing is kept."""
        head = _head(kind, asked)
        with contextlib.suppress(OSError):
            self._folder.mkdir(parents=True, exist_ok=True)
            if shutil.disk_usage(self._folder).free >= LEAST_FREE_BYTES:
                written_whole(self._place(kind, head), _written(head, pieces))

    def bound(self) -> int:
        """How many bytes all of them may have."""
        return min(MOST_BYTES, (shutil.disk_usage(self._folder).free + self.size_bytes()) // SHARE_OF_DISK)

    def size_bytes(self) -> int:
        """How many bytes they have."""
        return sum(size for _, size, _ in self._files())

    def sweep(self, most_bytes: int | None = None) -> None:
        """Remove what killed runs left a day ago and more; then what was longest not asked for, down to the bound."""
        if not self._folder.is_dir():
            return
        files, left = sorted(self._files()), 0
        for at, size, path in files:
            if path.suffix == PART and at < time.time() - ORPHANED_S:
                _removed(path)
            else:
                left += size
        bound = self.bound() if most_bytes is None else most_bytes
        for _, size, path in files:
            if left <= bound:
                return
            if path.suffix != PART and _removed(path):
                left -= size

    def _files(self) -> Iterator[tuple[float, int, Path]]:
        """When each was asked for last, its bytes, and where it is."""
        for path in self._folder.glob("*/*/*"):
            with contextlib.suppress(OSError):  # another program may have removed it
                seen = path.stat()
                yield seen.st_mtime, seen.st_size, path

    def _place(self, kind: str, head: bytes) -> Path:
        name = hashlib.sha256(head).hexdigest()
        return self._folder / kind / name[:2] / name


def written_whole(place: Path, pieces: Iterable[Buffer]) -> None:
    """Put a file of the cache there, whole or not at all. Raises OSError; then nothing of it is left."""
    part = place.with_name(f"{place.name}.{secrets.token_hex(4)}{PART}")
    place.parent.mkdir(parents=True, exist_ok=True)
    try:
        with part.open("wb") as stream:
            for piece in pieces:
                stream.write(piece)
        part.replace(place)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def _head(kind: str, asked: Mapping[str, Any]) -> bytes:
    recipe = [RECIPES[each] for each in (kind, *_BUILT_ON.get(kind, ()))]
    return canonical_line({"format": FORMAT, "kind": kind, "recipe": recipe, "asked": asked})


def _written(head: bytes, pieces: Iterable[bytes]) -> Iterator[bytes]:
    digest = hashlib.sha256(head)
    yield head
    for piece in pieces:
        packed = zlib.compress(piece, _PACKED)
        for part in (len(packed).to_bytes(_LENGTH_BYTES, "little"), packed):
            digest.update(part)
            yield part
    yield digest.digest()


def _is_whole(stream: BinaryIO, head: bytes) -> bool:
    """Whether what follows the head, which was read, has the digest at its end."""
    digest, held = hashlib.sha256(head), b""
    while block := stream.read(_BLOCK):
        held += block
        digest.update(held[:-_DIGEST_BYTES])
        held = held[-_DIGEST_BYTES:]
    return held == digest.digest()


def _pieces(stream: BinaryIO, start: int) -> Iterator[bytes]:
    with stream:
        end = stream.seek(0, os.SEEK_END) - _DIGEST_BYTES
        stream.seek(start)
        while stream.tell() < end:
            length = int.from_bytes(stream.read(_LENGTH_BYTES), "little")
            yield zlib.decompress(stream.read(length))


def _removed(path: Path) -> bool:
    with contextlib.suppress(OSError):
        path.unlink()
        return True
    return False
