"""An edit list in OpenTimelineIO's JSON: it comes back exactly, and its own library understands it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import event, given
from hypothesis import strategies as st

from holdfast.errors import BadRecord
from holdfast.formats.otio import named_information, otio_bytes, parse_otio, percent_encoded, target_addresses
from holdfast.model.edit import EditList
from holdfast.model.fixity import digest_of
from tests.formats.made_edits import PHONE, STREAM, TAPE, TEXTS, edit_lists, harvest
from tests.house.tree import ROOT

Document = dict[str, Any]


def document() -> Document:
    return dict(json.loads(otio_bytes(harvest())))


def children(of: Document, track: int) -> list[Document]:
    return list(of["tracks"]["children"][track]["children"])


@given(edit_lists())
def test_an_edit_list_comes_back_exactly_as_it_was(edits: EditList) -> None:
    data = otio_bytes(edits)

    assert parse_otio(data) == edits
    assert otio_bytes(parse_otio(data)) == data


def test_each_edit_is_a_clip_or_a_gap_of_two_tracks() -> None:
    schemas = [[child["OTIO_SCHEMA"] for child in children(document(), track)] for track in (0, 1)]

    assert schemas[0] == ["Clip.2"] * 3 + ["Gap.1"] + ["Clip.2"] * 3 + ["Gap.1"]
    assert schemas[1] == ["Clip.2"] * 7 + ["Gap.1"]


def test_a_clip_names_its_source_by_digest_and_its_stretch_in_source_time() -> None:
    clip = children(document(), 0)[1]
    reference = clip["media_references"]["DEFAULT_MEDIA"]

    assert reference["metadata"]["holdfast"]["sha512"] == TAPE
    assert reference["target_url"] == "VHS%20Oma%20Keller%2003.mpg"
    assert clip["source_range"]["start_time"] == {"OTIO_SCHEMA": "RationalTime.1", "value": 362.0 * 25, "rate": 25.0}
    assert [take["source"] for take in clip["metadata"]["holdfast"]["takes"]] == [TAPE, PHONE]


def test_a_copy_that_ran_too_fast_is_played_slower_by_a_time_warp() -> None:
    (warp,) = children(document(), 0)[2]["effects"]

    assert warp["OTIO_SCHEMA"] == "LinearTimeWarp.1"
    assert warp["time_scalar"] == pytest.approx(25 / 26)
    assert warp["metadata"]["holdfast"]["time_scalar"] == "25/26"
    assert children(document(), 0)[0]["effects"] == []


def test_sources_of_one_name_are_told_apart_and_one_without_a_name_has_its_digest() -> None:
    edits = replace(harvest(), sources={TAPE: "a/Film.mp4", PHONE: "b/film.mp4"})

    found = target_addresses(edits)

    assert found[TAPE] == f"{TAPE[:8]}-Film.mp4"
    assert found[PHONE] == f"{PHONE[:8]}-film.mp4"
    assert found[STREAM].startswith("ni:///sha-512;")


@given(TEXTS)
def test_a_name_in_an_address_is_encoded_as_everybody_does_it(name: str) -> None:
    assert percent_encoded(name) == quote(name, safe="")


def test_the_address_by_digest_is_the_one_of_rfc_6920() -> None:
    # Computed apart: printf 'Hello World!' | openssl dgst -sha512 -binary | basenc --base64url, without its padding
    wanted = "hhhE1nBOhXP-w02WfiC8_vPUJM9IvgTm3AjyvVjHKXQzcQFerYkcw88cnTS0kmS1EHUbH_nlN5N7xGtdb_TsyA"
    assert named_information(digest_of(b"Hello World!")) == f"ni:///sha-512;{wanted}"


def test_a_source_that_is_not_a_digest_is_refused() -> None:
    with pytest.raises(ValueError, match="not a digest"):
        otio_bytes(replace(harvest(), sources={"film.mp4": "film.mp4"}))


def added_by_others(of: Document) -> None:
    of["later"] = {"a": 1}
    of["metadata"]["editor"] = {"window": [1, 2]}
    of["tracks"]["children"].append({"OTIO_SCHEMA": "Track.1", "name": "titles", "children": []})
    of["tracks"]["children"][0]["markers"].append({"OTIO_SCHEMA": "Marker.2", "name": "look"})
    clip = children(of, 0)[0]
    clip["media_references"]["proxy"] = {"OTIO_SCHEMA": "MissingReference.1"}
    clip["effects"].append({"OTIO_SCHEMA": "Effect.1", "effect_name": "grade"})
    clip["source_range"]["start_time"]["value"] += 0.4  # rounded to frames


def test_what_another_program_added_does_not_change_what_is_read() -> None:
    given = document()
    added_by_others(given)

    assert parse_otio(json.dumps(given).encode()) == harvest()


def trimmed(of: Document) -> None:
    children(of, 0)[1]["source_range"]["duration"]["value"] -= 50


def slipped(of: Document) -> None:
    children(of, 1)[0]["source_range"]["start_time"]["value"] += 25


def one_fewer(of: Document) -> None:
    of["tracks"]["children"][0]["children"].pop()


def sound_of_another_stretch(of: Document) -> None:
    children(of, 1)[0]["metadata"]["holdfast"]["asset"] = ["0", "349"]


def no_sound(of: Document) -> None:
    of["tracks"]["children"].pop()


def no_size(of: Document) -> None:
    of["metadata"]["holdfast"]["size"] = [640]


def another_format(of: Document) -> None:
    of["metadata"]["holdfast"]["format"] = "holdfast-edit-list-9"


def another_schema(of: Document) -> None:
    of["OTIO_SCHEMA"] = "SerializableCollection.1"


def shorter(of: Document) -> None:
    of["metadata"]["holdfast"]["duration"] = "903"


def no_rate(of: Document) -> None:
    children(of, 0)[0]["source_range"]["duration"]["rate"] = 0


def huge(of: Document) -> None:
    children(of, 0)[0]["metadata"]["holdfast"]["asset"] = ["0", "9" * 900]


WRONG: list[tuple[Callable[[Document], None], str]] = [
    (trimmed, "another program has changed it"),
    (slipped, "another program has changed it"),
    (one_fewer, "same number of clips"),
    (sound_of_another_stretch, "same stretch"),
    (no_sound, "lacks the track of sound"),
    (no_size, "expected width and height"),
    (another_format, "expected 'holdfast-edit-list-1'"),
    (another_schema, "no OpenTimelineIO timeline"),
    (shorter, "the asset at 903"),
    (no_rate, "another program has changed it"),
    (huge, ".+"),
]


@pytest.mark.parametrize(("change", "words"), WRONG, ids=lambda value: getattr(value, "__name__", None))
def test_a_list_that_no_longer_says_one_thing_is_refused(change: Callable[[Document], None], words: str) -> None:
    given = document()
    change(given)

    with pytest.raises(BadRecord, match=words):
        parse_otio(json.dumps(given).encode())


@pytest.mark.parametrize("data", [b"", b"[]", b"7", b"{}", b'{"OTIO_SCHEMA": 7}', otio_bytes(harvest())[:900]])
def test_what_is_no_edit_list_is_refused_in_words(data: bytes) -> None:
    with pytest.raises(BadRecord):
        parse_otio(data)


SIZES = st.integers() | st.just(10**400) | st.floats(allow_nan=False, allow_infinity=False)
ANYTHING = st.recursive(
    st.none() | st.booleans() | SIZES | st.sampled_from(["", "0", "-1", "1/0", "1/7", "9" * 999, "picture"]),
    lambda inner: (
        st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(["holdfast", "value"]), inner, max_size=1)
    ),
    max_leaves=3,
)


def places(value: Any) -> list[tuple[Any, Any]]:
    """Every place in a document: what holds it, and under which key or number."""
    keys = list(value) if isinstance(value, dict) else list(range(len(value))) if isinstance(value, list) else []
    return [place for key in keys for place in ((value, key), *places(value[key]))]


@given(st.data())
def test_whatever_stands_anywhere_in_a_file_it_is_read_or_refused_in_words(data: st.DataObject) -> None:
    document_of_a_stranger = document()
    holder, key = data.draw(st.sampled_from(places(document_of_a_stranger)))
    holder[key] = data.draw(ANYTHING)

    given = json.dumps(document_of_a_stranger).encode()
    try:
        found = parse_otio(given)
    except BadRecord as refused:
        event(refused.sentences()[0][:60])
        return
    assert sum(edit.asset.duration for edit in found.edits) == found.duration


def test_times_beyond_all_bounds_are_not_written() -> None:
    edits = harvest()
    last = replace(edits.edits[-1], asset=replace(edits.edits[-1].asset, end=Fraction(10**400)))
    with pytest.raises(ValueError, match="bounds"):
        otio_bytes(replace(edits, duration=Fraction(10**400), edits=(*edits.edits[:-1], last)))


def test_the_library_of_opentimelineio_reads_it_writes_it_and_finds_every_place() -> None:
    library = pytest.importorskip("opentimelineio")
    edits = harvest()

    timeline = library.adapters.read_from_string(otio_bytes(edits).decode("utf-8"), "otio_json")

    assert timeline.duration().to_seconds() == pytest.approx(float(edits.duration))
    for track, part in zip(timeline.tracks, ("picture", "sound"), strict=True):
        for child, edit in zip(track, edits.edits, strict=True):
            assert isinstance(child, library.schema.Gap) != bool(getattr(edit, part))
            assert child.range_in_parent().start_time.to_seconds() == pytest.approx(float(edit.asset.start))
    again = library.adapters.write_to_string(timeline, "otio_json").encode("utf-8")
    assert parse_otio(again) == edits


def test_the_example_of_the_documentation_is_an_edit_list() -> None:
    text = (ROOT / "docs" / "formats" / "edit-list.md").read_text("utf-8")
    found = parse_otio(text.split("```json\n")[1].split("```")[0].encode("utf-8"))

    assert (found.title, found.duration, len(found.edits)) == ("Ferry", 26, 1)
    assert json.loads(otio_bytes(found)) == json.loads(text.split("```json\n")[1].split("```")[0])
