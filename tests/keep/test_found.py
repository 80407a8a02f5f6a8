"""A found copy is kept once, with all that was said of its coming, and decisions are added to it."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from holdfast.errors import UnknownObject
from holdfast.formats.record import EVENTS_FILE, parse_events
from holdfast.keep import found as keeping
from holdfast.keep import ingest
from holdfast.keep.gather import gather
from holdfast.model.event import EventType
from holdfast.model.fixity import digest_of
from holdfast.model.found import Decision, FoundRecord, Verdict, found_object_id
from holdfast.model.ids import new_asset_id
from holdfast.model.time import now
from holdfast.ocfl.root import StorageRoot
from tests.keep.keeping import TERMS

COPY = b"what turned up on a tape"
DIGEST = str(digest_of(COPY))


def found(root: StorageRoot, media: Path, source: str = "a tape") -> FoundRecord:
    [submission] = gather([media]).submissions
    with ingest.Source(media) as opened, root.intake("test") as intake:
        taken = ingest.receive(intake, opened)
        sidecars = ingest.read_sidecars(submission.sidecars)
        came = keeping.provenance(media, source, opened.modified_at)
        return keeping.publish_found(root, intake, taken, came, None, sidecars, TERMS)


@pytest.fixture
def copy(folder: Path) -> Path:
    media = folder / "лодка.mp4"
    media.write_bytes(COPY)
    return media


def events(root: StorageRoot) -> list[EventType]:
    return [event.type for event in parse_events(root.read(str(found_object_id(DIGEST)), EVENTS_FILE))]


def test_its_bytes_its_coming_and_what_lay_beside_it_are_kept(root: StorageRoot, copy: Path) -> None:
    copy.with_suffix(".info.json").write_text('{"id": "x1", "title": "Boat"}', "utf-8")

    record = found(root, copy, "the club's cellar")

    object_id = str(found_object_id(DIGEST))
    assert root.read(object_id, "copies/лодка.mp4") == COPY
    assert [one.file for one in record.evidence] == ["evidence/лодка.info.json"]
    assert root.read(object_id, "evidence/лодка.info.json").startswith(b'{"id"')
    assert (record.provenance[0].source, record.name) == ("the club's cellar", "лодка.mp4")
    assert keeping.read_found(root, DIGEST) == record
    assert events(root) == [EventType.INGESTION]


def test_the_same_bytes_found_elsewhere_are_one_copy_with_two_provenances(root: StorageRoot, copy: Path) -> None:
    found(root, copy)
    other = copy.with_name("boat.mp4")
    other.write_bytes(COPY)

    record = found(root, other, "a neighbour")
    again = found(root, other, "a neighbour")

    assert [(one.source, one.name) for one in record.provenance] == [
        ("a tape", "лодка.mp4"),
        ("a neighbour", "boat.mp4"),
    ]
    assert again == record
    assert str(root.inventory(str(found_object_id(DIGEST))).head) == "v2"


def test_a_decision_is_added_with_its_event_and_not_twice(root: StorageRoot, copy: Path) -> None:
    found(root, copy)
    asset = new_asset_id()

    first = keeping.decide(root, DIGEST, Decision(Verdict.ACCEPTED, now(), asset, Fraction(2, 25)), TERMS)
    same = keeping.decide(root, DIGEST, Decision(Verdict.ACCEPTED, now(), asset, Fraction(2, 25)), TERMS)
    other = keeping.decide(root, DIGEST, Decision(Verdict.REFUSED, now(), asset), TERMS)

    assert same == first
    assert [one.verdict for one in other.decisions] == [Verdict.ACCEPTED, Verdict.REFUSED]
    assert events(root).count(EventType.METADATA_MODIFICATION) == 2


def test_nothing_can_be_decided_of_what_was_never_found(root: StorageRoot) -> None:
    with pytest.raises(UnknownObject):
        keeping.decide(root, DIGEST, Decision(Verdict.REFUSED, now()), TERMS)
    with pytest.raises(UnknownObject):
        keeping.read_found(root, DIGEST)
