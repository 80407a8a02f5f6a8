"""JSON of other people's pages: read as far as it can be, walked without recursion, never trusted.

Unlike our own (`formats/canonical`), it may name a key twice or hold NaN; a page is no record. What nests too deeply or
has too many parts is not looked at further.
"""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Callable, Iterator
from typing import Any

MOST_NODES = 2_000_000
_DECODER = json.JSONDecoder(parse_constant=lambda _: None)


def loose_json(text: str, start: int = 0) -> Any:
    """The first JSON value in `text` from `start` on, whatever follows it; None if none stands there."""
    while start < len(text) and text[start] in " \t\r\n\ufeff":
        start += 1
    try:
        return _DECODER.raw_decode(text, start)[0]
    except (ValueError, RecursionError):  # too many digits are a ValueError
        return None


def objects(value: Any, into: Callable[[str], bool] = lambda _: True) -> Iterator[dict[str, Any]]:
    """Every JSON object inside `value`, itself included, in the order of the text.

    Args:
        value: what was read.
        into: whether to look into what stands under this key.
    """
    waiting: deque[Any] = deque([value])
    for _ in range(MOST_NODES):
        if not waiting:
            return
        node = waiting.popleft()
        if isinstance(node, dict):
            yield node
            inside = [child for key, child in node.items() if isinstance(child, dict | list) and into(key)]
        else:
            inside = [child for child in node if isinstance(child, dict | list)] if isinstance(node, list) else []
        waiting.extendleft(reversed(inside))


def at(value: Any, *path: str | int) -> Any:
    """What stands at `path` of keys and positions; None if something on the way is not there or of another form."""
    for step in path:
        if isinstance(step, str):
            value = value.get(step) if isinstance(value, dict) else None
        else:
            value = value[step] if isinstance(value, list) and -len(value) <= step < len(value) else None
    return value


def text_at(value: Any, *path: str | int) -> str:
    """The text or whole number at `path`, as text; "" if there is none."""
    found = at(value, *path)
    if isinstance(found, int) and not isinstance(found, bool):
        return str(found) if abs(found) < 10**30 else ""
    return found if isinstance(found, str) else ""
