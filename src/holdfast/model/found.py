"""A found copy: an instantiation from outside that shows some of a lost asset, and what people decided of it.

It has an object of its own, because it may show several works or, as far as anybody knows, none. What it shows is
recognised again whenever it is asked for; only decisions stand in its record.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from fractions import Fraction
from typing import Any

from holdfast.model.asset import Evidence
from holdfast.model.fixity import Digest
from holdfast.model.ids import SCHEME, AssetId, ObjectId
from holdfast.model.match import Match
from holdfast.model.technical import MediaInfo

FOUND_FORMAT = "holdfast-found-1"
KIND = "found"


class Verdict(StrEnum):
    """What a person decided of a found copy and an asset."""

    ACCEPTED = "accepted"
    REFUSED = "refused"


@dataclass(frozen=True)
class Provenance:
    """Where it came from, in the words of who brought it, when, and under which name."""

    source: str
    at: datetime
    name: str
    name_hex: str = ""
    modified_at: datetime | None = None
    extra: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Decision:
    """That the copy shows an asset, or does not. The newest of an asset counts.

    `shift` seconds are added to the moments of the asset that were recognised. Without an `asset` a refusal concerns
    every one.
    """

    verdict: Verdict
    at: datetime
    asset: AssetId | None = None
    shift: Fraction = Fraction(0)
    reason: str = ""
    extra: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class FoundRecord:
    """All that is said of a found copy: the content of `record.json` in its object. `file` is its logical path."""

    digest: Digest
    file: str
    size_bytes: int
    kept_at: datetime
    format: str = FOUND_FORMAT
    provenance: tuple[Provenance, ...] = ()
    technical: MediaInfo | None = None
    evidence: tuple[Evidence, ...] = ()
    decisions: tuple[Decision, ...] = ()
    extra: dict[str, Any] = field(default_factory=dict)

    def decision(self, asset: AssetId) -> Decision | None:
        """The newest decision that concerns this asset."""
        concerning = (one for one in reversed(self.decisions) if one.asset in (asset, None))
        return next(concerning, None)

    def standing(self, asset: AssetId | None) -> Decision | None:
        """The decision that stands of this asset; without one, the newest of all, if that is about every asset."""
        if asset is not None:
            return self.decision(asset)
        last = self.decisions[-1] if self.decisions else None
        return last if last is not None and last.asset is None else None

    @property
    def accepted(self) -> tuple[AssetId, ...]:
        """The assets that it shows, as people decided last."""
        asked = dict.fromkeys(one.asset for one in self.decisions if one.asset is not None)
        standing = {asset: self.decision(asset) for asset in asked}
        return tuple(asset for asset, one in standing.items() if one is not None and one.verdict is Verdict.ACCEPTED)

    @property
    def name(self) -> str:
        """The name under which it first came."""
        return self.provenance[0].name if self.provenance else self.file.rpartition("/")[2]


@dataclass(frozen=True)
class KnownAs:
    """One work that a copy shows: its asset, the film of it that was recognised, and the match."""

    asset: str
    file: str
    match: Match


@dataclass(frozen=True)
class Sighting:
    """What a copy was recognised as. `asked` names the state of the index that was asked.

    `matches` are claims, `doubtful` is for a person to decide; best first.
    """

    asked: str
    duration: Fraction
    matches: tuple[KnownAs, ...] = ()
    doubtful: tuple[KnownAs, ...] = ()
    notes: tuple[str, ...] = ()


def found_object_id(digest: str) -> ObjectId:
    """The object that holds the found copy with this digest: the same bytes are never kept twice."""
    return ObjectId(f"{SCHEME}:{KIND}:{digest}")
