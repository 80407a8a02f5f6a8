"""JSON as it lies in the store: one way to write every value, readable by people without our code.

Keys sorted, two spaces of indent, UTF-8 without escapes, one newline at the end. The same value always gives the
same bytes, so that a record read and written again keeps its digest. Numbers that must be exact (media times, frame
rates) are strings such as `30000/1001`; see `formats/plain`.
"""

from __future__ import annotations

import json
import math
import re
from typing import Any

from holdfast.errors import BadRecord

# A record is made by people and probes; one beyond this was not. Python's reader would take ten times the memory.
MAXIMUM_BYTES = 64 * 1024 * 1024
# Ours are nested six deep. What is read must also be writable, and our writer calls itself for each level.
MAXIMUM_DEPTH = 100
_JOINERS = "\u200c\u200d"
_ESCAPED_SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")


def canonical_json(value: Any) -> bytes:
    """`value` as the bytes of a file. Raises ValueError on lone surrogates, NaN and infinities."""
    text = json.dumps(value, ensure_ascii=False, indent=2, sort_keys=True, allow_nan=False)
    return text.encode("utf-8") + b"\n"


def canonical_line(value: Any) -> bytes:
    """`value` as one line of a `.jsonl` file, newline included."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, allow_nan=False, separators=(",", ":"))
    return text.encode("utf-8") + b"\n"


def parse_json(data: bytes, name: str, *, half_characters: bool = False) -> Any:
    """The value in `data`; a byte order mark is allowed. What is read can be written again by `canonical_json`.

    Args:
        data: the bytes.
        name: what errors call it.
        half_characters: let lone surrogates through, which no file of ours can hold: whoever asks for this makes the
            texts `printable`.

    Raises:
        BadRecord: it is not JSON, names a key twice, has a number beyond all bounds or half of a character, is nested
            more than 100 deep, or is larger than any record.
    """
    if len(data) > MAXIMUM_BYTES:
        raise BadRecord(name=name, reason=f"it has {len(data)} bytes, more than any record can have")
    try:
        value = json.loads(
            data.decode("utf-8-sig"),
            object_pairs_hook=_no_key_twice,
            parse_constant=_no_constant,
            parse_float=_finite,
        )
        _check_depth(value)
        if not half_characters and _ESCAPED_SURROGATE.search(data):
            json.dumps(value, ensure_ascii=False).encode("utf-8")
    except RecursionError as error:
        raise BadRecord(name=name, reason="it is nested too deeply") from error
    except UnicodeEncodeError as error:
        raise BadRecord(name=name, reason="a text in it holds half of a character (a lone surrogate)") from error
    except ValueError as error:  # JSONDecodeError and UnicodeDecodeError are ValueErrors, as are too many digits
        raise BadRecord(name=name, reason=f"it is not JSON in UTF-8 ({error})") from error
    return value


def _no_key_twice(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) != len(pairs):
        raise ValueError("a key stands twice in one object")
    return value


def _no_constant(word: str) -> None:
    raise ValueError(f"{word} is not a number")


def _finite(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise ValueError("a number is beyond all bounds")
    return number


def _check_depth(value: Any) -> None:
    level = [value] if isinstance(value, dict | list) else []
    for _ in range(MAXIMUM_DEPTH):
        inside = (item.values() if isinstance(item, dict) else item for item in level)
        level = [child for children in inside for child in children if isinstance(child, dict | list)]
    if level:
        raise RecursionError


def printable(text: str) -> str:
    """`text` with lone surrogates (which no file can hold) replaced by U+FFFD and NUL removed.

    The two halves of one character, if they stand side by side, become that character.
    """
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").replace("\0", "")


def one_line(text: str) -> str:
    """`text` on one line, for a terminal or a line-based format: what is not printable becomes a space.

    Line ends, control characters and direction overrides go; joiners, which belong to the spelling in several scripts,
    stay.
    """
    return " ".join("".join(c if c.isprintable() or c in _JOINERS else " " for c in text).split())
