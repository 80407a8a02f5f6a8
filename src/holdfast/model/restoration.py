"""What is told of one restoration: the edit list, what there was before it, what it looks like at its joins.

And the event that remains of it in the history of the asset: what was made, of what.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from itertools import pairwise

from holdfast.model.edit import EditList
from holdfast.model.event import Agent, Event, EventType, Outcome
from holdfast.model.time import clock


@dataclass(frozen=True)
class Join:
    """A moment of the asset at which its picture begins to come from elsewhere.

    `before` and `after` are the digests of the sources on its two sides, empty where there is a gap (or the start or
    end of the asset); `before_jpeg` and `after_jpeg` are JPEG files of the last frame before it and the first after
    it, empty where there is none. `remark` is a sentence for people.
    """

    at: Fraction
    before: str = ""
    after: str = ""
    before_jpeg: bytes = b""
    after_jpeg: bytes = b""
    remark: str = ""


@dataclass(frozen=True)
class Origin:
    """Where a source came from: in the words of whoever brought it, and when it was kept."""

    digest: str
    told: str = ""
    kept: datetime | None = None
    remark: str = ""


@dataclass(frozen=True)
class Restoration:
    """One restoration, as it is reported.

    `before` is the edit list of the reconstruction that this one replaces, None if there was nothing. `doubts` are
    sentences on what a person should look at, `wanted` on what would help. `digest` is the sha512 of the
    reconstruction's file and empty while only a plan exists; `file` its name, `program` what made it. `state` is how
    far it got, in the words of whoever restored it and knows whether the work had a sound; empty: the edit list tells.
    """

    edits: EditList
    before: EditList | None = None
    joins: tuple[Join, ...] = ()
    origins: tuple[Origin, ...] = ()
    doubts: tuple[str, ...] = ()
    wanted: tuple[str, ...] = ()
    digest: str = ""
    file: str = ""
    made: datetime | None = None
    program: str = ""
    state: str = ""


def joins_of(edits: EditList) -> tuple[Join, ...]:
    """All joins of the picture in order of time, without stills: wherever the chosen source changes.

    Two stretches of one source are joined too, if the second does not go on where the first ends. The start and the end
    of the asset are no joins.
    """
    found: list[Join] = []
    shown = [edit for edit in edits.edits if edit.asset.duration]
    for left, right in pairwise(shown):
        before, after = (edit.picture[0] if edit.picture else None for edit in (left, right))
        at = right.asset.start
        if before is None and after is None:
            continue
        if before is not None and after is not None and before.source == after.source:
            moments = (take.placement.copy_time(at) for take in (before, after))
            if len(set(moments)) == 1:
                continue
        found.append(Join(at, before.source if before else "", after.source if after else ""))
    return tuple(found)


def restoration_event(edits: EditList, objects: tuple[str, ...], at: datetime, agents: tuple[Agent, ...]) -> Event:
    """The PREMIS event that a reconstruction was made: a "creation", its sources in the order in which they are used.

    `objects` are what came of it: the reconstruction first, then its edit list and report. Gaps make it a warning, so
    that nobody takes it for the whole work.
    """
    takes = (take for edit in edits.edits for take in (*edit.picture, *edit.sound))
    sources = tuple(dict.fromkeys(take.source for take in takes))
    copies = "1 copy" if len(sources) == 1 else f"{len(sources)} copies"
    known = "" if edits.is_duration_known else " (its length is not known for certain)"
    detail = (
        f"reconstruction from {copies}: of {clock(edits.duration)}{known}, {clock(edits.covered)} have a picture and "
        f"{clock(edits.covered_by_sound)} have sound"
    )
    is_whole = not edits.gaps and not edits.gaps_of_sound
    outcome = Outcome.SUCCESS if is_whole else Outcome.WARNING
    return Event(EventType.CREATION, at, agents, outcome, detail, objects, sources)
