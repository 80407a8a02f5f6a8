"""The server: one process with eight threads, on the archive's folder and nothing else.

Before it answers, the desk's tables are brought up to date, the catalogue is looked through, and comments that were
accepted enter the archive if a stop had kept them from it. The first start prints
a link by which the first curator makes an account; it works once.
"""

from __future__ import annotations

import os
import signal
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

from holdfast.actions.archive import Archive
from holdfast.errors import BadValue
from holdfast.show import site, working

THREADS = 8
WAITING_CONNECTIONS = 512
GRACEFUL_S = 10
HERE = ("127.0.0.1", "::1", "0.0.0.0", "::")  # noqa: S104 (addresses at which this machine reaches itself)


def prepare(folder: Path, *, hosts: tuple[str, ...] = ()) -> str | None:
    """Make the site of the archive in `folder` ready to answer; the path of the link for the first curator, if needed.

    Raises:
        NotAnArchive, StoreMissing, BadSettings, NewerArchive, ExtraMissing: see `site.set_up`.
        DamagedCache, CatalogRefused, StorageRefused: the catalogue or the desk cannot be used.
    """
    open_desk(folder, hosts=hosts).up_to_date_catalog()
    from holdfast.show.desk.contributing import let_go
    from holdfast.show.desk.publishing import publish_accepted
    from holdfast.show.first import first_path
    from holdfast.show.views.uploads import shelf

    let_go(shelf())
    publish_accepted()
    return first_path()


def open_desk(folder: Path, *, hosts: tuple[str, ...] = ()) -> Archive:
    """The archive in `folder`, Django set up for it and the desk's tables up to date. Raises as `site.set_up`."""
    from django.core.management import call_command

    archive = site.set_up(folder, hosts=hosts)
    call_command("migrate", interactive=False, verbosity=0)
    return archive


def check_place(address: str, port: int) -> None:
    """Make sure that nobody else answers there, and that we may, before anything is made ready.

    Raises:
        BadValue: another program has the port, it may not be had, or the address is none of this machine's.
    """
    try:
        family, kind, protocol, _, place = socket.getaddrinfo(address, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as listener:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(place)
    except OSError as error:
        found = f"{address}, port {port} ({error.strerror or error})"
        expected = f"one that nobody has, as --port {port + 1} (another holdfast serve may be running)"
        raise BadValue(name="the place to listen at", found=found, expected=expected) from error


def origin_here(address: str, port: int) -> str:
    """Where a browser on this machine finds the site that listens at this address; no slash at the end.

    This machine is called by its name and never by a number: browsers make passkeys for names alone, and to them
    `localhost` and `127.0.0.1` are two sites, of which one does not know who signed in at the other.
    """
    name = "localhost" if address in HERE else f"[{address}]" if ":" in address else address
    return f"http://{name}:{port}"


def serve(address: str, port: int, *, on_ready: Callable[[], None]) -> None:
    """Answer at this address until told to stop: by Ctrl-C, SIGTERM, or the end of the terminal, unless under nohup.

    `on_ready` is called when connections are taken.
    """
    from django.db import connections
    from gunicorn.app.base import BaseApplication

    class Site(BaseApplication):  # type: ignore[misc]
        """Gunicorn, told everything by us."""

        def load_config(self) -> None:
            """One worker: what is remembered is remembered once, and memory stays small."""
            for name, value in _options(address, port, ready).items():
                self.cfg.set(name, value)

        def load(self) -> Any:
            """The application, made in the worker."""
            application = site.application()
            working.begin()
            return application

    hanging_up = signal.getsignal(signal.SIGHUP)

    def ready() -> None:
        # To gunicorn it means to begin anew: a site that nobody can end any more. It has put that in place by now.
        signal.signal(signal.SIGHUP, hanging_up if hanging_up is signal.SIG_IGN else _end)
        on_ready()

    for connection in connections.all():  # none may be carried over into the worker
        connection.close()
    try:
        Site().run()
    except SystemExit as end:
        if end.code:  # else it was told to stop, and did
            raise


def _end(_number: int, _frame: object) -> None:
    os.kill(os.getpid(), signal.SIGTERM)


def _options(address: str, port: int, on_ready: Callable[[], None]) -> dict[str, Any]:
    host = f"[{address}]" if ":" in address else address
    return {
        "bind": f"{host}:{port}",
        "worker_class": "holdfast.show.worker.Threads",
        "workers": 1,
        "threads": THREADS,
        "backlog": WAITING_CONNECTIONS,
        "graceful_timeout": GRACEFUL_S,
        "timeout": 0,  # a worker that computes is not dead; threads do not stop each other
        "keepalive": 5,
        "loglevel": "error",
        "accesslog": None,  # who asked for what is nobody's business
        "when_ready": lambda _server: on_ready(),
        "worker_exit": lambda _server, _worker: working.end(),
        "control_socket_disable": True,
    }
