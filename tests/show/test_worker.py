"""The server's threads: who does not hang up holds nobody else back."""

from __future__ import annotations

import contextlib
import logging
import socket
import sys
import threading
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


@pytest.mark.slow
def test_whoever_sends_half_a_request_or_none_stops_nobody(stage: Stage) -> None:
    half = b"POST /account/login/ HTTP/1.1\r\nHost: localhost\r\nCookie: csrftoken=x\r\nContent-Length: 99"
    with served(stage.folder) as address:
        place = urlsplit(address)
        for said in (b"", half, half + b"\r\n\r\nlogin="):
            with contextlib.ExitStack() as staying:
                for _ in range(24):
                    connection = staying.enter_context(socket.create_connection((place.hostname, place.port)))
                    connection.sendall(said)
                time.sleep(0.2)
                begun = time.monotonic()
                with urlopen(f"{address}/robots.txt", timeout=10) as answer:
                    assert answer.status == 200
                assert time.monotonic() - begun < 4  # it used to be five seconds for each eight, or for ever


def test_the_rest_of_a_request_is_waited_for_and_not_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "NEXT_BYTES_S", 0.01)
    monkeypatch.setattr(worker, "REQUEST_S", 0.2)
    ours, theirs = socket.socketpair()
    with worker.Patient(fileno=ours.detach()) as patient, theirs:
        patient.setblocking(True)
        threading.Timer(0.05, theirs.sendall, [b"the rest"]).start()
        assert patient.recv(100) == b"the rest"
        with pytest.raises(TimeoutError):
            patient.recv(100)
        patient.settimeout(5)  # whoever knows what comes sets a time of their own
        threading.Timer(0.3, theirs.sendall, [b"a film"]).start()
        assert patient.recv(100) == b"a film"


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
