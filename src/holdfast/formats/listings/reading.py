"""What every reader of a listing is given beside the bytes: where they are, and whom to tell what was passed over."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import BinaryIO

from holdfast.model.fixity import Digest
from holdfast.model.lost import Origin, Skipped

CHUNK_BYTES = 64 * 1024
LONGEST_LINE = 16 * 1024 * 1024  # a line of yt-dlp with all formats and comments; nothing honest is longer
LARGEST_PAGE = 16 * 1024 * 1024


@dataclass(frozen=True)
class Reading:
    """One file, or one record of a capture, that is being read.

    `tell` is called with whatever is passed over. `mapping` is field to column, for tables. `address` is the page
    that the bytes are of, `within` the place in the file that further places lie in.
    """

    file: str
    digest: Digest | None = None
    tell: Callable[[Skipped], None] = lambda _: None
    mapping: Mapping[str, str] = field(default_factory=dict)
    address: str = ""
    captured_at: datetime | None = None
    within: str = ""

    def origin(self, place: str = "") -> Origin:
        """The place inside this file, inside its record if it is of a capture."""
        return Origin(self.file, self.digest, ", ".join(filter(None, (self.within, place))), self.captured_at)

    def skip(self, reason: str, place: str = "") -> None:
        """Tell that something was passed over."""
        self.tell(Skipped(self.origin(place), reason))

    def of_record(self, within: str, address: str, captured_at: datetime | None) -> Reading:
        """The same file's reading of one record of a capture."""
        return replace(self, within=within, address=address, captured_at=captured_at)


def bounded_lines(stream: BinaryIO, longest: int = LONGEST_LINE) -> Iterator[tuple[int, bytes | None]]:
    """The lines of `stream` that are not blank, numbered from 1; None in place of one that is longer than `longest`."""
    number = 0
    while line := stream.readline(longest + 1):
        number += 1
        if len(line) <= longest:
            if line.strip():
                yield number, line
            continue
        while not line.endswith(b"\n"):
            line = stream.readline(CHUNK_BYTES)
            if not line:
                break
        yield number, None


def start_of(stream: BinaryIO) -> bytes:
    """The first `CHUNK_BYTES` from where `stream` is, which stays there; cut at a line's end."""
    at = stream.tell()
    start = stream.read(CHUNK_BYTES)
    stream.seek(at)
    end = start.rfind(b"\n") + 1
    return start[:end] if len(start) == CHUNK_BYTES and end * 2 > len(start) else start


def bounded_bytes(stream: BinaryIO, largest: int) -> bytes | None:
    """All that is left of `stream`; None if that is more than `largest` bytes."""
    data = stream.read(largest + 1)
    return data if len(data) <= largest else None
