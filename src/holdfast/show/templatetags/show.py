"""What templates may ask of us: addresses, times, and text with the found words marked."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from django import template
from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from holdfast.model.time import clock
from holdfast.show import addresses

register = template.Library()
MICRO = 1_000_000


@register.simple_tag
def work_path(asset: str, start_us: int | None = None) -> str:
    """The path of a work, or of a moment in it."""
    moment = addresses.Moment(Fraction(start_us, MICRO)) if start_us is not None else None
    return addresses.work_path(asset, moment)


@register.simple_tag
def media_path(asset: str, digest: str, file: str) -> str:
    """The path of a file of an access copy."""
    return reverse("media", args=[asset, digest, file])


@register.filter
def micros(value: int) -> str:
    """Microseconds as a clock: `12:34`."""
    return clock(Fraction(value, MICRO))


@register.filter
def seconds(value: Fraction) -> str:
    """Seconds as a clock: `12:34`."""
    return clock(value)


@register.simple_tag
def marked(text: str, marks: Sequence[tuple[int, int]]) -> SafeString:
    """Text with its marks, as HTML: everything in it is escaped."""
    parts, at = [], 0
    for start, end in marks:
        parts += [escape(text[at:start]), "<mark>", escape(text[start:end]), "</mark>"]
        at = end
    return mark_safe("".join([*parts, escape(text[at:])]))  # noqa: S308 (every piece is escaped)
