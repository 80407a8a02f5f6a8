"""What a file would add, without keeping it: which works it shows, which of their gaps it fills."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from holdfast.actions.archive import Archive
from holdfast.actions.coverage import nothing_of
from holdfast.actions.describe import record_of
from holdfast.actions.restore import edit_list_of
from holdfast.actions.sighting import sight
from holdfast.actions.watch import UNWATCHED, Watch
from holdfast.catalog import lists
from holdfast.errors import HoldfastError, SourceMissing
from holdfast.formats.identification import match_record, number
from holdfast.model.edit import EditList
from holdfast.model.found import KnownAs
from holdfast.model.ids import AssetId
from holdfast.model.time import Span
from holdfast.restore.coverage import Fill, fills
from holdfast.restore.timeline.known import from_work


@dataclass(frozen=True)
class Offer:
    """One work that the file shows, and what it would add to what there is; None of a work that is wholly held."""

    known: KnownAs
    title: str
    status: str
    fill: Fill | None

    def as_record(self) -> dict[str, Any]:
        """As it stands in JSON."""
        record = match_record(self.known.match, asset=self.known.asset, title=self.title, file=self.known.file)
        record |= {"status": self.status}
        if self.fill is not None:
            record["fills"] = {
                "seconds": number(self.fill.seconds),
                "gaps": _spans(self.fill.pictures),
                "seconds_of_sound": number(self.fill.seconds_of_sound),
                "gaps_of_sound": _spans(self.fill.sounds),
                "also": _spans(self.fill.also),
            }
        return record


@dataclass(frozen=True)
class Checked:
    """What one file shows and would add; or why nobody can say."""

    path: str
    duration: Fraction | None = None
    matches: tuple[Offer, ...] = ()
    doubtful: tuple[Offer, ...] = ()
    error: HoldfastError | None = None

    def as_record(self) -> dict[str, Any]:
        """As it stands in JSON."""
        record: dict[str, Any] = {
            "file": self.path,
            "duration": None if self.duration is None else number(self.duration),
            "matches": [one.as_record() for one in self.matches],
            "doubtful": [one.as_record() for one in self.doubtful],
            "kept": False,
        }
        return record | (self.error.as_json() if self.error else {})


def check_found(archive: Archive, paths: Sequence[Path], *, watch: Watch = UNWATCHED) -> tuple[Checked, ...]:
    """What each of these files shows of the archive's works, and which gaps it fills. Nothing is kept.

    What is there already is told by the edit lists that are kept: restore first, to know what is new.

    Raises:
        ExtraMissing: the optional part [restore] is not installed.
        Locked, StorageFailure: the index cannot be brought up to date.
    """
    watch.begin("Looking", items=len(paths))
    results = []
    for path in paths:
        try:
            if not path.is_file():
                raise SourceMissing(path=path, reason="no such file")
            results.append(_checked(archive, path, watch))
        except HoldfastError as error:
            results.append(Checked(str(path), error=error))
        watch.done(results[-1])
    return tuple(results)


def _checked(archive: Archive, path: Path, watch: Watch) -> Checked:
    seen = sight(archive, path, watch)
    with archive.catalog.engine.connect() as connection:
        known = {one.asset for one in (*seen.matches, *seen.doubtful)}
        titles = lists.titles_of(connection, known, archive.settings.languages)
    matches = tuple(_offer(archive, one, titles) for one in seen.matches)
    doubtful = tuple(_offer(archive, one, titles) for one in seen.doubtful)
    return Checked(str(path), seen.duration, matches, doubtful)


def _offer(archive: Archive, known: KnownAs, titles: dict[str, str]) -> Offer:
    record, _ = record_of(archive, known.asset)
    title = titles.get(known.asset, known.asset)
    if record.has_master:
        return Offer(known, title, record.status.value, None)
    held: EditList | None = edit_list_of(archive, AssetId(known.asset))
    there = held or nothing_of(record, title)
    line = from_work(there.duration, {"": known.match.segments}, accepted=("",))
    return Offer(known, title, record.status.value, fills(line.placements, there))


def _spans(spans: Sequence[Span]) -> list[list[float]]:
    return [[number(span.start), number(span.end)] for span in spans]
