"""The fingerprint of a film: bytes to model and back. Format `holdfast-fingerprint-2`, files `*.hffp`.

A file of named arrays (`formats.arrays`); its head holds what is no array, and how times are written
(`formats.timecode`). The first format, in which landmarks had their times plain, is read as well. What a reader does
not know, in the head or among the arrays, is kept in `extra` and written again. Everything is checked when it is read:
a fingerprint may come from a stranger.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from holdfast.errors import BadRecord
from holdfast.formats.arrays import Buffer, arrays_chunks, is_count, parse_arrays, read_head
from holdfast.formats.canonical import printable
from holdfast.formats.timecode import check_times, pack_times, unpack_times
from holdfast.model.fingerprint import (
    FINGERPRINT_FORMAT,
    Fingerprint,
    FrameTrack,
    PictureTrack,
    PointTrack,
    SoundTrack,
    Still,
)
from holdfast.model.time import parse_ratio, ratio

FINGERPRINT_SUFFIX = ".hffp"
UNKNOWN_ARRAYS = "arrays"  # in `extra`: arrays that this program does not know, by name

_BEFORE = "holdfast-fingerprint-1"
_PLAIN_BEFORE = "sounds.times"  # an array of int32 then
_TIMES = ("pictures.times", "frames.times", "points.times", "sounds.times")
# name: dtype, shape of one row
_ARRAYS: dict[str, tuple[type[np.generic], tuple[int, ...]]] = {
    "pictures.hashes": (np.uint64, (4,)),
    "pictures.views": (np.uint8, ()),
    "pictures.quality": (np.uint8, ()),
    "frames.activity": (np.uint8, ()),
    "frames.cuts": (np.int32, ()),
    "points.starts": (np.int32, ()),
    "points.places": (np.uint16, (2,)),
    "points.sizes": (np.uint8, ()),
    "points.angles": (np.uint8, ()),
    "points.bits": (np.uint64, (2,)),
    "sounds.keys": (np.uint32, ()),
    "sounds.heard": (np.int64, (2,)),
    "stills.times": (np.int64, ()),
    "stills.ends": (np.int64, ()),
    "stills.jpegs": (np.uint8, ()),
}
_LARGEST_PX = 1 << 24
_HEAD = ("format", "duration", "size", "mode", "digest", "warnings", "times")


def fingerprint_bytes(fingerprint: Fingerprint) -> bytes:
    """The file of a fingerprint; the same one always gives the same bytes. Raises as `fingerprint_chunks`."""
    return b"".join(fingerprint_chunks(fingerprint))


def fingerprint_chunks(fingerprint: Fingerprint) -> Iterator[Buffer]:
    """The file piece by piece: that of ten hours need not be in memory as a whole.

    Raises:
        ValueError: at once, it is not a fingerprint as `model.fingerprint` describes it: times fall, tracks are of
            unequal length, starts point beyond the points.
    """
    arrays = {name: array for name, array in _arrays_of(fingerprint) if len(array)}
    _check(fingerprint)
    times: dict[str, Any] = {}
    for name in _TIMES:
        track, _ = name.split(".")
        times[name], numbers = pack_times(getattr(fingerprint, track).times)
        if numbers is not None:
            arrays[name] = numbers
    unknown = dict(fingerprint.extra)
    arrays = {**unknown.pop(UNKNOWN_ARRAYS, {}), **arrays}
    head = {
        "format": FINGERPRINT_FORMAT,
        "duration": ratio(fingerprint.duration),
        "size": list(fingerprint.size),
        "mode": fingerprint.mode,
        "digest": fingerprint.digest,
        "warnings": [printable(text) for text in fingerprint.warnings],
        "times": times,
    }
    return arrays_chunks({**unknown, **head}, arrays)


def parse_fingerprint(data: Buffer, name: str = "fingerprint", *, is_checked: bool = True) -> Fingerprint:
    """The fingerprint in `data`. Its arrays are views of `data` and keep it alive; only times are made anew.

    Args:
        data: the bytes of the file, or a mapped file.
        name: what errors call it.
        is_checked: compare the checksums, and how far it reaches with how much it holds; not needed where something
            else has checked the bytes.

    Raises:
        BadRecord: it is no fingerprint, or says what no fingerprint can say.
    """
    head, arrays = parse_arrays(data, name, is_checked=is_checked)
    _check_format(head, name)
    try:
        found = _fingerprint(head, arrays)
        _check(found)
    except ValueError as error:
        raise BadRecord(name=name, reason=str(error)) from error
    if is_checked and found.reaches_beyond_reason():
        raise BadRecord(name=name, reason="its times or its duration reach beyond what it can tell of")
    return found


def read_recipe(stream: BinaryIO, name: str = "fingerprint") -> int:
    """How the fingerprint that `stream` reads was made (see `Fingerprint.recipe`); only its head is read.

    Raises:
        BadRecord: it is no fingerprint, or is cut short. Whether its numbers are right is not looked at.
    """
    head = read_head(stream, name)
    _check_format(head, name)
    return Fingerprint(Fraction(0), (0, 0), extra=head).recipe


def without_stills(fingerprint: Fingerprint) -> Fingerprint:
    """All of it but the pictures for people: nothing is known again by them."""
    return replace(fingerprint, stills=())


def without_tracks(fingerprint: Fingerprint) -> Fingerprint:
    """All of it but pictures, points and landmarks: what an index need not look through."""
    silent = replace(SoundTrack.empty(), heard=fingerprint.sounds.heard)
    return replace(fingerprint, pictures=PictureTrack.empty(), points=PointTrack.empty(), sounds=silent)


# ------------------------------------------------------------------------------------------------------ private


def _check_format(head: Mapping[str, Any], name: str) -> None:
    if head.get("format") not in (FINGERPRINT_FORMAT, _BEFORE):
        raise BadRecord(name=name, reason=f"its format is {head.get('format')!r}, expected {FINGERPRINT_FORMAT!r}")


def _arrays_of(fingerprint: Fingerprint) -> Iterator[tuple[str, NDArray[Any]]]:
    jpegs = [still.jpeg for still in fingerprint.stills]
    stills: dict[str, NDArray[Any]] = {
        "times": np.array([still.time_us for still in fingerprint.stills], np.int64),
        "ends": np.cumsum([len(jpeg) for jpeg in jpegs], dtype=np.int64),
        "jpegs": np.frombuffer(b"".join(jpegs), np.uint8),
    }
    for name, (dtype, row) in _ARRAYS.items():
        track, part = name.split(".")
        array: NDArray[Any] = stills[part] if track == "stills" else getattr(getattr(fingerprint, track), part)
        if array.dtype != dtype or array.shape[1:] != row:
            raise ValueError(f"{name} is {array.dtype} {array.shape}, expected {np.dtype(dtype)} (n, {row})")
        if track != "stills" or fingerprint.stills:
            yield name, array


def _fingerprint(head: dict[str, Any], arrays: dict[str, NDArray[Any]]) -> Fingerprint:
    known = {name: _known(arrays, name) for name in _ARRAYS}
    if not len(known["points.starts"]):
        known["points.starts"] = np.zeros(1, np.int32)
    counts = {
        "pictures.times": len(known["pictures.views"]),
        "frames.times": len(known["frames.activity"]),
        "points.times": len(known["points.starts"]) - 1,
        "sounds.times": len(known["sounds.keys"]),
    }
    times = _expect(head.get("times"), dict, "times")
    for name, count in counts.items():
        if head["format"] == _BEFORE and name == _PLAIN_BEFORE:
            known[name] = _of_kind(arrays.get(name), name, np.int32, ())
        else:
            known[name] = unpack_times(times.get(name), arrays.get(name), count)
    known["sounds.times"] = _hops(known["sounds.times"])
    duration, size = _expect(head.get("duration"), str, "duration"), _expect(head.get("size"), list, "size")
    if len(size) != 2 or not all(is_count(n) for n in size):
        raise ValueError(f"size is {str(size)[:80]}, expected width and height")
    extra = {key: value for key, value in head.items() if key not in _HEAD}
    unknown = {name: array for name, array in arrays.items() if name not in _ARRAYS and name not in _TIMES}
    return Fingerprint(
        duration=parse_ratio(duration),
        size=(size[0], size[1]),
        mode=_expect(head.get("mode"), str, "mode"),
        digest=_expect(head.get("digest"), str, "digest"),
        pictures=PictureTrack(**_track(known, "pictures")),
        frames=FrameTrack(**_track(known, "frames")),
        points=PointTrack(**_track(known, "points")),
        sounds=SoundTrack(**_track(known, "sounds")),
        stills=tuple(_stills(**_track(known, "stills"))),
        warnings=tuple(_expect(text, str, "a warning") for text in _expect(head.get("warnings"), list, "warnings")),
        extra={**extra, UNKNOWN_ARRAYS: unknown} if unknown else extra,
    )


def _hops(times: NDArray[Any]) -> NDArray[np.int32]:
    if len(times) and int(times[-1]) > np.iinfo(np.int32).max:
        raise ValueError("landmarks beyond all bounds")
    return times.astype(np.int32, copy=False)


def _known(arrays: Mapping[str, NDArray[Any]], name: str) -> NDArray[Any]:
    return _of_kind(arrays.get(name), name, *_ARRAYS[name])


def _of_kind(array: NDArray[Any] | None, name: str, dtype: type[np.generic], row: tuple[int, ...]) -> NDArray[Any]:
    if array is None:
        return np.empty((0, *row), dtype)
    if array.dtype != dtype or array.ndim != 1 + len(row) or array.shape[1:] != row:
        raise ValueError(f"{name} is {array.dtype} {array.shape}, expected {np.dtype(dtype)} (n, {row})")
    return array


def _track(known: Mapping[str, NDArray[Any]], track: str) -> dict[str, Any]:
    return {name.split(".")[1]: array for name, array in known.items() if name.startswith(track + ".")}


def _stills(times: NDArray[Any], ends: NDArray[Any], jpegs: NDArray[Any]) -> Iterator[Still]:
    if len(times) != len(ends) or (int(ends[-1]) if len(ends) else 0) != len(jpegs):
        raise ValueError("the stills do not end where their pictures do")
    check_times(ends)
    start = 0
    for time_us, end in zip(times.tolist(), ends.tolist(), strict=True):
        yield Still(time_us, jpegs[start:end].tobytes())
        start = end


def _check(found: Fingerprint) -> None:
    """Raises ValueError where the tracks contradict themselves, so that whoever reads them may rely on them."""
    pictures, frames, points, sounds = found.pictures, found.frames, found.points, found.sounds
    _same_length("pictures", pictures.times, pictures.hashes, pictures.views, pictures.quality)
    _same_length("frames", frames.times, frames.activity)
    _same_length("points", points.places, points.sizes, points.angles, points.bits)
    _same_length("frames with points", points.times, points.starts[1:])
    _same_length("sounds", sounds.keys, sounds.times)
    for times in (pictures.times, frames.times, points.times, sounds.times, points.starts, frames.cuts):
        check_times(times)
    if not len(points.starts) or points.starts[0] != 0 or points.starts[-1] != len(points.bits):
        raise ValueError("the starts of the points do not reach from the first point to the last")
    if len(frames.cuts) and not 0 < frames.cuts[0] <= frames.cuts[-1] < len(frames):
        raise ValueError("a cut lies at a frame that is not there")
    if (sounds.heard < 0).any() or (sounds.heard[:, 0] > sounds.heard[:, 1]).any():
        raise ValueError("a stretch that was heard ends before it begins")
    if any(still.time_us < 0 for still in found.stills) or found.duration < 0 or min(found.size) < 0:
        raise ValueError("a negative time or size")
    if max(found.size) > _LARGEST_PX:
        raise ValueError(f"a picture of {found.size[0]} by {found.size[1]}")


def _same_length(what: str, *arrays: NDArray[Any]) -> None:
    if len({len(array) for array in arrays}) > 1:
        raise ValueError(f"the arrays of the {what} are not equally long")


def _expect(value: Any, kind: type, what: str) -> Any:
    if not isinstance(value, kind):
        raise ValueError(f"{what} is {str(value)[:80]}")  # noqa: TRY004 - told of the file, as BadRecord
    return value
