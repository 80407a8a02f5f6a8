"""The last step of the demo: the archive as a site that people open in a browser."""

from __future__ import annotations

import contextlib
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from urllib.parse import quote
from urllib.request import urlopen

FIRST_PORT, PORTS = 8000, 100
STARTING_S, ENDING_S = 60, 30


@contextlib.contextmanager
def site(command: list[str], address: str) -> Iterator[subprocess.Popen[bytes]]:
    """`holdfast serve`, once it answers at the address; it is told to stop at the end.

    Raises:
        SystemExit: it ended before it answered, or does not answer.
    """
    # Ctrl-C in a terminal goes to everybody there; a session of its own lets us end the site in our own time. So we are
    # the only ones who can: also when the terminal is closed, or somebody ends us.
    for ending in (signal.SIGHUP, signal.SIGTERM):
        signal.signal(ending, lambda number, _: sys.exit(128 + number))
    with subprocess.Popen(command, start_new_session=True) as process:
        try:
            wait_for(address, process)
            yield process
        finally:
            process.terminate()
            try:
                process.wait(timeout=ENDING_S)
            except (KeyboardInterrupt, subprocess.TimeoutExpired):  # it was asked once; nothing of it may stay behind
                process.kill()


def wait_for(address: str, process: subprocess.Popen[bytes]) -> None:
    """Until the address answers.

    Raises:
        SystemExit: the process ended, or does not answer in time.
    """
    last = time.monotonic() + STARTING_S
    while process.poll() is None:
        with contextlib.suppress(OSError), urlopen(address, timeout=STARTING_S):
            return
        if time.monotonic() > last:
            sys.exit(f"holdfast serve does not answer at {address}")
        time.sleep(0.1)
    sys.exit(f"holdfast serve ended with exit code {process.returncode} before it answered")


def free_port() -> int:
    """The first port from 8000 on that nobody has."""
    for port in range(FIRST_PORT, FIRST_PORT + PORTS):
        with socket.socket() as listener:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            with contextlib.suppress(OSError):
                listener.bind(("127.0.0.1", port))
                return port
    sys.exit(f"no port from {FIRST_PORT} to {FIRST_PORT + PORTS - 1} is free on this machine")


def pages(address: str, asset: str, words: str, say: Callable[[str], None]) -> None:
    """Open what a visitor opens first, and say where it stands: the home page, a work, a search for `words` if any.

    Raises:
        SystemExit: a page does not answer, or shows no work.
    """
    paths = {"the home page": "", "a work": f"w/{asset}"}
    if words:
        paths["a search"] = f"search?q={quote(words)}"
    for what, path in paths.items():
        try:
            with urlopen(address + path, timeout=STARTING_S) as answer:
                page = answer.read().decode("utf-8")
        except OSError as error:
            sys.exit(f"{what} does not answer: {address}{path}: {error}")
        if "/w/" not in page:
            sys.exit(f"{what} shows no work: {address}{path}")
        say(f"  {what:14} {address}{path}")


def stay(process: subprocess.Popen[bytes], archive: str, say: Callable[[str], None]) -> None:
    """Leave the site running for as long as somebody sits before the terminal; without a terminal it ends at once."""
    again = f"make serve ARCHIVE={archive}"
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        say(f"Nobody sits before a terminal here, so the site is ended again. To have it back: {again}")
        return
    say(f"The site runs until you press Ctrl-C. To have it back later: {again}")
    with contextlib.suppress(KeyboardInterrupt):
        process.wait()
