"""Sentences that end once, whatever ends in them: a name such as "Dorfkino e.V.", a Russian date such as "2026 г."."""

from __future__ import annotations

import re

_ENDS = (".", "!", "?", "…", "。", "！", "？")
# Two full stops where a sentence ends, with what closes a mark of HTML between them at most; three are an ellipsis.
_TWICE = re.compile(r"(?<!\.)\.((?:</\w+>)*)\.(?![.\w])")


def ended(text: str) -> str:
    """The text as a sentence: with a full stop, unless it ends with a mark that ends one."""
    return text if text.endswith(_ENDS) else f"{text}."


def ended_once(text: str) -> str:
    """A finished text, or HTML, in which no sentence ends with two full stops.

    Where in a sentence a name or a date stands differs from language to language, so it is done behind the translation.
    """
    return _TWICE.sub(r".\1", text)
