"""Technical metadata as plain JSON and back: the `technical` part of a record, and what crosses to other programs.

Exact numbers are strings (`30000/1001`), what has its default is left out, unknown fields stay (see `formats/plain`).
"""

from __future__ import annotations

from typing import Any, cast

from holdfast.formats.plain import from_plain, to_plain
from holdfast.model.technical import MediaInfo


def technical_to_plain(info: MediaInfo) -> dict[str, Any]:
    """`info` as a JSON object."""
    return cast(dict[str, Any], to_plain(info))


def technical_from_plain(plain: Any, name: str = "technical metadata") -> MediaInfo:
    """The value that `technical_to_plain` wrote. Raises BadRecord with the place that does not fit."""
    return cast(MediaInfo, from_plain(MediaInfo, plain, name))
