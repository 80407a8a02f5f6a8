"""A table of jobs that survives its workers.

The rules:
- a job is named by its kind and key; putting it twice is putting it once;
- a worker holds a job only for the length of its lease and must renew it (`heartbeat`). Whoever is killed with -9
  renews nothing, so the next `claim` after the lease takes the job up again;
- every claim raises the job's `fence`. Only the holder of the newest fence may renew, finish or fail the job:
  a worker that slept through its lease cannot overwrite the result of its successor;
- a job is tried at most `max_tries` times. A worker that dies counts as a try (a hostile film must not kill workers
  for ever), a worker that was asked to stop does not.

A claim is one conditional UPDATE, which both SQLite and PostgreSQL decide for exactly one of several workers.
Bodies must be idempotent: a job may run again after a body had nearly finished.

    queue = Queue(sqlite_engine(folder / "jobs.db"))
    queue.put("access", "sha512:ab12…", {"source": "…"})
    job = queue.claim("worker-1", lease_s=60, kinds=["access"])
    queue.finish(job, {"files": 9})
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

Clock = Callable[[], float]
Json = Mapping[str, Any]

_metadata = sa.MetaData()

# Moments are seconds since 1970 on the wall clock: the only clock that several machines share.
_jobs = sa.Table(
    "job",
    _metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("kind", sa.String, nullable=False),
    sa.Column("key", sa.String, nullable=False),
    sa.Column("args", sa.JSON, nullable=False),
    sa.Column("state", sa.String, nullable=False),
    sa.Column("priority", sa.Integer, nullable=False),
    sa.Column("tries", sa.Integer, nullable=False),
    sa.Column("fence", sa.Integer, nullable=False),
    sa.Column("worker", sa.String, nullable=False),
    sa.Column("not_before", sa.Float, nullable=False),
    sa.Column("lease_until", sa.Float),
    sa.Column("heartbeat", sa.Float),
    sa.Column("progress", sa.Float, nullable=False),
    sa.Column("result", sa.JSON(none_as_null=True)),
    sa.Column("error", sa.JSON(none_as_null=True)),
    sa.Column("created", sa.Float, nullable=False),
    sa.Column("updated", sa.Float, nullable=False),
    sa.UniqueConstraint("kind", "key"),
    sa.Index("job_by_state", "state", "priority", "id"),
)


class State(StrEnum):
    """Where a job stands."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True)
class Job:
    """A job as it stood when it was read. `progress` is 0 to 1; moments are seconds since 1970."""

    id: int
    kind: str
    key: str
    args: Json
    state: State
    priority: int
    tries: int
    fence: int
    worker: str
    not_before: float
    lease_until: float | None
    heartbeat: float | None
    progress: float
    result: Json | None
    error: Json | None
    created: float
    updated: float


def sqlite_engine(path: Path) -> sa.Engine:
    """An engine on a SQLite file that several processes may write to at the same time.

    WAL lets readers read on; every transaction begins IMMEDIATE, because one that begins as a reader and then wants
    to write is refused at once when another has written between, no matter how long it would be willing to wait.
    """
    engine = sa.create_engine(f"sqlite:///{path}")

    @sa.event.listens_for(engine, "connect")
    def _set_up(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # the driver's own BEGIN would be a deferred one
        for pragma in ("busy_timeout=30000", "journal_mode=WAL", "synchronous=NORMAL", "secure_delete=ON"):
            connection.execute(f"PRAGMA {pragma}")

    @sa.event.listens_for(engine, "begin")
    def _begin(connection: sa.Connection) -> None:
        reading = connection.get_execution_options().get("reading", False)
        connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")

    return engine


class Queue:
    """The jobs in one database. Safe to share between threads; each process opens its own.

    A failed try is repeated after `backoff_s`, then twice, four times ... as long, at most an hour.
    """

    def __init__(
        self, engine: sa.Engine, *, clock: Clock = time.time, max_tries: int = 3, backoff_s: float = 10.0
    ) -> None:
        self._engine = engine
        self._clock = clock
        self.max_tries = max_tries
        self.backoff_s = backoff_s
        _metadata.create_all(engine)

    def put(self, kind: str, key: str, args: Json, *, priority: int = 0, again: bool = False) -> Job:
        """The job of that kind and key, put into the row if it is new or had failed.

        A waiting, running or done job is left alone, unless `again`: then it starts over with the new args, and a
        worker that is at it now has lost it. Higher `priority` goes first, then who came first.
        """
        now = self._clock()
        fresh = {
            "args": dict(args), "state": State.WAITING, "priority": priority, "tries": 0, "worker": "",
            "not_before": now, "lease_until": None, "heartbeat": None, "progress": 0.0, "result": None,
            "error": None, "updated": now,
        }  # fmt: skip
        try:
            with self._engine.begin() as connection:
                connection.execute(_jobs.insert().values(kind=kind, key=key, fence=0, created=now, **fresh))
        except IntegrityError:
            may_restart = sa.true() if again else _jobs.c.state == State.FAILED
            self._update(_named(kind, key), may_restart, fence=_jobs.c.fence + 1, **fresh)
        job = self.get(kind, key)
        assert job is not None  # nothing deletes a job but `forget`
        return job

    def get(self, kind: str, key: str) -> Job | None:
        """The job of that kind and key, or None."""
        found = self._read(sa.select(_jobs).where(_named(kind, key)))
        return found[0] if found else None

    def forget(self, kind: str, key: str) -> None:
        """Removes a job from the table, whatever its state; its worker, if any, has lost it."""
        with self._engine.begin() as connection:
            connection.execute(_jobs.delete().where(_named(kind, key)))

    def claim(self, worker: str, lease_s: float, kinds: Iterable[str]) -> Job | None:
        """The next job that is due, now held by `worker` for `lease_s` seconds; None when nothing is due.

        Due is what waits and has no backoff left, and what runs on an expired lease.
        """
        now = self._clock()
        self._bury(now)
        due = sa.or_(
            sa.and_(_jobs.c.state == State.WAITING, _jobs.c.not_before <= now),
            sa.and_(_jobs.c.state == State.RUNNING, _jobs.c.lease_until < now),
        )
        first = (
            sa.select(_jobs.c.id)
            .where(due, _jobs.c.kind.in_(list(kinds)))
            .order_by(_jobs.c.priority.desc(), _jobs.c.id)
            .limit(1)
        )
        claim = (
            _jobs.update()
            # `due` is asked twice: on PostgreSQL two workers may pick the same row, and the second one must miss it.
            .where(_jobs.c.id == first.scalar_subquery(), due)
            .values(
                state=State.RUNNING, worker=worker, tries=_jobs.c.tries + 1, fence=_jobs.c.fence + 1,
                lease_until=now + lease_s, heartbeat=now, progress=0.0, updated=now,
            )
            .returning(_jobs)
        )  # fmt: skip
        while True:
            with self._engine.begin() as connection:
                row = connection.execute(claim).mappings().first()
                if row is not None:
                    return _job(row)
                if connection.execute(first).first() is None:
                    return None

    def heartbeat(self, job: Job, lease_s: float, progress: float = 0.0) -> bool:
        """Renews the lease. False when the job is no longer ours: the body should stop, its result is void."""
        now = self._clock()
        return self._update(
            _held(job), heartbeat=now, lease_until=now + lease_s, progress=min(max(progress, 0.0), 1.0), updated=now
        )

    def finish(self, job: Job, result: Json) -> bool:
        """Marks the job done. False, and nothing changed, when the job is no longer ours."""
        return self._update(
            _held(job), state=State.DONE, result=dict(result), error=None, lease_until=None, progress=1.0,
            updated=self._clock(),
        )  # fmt: skip

    def fail(self, job: Job, error: Json, *, retry: bool) -> bool:
        """Records a failed try: waiting again after a while if `retry` and a try is left, else failed for good.

        False, and nothing changed, when the job is no longer ours.
        """
        now = self._clock()
        again = retry and job.tries < self.max_tries
        pause_s = min(self.backoff_s * 2 ** (job.tries - 1), 3600.0)
        return self._update(
            _held(job), state=State.WAITING if again else State.FAILED, error=dict(error), lease_until=None,
            not_before=now + pause_s if again else now, updated=now,
        )  # fmt: skip

    def release(self, job: Job) -> bool:
        """Gives a job back untried, for a worker that was asked to stop. False when it is no longer ours."""
        now = self._clock()
        return self._update(
            _held(job), state=State.WAITING, tries=_jobs.c.tries - 1, lease_until=None, worker="", progress=0.0,
            not_before=now, updated=now,
        )  # fmt: skip

    def counts(self) -> dict[State, int]:
        """How many jobs stand in each state (all four are named)."""
        query = sa.select(_jobs.c.state, sa.func.count()).group_by(_jobs.c.state)
        with self._engine.connect().execution_options(reading=True) as connection:
            found = {State(state): count for state, count in connection.execute(query)}
        return {state: found.get(state, 0) for state in State}

    def listing(self, *, state: State | None = None, kind: str | None = None, limit: int | None = None) -> list[Job]:
        """The jobs, in the order in which they would be taken; optionally only those of a state or kind."""
        query = sa.select(_jobs).order_by(_jobs.c.priority.desc(), _jobs.c.id).limit(limit)
        if state is not None:
            query = query.where(_jobs.c.state == state)
        if kind is not None:
            query = query.where(_jobs.c.kind == kind)
        return self._read(query)

    def _bury(self, now: float) -> None:
        """Fails the jobs whose last allowed try ended with the death of its worker."""
        dead = sa.and_(_jobs.c.state == State.RUNNING, _jobs.c.lease_until < now, _jobs.c.tries >= self.max_tries)
        error = {"error": "worker-lost", "what": f"its worker died or vanished, {self.max_tries} times"}
        self._update(dead, state=State.FAILED, error=error, lease_until=None, updated=now)

    def _update(self, *where: sa.ColumnElement[bool], **values: object) -> bool:
        with self._engine.begin() as connection:
            return connection.execute(_jobs.update().where(*where).values(**values)).rowcount > 0

    def _read(self, query: sa.Select[Any]) -> list[Job]:
        with self._engine.connect().execution_options(reading=True) as connection:
            return [_job(row) for row in connection.execute(query).mappings()]


def _named(kind: str, key: str) -> sa.ColumnElement[bool]:
    return sa.and_(_jobs.c.kind == kind, _jobs.c.key == key)


def _held(job: Job) -> sa.ColumnElement[bool]:
    return sa.and_(_jobs.c.id == job.id, _jobs.c.fence == job.fence, _jobs.c.state == State.RUNNING)


def _job(row: sa.RowMapping) -> Job:
    fields: dict[str, Any] = {**row}
    fields["state"] = State(fields["state"])
    return Job(**fields)
