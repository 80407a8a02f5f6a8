"""The server's threads, kept from waiting for those who do not listen, and for those who do not say what they want.

Gunicorn ends a connection politely: it says that nothing more will come and waits, two seconds at most, for the other
side to hang up too. It does so in the one thread that hands out work, so a few who never hang up (a film that was
paused and cut off is enough) stop the whole site for seconds. Here a few threads beside it wait; and when very many
connections end at once, the rest are ended without a word.

It also reads a request for as long as it comes: eight who send half of one each would stop the site for good. Here no
thread waits for the first byte of a request, only some of them wait for the rest of one, and half a minute at most.
"""

from __future__ import annotations

import logging
import socket
import threading
import time
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from gunicorn.workers.gthread import _DEFER, ThreadWorker

CLOSERS = 4
MOST_CLOSING = 64
MOST_HALF_SENT = 4  # of the server's eight threads wait for the rest of a request
FIRST_BYTE_S = 0.02
NEXT_BYTES_S = 0.5  # as long as parts of one request may lie apart though many are half sent
REQUEST_S = 30
ANSWER_S = 20  # for each part of an answer that is sent

_half_sent = threading.BoundedSemaphore(MOST_HALF_SENT)


class Patient(socket.socket):
    """A connection with an end to its patience, which begins when the server makes it blocking: before each request.

    Whoever sets a time-out of their own for it (those who receive uploads, and give out media) answers for it.
    """

    _until: float | None = None

    def setblocking(self, flag: bool, /) -> None:
        """Wait for a request, or do not wait at all."""
        super().setblocking(flag)
        self._until = time.monotonic() + REQUEST_S if flag else None

    def settimeout(self, value: float | None, /) -> None:
        """Wait as somebody wants it who knows what comes."""
        super().settimeout(value)
        self._until = None

    def recv(self, *args: Any) -> bytes:
        """What comes. Raises TimeoutError: it has not come in time, or too many are waited for."""
        if self._until is None:
            return super().recv(*args)
        try:
            super().settimeout(NEXT_BYTES_S)
            return super().recv(*args)
        except TimeoutError:
            if not _half_sent.acquire(blocking=False):
                raise
        try:
            super().settimeout(max(0.001, self._until - time.monotonic()))
            return super().recv(*args)
        finally:
            _half_sent.release()

    def sendall(self, *args: Any) -> None:
        """Send all of it. Raises TimeoutError: the other side does not take it."""
        if self._until is not None:
            super().settimeout(ANSWER_S)
        super().sendall(*args)


class Threads(ThreadWorker):  # type: ignore[misc]
    """Gunicorn's worker with threads; connections are ended beside its loop, and half a request stops nobody."""

    def init_process(self) -> None:
        """Make what the loop needs, and run it."""
        self._closers = ThreadPoolExecutor(CLOSERS, "closer")
        self._places = threading.BoundedSemaphore(MOST_CLOSING)
        logging.getLogger("gunicorn.error").addFilter(_is_worth_telling)
        super().init_process()

    def handle(self, conn: Any) -> Any:
        """Answer what comes on a connection: called in one of the threads."""
        if not isinstance(conn.sock, Patient):
            conn.sock = Patient(fileno=conn.sock.detach())
        if not conn.initialized and not conn.wait_for_data(FIRST_BYTE_S):
            return _DEFER  # the loop waits for its first byte
        return super().handle(conn)

    def _keepalive_after(self, conn: Any, keepalive: Any) -> bool:
        """Whether a connection goes on: what nobody read of its request is waited for by some of the threads alone."""
        if not keepalive or not _half_sent.acquire(blocking=False):
            return False
        try:
            return bool(super()._keepalive_after(conn, keepalive))
        finally:
            _half_sent.release()

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
