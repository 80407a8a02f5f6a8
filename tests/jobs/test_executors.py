"""Executors of one worker each."""

from __future__ import annotations

import os
import threading
from concurrent.futures import BrokenExecutor

import pytest

from holdfast.jobs.executors import kill, processes, threads


def test_threads_run_the_body_in_another_thread_of_this_process() -> None:
    with threads() as executor:
        assert executor.submit(os.getpid).result() == os.getpid()
        assert executor.submit(threading.get_ident).result() != threading.get_ident()


@pytest.mark.slow
def test_processes_run_every_body_in_one_other_process_which_can_be_killed() -> None:
    with processes() as executor:
        pid = executor.submit(os.getpid).result()
        assert pid != os.getpid()
        assert executor.submit(os.getpid).result() == pid
        kill(executor)
        with pytest.raises(BrokenExecutor):
            executor.submit(os.getpid).result()
