"""What a plan remembers: of each copy how it was seen, and of all of them together the plan itself.

Answers are about bytes with a digest. Whoever asks for a plan has compared the bytes of every copy with their digest,
and noted by its `Stamp` which file that was; what is found out of a file that is another one by then is not remembered.
"""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

from holdfast.actions.answers import Answers
from holdfast.errors import BadRecord
from holdfast.formats.canonical import canonical_json, parse_json, printable
from holdfast.formats.found import segment_plain
from holdfast.formats.otio import otio_bytes, parse_otio
from holdfast.formats.takes import parse_take, take_record
from holdfast.model.edit import EditList, Placement, Take
from holdfast.model.time import parse_ratio, ratio

if TYPE_CHECKING:
    from holdfast.actions.restoring import Wish

Stamp = tuple[int, int, int, int]


def stamp_of(path: Path) -> Stamp | None:
    """What tells a file from another one at its place, and from itself before it was changed; None if there is none."""
    try:
        seen = path.stat()
    except OSError:
        return None
    return seen.st_ino, seen.st_size, seen.st_mtime_ns, seen.st_ctime_ns


class Memory:
    """What is remembered for a wish. Without a cache nothing is."""

    def __init__(self, wish: Wish) -> None:
        self._wish = wish
        self._answers = None if wish.cache is None else Answers(wish.cache)
        self._files = {source.digest: (source.path, source.stamp) for source in wish.sources}

    def find(self, source: str, asked: Mapping[str, Any]) -> Iterator[bytes] | None:
        """What was measured of a copy; see `restore.choose.recall.Memory`."""
        return self._find("measured", {"copy": source, **asked})

    def keep(self, source: str, asked: Mapping[str, Any], pieces: Iterable[bytes]) -> None:
        """Remember what was measured of a copy."""
        self._keep("measured", {"copy": source, **asked}, pieces, [source])

    def glance(self, source: str) -> tuple[Fraction, tuple[int, int]] | None:
        """Pictures a second of a copy, and the size of its picture."""
        with contextlib.suppress(BadRecord, KeyError, TypeError, ValueError):
            plain = self._plain("glance", {"copy": source})
            if plain is not None:
                wide, high = plain["size"]
                return parse_ratio(plain["rate"]), (int(wide), int(high))
        return None

    def keep_glance(self, source: str, rate: Fraction, size: tuple[int, int]) -> None:
        """Remember them."""
        plain = {"rate": ratio(rate), "size": list(size)}
        self._keep("glance", {"copy": source}, [canonical_json(plain)], [source])

    def registered(self, source: str, asked: Sequence[Placement]) -> list[Placement] | None:
        """Placements of a copy with the exact place of the work's picture, in the order of `asked`."""
        with contextlib.suppress(BadRecord, KeyError, TypeError, ValueError):
            plain = self._plain("registered", self._of_placements(source, asked))
            if plain is not None:
                found = [parse_take(each).placement.geometry for each in plain["placements"]]
                return [replace(one, geometry=each) for one, each in zip(asked, found, strict=True)]
        return None

    def keep_registered(self, source: str, asked: Sequence[Placement], found: Sequence[Placement]) -> None:
        """Remember them."""
        plain = {"placements": [take_record(Take(each)) for each in found]}
        self._keep("registered", self._of_placements(source, asked), [canonical_json(plain)], [source])

    def together(self, asked: Sequence[Placement]) -> tuple[list[Placement], tuple[int, int]] | None:
        """Placements of all copies in the frame that they have among themselves, in the order of `asked`; its size."""
        with contextlib.suppress(BadRecord, KeyError, TypeError, ValueError):
            plain = self._plain("together", _of_all(asked))
            if plain is not None:
                found = [parse_take(each).placement.geometry for each in plain["placements"]]
                wide, high = plain["size"]
                return [replace(one, geometry=each) for one, each in zip(asked, found, strict=True)], (
                    int(wide),
                    int(high),
                )
        return None

    def keep_together(self, asked: Sequence[Placement], found: Sequence[Placement], size: tuple[int, int]) -> None:
        """Remember them."""
        plain = {"placements": [take_record(Take(each)) for each in found], "size": list(size)}
        sources = dict.fromkeys(one.source for one in asked)
        self._keep("together", _of_all(asked), [canonical_json(plain)], sources)

    def plan(self, *, consensus: bool) -> tuple[EditList, tuple[str, ...], bool] | None:
        """The edit list, the copies that were left out, and whether the work had a sound."""
        with contextlib.suppress(BadRecord, KeyError, TypeError, ValueError, StopIteration):
            pieces = self._find("plan", _question(self._wish, consensus=consensus))
            if pieces is None:
                return None
            edits = parse_otio(next(pieces), "a plan")
            more = parse_json(b"".join(pieces), "a plan")
            return edits, tuple(map(str, more["left_out"])), bool(more["has_sound"])
        return None

    def keep_plan(self, edits: EditList, left_out: Sequence[str], *, has_sound: bool, consensus: bool) -> EditList:
        """Remember them; gives the edit list as it will be remembered, whose names can be printed."""
        try:
            data = otio_bytes(edits)
        except ValueError:
            return edits
        more = canonical_json({"left_out": list(left_out), "has_sound": has_sound})
        self._keep("plan", _question(self._wish, consensus=consensus), [data, more], list(self._files))
        return parse_otio(data)

    # ------------------------------------------------------------------------------------------------- inside

    def _of_placements(self, source: str, asked: Sequence[Placement]) -> dict[str, Any]:
        from holdfast.restore.choose.recall import how_it_lies

        return {"copy": source, "work": self._wish.work_digest, "placements": [how_it_lies(each) for each in asked]}

    def _plain(self, kind: str, asked: Mapping[str, Any]) -> Any:
        held = self._find(kind, asked)
        return None if held is None else parse_json(b"".join(held), kind)

    def _find(self, kind: str, asked: Mapping[str, Any]) -> Iterator[bytes] | None:
        return None if self._answers is None else self._answers.find(kind, asked)

    def _keep(self, kind: str, asked: Mapping[str, Any], pieces: Iterable[bytes], sources: Iterable[str]) -> None:
        if self._answers is not None and all(self._is_what_it_was(source) for source in sources):
            self._answers.keep(kind, asked, pieces)

    def _is_what_it_was(self, source: str) -> bool:
        path, stamp = self._files[source]
        return stamp is not None and stamp_of(path) == stamp


def _of_all(asked: Sequence[Placement]) -> dict[str, Any]:
    from holdfast.restore.choose.recall import how_it_lies

    return {"placements": [{"copy": each.source, "lies": how_it_lies(each)} for each in asked]}


def _question(wish: Wish, *, consensus: bool) -> dict[str, Any]:
    """All that a plan depends on. What is kept of the work matters only where no fingerprint of it tells the time."""
    before = wish.before if wish.work is None else None
    return {
        "asset": wish.asset,
        "title": printable(wish.title),
        "work": wish.work_digest,
        "stated": None if wish.stated is None else ratio(wish.stated),
        "size": None if wish.size is None else list(wish.size),
        "frame_rate": None if wish.frame_rate is None else ratio(wish.frame_rate),
        "before": "" if before is None else hashlib.sha256(otio_bytes(before)).hexdigest(),
        "consensus": consensus,
        "sources": [
            {
                "digest": source.digest,
                "name": printable(source.name),
                "duration": ratio(source.duration),
                "is_anchor": source.is_anchor,
                "segments": [segment_plain(one) for one in source.segments],
                "shared": {
                    other: [segment_plain(one) for one in segments] for other, segments in (source.shared or {}).items()
                },
            }
            for source in wish.sources
        ],
    }
