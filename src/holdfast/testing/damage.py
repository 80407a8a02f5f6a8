"""Wounds for media files, made on purpose: each is named, pure, and the same for the same seed.

A wound takes the bytes of a whole file and gives those of a damaged one; `wounded` writes it beside the whole one.
`WOUNDS` holds them all by name, so that a test can go through every misfortune we know:

    for name in WOUNDS:
        report = probe(wounded(film, name, tmp_path))

The files they are meant for are small (seconds of film): they are read into memory.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator
from pathlib import Path

from holdfast.testing.textures import seeded

Wound = Callable[[bytes, int], bytes]

_SPARED = 4096
"""Header bytes that `flipped_bits` and `zeroed_stretch` leave alone in a file that is long enough."""

_PAGE = b"""<!DOCTYPE html>
<html><head><title>404 Not Found</title></head>
<body><h1>Not Found</h1><p>The requested video is no longer available.</p></body></html>
"""


def truncated(data: bytes, seed: int) -> bytes:
    """The first third to two thirds of it: a copying that was cut short."""
    return data[: len(data) // 3 + int(seeded(seed, 50).integers(max(1, len(data) // 3)))]


def flipped_bits(data: bytes, seed: int) -> bytes:
    """One bit in about each 20,000 turned over, at least eight, behind the header: a dying disk, bad memory."""
    rng, out = seeded(seed, 51), bytearray(data)
    first = _SPARED if len(data) > 2 * _SPARED else 0
    if not data:
        return data
    for place in rng.integers(first, len(data), size=max(8, len(data) // 2500)).tolist():
        out[place] ^= 1 << int(rng.integers(8))
    return bytes(out)


def one_flipped_bit(data: bytes, seed: int) -> bytes:
    """Exactly one bit turned over, anywhere: the least damage there is."""
    rng, out = seeded(seed, 52), bytearray(data)
    if out:
        out[int(rng.integers(len(out)))] ^= 1 << int(rng.integers(8))
    return bytes(out)


def zeroed_stretch(data: bytes, seed: int) -> bytes:
    """A tenth of it behind the header replaced by zeros: a lost extent, a download with a hole."""
    length = max(1, len(data) // 10)
    first = min(_SPARED, len(data) // 4)
    start = first + int(seeded(seed, 53).integers(max(1, len(data) - length - first)))
    return data[:start] + bytes(min(length, len(data) - start)) + data[start + length :]


def garbage_header(data: bytes, seed: int) -> bytes:
    """The first 1024 bytes replaced by noise: the file no longer says what it is."""
    count = min(1024, len(data))
    return seeded(seed, 54).bytes(count) + data[count:]


def without_index(data: bytes, seed: int) -> bytes:
    """What tells where its pictures lie is gone: `moov` of MP4, `Cues` and `SeekHead` of Matroska, `idx1` of AVI.

    A camera that lost power leaves such files. Other containers have no index and come back as they are.
    """
    del seed
    if data[4:8] == b"ftyp":
        return b"".join(data[start:end] for kind, start, end in _boxes(data) if kind != b"moov")
    if data[:4] == b"\x1a\x45\xdf\xa3":
        # Ids that nobody knows, of the same length: sizes stay true, so that a reader can step over them.
        return data.replace(b"\x1c\x53\xbb\x6b", b"\x1c\x53\xbb\x6a").replace(b"\x11\x4d\x9b\x74", b"\x11\x4d\x9b\x73")
    if data[:4] == b"RIFF":
        at = data.rfind(b"idx1")
        return data[:at] if at > 0 else data
    return data


def empty(data: bytes, seed: int) -> bytes:
    """No bytes at all."""
    del data, seed
    return b""


def web_page(data: bytes, seed: int) -> bytes:
    """A web page under the name of a video: what a dead link downloads."""
    del data, seed
    return _PAGE


def doubled(data: bytes, seed: int) -> bytes:
    """Its second half written twice: an upload that was resumed at the wrong place."""
    del seed
    return data + data[len(data) // 2 :]


WOUNDS: dict[str, Wound] = {
    "truncated": truncated,
    "flipped bits": flipped_bits,
    "one flipped bit": one_flipped_bit,
    "zeroed stretch": zeroed_stretch,
    "garbage header": garbage_header,
    "without index": without_index,
    "empty": empty,
    "web page": web_page,
    "doubled": doubled,
}


def wounded(whole: Path, wound: str, folder: Path, *, seed: int = 0) -> Path:
    """Write a copy of `whole` with this wound into `folder` as `<stem> <wound><suffix>`; gives its path.

    Raises:
        KeyError: `WOUNDS` has no such wound.
        FileExistsError: there is such a file already.
    """
    path = folder / f"{whole.stem} {wound}{whole.suffix}"
    with path.open("xb") as file:
        file.write(WOUNDS[wound](whole.read_bytes(), seed))
    return path


def _boxes(data: bytes) -> Iterator[tuple[bytes, int, int]]:
    """The outer boxes of an MP4: kind, start, end. Source: ISO/IEC 14496-12, 4.2."""
    at = 0
    while at + 8 <= len(data):
        size, kind = struct.unpack(">I4s", data[at : at + 8])
        if size == 1 and at + 16 <= len(data):
            size = struct.unpack(">Q", data[at + 8 : at + 16])[0]
        end = at + size if size >= 8 else len(data)
        yield kind, at, min(end, len(data))
        at = end
