"""Arrays come back as they were, as views of the file; and a file that lies is refused."""

from __future__ import annotations

import json
import zlib
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays, integer_dtypes, unsigned_integer_dtypes

from holdfast.errors import BadRecord
from holdfast.formats.arrays import ALIGNED_BYTES, MAGIC, arrays_bytes, arrays_chunks, is_count, parse_arrays

ANY_ARRAY = (integer_dtypes() | unsigned_integer_dtypes()).flatmap(
    lambda dtype: arrays(dtype, array_shapes(min_dims=1, max_dims=3, min_side=0, max_side=5))
)


def _file(entry: dict[str, Any] | Any, numbers: bytes = bytes(64)) -> bytes:
    line = json.dumps({"arrays": [entry] if isinstance(entry, dict) else entry}).encode()
    start = MAGIC + len(line).to_bytes(8, "little") + line
    return start + bytes(-len(start) % 64) + numbers


GOOD = {"name": "a", "dtype": "uint8", "shape": [64], "offset": 0, "crc32": zlib.crc32(bytes(64))}


@given(st.dictionaries(st.text(max_size=5), ANY_ARRAY, max_size=4), st.dictionaries(st.text("xyz"), st.integers()))
def test_arrays_and_head_come_back_as_they_were(given_arrays: dict[str, np.ndarray], head: dict[str, int]) -> None:
    data = arrays_bytes(head, given_arrays)
    found_head, found = parse_arrays(data, "x")
    assert found_head == head
    assert found.keys() == given_arrays.keys()
    for name, array in given_arrays.items():
        assert np.array_equal(found[name], array)
        assert found[name].dtype == array.dtype.newbyteorder("=")
    assert arrays_bytes(found_head, found) == data == b"".join(arrays_chunks(head, given_arrays))


def test_arrays_are_views_of_the_file_that_cannot_be_written_to() -> None:
    data = arrays_bytes({}, {"a": np.arange(100), "b": np.arange(3, dtype=np.uint16)})
    _, found = parse_arrays(data, "x")
    whole = np.frombuffer(data, np.uint8)
    assert np.shares_memory(found["b"], whole)
    assert not found["a"].flags.writeable
    places = [array.__array_interface__["data"][0] - whole.__array_interface__["data"][0] for array in found.values()]
    assert [place % ALIGNED_BYTES for place in places] == [0, 0]


def test_an_array_of_another_kind_is_not_written() -> None:
    with pytest.raises(ValueError, match="float64"):
        arrays_bytes({}, {"a": np.zeros(3)})


def test_the_file_made_by_hand_can_be_read() -> None:
    _, found = parse_arrays(_file(GOOD), "x")
    assert found["a"].tolist() == [0] * 64


@pytest.mark.parametrize(
    ("entry", "reason"),
    [
        ("no list", "no list of arrays"),
        ([7], "not an object"),
        (GOOD | {"name": 7}, "name 7"),
        (GOOD | {"dtype": "object"}, "dtype 'object'"),
        (GOOD | {"shape": [1 << 62, 1 << 62]}, "reaches beyond"),
        (GOOD | {"shape": [-64]}, "impossible shape"),
        (GOOD | {"shape": [True]}, "impossible shape"),
        (GOOD | {"shape": "64"}, "impossible shape"),
        (GOOD | {"shape": [1] * 9}, "impossible shape"),
        (GOOD | {"offset": 64}, "does not lie where it should"),
        (GOOD | {"offset": 1.5}, "does not lie where it should"),
        (GOOD | {"shape": [65]}, "reaches beyond"),
        (GOOD | {"crc32": 5}, "checksum"),
        ([GOOD | {"shape": [0], "crc32": 0}, GOOD | {"shape": [0], "crc32": 0}], "a second array"),
        ([], "its arrays end at"),
    ],
)
def test_a_table_that_does_not_fit_the_file_is_refused(entry: Any, reason: str) -> None:
    with pytest.raises(BadRecord, match=reason):
        parse_arrays(_file(entry), "x")


@pytest.mark.parametrize("keep", [0, 3, 8, 15, 16, 40, -1, -65])
def test_a_file_that_was_cut_short_is_refused(keep: int) -> None:
    data = arrays_bytes({}, {"a": np.arange(100)})
    with pytest.raises(BadRecord):
        parse_arrays(data[:keep], "x")


def test_a_head_beyond_all_bounds_is_refused() -> None:
    with pytest.raises(BadRecord, match="beyond its end"):
        parse_arrays(MAGIC + b"\xff" * 8 + bytes(100), "x")
    with pytest.raises(BadRecord, match="not an object"):
        parse_arrays(MAGIC + (3).to_bytes(8, "little") + b"[1]" + bytes(64), "x")


def test_without_checking_a_changed_number_is_passed_on() -> None:
    data = bytearray(arrays_bytes({}, {"a": np.arange(8)}))
    data[-1] ^= 1
    assert len(parse_arrays(data, "x", is_checked=False)[1]["a"]) == 8
    with pytest.raises(BadRecord, match="checksum"):
        parse_arrays(data, "x")


@pytest.mark.parametrize(
    ("value", "is_so"), [(0, True), (5, True), (-1, False), (True, False), ("1", False), (1e3, False)]
)
def test_only_whole_numbers_from_zero_on_count(value: Any, is_so: bool) -> None:
    assert is_count(value) is is_so
