"""Texts that people write in Markdown, as HTML that can do nothing but be read.

HTML in a text is shown as it was typed. Pictures are left out: they would be fetched from elsewhere. Links lead where
they say if that is a web page or an address for mail, and nowhere else.
"""

from __future__ import annotations

from functools import lru_cache

from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

LONGEST = 200_000  # characters


@lru_cache(maxsize=64)
def rendered(text: str) -> SafeString:
    """The text as HTML; what is beyond 200,000 characters is left out."""
    html: str = _markdown().render(text[:LONGEST])
    return mark_safe(html)  # noqa: S308 (the writer lets no HTML through)


def _markdown() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False, "typographer": False}).enable("table").disable("image")
