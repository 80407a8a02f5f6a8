"""Addresses that do not change: of the site itself, of a work and a moment in it, of the same page in each language.

A page has the same path in every language, behind the language's own prefix: /w/k7m2x9qd4htbr is English,
/ru/w/k7m2x9qd4htbr the same page in Russian. A moment is `?t=12:34`, a stretch `?t=12:34-13:10`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import quote

from django.urls import reverse
from django.utils import translation

from holdfast.model.time import clock, parse_clock
from holdfast.show import site
from holdfast.show.settings import LANGUAGES

if TYPE_CHECKING:
    from django.http import HttpRequest

_PREFIX = re.compile(rf"^/({'|'.join(code for code, _ in LANGUAGES)})(?=/)")


@dataclass(frozen=True)
class PageLanguage:
    """One language in which a page can be had: its tag, its own name, the path, and whether it is the one shown."""

    code: str
    name: str
    path: str
    is_shown: bool


@dataclass(frozen=True)
class Moment:
    """A moment of a work, or a stretch of it, in seconds."""

    start: Fraction
    end: Fraction | None = None


def origin(request: HttpRequest) -> str:
    """Where the site stands, without a slash at the end: its public address, else that under which it was asked."""
    return site.archive().settings.site_address.rstrip("/") or f"{request.scheme}://{request.get_host()}"


def absolute(request: HttpRequest, path: str) -> str:
    """The whole address of a path of this site."""
    return origin(request) + path


def work_path(asset: str, moment: Moment | None = None) -> str:
    """The path of a work's page, in the language that is being spoken."""
    path = f"{_before_work(translation.get_language())}{quote(asset, safe='')}"
    return f"{path}?t={written(moment)}" if moment else path


@lru_cache(maxsize=16)
def _before_work(language: str | None) -> str:  # noqa: ARG001 (the key)
    """What stands before the id in the path of a work: worth keeping, for a list has dozens of them."""
    return reverse("work", args=["0"]).removesuffix("0")


def languages_of(request: HttpRequest) -> list[PageLanguage]:
    """The page that was asked for in each language of the site; a page that has no languages gives none."""
    match = request.resolver_match
    if match is None:
        return []
    query = f"?{request.META['QUERY_STRING']}" if request.META.get("QUERY_STRING") else ""
    bare = _PREFIX.sub("", request.path)
    shown = translation.get_language()
    return [PageLanguage(code, name, prefixed(code, bare) + query, code == shown) for code, name in LANGUAGES]


def prefixed(code: str, path: str) -> str:
    """The path of an English page in the language of this code."""
    return path if code == "en" else f"/{code}{path}"


def read_moment(text: str) -> Moment | None:
    """The moment that `?t=` names: `75`, `12:34`, `1:02:03.5`, or a stretch of two. None if it names none."""
    first, dash, last = text.partition("-")
    try:
        start = parse_clock(first)
        end = parse_clock(last) if dash else None
    except ValueError:
        return None
    return Moment(start, end if end is not None and end > start else None)


def typed_moment(text: str) -> tuple[Moment | None, bool]:
    """The moment that somebody typed, None if none; and whether what was typed is none."""
    moment = read_moment(text.strip())
    is_cut = moment is None or ("-" in text and moment.end is None)
    return moment, bool(text.strip()) and is_cut


def written(moment: Moment) -> str:
    """A moment as it stands in an address, to the second below: `12:34` or `12:34-13:10`."""
    return clock(moment.start) + (f"-{clock(moment.end)}" if moment.end is not None else "")
