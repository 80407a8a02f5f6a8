"""Bookkeeping of jobs: who holds which, for how long, and what a killed worker leaves."""

from __future__ import annotations

import threading
from pathlib import Path

from holdfast.jobs.queue import Job, Queue, State, sqlite_engine
from tests.jobs.conftest import Clock


def claim(queue: Queue, worker: str = "w", lease_s: float = 60) -> Job:
    job = queue.claim(worker, lease_s, ["film"])
    assert job is not None
    return job


def state(queue: Queue, key: str = "a") -> State:
    job = queue.get("film", key)
    assert job is not None
    return job.state


def test_putting_a_job_twice_is_putting_it_once(queue: Queue) -> None:
    first = queue.put("film", "a", {"n": 1})
    assert queue.put("film", "a", {"n": 2}) == first
    assert queue.counts() == {State.WAITING: 1, State.RUNNING: 0, State.DONE: 0, State.FAILED: 0}


def test_the_same_key_of_another_kind_is_another_job(queue: Queue) -> None:
    assert queue.put("film", "a", {}).id != queue.put("sound", "a", {}).id


def test_a_done_job_put_again_stays_done_unless_that_is_asked_for(queue: Queue) -> None:
    queue.put("film", "a", {})
    queue.finish(claim(queue), {"files": 3})
    done = queue.put("film", "a", {})
    assert (done.state, done.result) == (State.DONE, {"files": 3})
    anew = queue.put("film", "a", {"n": 2}, again=True)
    assert (anew.state, anew.result, anew.args, anew.tries) == (State.WAITING, None, {"n": 2}, 0)


def test_a_failed_job_put_again_waits_again(queue: Queue) -> None:
    queue.put("film", "a", {})
    queue.fail(claim(queue), {"error": "x"}, retry=False)
    assert queue.put("film", "a", {}).state is State.WAITING


def test_jobs_are_taken_by_priority_and_then_in_the_order_they_came(queue: Queue) -> None:
    for key, priority in (("a", 0), ("b", 5), ("c", 0)):
        queue.put("film", key, {}, priority=priority)
    assert [claim(queue).key for _ in range(3)] == ["b", "a", "c"]
    assert queue.claim("w", 60, ["film"]) is None


def test_a_worker_gets_only_jobs_of_the_kinds_it_knows(queue: Queue) -> None:
    queue.put("film", "a", {})
    assert queue.claim("w", 60, ["sound"]) is None


def test_a_job_whose_lease_ran_out_is_taken_again(queue: Queue, clock: Clock) -> None:
    queue.put("film", "a", {})
    claim(queue, "killed")
    clock.now += 59
    assert queue.claim("other", 60, ["film"]) is None
    clock.now += 2
    again = claim(queue, "other")
    assert (again.worker, again.tries) == ("other", 2)


def test_a_heartbeat_keeps_the_lease(queue: Queue, clock: Clock) -> None:
    queue.put("film", "a", {})
    job = claim(queue)
    clock.now += 59
    assert queue.heartbeat(job, 60, 0.25)
    clock.now += 59
    assert queue.claim("other", 60, ["film"]) is None
    kept = queue.get("film", "a")
    assert kept is not None
    assert kept.progress == 0.25


def test_a_worker_that_slept_through_its_lease_cannot_finish_fail_or_release_the_job(
    queue: Queue, clock: Clock
) -> None:
    queue.put("film", "a", {})
    late = claim(queue, "w")
    clock.now += 61
    new = claim(queue, "w")  # even under the same name
    assert not queue.heartbeat(late, 60)
    assert not queue.finish(late, {"from": "late"})
    assert not queue.fail(late, {"error": "late"}, retry=True)
    assert not queue.release(late)
    assert queue.finish(new, {"from": "new"})
    job = queue.get("film", "a")
    assert job is not None
    assert job.result == {"from": "new"}


def test_a_job_started_over_is_lost_to_the_worker_that_is_at_it(queue: Queue) -> None:
    queue.put("film", "a", {})
    job = claim(queue)
    queue.put("film", "a", {"recipe": 2}, again=True)
    assert not queue.finish(job, {})
    assert claim(queue).args == {"recipe": 2}


def test_a_failed_try_waits_longer_each_time_and_the_last_one_fails_the_job(queue: Queue, clock: Clock) -> None:
    queue.put("film", "a", {})
    for pause in (10, 20):
        assert queue.fail(claim(queue), {"error": "x"}, retry=True)
        clock.now += pause - 1
        assert queue.claim("w", 60, ["film"]) is None
        clock.now += 1
    queue.fail(claim(queue), {"error": "x"}, retry=True)
    assert state(queue) is State.FAILED


def test_a_job_that_killed_its_worker_every_time_is_not_tried_for_ever(queue: Queue, clock: Clock) -> None:
    queue.put("film", "a", {})
    for _ in range(queue.max_tries):
        claim(queue)
        clock.now += 61
    assert queue.claim("w", 60, ["film"]) is None
    job = queue.get("film", "a")
    assert job is not None
    assert (job.state, (job.error or {})["error"]) == (State.FAILED, "worker-lost")


def test_a_released_job_waits_at_once_and_has_lost_no_try(queue: Queue) -> None:
    queue.put("film", "a", {})
    queue.release(claim(queue))
    assert claim(queue).tries == 1


def test_a_forgotten_job_is_gone_and_cannot_be_finished(queue: Queue) -> None:
    queue.put("film", "a", {})
    job = claim(queue)
    queue.forget("film", "a")
    assert not queue.finish(job, {})
    assert queue.listing() == []


def test_a_listing_can_be_narrowed_by_state_and_kind(queue: Queue) -> None:
    for kind, key in (("film", "a"), ("film", "b"), ("sound", "a")):
        queue.put(kind, key, {})
    queue.finish(claim(queue), {})
    assert [job.key for job in queue.listing(state=State.DONE)] == ["a"]
    assert [job.key for job in queue.listing(kind="film", state=State.WAITING)] == ["b"]
    assert len(queue.listing(limit=2)) == 2


def test_threads_that_claim_at_the_same_time_never_get_the_same_job(tmp_path: Path) -> None:
    engine = sqlite_engine(tmp_path / "jobs.db")
    queue = Queue(engine)
    for n in range(60):
        queue.put("film", str(n), {})
    taken: list[str] = []

    def work() -> None:
        while job := queue.claim("w", 60, ["film"]):
            taken.append(job.key)
            queue.finish(job, {})

    crew = [threading.Thread(target=work) for _ in range(4)]
    for thread in crew:
        thread.start()
    for thread in crew:
        thread.join()
    engine.dispose()
    assert sorted(taken, key=int) == [str(n) for n in range(60)]
