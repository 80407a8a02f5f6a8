"""What somebody typed into a search box, as terms that an index can be asked for.

    word            any passage with the word, in any of its forms
    "two words"     these words in this order
    begin*          words that begin so (three letters or more)
    -word           not the passages with it

All terms must be met. Nothing else is syntax: AND, brackets and lone signs are text like any other. Whatever is typed,
a query comes of it (perhaps one that asks for nothing), and its keys hold letters, digits and `_` alone, so that no
index can be made to read them as anything else.

A term has alternatives, because a query has no language: *Müller* asks for the German and for the English stem.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from holdfast.catalog.stems import ENGLISH, GERMAN, index_keys, prefix_keys, query_keys
from holdfast.catalog.tokens import Unit, joined, pairs, spelled, units
from holdfast.model.folding import fold_text

MOST_TERMS = 32
MOST_KEYS_IN_A_PHRASE = 64
LONGEST_QUERY = 2_000  # characters; what follows is not read
SHORTEST_PREFIX = 3  # what begins with two letters is too much to be an answer, and slow to gather

_QUOTES = '"\u201c\u201d\u201e\u00ab\u00bb\u300c\u300d\u300e\u300f\u300a\u300b'
_CHUNK = re.compile(rf"(?P<minus>(?<!\S)[-\u2212])?(?:[{_QUOTES}](?P<quoted>[^{_QUOTES}]*)|(?P<plain>[^\s{_QUOTES}]+))")
_SEPARATORS = re.compile(r"[\s,;!?…()\[\]{}<>|、。，；！？]+")
_CODE_PIECES = re.compile(r"\d+|[^\d]+")


@dataclass(frozen=True, slots=True)
class Phrase:
    """Keys that follow each other; with `is_prefix` the last one is the beginning of a key.

    `in_place` asks only for keys that keep their place in the sentence (no compound parts, no other forms).
    """

    keys: tuple[str, ...]
    is_prefix: bool = False
    in_place: bool = False


@dataclass(frozen=True, slots=True)
class Term:
    """What one typed word or quoted phrase asks for: any of these."""

    alternatives: tuple[Phrase, ...]


@dataclass(frozen=True, slots=True)
class Query:
    """Terms that must all be met, and terms of which none may be. Without wanted terms it asks for nothing."""

    wanted: tuple[Term, ...] = ()
    unwanted: tuple[Term, ...] = ()


def query_terms(text: str) -> Query:
    """The query that was typed. Never raises; of overlong input the beginning counts."""
    wanted: list[Term] = []
    unwanted: list[Term] = []
    for chunk in _CHUNK.finditer(fold_text(text[:LONGEST_QUERY])):
        terms = _quoted(chunk["quoted"]) if chunk["quoted"] is not None else _plain(chunk["plain"])
        (unwanted if chunk["minus"] else wanted).extend(terms)
    return Query(tuple(dict.fromkeys(wanted))[:MOST_TERMS], tuple(dict.fromkeys(unwanted))[:MOST_TERMS])


def _quoted(text: str) -> list[Term]:
    found = list(units(fold_text(text)))
    return [Term(_chains(found, in_place=True))] if found else []


def _plain(chunk: str) -> list[Term]:
    """One term a stretch without separators: `12:30` and `K팝` are each asked for as they stand together."""
    terms = []
    for part in _SEPARATORS.split(chunk):
        found = list(units(fold_text(part)))
        is_prefix = part.endswith("*") and bool(found) and part[found[-1].end :] == "*"
        if len(found) == 1:
            terms.append(Term(_single(found[0], is_prefix=is_prefix)))
        elif found:
            chains = _chains(found, in_place=True, is_prefix=is_prefix)
            terms.append(Term(chains + _written_together(found)))
    return terms


def _single(unit: Unit, *, is_prefix: bool) -> tuple[Phrase, ...]:
    if unit.script == "cjk":
        return (Phrase(tuple(pairs(unit.text)[:MOST_KEYS_IN_A_PHRASE])),)
    word = spelled(unit.text)[0]
    if is_prefix and len(word) >= SHORTEST_PREFIX:
        return tuple(Phrase((key,), is_prefix=True) for key in prefix_keys(word, unit.script))
    alternatives = tuple(Phrase((key,)) for key in query_keys(word, unit.script))
    pieces = _CODE_PIECES.findall(word)
    if len(pieces) == 2:  # `iphone12` also asks for `iPhone 12`; S01E02 is asked for as it stands
        apart = [Unit(unit.script, piece, 0, 0, is_hyphenated=False) for piece in pieces]
        alternatives += _chains(apart, in_place=True)
    return alternatives


def _written_together(found: list[Unit]) -> tuple[Phrase, ...]:
    """Rolls-Royce also asks for Rollsroyce."""
    word = joined(found) if all(unit.is_hyphenated for unit in found[1:]) else ""
    return tuple(Phrase((key,)) for key in query_keys(word, found[0].script)) if word else ()


def _chains(found: list[Unit], *, in_place: bool = False, is_prefix: bool = False) -> tuple[Phrase, ...]:
    """The units one after the other, as a German and as an English text would have filed them."""
    phrases = []
    for language in (GERMAN, ENGLISH):
        keys: list[str] = []
        for unit in found:
            if unit.script == "cjk":
                keys += pairs(unit.text)
            else:
                keys.append(index_keys(spelled(unit.text)[0], unit.script, language)[0])
        # A single character at the end (K팝, 1949年) is met by the beginning of a pair.
        is_open = is_prefix or (found[-1].script == "cjk" and len(found[-1].text) == 1)
        is_cut = len(keys) > MOST_KEYS_IN_A_PHRASE
        phrases.append(Phrase(tuple(keys[:MOST_KEYS_IN_A_PHRASE]), is_open and not is_cut, in_place))
    return tuple(dict.fromkeys(phrases))
