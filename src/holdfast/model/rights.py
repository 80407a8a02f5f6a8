"""Who may see an asset, from when on, and what may be done with it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any


class AccessLevel(StrEnum):
    """Who may see it, from the most open to the strictest.

    There is no level "unknown": where none can be read, the answer is no.
    """

    PUBLIC = "public"
    MEMBERS = "members"
    CURATORS = "curators"
    SEALED = "sealed"


_STRICTNESS = {level: number for number, level in enumerate(AccessLevel)}


@dataclass(frozen=True)
class Embargo:
    """That it is closed up to `level`, whatever its own level is, until the moment `until`."""

    until: datetime
    level: AccessLevel = AccessLevel.CURATORS
    reason: str = ""
    extra: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.until.tzinfo is None:
            raise ValueError("the end of an embargo must know its zone")


@dataclass(frozen=True)
class RightsStatement:
    """What is permitted, by whom, and where that is written (PREMIS rights; `uri` as of rightsstatements.org or CC)."""

    statement: str = ""
    uri: str = ""
    holder: str = ""
    extra: dict[str, Any] = field(default_factory=dict)


def stricter(one: AccessLevel, other: AccessLevel) -> AccessLevel:
    """The level of the two that lets fewer people in."""
    return max(one, other, key=_STRICTNESS.__getitem__)


def effective_access(access: AccessLevel, embargo: Embargo | None, at: datetime) -> AccessLevel:
    """Who may see it at the moment `at` (aware): the stricter of its level and its embargo's, until that ends.

    From `embargo.until` on, that very moment included, the embargo is over.
    """
    if embargo is None or at >= embargo.until:
        return access
    return stricter(access, embargo.level)
