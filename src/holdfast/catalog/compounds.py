"""The words inside German compounds: Film in Filmarchiv, Schifffahrt in Donaudampfschifffahrtsgesellschaft.

A compound is split with a word list that ships with the program and never with the words of the archive. With
the archive's own words, whether `Filmarchiv` contains `Film` would depend on
what else had been added, and every new word could change the index of passages that nobody touched.
So a split is a pure function of the word, and a refreshed index equals a rebuilt one.

A word is cut where all of it can be spelled by known words, with German's linking letters between them and an ending
behind. In words of nine letters or more one stretch may be unknown (a name, mostly), at the beginning or at the end;
then the known rest must have four letters, and the stretch must look like a word of its own.

    >>> split("filmarchive", guess=False)
    ('film', 'archive')
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from importlib.resources import files
from typing import NamedTuple

VERSION = 1  # raise it when this file or german_words.txt changes what is split

MIN_LETTERS = 7  # Tonfilm
MIN_LETTERS_GUESSED = 9
_MIN_UNKNOWN_START, _MIN_UNKNOWN_END = 4, 5
_LONGEST_PART = 20
_LONGEST_WORD = 64

_LINKS = ("", "s", "es", "n", "en", "er", "e", "ens")
_ENDINGS = ("", "s", "es", "n", "en", "er", "ern", "e", "em", "in", "innen")
# An unknown stretch at the end must not be a suffix in disguise: Freund+schaft, Land+streicher is fine.
_SUFFIX = re.compile(
    r"[aeiouy]|schaft|heit|keit|lich|los|bar|sam|haft|tum|nis|ling|ner|ler|st|ch|t[^aeiouryw]|[^aeiouy]{4}"
)
_VOWEL = re.compile(r"[aeiouy]")


class _Way(NamedTuple):
    """One way to spell a beginning of the word: its price and its parts as (start, end)."""

    cost: float
    parts: tuple[tuple[int, int], ...]
    has_unknown: bool = False


def plain_german(word: str) -> str:
    """The folded word with umlauts and their spellings ae, oe, ue as plain vowels: koeln and köln become koln."""
    return _DIGRAPH.sub(r"\1", word.translate(_UMLAUTS))


_UMLAUTS = str.maketrans({"ä": "a", "ö": "o", "ü": "u", "ß": "ss"})
# Not Quelle, neue, Bauer: there the e has a life of its own. Nor Statue, Statuen; but gruen.
_DIGRAPH = re.compile(r"((?<![aeq])u(?!en?$)|(?<=gr)u(?=en$)|a|o)e")


@cache
def _words() -> tuple[frozenset[str], frozenset[str]]:
    """The words that may end a compound, and those that may stand before: also Schul- and Farb-, without their e."""
    text = files("holdfast.catalog").joinpath("german_words.txt").read_text(encoding="utf-8")
    lines = (line for line in text.splitlines() if not line.startswith("#"))
    ends = frozenset(plain_german(word) for line in lines for word in line.split())
    return ends, ends | {word[:-1] for word in ends if word.endswith("e") and len(word) >= 5}


@lru_cache(maxsize=16_384)
def split(word: str, *, guess: bool) -> tuple[str, ...]:
    """The parts of a plain word (see `plain_german`) and their neighbours joined, without the word itself.

    Empty for a word that is no compound. With `guess`, one unknown stretch is allowed (for text known to be German).
    """
    if not MIN_LETTERS <= len(word) <= _LONGEST_WORD:
        return ()
    parts = _best(word, guess=guess and len(word) >= MIN_LETTERS_GUESSED)
    count = len(parts)
    runs = ((i, j) for size in range(1, count) for i in range(count - size + 1) for j in (i + size - 1,))
    return tuple(dict.fromkeys(word[parts[i][0] : parts[j][1]] for i, j in runs))


def _best(word: str, *, guess: bool) -> tuple[tuple[int, int], ...]:
    """The cheapest spelling of the whole word by parts; nothing if it cannot be spelled, or is one part."""
    ways: list[_Way | None] = [None] * (len(word) + 1)
    ways[0] = _Way(0.0, ())
    for start in range(len(word)):
        if guess and start >= _MIN_UNKNOWN_START and ways[start] is None and _VOWEL.search(word, 0, start):
            ways[start] = _Way(_price_of_unknown(start), ((0, start),), has_unknown=True)
        if (way := ways[start]) is not None:
            _extend(word, start, way, ways, guess=guess)
    best = ways[-1]
    return best.parts if best and len(best.parts) > 1 else ()


def _extend(word: str, start: int, way: _Way, ways: list[_Way | None], *, guess: bool) -> None:
    """Put one more part behind a beginning, in every possible length."""
    ends, modifiers = _words()
    length = len(word)
    shortest = 4 if way.has_unknown else 3
    for end in range(start + shortest, min(length, start + _LONGEST_PART) + 1):
        part = word[start:end]
        price = way.cost + (1.5 if end - start == 3 else 1.0)
        if part in ends and word[end:] in _ENDINGS:
            _offer(ways, length, way, price + 0.1 * (end < length), (start, length))
        if part in modifiers:
            for link in _LINKS:
                after = end + len(link)
                if after < length and word.startswith(link, end):
                    _offer(ways, after, way, price + 0.2 * bool(link), (start, end))
    if guess and way.parts and not way.has_unknown and way.parts[0][1] >= 4 and _looks_like_a_word(word[start:]):
        _offer(ways, length, way, way.cost + _price_of_unknown(length - start), (start, length))


def _offer(ways: list[_Way | None], at: int, way: _Way, cost: float, part: tuple[int, int]) -> None:
    known = ways[at]
    # Of equal prices the one with the longer first parts stays: a rule is needed, and this one is stable.
    if known is None or cost < known.cost:
        ways[at] = _Way(cost, (*way.parts, part), way.has_unknown)


def _price_of_unknown(letters: int) -> float:
    """Dear enough that known words are always preferred, the dearer the more of the word it leaves unexplained."""
    return 2.0 + letters / 2


def _looks_like_a_word(rest: str) -> bool:
    return len(rest) >= _MIN_UNKNOWN_END and not _SUFFIX.match(rest) and bool(_VOWEL.search(rest))
