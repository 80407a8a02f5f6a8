"""Rising times in few bytes, exact to the microsecond: frames come at a rate, or nearly so.

A row of times is written in one of three ways:

    {"count": n, "first": t, "step": [a, b, c]}     time i is t + floor((a * i + c) / b)
    {"count": n, "first": t, "gaps": [d, e, ...]}   time i is time i - 1, plus the gap whose place in the list (from 0
                                                    on) number i - 1 tells; numbers have 1, 2, 4 or 8 bits
    {"count": n, "first": t, "least": d, "unit": u} time i is time i - 1, plus d, plus u times number i - 1 of an array

The first holds 25, 24 or 30000/1001 pictures a second, rounded to microseconds, in no array at all. The second is for
those of a stream that rounds to milliseconds, or drops a frame now and then: one to four bits each. The third holds
everything else in one or two bytes. Where the first does not fit, the smaller of the others is taken.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from holdfast.formats.arrays import is_count

Times = NDArray[np.int64]
Numbers = NDArray[Any]

_MOST_GAPS = 256
_AT_ONCE = 1 << 16

# Times of film rates and of clocks of 90 kHz, in microseconds, are thirds or ninths; 48 and 60/1.001 need 3 and 6.
_MOST_PARTS = 12
_LATEST_US = 1 << 62


def pack_times(times: Times) -> tuple[dict[str, Any], Numbers | None]:
    """How `times`, (n,) int64, rising, not negative, are written: the head's entry, and the array if one is needed.

    Raises:
        ValueError: they fall, or one is negative.
    """
    check_times(times)
    count = len(times)
    first = int(times[0]) if count else 0
    step = _even_step(times) if count > 1 else (0, 1, 0)
    if step is not None:
        return {"count": count, "first": first, "step": list(step)}, None
    gaps = np.diff(times)
    least = int(gaps.min())
    unit = max(1, int(np.gcd.reduce(gaps - least)))
    numbers = (gaps - least) // unit
    kind = next(kind for kind in (np.uint8, np.uint16, np.uint32, np.int64) if numbers.max() <= np.iinfo(kind).max)
    every = np.unique(gaps)
    entry = {"count": count, "first": first, "gaps": every.tolist()}
    bits = _bits_for(len(every))
    if len(every) <= _MOST_GAPS and len(gaps) * bits // 8 + len(str(entry["gaps"])) < numbers.astype(kind).nbytes:
        return entry, _packed(np.searchsorted(every, gaps), bits)
    return {"count": count, "first": first, "least": least, "unit": unit}, numbers.astype(kind)


def unpack_times(entry: Any, numbers: Numbers | None, count: int) -> Times:
    """The times that `pack_times` wrote. `count` is how many there must be, as other arrays of the file have it.

    Raises:
        ValueError: the entry is of another form or count, or a time is beyond what can be counted.
    """
    if not isinstance(entry, dict) or entry.get("count") != count or not is_count(entry.get("first")):
        raise ValueError(f"times are described by {str(entry)[:80]}, expected {count} of them")
    first = int(entry["first"])
    if "step" in entry:
        a, b, c = _three(entry["step"])
        if a * count + c + first > _LATEST_US:
            raise ValueError("times beyond all bounds")
        return first + (a * np.arange(count, dtype=np.int64) + c) // b
    if "gaps" in entry:
        gaps = _gaps(entry["gaps"], numbers, count)
        if first + count * max(entry["gaps"]) > _LATEST_US:
            raise ValueError("times beyond all bounds")
        return _after(first, gaps)
    least: Any = entry.get("least")
    unit: Any = entry.get("unit")
    if numbers is None or numbers.ndim != 1 or len(numbers) != count - 1 or not is_count(least) or not is_count(unit):
        raise ValueError("the differences of times are missing, or are not as many as they should be")
    lowest, highest = int(numbers.min()), int(numbers.max())
    if lowest < 0 or first + count * (least + unit * highest) > _LATEST_US:
        raise ValueError("times that fall or are beyond all bounds")
    return _after(first, numbers.astype(np.int64) * unit + least)


def check_times(times: NDArray[Any]) -> None:
    """Raises ValueError if times fall or are negative."""
    if times.ndim != 1 or (len(times) and (times[0] < 0 or (times[1:] < times[:-1]).any())):
        raise ValueError("times that are negative or fall")


def _after(first: int, gaps: NDArray[np.int64]) -> Times:
    times = np.empty(len(gaps) + 1, np.int64)
    times[0] = first
    np.cumsum(gaps, out=times[1:])
    times[1:] += first
    return times


def _gaps(listed: Any, numbers: Numbers | None, count: int) -> NDArray[np.int64]:
    """The gaps between `count` times that the numbers choose from a list; raises ValueError where they cannot."""
    if not isinstance(listed, list) or not 0 < len(listed) <= _MOST_GAPS or not all(is_count(gap) for gap in listed):
        raise ValueError(f"gaps of times are {str(listed)[:80]}")
    bits = _bits_for(len(listed))
    if not count or numbers is None or numbers.dtype != np.uint8 or numbers.shape != (-(-(count - 1) * bits // 8),):
        raise ValueError("the numbers of gaps are missing, or are not as many as they should be")
    chosen = _unpacked(numbers, bits, count - 1)
    if len(chosen) and int(chosen.max()) >= len(listed):
        raise ValueError("a gap that is not in the list")
    return np.array(listed, np.int64)[chosen]


def _bits_for(count: int) -> int:
    """How many bits tell so many things apart: 1, 2, 4 or 8."""
    return next((bits for bits in (1, 2, 4) if count <= 1 << bits), 8)


def _packed(numbers: NDArray[Any], bits: int) -> NDArray[np.uint8]:
    """Numbers below 2^`bits`, several to a byte, the first in its lowest bits."""
    each = 8 // bits
    padded = np.zeros(-(-len(numbers) // each) * each, np.uint8)
    padded[: len(numbers)] = numbers
    shifts = np.arange(each, dtype=np.uint8) * np.uint8(bits)
    packed: NDArray[np.uint8] = np.bitwise_or.reduce(padded.reshape(-1, each) << shifts, axis=1)
    return packed


def _unpacked(packed: NDArray[np.uint8], bits: int, count: int) -> NDArray[np.uint8]:
    shifts = np.arange(8 // bits, dtype=np.uint8) * np.uint8(bits)
    return (packed[:, None] >> shifts & np.uint8((1 << bits) - 1)).reshape(-1)[:count]


def _three(step: Any) -> tuple[int, int, int]:
    if not isinstance(step, list) or len(step) != 3 or not all(is_count(n) for n in step) or not step[1]:
        raise ValueError(f"a step of {str(step)[:80]}")
    return step[0], step[1], step[2]


def _even_step(times: Times) -> tuple[int, int, int] | None:
    """The step (a, b, c) that gives exactly these times, or None."""
    count = len(times)
    step = Fraction(int(times[-1] - times[0]), count - 1).limit_denominator(_MOST_PARTS)
    a, b = step.numerator, step.denominator
    if a * count > _LATEST_US:
        return None
    for c in range(b):
        if all(_is_even(times, (a, b, c), rows) for rows in _parts(count, 4 * b)):
            return a, b, c
    return None


def _parts(count: int, first: int) -> Iterator[tuple[int, int]]:
    """Stretches of rows: a short one, by which most steps are seen to be wrong, then long ones."""
    yield 0, min(first, count)
    for row in range(min(first, count), count, _AT_ONCE):
        yield row, min(row + _AT_ONCE, count)


def _is_even(times: Times, step: tuple[int, int, int], rows: tuple[int, int]) -> bool:
    a, b, c = step
    return np.array_equal((a * np.arange(*rows, dtype=np.int64) + c) // b, times[slice(*rows)] - times[0])
