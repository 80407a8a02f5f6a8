"""A probe in its own process: crashes, hangs and gluttony stay there, and the next file is probed all the same."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from concurrent.futures import Future
from pathlib import Path

import pytest

from holdfast.errors import SourceMissing
from holdfast.media.isolation import Limits, ProbeWorker
from holdfast.media.probe import probe
from holdfast.model.technical import MediaInfo
from tests.media.hostile import by_name

pytestmark = pytest.mark.slow


def test_a_worker_answers_what_the_probe_answers_and_stays_for_the_next_file(plain_film: Path, mp4_film: Path):
    with ProbeWorker(work=by_name) as worker:
        answers = [worker.submit(path) for path in (plain_film, mp4_film, Path("pid"), Path("pid"))]
        first, second, one, other = (answer.result() for answer in answers)
    assert (first, second) == (probe(plain_film), probe(mp4_film))
    assert one.container == other.container != str(os.getpid())


def test_a_crash_is_a_warning_on_that_file_and_the_next_is_probed(
    plain_film: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
):
    hostile = tmp_path / "abort.mp4"
    hostile.write_bytes(b"1234")
    with ProbeWorker(work=by_name) as worker:
        crashed, after = worker.submit(hostile), worker.submit(plain_film)
        assert crashed.result().warnings == ("the process that read it broke down (SIGABRT)",)
        assert crashed.result().size_bytes == 4
        assert after.result().duration == 4
    assert capfd.readouterr() == ("", "")


def test_a_hang_is_stopped_after_the_time_that_the_size_allows(plain_film: Path):
    with ProbeWorker(Limits(base_s=1.5), by_name) as worker:
        warnings = worker.submit(Path("hang")).result().warnings
        assert warnings == ("reading it did not end within 2 s and was stopped",)
        assert not worker.submit(Path("hang")).result().is_media
        assert Limits().seconds_for(50 * 10**9) == 60 + 2500


@pytest.mark.skipif(sys.platform != "linux", reason="address space is bounded on Linux")
def test_a_file_that_asks_for_all_memory_gets_a_warning(plain_film: Path):
    with ProbeWorker(work=by_name) as worker:
        assert "more memory" in worker.submit(Path("glutton")).result().warnings[0]
        assert worker.submit(plain_film).result().is_media


def test_a_mistake_of_ours_is_a_warning_too(plain_film: Path):
    with ProbeWorker(work=by_name) as worker:
        assert "KeyError" in worker.submit(Path("raise")).result().warnings[0]


def test_an_error_about_the_path_comes_through(tmp_path: Path):
    with ProbeWorker(work=by_name) as worker:
        with pytest.raises(SourceMissing, match="gone"):
            worker.submit(Path("missing")).result()
        with pytest.raises(SourceMissing):
            worker.submit(tmp_path / "nothing.mp4").result()


def interrupted(worker: ProbeWorker, waiting: list[Future[MediaInfo]]) -> None:
    with worker:
        waiting += [worker.submit(Path("hang")), worker.submit(Path("pid"))]
        raise KeyboardInterrupt


@pytest.mark.parametrize("is_running", [False, True])
def test_leaving_by_an_exception_does_not_wait_for_a_hanging_file(is_running: bool):
    worker = ProbeWorker(Limits(base_s=300), by_name)
    if is_running:
        worker.submit(Path("pid")).result()
    waiting: list[Future[MediaInfo]] = []
    with pytest.raises(KeyboardInterrupt):
        interrupted(worker, waiting)
    assert waiting[0].cancelled() or waiting[0].result().warnings == ("reading it was stopped",)
    assert waiting[1].cancelled()


@pytest.mark.skipif(sys.platform == "win32", reason="signals of a terminal")
def test_ctrl_c_ends_the_program_and_its_worker_without_a_word_from_the_worker(tmp_path: Path):
    script = tmp_path / "program.py"
    script.write_text(
        "from pathlib import Path\n"
        "from holdfast.media.isolation import ProbeWorker\n"
        "from tests.media.hostile import by_name\n"
        "if __name__ == '__main__':\n"
        "    try:\n"
        "        with ProbeWorker(work=by_name) as worker:\n"
        "            print(worker.submit(Path('pid')).result().container, flush=True)\n"
        "            worker.submit(Path('hang')).result()\n"
        "    except KeyboardInterrupt:\n"
        "        print('stopped', flush=True)\n"
    )
    root = Path(__file__).parents[2]
    program = subprocess.Popen(
        [sys.executable, str(script)],
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(root)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert program.stdout is not None
    worker = int(program.stdout.readline())
    time.sleep(0.5)
    os.killpg(program.pid, signal.SIGINT)  # a terminal sends it to the whole group
    out, complaints = program.communicate(timeout=60)
    assert (out.strip(), complaints) == ("stopped", "")
    with pytest.raises(ProcessLookupError):
        os.kill(worker, 0)
