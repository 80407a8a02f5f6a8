"""PREMIS events: what happened to an object, when, by whom, with what result. Events are added, never changed."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any


class EventType(StrEnum):
    """The event types in use, spelled as in the Library of Congress' PREMIS event type vocabulary."""

    ACCESSION = "accession"
    FIXITY_CHECK = "fixity check"
    INGESTION = "ingestion"
    METADATA_EXTRACTION = "metadata extraction"
    METADATA_MODIFICATION = "metadata modification"
    RECOVERY = "recovery"


class Outcome(StrEnum):
    """How it ended. A warning means: done, and something should be looked at."""

    SUCCESS = "success"
    WARNING = "warning"
    FAIL = "fail"


class AgentKind(StrEnum):
    """What kind of agent acted."""

    PERSON = "person"
    ORGANIZATION = "organization"
    SOFTWARE = "software"


@dataclass(frozen=True)
class Agent:
    """Who or what did it. A name that its bearer chose; never taken from the machine's accounts."""

    name: str
    kind: AgentKind = AgentKind.ORGANIZATION
    extra: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Event:
    """One thing that happened. `objects` are logical paths in the same OCFL object, or digests."""

    type: EventType
    at: datetime
    agents: tuple[Agent, ...]
    outcome: Outcome = Outcome.SUCCESS
    detail: str = ""
    objects: tuple[str, ...] = ()
    extra: dict[str, Any] = field(default_factory=dict)
