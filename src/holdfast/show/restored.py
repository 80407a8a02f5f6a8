"""What there is of a work, and what is wanted: as far as it is known without looking at any film.

Everything comes from records and edit lists, each read once for each version of its object. Who asks is asked first:
only works that the reader may see are looked at, so nothing of another one can be counted or named.

Copies have letters, A, B, C. The names of the files as which they came tell of those who gave them: they are for
curators, and where a reason names one, strangers read its letter.
"""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING

from holdfast.actions.coverage import Covered, known_coverage, nothing_of
from holdfast.actions.wanted import in_order
from holdfast.catalog import lists, ordered
from holdfast.catalog.ordered import Filters
from holdfast.catalog.visible import VisibleAsset
from holdfast.errors import HoldfastError
from holdfast.formats.coverage import Run, SourceUse, runs, source_uses
from holdfast.formats.coverage_page import COLORS
from holdfast.model.asset import AssetRecord, Status
from holdfast.model.edit import EditList
from holdfast.model.wanted import Wanted
from holdfast.restore.hints import Hint, Outside, Sought, hints_of
from holdfast.restore.wanted.works import known_asset
from holdfast.show import site
from holdfast.show.works import record_at

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from holdfast.show.reader import Reader

MOST_WANTED = 5_000  # more are not put in order for a page
MOST_HINTS = 5
MOST_IN_FEED = 100
_NOT_WHOLE = (Status.LOST.value, Status.HELD_IN_PART.value)


@dataclass(frozen=True)
class Part:
    """A stretch of a bar: its place in percent of the bar, the color and letter of its copy; none is a gap."""

    run: Run
    x: str
    width: str
    color: int | None
    letter: str


@dataclass(frozen=True)
class Looked:
    """A work that is wanted: what the catalogue says of it, its record, and how much of it there is."""

    seen: VisibleAsset
    record: AssetRecord
    covered: Covered
    wanted: Wanted


_at_hand: dict[tuple[int, str], tuple[str, AssetRecord, Covered]] = {}


def covered(record: AssetRecord) -> Covered:
    """How much there is of a work; of one that was not restored yet, nothing."""
    known = known_coverage(site.archive(), record)
    title = record.title(site.archive().settings.languages)
    return known or Covered(str(record.id), title, record.status.value, nothing_of(record, title))


def wanted_works(connection: Connection, reader: Reader) -> list[Looked]:
    """The works that this reader may see and that are not whole, those first of which a find would help most."""
    filters = Filters(statuses=_NOT_WHOLE)
    leaf = ordered.leaf(connection, reader.levels, filters, limit=MOST_WANTED, languages=reader.languages)
    seen = {work.asset: work for work in leaf.works}
    found: dict[str, Covered] = {}
    records: dict[str, AssetRecord] = {}
    for asset, work in seen.items():
        with contextlib.suppress(HoldfastError):  # a damaged record wants nothing; an audit names it
            records[asset], found[asset] = _looked_at(work)
    known_again = {one.asset for one in lists.fingerprints(connection)}
    return [
        Looked(seen[one.asset], records[one.asset], found[one.asset], replace(one, title=seen[one.asset].title))
        for one in in_order(found, records, known_again)
    ]


def hints(works: Sequence[Looked], name: str, length: Fraction | None) -> list[tuple[Hint, Looked]]:
    """Which of these works a file may be, by what stands on its outside: its name or listing, and how long it is."""
    by_id = {one.seen.asset: one for one in works}
    sought = []
    for one in works:
        known = known_asset(one.record)
        dates = tuple(date.edtf for date in known.dates)
        sought.append(Sought(known.id, known.titles, known.duration, dates, known.source_ids))
    found = hints_of(Outside("", name, length), sought, MOST_HINTS)
    return [(hint, by_id[str(hint.asset)]) for hint in found]


def bar(edits: EditList, part: str) -> list[Part]:
    """The bar of `picture` or `sound`: its stretches in order."""
    places = {use.digest: (number, use.letter) for number, use in enumerate(source_uses(edits))}
    drawn = []
    for run in runs(edits, part):
        x, width = (f"{float(time / edits.duration):.3%}" for time in (run.span.start, run.span.duration))
        number, letter = places[run.sources[0]] if run.takes else (None, "")
        drawn.append(Part(run, x, width, None if number is None else number % len(COLORS), letter))
    return drawn


def without_names(edits: EditList, uses: Sequence[SourceUse], said: str) -> str:
    """A reason in which copies have their letters instead of the names of their files."""
    letters = {use.digest: use.letter for use in uses}
    for digest, name in sorted(edits.sources.items(), key=lambda one: -len(one[1])):
        if name and digest in letters:
            said = said.replace(name, letters[digest])
    return said


def _looked_at(work: VisibleAsset) -> tuple[AssetRecord, Covered]:
    key = (id(site.archive()), work.asset)
    held = _at_hand.get(key)
    if held is None or held[0] != work.inventory_digest:
        record = record_at(work)
        held = _at_hand[key] = (work.inventory_digest, record, covered(record))
    return held[1], held[2]
