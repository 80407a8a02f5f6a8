"""The server's threads, kept from waiting for viewers who do not listen.

Gunicorn ends a connection politely: it says that nothing more will come and waits, two seconds at most, for the other
side to hang up too. It does so in the one thread that hands out work, so a few who never hang up (a film that was
paused and cut off is enough) stop the whole site for seconds. Here a few threads beside it wait; and when very many
connections end at once, the rest are ended without a word.
"""

from __future__ import annotations

import logging
import threading
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from gunicorn.workers.gthread import ThreadWorker

CLOSERS = 4
MOST_CLOSING = 64


class Threads(ThreadWorker):  # type: ignore[misc]
    """Gunicorn's worker with threads; connections are ended beside its loop."""

    def init_process(self) -> None:
        """Make what the loop needs, and run it."""
        self._closers = ThreadPoolExecutor(CLOSERS, "closer")
        self._places = threading.BoundedSemaphore(MOST_CLOSING)
        logging.getLogger("gunicorn.error").addFilter(_is_worth_telling)
        super().init_process()

    def finish_request(self, conn: Any, fs: Future[Any]) -> None:
        """What becomes of a connection when it was answered: called in the loop, so it must not wait."""
        if fs.cancelled() or fs.exception() is not None or fs.result():  # it goes on, or ends at once
            super().finish_request(conn, fs)
            return
        self.nr_conns -= 1
        if self._places.acquire(blocking=False):
            self._closers.submit(self._close, conn)
        else:
            conn.close()

    def _close(self, conn: Any) -> None:
        try:
            conn.close(graceful=True)
        finally:
            self._places.release()


def _is_worth_telling(record: logging.LogRecord) -> bool:
    """Whether it is: that somebody took too long to take what they had asked for is nothing that failed."""
    return not (record.exc_info and isinstance(record.exc_info[1], TimeoutError))
