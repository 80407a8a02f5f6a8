"""The archive that this process shows, and Django set up for it. One process shows one archive.

    site.set_up(folder)
    application = site.application()

Several threads answer at once. They share the open archive; every one of them reads the catalogue through a connection
of its own, for the length of a `with` block.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import time
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from holdfast.actions.archive import Archive
from holdfast.errors import ExtraMissing, StorageRefused
from holdfast.model.time import now

if TYPE_CHECKING:
    from sqlalchemy import Connection

SECRET_FILE = "desk.secret"  # noqa: S105 (a name)
SECRET_BYTES = 48

LOOK_EVERY_S = 2.0

_open: list[Archive] = []
_next_look = [0.0]


def need_show(deed: str) -> None:
    """Make sure that what the site is built on can be imported. Raises ExtraMissing."""
    for module in ("django", "allauth", "fido2", "gunicorn", "markdown_it", "ninja", "whitenoise"):
        if find_spec(module) is None:  # to import them is too early: some want Django's settings at once
            raise ExtraMissing(deed=deed, extra="show", missing=module)


def set_up(folder: Path, *, hosts: tuple[str, ...] = ()) -> Archive:
    """Open the archive in `folder` and make Django ready to show it; once in a process.

    Raises:
        NotAnArchive, StoreMissing, BadSettings, NewerArchive: there is none that can be opened.
        ExtraMissing: the optional part [show] is not installed.
    """
    need_show("Showing an archive")
    import django
    from django.conf import settings

    from holdfast.show.settings import settings_for

    archive = show_archive(Archive.open(folder))
    settings.configure(**settings_for(folder, archive.settings, secret=secret_of(folder), hosts=hosts))
    django.setup()
    return archive


def application() -> Any:
    """The site as a WSGI application."""
    from django.core.wsgi import get_wsgi_application

    return get_wsgi_application()


def show_archive(archive: Archive) -> Archive:
    """From now on this is the archive that is shown."""
    _open[:] = [archive]
    _next_look[0] = 0.0
    return archive


def archive() -> Archive:
    """The archive that is shown."""
    return _open[0]


def archive_name() -> str:
    """What the archive is called: its name, else that of its custodian."""
    settings = archive().settings
    return settings.name or settings.custodian


@contextlib.contextmanager
def catalogue() -> Iterator[Connection]:
    """A connection to the catalogue, to read from.

    Raises:
        DamagedCache, CatalogRefused: it cannot be read.
    """
    _open_what_is_due()
    with archive().catalog.engine.connect() as connection:
        yield connection


def _open_what_is_due() -> None:
    """Open what the clock has opened; looked at every few seconds, for a page must not wait for it each time."""
    if time.monotonic() < _next_look[0]:
        return
    _next_look[0] = time.monotonic() + LOOK_EVERY_S
    catalog = archive().catalog
    due = catalog.next_opening()
    if due is not None and due <= now():
        catalog.open_what_is_due(now())


def secret_of(folder: Path) -> str:
    """What the sessions of this site are signed with: made at the first start, readable by its owner alone.

    Raises:
        StorageRefused: it can neither be read nor made.
    """
    path = folder / SECRET_FILE
    with contextlib.suppress(FileExistsError):
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            raise
        except OSError as error:
            raise StorageRefused(place=folder, name=SECRET_FILE, reason=error.strerror or str(error)) from error
        with os.fdopen(descriptor, "w") as stream:
            stream.write(secrets.token_urlsafe(SECRET_BYTES))
    try:
        return path.read_text("ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise StorageRefused(place=folder, name=SECRET_FILE, reason=str(error)) from error
