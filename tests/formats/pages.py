"""What every page of ours must keep to, wherever its text comes from."""

from __future__ import annotations

import re
from html.parser import HTMLParser

_VOID = {"meta", "img", "br", "link", "input", "hr"}
_INLINE = {"b", "bdi", "code", "i", "s", "span", "u"}
_ADDRESSES = {"src", "href", "xlink:href", "action", "data", "poster", "srcset", "formaction"}


class Page(HTMLParser):
    """The tags, addresses and text of a page; `unclosed` are tags that were never closed or closed out of order."""

    def __init__(self, data: bytes) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.addresses: list[str] = []
        self.attributes: list[tuple[str, str, str]] = []
        self.open: list[str] = []
        self.unclosed: list[str] = []
        self.texts: list[str] = []
        self.feed(data.decode("utf-8"))
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.texts.append("" if tag in _INLINE else " ")
        self.attributes += [(tag, name, value or "") for name, value in attrs]
        self.addresses += [value or "" for name, value in attrs if name in _ADDRESSES]
        if tag not in _VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if self.open and self.open[-1] == tag:
            self.open.pop()
        else:
            self.unclosed.append(tag)

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.texts.append(data)

    @property
    def text(self) -> str:
        """All text outside the style, spaces made one."""
        return " ".join("".join(self.texts).split())


def check_page(data: bytes) -> Page:
    """The page, if it is whole, has no script or handler, and asks for nothing from outside."""
    page = Page(data)
    assert set(page.open) | set(page.unclosed) <= {"html"}
    assert not {"script", "iframe", "object", "embed", "link", "form", "base"} & set(page.tags)
    assert not [name for _, name, _ in page.attributes if name.startswith("on")]
    assert all(address.startswith("data:image/jpeg;base64,") for address in page.addresses)
    assert not re.search(r"url\((?!#)|@import", data.decode("utf-8"))
    return page
