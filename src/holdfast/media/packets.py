"""How long a track really is, told by its packets: one pass, no decoding, memory that does not grow with the film.

Time stamps of real files are missing, negative, out of order (pictures that are coded before the ones they are shown
after), or wild (a stray packet hours away). Rules:

1. A packet without presentation time stands at its decoding time; without both, after the packet before it.
2. A small window sorts what is coded out of order.
3. Where time jumps (more than 30 s ahead of the end of the packet before, or more than 1 s back) a new *stretch*
   begins. At the end, a stretch of three packets or fewer in a much longer track is stray and does not count; one
   that starts anew after a jump back adds its length; a gap ahead belongs to the film, as it is shown.
4. Packets that the edit list of the container cuts away (flag `discard`) are not presented, nor are the samples
   that an encoder put before the beginning of a sound.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from heapq import heappop, heappush, heappushpop

from holdfast.media.cadence import Cadence, Rhythm

# H.264 and HEVC reorder up to 16 pictures.
_REORDER = 24
_AHEAD_S = 30
_BACK_S = 1
# A file with more jumps than this has no time worth the name; what jumps out then is counted as stray.
_STRETCHES = 64
_STRAY = 3


@dataclass
class _Stretch:
    start: int
    end: int
    packets: int = 1


_NO_RHYTHM = Rhythm()


@dataclass(frozen=True)
class Extent:
    """What one track's packets say. Times in seconds on the container's clock; `end` is `start` plus what plays."""

    start: Fraction | None = None
    end: Fraction | None = None
    packets: int = 0
    presented: int = 0
    size_bytes: int = 0
    corrupt: int = 0
    corrupt_at: Fraction | None = None
    untimed: int = 0
    stray: int = 0
    restarts: int = 0
    gaps: tuple[tuple[Fraction, Fraction], ...] = ()
    rhythm: Rhythm = _NO_RHYTHM

    @property
    def duration(self) -> Fraction | None:
        """Seconds of it that play."""
        return None if self.start is None or self.end is None else self.end - self.start


class TrackClock:
    """Takes the packets of one track as they come from the container, in ticks of `time_base` seconds.

    A moving picture is reordered and its rhythm found; a sound comes in order and never begins before zero.
    """

    def __init__(self, time_base: Fraction, *, is_picture: bool) -> None:
        self._time_base = time_base
        self._cadence = Cadence(time_base) if is_picture else None
        self._window: list[tuple[int, int]] = []
        self._stretches: list[_Stretch] = []
        self._ahead, self._back = int(_AHEAD_S / time_base), int(_BACK_S / time_base)
        self._last: tuple[int, int] = (0, 0)
        self._next = 0
        self._floor: int | None = None if is_picture else 0
        self._packets = self._presented = self._size = self._corrupt = self._untimed = self._stray = 0
        self._corrupt_at: int | None = None

    def add(
        self,
        pts: int | None,
        dts: int | None,
        duration: int,
        *,
        size: int,
        is_discarded: bool = False,
        is_corrupt: bool = False,
    ) -> None:
        """One packet. `duration` may be 0 where the container does not say."""
        self._packets += 1
        self._size += size
        at = pts if pts is not None else dts
        if at is None:
            self._untimed += 1
            at = self._next
        self._next = at + duration
        if is_corrupt:
            self._corrupt += 1
            self._corrupt_at = at if self._corrupt_at is None else self._corrupt_at
        if is_discarded:
            return
        self._presented += 1
        if self._cadence is None:
            self._present(at, duration)
            return
        if self._stretches and at < self._last[0] - self._back:
            self._empty_window()  # no reordering reaches so far back: what waits belongs before the jump
        if len(self._window) < _REORDER:
            heappush(self._window, (at, duration))
        else:
            self._present(*heappushpop(self._window, (at, duration)))

    def skip_until(self, ticks: int) -> None:
        """What is presented before this tick is an encoder's run-up, not part of the sound."""
        self._floor = ticks

    def extent(self, declared_rates: tuple[Fraction, ...] = ()) -> Extent:
        """What all packets together say. Call it once, after the last packet."""
        self._empty_window()
        rhythm = self._cadence.rhythm(declared_rates) if self._cadence else _NO_RHYTHM
        stretches = self._without_strays()
        start, end, restarts, gaps = self._join(stretches, self._last_length(rhythm))
        return Extent(
            start=start,
            end=end,
            packets=self._packets,
            presented=self._presented - self._stray,
            size_bytes=self._size,
            corrupt=self._corrupt,
            corrupt_at=None if self._corrupt_at is None else self._corrupt_at * self._time_base,
            untimed=self._untimed,
            stray=self._stray,
            restarts=restarts,
            gaps=gaps,
            rhythm=rhythm,
        )

    def _empty_window(self) -> None:
        while self._window:
            self._present(*heappop(self._window))

    def _present(self, at: int, duration: int) -> None:
        end = at + duration
        if not self._stretches:
            self._begin(at, end)
            return
        stretch = self._stretches[-1]
        before = self._last[0]
        if at > stretch.end + self._ahead or at < before - self._back:
            if len(self._stretches) == _STRETCHES:
                self._stray += 1
            else:
                self._begin(at, end)
            return
        stretch.packets += 1
        stretch.start, stretch.end = min(stretch.start, at), max(stretch.end, end)
        if at > before:
            if self._cadence:
                self._cadence.add(at)
            self._last = (at, duration)

    def _begin(self, at: int, end: int) -> None:
        self._stretches.append(_Stretch(at, end))
        self._last = (at, end - at)
        if self._cadence:
            self._cadence.restart()
            self._cadence.add(at)

    def _without_strays(self) -> list[_Stretch]:
        total = sum(stretch.packets for stretch in self._stretches)
        kept = [s for s in self._stretches if s.packets > _STRAY or s.packets * 50 >= total]
        self._stray += total - sum(stretch.packets for stretch in kept)
        return kept

    def _last_length(self, rhythm: Rhythm) -> int:
        """Ticks that the last picture stands beyond its stated end: containers often leave its length out."""
        if self._last[1] or not rhythm.rate:
            return 0
        return round(1 / (rhythm.rate * self._time_base))

    def _join(
        self, stretches: list[_Stretch], last_length: int
    ) -> tuple[Fraction | None, Fraction | None, int, tuple[tuple[Fraction, Fraction], ...]]:
        if not stretches:
            return None, None, 0, ()
        start = stretches[0].start
        if self._floor is not None and start < self._floor <= stretches[0].end:
            start = self._floor
        length, restarts, gaps = 0, 0, []
        run_start, run_end = start, stretches[0].end
        for stretch in stretches[1:]:
            if stretch.start < run_end - self._back:
                restarts += 1
                length += run_end - run_start
                run_start, run_end = stretch.start, stretch.end
                continue
            if stretch.start > run_end + self._ahead:
                gaps.append((run_end * self._time_base, stretch.start * self._time_base))
            run_end = max(run_end, stretch.end)
        length += run_end + last_length - run_start
        return start * self._time_base, (start + length) * self._time_base, restarts, tuple(gaps)
