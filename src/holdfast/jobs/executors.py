"""Where bodies run: executors of exactly one worker each, so that a death is charged to one job only."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Mapping
from concurrent import futures
from typing import Any

MakeExecutor = Callable[[], futures.Executor]


def threads() -> futures.Executor:
    """An executor of one thread: for light bodies and for tests."""
    return futures.ThreadPoolExecutor(1)


def processes() -> futures.Executor:
    """An executor of one fresh process: for bodies that read hostile files, so that a crash in C code is theirs alone.

    Spawned, not forked: a fork of a process with threads may hang.
    """
    return futures.ProcessPoolExecutor(1, multiprocessing.get_context("spawn"), initializer=_be_a_worker)


def _be_a_worker() -> None:
    """Ctrl-C is the parent's business; and when the parent is killed, its workers must not live on."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_die_with, args=(parent,), daemon=True).start()


def _die_with(parent: multiprocessing.process.BaseProcess) -> None:
    parent.join()
    os._exit(1)


def kill(executor: futures.Executor | None) -> None:
    """Kills the processes of a process pool; a thread cannot be killed and is left to end by itself."""
    # Python 3.14 has `kill_workers`; before it, the pool's own list is the only way to its processes.
    children: Mapping[int, Any] = getattr(executor, "_processes", None) or {}
    for process in list(children.values()):
        process.kill()
