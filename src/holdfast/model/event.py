"""PREMIS events: what happened to an object, when, by whom, with what result. Events are added, never changed."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any


class EventType(StrEnum):
    """The event types in use, spelled as in the Library of Congress' PREMIS event type vocabulary.

    The vocabulary is open: what another program or a later version wrote is a type too, with its own word as value, so
    that a history which we do not wholly know can still be read, shown and continued.
    """

    ACCESSION = "accession"
    CREATION = "creation"
    FIXITY_CHECK = "fixity check"
    INGESTION = "ingestion"
    METADATA_EXTRACTION = "metadata extraction"
    METADATA_MODIFICATION = "metadata modification"
    RECOVERY = "recovery"

    @classmethod
    def _missing_(cls, value: object) -> EventType | None:
        if not isinstance(value, str) or not value.strip():
            return None
        other = str.__new__(cls, value)
        other._name_ = other._value_ = value
        return other


class Outcome(StrEnum):
    """How it ended. A warning means: done, and something should be looked at."""

    SUCCESS = "success"
    WARNING = "warning"
    FAIL = "fail"


class AgentKind(StrEnum):
    """What kind of agent acted: the whole of the PREMIS agent type vocabulary."""

    PERSON = "person"
    ORGANIZATION = "organization"
    SOFTWARE = "software"
    HARDWARE = "hardware"


@dataclass(frozen=True)
class Agent:
    """Who or what did it. A name that its bearer chose; never taken from the machine's accounts."""

    name: str
    kind: AgentKind = AgentKind.ORGANIZATION
    extra: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Event:
    """One thing that happened. `objects` are logical paths in the same OCFL object, or digests.

    `sources` are digests of what something was made of: PREMIS links them in the role "source", and `objects`, if there
    are sources, in the role "outcome".
    """

    type: EventType
    at: datetime
    agents: tuple[Agent, ...]
    outcome: Outcome = Outcome.SUCCESS
    detail: str = ""
    objects: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    extra: dict[str, Any] = field(default_factory=dict)
