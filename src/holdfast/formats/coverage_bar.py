"""Coverage in a terminal: a line of the picture, a line of the sound, and which letter is which copy.

             0:00                5:00               10:00               15:00
    picture  A██████████████████████B████████▒··B█C███████████████▒
    sound    A█████████████████████████B██████████C███████████████▒
    A  6:20 of picture, 6:20 of sound, quality 0.71  tape.mpg
    ·  no picture: 8:40 to 9:20, 15:00 to 15:04

A cell that a copy fills is █, one that it fills in part ▒, one that nothing fills ·; where a copy begins, its letter.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from holdfast.formats.canonical import one_line
from holdfast.formats.comparison import steps
from holdfast.formats.coverage import PARTS, Run, SourceUse, runs, source_uses
from holdfast.model.edit import EditList
from holdfast.model.time import Span, clock

_BLOCKS = ("█", "▒", "·")  # full, in part, nothing
_ASCII = ("=", "-", ".")
_LABEL = 9
_LEAST_WIDTH = 10  # of a bar
_MOST_GAPS = 12  # told one by one


def coverage_bar(edits: EditList, width: int = 80, *, is_ascii: bool = False) -> str:
    """The lines, without a line end after the last; the bars are `width` columns wide, their labels included.

    The legend may be longer. Names of files are made harmless for a terminal.
    """
    cells = max(width - _LABEL, _LEAST_WIDTH)
    marks = _ASCII if is_ascii else _BLOCKS
    uses = source_uses(edits)
    letters = {use.digest: use.letter for use in uses}
    lines = [" " * _LABEL + _axis(edits.duration, cells)]
    lines += [f"{part:<{_LABEL}}{_bar(runs(edits, part), edits.duration, cells, letters, marks)}" for part in PARTS]
    lines += [_legend(use) for use in uses]
    lines += [
        f"{marks[2]}  no {part}: {_told(gaps)}"
        for part, gaps in zip(PARTS, (edits.gaps, edits.gaps_of_sound), strict=True)
        if gaps
    ]
    return "\n".join(line.rstrip() for line in lines)


def _bar(
    stretches: Sequence[Run], duration: Fraction, cells: int, letters: dict[str, str], marks: tuple[str, str, str]
) -> str:
    full, partly, nothing = marks
    drawn, before = [], ""
    for shares in _shares(stretches, duration, cells):
        source = max(shares, key=lambda key: shares[key]) if shares else ""
        if not source:
            drawn.append(nothing)
        elif source != before:
            drawn.append(letters[source])
        else:
            drawn.append(full if sum(shares.values()) == 1 else partly)
        before = source
    return "".join(drawn)


def _shares(stretches: Sequence[Run], duration: Fraction, cells: int) -> list[dict[str, Fraction]]:
    """For each cell, how much of it each source fills, 0 to 1."""
    found: list[dict[str, Fraction]] = [{} for _ in range(cells)]
    for run in stretches:
        if not run.takes:
            continue
        start, end = (time * cells / duration for time in (run.span.start, run.span.end))
        for cell in range(int(start), min(-int(-end // 1), cells)):
            share = min(end, Fraction(cell + 1)) - max(start, Fraction(cell))
            found[cell][run.sources[0]] = found[cell].get(run.sources[0], Fraction(0)) + share
    return found


def _axis(duration: Fraction, cells: int) -> str:
    line = ""
    for second in steps(duration, max(cells // 14, 1)):
        place = int(second * cells / duration) if duration else 0
        label = clock(Fraction(second))
        if (place >= len(line) + 2 or not line) and place + len(label) <= cells:
            line = line.ljust(place) + label
    return line


def _legend(use: SourceUse) -> str:
    told = [
        f"{clock(time)} {what}"
        for time, what in ((use.picture, "of picture"), (use.sound, "of sound"), (use.combined, "combined with others"))
        if time
    ]
    told += [] if use.quality is None else [f"quality {use.quality:.2f}"]
    return f"{use.letter}  {', '.join(told)}  {one_line(use.file) or use.digest[:12]}"


def _told(gaps: tuple[Span, ...]) -> str:
    told = ", ".join(f"{clock(gap.start)} to {clock(gap.end)}" for gap in gaps[:_MOST_GAPS])
    more = len(gaps) - _MOST_GAPS
    return f"{told}, and {more} more" if more > 0 else told
