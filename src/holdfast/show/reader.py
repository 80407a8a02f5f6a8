"""Who is looking, and so what may be seen: the one gate that every page, file and feed passes.

A view asks `reader_of(request)` and hands the reader's levels to every question that it asks of the catalogue. There
is no other way to read: what may not be seen is never fetched, so it cannot be shown by mistake. To somebody who may
not see a work it does not exist: the answer is the same as for an id that was never given.

- A stranger, and whoever has only signed up, sees what is public.
- Members see more, curators what waits for a decision, custodians what is sealed.
- An administrator minds accounts. That is an office, not a key: it opens what curators see, and no seal.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cache, partial
from typing import TYPE_CHECKING, Any

from holdfast.catalog.fulltext import KINDS
from holdfast.errors import HoldfastError
from holdfast.model.rights import AccessLevel

if TYPE_CHECKING:
    from django.http import HttpRequest


class Role(StrEnum):
    """What somebody with an account may do here."""

    CONTRIBUTOR = "contributor"
    MEMBER = "member"
    CURATOR = "curator"
    CUSTODIAN = "custodian"
    ADMIN = "admin"


_OPEN = (AccessLevel.PUBLIC,)
_MEMBERS = (*_OPEN, AccessLevel.MEMBERS)
_CURATORS = (*_MEMBERS, AccessLevel.CURATORS)
LEVELS: dict[Role | None, tuple[AccessLevel, ...]] = {
    None: _OPEN,
    Role.CONTRIBUTOR: _OPEN,
    Role.MEMBER: _MEMBERS,
    Role.CURATOR: _CURATORS,
    Role.CUSTODIAN: (*_CURATORS, AccessLevel.SEALED),
    Role.ADMIN: _CURATORS,
}
CURATING = frozenset({Role.CURATOR, Role.CUSTODIAN, Role.ADMIN})


@dataclass(frozen=True)
class Reader:
    """Somebody who looks: the levels they may see, the languages they read (best first), and their role if any."""

    levels: tuple[str, ...]
    languages: tuple[str, ...]
    role: Role | None = None

    @property
    def language(self) -> str:
        """The language of the page."""
        return self.languages[0]

    @property
    def is_curating(self) -> bool:
        """Whether they work at the desk."""
        return self.role in CURATING

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of passages that a search looks into: the names of kept files may tell who gave them."""
        return tuple(kind for kind in KINDS if kind != "file" or self.is_curating)

    @property
    def sees_only_public(self) -> bool:
        """Whether what they are shown may be shown to everybody, and kept by caches on the way."""
        return self.levels == _OPEN


def reader_of(request: HttpRequest) -> Reader:
    """Who sent the request. A role that is not known is none."""
    from django.utils.translation import get_language

    from holdfast.show import site

    language = get_language() or "en"
    archive_languages = site.archive().settings.languages
    role = _role(getattr(request, "user", None))
    levels = tuple(level.value for level in LEVELS[role])
    return Reader(levels, tuple(dict.fromkeys((language, *archive_languages))), role)


def _role(user: Any) -> Role | None:
    if user is None or not user.is_authenticated or not user.is_active:
        return None
    try:
        return Role(user.role)
    except ValueError:
        return None


def site_context(request: HttpRequest) -> dict[str, Any]:
    """What every template may ask for: where the site stands, the archive's name, the reader, the page's languages."""
    from holdfast.show import site
    from holdfast.show.addresses import languages_of

    reader = reader_of(request)
    return {
        "origin": _origin(request),
        "archive_name": site.archive_name(),
        "reader": reader,
        "how_many_wait": cache(partial(_how_many_wait, reader)),  # asked once for a page, if it says it
        "takes_files": site.archive().settings.open_contributions or reader.is_curating,
        "page_languages": languages_of(request),
    }


def _how_many_wait(reader: Reader) -> int:
    from holdfast.show.desk.sight import Sight
    from holdfast.show.desk.waiting import how_many_wait

    try:
        return how_many_wait(Sight(reader)) if reader.is_curating else 0
    except HoldfastError:  # a page that says so is rendered too
        return 0


def _origin(request: HttpRequest) -> str:
    from django.core.exceptions import DisallowedHost

    from holdfast.show.addresses import origin

    try:
        return origin(request)
    except DisallowedHost:  # the page that says so is rendered too, and repeats no name that somebody made up
        return ""
