"""Workers: they take jobs from the queue, run their bodies through any `Executor`, and keep the leases alive.

The rules:
- each slot has an executor of its own with one worker in it. A process pool breaks as a whole when one of its
  processes dies; so split, the death is charged to the job that was there and to no other, and the slot gets a new
  executor;
- the body runs elsewhere, the lease is renewed from here: a body stuck in C code for minutes does not lose its job;
- a body is asked to stop through its `Line`; it obeys by raising `concurrent.futures.CancelledError`. One that does
  not obey within `grace_s` is abandoned, and its process is killed. Either way its job goes back untried;
- an error that would come back (wrong request, missing or damaged source) is not tried again.

    tally = run(queue, {"access": make_access_job}, slots=2, stop=stop_event)
"""

from __future__ import annotations

import logging
import os
import socket
import tempfile
import threading
import time
from collections.abc import Callable, Mapping
from concurrent import futures
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from holdfast.errors import Damaged, HoldfastError, NotFound, UsageError
from holdfast.jobs.executors import MakeExecutor, kill, processes
from holdfast.jobs.line import Handler, Line
from holdfast.jobs.queue import Job, Json, Queue

log = logging.getLogger(__name__)


class Turn(StrEnum):
    """What just happened to a job."""

    STARTED = "started"
    PROGRESS = "progress"
    DONE = "done"
    FAILED = "failed"
    RELEASED = "released"
    LOST = "lost"


Watcher = Callable[[Turn, Job, float], None]


@dataclass
class Tally:
    """How a run went: the number of jobs done, of tries failed, released untried, lost to another worker."""

    done: int = 0
    failed: int = 0
    released: int = 0
    lost: int = 0


def run(
    queue: Queue,
    handlers: Mapping[str, Handler],
    make_executor: MakeExecutor = processes,
    *,
    slots: int = 2,
    lease_s: float = 60.0,
    poll_s: float = 0.5,
    grace_s: float = 10.0,
    stall_s: float | None = None,
    drain: bool = True,
    stop: threading.Event | None = None,
    on_turn: Watcher | None = None,
) -> Tally:
    """Works until nothing is due (`drain`), or until `stop` is set or Ctrl-C; gives the tally of what was done.

    `make_executor` is called once a slot, and again when a slot's executor broke: `threads`, `processes`, or a Dask
    client's `get_executor`. A body in a process that tells no progress for `stall_s` is killed, which is a failed
    try. `on_turn(turn, job, progress)` is called from this thread. Jobs that wait for a repeated try are not waited
    for. After Ctrl-C all leases are given back and KeyboardInterrupt goes on to the caller.
    """
    watcher = on_turn or (lambda _turn, _job, _progress: None)
    crew = _Crew(queue, handlers, make_executor, [_Slot() for _ in range(slots)], lease_s, stall_s, watcher)
    stop = stop or threading.Event()
    with tempfile.TemporaryDirectory(prefix="holdfast-jobs-", ignore_cleanup_errors=True) as scratch:
        crew.scratch = Path(scratch)
        try:
            while not stop.is_set():
                crew.take()
                if not crew.is_busy and drain:
                    break
                crew.wait(poll_s, stop)
                crew.settle()
                crew.renew()
        finally:
            crew.disband(grace_s)
    return crew.tally


@dataclass
class _Slot:
    """A place where one body runs at a time."""

    executor: futures.Executor | None = None
    job: Job | None = None
    future: futures.Future[Json] | None = None
    line: Line = field(default_factory=lambda: Line(""))
    renew_at: float = 0.0
    told: float = 0.0
    told_at: float = 0.0
    is_lost: bool = False


@dataclass
class _Crew:
    """The slots of one run, and what happens to the jobs in them."""

    queue: Queue
    handlers: Mapping[str, Handler]
    make_executor: MakeExecutor
    slots: list[_Slot]
    lease_s: float
    stall_s: float | None
    on_turn: Watcher
    scratch: Path = Path()
    tally: Tally = field(default_factory=Tally)
    name: str = field(default_factory=lambda: f"{socket.gethostname()}:{os.getpid()}")

    @property
    def is_busy(self) -> bool:
        return any(slot.job for slot in self.slots)

    def take(self) -> None:
        """Fills the free slots with jobs that are due."""
        for number, slot in enumerate(self.slots):
            if slot.job is not None:
                continue
            job = self.queue.claim(f"{self.name}:{number}", self.lease_s, self.handlers)
            if job is None:
                return
            self._start(slot, job)

    def _start(self, slot: _Slot, job: Job) -> None:
        folder = self.scratch / f"{job.id}-{job.fence}"
        folder.mkdir()
        slot.job, slot.line, slot.told, slot.is_lost = job, Line(str(folder)), 0.0, False
        slot.told_at = time.monotonic()
        slot.renew_at = slot.told_at + self.lease_s / 3
        slot.executor = slot.executor or self.make_executor()
        try:
            slot.future = slot.executor.submit(self.handlers[job.kind], job.args, slot.line)
        except futures.BrokenExecutor:  # it died while idle; that is nobody's try
            slot.executor = self.make_executor()
            slot.future = slot.executor.submit(self.handlers[job.kind], job.args, slot.line)
        self.on_turn(Turn.STARTED, job, 0.0)

    def wait(self, seconds: float, stop: threading.Event) -> None:
        """Sleeps until a body ends or `seconds` have passed."""
        running = [slot.future for slot in self.slots if slot.future]
        if running:
            futures.wait(running, seconds, futures.FIRST_COMPLETED)
        else:
            stop.wait(seconds)

    def renew(self) -> None:
        """Renews the leases of running jobs a third of the way through, and passes progress on."""
        for slot in self.slots:
            if slot.job is None or slot.is_lost:
                continue
            told = slot.line.heard()
            if time.monotonic() >= slot.renew_at:
                slot.renew_at = time.monotonic() + self.lease_s / 3
                if not self.queue.heartbeat(slot.job, self.lease_s, told):
                    slot.is_lost = True
                    slot.line.ask_to_stop()
            if told != slot.told:
                slot.told, slot.told_at = told, time.monotonic()
                self.on_turn(Turn.PROGRESS, slot.job, told)
            elif self.stall_s is not None and time.monotonic() - slot.told_at > self.stall_s:
                kill(slot.executor)  # its future then ends as a broken executor does

    def settle(self) -> None:
        """Records the outcome of every body that has ended."""
        for slot in self.slots:
            if slot.future is None or not slot.future.done():
                continue
            job, future = slot.job, slot.future
            assert job is not None  # a slot has both or neither
            slot.job = slot.future = None
            error = futures.CancelledError() if future.cancelled() else future.exception()
            if error is None:
                self._record(Turn.DONE, job, self.queue.finish(job, future.result()))
            elif isinstance(error, futures.CancelledError | KeyboardInterrupt) and slot.line.should_stop():
                self._record(Turn.RELEASED, job, self.queue.release(job))
            else:
                if isinstance(error, futures.BrokenExecutor):
                    slot.executor = None
                self._record(Turn.FAILED, job, self.queue.fail(job, error_as_json(error), retry=may_pass(error)))

    def _record(self, turn: Turn, job: Job, is_ours: bool) -> None:
        turn = turn if is_ours else Turn.LOST
        log.info("job %d (%s) %s", job.id, job.kind, turn)
        setattr(self.tally, turn.value, getattr(self.tally, turn.value) + 1)
        self.on_turn(turn, job, 1.0 if turn is Turn.DONE else 0.0)

    def disband(self, grace_s: float) -> None:
        """Asks all bodies to stop, waits for them a while, gives every job that is left back, ends the executors."""
        running = [slot for slot in self.slots if slot.future]
        for slot in running:
            slot.line.ask_to_stop()
        futures.wait([slot.future for slot in running if slot.future], grace_s)
        self.settle()
        for slot in running:
            if slot.job is not None:
                self._record(Turn.RELEASED, slot.job, self.queue.release(slot.job))
                kill(slot.executor)
                slot.job = slot.future = None
        for slot in self.slots:
            if slot.executor is not None:
                slot.executor.shutdown(wait=False, cancel_futures=True)


def error_as_json(error: BaseException) -> dict[str, str]:
    """What the queue keeps of an error: the family's own shape, or the kind and text of a foreign one."""
    if isinstance(error, HoldfastError):
        return error.as_json()
    if isinstance(error, futures.BrokenExecutor):
        return {"error": "worker-died", "what": "The process that worked on it died (crash, kill or lack of memory)."}
    return {"error": type(error).__name__, "what": str(error)}


def may_pass(error: BaseException) -> bool:
    """Whether another try could fare better: not when the request or the source itself is at fault."""
    return not isinstance(error, UsageError | NotFound | Damaged)
