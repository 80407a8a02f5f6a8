"""The parts of a web page in which works may be told of: scripts, `meta`, microdata, links with the text about them.

The reader is our own and reads no structure, only tags in a row. It never goes back: the one of the standard library
needs the square of the length for a page of unclosed tags, and captures hold pages of every kind.

Source: HTML Living Standard, 13.2.5 (tokenization), 5.2 (microdata); attributes without quotes and in any case.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from typing import Any

_TAG_START = re.compile(r"<(?:(/?)([A-Za-z][A-Za-z0-9:-]{0,40})|!--)")
_ATTRIBUTE = re.compile(
    r"""[\s/]*([^\s=>"'/]{1,200})(?:\s{0,20}=\s{0,20}(?:"([^"]*)"|'([^']*)'|([^\s>"']*)))?""",
)
_LONGEST_TAG = 2_000_000  # a picture may stand in it as a data: address
_RAW = {"script", "style", "textarea", "title"}
_RAW_END = {name: re.compile(rf"</{name}", re.IGNORECASE) for name in _RAW}
_VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
_SAVED_FROM = re.compile(r"saved from url=\([0-9]+\)(\S+)")
_MOST = 100_000  # links, items or scripts of one page


@dataclass
class Link:
    """A link: where to, the text inside it, the text from it to the next link, the picture inside it."""

    address: str
    inside: str = ""
    after: str = ""
    picture: str = ""
    title: str = ""


@dataclass
class PageParts:
    """What a page holds. `scripts` are pairs of type and text; `items` are microdata, with `@type`."""

    language: str = ""
    title: str = ""
    base: str = ""
    saved_from: str = ""
    meta: dict[str, str] = field(default_factory=dict)
    scripts: list[tuple[str, str]] = field(default_factory=list)
    items: list[dict[str, Any]] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)


@dataclass(frozen=True)
class Tag:
    """A start tag with its attributes, an end tag, or (without a name) text."""

    name: str
    attributes: dict[str, str] = field(default_factory=dict)
    is_end: bool = False
    text: str = ""


def tags(page: str) -> Iterator[Tag]:
    """The tags and texts of a page in a row; the content of scripts and titles is one text. Linear in its length."""
    at = 0
    last_comment = page.rfind("-->")
    while match := _TAG_START.search(page, at):
        if match.start() > at:
            yield Tag("", text=page[at : match.start()])
        name = (match[2] or "").lower()
        if not name:
            # Of comments that nothing closes, only the mark is left out.
            end = page.find("-->", match.end()) if match.end() <= last_comment else match.end() - 3
            yield Tag("!--", text=page[match.end() : end])
            at = end + 3
            continue
        attributes, at = _attributes(page, match.end())
        yield Tag(name, attributes, is_end=bool(match[1]))
        if name in _RAW and not match[1]:
            closing = _RAW_END[name].search(page, at)
            end = closing.start() if closing else len(page)
            yield Tag("", text=page[at:end])
            at = end
    if at < len(page):
        yield Tag("", text=page[at:])


def page_parts(page: str) -> PageParts:
    """What of a page may tell of works."""
    return _Collector().collect(page)


def visible_text(markup: str) -> str:
    """The text of markup, without tags, scripts and styles; ends of blocks are ends of lines."""
    pieces: list[str] = []
    hidden = ""
    for tag in tags(markup):
        if tag.name in ("script", "style"):
            hidden = "" if tag.is_end else tag.name
        elif tag.name in ("br", "p", "div", "li", "tr"):
            pieces.append("\n")
        elif not tag.name and not hidden:
            pieces.append(tag.text)
    return unescape("".join(pieces)).strip()


def _attributes(page: str, at: int) -> tuple[dict[str, str], int]:
    found: dict[str, str] = {}
    limit = min(len(page), at + _LONGEST_TAG)
    while at < limit:
        if page[at] == ">":
            return found, at + 1
        match = _ATTRIBUTE.match(page, at, limit)
        if match is None:
            at += 1
            continue
        value = next((group for group in match.groups()[1:] if group is not None), "")
        found.setdefault(match[1].lower(), unescape(value) if "&" in value else value)
        at = match.end()
    return found, at


class _Collector:
    def __init__(self) -> None:
        self._parts = PageParts()
        self._script: str | None = None  # its type, while inside one
        self._in_title = False
        self._link: Link | None = None  # the last one begun
        self._in_link = False
        self._open: list[str] = []  # elements
        self._times_open: Counter[str] = Counter()
        self._items: list[tuple[int, dict[str, Any]]] = []  # open microdata, with the depth it began at
        self._property: tuple[int, str, dict[str, Any]] | None = None  # an open itemprop that takes text

    def collect(self, page: str) -> PageParts:
        for tag in tags(page):
            if tag.name == "!--":
                if match := _SAVED_FROM.search(tag.text):
                    self._parts.saved_from = self._parts.saved_from or match[1]
            elif not tag.name:
                self._text(tag.text)
            elif tag.is_end:
                self._end(tag.name)
            else:
                self._start(tag.name, tag.attributes)
        return self._parts

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        parts = self._parts
        if name == "script":
            self._script = attributes.get("type", "").lower()
        elif name == "title":
            self._in_title = True
        elif name == "html":
            parts.language = attributes.get("lang", "") or attributes.get("xml:lang", "")
        elif name == "base":
            parts.base = parts.base or attributes.get("href", "")
        elif name == "meta":
            key = (attributes.get("property") or attributes.get("name") or "").lower()
            if key and len(parts.meta) < _MOST:
                parts.meta.setdefault(key, attributes.get("content", ""))
        elif name == "link" and "canonical" in attributes.get("rel", "").lower().split():
            parts.meta.setdefault("canonical", attributes.get("href", ""))
        elif name == "a" and attributes.get("href") and len(parts.links) < _MOST:
            self._link = Link(attributes["href"], title=attributes.get("title", ""))
            self._in_link = True
            parts.links.append(self._link)
        elif name == "img" and self._in_link and self._link and not self._link.picture:
            self._link.picture = attributes.get("data-src") or attributes.get("src", "")
        if name not in _VOID:
            self._open.append(name)
            self._times_open[name] += 1
        self._microdata(name, attributes)

    def _end(self, name: str) -> None:
        if name == "script":
            self._script = None
        elif name == "title":
            self._in_title = False
        elif name == "a":
            self._in_link = False
        # An end closes what was left open inside, as `<p>` often is; one without a beginning closes nothing.
        closed = "" if self._times_open[name] else name
        while closed != name:
            closed = self._open.pop()
            self._times_open[closed] -= 1
        depth = len(self._open)
        if self._property and depth < self._property[0]:
            self._property = None
        while self._items and depth < self._items[-1][0]:
            self._items.pop()

    def _text(self, text: str) -> None:
        if self._script is not None:
            if len(self._parts.scripts) < _MOST:
                self._parts.scripts.append((self._script, text))
            return
        text = unescape(text) if "&" in text else text
        if self._in_title:
            self._parts.title = self._parts.title or text.strip()
        if self._link is not None:
            if self._in_link:
                self._link.inside = _grown(self._link.inside, text)
            else:
                self._link.after = _grown(self._link.after, text)
        if self._property:
            _, name, item = self._property
            item[name] = _grown(item.get(name, ""), text)

    def _microdata(self, name: str, attributes: dict[str, str]) -> None:
        """Values as HTML gives them: of `content`, of an address, of `datetime`, else the text inside."""
        item = self._items[-1][1] if self._items else None
        key = attributes.get("itemprop", "")
        if "itemscope" in attributes and len(self._parts.items) < _MOST:
            inner: dict[str, Any] = {"@type": attributes.get("itemtype", "")}
            self._parts.items.append(inner)
            if key and item is not None:
                item.setdefault(key, inner)
            if name not in _VOID:
                self._items.append((len(self._open), inner))
            return
        if not key or item is None or key in item:
            return
        for source in ("content", "href", "src", "datetime"):
            if attributes.get(source):
                item[key] = attributes[source]
                return
        if name not in _VOID:
            self._property = (len(self._open), key, item)


def _grown(text: str, more: str) -> str:
    return text + more if len(text) < 5_000 else text
