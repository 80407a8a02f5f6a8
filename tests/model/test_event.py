"""Events speak the words of PREMIS, and keep a word that they do not know."""

from __future__ import annotations

import pickle

import pytest

from holdfast.model.event import AgentKind, EventType, Outcome


def test_event_types_are_words_of_the_premis_vocabulary() -> None:
    premis = {"accession", "creation", "fixity check", "ingestion", "metadata extraction", "metadata modification"}
    assert {kind.value for kind in EventType} == premis | {"recovery"}


def test_a_type_from_elsewhere_is_kept_as_it_is() -> None:
    other = EventType("replication")
    assert (other.value, str(other), other) == ("replication", "replication", EventType("replication"))
    assert hash(other) == hash(EventType("replication"))
    assert other not in list(EventType)
    assert pickle.loads(pickle.dumps(other)) == other
    assert EventType("ingestion") is EventType.INGESTION


@pytest.mark.parametrize("word", ["", " ", 7, None])
def test_nothing_is_no_type_of_event(word: object) -> None:
    with pytest.raises(ValueError, match="not a valid"):
        EventType(word)


def test_outcomes_and_agents_are_the_whole_vocabularies() -> None:
    assert {outcome.value for outcome in Outcome} == {"success", "warning", "fail"}
    assert {kind.value for kind in AgentKind} == {"person", "organization", "software", "hardware"}
    with pytest.raises(ValueError, match="not a valid"):
        Outcome("perhaps")
