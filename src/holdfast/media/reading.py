"""Opening a file that may be broken or hostile, and getting every packet out of it that will come.

Rules:
1. Nothing leads out of the file. Playlists, session descriptions and scripts would make FFmpeg open other files or
   addresses; a picture of text would be made of any text, and karaoke of any bytes. Their demuxers are not admitted, no
   protocol but `file` is.
2. An error in the middle is not the end: the demuxer is asked to go on, until ten errors come in a row.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from av.container import InputContainer
    from av.packet import Packet
    from av.stream import Stream

# What PyAV raises, besides FFmpeg's own errors, for values that no sound file holds.
DAMAGE = (ValueError, OverflowError, RuntimeError, ZeroDivisionError)
_REFUSED = frozenset(
    {
        *("hls", "applehttp", "dash", "webm_dash_manifest", "concat", "concatf", "imf", "sdp", "rtsp", "rtp", "sap"),
        *("avisynth", "vapoursynth", "lavfi", "image2", "image2pipe", "ffmetadata"),
        *("tty", "bin", "adf", "idf", "xbin", "txd"),
        "cdg",  # it has no header: bytes that are all 9 become ten minutes of 300 pictures a second
    }
)
_FRUITLESS = 10
_PICTURES = (
    (0, b"\xff\xd8\xff", "jpeg_pipe"),
    (0, b"\x89PNG\r\n\x1a\n", "png_pipe"),
    (8, b"WEBP", "webp_pipe"),
    (0, b"BM", "bmp_pipe"),
    (0, b"II*\0", "tiff_pipe"),
    (0, b"MM\0*", "tiff_pipe"),
)


def open_for_reading(path: Path) -> InputContainer:
    """The file, opened by FFmpeg. Raises av's FFmpegError, or one of `DAMAGE`, if it finds no film in it."""
    import av

    # The prefix keeps a name such as `concat:a|b` or `data:...` from being read as a protocol.
    return av.open(
        f"file:{path.absolute()}",
        metadata_errors="replace",
        options={"protocol_whitelist": "file", "format_whitelist": _admitted()},
    )


def open_film_or_picture(path: Path) -> InputContainer:
    """As `open_for_reading`; a picture is a film of one frame. Only its own bytes say that it is one.

    (FFmpeg's reader for pictures, `image2`, makes patterns of file names, and so is not admitted.)
    """
    import av
    from av.error import FFmpegError

    try:
        return open_for_reading(path)
    except (FFmpegError, *DAMAGE):
        with path.open("rb") as stream:
            head = stream.read(16)
        named = next((name for at, mark, name in _PICTURES if head[at:].startswith(mark)), None)
        if named is None:
            raise
        options = {"protocol_whitelist": "file", "format_whitelist": named}
        return av.open(f"file:{path.absolute()}", format=named, options=options)


def packets_of(
    container: InputContainer, *streams: Stream, note: Callable[[Fraction | None], None] | None = None
) -> Iterator[Packet[Any]]:
    """All packets that come out, of the given streams or of all; each stream ends with a packet of nothing.

    `note` is told of every error, with the last decoding time (s) before it.
    """
    from av.error import FFmpegError

    fruitless = 0
    last: Packet[Any] | None = None
    while fruitless < _FRUITLESS:
        try:
            for packet in container.demux(*streams):
                fruitless = 0
                last = packet
                yield packet
        except (FFmpegError, *DAMAGE):
            fruitless += 1
            if note:
                note(last.dts * last.time_base if last and last.dts is not None else None)
        else:
            return


@cache
def _admitted() -> str:
    import av

    return ",".join(sorted(av.formats_available - _REFUSED))
