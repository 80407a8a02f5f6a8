"""One spelling for all spellings: width, case, composition and invisible characters, with the way back.

Full-width letters, ligatures, half-width kana, decomposed accents and capital letters are all one word to a reader.
`fold` brings them to one form (Unicode NFKC, case folding, NFKC again) and remembers which characters of the original
each folded character came from, because a page must mark the words as they were written.

Source: Unicode Standard, section 3.13 (default caseless matching), UAX #15 (normalization forms).
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

# Soft hyphen, zero-width space and joiners, word joiner, byte order mark, directional marks: no reader sees them.
_INVISIBLE = dict.fromkeys([0xAD, 0x200B, 0x200C, 0x200D, 0x200E, 0x200F, 0x2060, 0xFEFF], None)


@dataclass(frozen=True, slots=True)
class Folded:
    """Folded text. Character i came from `original[starts[i]:ends[i]]`; empty tables mean "the same place"."""

    text: str
    starts: tuple[int, ...] = ()
    ends: tuple[int, ...] = ()

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The stretch of the original that the folded stretch [start, end), not empty, came from."""
        if not self.starts:
            return start, end
        return self.starts[start], self.ends[end - 1]


def fold(text: str) -> Folded:
    """The text in its one spelling; never fails, whatever the text holds (lone surrogates and NUL included)."""
    if text.isascii():
        return Folded(text.lower())
    folded = fold_text(text)
    # Nothing composed, dissolved or dropped: case folding never shortens, so equal length means one to one.
    if (
        len(folded) == len(text)
        and unicodedata.is_normalized("NFKC", text)
        and not _INVISIBLE.keys() & set(map(ord, text))
    ):
        return Folded(folded)
    return _fold_by_cluster(text)


def fold_text(text: str) -> str:
    """The text of `fold` alone, faster."""
    if text.isascii():
        return text.lower()
    composed = unicodedata.normalize("NFKC", text.translate(_INVISIBLE))
    return unicodedata.normalize("NFKC", composed.casefold())


def _fold_by_cluster(text: str) -> Folded:
    """Fold one visible character (a base and what sits on it) at a time, so that each result knows its origin."""
    pieces: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    start = 0
    while start < len(text):
        end = start + 1
        while end < len(text) and _joins(text[end]):
            end += 1
        piece = fold_text(text[start:end])
        pieces.append(piece)
        starts.extend([start] * len(piece))
        ends.extend([end] * len(piece))
        start = end
    return Folded("".join(pieces), tuple(starts), tuple(ends))


def _joins(character: str) -> bool:
    """Whether it belongs to the character before it: accents, vowel and final jamo, half-width voicing marks."""
    return (
        unicodedata.combining(character) != 0
        or unicodedata.category(character) in ("Mn", "Me")
        or "\u1160" <= character <= "\u11ff"
        or "\uff9e" <= character <= "\uff9f"
        or ord(character) in _INVISIBLE
    )
