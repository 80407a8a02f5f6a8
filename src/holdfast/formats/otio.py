"""An edit list as OpenTimelineIO JSON: every editor can open it, and it comes back as exactly what it was.

A timeline with two tracks, `picture` and `sound`. Each has one child for every edit, in order: a clip that names its
source, or a gap. What editors understand stands in their own fields: the name of the source's file, the time range,
another speed as a LinearTimeWarp. What they have no field for, and every exact number, stands in `metadata.holdfast`.

    {"OTIO_SCHEMA": "Clip.2", "name": "harvest-tape.mp4",
     "source_range": {"OTIO_SCHEMA": "TimeRange.1", "start_time": {"value": 300.0, "rate": 25.0, ...}, "duration": ...},
     "media_references": {"DEFAULT_MEDIA": {"OTIO_SCHEMA": "ExternalReference.1",
                                            "target_url": "harvest-tape.mp4", ...}},
     "metadata": {"holdfast": {"asset": ["0", "380"], "confidence": 0.998, "takes": [{"source": "0f1e...", ...}]}}}

Times of a film do not always lie on frames of the timeline, so its `value`s may have fractions; the exact numbers in
the metadata are the ones that are read. As in OpenTimelineIO's own adapters, `duration` of a clip is the time that it
takes on the track: with a LinearTimeWarp, `time_scalar` times as much of the source is played in it.

Source: the OpenTimelineIO file format specification, and what version 0.18 of its library writes.
"""

from __future__ import annotations

from base64 import urlsafe_b64encode
from collections import Counter
from fractions import Fraction
from string import ascii_letters, digits
from typing import Any

from holdfast.errors import BadRecord
from holdfast.formats.canonical import canonical_json, parse_json, printable
from holdfast.formats.takes import exact, exact_span, expect, parse_span, parse_take, take_record
from holdfast.model.edit import Edit, EditList, Take
from holdfast.model.fixity import Digest
from holdfast.model.time import Span, ratio

EDIT_LIST_FORMAT = "holdfast-edit-list-1"
OTIO_SUFFIX = ".otio"
PICTURE, SOUND = "picture", "sound"

_UNRESERVED = frozenset(f"{ascii_letters}{digits}-._~".encode("ascii"))
_KINDS = {PICTURE: "Video", SOUND: "Audio"}
_NO_FRAMES_RATE = Fraction(1000)  # of a work without a picture: times are written in milliseconds
_MEDIA = "DEFAULT_MEDIA"


def otio_bytes(edits: EditList) -> bytes:
    """The file. The same edit list always gives the same bytes.

    Raises:
        ValueError: a source is not named by a sha512 digest, or a time is beyond what a number of JSON can hold.
    """
    rate = edits.frame_rate if edits.frame_rate > 0 else _NO_FRAMES_RATE
    addresses = target_addresses(edits)
    try:
        tracks = [_track(edits, part, rate, addresses) for part in _KINDS]
    except OverflowError as error:
        raise ValueError("a time is beyond all bounds") from error
    about = {
        "format": EDIT_LIST_FORMAT,
        "asset": edits.asset,
        "duration": ratio(edits.duration),
        "is_duration_known": edits.is_duration_known,
        "size": list(edits.size),
        "frame_rate": ratio(edits.frame_rate),
        "sources": {Digest(source).text: printable(name) for source, name in edits.sources.items()},
        "notes": [printable(note) for note in edits.notes],
    }
    stack = _object("Stack.1", "tracks", source_range=None, effects=[], markers=[], enabled=True, children=tracks)
    timeline = _object("Timeline.1", printable(edits.title), global_start_time=None, tracks=stack, about=about)
    return canonical_json(timeline)


def parse_otio(data: bytes, name: str = "edit list") -> EditList:
    """The edit list that `otio_bytes` wrote.

    Tracks, effects, markers, metadata and fields that other programs added are passed over.

    Raises:
        BadRecord: it is no OpenTimelineIO file, not of Holdfast, or of a later format; or another program has moved
            or trimmed something, so that it no longer says what its exact numbers say.
    """
    document = parse_json(data, name)
    try:
        return _edit_list(document)
    except (ValueError, OverflowError) as error:
        raise BadRecord(name=name, reason=printable(str(error))) from error


def target_addresses(edits: EditList) -> dict[str, str]:
    """Where an editor looks for each source: its file's name, beside the edit list, percent-encoded.

    If two sources have the same name, 8 characters of the digest stand before it; a source without a name is
    addressed by its digest (`named_information`).

    Raises:
        ValueError: a source is not named by a sha512 digest.
    """
    used = {take.source for edit in edits.edits for take in (*edit.picture, *edit.sound)} | set(edits.sources)
    names = {source: _file_name(edits.sources.get(source, "")) for source in used}
    often = Counter(name.casefold() for name in names.values())
    return {
        source: named_information(Digest(source))
        if not name
        else percent_encoded(name if often[name.casefold()] == 1 else f"{source[:8]}-{name}")
        for source, name in names.items()
    }


def named_information(digest: Digest) -> str:
    """The address of bytes by what they are: `ni:///sha-512;...`.

    Source: RFC 6920, section 3.
    """
    return f"ni:///sha-512;{urlsafe_b64encode(bytes.fromhex(digest.text)).decode('ascii').rstrip('=')}"


def percent_encoded(name: str) -> str:
    """One segment of an address: every byte of its UTF-8 that is not unreserved as `%20`.

    Source: RFC 3986, sections 2.1 and 2.3.
    """
    return "".join(chr(byte) if byte in _UNRESERVED else f"%{byte:02X}" for byte in name.encode("utf-8"))


# ----------------------------------------------------------------------------------------------------- writing


def _track(edits: EditList, part: str, rate: Fraction, addresses: dict[str, str]) -> dict[str, Any]:
    children = [_child(edit, getattr(edit, part), rate, edits.sources, addresses) for edit in edits.edits]
    return _object(
        "Track.1",
        part,
        kind=_KINDS[part],
        source_range=None,
        effects=[],
        markers=[],
        enabled=True,
        children=children,
        about={"part": part},
    )


def _child(
    edit: Edit, takes: tuple[Take, ...], rate: Fraction, names: dict[str, str], addresses: dict[str, str]
) -> dict[str, Any]:
    about: dict[str, Any] = {"asset": exact_span(edit.asset), "confidence": edit.confidence}
    if not takes:
        span = _time_range(Fraction(0), edit.asset.duration, rate)
        return _object("Gap.1", "", source_range=span, effects=[], markers=[], enabled=True, about=about)
    chosen = takes[0].placement
    reference = _object(
        "ExternalReference.1",
        "",
        target_url=addresses[chosen.source],
        available_range=None,
        available_image_bounds=None,
        about={"sha512": chosen.source, "uri": named_information(Digest(chosen.source))},
    )
    warps = [] if chosen.rate == 1 else [_warp(chosen.rate)]
    return _object(
        "Clip.2",
        printable(names.get(chosen.source, "")) or chosen.source[:12],
        source_range=_time_range(chosen.copy_time(edit.asset.start), edit.asset.duration, rate),
        effects=warps,
        markers=[],
        enabled=True,
        media_references={_MEDIA: reference},
        active_media_reference_key=_MEDIA,
        about={**about, "takes": [take_record(take) for take in takes]},
    )


def _warp(rate: Fraction) -> dict[str, Any]:
    speed = 1 / rate
    return _object(
        *("LinearTimeWarp.1", "speed"),
        effect_name="LinearTimeWarp",
        time_scalar=float(speed),
        enabled=True,
        about={"time_scalar": ratio(speed)},
    )


def _object(schema: str, name: str, *, about: dict[str, Any] | None = None, **fields: Any) -> dict[str, Any]:
    metadata = {"holdfast": about} if about else {}
    return {"OTIO_SCHEMA": schema, "name": name, "metadata": metadata, **fields}


def _time_range(start: Fraction, duration: Fraction, rate: Fraction) -> dict[str, Any]:
    times = {"start_time": _time(start, rate), "duration": _time(duration, rate)}
    return {"OTIO_SCHEMA": "TimeRange.1", **times}


def _time(time: Fraction, rate: Fraction) -> dict[str, Any]:
    return {"OTIO_SCHEMA": "RationalTime.1", "value": float(time * rate), "rate": float(rate)}


def _file_name(name: str) -> str:
    return printable(name).replace("\\", "/").rsplit("/", 1)[-1]


# ----------------------------------------------------------------------------------------------------- reading


def _edit_list(document: Any) -> EditList:
    schema = str(document.get("OTIO_SCHEMA")) if isinstance(document, dict) else "missing"
    if not schema.startswith("Timeline."):
        raise ValueError(f"it is no OpenTimelineIO timeline (its schema is {schema[:40]})")
    about = _about(document)
    if about.get("format") != EDIT_LIST_FORMAT:
        raise ValueError(f"its format is {str(about.get('format'))[:40]!r}, expected {EDIT_LIST_FORMAT!r}")
    stack = expect(document.get("tracks"), dict, "the stack of tracks")
    tracks = {
        str(_about(track).get("part")): expect(track.get("children"), list, "a track")
        for track in expect(stack.get("children"), list, "the tracks")
        if isinstance(track, dict)
    }
    if not tracks.keys() >= _KINDS.keys():
        raise ValueError(f"it lacks the track of {' and '.join(sorted(_KINDS.keys() - tracks.keys()))}")
    if len(tracks[PICTURE]) != len(tracks[SOUND]):
        raise ValueError("its two tracks have not the same number of clips: another program has changed it")
    size = expect(about.get("size"), list, "size")
    if len(size) != 2 or not all(type(n) is int and n >= 0 for n in size):
        raise ValueError(f"size is {str(size)[:40]}, expected width and height")
    frame_rate = exact(about.get("frame_rate"), "frame_rate")
    tolerance = 1 / frame_rate if frame_rate > 0 else 1 / _NO_FRAMES_RATE
    edits = [
        _edit(picture, sound, tolerance) for picture, sound in zip(*(tracks[part] for part in _KINDS), strict=True)
    ]
    sources = expect(about.get("sources"), dict, "sources")
    return EditList(
        asset=expect(about.get("asset"), str, "asset"),
        title=expect(document.get("name"), str, "the title"),
        duration=exact(about.get("duration"), "duration"),
        is_duration_known=expect(about.get("is_duration_known"), bool, "is_duration_known"),
        size=(size[0], size[1]),
        frame_rate=frame_rate,
        edits=tuple(edits),
        sources={Digest(key).text: expect(value, str, "the name of a source") for key, value in sources.items()},
        notes=tuple(expect(note, str, "a note") for note in expect(about.get("notes"), list, "notes")),
    )


def _about(item: Any) -> dict[str, Any]:
    metadata = item.get("metadata") if isinstance(item, dict) else None
    about = metadata.get("holdfast") if isinstance(metadata, dict) else None
    return about if isinstance(about, dict) else {}


def _edit(picture: Any, sound: Any, tolerance: Fraction) -> Edit:
    span = parse_span(_about(picture).get("asset"), "asset")
    if parse_span(_about(sound).get("asset"), "asset") != span:
        raise ValueError(f"sound and picture at {span.start} s are not of the same stretch")
    takes = {part: _takes(item) for part, item in ((PICTURE, picture), (SOUND, sound))}
    for item, part in ((picture, PICTURE), (sound, SOUND)):
        _check_unmoved(item, span, takes[part], tolerance)
    confidence = expect(_about(picture).get("confidence"), float, "confidence")
    return Edit(span, takes[PICTURE], takes[SOUND], confidence)


def _takes(item: Any) -> tuple[Take, ...]:
    return tuple(parse_take(take) for take in expect(_about(item).get("takes", []), list, "takes"))


def _check_unmoved(item: dict[str, Any], span: Span, takes: tuple[Take, ...], tolerance: Fraction) -> None:
    """Whether the fields that editors change still say, to a frame, what the exact numbers say."""
    source_range = expect(item.get("source_range"), dict, "a source range")
    start = takes[0].placement.copy_time(span.start) if takes else Fraction(0)
    for field, wanted in (("start_time", start), ("duration", span.duration)):
        time = expect(source_range.get(field), dict, field)
        value, rate = (Fraction(expect(time.get(key), float, f"{key} of a {field}")) for key in ("value", "rate"))
        found = value / rate if rate > 0 else Fraction(-1)
        # beyond 2 ** 53 a number of JSON itself is coarser than a frame
        if abs(found - wanted) > tolerance + abs(wanted) / 2**50:
            raise ValueError(
                f"the {field} of the clip at {float(span.start):.3f} s is {float(found):.3f} s, its exact number"
                f" {float(wanted):.3f} s: another program has changed it"
            )
