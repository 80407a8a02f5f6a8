"""The tokenising step: one way from text to search keys, for what is filed and for what is asked.

Rules, in the order they apply:

- All spellings of width, case and composition are one (`model/folding`).
- Words of Latin and Cyrillic letters become stems (`stems`); other alphabets keep their words as they are.
- Han, kana and Hangul have no reliable word borders: a run becomes its overlapping pairs, and each of its characters
  is an extra key. So a word is found wherever it stands, a Korean noun with any particle.
- A hyphen parts words and joins them: Rolls-Royce is `rolls royce` and also `rollsroyce`.
- An apostrophe joins: O'Brien is `obrien` and also `brien`; a possessive 's is dropped.

Each token knows its place in the sentence and its stretch of the original text, so that a page can mark the words.

    >>> [token.key for token in index_tokens("Straßen 한국어", "de")]
    ['d_strass', 'f_strassen', '한국', '국어', '한', '국', '어']
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from holdfast.catalog import compounds
from holdfast.catalog.stems import index_keys, language_of, rules_fingerprint
from holdfast.model.folding import Folded, fold, fold_text

# Part of the catalogue's version, for keys made by other rules could not be taken back.
VERSION = f"1.{compounds.VERSION}.{rules_fingerprint()}"

_CJK = (
    "\u1100-\u11ff\u3005-\u3007\u3021-\u3029\u3031-\u3035\u3038-\u303c\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff"
    "\u3105-\u312f\u31a0-\u31bf\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff"
    "\U0001b000-\U0001b16f\U00020000-\U000323af"
)
_LATIN = "a-z\u00aa\u00ba\u00df-\u00f6\u00f8-\u02af\u0300-\u036f\u1e00-\u1eff\u2c60-\u2c7f\ua720-\ua7ff\uab30-\uab6f"
_CYRILLIC = "\u0300-\u0304\u0306\u0308\u0400-\u052f\u1c80-\u1c8f\ua640-\ua66e\ua680-\ua69d"
# Vowel signs of these scripts are no letters to `re`, but parts of words all the same.
_SIGNS = "\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u0900-\u0dff\u0e00-\u109f\u1780-\u17d3"
_APOSTROPHE = "['\u2018\u2019\u02bc]"
_UNIT = re.compile(
    f"(?P<cjk>[{_CJK}]+)"
    rf"|(?P<latin>\d*[{_LATIN}][{_LATIN}\d]*(?:{_APOSTROPHE}[{_LATIN}\d]+)*)"
    rf"|(?P<cyrillic>\d*[{_CYRILLIC}][{_CYRILLIC}\d]*(?:{_APOSTROPHE}[{_CYRILLIC}\d]+)*)"
    r"|(?P<number>\d+)"
    rf"|(?P<other>(?:(?![{_CJK}{_LATIN}{_CYRILLIC}])[^\W\d_]|[{_SIGNS}])+)"
)
_SCRIPTS = ("other", "cjk", "latin", "cyrillic", "latin", "other")  # by the number of the group; digits go with Latin
_POSSESSIVE = re.compile(f"{_APOSTROPHE}s$")
_APOSTROPHES = re.compile(_APOSTROPHE)
_HYPHENS = "-\u2010"  # NFKC has made U+2011 into U+2010
_MOST_JOINED_PIECES = 4


class Token(NamedTuple):
    """One key of a text. Extra tokens share the place of a main one: other stems, parts of compounds, forms."""

    key: str
    position: int
    start: int
    end: int
    is_extra: bool


class Unit(NamedTuple):
    """A word or a run of characters in folded text, before it has keys."""

    script: str
    text: str
    start: int
    end: int
    is_hyphenated: bool  # a hyphen, and nothing else, parts it from the unit before


class Streams(NamedTuple):
    """The keys of a text as the index takes them: in places, and without places; both joined by spaces."""

    words: str
    extra: str


class _Filed(NamedTuple):
    """What one unit is filed under: keys in place, keys without, and how far back its place is (hyphenated groups)."""

    start: int
    end: int
    main: Sequence[str]
    extra: tuple[str, ...]
    places_back: int = 0
    is_run: bool = False  # its keys belong each to its own characters


def index_tokens(text: str, language: str | None) -> list[Token]:
    """Every key of the text, with its place (from 0) and its stretch of characters in `text` as given.

    `language` is the text's tag (`de`, `en-GB`, `ko`), or None or empty when unknown. Never raises.
    """
    folded = fold(text)
    tokens: list[Token] = []
    position = 0
    for filed in _filed(folded.text, language_of(language)):
        start, end = folded.span(filed.start, filed.end)
        place = position - filed.places_back
        if filed.is_run:
            tokens += _run_tokens(folded, filed, position)
        else:
            tokens += [Token(key, place, start, end, is_extra=False) for key in filed.main]
            tokens += [Token(key, place, start, end, is_extra=True) for key in filed.extra]
        position += len(filed.main)
    return tokens


def _run_tokens(folded: Folded, filed: _Filed, position: int) -> Iterator[Token]:
    """The tokens of a run of characters: each pair has a place; the last character shares that of the last pair."""
    for at, key in enumerate(filed.main):
        yield Token(key, position + at, *folded.span(filed.start + at, filed.start + at + len(key)), is_extra=False)
    for at, key in enumerate(filed.extra):
        place = position + min(at, len(filed.main) - 1)
        yield Token(key, place, *folded.span(filed.start + at, filed.start + at + 1), is_extra=True)


def index_streams(text: str, language: str | None) -> Streams:
    """The same keys, ready for an index: each extra key once, since how often it repeats tells nothing."""
    words: list[str] = []
    extra: dict[str, None] = {}
    for filed in _filed(fold_text(text), language_of(language)):
        words.extend(filed.main)
        for key in filed.extra:
            extra[key] = None
    return Streams(" ".join(words), " ".join(extra))


def units(folded: str) -> Iterator[Unit]:
    """The words and runs of folded text, in order."""
    last = -2
    for match in _UNIT.finditer(folded):
        start, end = match.span()
        is_hyphenated = start == last + 1 and folded[last] in _HYPHENS
        yield Unit(_SCRIPTS[match.lastindex or 0], match.group(), start, end, is_hyphenated)
        last = end


def spelled(written: str) -> tuple[str, str]:
    """A folded word without its apostrophes, and what follows the last one (O'Brien: `obrien`, `brien`)."""
    if written.isalnum():
        return written, ""
    word = _POSSESSIVE.sub("", written)
    parts = _APOSTROPHES.split(word)
    return "".join(parts), parts[-1] if len(parts) > 1 and len(parts[-1]) > 2 else ""


def pairs(run: str) -> list[str]:
    """The overlapping pairs of a run; of a single character, itself."""
    return [run[at : at + 2] for at in range(len(run) - 1)] or [run]


def joined(group: list[Unit]) -> str:
    """A hyphenated group written together, or the empty text for what nobody would write so."""
    if not 2 <= len(group) <= _MOST_JOINED_PIECES or any(unit.script in ("cjk", "other") for unit in group):
        return ""
    return "".join(spelled(unit.text)[0] for unit in group)


def _filed(folded: str, language: str) -> Iterator[_Filed]:
    """Each unit of folded text with its keys, and behind each hyphenated group the keys of what it is joined to."""
    group: list[Unit] = []
    for unit in units(folded):
        if unit.is_hyphenated:
            group.append(unit)
        else:
            if len(group) > 1:
                yield _joined_group(group, language)
            group = [unit]
        if unit.script == "cjk":
            yield _Filed(
                unit.start, unit.end, pairs(unit.text), tuple(unit.text) if len(unit.text) > 1 else (), is_run=True
            )
        else:
            keys = _word_keys(unit.text, unit.script, language)
            yield _Filed(unit.start, unit.end, keys[:1], keys[1:])
    if len(group) > 1:
        yield _joined_group(group, language)


@lru_cache(maxsize=32_768)
def _word_keys(written: str, script: str, language: str) -> tuple[str, ...]:
    """The keys of a word as it stands in folded text, apostrophes and all; the one in place first."""
    word, last_part = spelled(written)
    keys = index_keys(word, script, language)
    if last_part:
        keys += index_keys(last_part, script, language)
    return tuple(dict.fromkeys(keys))


def _joined_group(group: list[Unit], language: str) -> _Filed:
    word = joined(group)
    keys = index_keys(word, group[0].script, language) if word else ()
    places = sum(len(pairs(unit.text)) if unit.script == "cjk" else 1 for unit in group)
    return _Filed(group[0].start, group[-1].end, (), keys, places)
