"""Light jobs of the site, done beside it: looking at what came in, and keeping what was accepted.

One thread waits for work and has it done in a process of its own, one job after another; a curator who accepts a file
need not run a command. Whatever takes hours (access copies, fingerprints) is left to `holdfast work`, which does these
jobs too if it comes first: the queue gives each to one of them.

The same thread tidies up: a site that runs for months must not wait for its next start to show what another process
left half done, or to remove what nobody came back for.
"""

from __future__ import annotations

import logging
import threading

from holdfast.actions import contributed
from holdfast.jobs.workers import run
from holdfast.show import site

LOOK_EVERY_S = 60.0  # for what another process put into the queue, and for what waits to be tried again
GRACE_S = 2.0
logger = logging.getLogger(__name__)
_wake, _stop = threading.Event(), threading.Event()


def begin() -> None:
    """Start the thread, once in a process."""
    _stop.clear()
    _wake.set()
    threading.Thread(target=_work, name="holdfast-working", daemon=True).start()


def end() -> None:
    """Let the thread end; a job that it was at goes back into the queue."""
    _stop.set()
    _wake.set()


def nudge() -> None:
    """Something was put into the queue."""
    _wake.set()


def tidy() -> None:
    """Look again at what stopped processes had begun to change, and remove uploads that have expired."""
    from holdfast.show.views.uploads import shelf

    site.archive().catalog.settle()
    shelf().sweep()


def _work() -> None:
    archive = site.archive()
    handlers = contributed.handlers(archive.folder)
    while not _stop.is_set():
        _wake.wait(LOOK_EVERY_S)
        _wake.clear()
        try:
            tidy()
            run(
                archive.queue,
                handlers,
                slots=1,
                lease_s=contributed.LEASE_S,
                stall_s=contributed.STALL_S,
                grace_s=GRACE_S,
                stop=_stop,
            )
        except Exception:  # the site goes on; what waits is tried at the next look
            logger.exception("what waits to be kept could not be worked on")
