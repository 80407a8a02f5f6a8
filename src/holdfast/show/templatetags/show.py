"""What templates may ask of us: addresses, times, and text with the found words marked."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from django import template
from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language_info, gettext

from holdfast.model.asset import UNKNOWN_LANGUAGE
from holdfast.model.language import language_tag
from holdfast.model.time import clock
from holdfast.model.time import seconds as decimal_seconds
from holdfast.show import addresses, dates, sentences, spoken

register = template.Library()
MICRO = 1_000_000
_USUAL = {"zh": "zh-hans"}  # as Django spells it


@register.simple_tag
def work_path(asset: str, start_us: int | None = None) -> str:
    """The path of a work, or of a moment in it."""
    moment = addresses.Moment(Fraction(start_us, MICRO)) if start_us is not None else None
    return addresses.work_path(asset, moment)


@register.simple_tag
def stretch_path(asset: str, start_us: int, end_us: int | None = None) -> str:
    """The path of a stretch of a work, or of a moment if it has no end."""
    end = Fraction(end_us, MICRO) if end_us is not None else None
    return addresses.work_path(asset, addresses.Moment(Fraction(start_us, MICRO), end))


@register.simple_tag
def moment_path(asset: str, start: Fraction) -> str:
    """The path of a moment of a work, at so many seconds."""
    return addresses.work_path(asset, addresses.Moment(start))


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


@register.filter
def language_name(code: str) -> str:
    """The name of a language in that of the page; its tag, if Django has no name for it. `eng` is `en`."""
    if code == UNKNOWN_LANGUAGE:
        return gettext("language unknown")
    code = language_tag(code) or code  # films name theirs by three letters
    if code.lower() == "zh":  # Django names it only together with its script
        return gettext("Chinese")
    try:
        return str(get_language_info(_USUAL.get(code, code.lower()))["name_translated"])
    except KeyError:
        return code


@register.filter
def called(value: str, kind: str) -> str:
    """What a value of the archive is called in the language of the page: `{{ card.status|called:"status" }}`."""
    return spoken.called(kind, str(value))


@register.filter
def in_words(edtf: str) -> str:
    """A date that may be uncertain, in words: `1974~` as `about 1974`."""
    return dates.in_words(edtf)


@register.filter(is_safe=True)
def ended_once(text: str) -> str:
    """What stands in `{% filter ended_once %}…{% endfilter %}`, no sentence of it with two full stops at its end."""
    return sentences.ended_once(text)


@register.filter
def plain_seconds(value: Fraction) -> str:
    """Seconds as a decimal, for scripts: `12.345`."""
    return decimal_seconds(value)
