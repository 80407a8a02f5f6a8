"""The order of words in lists, as readers of a language look for them.

    sorted(names, key=lambda name: sort_key(name, "ru"))

- The script of the reader's language comes first, as in its dictionaries; then digits, Latin and all others.
- German: umlauts stand with their vowels, ß with ss (DIN 5007-1). Russian: ё stands with е, after it if all else is
  the same. Accents of other letters are looked at in the same way: only where nothing else differs.
- Chinese: the 3,755 common characters by their sound, as GB 2312-1980 arranges them in its first level; rarer ones by
  their radical, after those. Korean: syllables stand in the order of their code points.

Two texts that differ never have the same key.
"""

from __future__ import annotations

import unicodedata

from holdfast.model.language import primary

Key = tuple[tuple[tuple[int, int], ...], tuple[str, ...], str]

_SCRIPTS = {  # by language: the first and the last letter of its script
    "ru": (("\u0400", "\u052f"),),
    "zh": (("\u3400", "\u9fff"), ("\U00020000", "\U0003ffff")),
    "ko": (("\uac00", "\ud7a3"), ("\u1100", "\u11ff"), ("\u3130", "\u318f")),
}
_SIGN, _OWN, _DIGIT, _LATIN, _OTHER = range(5)
_NEVER_APART = "\u0439"  # й is a letter of its own, not и with a sign above it
_HANGUL = ("\uac00", "\ud7a3")


def sort_key(text: str, language: str) -> Key:
    """What texts are ordered by, for readers of a language (`zh-hans`, `de`): a key to give to `sorted`."""
    spoken = primary(language)
    folded = text.casefold()  # ß becomes ss
    letters = tuple(_weight(letter, spoken) for letter in _bare(folded))
    return letters, tuple(map(_accents, unicodedata.normalize("NFC", folded))), text


def _bare(text: str) -> str:
    """The letters without what stands above and below them."""
    letters = []
    for letter in unicodedata.normalize("NFC", text):
        if letter == _NEVER_APART or _HANGUL[0] <= letter <= _HANGUL[1]:
            letters.append(letter)
        else:
            letters += [sign for sign in unicodedata.normalize("NFKD", letter) if not unicodedata.combining(sign)]
    return "".join(letters)


def _accents(letter: str) -> str:
    return "".join(sign for sign in unicodedata.normalize("NFD", letter) if unicodedata.combining(sign))


def _weight(letter: str, language: str) -> tuple[int, int]:
    if any(first <= letter <= last for first, last in _SCRIPTS.get(language, ())):
        return _OWN, _by_sound(letter) if language == "zh" else ord(letter)
    if letter.isdigit():
        return _DIGIT, ord(letter)
    if letter.isascii():
        return (_LATIN if letter.isalpha() else _SIGN), ord(letter)
    return (_OTHER if letter.isalnum() else _SIGN), ord(letter)


def _by_sound(letter: str) -> int:
    """The place of a Chinese character in GB 2312; those that are not in it come after all that are."""
    try:
        return int.from_bytes(letter.encode("gb2312"), "big")
    except UnicodeEncodeError:
        return ord(letter) + 0x10000
