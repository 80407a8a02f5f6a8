"""Coverage: which stretch of an asset comes from which copy, as the JSON of `holdfast coverage ASSET --json`.

    {"asset": "k7m2x9qd4htbr", "title": "Harvest 1974", "duration": 904.0, "duration_known": true, "covered": 860.4,
     "covered_by_sound": 900.0, "gaps": [[520.4, 560.0], [900.0, 904.0]], "gaps_of_sound": [[900.0, 904.0]],
     "segments": [{"asset": [0.0, 350.0], "confidence": 0.999,
                   "picture": {"digest": "0f1e...", "file": "tape.mpg", "copy": [12.0, 362.0], "rate": 1.0,
                               "mirrored": false, "rotation": 0, "probability": 0.999, "quality": 0.71,
                               "consensus_of": [], "reason": "..."},
                   "sound": {"digest": "...", "file": "...", "copy": [12.0, 362.0], "rate": 1.0, "probability": 0.999,
                             "quality": null, "consensus_of": [], "reason": "..."}}],
     "sources": [{"letter": "A", "digest": "0f1e...", "file": "tape.mpg", "picture": 380.0, "combined": 0.0,
                  "sound": 380.0, "quality": 0.71}], "notes": []}

`gaps` are the stretches without a picture. A segment has a picture or a sound: what has neither is no segment. Times
are seconds, exact to the microsecond. `consensus_of` names all copies that were combined, the chosen one first; it is
empty where the chosen one stands alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from string import ascii_lowercase, ascii_uppercase
from typing import Any

from holdfast.formats.canonical import printable
from holdfast.formats.identification import number
from holdfast.model.edit import Edit, EditList, Take
from holdfast.model.time import Span

PARTS = ("picture", "sound")
_LETTERS = ascii_uppercase + ascii_lowercase
_OTHERS = "#"  # more than 52 copies of one work


@dataclass(frozen=True)
class SourceUse:
    """What an edit list uses of one source.

    `letter` is what it is called beside others, `picture` and `sound` the seconds for which it was chosen, `combined`
    those for which its picture or sound was combined with a chosen one. `quality` is the mean of the picture's over its
    time, None where none was measured.
    """

    letter: str
    digest: str
    file: str
    picture: Fraction = Fraction(0)
    combined: Fraction = Fraction(0)
    sound: Fraction = Fraction(0)
    quality: float | None = None


@dataclass(frozen=True)
class Run:
    """A stretch of the picture or of the sound with the same takes from end to end; none is a gap."""

    span: Span
    takes: tuple[Take, ...] = ()

    @property
    def sources(self) -> tuple[str, ...]:
        """The digests of the sources, the chosen one first."""
        return tuple(take.source for take in self.takes)


def coverage_record(edits: EditList) -> dict[str, Any]:
    """The record of one asset."""
    return {
        "asset": edits.asset,
        "title": printable(edits.title),
        "duration": number(edits.duration),
        "duration_known": edits.is_duration_known,
        "covered": number(edits.covered),
        "covered_by_sound": number(edits.covered_by_sound),
        "segments": [_segment(edits, edit) for edit in edits.edits if edit.picture or edit.sound],
        "gaps": [_span(gap) for gap in edits.gaps],
        "gaps_of_sound": [_span(gap) for gap in edits.gaps_of_sound],
        "sources": [_source(use) for use in source_uses(edits)],
        "notes": [printable(note) for note in edits.notes],
    }


def source_uses(edits: EditList, known: Sequence[SourceUse] = ()) -> tuple[SourceUse, ...]:
    """Each source in use, lettered A, B, C in the order in which they first give something.

    Sources that are `known` already (of another edit list) come first and keep their letters, even if unused here.
    """
    order: dict[str, None] = dict.fromkeys(use.digest for use in known)
    names = {use.digest: use.file for use in known}
    spent: dict[tuple[str, str], Fraction] = {}
    measured: dict[str, tuple[Fraction, float]] = {}
    for edit in edits.edits:
        length = edit.asset.duration
        for part in PARTS:
            for place, take in enumerate(getattr(edit, part)):
                order.setdefault(take.source)
                key = (take.source, "combined" if place else part)
                spent[key] = spent.get(key, Fraction(0)) + length
                if part == "picture" and take.quality is not None:
                    time, total = measured.get(take.source, (Fraction(0), 0.0))
                    measured[take.source] = (time + length, total + take.quality * float(length))
    return tuple(
        SourceUse(
            letter=_LETTERS[place] if place < len(_LETTERS) else _OTHERS,
            digest=source,
            file=printable(edits.sources.get(source, "")) or names.get(source, ""),
            picture=spent.get((source, "picture"), Fraction(0)),
            combined=spent.get((source, "combined"), Fraction(0)),
            sound=spent.get((source, "sound"), Fraction(0)),
            quality=_mean(measured.get(source)),
        )
        for place, source in enumerate(order)
    )


def runs(edits: EditList, part: str) -> tuple[Run, ...]:
    """The stretches of `part` (`picture` or `sound`), neighbours from the same copies joined; empty ones left out."""
    found: list[Run] = []
    for edit in edits.edits:
        run = Run(edit.asset, getattr(edit, part))
        if not run.span.duration:
            continue
        if found and found[-1].sources == run.sources:
            found[-1] = Run(Span(found[-1].span.start, run.span.end), found[-1].takes)
        else:
            found.append(run)
    return tuple(found)


def copy_span(edit: Edit, take: Take) -> Span:
    """The stretch of the copy that an edit uses of a take, from its first moment on.

    An edit begins with a frame of the asset, and the copy's first frame may begin a little later.
    """
    placed = take.placement
    ends = (placed.copy_time(edit.asset.start), placed.copy_time(edit.asset.end))
    return Span(max(ends[0], Fraction(0)), max(*ends, Fraction(0)))


# ------------------------------------------------------------------------------------------------------ private


def _segment(edits: EditList, edit: Edit) -> dict[str, Any]:
    picture, sound = (_used(edits, edit, takes) for takes in (edit.picture, edit.sound))
    if edit.picture and picture:
        placed = edit.picture[0].placement
        picture |= {"mirrored": placed.mirrored, "rotation": placed.rotation}
    return {"asset": _span(edit.asset), "confidence": round(edit.confidence, 6), "picture": picture, "sound": sound}


def _used(edits: EditList, edit: Edit, takes: tuple[Take, ...]) -> dict[str, Any] | None:
    if not takes:
        return None
    chosen = takes[0]
    return {
        "digest": chosen.source,
        "file": printable(edits.sources.get(chosen.source, "")),
        "copy": _span(copy_span(edit, chosen)),
        "rate": round(float(chosen.placement.rate), 9),
        "probability": min(round(chosen.placement.probability, 6), 0.999999),
        "quality": None if chosen.quality is None else round(chosen.quality, 4),
        "consensus_of": list(dict.fromkeys(take.source for take in takes)) if len(takes) > 1 else [],
        "reason": printable(chosen.reason),
    }


def _source(use: SourceUse) -> dict[str, Any]:
    return {
        "letter": use.letter,
        "digest": use.digest,
        "file": use.file,
        "picture": number(use.picture),
        "combined": number(use.combined),
        "sound": number(use.sound),
        "quality": None if use.quality is None else round(use.quality, 4),
    }


def _mean(measured: tuple[Fraction, float] | None) -> float | None:
    return measured[1] / float(measured[0]) if measured and measured[0] else None


def _span(span: Span) -> list[float]:
    return [number(span.start), number(span.end)]
