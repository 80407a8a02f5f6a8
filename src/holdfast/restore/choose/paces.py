"""How many different pictures a second a copy shows: counted, whatever its container claims.

Frames are counted from the first look to the last. One that is the same as the frame before does not count, if the
film moves there. Whether it does, another copy tells, and only in what is coarse: noise moves in a picture that stands
still, and a coder leaves a picture as it is where little moves.
"""

from __future__ import annotations

from collections.abc import Iterable

import cv2
import numpy as np

from holdfast.restore.choose.looks import Look

_SOFT = 2.0
# Mean steps of 255 by which the coarse picture changes in the time of a frame, where a film moves.
_MOVES = 1.0
# Of at least so many moments in which the film moves, the share of repeated frames counts if it is more than this: a
# few are repeated wherever 24 frames a second were made 25.
_FEWEST, _OFTEN = 12, 0.25


class Paces:
    """The rate of one placement, from the looks that are `taken` in order.

    `speed` is how many seconds of the asset a second of the copy shows.
    """

    def __init__(self, speed: float) -> None:
        self._speed = speed
        self._first: Look | None = None
        self._last: Look | None = None
        self._moving = self._repeated = 0

    def taken(self, look: Look, others: Iterable[Look]) -> None:
        """One more moment of this copy, and what other copies show there."""
        self._first = self._first or look
        self._last = look
        step = look.starts[1] - look.starts[0]
        if step > 0 and any(_moved(other, step) for other in others):
            self._moving += 1
            self._repeated += int(look.own.is_repeated == 1)

    @property
    def rate(self) -> float:
        """Different pictures a second of the copy; what its container says if it was looked at only once."""
        if self._first is None or self._last is None:
            return 0.0
        count, time = self._last.number - self._first.number, self._last.starts[0] - self._first.starts[0]
        rate = count / time * self._speed if count > 0 and time > 0 else self._first.own.rate
        repeated = self._repeated / self._moving if self._moving >= _FEWEST else 0.0
        return rate * (1 - repeated) if repeated > _OFTEN else rate


def _moved(look: Look, step: float) -> bool:
    """Whether the coarse picture changes enough in so many seconds of asset time."""
    own_step = look.starts[1] - look.starts[0]
    if own_step <= 0:
        return False
    now, after = (cv2.GaussianBlur(each.astype(np.float32), (0, 0), _SOFT) for each in look.small)
    change = np.abs(after - now)[look.shown]
    return bool(change.size and change.mean() * min(1.0, step / own_step) > _MOVES)
