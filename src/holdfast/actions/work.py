"""Make what waits to be made: access copies, by workers in processes of their own, until nothing is due.

A job that was being made when its worker was killed is taken up again as soon as its lease has run out. A film that
cannot be decoded fails its job after three tries and is named; the archive itself is not concerned.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import partial
from typing import Any

from holdfast.actions.access import KIND, make_access_job, plan_access, sweep_making
from holdfast.actions.archive import Archive
from holdfast.actions.watch import UNWATCHED, Watch

LEASE_S = 60.0
STALL_S = 600.0  # a body that tells no progress for so long hangs in a hostile file


@dataclass(frozen=True)
class Worked:
    """One job that ended: its master's logical path and asset, and the error if it failed."""

    asset: str
    file: str
    outcome: str
    error: str = ""


@dataclass(frozen=True)
class WorkReport:
    """How a run went, in jobs. `failed`: tried in this run, and not made at its end.

    `waiting` are left for later: tries to be repeated, or another worker's. `given_up` failed for good, in this run or
    before; `retry` would try them again.
    """

    done: int
    failed: int
    waiting: int
    given_up: int
    results: tuple[Worked, ...]


def work(archive: Archive, *, workers: int | None = None, retry: bool = False, watch: Watch = UNWATCHED) -> WorkReport:
    """Run jobs until none is due. Safe to interrupt, and to run in several terminals at once.

    Raises:
        ExtraMissing: the optional part [media] is not installed.
    """
    from holdfast.jobs.queue import Job, State
    from holdfast.jobs.workers import Turn, run
    from holdfast.media.library import need_media

    need_media("Making access copies")
    archive.up_to_date_catalog(watch)
    sweep_making(archive)
    plan_access(archive, retry=retry)
    queue = archive.queue
    counts = queue.counts()
    watch.begin("Making access copies", items=counts.get(State.WAITING, 0) + counts.get(State.RUNNING, 0))
    results: list[Worked] = []

    def told(turn: Turn, job: Job, progress: float) -> None:
        args: Any = job.args
        if turn is Turn.STARTED:
            watch.at(str(args["file"]))
        elif turn is Turn.PROGRESS:
            watch.at(f"{args['file']} {progress:.0%}")
        elif turn in (Turn.DONE, Turn.FAILED):
            error = (queue.get(job.kind, job.key) or job).error or {}
            asset = str(args["object"]).rpartition(":")[2]
            results.append(Worked(asset, str(args["file"]), turn.value, str(error.get("what", ""))))
            watch.done(results[-1])

    run(
        queue,
        {KIND: partial(make_access_job, str(archive.folder))},
        slots=workers or min(2, os.cpu_count() or 1),
        lease_s=LEASE_S,
        stall_s=STALL_S,
        on_turn=told,
    )
    counts = queue.counts()
    last = {(one.asset, one.file): one.outcome for one in results}
    return WorkReport(
        done=sum(outcome == Turn.DONE for outcome in last.values()),
        failed=sum(outcome == Turn.FAILED for outcome in last.values()),
        waiting=counts[State.WAITING] + counts[State.RUNNING],
        given_up=counts[State.FAILED],
        results=tuple(results),
    )
