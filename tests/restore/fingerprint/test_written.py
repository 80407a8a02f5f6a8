"""A look that was written down is, read again, the look that it was."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import Any

import numpy as np
import pytest

from holdfast.errors import BadRecord
from holdfast.restore.fingerprint.look import Look, look
from holdfast.restore.fingerprint.written import RUN, look_in, look_pieces
from holdfast.testing.films import film_plan, write_film


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> Look:
    film = film_plan(5, 18, (96, 54))
    return look(write_film(film, tmp_path_factory.mktemp("written") / "film.mp4"))


def unequal(one: Any, other: Any, name: str = "") -> list[str]:
    """The names of what differs between two values."""
    if is_dataclass(one):
        parts = [field.name for field in fields(one)]
        return [
            wrong for part in parts for wrong in unequal(getattr(one, part), getattr(other, part), f"{name}.{part}")
        ]
    if isinstance(one, np.ndarray):
        is_same = one.dtype == other.dtype and one.shape == other.shape and one.tobytes() == other.tobytes()
        return [] if is_same else [name]
    return [] if one == other else [name]


@pytest.mark.slow
def test_a_look_comes_back_to_the_last_bit(seen: Look) -> None:
    pieces = list(look_pieces(seen))

    assert len(seen.thumbs) > RUN
    assert len(pieces) == 1 + -(-len(seen.thumbs) // RUN)
    assert unequal(look_in(iter(pieces)), seen) == []


@pytest.mark.slow
def test_a_look_without_some_of_its_pieces_is_refused(seen: Look) -> None:
    first, *runs = look_pieces(seen)

    for pieces in ([], [first], [first, runs[0]], [first, runs[0][:-1], *runs[1:]], [b"?", *runs]):
        wrong: Iterator[bytes] = iter(pieces)
        with pytest.raises(BadRecord):
            look_in(wrong)
