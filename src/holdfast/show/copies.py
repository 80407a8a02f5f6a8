"""Stills of found copies, to be compared: at the moments at which they show the same moment of a work.

A film is decoded from its beginning to know its times, which can take minutes. So no page waits for it: what is asked
for is made behind the scenes, one film at a time and in a process of its own, and kept in the cache. A page shows what
is there, and says that the rest is being made. Only curators get to see, or to ask for, anything of this.
"""

from __future__ import annotations

import contextlib
import re
import threading
from collections.abc import Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from holdfast.actions.apart import Apart
from holdfast.actions.report import stills_body
from holdfast.errors import HoldfastError
from holdfast.keep.found import read_found
from holdfast.model.edit import EditList, Placement
from holdfast.model.found import found_object_id
from holdfast.model.time import Span
from holdfast.show import site

MOST_ASKED = 32  # films that wait to be looked at
MOMENTS = 4  # of a stretch
_DIGEST = re.compile("[0-9a-f]{128}")

_maker = ThreadPoolExecutor(1, thread_name_prefix="stills")
_waiting: set[tuple[str, tuple[int, ...]]] = set()
_lock = threading.Lock()


@dataclass(frozen=True)
class Showing:
    """A copy that shows a moment of the work: its digest, and at which of its own moments, in microseconds."""

    digest: str
    at_us: int


def moments(span: Span) -> list[Fraction]:
    """Moments of a stretch at which copies are compared, none at its very ends."""
    return [span.start + span.duration * (2 * n + 1) / (2 * MOMENTS) for n in range(MOMENTS)]


def showing(edits: EditList, span: Span) -> dict[str, Placement]:
    """The copies of which it is known that they show all of a stretch, those that were chosen for it first."""
    chosen = [take for edit in edits.edits if edit.asset == span for take in edit.picture]
    others = [take for edit in edits.edits for take in edit.picture]
    found: dict[str, Placement] = {}
    for take in (*chosen, *others):
        place = take.placement
        is_there = place.asset.start <= span.start and span.end <= place.asset.end
        if place.seen and is_there and _DIGEST.fullmatch(take.source):
            found.setdefault(take.source, place)
    return found


def still(digest: str, at_us: int) -> bytes | None:
    """The still of a copy at a moment, as JPEG; empty if it shows nothing there, None if it was not made yet."""
    with contextlib.suppress(OSError):
        return _place(digest, at_us).read_bytes()
    return None


def ask_for(digest: str, times_us: Collection[int]) -> None:
    """Have the stills of a copy made that are not there; asked for again while they are being made, it does nothing."""
    missing = tuple(sorted(at for at in times_us if not _place(digest, at).exists()))
    key = (digest, missing)
    with _lock:
        if not missing or key in _waiting or len(_waiting) >= MOST_ASKED:
            return
        _waiting.add(key)
    _maker.submit(_make, key)


def _make(key: tuple[str, tuple[int, ...]]) -> None:
    digest, times_us = key
    try:
        for at, jpeg in zip(times_us, _pictures(digest, times_us), strict=True):
            _keep(_place(digest, at), jpeg)
    finally:
        with _lock:
            _waiting.discard(key)


def _pictures(digest: str, times_us: Sequence[int]) -> list[bytes]:
    """The pictures; nothing at any moment if the copy is not there or cannot be read, which an audit tells."""
    archive = site.archive()
    try:
        file = read_found(archive.root, digest).file
        path = archive.folder / archive.root.place_of(str(found_object_id(digest)), file)
        args = {"path": str(path), "times": [Fraction(at, 1_000_000) for at in times_us]}
        with Apart() as apart:
            made: list[bytes] = apart.submit(stills_body, args).result()
            return made
    except HoldfastError:
        return [b""] * len(times_us)


def _keep(place: Path, jpeg: bytes) -> None:
    with contextlib.suppress(OSError):  # a full disk costs a still
        place.parent.mkdir(parents=True, exist_ok=True)
        new = place.with_suffix(".new")
        new.write_bytes(jpeg)
        new.replace(place)


def _place(digest: str, at_us: int) -> Path:
    return site.archive().cache / "compared" / digest[:2] / digest / f"{at_us}.jpg"
