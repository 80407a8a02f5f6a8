"""Hashes of pictures as others exchange them: vPDQ's text, one line a picture.

    0,100,d8f8f0cec0f4a84f0637022a278f67f0b36e2ed596621e1d33e6b39c4e9c9b22,0.000
    frame number, quality, hash in hexadecimal (its highest bit first), seconds from the beginning

Source: the text files of the vPDQ tool in ThreatExchange, by Meta; the hash as in its paper on PDQ.
"""

from __future__ import annotations

import re
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from holdfast.errors import BadRecord
from holdfast.model.fingerprint import MICRO, Fingerprint, PictureTrack, View
from holdfast.model.time import seconds

_LINE = re.compile(r"([0-9]{1,18}) *, *([0-9]{1,3}) *, *([0-9a-fA-F]{64}) *, *([0-9]{1,9}(?:\.[0-9]{1,12})?)")


def to_vpdq(fingerprint: Fingerprint) -> str:
    """The hashes of whole pictures, a line each. The number of a frame is that of the last one shown by then.

    Where the frames are not known (key frames only), pictures are counted instead.
    """
    pictures = fingerprint.pictures
    rows = np.flatnonzero(pictures.views == View.WHOLE)
    numbers = np.arange(len(rows))
    if len(fingerprint.frames):
        numbers = np.maximum(np.searchsorted(fingerprint.frames.times, pictures.times[rows], "right") - 1, 0)
    return "".join(
        f"{number},{pictures.quality[row]},{hash_text(pictures.hashes[row])},"
        f"{seconds(Fraction(int(pictures.times[row]), MICRO))}\n"
        for number, row in zip(numbers.tolist(), rows.tolist(), strict=True)
    )


def from_vpdq(text: str, name: str = "hashes") -> PictureTrack:
    """The pictures of a vPDQ text, in the order of their times; empty lines are passed over.

    Raises:
        BadRecord: a line is of another form, with its number.
    """
    found = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        match = _LINE.fullmatch(line.strip())
        if match is None or int(match[2]) > 100:
            reason = f"line {number} is {line[:60]!r}, expected frame,quality (0-100),hash of 64 digits,seconds"
            raise BadRecord(name=name, reason=reason)
        found.append((round(Fraction(match[4]) * MICRO), int(match[2]), hash_words(match[3])))
    found.sort(key=lambda row: row[0])
    return PictureTrack(
        times=np.array([row[0] for row in found], np.int64),
        hashes=np.array([row[2] for row in found], np.uint64).reshape(-1, 4),
        views=np.full(len(found), View.WHOLE, np.uint8),
        quality=np.array([row[1] for row in found], np.uint8),
    )


def hash_text(words: NDArray[np.uint64]) -> str:
    """A hash (4,) uint64 as 64 hexadecimal digits: word 3 first, so that bit 0 of word 0 is the last bit."""
    return "".join(f"{int(word):016x}" for word in reversed(words))


def hash_words(text: str) -> list[int]:
    """The four words of a hash of 64 hexadecimal digits; the opposite of `hash_text`."""
    return [int(text[start : start + 16], 16) for start in (48, 32, 16, 0)]
