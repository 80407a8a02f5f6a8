"""XML that can always be read: what may not stand in it is left out."""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element, SubElement, tostring  # (only written, never read)

# Source: XML 1.0, section 2.2, the production Char.
_NO_CHAR = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def put(parent: Element, name: str, text: str = "", **attributes: str) -> Element:
    """A new child with this text."""
    child = SubElement(parent, name, {key: _NO_CHAR.sub("", value) for key, value in attributes.items()})
    child.text = _NO_CHAR.sub("", text) or None
    return child


def written(root: Element) -> bytes:
    """The document in UTF-8, with its declaration."""
    return bytes(tostring(root, "utf-8", xml_declaration=True))
