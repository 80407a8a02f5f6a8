"""Bodies of jobs for the tests: importable, so that spawned processes find them."""

from __future__ import annotations

import os
import time
from concurrent.futures import CancelledError
from pathlib import Path

from holdfast.errors import EmptySource
from holdfast.jobs.line import Line
from holdfast.jobs.queue import Json


def count(args: Json, _line: Line) -> Json:
    """Appends a line to a file: what ran twice shows twice."""
    with Path(args["log"]).open("a") as log:
        log.write(f"{args['n']}\n")
    return {"n": args["n"]}


def wait_to_be_stopped(args: Json, line: Line) -> Json:
    """Says that it has begun, then works until it is asked to stop."""
    Path(args["begun"]).write_text(str(os.getpid()))
    while not line.should_stop():
        time.sleep(0.01)
    raise CancelledError


def wait_once(args: Json, line: Line) -> Json:
    """The first time it waits for ever; when it finds the trace of an earlier try, it is done at once."""
    begun = Path(args["begun"])
    if begun.exists():
        return {"again": True}
    begun.write_text(str(os.getpid()))
    while True:
        time.sleep(0.05)


def crash_once(args: Json, _line: Line) -> Json:
    """Dies like a process that FFmpeg took down, but only the first time."""
    crashed = Path(args["crashed"])
    if not crashed.exists():
        crashed.touch()
        os.abort()
    return {"again": True}


def tell_half(_args: Json, line: Line) -> Json:
    line.tell(0.5)
    time.sleep(0.3)
    return {}


def refuse_source(_args: Json, _line: Line) -> Json:
    raise EmptySource(path="film.mp4")


def stumble(_args: Json, _line: Line) -> Json:
    raise RuntimeError("the disk was away")
