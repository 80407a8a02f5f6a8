"""Look at the place where the archive lives: what could lose data, what is left over, and the remedy of each.

The doctor changes nothing but a test file of its own in staging. It does not read the masters: that is `audit`.
"""

from __future__ import annotations

import os
import time
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from holdfast.actions.archive import Archive, desk_in_our_words
from holdfast.catalog import lists
from holdfast.errors import HoldfastError
from holdfast.model.time import now, parse_civil
from holdfast.ocfl.intake import write_checked

AUDIT_EVERY_DAYS = 90  # more often hardly helps, never is costly: docs/decisions, measured durability model
FEWEST_FREE_FILES = 10_000


class Level(StrEnum):
    """How serious it is."""

    FINE = "fine"
    NOTICE = "notice"
    PROBLEM = "problem"


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at: what was found, and what to do about it (empty if nothing)."""

    check: str
    level: Level
    what: str
    remedy: str = ""


def doctor(archive: Archive) -> list[Finding]:
    """All findings, in the order of the checks. A check that cannot be made is itself a problem."""
    findings: list[Finding] = []
    for check in CHECKS:
        name = check.__name__.strip("_").replace("_", " ")
        try:
            with desk_in_our_words(archive.folder):
                findings.extend(check(archive))
        except HoldfastError as error:
            what, _, remedy = error.sentences()
            findings.append(Finding(name, Level.PROBLEM, what, remedy))
        except OSError as error:
            what = f"it could not be looked at: {(error.strerror or str(error)).lower()}"
            findings.append(Finding(name, Level.PROBLEM, what, "Mend the cause (permissions, mount, device)."))
    return findings


def _disk_space(archive: Archive) -> Iterator[Finding]:
    space = archive.backend.space()
    reserve = archive.settings.space_reserve_bytes
    if space.free_bytes is None:
        yield Finding("disk space", Level.FINE, "this place does not tell how much is left")
        return
    gib = space.free_bytes / 1024**3
    if space.free_bytes < reserve:
        remedy = "Empty cache/ (it can be made again), move to a larger disk, or lower [doctor] space_reserve_gib."
        yield Finding("disk space", Level.PROBLEM, f"only {gib:.1f} GiB are free", remedy)
    else:
        yield Finding("disk space", Level.FINE, f"{gib:.1f} GiB are free")
    if space.free_files is not None and space.free_files < FEWEST_FREE_FILES:
        remedy = "Every asset takes about ten small files: free some, or move to a file system with more inodes."
        yield Finding("disk space", Level.PROBLEM, f"only {space.free_files} more files can be made", remedy)


def _durability(archive: Archive) -> Iterator[Finding]:
    """A file is written, made durable, dropped from the cache and read back, as every kept file is."""
    area = archive.backend.open_staging("doctor")
    try:
        begun = time.perf_counter()
        write_checked(archive.backend, f"{area}/probe", os.urandom(1024 * 1024))
        millis = (time.perf_counter() - begun) * 1000
        archive.backend.settle(area)
    finally:
        archive.backend.discard(area)
    if _is_in_memory(archive):
        remedy = "Move the archive to a disk: what is written here is gone with the next restart, however it was asked."
        yield Finding("durability", Level.PROBLEM, "this file system lives in memory", remedy)
    else:
        yield Finding("durability", Level.FINE, f"1 MiB written, synced and read back in {millis:.0f} ms")


def _is_in_memory(archive: Archive) -> bool:
    mounts = _mounts()
    folder = str(archive.folder)
    best = max((m for m in mounts if folder == m or folder.startswith(m.rstrip("/") + "/")), key=len, default="")
    return mounts.get(best) in ("tmpfs", "ramfs")


def _mounts() -> dict[str, str]:
    """Mount points and their kinds; empty where the system does not tell (macOS)."""
    try:
        with open("/proc/self/mounts", encoding="utf-8", errors="surrogateescape") as lines:  # noqa: PTH123
            parts = [line.split() for line in lines]
    except OSError:
        return {}
    return {part[1].replace("\\040", " "): part[2] for part in parts if len(part) > 2}


def _names(archive: Archive) -> Iterator[Finding]:
    """Whether names that differ in case or Unicode form stay apart. Holdfast's own names are safe either way."""
    area = archive.backend.open_staging("doctor")
    try:
        folder = archive.folder / area
        for name in ("case", unicodedata.normalize("NFC", "é")):
            (folder / name).touch()
        folds_case = (folder / "CASE").exists()
        folds_form = (folder / unicodedata.normalize("NFD", "é")).exists()
    finally:
        archive.backend.discard(area)
    folded = [word for word, is_so in (("case", folds_case), ("Unicode form", folds_form)) if is_so]
    if folded:
        what = f"this file system takes names that differ only in {' or '.join(folded)} for the same"
        remedy = "Nothing to do for the store, whose names are neutral; take care when you export with `get`."
        yield Finding("names", Level.NOTICE, what, remedy)
    else:
        yield Finding("names", Level.FINE, "names are kept apart by case and Unicode form")


def _clock(archive: Archive) -> Iterator[Finding]:
    moment = now()
    built = datetime(2026, 11, 1, tzinfo=UTC)
    remedy = "Set the clock (or turn on NTP): dates of keeping are evidence."
    if moment < built:
        yield Finding("clock", Level.PROBLEM, f"the clock says {moment:%Y-%m-%d}, before this program was made", remedy)
        return
    newest = None
    if archive.catalog.is_current():  # else there is nothing to compare with, and nothing is made here
        with archive.catalog.engine.connect() as connection:
            newest = lists.newest_change(connection)
    if newest and parse_civil(newest) > moment:
        what = f"the newest object is of {newest}, the clock says {moment:%Y-%m-%dT%H:%M:%SZ}"
        yield Finding("clock", Level.PROBLEM, what, remedy)
    else:
        yield Finding("clock", Level.FINE, f"the clock says {moment:%Y-%m-%d %H:%M} UTC")


def _locks(archive: Archive) -> Iterator[Finding]:
    """A lock ends with its process, so one that is held has a living holder: it is named."""
    holders = archive.backend.lock_holders()
    for holder in holders:
        remedy = "Wait, or end that process: its lock ends with it. There is never a lock file to remove."
        yield Finding("locks", Level.NOTICE, f"in use: {holder}", remedy)
    if not holders:
        yield Finding("locks", Level.FINE, "nobody else is at work here")


def _leftovers(archive: Archive) -> Iterator[Finding]:
    areas = archive.backend.abandoned_staging()
    if areas:
        what = f"unfinished writes of processes that were stopped: {len(areas)}"
        yield Finding("leftovers", Level.NOTICE, what, "The next holdfast add removes them; nothing kept is in them.")
    else:
        yield Finding("leftovers", Level.FINE, "no unfinished writes")


def _catalogue(archive: Archive) -> Iterator[Finding]:
    catalog = archive.catalog
    if not catalog.is_current():
        what = "it is missing, damaged, or of another version"
        yield Finding("catalogue", Level.NOTICE, what, "Make it anew: holdfast rebuild")
        return
    catalog.settle()
    stale = sum(1 for _ in catalog.stale_objects())
    if stale:
        what = f"objects on the disk that are not as the catalogue has them: {stale}"
        yield Finding("catalogue", Level.PROBLEM, what, "Make it anew: holdfast rebuild. Then: holdfast audit")
    with catalog.engine.connect() as connection:
        faults = lists.faulty_objects(connection)
        totals = lists.totals(connection)
    for object_id, fault in faults:
        yield Finding("catalogue", Level.PROBLEM, f"{object_id}: {fault}", "See what can be read: holdfast audit")
    if not (stale or faults):
        yield Finding("catalogue", Level.FINE, f"in step with the disk; assets: {totals.assets}")


def _last_audit(archive: Archive) -> Iterator[Finding]:
    if not archive.catalog.is_current():
        return
    with archive.catalog.engine.connect() as connection:
        summary = lists.check_summary(connection)
    if summary.gone:
        what = f"objects that were audited once and are gone, or cannot be read: {summary.gone}"
        remedy = "Bring them back from another copy of the archive, then: holdfast rebuild. Which: holdfast audit"
        yield Finding("last audit", Level.PROBLEM, what, remedy)
    if summary.failed:
        what = f"objects that failed their last check: {summary.failed}"
        remedy = "Add the same files again from another copy (that mends them), then: holdfast audit"
        yield Finding("last audit", Level.PROBLEM, what, remedy)
    if summary.never:
        what = f"assets that were never audited: {summary.never}"
        yield Finding("last audit", Level.NOTICE, what, "Audit them: holdfast audit --unchecked 90d")
    elif summary.oldest and (now() - parse_civil(summary.oldest)).days > AUDIT_EVERY_DAYS:
        what = f"the oldest check is of {summary.oldest[:10]}"
        yield Finding("last audit", Level.NOTICE, what, "Audit again: holdfast audit --unchecked 90d")
    elif summary.oldest and not summary.gone:
        yield Finding("last audit", Level.FINE, f"everything was checked since {summary.oldest[:10]}")


def _media(_: Archive) -> Iterator[Finding]:
    from holdfast.media.library import media_version

    version = media_version()
    if version is None:
        remedy = 'Install it for probing and access copies, in a copy of the repository: pip install ".[media]"'
        yield Finding("media", Level.NOTICE, "the optional part [media] is not installed", remedy)
        return
    yield Finding("media", Level.FINE, f"PyAV {version}")


CHECKS: tuple[Callable[[Archive], Iterator[Finding]], ...] = (
    _disk_space,
    _durability,
    _names,
    _clock,
    _locks,
    _leftovers,
    _catalogue,
    _last_audit,
    _media,
)
