"""What FFmpeg grumbles about while a file is read: counted, never printed.

FFmpeg's log is one for the whole process, so only one listener at a time may stand there; others wait.
"""

from __future__ import annotations

import re
from threading import RLock
from types import TracebackType
from typing import Self

_ONE_LISTENER = RLock()
_NUMBER = re.compile(r"0x[0-9a-fA-F]+|\d+")
_KINDS = 32
_SHOWN = 3


class Complaints:
    """A context in which FFmpeg's errors are collected; `as_warnings` tells the most frequent in plain words.

    Call `settle` now and then: until then every message is held, and a broken film can cause millions.
    """

    def __init__(self) -> None:
        self._kinds: dict[tuple[str, str], tuple[int, str]] = {}
        self._beyond = 0

    def __enter__(self) -> Self:
        from av import logging

        _ONE_LISTENER.acquire()
        self._level, self._skips = logging.get_level(), logging.get_skip_repeated()
        logging.set_skip_repeated(False)
        logging.set_level(logging.WARNING)
        self._capture = logging.Capture(local=False)
        self._logs = self._capture.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        from av import logging

        self._capture.__exit__(None, None, None)
        logging.set_level(self._level)
        logging.set_skip_repeated(self._skips)
        self.settle()
        _ONE_LISTENER.release()

    def settle(self) -> None:
        """Count what was said since the last time."""
        from av import logging

        said = self._logs[:]
        del self._logs[: len(said)]
        for level, part, message in said:
            text = message.strip()
            if level > logging.ERROR and not text.startswith(_ESTIMATE):
                continue
            kind = (part, _NUMBER.sub("#", text))
            count, first = self._kinds.get(kind, (0, text))
            if count or len(self._kinds) < _KINDS:
                self._kinds[kind] = (count + 1, first)
            else:
                self._beyond += 1

    def mentions(self, words: str) -> bool:
        """Whether a complaint so far contains these words."""
        self.settle()
        return any(words in first for _, first in self._kinds.values())

    @property
    def duration_is_a_guess(self) -> bool:
        """Whether the length was computed from the bit rate, as the header has none."""
        return self.mentions(_ESTIMATE)

    def as_warnings(self) -> list[str]:
        """The three most frequent complaints, and how many there were besides."""
        told = [(count, part, first) for (part, _), (count, first) in self._kinds.items() if _ESTIMATE not in first]
        told.sort(key=lambda item: -item[0])
        lines = [
            f'FFmpeg ({part.split(",")[0]}) reported {_times(count)}: "{first}"' for count, part, first in told[:_SHOWN]
        ]
        rest = sum(count for count, _, _ in told[_SHOWN:]) + self._beyond
        return [*lines, f"FFmpeg reported {rest} further errors of other kinds"] if rest else lines


_ESTIMATE = "Estimating duration from bitrate"


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count} times"
