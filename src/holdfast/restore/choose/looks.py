"""What a copy shows of an asset, moment by moment, small enough to be laid beside what all others show there.

A copy is decoded once, forward, whatever stretches of it lie where; only the moments of `moments` are converted. Of
each remains one row of a `Looks`, about 250 kB:

    small    the whole picture, its longer side 256 at most, and its colours at half of that
    shown    which part of the asset's picture the copy shows
    patches  sixteen pieces of 64 x 64 at the full size, elsewhere at every moment: that is where detail is measured;
             of this frame and of the one after it, because two copies of one film rarely change frames together
    own      what can only be seen in the copy's own pixels: edges of blocks, combed fields, frames shown twice

Rows lie in a file that nobody else sees, so memory does not grow with the length of the copies. All copies are looked
at in the same moments and the same patches: what they show differently is the copies, not the film.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from types import TracebackType
from typing import Self

import cv2
import numpy as np
from numpy.typing import NDArray

from holdfast.media.frames import Frames, Shown
from holdfast.model.edit import Placement
from holdfast.restore.choose.grid import Grid
from holdfast.restore.choose.own import OwnFigures, own_figures
from holdfast.restore.geometry import held_upright, undone

Pixels = NDArray[np.uint8]

_SMALL = 256
_PATCH = 64
_ACROSS, _DOWN = 4, 4


@dataclass(frozen=True)
class Look:
    """What one placement shows at one moment.

    Of `small` (2, h, w) uint8 and `patches` (2, 16, side, side) uint8, brightness small and at full size, the first is
    the frame of the moment, the second the one after it. `colors` (h // 2, w // 2, 2) int16 are red and blue difference
    around 0, `shown` (h, w) bool is the part of the picture that is there, `is_whole` (16,) bool says which patches the
    copy shows wholly. `starts` are when the two frames begin, in seconds of the asset; both are the same frame where no
    next one is known. `number` counts the copy's frames.
    """

    moment: int
    small: Pixels
    colors: NDArray[np.int16]
    shown: NDArray[np.bool_]
    patches: Pixels
    is_whole: NDArray[np.bool_]
    starts: tuple[float, float]
    number: int
    own: OwnFigures


class Looks:
    """Looks of all placements, kept in a file without a name until the `with` ends."""

    def __init__(self, size: tuple[int, int]) -> None:
        self.size = size
        scale = min(1.0, _SMALL / max(size))
        self.small = (max(2, round(size[0] * scale / 2) * 2), max(2, round(size[1] * scale / 2) * 2))
        self.side = max(1, min(_PATCH, *size))
        wide, high = self.small
        self._row = np.dtype(
            [
                ("small", np.uint8, (2, high, wide)),
                ("colors", np.uint8, (high // 2, wide // 2, 2)),
                ("shown", np.bool_, (high, wide)),
                ("patches", np.uint8, (2, _ACROSS * _DOWN, self.side, self.side)),
                ("is_whole", np.bool_, (_ACROSS * _DOWN,)),
                ("starts", np.float64, (2,)),
                ("number", np.int64),
                ("own", np.float64, (len(OwnFigures._fields),)),
            ]
        )
        self._places: dict[tuple[int, int], int] = {}
        self._stack = ExitStack()
        self._file = self._stack.enter_context(tempfile.TemporaryFile(prefix="holdfast-"))  # noqa: SIM115 - closed with it

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    def at(self, moment: int, placements: Sequence[int]) -> dict[int, Look]:
        """What those of the placements show that show anything at this moment, by number."""
        found = {}
        for number in placements:
            if (number, moment) in self._places:
                found[number] = self._look(moment, self.row(number, moment))
        return found

    @property
    def row_bytes(self) -> int:
        """How long a row is."""
        return self._row.itemsize

    def moments_of(self, number: int) -> list[int]:
        """The moments at which this placement was looked at, in order."""
        return sorted(moment for mine, moment in self._places if mine == number)

    def row(self, number: int, moment: int) -> bytes:
        """What a placement shows at a moment, as it lies in the file; to be `put` in another of the same size."""
        self._file.seek(self._places[number, moment] * self._row.itemsize)
        return self._file.read(self._row.itemsize)

    def put(self, number: int, moment: int, row: bytes) -> None:
        """Take up a row. Raises ValueError if it has not the length of one."""
        if len(row) != self._row.itemsize:
            raise ValueError(f"a row has {self._row.itemsize} bytes, and this has {len(row)}")
        place = self._places.setdefault((number, moment), len(self._places))
        self._file.seek(place * self._row.itemsize)
        self._file.write(row)

    def watch(
        self,
        path: Path,
        placements: Sequence[tuple[int, Placement]],
        grid: Grid,
        on_moment: Callable[[Fraction], None],
    ) -> tuple[str, ...]:
        """Decode a copy once and keep what its placements (with their numbers) show; give what was damaged.

        `on_moment` hears how far in the copy it is, in seconds, and may raise to stop.

        Raises:
            SourceMissing: the path cannot be read.
        """
        wanted = sorted(
            (placement.copy_time(grid.moment(moment)), number, moment, placement)
            for number, placement in placements
            for moment in grid.moments_within(placement.asset)
        )
        with Frames(path) as film:
            step = 1 / film.rate
            times = sorted({time for time, *_ in wanted} | {time + step for time, *_ in wanted})
            pictures = _in_twos(film, times)
            held: tuple[Shown, Shown | None] | None = None
            for time, number, moment, placement in wanted:
                on_moment(time)
                while held is None or held[0].time < time:
                    held = next(pictures, None)
                    if held is None:
                        return film.warnings
                if held[0].pixels is not None:
                    self._keep(number, moment, placement, held[0], held[1], film.rate)
            return film.warnings

    def _keep(
        self, number: int, moment: int, placement: Placement, now: Shown, after: Shown | None, rate: Fraction
    ) -> None:
        assert now.pixels is not None
        assert now.start is not None
        row = np.zeros((), self._row)
        later = _later(now, after)
        picture, mask = undone(now.pixels, placement, self.size)
        luma, red, blue = cv2.split(cv2.cvtColor(picture, cv2.COLOR_RGB2YCrCb))
        half = (self.small[0] // 2, self.small[1] // 2)
        row["colors"] = np.stack([cv2.resize(each, half, interpolation=cv2.INTER_AREA) for each in (red, blue)], -1)
        row["shown"] = cv2.resize(mask, self.small, interpolation=cv2.INTER_AREA) == 255
        lumas = [luma, luma]
        starts = [now.start, now.start]
        if later is not None:
            lumas[1] = cv2.cvtColor(undone(later[0], placement, self.size)[0], cv2.COLOR_RGB2GRAY)
            starts[1] = later[1]
        row["small"] = [cv2.resize(each, self.small, interpolation=cv2.INTER_AREA) for each in lumas]
        for place, (left, top) in enumerate(corners_of(moment, self.size, self.side)):
            part = np.s_[top : top + self.side, left : left + self.side]
            row["patches"][:, place] = [each[part] for each in lumas]
            row["is_whole"][place] = mask[part].all()
        row["starts"] = [float(placement.asset_time(each)) for each in starts]
        row["number"] = now.number
        upright = held_upright(now.pixels, mirrored=placement.mirrored, rotation=placement.rotation)
        row["own"] = own_figures(upright, now.pixels, None if later is None else later[0], float(rate))
        self.put(number, moment, row.tobytes())

    def _look(self, moment: int, data: bytes) -> Look:
        row = np.frombuffer(data, self._row)[0]
        return Look(
            moment=moment,
            small=row["small"],
            colors=row["colors"].astype(np.int16) - 128,
            shown=row["shown"],
            patches=row["patches"],
            is_whole=row["is_whole"],
            starts=tuple(row["starts"].tolist()),
            number=int(row["number"]),
            own=OwnFigures(*row["own"].tolist()),
        )


def corners_of(moment: int, size: tuple[int, int], side: int) -> list[tuple[int, int]]:
    """Where (left, top) the patches of this moment lie: one in each of sixteen fields, anywhere in it."""
    rng = np.random.default_rng((moment, 4))
    wide, high = size[0] - side, size[1] - side
    places = []
    for down in range(_DOWN):
        for across in range(_ACROSS):
            x, y = rng.random(2)
            places.append((round((across + x) / _ACROSS * wide), round((down + y) / _DOWN * high)))
    return places


def _later(now: Shown, after: Shown | None) -> tuple[Pixels, Fraction] | None:
    """The picture and the beginning of a frame that follows this one and has its size."""
    if after is None or after.pixels is None or after.start is None or now.pixels is None:
        return None
    is_next = after.number > now.number and after.pixels.shape == now.pixels.shape
    return (after.pixels, after.start) if is_next else None


def _in_twos(film: Frames, times: Sequence[Fraction]) -> Iterator[tuple[Shown, Shown | None]]:
    """Each picture with the one that was asked for next."""
    before: Shown | None = None
    for shown in film.at(times):
        if before is not None:
            yield before, shown
        before = shown
    if before is not None:
        yield before, None
