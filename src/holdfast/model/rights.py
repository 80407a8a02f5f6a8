"""Who may see an asset, and what may be done with it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class AccessLevel(StrEnum):
    """Who may see it. There is no level "unknown": where none can be read, the answer is no."""

    PUBLIC = "public"
    MEMBERS = "members"
    CURATORS = "curators"
    SEALED = "sealed"


@dataclass(frozen=True)
class RightsStatement:
    """What is permitted, by whom, and where that is written (PREMIS rights; `uri` as of rightsstatements.org or CC)."""

    statement: str = ""
    uri: str = ""
    holder: str = ""
    extra: dict[str, Any] = field(default_factory=dict)
