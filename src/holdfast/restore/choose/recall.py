"""What was seen and heard of a copy, kept between two plans, so that it need not be decoded to be compared again.

Of a copy depends on it: where its placements lie (with their geometry), the grid, and the size of the asset's picture.
What other copies there are does not: one more copy is decoded, and compared with what is remembered of the rest.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Protocol

import numpy as np

from holdfast.errors import BadRecord
from holdfast.formats.canonical import canonical_json, parse_json
from holdfast.formats.takes import take_record
from holdfast.model.edit import Placement, Take
from holdfast.model.time import ratio
from holdfast.restore.choose.grid import Grid
from holdfast.restore.choose.hearing import EDGES_HZ, Listened
from holdfast.restore.choose.looks import Looks

ROWS = 16  # looks in a piece, 4 MB
_NAME = "what was measured"
_SAYS_NOTHING = ("source", "probability", "quality", "reason")
_BANDS = len(EDGES_HZ) - 1
_HEARD = np.dtype(
    [
        *(
            ("place", np.int64),
            ("stretch", np.int64),
            ("loud", np.float64, (_BANDS,)),
            ("quiet", np.float64, (_BANDS,)),
        ),
        *(("clipped", np.float64), ("dropped", np.float64), ("hum_db", np.float64), ("channels", np.int64)),
    ]
)

Mine = Sequence[tuple[int, Placement]]
Heard = dict[tuple[int, int], Listened]


class Memory(Protocol):
    """Where answers are kept, each asked for by the digest of a copy and by what else it depends on."""

    def find(self, source: str, asked: Mapping[str, Any]) -> Iterator[bytes] | None:
        """The pieces that were kept; None if there are none, or none that are whole."""
        ...

    def keep(self, source: str, asked: Mapping[str, Any], pieces: Iterable[bytes]) -> None:
        """Keep them, if that is possible."""
        ...


def remember(
    memory: Memory, source: str, mine: Mine, grid: Grid, looks: Looks, heard: Heard, warnings: Sequence[str]
) -> None:
    """Keep what was measured of the placements of one copy; `mine` are they with their numbers."""
    memory.keep(source, _asked(mine, grid, looks), _pieces(mine, looks, heard, warnings))


def recalled(
    memory: Memory | None, source: str, mine: Mine, grid: Grid, looks: Looks
) -> tuple[Heard, tuple[str, ...]] | None:
    """What is remembered of the placements of one copy: what was heard, and the warnings; what was seen, in `looks`.

    None if it is not remembered.
    """
    pieces = None if memory is None else memory.find(source, _asked(mine, grid, looks))
    if pieces is None:
        return None
    try:
        head = parse_json(next(pieces), _NAME)
        sounds = np.frombuffer(next(pieces), _HEARD)
        heard = {(mine[row["place"]][0], int(row["stretch"])): _listened(row) for row in sounds}
        seen = iter(head["seen"])
        for piece in pieces:
            for start in range(0, len(piece), looks.row_bytes):
                place, moment = next(seen)
                looks.put(mine[place][0], moment, piece[start : start + looks.row_bytes])
        if next(seen, None) is None:
            return heard, tuple(map(str, head["warnings"]))
    except (BadRecord, StopIteration, KeyError, IndexError, TypeError, ValueError):
        return None
    return None


def how_it_lies(placement: Placement) -> dict[str, Any]:
    """All of a placement that what it shows and lets hear depends on, as JSON."""
    return {key: value for key, value in take_record(Take(placement)).items() if key not in _SAYS_NOTHING}


def _asked(mine: Mine, grid: Grid, looks: Looks) -> dict[str, Any]:
    return {
        "placements": [how_it_lies(placement) for _, placement in mine],
        "grid": [ratio(grid.duration), ratio(grid.pace)],
        "size": list(looks.size),
    }


def _pieces(mine: Mine, looks: Looks, heard: Heard, warnings: Sequence[str]) -> Iterator[bytes]:
    numbers = {number: place for place, (number, _) in enumerate(mine)}
    rows = [(place, moment) for place, (number, _) in enumerate(mine) for moment in looks.moments_of(number)]
    yield canonical_json({"warnings": list(warnings), "seen": rows})
    sounds = np.zeros(len(heard), _HEARD)
    for row, ((number, stretch), each) in zip(sounds, sorted(heard.items(), key=lambda item: item[0]), strict=True):
        row["place"], row["stretch"] = numbers[number], stretch
        for name in Listened.__dataclass_fields__:
            row[name] = getattr(each, name)
    yield sounds.tobytes()
    for start in range(0, len(rows), ROWS):
        yield b"".join(looks.row(mine[place][0], moment) for place, moment in rows[start : start + ROWS])


def _listened(row: Any) -> Listened:
    return Listened(
        loud=row["loud"].copy(),
        quiet=row["quiet"].copy(),
        clipped=float(row["clipped"]),
        dropped=float(row["dropped"]),
        hum_db=float(row["hum_db"]),
        channels=int(row["channels"]),
    )
