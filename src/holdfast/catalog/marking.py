"""Where the searched words stand in a text as it was written, found by tokenising that one text again."""

from __future__ import annotations

from holdfast.catalog.queries import Phrase, Query
from holdfast.catalog.tokens import Token, index_tokens

Marks = tuple[tuple[int, int], ...]


def find_marks(text: str, language: str, query: Query) -> Marks:
    """The stretches [start, end) of `text` that meet the wanted terms, in order and without overlap."""
    tokens = index_tokens(text, language)
    in_place = [token for token in tokens if not token.is_extra]
    spans: list[tuple[int, int]] = []
    for term in query.wanted:
        for phrase in term.alternatives:
            if len(phrase.keys) == 1:
                among = in_place if phrase.in_place else tokens
                spans += [(token.start, token.end) for token in among if _meets(token, phrase, 0)]
            else:
                spans += _runs(in_place, phrase)
    return _merged(spans)


def window(text: str, marks: Marks, size: int = 240) -> tuple[int, int]:
    """A stretch of about `size` characters of a long text that shows the first marks, cut between words."""
    if len(text) <= size:
        return 0, len(text)
    first = marks[0][0] if marks else 0
    start = max(0, min(first - size // 4, len(text) - size))
    end = min(len(text), start + size)
    space_before = text.find(" ", start, first)
    space_after = text.rfind(" ", start + size // 2, end)
    return (space_before + 1 if start and space_before >= 0 else start), (
        space_after if end < len(text) and space_after >= 0 else end
    )


def _meets(token: Token, phrase: Phrase, at: int) -> bool:
    key = phrase.keys[at]
    if phrase.is_prefix and at == len(phrase.keys) - 1:
        return token.key.startswith(key)
    return token.key == key


def _runs(tokens: list[Token], phrase: Phrase) -> list[tuple[int, int]]:
    """The stretches where the keys of a phrase follow each other; `tokens` are the ones in place."""
    size = len(phrase.keys)
    return [
        (tokens[first].start, tokens[first + size - 1].end)
        for first in range(len(tokens) - size + 1)
        if all(_meets(tokens[first + at], phrase, at) for at in range(size))
    ]


def _merged(spans: list[tuple[int, int]]) -> Marks:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return tuple(merged)
