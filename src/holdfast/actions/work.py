"""Make what waits to be made, access copies and fingerprints, by workers in processes of their own.

A job that was being made when its worker was killed is taken up again as soon as its lease has run out. A film that
cannot be decoded fails its job after three tries and is named; the archive itself is not concerned.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from holdfast.actions import access, contributed, fingerprinting
from holdfast.actions.access import make_access_job, plan_access, sweep_making
from holdfast.actions.archive import Archive
from holdfast.actions.fingerprinting import fingerprint_job, keep_made, missing_part, plan_fingerprints
from holdfast.actions.watch import UNWATCHED, Watch
from holdfast.catalog.lists import Film, gone_masters
from holdfast.errors import HoldfastError

LEASE_S = 60.0
STALL_S = 600.0  # a body that tells no progress for so long hangs in a hostile file


@dataclass(frozen=True)
class Worked:
    """One job that ended: its master's logical path and asset, and the error if it failed. `made`: of what kind."""

    asset: str
    file: str
    outcome: str
    error: str = ""
    made: str = access.KIND


@dataclass(frozen=True)
class WorkReport:
    """How a run went: access copies `done`, films `fingerprinted`; `failed` of both, tried and not made at its end.

    `waiting` are left for later: tries to be repeated, or another worker's. `given_up` failed for good, in this run or
    before; `retry` would try them again.
    """

    done: int
    failed: int
    waiting: int
    given_up: int
    results: tuple[Worked, ...]
    fingerprinted: int = 0


def work(archive: Archive, *, workers: int | None = None, retry: bool = False, watch: Watch = UNWATCHED) -> WorkReport:
    """Run jobs until none is due. Safe to interrupt, and to run in several terminals at once.

    Raises:
        ExtraMissing: the optional part [media] is not installed.
    """
    from holdfast.actions.index import bring_up_to_date
    from holdfast.jobs.queue import Job, State
    from holdfast.jobs.workers import Turn, run
    from holdfast.media.library import need_media

    need_media("Making access copies")
    archive.up_to_date_catalog(watch)
    _keep_what_was_accepted(archive)
    sweep_making(archive)
    _forget_what_is_gone(archive)
    plan_access(archive, retry=retry)
    folder = str(archive.folder)
    handlers = {access.KIND: partial(make_access_job, folder)}
    if missing_part("Fingerprinting") is None:
        plan_fingerprints(archive, retry=retry)
        handlers[fingerprinting.KIND] = partial(fingerprint_job, folder)
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
            one = Worked(asset, str(args["file"]), turn.value, str(error.get("what", "")), job.kind)
            if turn is Turn.DONE and job.kind == fingerprinting.KIND:
                one = _kept(archive, one, str(args["digest"]))
            results.append(one)
            watch.done(one)

    run(
        queue,
        handlers,
        slots=workers or min(2, os.cpu_count() or 1),
        lease_s=LEASE_S,
        stall_s=STALL_S,
        on_turn=told,
    )
    counts = queue.counts()
    last = {(one.made, one.asset, one.file): one.outcome for one in results}
    fingerprinted = sum(key[0] == fingerprinting.KIND and outcome == Turn.DONE for key, outcome in last.items())
    if fingerprinted:
        bring_up_to_date(archive, watch)
    return WorkReport(
        done=sum(key[0] == access.KIND and outcome == Turn.DONE for key, outcome in last.items()),
        failed=sum(outcome == Turn.FAILED for outcome in last.values()),
        waiting=counts[State.WAITING] + counts[State.RUNNING],
        given_up=counts[State.FAILED],
        results=tuple(results),
        fingerprinted=fingerprinted,
    )


def _keep_what_was_accepted(archive: Archive) -> None:
    """Keep what curators have accepted of what was sent in; a running site does it by itself, and no harm is done."""
    from holdfast.jobs.workers import run

    slots = contributed.handlers(archive.folder)
    run(archive.queue, slots, slots=1, lease_s=contributed.LEASE_S, stall_s=contributed.STALL_S)


def _forget_what_is_gone(archive: Archive) -> None:
    """Take the jobs out that wait for masters which are lost: they would fail, again and again."""
    from holdfast.jobs.queue import State

    with archive.catalog.engine.connect() as connection:
        gone = gone_masters(connection)
    for film in gone:
        for kind, key in ((access.KIND, f"{film.digest}/{access.RECIPE}"), (fingerprinting.KIND, film.digest)):
            job = archive.queue.get(kind, key)
            if job is not None and job.state in (State.WAITING, State.FAILED):
                archive.queue.forget(kind, key)


def _kept(archive: Archive, one: Worked, digest: str) -> Worked:
    """Keep the fingerprint that a worker made; what hinders that fails the job, and the next run makes it again."""
    from holdfast.jobs.workers import Turn

    try:
        keep_made(archive, Film(one.asset, one.file, digest))
    except HoldfastError as error:
        return replace(one, outcome=Turn.FAILED.value, error=error.sentences()[0])
    except FileNotFoundError:
        pass  # another program ran the same job, and has kept it
    return one
