"""What a file's own tags say of its making: when, with what, where. Pure: dictionaries in, words out.

Every camera and program spells its tags in its own way; the lists below are searched in order, the more telling
spelling first. Keys are compared without regard to case, and a language after the key (`location-eng`) is ignored.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

MOST_TAGS = 200
LONGEST_TAG = 4096

_RECORDED = (
    "com.apple.quicktime.creationdate",
    "date_recorded",
    "date_digitized",
    "creation_time",
    "icrd",
    "idit",
    "date",
)
_MAKER = ("com.apple.quicktime.make", "com.android.manufacturer", "make", "manufacturer", "maker")
_MODEL = ("com.apple.quicktime.model", "com.android.model", "model", "device", "product")
_SOFTWARE = (
    "com.apple.quicktime.software",
    "software",
    "writing_application",
    "encoding_tool",
    "encoder",
    "isft",
)
_LOCATION = ("com.apple.quicktime.location.iso6709", "location")
_ISO_6709 = re.compile(r"[+-]\d{2,6}(?:\.\d+)?[+-]\d{3,7}(?:\.\d+)?(?:[+-]\d+(?:\.\d+)?)?(?:CRS[^/]*)?/?")
# Clocks that were never set: the epochs of QuickTime and of Unix.
_UNSET_CLOCKS = ("1904-01-01", "1970-01-01", "0000")


def gathered(
    container: Mapping[str, str], tracks: Iterable[tuple[int, Mapping[str, str]]]
) -> tuple[dict[str, str], bool]:
    """All tags in one dictionary, those of a track under `index:key`, and whether some had to be left out or cut."""
    tags: dict[str, str] = {}
    is_cut = False
    named = [*container.items(), *((f"{index}:{key}", value) for index, own in tracks for key, value in own.items())]
    for key, value in named:
        clean, name = _printable(value), _printable(key)[:LONGEST_TAG]
        if not name or not clean:
            continue
        if len(tags) == MOST_TAGS:
            return tags, True
        is_cut |= len(clean) > LONGEST_TAG
        tags[name] = clean[:LONGEST_TAG]
    return tags, is_cut


def recorded_at(tags: Mapping[str, str]) -> str:
    """When it was recorded, as the file spells it; empty if nobody set the clock."""
    moments = (value for key in _RECORDED for value in _all(tags, key))
    return next((moment for moment in moments if not moment.startswith(_UNSET_CLOCKS)), "")


def device(tags: Mapping[str, str]) -> str:
    """Maker and model of the camera or phone."""
    maker, model = _first(tags, _MAKER), _first(tags, _MODEL)
    return model if maker and model.lower().startswith(maker.lower()) else f"{maker} {model}".strip()


def software(tags: Mapping[str, str]) -> str:
    """The program that wrote the file, or failing that its encoder."""
    # MP4 tracks name their kind of coding under the same key ("AVC Coding"); a program has a version.
    named = (value for key in _SOFTWARE for value in _all(tags, key))
    return next((value for value in named if any(character.isdigit() for character in value)), "")


def location(tags: Mapping[str, str]) -> str:
    """Where it was made, ISO 6709 text; empty if no tag holds such text."""
    texts = (value for key in _LOCATION for value in _all(tags, key))
    return next((text for text in texts if _ISO_6709.fullmatch(text)), "")


def timecode(tags: Mapping[str, str]) -> str:
    """The timecode of the first picture (`10:00:00:00`, `;` before the frames when frames are dropped)."""
    return _first(tags, ("timecode",))


def _first(tags: Mapping[str, str], keys: Iterable[str]) -> str:
    return next((value for key in keys for value in _all(tags, key)), "")


def _all(tags: Mapping[str, str], wanted: str) -> list[str]:
    """The values of a key, the container's own before those of tracks."""
    found = []
    for key, value in tags.items():
        track, _, own = key.rpartition(":")
        if own.lower() == wanted or own.lower().startswith(f"{wanted}-"):
            found.append((bool(track), value))
    return [value for _, value in sorted(found, key=lambda pair: pair[0])]


def _printable(text: str) -> str:
    """Without control characters, which Pascal strings of old QuickTime leave at the front, and lone surrogates."""
    clean = text.encode("utf-8", "replace").decode("utf-8")
    return "".join(character for character in clean if character.isprintable() or character in "\n\t").strip()
