"""Landmarks by their keys: one row of numbers that puts them in the order of key, and a search by halving.

The landmarks themselves stay in the order of work and time, as each fingerprint has them; so the table costs four
bytes a landmark, and a search reads about thirty numbers of a mapped file.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Keys = NDArray[np.uint32]
Order = NDArray[np.uint32]


def order_by_key(keys: Keys) -> Order:
    """The rows in the order of their keys, and of their place where keys are equal."""
    return np.argsort(keys, kind="stable").astype(np.uint32)


def stretches(keys: Keys, order: Order, asked: Keys) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """For each key asked about, the first and the last (exclusive) of its rows in `order`."""
    return _halve(keys, order, asked, is_after=False), _halve(keys, order, asked, is_after=True)


def rows_in(order: Order, first: NDArray[np.int64], last: NDArray[np.int64]) -> tuple[NDArray[np.int32], Order]:
    """The rows of all stretches, and beside each the number of its stretch."""
    counts = last - first
    number = np.repeat(np.arange(len(counts)), counts)
    before = np.concatenate(([0], np.cumsum(counts)[:-1])) if len(counts) else np.zeros(0, np.int64)
    places = np.arange(len(number)) - np.repeat(before, counts) + np.repeat(first, counts)
    return number.astype(np.int32), order[places]


def _halve(keys: Keys, order: Order, asked: Keys, *, is_after: bool) -> NDArray[np.int64]:
    """All searches at once. NumPy's own would copy the whole order, to have it in numbers of 64 bits."""
    low = np.zeros(len(asked), np.int64)
    high = np.full(len(asked), len(order), np.int64)
    for _ in range(len(order).bit_length()):
        is_open = low < high
        middle = (low + high) // 2
        found = keys[order[np.where(is_open, middle, 0)]] if len(order) else asked
        goes_up = is_open & ((found <= asked) if is_after else (found < asked))
        low = np.where(goes_up, middle + 1, low)
        high = np.where(is_open & ~goes_up, middle, high)
    return low
