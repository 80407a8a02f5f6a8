"""What the first bytes of a file look like: for files that no demuxer knows, and for containers that share one.

Sources: the signatures in each format's specification (ISO/IEC 14496-12 box types, EBML DocType, RFC 8794,
ISO/IEC 10918, PNG, RIFF).
"""

from __future__ import annotations

# Enough for every signature below and for judging text.
HEAD_BYTES = 4096

_SIGNATURES = (
    (0, b"\xff\xd8\xff", "jpeg"),
    (0, b"\x89PNG\r\n\x1a\n", "png"),
    (0, b"GIF8", "gif"),
    (8, b"WEBP", "webp"),
    (0, b"II*\0", "tiff"),
    (0, b"MM\0*", "tiff"),
    (0, b"BM", "bmp"),
    (0, b"%PDF-", "pdf"),
    (0, b"PK\x03\x04", "zip"),
    (0, b"\x1f\x8b", "gzip"),
    (0, b"Rar!", "rar"),
    (0, b"7z\xbc\xaf\x27\x1c", "7z"),
    (0, b"SQLite format 3", "sqlite"),
    (0, b"\x1a\x45\xdf\xa3", "matroska"),
    (8, b"AVI ", "avi"),
    (8, b"WAVE", "wav"),
    (0, b"OggS", "ogg"),
    (0, b"FLV", "flv"),
    (0, b"\0\0\x01\xba", "mpeg"),
    (0, b"0&\xb2u\x8ef\xcf\x11", "asf"),
    (4, b"moov", "mov"),
    (4, b"mdat", "mov"),
    (4, b"wide", "mov"),
)
_WORDS = {
    "": "nothing that is known",
    "html": "a web page (HTML)",
    "json": "JSON",
    "xml": "XML",
    "text": "plain text",
    "zeros": "nothing but zeros",
    "zip": "a ZIP archive or office document",
    "pdf": "a PDF document",
}


def looks_like(head: bytes) -> str:
    """One word for a file that begins with `head` (its first `HEAD_BYTES`); empty if it looks like nothing known."""
    if head[4:8] == b"ftyp":
        return mov_brand(head[8:12].decode("latin-1"))
    for place, signature, word in _SIGNATURES:
        if head.startswith(signature, place):
            return matroska_kind(head) if word == "matroska" else word
    if head and not head.strip(b"\0"):
        return "zeros"
    return _text_kind(head)


def is_text(head: bytes) -> bool:
    """Whether it is text and nothing else, which no film begins with."""
    return looks_like(head) in ("text", "html", "json", "xml")


def in_words(kind: str) -> str:
    """`kind` as it can stand in a sentence after "the file looks like"."""
    return _WORDS.get(kind, f"a file of kind {kind.upper()}")


def mov_brand(brand: str) -> str:
    """The family of an ISO base media file, from its major brand; without one it is old QuickTime."""
    if brand in ("", "qt  "):
        return "mov"
    if brand.startswith(("3gp", "3g2")):
        return "3gp"
    if brand in ("heic", "heix", "mif1", "avif"):
        return "heif" if brand != "avif" else "avif"
    return "m4a" if brand == "M4A " else "mp4"


def matroska_kind(head: bytes) -> str:
    """`webm` or `matroska`, from the DocType in the EBML header."""
    return "webm" if b"\x42\x82\x84webm" in head[:128] else "matroska"


def _text_kind(head: bytes) -> str:
    # A head may end in the middle of a character: three bytes at most.
    for cut in range(4):
        try:
            text = head[: len(head) - cut].decode("utf-8")
            break
        except UnicodeDecodeError:
            continue
    else:
        return ""
    text = text.lstrip("\ufeff").lstrip().lower()
    if not text or any(ord(character) < 32 and character not in "\t\r\n\f\x1b" for character in text):
        return ""
    if text.startswith(("<!doctype html", "<html", "<head", "<body")) or "<html" in text[:1000]:
        return "html"
    if text.startswith("<"):
        return "xml"
    return "json" if text.startswith(("{", "[")) else "text"
