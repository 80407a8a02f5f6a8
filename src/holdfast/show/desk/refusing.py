"""Why something was not kept, for the page: what is wrong and what is expected, and nothing of the command line."""

from __future__ import annotations

from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from holdfast.errors import BadValue, HoldfastError
from holdfast.show.spoken import FIELD

NOTHING = "–"


def told(error: HoldfastError) -> SafeString:
    """The error as HTML in the language of the page; the parts that are English everywhere are marked as such."""
    if not isinstance(error, BadValue):
        return format_html('<span lang="en">{} {}</span>', *error.sentences()[:2])
    name, found, expected = (str(error.values.get(part, "?")) for part in ("name", "found", "expected"))
    called = FIELD.get(name)
    values = {
        "name": escape(called) if called else _in_english(name[:1].upper() + name[1:]),
        "found": format_html("<bdi>{}</bdi>", found or NOTHING),
        "expected": _in_english(expected),
    }
    return mark_safe(escape(_("%(name)s: %(found)s was typed; expected is %(expected)s.")) % values)  # noqa: S308


def _in_english(text: str) -> SafeString:
    return format_html('<span lang="en">{}</span>', text)
