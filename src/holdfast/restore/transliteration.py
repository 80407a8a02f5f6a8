"""Cyrillic titles in Latin letters, as people name files: one rough key for all the ways in which they do it.

`Щука и Ёж`, `Schuka i Ezh` and `Shchuka i Yozh` have one key. It is for comparing only: what several letters of one
script share in the other is thrown together, and nobody should read it.

Source: GOST 7.79-2000 systems A and B, ISO 9, the BGN/PCGN romanization, German transcription (Duden); and habit.
"""

from __future__ import annotations

import re
import unicodedata

from holdfast.model.folding import fold_text

_CYRILLIC_TO_LATIN = (
    "а=a б=b в=v г=g д=d е=e ё=e ж=zh з=z и=i й=i к=k л=l м=m н=n о=o п=p р=r с=s т=t у=u ф=f х=h ц=z ч=h ш=sh щ=sh"
    " ъ= ы=i ь= э=e ю=u я=a і=i ї=i є=e ґ=g ў=u ј=i ђ=d ћ=h љ=l њ=n џ=d ѕ=z"
)
# What Latin letters become, so that they meet the Cyrillic ones above: х is kh, h or (in German) ch, which is also ч.
_LATIN_TO_LATIN = (
    "schtsch=sh shch=sh tsch=h tch=h sch=sh sh=sh zh=zh kh=h ch=h ts=z tz=z c=z x=ks q=k w=v"
    " ya=a ja=a ia=a yu=u ju=u iu=u yo=e jo=e ye=e je=e ie=e iy=i yi=i ij=i ji=i yj=i y=i j=i"
)
_CYRILLIC = dict(entry.split("=") for entry in _CYRILLIC_TO_LATIN.split())
_LATIN = dict(entry.split("=") for entry in _LATIN_TO_LATIN.split())
_GROUPS = re.compile("|".join(sorted(_LATIN, key=len, reverse=True)))
_ACCENTED = str.maketrans({"ž": "zh", "š": "sh", "č": "ch", "ŝ": "sh", "ë": "e", "û": "u", "â": "a"})
_SOFT_SIGNS = re.compile(r"['’`ʹʺ]")
_GLIDE = re.compile(r"[ий](?=[яюеёэ])")
_LATIN_GLIDE = re.compile(r"i+(?=[aeu])")
_DOUBLED = re.compile(r"(.)\1+")


def rough_key(text: str) -> str:
    """The words of `text` in rough Latin letters, numbers as they are, one space between; "" if there are none."""
    folded = unicodedata.normalize("NFC", fold_text(text)).translate(_ACCENTED)
    return " ".join(filter(None, map(_word, re.findall(r"[^\W_]+", _SOFT_SIGNS.sub("", folded)))))


def has_cyrillic(text: str) -> bool:
    """Whether a Cyrillic letter stands in `text`."""
    return any(c in _CYRILLIC for c in fold_text(text))


def _word(word: str) -> str:
    if word.isdigit():
        return word
    if any(c in _CYRILLIC for c in word):
        latin = "".join(_CYRILLIC.get(c, c) for c in _GLIDE.sub("", word))
    else:
        decomposed = unicodedata.normalize("NFD", word)
        bare = "".join(c for c in decomposed if not unicodedata.combining(c))
        latin = _GROUPS.sub(lambda match: _LATIN[match[0]], bare if bare.isascii() else word)
    return _DOUBLED.sub(r"\1", _LATIN_GLIDE.sub("", latin))
