"""Reading films in a process of its own: what FFmpeg does with a hostile file ends that process and nothing else.

    with Apart() as apart:
        answer = apart.submit(body, args)       # one body after another, in one process while it lives
        answer.result()

A body is a function that can be imported, of args that can be pickled and of a `Line`; it tells its progress and hears
when it should stop. A body that crashes, fails in a way that nobody foresaw, or tells nothing for `stall_s` seconds,
becomes `NothingToCompare` for its file; the next one gets a new process. A process that dies while it has nothing to do
(for want of memory, by an administrator's hand) costs no file anything: the next body begins once more in a new one.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import BrokenExecutor, CancelledError, Executor, Future, ThreadPoolExecutor, wait
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from holdfast.actions.scratch import Scratch
from holdfast.errors import HoldfastError, NothingToCompare
from holdfast.jobs.executors import MakeExecutor, kill, processes
from holdfast.jobs.line import Line

STALL_S = 600.0
POLL_S = 0.1
TOLD_EVERY_S = 0.5
_BEGUN = "begun"

Body = Callable[[Mapping[str, Any], Line], Any]


class Apart:
    """One other process, started at the first body. Use it as a context; left by an error, it ends at once."""

    def __init__(self, *, stall_s: float = STALL_S, make_executor: MakeExecutor | None = None) -> None:
        self._stall_s = stall_s
        self._make = make_executor or processes
        self._executor: Executor | None = None
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="apart")
        self._is_over = threading.Event()
        self._is_stopped = False  # by us: what was running in it is not tried again
        self._count = 0
        self._progress = 0.0
        self._scratch: Scratch | None = None  # made when it is first needed

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is not None:
            self._is_over.set()
        self._thread.shutdown(wait=True, cancel_futures=kind is not None)
        if kind is not None:
            kill(self._executor)
        if self._executor is not None:
            self._executor.shutdown(wait=True, cancel_futures=True)
        if self._scratch is not None:
            self._scratch.close()

    def submit(self, body: Body, args: Mapping[str, Any]) -> Future[Any]:
        """What the body gives, or raises of our own family of errors. `args["path"]` names the file.

        Its `result` raises NothingToCompare when the process broke down or was stopped for its silence, and
        CancelledError when this context was left by an error.
        """
        return self._thread.submit(self._ask, body, args)

    def awaited(self, answer: Future[Any], told: Callable[[float], None]) -> Any:
        """The result of `answer`; until then `told` hears how far the body is, 0 to 1, in the caller's thread."""
        while not wait([answer], TOLD_EVERY_S).done:
            told(self._progress)
        return answer.result()

    def _ask(self, body: Body, args: Mapping[str, Any]) -> Any:
        try:
            line = Line(str(self._folder()))
            try:
                return self._run(body, args, line)
            except BrokenExecutor:
                if self._is_stopped or _has_begun(line):
                    raise
            return self._run(body, args, line)  # it died while idle, which is nobody's fault
        except (HoldfastError, CancelledError):
            raise
        except BrokenExecutor:
            if self._is_over.is_set():
                raise CancelledError from None
            raise NothingToCompare(path=args["path"], reason="the process that read it broke down") from None
        except Exception as error:  # whatever one file brings about, the next one is looked at
            reason = f"reading it failed in an unforeseen way ({type(error).__name__}: {error})"
            raise NothingToCompare(path=args["path"], reason=reason) from error

    def _run(self, body: Body, args: Mapping[str, Any], line: Line) -> Any:
        """What the body gives. Raises BrokenExecutor if its process is gone, after which there is none."""
        self._executor = self._executor or self._make()
        self._is_stopped = False
        try:
            answer = self._executor.submit(_begun, body, args, line)
            self._watch(answer, line)
            return answer.result()
        except BrokenExecutor:
            self._executor.shutdown(wait=False, cancel_futures=True)
            self._executor = None
            raise

    def _folder(self) -> Path:
        """An empty folder for the signs that one body gives."""
        self._count += 1
        if self._scratch is None:
            self._scratch = Scratch()
        folder = self._scratch.path / str(self._count)
        folder.mkdir()
        return folder

    def _watch(self, answer: Future[Any], line: Line) -> None:
        self._progress, since = 0.0, time.monotonic()
        while not wait([answer], POLL_S).done:
            heard = line.heard()
            if heard != self._progress:
                self._progress, since = heard, time.monotonic()
            if self._is_over.is_set():
                line.ask_to_stop()
                self._kill()
            elif time.monotonic() - since > self._stall_s:
                self._kill()  # the answer then ends as that of a broken executor

    def _kill(self) -> None:
        self._is_stopped = True
        kill(self._executor)


def _begun(body: Body, args: Mapping[str, Any], line: Line) -> Any:
    """What runs in the other process: leaves the sign that the body has begun there, and runs it."""
    (Path(line.folder) / _BEGUN).touch()
    return body(args, line)


def _has_begun(line: Line) -> bool:
    return (Path(line.folder) / _BEGUN).exists()
