"""Pictures of a film at chosen moments, upright and in their true shape, as small JPEG files for people."""

from __future__ import annotations

import io
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

from av.error import FFmpegError
from PIL import Image

from holdfast.media.decode import Master, Picture
from holdfast.media.ladder import shown_size
from holdfast.media.picture import turn_of
from holdfast.media.reading import DAMAGE

LONGER_SIDE = 400


def pictures_at(path: Path, times: Sequence[Fraction], *, longer_side: int = LONGER_SIDE) -> list[bytes]:
    """The picture that is shown at each of `times` (seconds), as JPEG; empty bytes where there is none.

    The film is decoded from its beginning, up to the last of the moments: only so are times what they are in
    fingerprints, whatever its container claims.

    Raises:
        SourceMissing: the path cannot be read.
    """
    found = [b""] * len(times)
    waiting = sorted(range(len(times)), key=lambda n: times[n])
    with Master(path, sounds=False) as master:
        held: Picture | None = None
        for moment in master.moments():
            if not isinstance(moment, Picture):
                continue
            while waiting and held is not None and moment.time > times[waiting[0]]:
                _fill(found, waiting, times, held, master.pixel_aspect, longer_side)
            if not waiting:
                return found
            held = moment
        while waiting and held is not None:  # moments at the very end
            _fill(found, waiting, times, held, master.pixel_aspect, longer_side)
    return found


def _fill(
    found: list[bytes], waiting: list[int], times: Sequence[Fraction], held: Picture, aspect: Fraction, longer_side: int
) -> None:
    """Put the held picture where the next moment, and every other of the same time, waits for one."""
    jpeg = _jpeg(held, aspect, longer_side)
    time = times[waiting[0]]
    while waiting and times[waiting[0]] == time:
        found[waiting.pop(0)] = jpeg


def _jpeg(picture: Picture, aspect: Fraction, longer_side: int) -> bytes:
    try:
        image = Image.fromarray(picture.frame.to_ndarray(format="rgb24"))
        turn = turn_of(picture.frame)
        if turn.is_transposed:
            image = image.transpose(Image.Transpose.TRANSPOSE)
        if turn.is_mirrored:
            image = image.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
        if turn.is_flipped:
            image = image.transpose(Image.Transpose.FLIP_TOP_BOTTOM)
        frame = picture.frame
        wide, high = shown_size(frame.width, frame.height, aspect, is_turned=turn.is_transposed)
        scale = min(Fraction(1), Fraction(longer_side) / max(wide, high))
        image = image.resize((max(1, round(wide * scale)), max(1, round(high * scale))), Image.Resampling.LANCZOS)
        out = io.BytesIO()
        image.convert("RGB").save(out, "JPEG", quality=82, optimize=True)
    except (FFmpegError, OSError, *DAMAGE):
        return b""
    return out.getvalue()
