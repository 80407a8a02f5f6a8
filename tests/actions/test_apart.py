"""What a body does to its process is told of its own file, and the next file gets a new process."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Mapping
from concurrent.futures import BrokenExecutor, CancelledError, Future, ThreadPoolExecutor
from typing import Any

import pytest

from holdfast.actions.apart import Apart
from holdfast.errors import BadRecord, NothingToCompare
from holdfast.jobs.executors import threads
from holdfast.jobs.line import Line


def body(args: Mapping[str, Any], line: Line) -> Any:
    match args["do"]:
        case "answer":
            return os.getpid()
        case "die":
            os._exit(3)
        case "refuse":
            raise BadRecord(name=args["path"], reason="no reason")
        case "fail":
            raise ZeroDivisionError("by nought")
        case "hang":
            while not line.should_stop():
                time.sleep(0.01)
            raise CancelledError
        case _:
            line.tell(0.5)
            return time.sleep(1.2)


def asked(apart: Apart, do: str) -> Future[Any]:
    return apart.submit(body, {"path": f"{do}.mp4", "do": do})


def test_what_a_body_gives_or_refuses_comes_back() -> None:
    with Apart(make_executor=threads) as apart:
        assert asked(apart, "answer").result() == os.getpid()
        with pytest.raises(BadRecord, match=r"refuse\.mp4"):
            asked(apart, "refuse").result()


def test_what_nobody_foresaw_is_told_of_the_file_and_no_crash_of_the_batch() -> None:
    with Apart(make_executor=threads) as apart, pytest.raises(NothingToCompare, match="ZeroDivisionError: by nought"):
        asked(apart, "fail").result()


def test_who_waits_is_told_how_far_the_body_is() -> None:
    heard: list[float] = []
    with Apart(make_executor=threads) as apart:
        apart.awaited(asked(apart, "tell"), heard.append)
    assert 0.5 in heard


@pytest.mark.slow
def test_a_process_that_dies_costs_its_own_file_only() -> None:
    with Apart() as apart:
        answers = [asked(apart, do) for do in ("answer", "die", "answer", "answer")]
        first = answers[0].result()
        with pytest.raises(NothingToCompare, match=r"die\.mp4"):
            answers[1].result()
        assert first != answers[2].result() == answers[3].result() != os.getpid()


@pytest.mark.slow
def test_a_process_that_dies_while_idle_costs_the_next_file_nothing() -> None:
    with Apart() as apart:
        for pause_s in (0.0, 0.5):  # before and after the pool has noticed it
            first = asked(apart, "answer").result()
            os.kill(first, signal.SIGKILL)
            time.sleep(pause_s)
            assert asked(apart, "answer").result() != first


class DyingAtOnce(ThreadPoolExecutor):
    """An executor whose process dies before it has begun."""

    def submit(self, *args: Any, **kwargs: Any) -> Any:
        raise BrokenExecutor


def test_a_process_that_never_begins_is_tried_once_more_and_then_told_of() -> None:
    made: list[DyingAtOnce] = []

    def make() -> DyingAtOnce:
        made.append(DyingAtOnce(1))
        return made[-1]

    with Apart(make_executor=make) as apart, pytest.raises(NothingToCompare, match="broke down"):
        asked(apart, "answer").result()
    assert len(made) == 2


@pytest.mark.slow
def test_a_body_that_is_silent_for_too_long_is_stopped() -> None:
    with Apart(stall_s=3) as apart:
        with pytest.raises(NothingToCompare, match=r"hang\.mp4"):
            asked(apart, "hang").result()
        assert asked(apart, "answer").result() != os.getpid()


@pytest.mark.slow
def test_left_by_an_error_it_ends_at_once() -> None:
    apart = Apart()
    asked(apart, "answer").result()
    hanging, waiting = asked(apart, "hang"), asked(apart, "answer")
    begun = time.monotonic()
    apart.__exit__(KeyboardInterrupt, KeyboardInterrupt(), None)
    assert time.monotonic() - begun < 5
    assert waiting.cancelled()
    with pytest.raises(CancelledError):
        hanging.result()
