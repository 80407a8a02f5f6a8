"""The pictures of a film at the moments that somebody asks for, upright, as arrays; read once, forward.

    with Frames(path) as film:
        for picture in film.at(times):    # ascending, seconds since the beginning of the film
            picture.pixels                # (h, w, 3) uint8 RGB, or None where the film shows nothing

The rules:
- times are those of `Master`, the same as in fingerprints, whatever the container claims: the film is decoded from its
  beginning up to the last moment asked for;
- a moment is shown by the frame that began last; before the first frame there is none, after the end of the last
  there is none;
- a frame that several moments ask for is converted once;
- no frame is kept but the one in hand, so that memory does not grow with the film.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np
from av.error import FFmpegError
from av.video.reformatter import Interpolation
from numpy.typing import NDArray

from holdfast.media.decode import Master, Picture
from holdfast.media.fields import Weave
from holdfast.media.ladder import shown_size
from holdfast.media.picture import turn_of
from holdfast.media.reading import DAMAGE
from holdfast.media.write import EXACT

Pixels = NDArray[np.uint8]


@dataclass(frozen=True)
class Shown:
    """What a film shows at a moment. `start` is when that frame began, `number` which one it is, from 0.

    `pixels` (h, w, 3) uint8 RGB in square pixels; None where nothing is shown, or what is cannot be converted.
    """

    time: Fraction
    pixels: Pixels | None
    start: Fraction | None = None
    number: int = -1


class Frames:
    """A film that is asked for its pictures, forward. `rate` is what its container says, `size` what it last showed.

    `longer_side` makes them smaller while they are converted, which is cheaper than afterwards. `deinterlace` makes
    interlaced ones whole. `reached` hears the time of every picture that is passed, shown or not; it may raise to stop.

    Raises:
        SourceMissing: the path cannot be read.
    """

    def __init__(
        self,
        path: Path,
        *,
        longer_side: int | None = None,
        deinterlace: bool = False,
        reached: Callable[[Fraction], None] | None = None,
    ) -> None:
        self._master = Master(path, sounds=False)
        self._longer_side = longer_side
        self._reached = reached
        self._held: Picture | None = None
        self._number = -1
        self._pixels: Pixels | None = None
        self._is_converted = False
        self._coming = self._pictures(deinterlace=deinterlace)
        self._next = next(self._coming, None)
        self.size = (0, 0)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._coming.close()
        self._master.__exit__(kind, error, trace)

    @property
    def rate(self) -> Fraction:
        """Pictures a second, as far as the container knows."""
        return self._master.frame_rate

    @property
    def warnings(self) -> tuple[str, ...]:
        """What could not be decoded so far."""
        return self._master.warnings

    def at(self, times: Iterable[Fraction]) -> Iterator[Shown]:
        """What is shown at each of `times`, which must ascend, also from one call to the next."""
        for time in times:
            while self._next is not None and self._next.time <= time:
                self._step(self._next)
            held = self._held
            if held is None or (self._next is None and time >= held.time + held.length):
                yield Shown(time, None)
            else:
                yield Shown(time, self._converted(held), held.time, self._number)

    def first(self) -> Shown | None:
        """The first picture that can be shown, whenever it begins; None if there is none.

        To be asked before any moment is. What comes before it cannot be shown, and is passed.
        """
        while (coming := self._next) is not None:
            pixels = upright(coming, self._master.pixel_aspect, self._longer_side)
            if pixels is not None:
                self.size = (pixels.shape[1], pixels.shape[0])
                return Shown(coming.time, pixels, coming.time, self._number + 1)
            self._step(coming)
        return None

    def _step(self, coming: Picture) -> None:
        self._held, self._is_converted = coming, False
        self._number += 1
        if self._reached is not None:
            self._reached(coming.time)
        self._next = next(self._coming, None)

    def _pictures(self, *, deinterlace: bool) -> Generator[Picture, None, None]:
        pictures = (moment for moment in self._master.moments() if isinstance(moment, Picture))
        yield from Weave(self._master.field_order).undone(pictures) if deinterlace else pictures

    def _converted(self, held: Picture) -> Pixels | None:
        if not self._is_converted:
            self._is_converted = True
            self._pixels = upright(held, self._master.pixel_aspect, self._longer_side)
            if self._pixels is not None:
                self.size = (self._pixels.shape[1], self._pixels.shape[0])
        return self._pixels


def upright(picture: Picture, aspect: Fraction, longer_side: int | None = None) -> Pixels | None:
    """The picture in RGB (h, w, 3), square pixels, turned as the film asks; None if it cannot be converted."""
    frame, turn = picture.frame, turn_of(picture.frame)
    wide, high = shown_size(frame.width, frame.height, aspect, is_turned=False)
    if longer_side is not None and max(wide, high) > longer_side:
        scale = Fraction(longer_side) / max(wide, high)
        wide, high = wide * scale, high * scale
    try:
        converted = frame.reformat(
            width=max(1, round(wide)),
            height=max(1, round(high)),
            format="rgb24",
            interpolation=Interpolation.AREA | Interpolation.ACCURATE_RND if longer_side is not None else EXACT,
        )
        pixels: Pixels = np.asarray(converted.to_ndarray(), np.uint8)
    except (FFmpegError, ValueError, *DAMAGE):
        return None
    if turn.is_transposed:
        pixels = pixels.transpose(1, 0, 2)
    if turn.is_mirrored:
        pixels = pixels[:, ::-1]
    if turn.is_flipped:
        pixels = pixels[::-1]
    return np.ascontiguousarray(pixels)
