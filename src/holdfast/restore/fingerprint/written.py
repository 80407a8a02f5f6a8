"""A `Look` written down in pieces and read again, exactly: asked about twice, a copy is decoded once.

The first piece holds the fingerprint and every array but the thumbs, as a file of named arrays; the others are runs of
thumbs, each but the first of a run told by what changed in it. Neither writing nor reading holds more than a run.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from holdfast.errors import BadRecord
from holdfast.formats.arrays import arrays_bytes, parse_arrays
from holdfast.formats.fingerprint import fingerprint_bytes, parse_fingerprint
from holdfast.model.fingerprint import PointTrack
from holdfast.restore.fingerprint.look import Look, Stack
from holdfast.restore.fingerprint.thumbs import SIDE
from holdfast.restore.landmarks import Peaks

RUN = 128  # thumbs in a piece, 2 MB
NAME = "a look"
_OWN = ("times", "boxes", "whole", "active", "quality")
_TRACKS: dict[str, type[PointTrack] | type[Peaks]] = {"points": PointTrack, "mirrored": PointTrack, "peaks": Peaks}
_REALS = ("boxes", "peaks.pitches", "peaks.heights")  # which the format does not hold: written by their bits


def look_pieces(look: Look) -> Iterator[bytes]:
    """The pieces of a look. Raises ValueError if its fingerprint is none."""
    arrays: dict[str, NDArray[Any]] = {name: getattr(look, name) for name in _OWN}
    for name, kind in _TRACKS.items():
        track = getattr(look, name)
        arrays |= {f"{name}.{part}": getattr(track, part) for part in kind.__dataclass_fields__}
    arrays |= {name: np.ascontiguousarray(arrays[name], np.float32).view(np.uint32) for name in _REALS}
    arrays["fingerprint"] = np.frombuffer(fingerprint_bytes(look.fingerprint), np.uint8)
    yield arrays_bytes({"thumbs": len(look.thumbs)}, arrays)
    for start in range(0, len(look.thumbs), RUN):
        run = look.thumbs[start : start + RUN]
        yield np.concatenate([run[:1], np.diff(run, axis=0)]).tobytes()


def look_in(pieces: Iterator[bytes]) -> Look:
    """The look that `look_pieces` wrote. Raises BadRecord for anything else."""
    head, arrays = parse_arrays(next(pieces, b""), NAME)
    thumbs = Stack()
    for piece in pieces:
        if len(piece) % (SIDE * SIDE):
            raise BadRecord(name=NAME, reason="a thumb is cut short")
        changes = np.frombuffer(piece, np.uint8).reshape(-1, SIDE, SIDE)
        thumbs.add(np.cumsum(changes, axis=0, dtype=np.uint8))
    whole = thumbs.whole()
    if len(whole) != head.get("thumbs"):
        raise BadRecord(name=NAME, reason=f"it has {len(whole)} thumbs of {head.get('thumbs')}")
    try:
        arrays |= {name: arrays[name].view(np.float32) for name in _REALS}
        tracks: dict[str, Any] = {
            name: kind(**{part: arrays[f"{name}.{part}"] for part in kind.__dataclass_fields__})
            for name, kind in _TRACKS.items()
        }
        own: dict[str, Any] = {name: arrays[name] for name in _OWN}
        return Look(parse_fingerprint(arrays["fingerprint"].data, NAME), thumbs=whole, **own, **tracks)
    except KeyError as error:
        raise BadRecord(name=NAME, reason=f"it lacks {error}") from error
