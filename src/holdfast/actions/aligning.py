"""Which found copies show the same as each other, where no fingerprint of their work survives.

A person has accepted at least one copy as the work. From there it spreads: each copy that is known to be of the work is
asked what it shares with all those whose work nobody knows; those join, and are asked in turn.

Two questions are asked, and both answers remembered:

    touching    have two copies anything in common, and be it chance?    of every pair once, by either of the two
    shared      which seconds of those that it touches does a copy show?    of all of them together, for what is in
                many films (a jingle, a test card) speaks for none of them

So one copy more is asked about all others, once; of those others only the ones that it touches are asked again.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from holdfast.actions.answers import Answers
from holdfast.actions.apart import Apart
from holdfast.actions.archive import Archive
from holdfast.actions.recognizing import kept_file, look_at_kept
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
    asking = _Asking(archive, {copy.digest: copy for copy in (*anchors, *pool)}, apart, watch)
    found: dict[str, Shared] = {}
    waiting = [copy.digest for copy in anchors]
    while waiting:
        digest = waiting.pop(0)
        found[digest] = asking.shared(digest)
        waiting += [other for other in found[digest] if other not in found and other not in waiting]
    return found, tuple(asking.notes)


@dataclass(frozen=True)
class Aligned:
    """What a body found: the copies that a copy touches, and what it shows of them; by their digests."""

    touched: tuple[str, ...]
    shared: Shared


class _Asking:
    """One run: what is known of the pairs so far, and how more is found out."""

    def __init__(self, archive: Archive, copies: Mapping[str, FoundCopy], apart: Apart, watch: Watch) -> None:
        self._archive, self._copies, self._apart, self._watch = archive, copies, apart, watch
        self._answers = Answers(archive.cache)
        self._others = [digest for digest, copy in copies.items() if copy.fingerprint]
        self._said = {digest: self._touching(digest) for digest in copies}
        self._failed: set[str] = set()
        self.notes: list[str] = []

    def shared(self, digest: str) -> Shared:
        """What a copy shares with the others; nothing, and a note, if it cannot be looked at."""
        self._watch.at(self._copies[digest].name)
        self._ask(self._who_is_asked(digest))
        others = sorted(other for other in self._others if other != digest and self._touch(digest, other))
        if not others or digest in self._failed:
            return {}
        asked = {"copy": digest, "others": others}
        held = _shared_in(self._answers.one("shared", asked))
        if held is not None:
            return held
        found = self._aligned(digest, others)
        if found is None:
            return {}
        self._answers.keep("shared", asked, [_shared_bytes(found.shared)])
        return found.shared

    def _touch(self, one: str, other: str) -> bool | None:
        """Whether two copies touch each other; None if neither was asked about the other."""
        said = self._said[one].get(other)
        return self._said[other].get(one) if said is None else said

    def _missing(self, digest: str) -> list[str]:
        return [other for other in self._others if other != digest and self._touch(digest, other) is None]

    def _who_is_asked(self, digest: str) -> list[str]:
        """The copies to ask, so that it is known of all others whether this one touches them.

        Itself; but if it was asked before, and those that it was not asked about are few newcomers, they: each of them
        can be asked about all others at once.
        """
        missing = self._missing(digest)
        asked_before = sum(bool(said) for said in self._said.values())
        are_newcomers = bool(self._said[digest]) and not any(self._said[other] for other in missing)
        if not missing:
            return []
        return missing if are_newcomers and len(missing) <= asked_before else [digest]

    def _ask(self, askers: Iterable[str]) -> None:
        for digest in askers:
            missing = self._missing(digest)
            found = self._aligned(digest, missing)
            touched = found.touched if found is not None else ()
            self._said[digest] |= {other: other in touched for other in missing}
            if found is not None:
                said = canonical_json(self._said[digest])
                self._answers.keep("touching", {"copy": digest}, [said])

    def _touching(self, digest: str) -> dict[str, bool]:
        """What a copy said in earlier runs, of each other that it was asked about."""
        held = self._answers.one("touching", {"copy": digest})
        with contextlib.suppress(BadRecord):
            return {} if held is None else dict(parse_json(held, f"what {digest[:12]} touches"))
        return {}

    def _aligned(self, digest: str, others: Iterable[str]) -> Aligned | None:
        if digest in self._failed:
            return None
        kept = kept_file(self._archive, self._copies[digest])
        prints = {other: self._print_path(self._copies[other]) for other in others}
        try:
            args = {"path": str(kept.path), "copy": kept, "others": prints}
            found: Aligned = self._apart.awaited(self._apart.submit(align_body, args), lambda _: None)
        except HoldfastError as error:
            self._failed.add(digest)
            self.notes.append(" ".join(error.sentences()[:1]))
            return None
        return found

    def _print_path(self, copy: FoundCopy) -> Path:
        object_id = str(found_object_id(copy.digest))
        return self._archive.folder / self._archive.root.place_of(object_id, copy.fingerprint)


def _shared_bytes(shared: Shared) -> bytes:
    return canonical_json({other: [segment_plain(one) for one in segments] for other, segments in shared.items()})


def _shared_in(data: bytes | None) -> Shared | None:
    with contextlib.suppress(BadRecord, KeyError, TypeError, ValueError):
        plain = None if data is None else parse_json(data, "what a copy shares")
        return (
            None
            if plain is None
            else {str(other): tuple(map(segment_in, segments)) for other, segments in plain.items()}
        )
    return None


def align_body(args: Mapping[str, Any], line: Line) -> Aligned:
    """The body: what the kept `copy` shares with each of the `others`, digests with files of fingerprints."""
    from holdfast.actions.looking import kept_fingerprint
    from holdfast.catalog.fingerprints.shelf import Shelf
    from holdfast.restore.match.recognize import identify

    others = []
    for digest, file in args["others"].items():
        with contextlib.suppress(HoldfastError):  # one that is damaged cannot be compared
            others.append((digest, replace(kept_fingerprint(file), stills=())))
    look = look_at_kept(args["copy"], line, share=(0.0, 0.8))
    shelf = Shelf.of(others)
    names = shelf.names()
    found = identify(look, shelf, on_progress=lambda done: line.tell(0.8 + 0.2 * done))
    shared = {names[match.work]: match.segments for match in found.matches}
    return Aligned(tuple(names[work] for work in found.touched), shared)
