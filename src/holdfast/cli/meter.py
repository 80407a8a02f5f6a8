"""Progress: one line at the foot of a terminal with rate and time left, or elsewhere a plain line now and then.

    Keeping  ━━━━━━━━━━━────────────   23/28   46.1 MiB   3.1 MiB/s   2 min left   v158.mp4

It goes to stderr, so that results can be piped; it is never part of what `--json` prints. The line is wiped before
anything else is printed and at the end, so that nothing of it stays in what somebody scrolls back to.
"""

from __future__ import annotations

import shutil
import sys
import threading
import time
import unicodedata
from collections.abc import Callable
from types import TracebackType
from typing import Any

from holdfast.cli.speak import Speaker, counted, print_line, size, visible

PLAIN_EVERY_S = 15.0
DRAW_EVERY_S = 0.1
BAR_CELLS = 24
SURE_AFTER_S = 2.0  # a time left that was guessed from less would jump
_WIPE = "\r\x1b[2K"


class Meter:
    """Shows how a deed goes. Fits `actions.watch.Watch`; use it as a context.

    `advance` may be called from several threads, all else from the one that runs the deed.
    """

    def __init__(
        self,
        speaker: Speaker,
        *,
        on_done: Callable[[Any], None] | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._speaker = speaker
        self._on_done = on_done
        self._clock = clock
        self._is_silent = speaker.as_json
        self._is_drawn = not speaker.as_json and sys.stderr.isatty()
        self._guard = threading.RLock()
        self._is_shown = False
        self._start("", None, None)

    def __enter__(self) -> Meter:
        self._speaker.before_line = self.wipe
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._guard:
            self._start("", None, None)
            self.wipe()

    # ------------------------------------------------------------------------------------------ as a Watch

    def begin(self, what: str, *, items: int | None = None, size_bytes: int | None = None) -> None:
        """A stage of the work starts."""
        with self._guard:
            self._start(what, items, size_bytes)
            self._tell(now=True)

    def at(self, name: str) -> None:
        """Work on this item begins."""
        with self._guard:
            self._name = name.rpartition("/")[2]
            self._tell()

    def advance(self, size_bytes: int) -> None:
        """So many more bytes are done (fewer, when some turned out to have to be done again)."""
        with self._guard:
            self._bytes += size_bytes
            self._tell()

    def done(self, result: object) -> None:
        """One item is done."""
        with self._guard:
            self._count += 1
            self._tell()
        if self._on_done is not None and result is not None:
            self._on_done(result)

    def note(self, text: str) -> None:
        """Something that people should know."""
        self._speaker.note(text)

    # -------------------------------------------------------------------------------------------- the line

    def wipe(self) -> None:
        """Take the line away; the next event draws it again."""
        with self._guard:
            if self._is_shown:
                self._is_shown = False
                self._write(_WIPE)

    def _start(self, what: str, items: int | None, size_bytes: int | None) -> None:
        self._what, self._items, self._size = what, items, size_bytes
        self._count, self._bytes, self._name = 0, 0, ""
        self._begun = self._told = self._clock()

    def _tell(self, *, now: bool = False) -> None:
        moment = self._clock()
        every = DRAW_EVERY_S if self._is_drawn else PLAIN_EVERY_S
        is_due = moment - self._told >= every or (now and self._is_drawn)
        if self._is_silent or not self._what or not is_due:
            return
        self._told = moment
        if self._is_drawn:
            self._is_shown = True
            self._write(_WIPE + fitted(self._line(moment), shutil.get_terminal_size().columns - 1))
        else:
            print_line(f"{self._what}: {', '.join(self._parts(moment))}", sys.stderr)

    def _write(self, text: str) -> None:
        try:
            sys.stderr.write(text)
            sys.stderr.flush()
        except (OSError, ValueError):  # the terminal is gone; the deed goes on
            self._is_drawn, self._is_silent = False, True

    def _line(self, moment: float) -> str:
        share = self._share()
        parts = self._parts(moment)
        if share is not None:
            full = int(share * BAR_CELLS)
            parts.insert(0, "━" * full + "─" * (BAR_CELLS - full))
        return "   ".join([f"{self._what}  {parts[0]}", *parts[1:], visible(self._name)]).rstrip()

    def _parts(self, moment: float) -> list[str]:
        """Count, bytes, rate and time left, those of them that are known."""
        elapsed = moment - self._begun
        parts = [f"{self._count}/{self._items}" if self._items is not None else f"{self._count}"]
        if self._bytes > 0:
            parts.append(size(self._bytes))
            if elapsed >= SURE_AFTER_S:
                parts.append(f"{size(round(self._bytes / elapsed))}/s")
        share = self._share()
        if share and elapsed >= SURE_AFTER_S:
            parts.append(time_left(elapsed * (1 - share) / share))
        return parts

    def _share(self) -> float | None:
        """How much of the work is done, 0 to 1, by bytes if their sum is known, else by items; None if neither is."""
        done, whole = (self._bytes, self._size) if self._size else (self._count, self._items)
        return min(1.0, max(0.0, done / whole)) if whole else None


def time_left(seconds: float) -> str:
    """A time to wait, as rough as it is known: `40 s left`, `12 min left`, `5 h left`."""
    if seconds < 60:
        return f"{max(1, round(seconds))} s left"
    if seconds < 90 * 60:
        return f"{round(seconds / 60)} min left"
    if seconds < 36 * 3600:
        return f"{round(seconds / 3600)} h left"
    return counted(round(seconds / 86400), "{n} day left", "{n} days left")


def fitted(text: str, cells: int) -> str:
    """The beginning of `text` that fits into so many cells of a terminal; wide characters take two, marks none."""
    used = 0
    for place, character in enumerate(text):
        used += _cells(character)
        if used > cells:
            return text[:place]
    return text


def _cells(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
