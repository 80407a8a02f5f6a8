"""Workers with real threads, real processes and real kills."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from holdfast.jobs.executors import processes, threads
from holdfast.jobs.queue import Job, Queue, State, sqlite_engine
from holdfast.jobs.workers import Turn, run
from tests.jobs import bodies

HANDLERS = {
    "count": bodies.count,
    "wait": bodies.wait_to_be_stopped,
    "wait once": bodies.wait_once,
    "crash once": bodies.crash_once,
    "tell": bodies.tell_half,
    "refuse": bodies.refuse_source,
    "stumble": bodies.stumble,
}
REPO = Path(__file__).parents[2]


@pytest.fixture
def queue(tmp_path: Path) -> Iterator[Queue]:
    engine = sqlite_engine(tmp_path / "jobs.db")
    yield Queue(engine, backoff_s=0.0)
    engine.dispose()


def only(queue: Queue) -> Job:
    (job,) = queue.listing()
    return job


def wait_for(what: Callable[[], bool]) -> None:
    end = time.monotonic() + 20
    while not what():
        assert time.monotonic() < end, "it never happened"
        time.sleep(0.01)


def test_every_job_is_done_once_and_its_result_is_kept(queue: Queue, tmp_path: Path) -> None:
    for n in range(20):
        queue.put("count", str(n), {"n": n, "log": str(tmp_path / "log")})
    assert run(queue, HANDLERS, threads).done == 20
    assert sorted(map(int, (tmp_path / "log").read_text().split())) == list(range(20))
    assert [job.result for job in queue.listing()] == [{"n": n} for n in range(20)]


def test_an_error_that_would_come_back_is_not_tried_again(queue: Queue) -> None:
    queue.put("refuse", "a", {})
    assert run(queue, HANDLERS, threads).failed == 1
    assert (only(queue).state, only(queue).error) == (
        State.FAILED,
        {
            "error": "HF-D005",
            "what": "film.mp4 is empty (0 bytes).",
            "holds": "There was nothing to keep.",
            "next": "Find out whether its copying was cut short, and add the whole file.",
        },
    )


def test_another_error_is_tried_again_until_the_tries_are_used_up(queue: Queue) -> None:
    queue.put("stumble", "a", {})
    assert run(queue, HANDLERS, threads).failed == queue.max_tries
    assert only(queue).error == {"error": "RuntimeError", "what": "the disk was away"}


def test_progress_told_by_the_body_reaches_the_watcher(queue: Queue) -> None:
    queue.put("tell", "a", {})
    seen: list[tuple[Turn, float]] = []
    run(queue, HANDLERS, threads, poll_s=0.02, on_turn=lambda turn, _job, progress: seen.append((turn, progress)))
    assert seen == [(Turn.STARTED, 0.0), (Turn.PROGRESS, 0.5), (Turn.DONE, 1.0)]


def test_a_run_that_is_told_to_stop_gives_its_job_back_untried(queue: Queue, tmp_path: Path) -> None:
    queue.put("wait", "a", {"begun": str(tmp_path / "begun")})
    stop = threading.Event()

    def stop_when_begun() -> None:
        wait_for((tmp_path / "begun").exists)
        stop.set()

    helper = threading.Thread(target=stop_when_begun)
    helper.start()
    tally = run(queue, HANDLERS, threads, stop=stop, poll_s=0.02)
    helper.join()
    assert tally.released == 1
    assert (only(queue).state, only(queue).tries) == (State.WAITING, 0)


def test_a_body_whose_job_was_started_over_is_stopped_and_changes_nothing(queue: Queue, tmp_path: Path) -> None:
    queue.put("wait", "a", {"begun": str(tmp_path / "begun")})

    def start_over() -> None:
        wait_for((tmp_path / "begun").exists)
        queue.put("wait", "a", {"begun": "elsewhere"}, again=True)
        queue.claim("somebody else", 60, ["wait"])

    helper = threading.Thread(target=start_over)
    helper.start()
    tally = run(queue, HANDLERS, threads, poll_s=0.02, lease_s=0.3)
    helper.join()
    assert tally.lost == 1
    assert (only(queue).state, only(queue).worker) == (State.RUNNING, "somebody else")


@pytest.mark.slow
def test_a_worker_process_that_crashes_is_one_failed_try_and_not_the_end(queue: Queue, tmp_path: Path) -> None:
    queue.put("crash once", "a", {"crashed": str(tmp_path / "crashed")})
    queue.put("count", "b", {"n": 1, "log": str(tmp_path / "log")})
    tally = run(queue, HANDLERS, processes, poll_s=0.05)
    assert (tally.done, tally.failed) == (2, 1)
    assert [job.tries for job in queue.listing()] == [2, 1]


@pytest.mark.slow
def test_a_worker_process_killed_in_the_middle_has_its_job_done_by_another(queue: Queue, tmp_path: Path) -> None:
    begun = tmp_path / "begun"
    queue.put("wait once", "a", {"begun": str(begun)})

    def kill_when_begun() -> None:
        wait_for(lambda: begun.exists() and begun.read_text() != "")
        os.kill(int(begun.read_text()), signal.SIGKILL)

    helper = threading.Thread(target=kill_when_begun)
    helper.start()
    tally = run(queue, HANDLERS, processes, poll_s=0.05)
    helper.join()
    assert (tally.failed, tally.done, only(queue).result) == (1, 1, {"again": True})


@pytest.mark.slow
def test_a_stuck_worker_process_is_killed_and_its_job_tried_again(queue: Queue, tmp_path: Path) -> None:
    queue.put("wait once", "a", {"begun": str(tmp_path / "begun")})
    tally = run(queue, HANDLERS, processes, slots=1, poll_s=0.05, stall_s=6)
    assert (tally.failed, tally.done) == (1, 1)


RUNNER = """
import sys
from pathlib import Path
from holdfast.jobs.executors import processes
from holdfast.jobs.queue import Queue, sqlite_engine
from holdfast.jobs.workers import run
from tests.jobs import bodies
if __name__ == "__main__":
    queue = Queue(sqlite_engine(Path(sys.argv[1])))
    handlers = {"count": bodies.count, "wait": bodies.wait_to_be_stopped, "wait once": bodies.wait_once}
    run(queue, handlers, processes, slots=int(sys.argv[2]), lease_s=1.0, poll_s=0.05)
"""


def start_runner(tmp_path: Path, slots: int = 1) -> subprocess.Popen[bytes]:
    script = tmp_path / "runner.py"
    script.write_text(RUNNER)
    environment = {**os.environ, "PYTHONPATH": str(REPO)}
    return subprocess.Popen([sys.executable, str(script), str(tmp_path / "jobs.db"), str(slots)], env=environment)


def is_alive(pid: int) -> bool:
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except FileNotFoundError:
        return False
    return stat.rsplit(")", 1)[1].split()[0] != "Z"


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks at processes through /proc")
def test_a_whole_run_killed_with_9_leaves_no_process_and_its_job_is_taken_up_again(
    queue: Queue, tmp_path: Path
) -> None:
    begun = tmp_path / "begun"
    queue.put("wait once", "a", {"begun": str(begun)})
    with start_runner(tmp_path) as runner:
        wait_for(lambda: begun.exists() and begun.read_text() != "")
        runner.kill()
        runner.wait()
    wait_for(lambda: not is_alive(int(begun.read_text())))
    assert only(queue).state is State.RUNNING
    wait_for(lambda: run(queue, HANDLERS, threads).done == 1)
    assert (only(queue).state, only(queue).tries) == (State.DONE, 2)


@pytest.mark.slow
def test_ctrl_c_gives_the_job_back_untried(queue: Queue, tmp_path: Path) -> None:
    begun = tmp_path / "begun"
    queue.put("wait", "a", {"begun": str(begun)})
    with start_runner(tmp_path) as runner:
        wait_for(begun.exists)
        runner.send_signal(signal.SIGINT)
        runner.wait(20)
    assert (only(queue).state, only(queue).tries) == (State.WAITING, 0)


@pytest.mark.slow
def test_two_runs_at_once_do_a_hundred_jobs_exactly_once(queue: Queue, tmp_path: Path) -> None:
    for n in range(100):
        queue.put("count", str(n), {"n": n, "log": str(tmp_path / "log")})
    with start_runner(tmp_path) as one, start_runner(tmp_path) as other:
        assert (one.wait(60), other.wait(60)) == (0, 0)
    assert sorted(map(int, (tmp_path / "log").read_text().split())) == list(range(100))
    assert queue.counts()[State.DONE] == 100
