"""What would help most to be found: works of the loss register and gaps of reconstructions, in order."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from holdfast.actions.archive import Archive
from holdfast.actions.coverage import Covered, coverage
from holdfast.actions.describe import record_of
from holdfast.actions.restore import lost_assets
from holdfast.actions.watch import UNWATCHED, Watch
from holdfast.catalog import lists
from holdfast.model.asset import AssetRecord, Status
from holdfast.model.wanted import Wanted, wanted_of
from holdfast.restore.most_wanted import Wanted as Placed
from holdfast.restore.most_wanted import WantedWork, most_wanted


def wanted(archive: Archive, *, watch: Watch = UNWATCHED) -> tuple[Wanted, ...]:
    """The works that are not whole, those first of which a find would help most.

    Raises:
        ExtraMissing: found copies are to be looked at, and the optional part [restore] is not installed.
    """
    lost = lost_assets(archive, watch)
    with archive.catalog.engine.connect() as connection:
        known_again = {one.asset for one in lists.fingerprints(connection)}
    found = {one.asset: one for one in coverage(archive, lost, watch=watch)} if lost else {}
    return tuple(in_order(found, {asset: record_of(archive, asset)[0] for asset in found}, known_again))


def in_order(
    found: Mapping[str, Covered], records: Mapping[str, AssetRecord], known_again: Collection[str]
) -> Iterator[Wanted]:
    """The works of which something is missing, those first of which a find would help most.

    Args:
        found: how much there is of each, by its asset.
        records: their records.
        known_again: the assets that have a fingerprint.
    """
    works = [_work(covered, records[asset], has_fingerprint=asset in known_again) for asset, covered in found.items()]
    return _told(most_wanted(works), found, records)


def _work(covered: Covered, record: AssetRecord, *, has_fingerprint: bool) -> WantedWork:
    edits = covered.edits
    return WantedWork(
        asset=covered.asset,
        title=covered.title,
        duration=edits.duration if edits.is_duration_known else None,
        covered=edits.covered,
        covered_by_sound=edits.covered_by_sound,
        gaps=edits.gaps,
        has_fingerprint=has_fingerprint,
        has_thumbnail=any(one.kind == "thumbnail" for one in record.evidence),
        listed=any(one.kind == "listing" for one in record.evidence),
    )


def _told(
    order: Sequence[Placed], found: Mapping[str, Covered], records: Mapping[str, AssetRecord]
) -> Iterator[Wanted]:
    for one in order:
        record = records[one.work.asset]
        date = record.dates[0].edtf if record.dates else ""
        lost = [change.since for change in record.status_history if change.status is Status.LOST]
        told = wanted_of(found[one.work.asset].edits, one.reasons, date, lost[0] if lost else None)
        if told is not None:
            yield told
