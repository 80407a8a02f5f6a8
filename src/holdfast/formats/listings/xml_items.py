"""XML of other people, safely: one element after the other, no document type, nothing fetched, nothing expanded.

A DTD is refused outright: with it come entities, and with them the billion laughs and files of the reader's machine.
No feed of today has one. What nests deeper than a feed does, or has one element of many megabytes, is refused too.

Source: XML 1.0, 2.8 and 4.4 (document type, entities); expat's own limits come on top.
"""

from __future__ import annotations

import codecs
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import BinaryIO
from xml.parsers import expat

from holdfast.formats.listings.reading import CHUNK_BYTES

_DEEPEST = 100
_MOST_CHARACTERS = 4_000_000  # of one item
_MOST_ELEMENTS = 20_000


class BadXml(ValueError):
    """The XML cannot be read further; what was read before holds. Its text says why, and in which line."""


@dataclass
class Element:
    """One element: its name without the namespace's prefix (in small letters), the namespace, and what is inside."""

    name: str
    space: str = ""
    attributes: dict[str, str] = field(default_factory=dict)
    pieces: list[str] = field(default_factory=list)
    children: list[Element] = field(default_factory=list)
    line: int = 0

    @property
    def text(self) -> str:
        """Its own text, without that of the elements inside."""
        return "".join(self.pieces).strip()

    def all(self, *names: str) -> Iterator[Element]:
        """Every element inside, at any depth, of one of these names, in the order of the text."""
        for child in self.children:
            if child.name in names:
                yield child
            yield from child.all(*names)

    def first(self, *names: str) -> str:
        """The text of the first child with text, tried name by name."""
        for name in names:
            for child in self.children:
                if child.name == name and child.text:
                    return child.text
        return ""


def items(stream: BinaryIO, names: Collection[str]) -> Iterator[tuple[Element, Element]]:
    """Every element of one of `names` (small letters) as soon as it ends, with its parent as far as it was read.

    Items are not kept in their parent: memory does not grow with their number.

    Raises:
        BadXml: a DTD, broken XML, or bounds that no feed needs were crossed.
    """
    chunk = stream.read(CHUNK_BYTES)
    builder = _Builder(names, _marked_encoding(chunk))
    while chunk:
        builder.feed(chunk)
        yield from builder.finished()
        chunk = stream.read(CHUNK_BYTES)
    builder.feed(b"", is_last=True)
    yield from builder.finished()


def _marked_encoding(start: bytes) -> str | None:
    """What a byte order mark says: it is right where the declaration was not changed when the file was saved anew."""
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    return "utf-8" if start.startswith(codecs.BOM_UTF8) else None


class _Builder:
    """Takes what expat tells and makes elements of it."""

    def __init__(self, names: Collection[str], encoding: str | None) -> None:
        self._names = names
        self._open: list[Element] = [Element("")]
        self._finished: list[tuple[Element, Element]] = []
        self._characters = 0
        self._elements = 0
        self._parser = expat.ParserCreate(encoding, " ")
        self._parser.buffer_text = True
        self._parser.StartDoctypeDeclHandler = self._doctype
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._text

    def feed(self, chunk: bytes, *, is_last: bool = False) -> None:
        """Read on. Raises BadXml."""
        try:
            self._parser.Parse(chunk, is_last)
        except expat.ExpatError as error:
            raise BadXml(f"broken XML in line {error.lineno}: {expat.ErrorString(error.code)}") from error
        except (LookupError, ValueError) as error:  # an encoding that nobody knows
            raise (
                error if isinstance(error, BadXml) else BadXml(f"XML in an encoding not known here ({error})")
            ) from error

    def finished(self) -> list[tuple[Element, Element]]:
        """The items that have ended since this was asked last."""
        found, self._finished = self._finished, []
        return found

    def _doctype(self, *_: object) -> None:
        raise BadXml(
            f"it has a DTD (line {self._parser.CurrentLineNumber}), which is never read: its entities could be anything"
        )

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._elements += 1
        if len(self._open) > _DEEPEST or self._elements > _MOST_ELEMENTS:
            raise BadXml(f"elements nest or follow beyond all bounds in line {self._parser.CurrentLineNumber}")
        space, _, local = name.rpartition(" ")
        plain = {key.rpartition(" ")[2].lower(): value for key, value in attributes.items()}
        self._count(sum(map(len, attributes.values())))
        element = Element(local.lower(), space, plain, line=self._parser.CurrentLineNumber)
        if local.lower() in self._names:
            self._characters = self._elements = 0
        self._open.append(element)

    def _end(self, _: str) -> None:
        element = self._open.pop()
        parent = self._open[-1]
        if element.name in self._names:
            self._finished.append((element, parent))
        else:
            parent.children.append(element)

    def _text(self, text: str) -> None:
        self._count(len(text))
        self._open[-1].pieces.append(text)

    def _count(self, characters: int) -> None:
        self._characters += characters
        if self._characters > _MOST_CHARACTERS:
            raise BadXml(f"one element is beyond all bounds in line {self._parser.CurrentLineNumber}")
