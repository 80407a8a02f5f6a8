"""How much of works is held, minute by minute: what their edit lists say, or would say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from holdfast.actions.answers import Answers
from holdfast.actions.archive import Archive
from holdfast.actions.describe import record_of
from holdfast.actions.found import verdict_on
from holdfast.actions.restore import edit_list_of, restore
from holdfast.actions.sighting import remembered
from holdfast.actions.watch import UNWATCHED, Watch
from holdfast.catalog import lists
from holdfast.catalog.values import moment
from holdfast.errors import Damaged, NotFound
from holdfast.formats.coverage import coverage_record
from holdfast.keep.found import read_found
from holdfast.keep.reconstruction import reconstruction_of
from holdfast.model.asset import AssetRecord
from holdfast.model.edit import Edit, EditList, Placement, Take
from holdfast.model.found import Verdict
from holdfast.model.ids import AssetId
from holdfast.model.time import Span


@dataclass(frozen=True)
class Covered:
    """One work: `edits` tell what gives which stretch, built or only planned.

    `came_since` copies that show it came after its reconstruction was made, as `came_since` counts them.
    """

    asset: str
    title: str
    status: str
    edits: EditList
    notes: tuple[str, ...] = ()
    came_since: int = 0

    def as_record(self) -> dict[str, Any]:
        """As it stands in JSON."""
        said = {"title": self.title, "status": self.status, "notes": list(self.notes), "came_since": self.came_since}
        return coverage_record(self.edits) | said


def coverage(
    archive: Archive, typed: Sequence[str], *, collection: str | None = None, watch: Watch = UNWATCHED
) -> tuple[Covered, ...]:
    """How much there is of these assets; of a collection, or of the whole archive, if none is named.

    What was reconstructed is told by its edit list. For what was not, it is found out which found copies would be used.

    Raises:
        UnknownAsset, AmbiguousAsset: one of them does not exist.
        ExtraMissing: found copies are to be looked at, and the optional part [restore] is not installed.
    """
    wanted = list(dict.fromkeys(archive.find(one) for one in typed)) or _all(archive, collection, watch)
    found = {asset: known_coverage(archive, record_of(archive, str(asset))[0]) for asset in wanted}
    unknown = [str(asset) for asset, covered in found.items() if covered is None]
    planned = {one.asset: one for one in restore(archive, unknown, only_plan=True, watch=watch)} if unknown else {}
    results = []
    for asset, kept in found.items():
        if kept is not None:
            results.append(replace(kept, came_since=came_since(archive, record_of(archive, str(asset))[0])))
            continue
        record, _ = record_of(archive, str(asset))
        plan = planned[str(asset)]
        edits = plan.edits or nothing_of(record, plan.title)
        notes = (*plan.notes, *(plan.error.sentences()[:1] if plan.error else ()))
        results.append(Covered(str(asset), plan.title, record.status.value, edits, notes))
    return tuple(results)


def _all(archive: Archive, collection: str | None, watch: Watch) -> list[AssetId]:
    with archive.up_to_date_catalog(watch).engine.connect() as connection:
        return [AssetId(line.asset) for line in lists.list_assets(connection, collection=collection)]


def known_coverage(archive: Archive, record: AssetRecord) -> Covered | None:
    """What is known without looking at any film: of a master that is held, or of a reconstruction; None of others."""
    title = record.title(archive.settings.languages)
    edits = whole(record, title) if record.has_master else edit_list_of(archive, record.id)
    return None if edits is None else Covered(str(record.id), title, record.status.value, edits)


def came_since(archive: Archive, record: AssetRecord) -> int:
    """How many copies that show this work came after its reconstruction was made, and are not in it.

    A copy shows it if a person says so; if nobody decided, if it was seen to when it was looked at last. No film is
    looked at for the answer. 0 of a work for which no reconstruction stands.
    """
    made = reconstruction_of(record)
    if made is None or record.has_master:
        return 0
    with archive.catalog.engine.connect() as connection:
        came = lists.found_copies(connection, since=moment(made.kept_at))
    used = edit_list_of(archive, record.id) if came else None
    sources = used.sources if used is not None else {}
    answers = Answers(archive.cache)
    return sum(_shows(archive, answers, copy.digest, record.id) for copy in came if copy.digest not in sources)


def _shows(archive: Archive, answers: Answers, digest: str, asset: AssetId) -> bool:
    try:
        verdict = verdict_on(read_found(archive.root, digest), str(asset))
    except (Damaged, NotFound):
        return False  # nothing can be made of it
    seen = remembered(answers, digest) if not verdict else None
    return verdict == Verdict.ACCEPTED or (seen is not None and any(one.asset == str(asset) for one in seen.matches))


def whole(record: AssetRecord, title: str) -> EditList:
    """The edit list of a work whose master is held: the master, from beginning to end."""
    master = record.masters[0]
    info = master.technical
    duration = (info.duration if info else None) or Fraction(0)
    if not duration:
        return nothing_of(record, title)
    span = Span(Fraction(0), duration)
    take = Take(Placement(str(master.digest), span, span), "the master is held")
    picture = info.video[0] if info and info.video else None
    edit = Edit(span, (take,) if picture else (), (take,) if info and info.audio else ())
    size = (picture.width, picture.height) if picture else (0, 0)
    rate = (picture.frame_rate if picture else None) or Fraction(25)
    names = {str(master.digest): master.original_name}
    return EditList(str(record.id), title, duration, True, size, rate, (edit,), names)  # noqa: FBT003


def nothing_of(record: AssetRecord, title: str) -> EditList:
    """The edit list of a work of which nothing is there: one gap, as long as it is known to be."""
    duration = record.duration
    length = duration or Fraction(0)
    edits = (Edit(Span(Fraction(0), length)),) if length else ()
    return EditList(str(record.id), title, length, duration is not None, (0, 0), Fraction(25), edits)
