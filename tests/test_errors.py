"""Errors answer three questions whatever happened, cross process borders, and never fail for the way they are told."""

from __future__ import annotations

import copy
import json
import pickle
from pathlib import Path
from string import Formatter

import pytest

from holdfast import errors
from holdfast.errors import BadValue, DamagedFile, DiskFull, HoldfastError, SourceMissing, error_kinds

KINDS = list(error_kinds())


def filled(kind: type[HoldfastError]) -> HoldfastError:
    texts = kind.what + kind.holds + kind.next_step
    return kind(**{name: f"<{name}>" for _, name, _, _ in Formatter().parse(texts) if name})


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.code)
def test_every_error_tells_its_values_in_three_sentences(kind: type[HoldfastError]) -> None:
    error = filled(kind)
    what, holds, next_step = error.sentences()
    assert all(value in what + holds + next_step for value in map(str, error.values.values()))
    assert "{" not in what + holds + next_step
    assert str(error) == f"{kind.code}: {what} {holds} {next_step}"
    assert error.as_json() == {"error": kind.code, "what": what, "holds": holds, "next": next_step}


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.code)
def test_every_error_crosses_a_process_border_whole(kind: type[HoldfastError]) -> None:
    error = filled(kind)
    for twin in (pickle.loads(pickle.dumps(error)), copy.copy(error), copy.deepcopy(error)):
        assert type(twin) is kind
        assert (twin.values, str(twin)) == (error.values, str(error))


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.code)
def test_an_error_that_lacks_its_values_still_tells_what_it_can(kind: type[HoldfastError]) -> None:
    assert kind.code in str(kind())


def test_values_are_shown_as_they_are_and_never_taken_for_braces() -> None:
    error = DiskFull(place=Path("/archive"), name="{place} {0} {}")
    assert "no space left at /archive for {place} {0} {}." in str(error)


def test_a_file_name_that_is_no_text_can_be_told_and_written() -> None:
    error = SourceMissing(path=Path("caf\udce9.avi"), reason="gone")
    assert "caf\\udce9.avi" in str(error)
    assert json.loads(json.dumps(error.as_json(), ensure_ascii=False).encode("utf-8"))["error"] == "HF-N006"


def test_a_family_can_be_caught_by_its_name() -> None:
    with pytest.raises(errors.Damaged):
        raise DamagedFile(file="a", object_id="b", expected="c", found="d")
    with pytest.raises(errors.UsageError):
        raise BadValue(name="a", found="b", expected="c")


def test_families_have_exit_codes_and_only_kinds_have_codes() -> None:
    families = {kind for kind in HoldfastError.__subclasses__() if not kind.code}
    assert {family.exit_code for family in families} >= {2, 3, 4, 5, 6}
    assert families.isdisjoint(KINDS)
    assert "HF-S001" in {kind.code for kind in error_kinds(errors.StorageFailure)}
    assert "HF-S001" not in {kind.code for kind in error_kinds(errors.UsageError)}
