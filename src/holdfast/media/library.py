"""The one door to FFmpeg: says plainly when the optional part is not installed, and how x264 is to be held."""

from __future__ import annotations

import platform

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


def steady_x264(*more: str) -> str:
    """What `x264-params` must say so that the same pictures always become the same bytes, with `more` behind it.

    x264 (core 165, as in PyAV 18) reads memory that it never wrote where it spreads macroblock-tree costs by AVX-512:
    a film of 25 small frames came out in five versions of 40, and in one without AVX-512 or without that tree. The
    tree is worth more than the instructions.
    """
    x86 = platform.machine().lower() in ("x86_64", "amd64")
    return ":".join([*(["asm=MMX2,SSE2Fast,SSSE3,SSE4.2,AVX,AVX2"] if x86 else []), *filter(None, more)])
