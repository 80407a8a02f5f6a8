"""The record of a found copy and its sighting come back as they were; anything else is refused with its place."""

from __future__ import annotations

from datetime import UTC, datetime
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfast.errors import BadRecord
from holdfast.formats.found import found_bytes, found_schema, parse_found, parse_sighting, sighting_bytes
from holdfast.model.fixity import digest_of
from holdfast.model.found import Decision, FoundRecord, KnownAs, Provenance, Sighting, Verdict
from holdfast.model.ids import parse_asset_id
from holdfast.model.match import Geometry, Match, Segment
from holdfast.model.time import Span

ASSET = parse_asset_id("k7m2x9qd4htbr")
AT = datetime(2026, 11, 25, 3, 0, tzinfo=UTC)
RECORD = FoundRecord(
    digest_of(b"a copy"),
    "copies/кино.mp4",
    6,
    AT,
    provenance=(Provenance("a tape of the club", AT, "кино.mp4"),),
    decisions=(Decision(Verdict.REFUSED, AT), Decision(Verdict.ACCEPTED, AT, ASSET, Fraction(1, 25), "the same boat")),
)

moments = st.fractions(0, 9999, max_denominator=90_000)
spans = st.tuples(moments, moments).map(lambda ends: Span(min(ends), max(ends)))
shares = st.floats(0, 1)
geometries = st.builds(Geometry, st.tuples(*[shares] * 9), st.tuples(*[shares] * 4), st.tuples(*[shares] * 4))
segments = st.builds(
    Segment,
    copy=spans,
    asset=spans,
    rate=st.fractions("0.9", "1.1", max_denominator=1001),
    seen=st.booleans(),
    heard=st.booleans(),
    probability=shares,
    mirrored=st.booleans(),
    rotation=st.sampled_from([0, 90, 180, 270]),
    geometry=st.none() | geometries,
    views=st.lists(st.sampled_from(["whole", "active"]), max_size=2).map(tuple),
    doubt=st.text(st.characters(exclude_categories=["Cs"]), max_size=20),
)
known = st.builds(
    KnownAs,
    asset=st.just("k7m2x9qd4htbr"),
    file=st.just("masters/a.mp4"),
    match=st.builds(Match, st.just(-1), shares, st.lists(segments, max_size=3).map(tuple), st.floats(-99, 99)),
)
groups = st.lists(known, max_size=2).map(tuple)
sightings = st.builds(Sighting, asked=st.just("ab"), duration=moments, matches=groups, doubtful=groups)


def test_a_record_comes_back_as_it_was_and_keeps_what_it_does_not_know() -> None:
    data = found_bytes(RECORD)

    assert parse_found(data) == RECORD
    later = data.replace(b'"size_bytes": 6', b'"size_bytes": 6,\n  "color": "blue"')
    assert parse_found(later).extra == {"color": "blue"}
    assert b'"color": "blue"' in found_bytes(parse_found(later))


def test_the_newest_decision_of_an_asset_counts() -> None:
    decision = RECORD.decision(ASSET)

    assert decision is not None
    assert decision.verdict is Verdict.ACCEPTED
    other = RECORD.decision(parse_asset_id("5v96tj027g2hm"))
    assert other is not None
    assert other.verdict is Verdict.REFUSED


@pytest.mark.parametrize("data", [b"{}", b"[]", b"no JSON", found_bytes(RECORD).replace(b"found-1", b"found-9")])
def test_what_is_no_record_of_a_found_copy_is_refused(data: bytes) -> None:
    with pytest.raises(BadRecord):
        parse_found(data)


@given(sightings)
def test_a_sighting_comes_back_exactly(sighting: Sighting) -> None:
    assert parse_sighting(sighting_bytes(sighting), "a sighting") == sighting


SIGHTED = sighting_bytes(Sighting("ab", Fraction(1, 3)))


@pytest.mark.parametrize(
    "data",
    [b"{}", b"[]", b"3", SIGHTED[:40], SIGHTED.replace(b'"1/3"', b'"a while"'), SIGHTED.replace(b"[]", b"[7]")],
)
def test_a_broken_sighting_is_refused_and_never_half_read(data: bytes) -> None:
    with pytest.raises(BadRecord):
        parse_sighting(data, "a sighting")


def test_the_schema_names_the_format() -> None:
    assert found_schema()["$defs"]["FoundRecord"]["properties"]["format"] == {"const": "holdfast-found-1"}
