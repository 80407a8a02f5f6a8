"""An edit list as a table (CSV), for people with a spreadsheet: one row for each take, and for each gap.

Rows are in order of time, the picture's before the sound's; the take that was chosen first, those combined with it
after it. Seconds are decimals, exact to the microsecond, beside clocks to read. In the columns of `TEXTS` whatever a
spreadsheet might compute (it begins with `=`, `+`, `-` or `@`, perhaps after spaces) has an apostrophe in front: the
name of a file may come from anybody. Numbers stay numbers.

Source: RFC 4180 for the form. A byte order mark in front tells spreadsheets that it is UTF-8.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from holdfast.model.edit import Edit, EditList, Take
from holdfast.model.time import Span, clock, ratio, seconds

CSV_SUFFIX = ".csv"
COLUMNS = (
    *("part", "asset_start", "asset_end", "asset_start_clock", "asset_end_clock", "duration", "use"),
    *("source", "file", "copy_start", "copy_end", "copy_start_clock", "copy_end_clock", "rate"),
    *("mirrored", "rotation", "placed", "pitch", "probability", "quality", "confidence", "reason"),
)
TEXTS = ("source", "file", "reason")
_COMPUTED = (
    "=",
    "+",
    "-",
    "@",
    "\uff1d",
    "\uff0b",
    "\uff0d",
    "\uff20",
)  # and their wide forms, which some take as well
_SPACES = "\ufeff\u200b\u200e\u200f\u2060"  # not seen, and no spaces to `str.isspace`


def csv_bytes(edits: EditList) -> bytes:
    """The file: a heading with `COLUMNS`, then the rows. `use` is `chosen`, `combined` or `gap`."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, COLUMNS, restval="", lineterminator="\r\n")
    writer.writeheader()
    for edit in edits.edits:
        for row in _rows(edits, edit):
            writer.writerow({name: _harmless(cell) if name in TEXTS else cell for name, cell in row.items()})
    return text.getvalue().encode("utf-8-sig", "replace")


def _rows(edits: EditList, edit: Edit) -> Iterator[dict[str, Any]]:
    for part, takes in (("picture", edit.picture), ("sound", edit.sound)):
        about = {
            "part": part,
            **_span("asset", edit.asset),
            "duration": seconds(edit.asset.duration),
        }
        if not takes:
            yield {**about, "use": "gap"}
        for number, take in enumerate(takes):
            row = {**about, **_take(edits, edit, take), "confidence": f"{edit.confidence:.6g}"}
            yield {**row, "use": "combined" if number else "chosen"}


def _take(edits: EditList, edit: Edit, take: Take) -> dict[str, Any]:
    placed = take.placement
    copy = Span(placed.copy_time(edit.asset.start), placed.copy_time(edit.asset.end))
    return {
        "source": placed.source,
        "file": edits.sources.get(placed.source, ""),
        **_span("copy", copy),
        "rate": ratio(placed.rate),
        "mirrored": "yes" if placed.mirrored else "no",
        "rotation": str(placed.rotation),
        "placed": "as it is" if placed.geometry is None else "otherwise",
        "pitch": "" if placed.pitch is None else ratio(placed.pitch),
        "probability": f"{placed.probability:.6g}",
        "quality": "" if take.quality is None else f"{take.quality:.6g}",
        "reason": take.reason,
    }


def _span(what: str, span: Span) -> dict[str, str]:
    return {
        f"{what}_start": seconds(span.start),
        f"{what}_end": seconds(span.end),
        f"{what}_start_clock": _clock(span.start),
        f"{what}_end_clock": _clock(span.end),
    }


def _clock(time: Fraction) -> str:
    return clock(time, millis=True)


def _harmless(text: str) -> str:
    first = next((c for c in text if not (c.isspace() or c in _SPACES or c < " ")), "")
    return f"'{text}" if first in _COMPUTED or text[:1] in ("\t", "\r", "\n") else text
