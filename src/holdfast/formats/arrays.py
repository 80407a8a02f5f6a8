"""Named arrays in one file that can be mapped into memory: a head of JSON that a person can read, then the numbers.

    bytes 0-7     89 48 46 41 0D 0A 1A 0A: "HFA" between bytes that a transfer "as text" would change
    bytes 8-15    the length of the head in bytes, a little-endian integer
    then          the head: one line of canonical JSON in UTF-8, ended by a newline
    then          each array, row by row, little-endian, from the next multiple of 64 bytes on; zeros between

The head is an object. Its `arrays` says of each array `name`, `dtype` (as NumPy spells it), `shape`, `offset` in bytes
from the first multiple of 64 after the head, and `crc32`. All else in it is its writer's. The same head and arrays
always give the same bytes.
"""

from __future__ import annotations

import io
import math
import mmap
import zlib
from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from holdfast.errors import BadRecord
from holdfast.formats.canonical import canonical_line, parse_json

MAGIC = b"\x89HFA\r\n\x1a\n"
ALIGNED_BYTES = 64
ARRAYS = "arrays"
DTYPES = ("uint8", "uint16", "uint32", "uint64", "int8", "int16", "int32", "int64")
_MOST_DIMENSIONS = 8
_LENGTH_BYTES = 8

Buffer = bytes | bytearray | memoryview | mmap.mmap
Arrays = Mapping[str, NDArray[Any]]


def arrays_bytes(head: Mapping[str, Any], arrays: Arrays) -> bytes:
    """The file as bytes. Raises ValueError for an array of another dtype than those of `DTYPES`."""
    return b"".join(arrays_chunks(head, arrays))


def arrays_chunks(head: Mapping[str, Any], arrays: Arrays) -> Iterator[Buffer]:
    """The file piece by piece, so that large arrays are not copied once more. Raises as `arrays_bytes`, at once."""
    table: list[dict[str, Any]] = []
    pieces: list[memoryview] = []
    offset = 0
    for name in sorted(arrays):
        array = arrays[name]
        if array.dtype.name not in DTYPES:
            raise ValueError(f"{name} has dtype {array.dtype}, which this format does not hold")
        little = np.ascontiguousarray(array, array.dtype.newbyteorder("<"))
        data = little.reshape(-1).view(np.uint8).data
        shape = [int(n) for n in array.shape]
        entry = {"name": name, "dtype": array.dtype.name, "shape": shape, "offset": offset, "crc32": zlib.crc32(data)}
        table.append(entry)
        pieces.append(data)
        offset += _aligned(len(data))
    line = canonical_line({**head, ARRAYS: table})
    return _chunks(line, pieces)


def _chunks(line: bytes, pieces: list[memoryview]) -> Iterator[Buffer]:
    before = len(MAGIC) + _LENGTH_BYTES + len(line)
    yield MAGIC + len(line).to_bytes(_LENGTH_BYTES, "little") + line + bytes(_aligned(before) - before)
    for data in pieces:
        yield data
        yield bytes(_aligned(len(data)) - len(data))


def parse_arrays(data: Buffer, name: str, *, is_checked: bool = True) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
    """The head without its table, and the arrays: views of `data`, read-only, nothing copied.

    Args:
        data: the file, also as a mapped one.
        name: what errors call it.
        is_checked: compare the checksums too, which reads every byte.

    Raises:
        BadRecord: it is no such file, is cut short, or its table does not fit what is there.
    """
    view = memoryview(data).toreadonly()
    head, start = _head(view, name)
    table = head.pop(ARRAYS, None)
    if not isinstance(table, list):
        raise BadRecord(name=name, reason="its head has no list of arrays")
    found: dict[str, NDArray[Any]] = {}
    end = start
    for number, entry in enumerate(table):
        place = f"{ARRAYS}[{number}]"
        try:
            array_name, array, raw = _array(view, start, end, entry)
        except ValueError as error:
            raise BadRecord(name=name, reason=f"{place}: {error}") from error
        if array_name in found:
            raise BadRecord(name=name, reason=f"{place}: a second array {array_name!r}")
        if is_checked and zlib.crc32(raw) != entry.get("crc32"):
            raise BadRecord(name=name, reason=f"{place}: the numbers of {array_name!r} do not have their checksum")
        found[array_name] = array
        end += _aligned(len(raw))
    if len(view) != end:
        raise BadRecord(name=name, reason=f"it has {len(view)} bytes, but its arrays end at {end}")
    return head, found


def read_head(stream: BinaryIO, name: str) -> dict[str, Any]:
    """The head of the file that `stream` reads, with its table; of the arrays only that there is room for them.

    Raises:
        BadRecord: it is no such file, or is cut short.
    """
    begin = stream.read(len(MAGIC) + _LENGTH_BYTES)
    size = stream.seek(0, io.SEEK_END)
    length = int.from_bytes(begin[len(MAGIC) :], "little") if begin.startswith(MAGIC) else 0
    start = _aligned(len(begin) + length)
    if start > size:
        raise BadRecord(name=name, reason=f"its head of {length} bytes reaches beyond its end")
    stream.seek(len(begin))
    head, _ = _head(memoryview(begin + stream.read(start - len(begin))), name)
    table = head.get(ARRAYS)
    if not isinstance(table, list):
        raise BadRecord(name=name, reason="its head has no list of arrays")
    try:
        end = start + sum(_aligned(_extent(entry)[-1]) for entry in table)
    except ValueError as error:
        raise BadRecord(name=name, reason=str(error)) from error
    if size != end:
        raise BadRecord(name=name, reason=f"it has {size} bytes, but its arrays end at {end}")
    return head


def _head(view: memoryview, name: str) -> tuple[dict[str, Any], int]:
    fixed = len(MAGIC) + _LENGTH_BYTES
    if len(view) < fixed or bytes(view[: len(MAGIC)]) != MAGIC:
        raise BadRecord(name=name, reason="it does not begin as a file of arrays does")
    length = int.from_bytes(view[len(MAGIC) : fixed], "little")
    start = _aligned(fixed + length)
    if start > len(view):
        raise BadRecord(name=name, reason=f"its head of {length} bytes reaches beyond its end")
    head = parse_json(bytes(view[fixed : fixed + length]), name)
    if not isinstance(head, dict):
        raise BadRecord(name=name, reason="its head is not an object")
    return head, start


def _array(view: memoryview, start: int, end: int, entry: Any) -> tuple[str, NDArray[Any], memoryview]:
    """One array and its bytes. `end` is where the one before ended: nothing overlaps, and nothing lies between."""
    array_name, kind, shape, offset, size_bytes = _extent(entry)
    if not is_count(offset) or offset != end - start or end + size_bytes > len(view):
        raise ValueError(f"{array_name!r} does not lie where it should, or reaches beyond the end of the file")
    raw = view[end : end + size_bytes]
    array = np.frombuffer(raw, kind).astype(kind.newbyteorder("="), copy=False)  # a copy where numbers are big-endian
    return array_name, array.reshape(shape), raw


def _extent(entry: Any) -> tuple[str, np.dtype[Any], list[int], Any, int]:
    """What the table says of an array: name, dtype, shape, offset (which may be anything), and its length in bytes."""
    if not isinstance(entry, dict):
        raise ValueError("not an object")  # noqa: TRY004 - of the file's form, not of a programmer's mistake
    array_name, dtype, shape, offset = (entry.get(key) for key in ("name", "dtype", "shape", "offset"))
    if not isinstance(array_name, str) or dtype not in DTYPES:
        raise ValueError(f"name {array_name!r} or dtype {dtype!r} is not one that can be read")
    if not isinstance(shape, list) or len(shape) > _MOST_DIMENSIONS or not all(is_count(n) for n in shape):
        raise ValueError(f"{array_name!r} has an impossible shape {str(shape)[:80]}")
    kind = np.dtype(dtype).newbyteorder("<")
    return array_name, kind, shape, offset, math.prod(shape) * kind.itemsize  # Python's integers: nothing wraps around


def is_count(value: Any) -> bool:
    """Whether a value of JSON is a whole number that can count things in a file: 0 to 2^62."""
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 1 << 62


def _aligned(size: int) -> int:
    return -(-size // ALIGNED_BYTES) * ALIGNED_BYTES
