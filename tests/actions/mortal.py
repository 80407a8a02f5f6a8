"""The program `holdfast`, which dies by SIGKILL at one step of its work, in whichever of its processes that is.

    STEPS=file KILL_AT=7 python -m tests.actions.mortal restore ...

Every step is written to the file STEPS first. When one of its processes is to die, the one that started it dies too: so
it is when a machine stops, or an administrator kills a service. Bodies run in processes that import this module again.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Iterable, Iterator, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

from holdfast.actions import answers, archive
from holdfast.backends.disk import Disk
from holdfast.backends.local import LocalBackend
from holdfast.cli.main import main

STEPS, KILL_AT = "HOLDFAST_TEST_STEPS", "HOLDFAST_TEST_KILL_AT"
EVERY = 25  # frames of the film that is made
CHANGES = ("create", "write", "mkdir", "rename_new", "rename_over", "unlink", "rmdir")


def step(name: str) -> None:
    """One more step is done; die here if it is the one."""
    with Path(os.environ[STEPS]).open("a+b", buffering=0) as stream:
        stream.write(f"{name}\n".encode())
        stream.seek(0)
        count = stream.read().count(b"\n")
    if str(count) == os.environ.get(KILL_AT):
        parent = multiprocessing.parent_process()
        if parent is not None and parent.pid is not None:
            os.kill(parent.pid, signal.SIGKILL)
        os.kill(os.getpid(), signal.SIGKILL)


class MortalDisk(Disk):
    """Every change to the store is a step."""

    def __getattribute__(self, name: str) -> Any:
        if name in CHANGES:
            step(f"store {name}")
        return super().__getattribute__(name)


class MortalBackend(LocalBackend):
    def __init__(self, root: Path) -> None:
        super().__init__(root, MortalDisk())


def _keeping(self: answers.Answers, kind: str, asked: Mapping[str, Any], pieces: Iterable[bytes]) -> None:
    def told() -> Iterator[bytes]:
        yield from pieces
        step(f"half of {kind}")  # all of it is written, under its other name

    _keep(self, kind, asked, told())
    step(f"{kind} remembered")


def _making() -> None:
    from holdfast.restore.assemble import picture

    assemble: Any = import_module("holdfast.restore.assemble.assemble")  # its room has a function of that name
    made, loud, colors = picture.Screen.picture, assemble.loudness, assemble.colors

    def making(self: picture.Screen, number: int) -> Any:
        if number % EVERY == 0:
            step("a frame")
        return made(self, number)

    def heard(*args: Any) -> Any:
        step("to be heard")
        return loud(*args)

    def measured(*args: Any) -> Any:
        step("to be measured")
        return colors(*args)

    picture.Screen.picture = making  # type: ignore[method-assign]
    assemble.loudness, assemble.colors = heard, measured


_keep = answers.Answers.keep
if STEPS in os.environ:  # whoever only wants to know these names is not mortal
    answers.Answers.keep = _keeping  # type: ignore[method-assign]
    archive.LocalBackend = MortalBackend  # type: ignore[misc]
    if __name__ == "__mp_main__":  # a body runs here
        _making()

if __name__ == "__main__":
    main()
