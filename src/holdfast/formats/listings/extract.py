"""What one listing says of one work, as a small file: kept as evidence where the listing itself is too large.

    {"file": "channel.csv", "sha512": "…", "places": [{"place": "line 12"}], "said": {"titles": […], …}}

`said` has the fields of a record, each value with the places of the listing that state it. The digest tells which
listing it was, for whoever still has it. The same listing and work give the same bytes.
"""

from __future__ import annotations

from typing import Any

from holdfast.formats.canonical import canonical_json
from holdfast.formats.plain import to_plain
from holdfast.model.fixity import Digest
from holdfast.model.lost import LostWork, Origin, Supported, Thumbnail

EXTRACT_SUFFIX = ".extract.json"
_FIELDS = ("titles", "durations", "dates", "descriptions", "people", "publications", "chapters")


def extract_bytes(work: LostWork, listing: Digest) -> bytes:
    """The file: what the listing with this digest says of `work`.

    Raises:
        ValueError: it says nothing of it.
    """
    origins = [origin for origin in work.origins if origin.digest == listing]
    if not origins:
        raise ValueError(f"no listing {listing} names {work.title}")
    said: dict[str, Any] = {name: _stated(getattr(work, name), listing) for name in _FIELDS}
    said["thumbnails"] = _stated(work.thumbnails, listing)
    return canonical_json(
        {
            "file": to_plain(origins[0].file),
            "sha512": str(listing),
            "places": [_place(origin) for origin in dict.fromkeys(origins)],
            "said": {name: values for name, values in said.items() if values},
        }
    )


def _stated(values: tuple[Supported[Any], ...], listing: Digest) -> list[dict[str, Any]]:
    found = []
    for one in values:
        places = [origin.place for origin in one.origins if origin.digest == listing]
        if places:
            found.append({"value": _value(one.value), "places": to_plain(tuple(dict.fromkeys(places)))})
    return found


def _value(value: Any) -> Any:
    """A thumbnail by its address and size: its bytes, where the listing held them, are kept as a file of their own."""
    if isinstance(value, Thumbnail):
        return {"address": to_plain(value.address), "width": value.width, "height": value.height}
    return to_plain(value)


def _place(origin: Origin) -> dict[str, Any]:
    captured = {} if origin.captured_at is None else {"captured_at": to_plain(origin.captured_at)}
    return {"place": to_plain(origin.place), **captured}
