"""Tell which works a film shows, and which seconds of them; a sound, a picture, a fingerprint likewise.

Each file is looked at in a process of its own, which asks the index where it lies on the disk: what comes back is only
the answer. A file that cannot be read is reported, and the rest goes on.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import Any

from holdfast.actions.apart import Apart
from holdfast.actions.archive import Archive
from holdfast.actions.fingerprinting import need_restore
from holdfast.actions.index import asset_and_file, bring_up_to_date, index_folder
from holdfast.actions.looking import FINGERPRINT, look_at
from holdfast.actions.recognizing import Recognition, recognized
from holdfast.actions.watch import UNWATCHED, Watch
from holdfast.catalog.lists import titles_of
from holdfast.errors import FileMissing, HoldfastError
from holdfast.formats.identification import match_record, number
from holdfast.jobs.line import Line
from holdfast.keep.gather import gather
from holdfast.model.match import Match

LOOKING = 0.9  # of the progress; the rest is asking the index


@dataclass(frozen=True)
class Recognized:
    """One work that a file shows: its asset, title and film, and the match with its segments."""

    asset: str
    title: str
    file: str
    match: Match

    @property
    def probability(self) -> float:
        """That the claim is right, 0 to 1."""
        return self.match.probability

    def as_record(self) -> dict[str, Any]:
        """As it stands in JSON."""
        return match_record(self.match, asset=self.asset, title=self.title, file=self.file)


@dataclass(frozen=True)
class Identified:
    """What one file shows. `matches` are claims, `doubtful` is for a person to decide; best first. Or the `error`."""

    path: Path
    duration: Fraction | None = None
    matches: tuple[Recognized, ...] = ()
    doubtful: tuple[Recognized, ...] = ()
    notes: tuple[str, ...] = field(default=())
    error: HoldfastError | None = None

    def as_record(self) -> dict[str, Any]:
        """As it stands in JSON."""
        record: dict[str, Any] = {
            "file": str(self.path),
            "duration": None if self.duration is None else number(self.duration),
            "matches": [one.as_record() for one in self.matches],
            "doubtful": [one.as_record() for one in self.doubtful],
            "notes": list(self.notes),
        }
        return record | (self.error.as_json() if self.error else {})


def identify(
    archive: Archive, paths: Sequence[Path], *, mode: str = "full", watch: Watch = UNWATCHED
) -> tuple[Identified, ...]:
    """What the files at `paths` show, and those in folders that are named, in the order of names.

    Args:
        archive: whose works they may show.
        paths: films, sounds, pictures, fingerprints (.hffp), lists of hashes (.vpdq, .txt), or folders of films.
        mode: `full`, or `keys` for key frames only: a first sweep over a large heap.
        watch: told how it goes; `done` with each `Identified`.

    Raises:
        ExtraMissing: the optional part [restore] is not installed.
        Locked, StorageFailure: the index cannot be brought up to date.
    """
    need_restore("Identifying films")
    bring_up_to_date(archive, watch)
    files, results = _files(paths)
    watch.begin("Identifying", items=len(files) + len(results))
    for result in results:
        watch.done(result)
    folder = str(index_folder(archive))
    with Apart() as apart:
        asked = deque(apart.submit(identify_body, {"path": str(file), "mode": mode, "index": folder}) for file in files)
        for file in files:
            watch.at(str(file))
            try:
                told = apart.awaited(asked.popleft(), partial(_told, watch, file))
                results.append(_identified(archive, file, told))
            except HoldfastError as error:
                results.append(Identified(file, error=error))
            watch.done(results[-1])
    return tuple(results)


def identify_path(path: Path | str, *, archive: Archive | Path | str, mode: str = "full") -> Identified:
    """What one file shows. Known as `holdfast.identify`; `archive` is an open one, or its folder.

    Raises:
        HoldfastError: the file or the archive cannot be read; `FileMissing`, `NothingToCompare` and so on.
    """
    if not isinstance(archive, Archive):
        with closing(Archive.open(Path(archive))) as opened:
            return identify_path(path, archive=opened, mode=mode)
    (found,) = identify(archive, [Path(path)], mode=mode)
    if found.error is not None:
        raise found.error
    return found


def identify_body(args: Mapping[str, Any], line: Line) -> Recognition:
    """The body: looks at the file `path` and asks the index in the folder `index`."""
    look = look_at(Path(args["path"]), args["mode"], line, share=(0.0, LOOKING))
    return recognized(look, args["index"], line, LOOKING)


def _files(paths: Sequence[Path]) -> tuple[list[Path], list[Identified]]:
    """The files to look at; and what cannot be looked at, with the reason."""
    files: list[Path] = []
    refused: list[Identified] = []
    for path in paths:
        if path.is_dir():
            gathered = gather([path])
            written = (found for found in path.rglob(f"*{FINGERPRINT}") if found.is_file())
            files += sorted({*(submission.media for submission in gathered.submissions), *written})
            faults = [passed for passed in gathered.passed_over if passed.is_fault]
            refused += [Identified(p.path, error=FileMissing(path=p.path, reason=f"it {p.reason}")) for p in faults]
        elif path.is_file():
            files.append(path)
        else:
            refused.append(Identified(path, error=FileMissing(path=path, reason="there is no such file")))
    return files, refused


def _told(watch: Watch, file: Path, share: float) -> None:
    watch.at(f"{file} {share:.0%}")


def _identified(archive: Archive, path: Path, told: Recognition) -> Identified:
    found = told.found
    known = {work: asset_and_file(name) for work, name in told.names.items()}
    with archive.catalog.engine.connect() as connection:
        titles = titles_of(connection, {asset for asset, _ in known.values()}, archive.settings.languages)

    def recognized(matches: Sequence[Match]) -> tuple[Recognized, ...]:
        return tuple(
            Recognized(asset, titles.get(asset, asset), file, match)
            for match in matches
            for asset, file in (known[match.work],)
        )

    return Identified(path, told.duration, recognized(found.matches), recognized(found.doubtful), found.notes)
