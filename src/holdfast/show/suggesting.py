"""What to search for instead, when nothing was found: only what would find something is proposed.

Each word that was typed is tried alone, and a word that finds nothing is shortened until words begin so. What is
proposed then are words as they stand in the archive: *Leuchttum* leads to *Leuchtturm*.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from holdfast.catalog import fulltext
from holdfast.catalog.queries import SHORTEST_PREFIX
from holdfast.model.folding import fold_text

if TYPE_CHECKING:
    from sqlalchemy import Connection

MOST = 6
MOST_WORDS = 5
TRIES = 6  # so often is a word shortened
LONGEST = 40


def suggestions(connection: Connection, query: str, levels: Sequence[str], kinds: Sequence[str]) -> list[str]:
    """Words that find something at these levels, at most six, the likeliest first; none if nothing comes near."""
    found: dict[str, str] = {}
    words = [word.strip('"*-') for word in query.split()[:MOST_WORDS]]
    for word in words:
        if 1 < len(word) <= LONGEST:
            for near in _near(connection, word, levels, kinds):
                found.setdefault(fold_text(near), near)
    found.pop(fold_text(query), None)
    return list(found.values())[:MOST]


def _near(connection: Connection, word: str, levels: Sequence[str], kinds: Sequence[str]) -> list[str]:
    """The word itself if it finds something; else words that begin as it does, those that share most first."""
    if fulltext.search(connection, word, limit=1, access=levels, kinds=kinds).hits:
        return [word]
    shortest = max(SHORTEST_PREFIX, len(word) - TRIES)
    for length in range(len(word) - 1, shortest - 1, -1):
        page = fulltext.search(connection, f"{word[:length]}*", limit=10, access=levels, kinds=kinds)
        marked = (hit.text[start:end] for hit in page.hits for start, end in hit.marks)
        near = list({fold_text(text): text for text in marked if text.strip()}.values())
        if near:
            return near[:3]
    return []
