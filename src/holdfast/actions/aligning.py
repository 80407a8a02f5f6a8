"""Which found copies show the same as each other, where no fingerprint of their work survives.

A person has accepted at least one copy as the work. From there it spreads: each copy that is known to be of the work is
looked at, and asked what it shares with all those whose work nobody knows; those join, and are asked in turn.

    cache/aligned/<digest>.json      what a copy shares with others, and which others were asked
"""

from __future__ import annotations

import contextlib
import hashlib
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from holdfast.actions.apart import Apart
from holdfast.actions.archive import Archive
from holdfast.actions.sighting import copy_path
from holdfast.actions.watch import Watch
from holdfast.catalog.lists import FoundCopy
from holdfast.errors import BadRecord, HoldfastError
from holdfast.formats.canonical import canonical_json, parse_json
from holdfast.formats.found import segment_in, segment_plain
from holdfast.jobs.line import Line
from holdfast.model.found import found_object_id
from holdfast.model.match import Segment

Shared = Mapping[str, tuple[Segment, ...]]  # by the digest of the other copy; `segment.asset` is in its time


def spread(
    archive: Archive, anchors: Sequence[FoundCopy], pool: Sequence[FoundCopy], apart: Apart, watch: Watch
) -> tuple[dict[str, Shared], tuple[str, ...]]:
    """What each copy of the work shares with others, by digest; and notes on copies that could not be looked at.

    Args:
        archive: the archive.
        anchors: copies that are of the work.
        pool: copies that may be of it, the anchors among them or not.
        apart: where films are read.
        watch: told which copy is looked at.
    """
    by_digest = {copy.digest: copy for copy in (*anchors, *pool)}
    found: dict[str, Shared] = {}
    notes: list[str] = []
    waiting = [copy.digest for copy in anchors]
    while waiting:
        digest = waiting.pop(0)
        copy = by_digest[digest]
        others = [one for one in by_digest.values() if one.digest != digest and one.fingerprint]
        watch.at(copy.name)
        try:
            found[digest] = _shared(archive, copy, others, apart)
        except HoldfastError as error:
            notes.append(" ".join(error.sentences()[:1]))
            found[digest] = {}
        waiting += [other for other in found[digest] if other not in found and other not in waiting]
    return found, tuple(notes)


def _shared(archive: Archive, copy: FoundCopy, others: Sequence[FoundCopy], apart: Apart) -> Shared:
    asked = hashlib.sha256("\n".join(sorted(one.digest for one in others)).encode()).hexdigest()
    place = archive.cache / "aligned" / f"{copy.digest}.json"
    held = _remembered(place, asked)
    if held is not None:
        return held
    prints = {one.digest: str(_print_path(archive, one)) for one in others}
    args = {"path": str(copy_path(archive, copy)), "others": prints}
    shared: Shared = apart.awaited(apart.submit(align_body, args), lambda _: None)
    _remember(place, asked, shared)
    return shared


def _print_path(archive: Archive, copy: FoundCopy) -> Path:
    return archive.folder / archive.root.place_of(str(found_object_id(copy.digest)), copy.fingerprint)


def _remembered(place: Path, asked: str) -> Shared | None:
    with contextlib.suppress(OSError, BadRecord, KeyError, TypeError, ValueError):
        plain = parse_json(place.read_bytes(), str(place))
        if plain["asked"] == asked:
            return {str(other): tuple(map(segment_in, segments)) for other, segments in plain["shared"].items()}
    return None


def _remember(place: Path, asked: str, shared: Shared) -> None:
    """Best effort: what cannot be remembered is asked again."""
    plain = {other: [segment_plain(one) for one in segments] for other, segments in shared.items()}
    part = place.with_suffix(f".{secrets.token_hex(4)}")
    with contextlib.suppress(OSError):
        place.parent.mkdir(parents=True, exist_ok=True)
        part.write_bytes(canonical_json({"asked": asked, "shared": plain}))
        part.replace(place)


def align_body(args: Mapping[str, Any], line: Line) -> dict[str, tuple[Segment, ...]]:
    """The body: what the film at `path` shares with each of the `others`, digests with files of fingerprints."""
    from holdfast.actions.looking import kept_fingerprint, look_at
    from holdfast.catalog.fingerprints.shelf import Shelf
    from holdfast.restore.match.recognize import identify

    others = []
    for digest, file in args["others"].items():
        with contextlib.suppress(HoldfastError):  # one that is damaged cannot be compared
            others.append((digest, replace(kept_fingerprint(Path(file)), stills=())))
    look = look_at(Path(args["path"]), "full", line, share=(0.0, 0.8))
    shelf = Shelf.of(others)
    names = shelf.names()
    found = identify(look, shelf, on_progress=lambda done: line.tell(0.8 + 0.2 * done))
    return {names[match.work]: match.segments for match in found.matches}
