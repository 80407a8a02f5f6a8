"""The one door to FFmpeg: says plainly when the optional part is not installed."""

from __future__ import annotations

from holdfast.errors import ExtraMissing


def need_media(deed: str) -> None:
    """Make sure that what `media` is built on can be imported. `deed` begins the sentence: `Probing a film`.

    Raises:
        ExtraMissing: PyAV or numpy is not installed.
    """
    try:
        import av  # noqa: F401
        import numpy as np  # noqa: F401
    except ImportError as error:
        raise ExtraMissing(deed=deed, extra="media", missing=error.name or "av") from error


def media_version() -> str | None:
    """The version of PyAV; None if the optional part is not installed."""
    try:
        need_media("")
    except ExtraMissing:
        return None
    import av

    return av.__version__
