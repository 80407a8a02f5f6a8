"""Whatever is done to an object, validation gives a report: it notices damage and never falls over it."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from holdfast.backends.base import write_bytes
from holdfast.backends.memory import MemoryBackend
from holdfast.ocfl.validate import ObjectReport, validate_object
from tests.wounded.healthy import Sample, put_inventory, seal
from tests.wounded.make import healthy_files

HEALTHY = healthy_files(2)
FIXITY = {"md5": {"9eacfb9289073dd9c9a8c4cdf820ac71": ["v1/content/000000"]}}
NEWEST: dict[str, Any] = json.loads(HEALTHY["inventory.json"]) | {"fixity": FIXITY}


def report_on(files: dict[str, bytes]) -> ObjectReport:
    backend = MemoryBackend()
    for name, data in files.items():
        write_bytes(backend, f"object/{name}", data)
    return validate_object(backend, "object")


def test_the_object_that_is_damaged_here_is_sound() -> None:
    assert report_on(HEALTHY).findings == ()


@pytest.mark.parametrize("name", HEALTHY)
@settings(deadline=None)  # a busy machine is not a fault
@given(data=st.data())
def test_one_flipped_bit_anywhere_is_reported(name: str, data: st.DataObject) -> None:
    damaged = bytearray(HEALTHY[name])
    bit = data.draw(st.integers(0, len(damaged) * 8 - 1))
    damaged[bit // 8] ^= 1 << bit % 8

    report = report_on(HEALTHY | {name: bytes(damaged)})

    in_capitals = ".json." in name and bit < 128 * 8 and bytes(damaged).lower() == HEALTHY[name].lower()
    assert report.is_valid == in_capitals  # a digest in capitals is the same digest


@pytest.mark.parametrize("name", HEALTHY)
@settings(deadline=None)  # a busy machine is not a fault
@given(data=st.data())
def test_a_file_cut_short_anywhere_is_reported(name: str, data: st.DataObject) -> None:
    length = data.draw(st.integers(0, len(HEALTHY[name]) - 1))
    report = report_on(HEALTHY | {name: HEALTHY[name][:length]})
    only_the_newline = ".json." in name and length == len(HEALTHY[name]) - 1
    assert report.is_valid == only_the_newline


@pytest.mark.parametrize("name", HEALTHY)
def test_a_lost_file_is_reported(name: str) -> None:
    report = report_on({other: data for other, data in HEALTHY.items() if other != name})
    assert not report.is_valid


@settings(deadline=None)  # a busy machine is not a fault
@given(bit=st.integers(0, len(HEALTHY["inventory.json"]) * 8 - 1))
def test_an_inventory_that_was_damaged_before_it_was_sealed_gives_a_report(bit: int) -> None:
    damaged = bytearray(HEALTHY["inventory.json"])
    damaged[bit // 8] ^= 1 << bit % 8
    files = dict(HEALTHY)
    seal(files, "", bytes(damaged))
    seal(files, "v2/", bytes(damaged))
    report_on(files)


ODD = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=8)
    | st.sampled_from(["v1", "v2", "v01", "sha512", "..", "/", "v1/content/000000", "x" * 300, "v9999999999"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


def nodes(document: Any) -> list[tuple[Any, Any]]:
    """Every (container, key) in a document."""
    keys = list(document) if isinstance(document, dict) else list(range(len(document)))
    below = [document[key] for key in keys if isinstance(document[key], dict | list)]
    return [(document, key) for key in keys] + [node for inner in below for node in nodes(inner)]


@settings(deadline=None)  # a busy machine is not a fault
@given(st.data())
def test_an_inventory_with_anything_anywhere_gives_a_report(data: st.DataObject) -> None:
    document = copy.deepcopy(NEWEST)
    for _ in range(data.draw(st.integers(1, 3))):
        container, key = data.draw(st.sampled_from(nodes(document)))
        value = data.draw(ODD)
        if isinstance(container, dict) and data.draw(st.booleans()):
            container[data.draw(st.text(max_size=130))] = container.pop(key)
        else:
            container[key] = value
    files = dict(HEALTHY)
    raw = json.dumps(document).encode()
    for folder in data.draw(st.sampled_from([("",), ("", "v2/"), ("v1/",), ("v2/",)])):
        seal(files, folder, raw)
    report_on(files)


# ------------------------------------------------------------------------------------------------ odd, but lawful


def test_names_that_differ_only_in_capitals_or_in_composition_are_different_names() -> None:
    sample = Sample(1)
    [digest] = sample.new["manifest"]
    sample.first["state"] = {digest: ["Film.mp4", "film.mp4", "f\u00e9te.mp4", "fe\u0301te.mp4"]}
    assert report_on(sample.files()).findings == ()


def test_an_inventory_of_ten_thousand_versions_is_judged() -> None:
    sample = Sample(1)
    sample.new["versions"] = {f"v{number}": sample.first for number in range(1, 10_001)}
    sample.new["head"] = "v10000"
    files = sample.files()
    put_inventory(files, "", sample.new)
    report = report_on(files)
    assert {finding.code for finding in report.errors} >= {"E040", "E046"}


def test_a_path_of_a_hundred_thousand_parts_is_judged() -> None:
    sample = Sample(1)
    [digest] = sample.new["manifest"]
    sample.first["state"] = {digest: ["a/" * 100_000 + "b", "a/" * 100_000 + "c", "a/" * 50_000 + "a"]}
    assert report_on(sample.files()).codes == {"E095"}
