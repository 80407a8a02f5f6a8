"""Probing in a process of its own, so that a hostile or broken file can never take the archive's program down.

FFmpeg is C code fed with files from anywhere. A crash, a hang, or a demand for all memory of the machine ends the
worker alone; the caller gets a `MediaInfo` whose warning says what happened, and the next file gets a new worker.

    with ProbeWorker() as worker:
        answers = [worker.submit(path) for path in paths]      # futures; probed one after another
        infos = [answer.result() for answer in answers]

The worker is started by `spawn` at the first file, so it inherits no lock, thread or open file. It ignores Ctrl-C:
the parent decides, and closes the pipe. A worker whose parent is gone ends by itself, by the closed pipe or, if it
hangs, by its own alarm.
"""

from __future__ import annotations

import contextlib
import math
import multiprocessing
import os
import signal
import sys
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from holdfast.errors import HoldfastError
from holdfast.media.probe import probe
from holdfast.model.technical import MediaInfo

_ALARM_GRACE_S = 30


@dataclass(frozen=True)
class Limits:
    """What one file may cost: `base_s` seconds plus one for every `bytes_per_s` bytes; `memory_bytes` of addresses."""

    base_s: float = 60
    bytes_per_s: int = 20_000_000
    memory_bytes: int = 4 * 1024**3

    def seconds_for(self, size_bytes: int) -> float:
        """How long a file of this size may take."""
        return self.base_s + size_bytes / self.bytes_per_s


class ProbeWorker:
    """A context in which files are probed by one separate process.

    Args:
        limits: of time and memory, for each file.
        work: what the process does with a path; importable by name.
    """

    def __init__(self, limits: Limits | None = None, work: Callable[[Path], MediaInfo] = probe) -> None:
        self._limits = limits or Limits()
        self._work = work
        self._context = multiprocessing.get_context("spawn")
        self._queue = ThreadPoolExecutor(max_workers=1, thread_name_prefix="probe")
        self._process: Any = None
        self._pipe: Connection | None = None
        self._bell, self._rope = self._context.Pipe(duplex=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is not None:
            self._rope.send(None)  # the thread waits for an answer that nobody wants any more
        self._queue.shutdown(wait=True, cancel_futures=kind is not None)
        self._stop()
        self._rope.close()
        self._bell.close()

    def submit(self, path: Path) -> Future[MediaInfo]:
        """The answer to come. Its `result` raises what the probe raises (SourceMissing, ExtraMissing), nothing else."""
        return self._queue.submit(self._ask, path)

    def _ask(self, path: Path) -> MediaInfo:
        try:
            size = path.stat().st_size
        except OSError:
            size = 0  # the probe itself says what is wrong with the path
        seconds = self._limits.seconds_for(size)
        try:
            pipe = self._pipe or self._start()
            pipe.send((path, seconds))
            ready = wait([pipe, self._bell], seconds)
            if pipe not in ready:
                self._stop(grace_s=0)
                reason = "was stopped" if ready else f"did not end within {seconds:.0f} s and was stopped"
                return _lost(size, f"reading it {reason}")
            answer = pipe.recv()
        except (EOFError, OSError):
            return _lost(size, f"the process that read it broke down ({self._stop()})")
        if isinstance(answer, HoldfastError):
            raise answer
        return answer if isinstance(answer, MediaInfo) else _lost(size, str(answer))

    def _start(self) -> Connection:
        ours, theirs = self._context.Pipe()
        self._process = self._context.Process(
            target=_serve, args=(theirs, self._work, self._limits), name="holdfast-probe", daemon=True
        )
        self._process.start()
        theirs.close()  # or its end would stay open when the worker dies, and we would wait for ever
        self._pipe = ours
        return ours

    def _stop(self, grace_s: float = 1) -> str:
        """End the process, by force after `grace_s`; says how it ended."""
        if self._process is None:
            return ""
        if self._pipe:
            self._pipe.close()  # a worker that waits for the next file ends by itself
        self._process.join(timeout=grace_s)
        if self._process.is_alive():
            self._process.kill()
            self._process.join()
        code = self._process.exitcode
        self._process.close()
        self._process = self._pipe = None
        return _ending(code)


def _ending(code: int | None) -> str:
    if code is not None and code < 0:
        with contextlib.suppress(ValueError):
            return signal.Signals(-code).name
    return f"exit code {code}"


def _lost(size: int, reason: str) -> MediaInfo:
    return MediaInfo("", size, warnings=(reason,))


# --------------------------------------------------------------------------------------------- in the worker


def _serve(pipe: Connection, work: Callable[[Path], MediaInfo], limits: Limits) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _be_quiet()
    _bound_memory(limits.memory_bytes)
    while True:
        try:
            path, seconds = pipe.recv()
        except (EOFError, OSError):
            return
        # Should the parent be gone while FFmpeg hangs: the kernel ends us, no code of ours has to run.
        if hasattr(signal, "alarm"):
            signal.alarm(math.ceil(seconds) + _ALARM_GRACE_S)
        answer = _answer(work, path)
        try:
            pipe.send(answer)
        except OSError:
            return


def _answer(work: Callable[[Path], MediaInfo], path: Path) -> MediaInfo | HoldfastError | str:
    try:
        return work(path)
    except HoldfastError as error:
        return error
    except MemoryError:
        return "reading it took more memory than a probe may have"
    except Exception as error:  # noqa: BLE001  whatever it is, it is told to the caller as a warning on this file
        return f"reading it failed in an unforeseen way ({type(error).__name__}: {error})"


def _be_quiet() -> None:
    """What the C library prints when it aborts is for developers; the parent's terminal is for its user."""
    silence = os.open(os.devnull, os.O_WRONLY)
    for stream in (1, 2):
        os.dup2(silence, stream)
    os.close(silence)


def _bound_memory(limit: int) -> None:
    if sys.platform == "win32":
        return
    import resource

    with contextlib.suppress(ValueError, OSError):  # a lower limit stands already
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
