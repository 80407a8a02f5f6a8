"""Text of unknown encoding: bytes of an old caption file to the text that its writer saw.

UTF-8 says of itself whether it is; everything older must be guessed. The language narrows it to a page or two. Without
one, the bytes tell: Korean and Chinese pages decode their own texts and hardly any other, Russian is written in high
bytes nearly alone, German has a few among plain letters. A guess is for searching and showing only: the bytes are kept.

    >>> old_text("Привет".encode("cp1251"))
    'Привет'
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable

from holdfast.model.language import primary

_CYRILLIC_PAGES = ("cp1251", "koi8-r", "cp866")
_PAGES = {
    **dict.fromkeys(("ru", "uk", "be", "bg", "sr", "mk", "kk", "ky", "tt", "ba"), _CYRILLIC_PAGES),
    **dict.fromkeys(("en", "de", "fr", "es", "it", "pt", "nl", "sv", "da", "no", "nb", "nn", "fi", "is"), ("cp1252",)),
    **dict.fromkeys(("pl", "cs", "sk", "hu", "hr", "sl", "bs", "ro", "sq"), ("cp1250",)),
    **dict.fromkeys(("lt", "lv", "et"), ("cp1257",)),
    **dict.fromkeys(("he", "yi"), ("cp1255",)),
    **dict.fromkeys(("ar", "fa", "ur"), ("cp1256",)),
    "el": ("cp1253",),
    "ja": ("cp932",),
    "ko": ("cp949",),
    "th": ("cp874",),
    "tr": ("cp1254",),
    "vi": ("cp1258",),
    "zh": ("gb18030",),
}
_TRADITIONAL = re.compile(r"zh-(?:Hant|TW|HK|MO)\b", re.IGNORECASE)
_SAMPLE_BYTES = 64 * 1024
_BROKEN = "\ufffd"


def old_text(data: bytes, language: str = "und") -> str:
    """The text in `data`, never failing: what cannot be read is U+FFFD. `language` is a BCP 47 tag.

    UTF-8 with or without a mark, UTF-16 with a mark or recognised by its zero bytes, else the old page that fits.
    """
    return data.decode(encoding_of(data, language), "replace")


def encoding_of(data: bytes, language: str = "und") -> str:
    """Python's name of the encoding that `old_text` reads `data` in: to read the rest of a long file, ask with its
    beginning, cut at a line's end.
    """
    if data.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        return "utf-32"
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if wide := _wide_without_mark(data[:_SAMPLE_BYTES]):
        return wide
    text = data.decode("utf-8-sig", "replace")
    broken = text.count(_BROKEN)
    # A few broken bytes do not make it another encoding; in another one nearly every high byte would be broken.
    if broken == 0 or broken * 10 < sum(not c.isascii() for c in text):
        return "utf-8-sig"
    return _page(data, language)


def _wide_without_mark(sample: bytes) -> str:
    """UTF-16 is told by digits and line ends, whose every other byte is zero; no other text holds zeros."""
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    if max(even, odd) * 10 < len(sample):
        return ""
    return "utf-16-be" if even > odd else "utf-16-le"


def _page(data: bytes, language: str) -> str:
    # A sample that ends at a line's end does not cut a character in two.
    sample = data[:_SAMPLE_BYTES]
    sample = sample[: sample.rfind(b"\n") + 1] or sample
    if _TRADITIONAL.match(language):
        return "big5hkscs"
    if pages := _PAGES.get(primary(language)):
        return max(pages, key=lambda page: _lower_cyrillic(sample, page)) if len(pages) > 1 else pages[0]
    return _guessed(sample)


def _guessed(sample: bytes) -> str:
    high = sum(byte >= 0x80 for byte in sample)
    plain = sum(chr(byte).isalpha() for byte in sample if byte < 0x80)
    if _share(sample, "cp949", _is_hangul) > 0.9:
        return "cp949"
    if _share(sample, "cp932", _is_kana) > 0.3:
        return "cp932"
    if _share(sample, "gb18030", _is_common_han) > 0.8:
        return "gb18030"
    if high < plain:
        return "cp1252"
    return max(_CYRILLIC_PAGES, key=lambda page: _lower_cyrillic(sample, page))


def _share(sample: bytes, page: str, fits: Callable[[str], bool]) -> float:
    """How much of what is not plain ASCII or punctuation fits; 0 if the page cannot be meant."""
    try:
        letters = [c for c in sample.decode(page) if not c.isascii() and c.isalpha()]
    except UnicodeDecodeError:
        return 0.0
    return sum(map(fits, letters)) / len(letters) if letters else 0.0


def _lower_cyrillic(sample: bytes, page: str) -> int:
    """Most letters of a text are small: in a wrong Cyrillic page they come out as capitals or boxes."""
    return sum("а" <= c <= "я" for c in sample.decode(page, "replace"))


def _is_hangul(character: str) -> bool:
    """Whether it is one of the 2,350 syllables of KS X 1001, which texts are mostly made of."""
    return "가" <= character <= "힣" and len(character.encode("euc-kr", "replace")) == 2


def _is_kana(character: str) -> bool:
    return "ぁ" <= character <= "ヺ"


def _is_common_han(character: str) -> bool:
    """Whether it is one of the 3,755 characters of the first level of GB 2312, which texts are mostly made of."""
    try:
        first = character.encode("gb2312")[0]
    except UnicodeEncodeError:
        return False
    return 0xB0 <= first <= 0xD7
