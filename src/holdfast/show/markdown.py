"""Markdown as HTML that may stand in a page: nothing in it runs, and nothing in it is fetched from elsewhere.

- HTML in a text is text. A link leads to the web, to an address of mail or to a page of this site, and to nothing else.
- What leads away says so to browsers and search engines (`rel`).
- A picture is shown if it is one of this site; one from elsewhere becomes a link to it.
- Every block finds the direction of its own script.
- A text longer than any piece's is not looked at: it is shown as it was typed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from itertools import pairwise

from django.utils.html import linebreaks
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.token import Token

from holdfast.model.piece import LONGEST_TEXT

AT_HAND = 512
OWN_PICTURES = "/media/"
_MAY_BE_LINKED = re.compile(r"(?:https?://|mailto:|/(?!/)|#)", re.IGNORECASE)
_LEADS_AWAY = re.compile(r"(?!/(?!/)|#)")
_BLOCKS = {"paragraph_open", "heading_open", "list_item_open", "blockquote_open"}


@lru_cache(maxsize=AT_HAND)
def rendered(text: str, below: int = 1) -> SafeString:
    """The text as HTML. Its headings begin so many levels below the page's title, and skip none."""
    if len(text) > LONGEST_TEXT:
        return mark_safe(str(linebreaks(text, autoescape=True)))  # noqa: S308 (everything in it is escaped)
    tokens = _reader().parse(text)
    levels = sorted({token.tag for token in tokens if token.type == "heading_open"})
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(6, below + 1 + levels.index(token.tag))}"
        if token.type in _BLOCKS:
            token.attrSet("dir", "auto")
        if token.children:
            token.children = list(_inline(token.children))
    html: str = _reader().renderer.render(tokens, _reader().options, {})
    return mark_safe(html)  # noqa: S308 (made from tokens, of which none is HTML)


def foreign_pictures(text: str) -> int:
    """How many pictures of a text are not shown, because they would be fetched from elsewhere."""
    found = (child for token in _tokens(text) for child in token.children or () if child.type == "image")
    return sum(not _is_own(child) for child in found)


@lru_cache(maxsize=AT_HAND)
def lead(text: str, most: int = 280) -> str:
    """The first paragraph without its marks, cut at a word."""
    tokens = _tokens(text)
    for opened, token in pairwise(tokens):
        if opened.type == "paragraph_open" and token.type == "inline":
            said = " ".join("".join(_plain(token.children or [])).split())
            if len(said) > most:
                return said[:most].rpartition(" ")[0].rstrip(",;:.") + "…" if " " in said[:most] else said[:most] + "…"
            if said:
                return said
    return ""


def _tokens(text: str) -> list[Token]:
    return _reader().parse(text) if len(text) <= LONGEST_TEXT else []


@cache
def _reader() -> MarkdownIt:
    reader = MarkdownIt("commonmark", {"html": False}).enable("strikethrough")
    reader.validateLink = _may_be_linked  # type: ignore[method-assign]
    return reader


def _may_be_linked(url: str) -> bool:
    return _MAY_BE_LINKED.match(url.strip()) is not None


def _inline(children: list[Token]) -> Iterator[Token]:
    depth = 0
    for child in children:
        depth += child.nesting if child.type in ("link_open", "link_close") else 0
        if child.type == "link_open" and _LEADS_AWAY.match(str(child.attrGet("href"))):
            child.attrSet("rel", "noopener nofollow")
        if child.type != "image":
            yield child
        elif _is_own(child):
            child.attrSet("loading", "lazy")
            yield child
        elif depth:
            yield _text(child.content)
        else:
            address = str(child.attrGet("src"))
            yield Token("link_open", "a", 1, {"href": address, "rel": "noopener nofollow"})
            yield _text(child.content or address)
            yield Token("link_close", "a", -1)


def _is_own(picture: Token) -> bool:
    return str(picture.attrGet("src")).startswith(OWN_PICTURES)


def _text(content: str) -> Token:
    return Token("text", "", 0, content=content)


def _plain(children: list[Token]) -> Iterator[str]:
    for child in children:
        if child.type in ("text", "code_inline", "image"):
            yield child.content
        elif child.type in ("softbreak", "hardbreak"):
            yield " "
