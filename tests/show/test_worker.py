"""The server's threads: who does not hang up holds nobody else back."""

from __future__ import annotations

import logging
import socket
import sys
import time
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest

from holdfast.show import worker
from tests.show.stage import Stage, served


@pytest.mark.slow
def test_whoever_takes_an_answer_and_does_not_hang_up_stops_nobody(stage: Stage) -> None:
    with served(stage.folder) as address:
        place = urlsplit(address)
        staying = [socket.create_connection((place.hostname, place.port)) for _ in range(6)]
        for connection in staying:
            connection.sendall(b"GET /robots.txt HTTP/1.0\r\nHost: localhost\r\n\r\n")
            assert connection.recv(12).endswith(b" 200")
        begun = time.monotonic()
        with urlopen(f"{address}/robots.txt", timeout=30) as answer:
            assert answer.status == 200
        waited = time.monotonic() - begun
        for connection in staying:
            connection.close()
    assert waited < 2  # one such connection alone used to cost two seconds, six of them twelve


def test_a_viewer_who_was_cut_off_is_no_fault_to_tell_of() -> None:
    told = []
    for error in (TimeoutError("timed out"), OSError("something else")):
        try:
            raise error
        except OSError:
            record = logging.LogRecord("gunicorn.error", logging.ERROR, "", 0, "said", (), sys.exc_info())
        told.append(worker._is_worth_telling(record))
    assert told == [False, True]
    assert worker._is_worth_telling(logging.makeLogRecord({"msg": "plain"}))
