"""The keys under which a word is filed and looked for: stems by script and language.

Keys carry their kind in front, so that a German stem never meets an English one by accident (`Poet` and `pot`):

    d_   German stem      e_   English stem      r_   Russian stem      f_   the form as written, numbers and codes

A Latin word of a text that is neither German nor English (or of unknown language) is filed under both. A query has no
language: it asks under both. Every word is also filed as written, for prefixes: `universit*` would miss a stem.

Umlauts are brought to plain vowels *before* stemming, in all three spellings, so Müllerin, Muellerin and Mullerin meet
by construction.

Snowball's Russian takes many nouns for verbs: архив loses its -ив, журнал its -л, экран its -н, but архивам does not.
So a Russian word has a second key, made by taking off noun endings only; of the two, one meets.
"""

from __future__ import annotations

import re
import unicodedata
import zlib
from threading import Lock

import snowballstemmer  # uses the C extension PyStemmer by itself where that is installed

from holdfast.catalog.compounds import plain_german, split

GERMAN, ENGLISH, OTHER = "de", "en", ""
LONGEST_KEY = 64  # what is longer is no word (a digest, a data URL): its beginning stands for it

_TAGS = {"de": GERMAN, "deu": GERMAN, "ger": GERMAN, "gsw": GERMAN, "nds": GERMAN, "en": ENGLISH, "eng": ENGLISH}
_SPELLED_OUT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})
_LETTERS_WITHOUT_DECOMPOSITION = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ħ": "h", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d", "ı": "i"}
)
_CODE_PIECES = re.compile(r"\d+|\D+")
# The noun endings of Snowball's Russian algorithm, behind a stem with a vowel; the longest counts.
_NOUN_ENDING = re.compile(
    "^(.*?[аеиоуыэюя].*?)(?:иями|ями|ами|ией|иям|ием|иях|ев|ов|ие|ье|еи|ии|ей|ой|ий|ям|ем|ам|ом|ах|ях|ию|ью|ия|ья"
    "|[аеийоуыьюя])$"
)
_NO_NOUN = re.compile("(?:ее|ые|ое|ый|его|ого|ему|ому|их|ых|ую|юю|ая|яя|ся|лись|лась|лось)$")
_SOFT = "аеиоуыэюяйь"
_stemmers = {name: snowballstemmer.stemmer(name) for name in ("german", "english", "russian")}
_lock = Lock()  # a stemmer keeps its word in itself, and the site searches from several threads


def rules_fingerprint() -> str:
    """Changes when the installed stemmer or Python's Unicode tables treat words otherwise than before.

    A check of tell-tale words, not of version numbers: the stemmers in C and in Python may be of different releases
    and yet agree.
    """
    stems = [_stem(language, word) for language, words in _TELL_TALES.items() for word in words.split()]
    return f"{zlib.crc32(' '.join([*stems, unicodedata.unidata_version]).encode()):08x}"


_TELL_TALES = {
    "german": "mueller quelle feuer jahre jahren haeuser kategorischen verwandtschaft bildungen katers"
    " gearbeitet rechtlichkeit studentinnen systeme systems aufgelegt wirtschaftlichen hindernisse derbsten",
    "english": "generously happily relational universities geologist dying skis news inning evening fluently"
    " women's consign knightly controllable conspired predication owed bees useful congeners exaggerated emerged",
    "russian": "видеозапись архив журнал экрана новейшими говорившими записывались партизанами ёлками съёмка длинный"
    " радостность прочитав сказавшись красивейший важнее гостиницею историей армиями лучший",
}


def language_of(tag: str | None) -> str:
    """`de` or `en` for a BCP 47 or ISO 639 tag of that language, else the empty text."""
    return _TAGS.get((tag or "").replace("_", "-").split("-")[0].lower(), OTHER)


def index_keys(word: str, script: str, language: str) -> tuple[str, ...]:
    """The keys of one folded word of a text; the first is the one that keeps its place in the sentence.

    `script` is `latin`, `cyrillic` or `other`; `language` comes from `language_of`.
    """
    word = word[:LONGEST_KEY]
    if script == "other":
        return (f"f_{word}",)
    form = _plain(word, script)
    if any(character.isdigit() for character in form):
        return _code_keys(form, script, language)
    if script == "cyrillic":
        return (*_russian_keys(form), f"f_{form}")
    return _latin_keys(word, form, language)


def query_keys(word: str, script: str) -> tuple[str, ...]:
    """Every key that one folded word of a query may be filed under."""
    word = word[:LONGEST_KEY]
    form = _plain(word, script)
    if script == "other" or any(character.isdigit() for character in form):
        return (f"f_{form}",)
    if script == "cyrillic":
        return _russian_keys(form)
    english = (_english(form), _english(_plain(word.translate(_SPELLED_OUT), script)))
    return tuple(dict.fromkeys([f"d_{_german(form)}", *(f"e_{stem}" for stem in english)]))


def prefix_keys(word: str, script: str) -> tuple[str, ...]:
    """Every beginning of a form that a word beginning so may have."""
    word = word[:LONGEST_KEY]
    form = _plain(word, script)
    forms = [form]
    if script == "latin":
        forms += [plain_german(form), _plain(word.translate(_SPELLED_OUT), script)]
    return tuple(f"f_{each}" for each in dict.fromkeys(forms))


def _latin_keys(word: str, form: str, language: str) -> tuple[str, ...]:
    german = f"d_{_german(form)}"
    english = f"e_{_english(form)}"
    if language == GERMAN:
        keys = [german, *_part_keys(form, guess=True)]
    elif language == ENGLISH:
        # A foreign name in an English text: whoever looks for Mueller finds Müller there too.
        keys = [english, german] if word != form else [english]
    else:
        keys = [english, german, *_part_keys(form, guess=False)]
    return tuple(dict.fromkeys([*keys, f"f_{form}"]))


def _part_keys(form: str, *, guess: bool) -> list[str]:
    return [f"d_{_german(part)}" for part in split(plain_german(form), guess=guess)]


def _code_keys(form: str, script: str, language: str) -> tuple[str, ...]:
    """S01E02 and 1970s as they stand, and also by their pieces of two or more characters."""
    keys = [f"f_{form}"]
    for piece in _CODE_PIECES.findall(form):
        if 1 < len(piece) < len(form):
            keys += (f"f_{piece}",) if piece[0].isdigit() else index_keys(piece, script, language)
    return tuple(dict.fromkeys(keys))


def _plain(word: str, script: str) -> str:
    """The word without accents: café is cafe, ё is е, за́мок is замок; but й stays a letter of its own."""
    if word.isascii():
        return word
    if script == "latin":
        parts = unicodedata.normalize("NFD", word.translate(_LETTERS_WITHOUT_DECOMPOSITION))
        return "".join(part for part in parts if not unicodedata.combining(part)) or word
    if script == "cyrillic":
        return word.replace("ё", "е").replace("\u0301", "").replace("\u0300", "")
    return word


def _stem(language: str, word: str) -> str:
    with _lock:
        stem: str = _stemmers[language].stemWord(word)
    return stem or word


def _german(form: str) -> str:
    plain = plain_german(form)
    # The plural of Statue: Snowball would read the ue as an umlaut.
    return _stem("german", plain[:-1] if plain.endswith("uen") else plain)


def _english(word: str) -> str:
    return _stem("english", word)


def _russian_keys(form: str) -> tuple[str, ...]:
    """Snowball's stem, and the stem of a noun where that is another one and the word may be a noun."""
    stem = _stem("russian", form)
    if _NO_NOUN.search(form):
        return (f"r_{stem}",)
    noun = _NOUN_ENDING.sub(r"\1", form).rstrip(_SOFT)
    return (f"r_{stem}",) if noun == stem or len(noun) < 3 else (f"r_{stem}", f"r_{noun}")
