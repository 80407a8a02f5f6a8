"""Everything that can be asked of an index of made-up fingerprints, for tests that compare two of them."""

from __future__ import annotations

from typing import Any

import numpy as np

from holdfast.catalog.fingerprints.shelf import Shelf
from tests.model.prints import a_print


def answers(shelf: Shelf) -> list[Any]:
    """What it answers, with the types of the columns."""
    r = np.random.default_rng(5)
    hashes = np.concatenate([a_print(seed).pictures.hashes[:3] for seed in range(4)])
    bits = np.concatenate([a_print(seed).points.bits[:3] for seed in range(4)])
    keys = r.integers(0, 40, 12).astype(np.uint32)
    found: list[Any] = [shelf.names(), shelf.sound_commonness(keys).tolist()]
    for hits in (
        shelf.find_pictures(hashes, 110),
        shelf.find_pictures(hashes, 128, most=7),
        shelf.find_points(bits, 50, 5),
        shelf.find_sounds(keys),
        shelf.find_sounds(keys, most=3),
    ):
        found.append([column.tolist() for column in vars(hits).values()])
        found.append([str(column.dtype) for column in vars(hits).values()])
    return found
