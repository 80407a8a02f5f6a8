"""The cache of derived answers: whole or none, of the very question, bounded, and never in anybody's way."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfast.actions import answers as module
from holdfast.actions.answers import PART, Answers

ASKED = {"copy": "ab" * 64}


def only_file(cache: Path) -> Path:
    (found,) = (path for path in cache.rglob("*") if path.is_file())
    return found


def given_back(answers: Answers, kind: str = "glance", asked: dict[str, str] = ASKED) -> list[bytes] | None:
    found = answers.find(kind, asked)
    return None if found is None else list(found)


def test_an_answer_comes_back_in_the_pieces_in_which_it_was_kept(tmp_path: Path) -> None:
    answers = Answers(tmp_path)
    pieces = [b"", b"one", os.urandom(3_000_000)]

    answers.keep("glance", ASKED, pieces)

    assert given_back(answers) == pieces
    assert answers.one("glance", ASKED) == b"".join(pieces)


def test_another_question_has_no_answer_whatever_differs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    answers = Answers(tmp_path)
    answers.keep("glance", ASKED, [b"one"])

    assert given_back(answers, asked={"copy": "ac" * 64}) is None
    assert given_back(answers, asked=ASKED | {"size": "4"}) is None
    assert given_back(answers, "look") is None
    monkeypatch.setitem(module.RECIPES, "glance", module.RECIPES["glance"] + 1)
    assert given_back(answers) is None


def test_an_answer_is_asked_anew_when_what_it_was_built_on_is_made_otherwise(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = Answers(tmp_path)
    answers.keep("sighting", ASKED, [b"one"])
    answers.keep("glance", ASKED, [b"one"])

    monkeypatch.setitem(module.RECIPES, "look", module.RECIPES["look"] + 1)

    assert given_back(answers, "sighting") is None
    assert given_back(answers, "glance") == [b"one"]


@given(at=st.integers(0, 10_000), bit=st.integers(0, 7))
def test_an_answer_with_one_flipped_bit_is_no_answer(
    tmp_path_factory: pytest.TempPathFactory, at: int, bit: int
) -> None:
    cache = tmp_path_factory.mktemp("flipped")
    answers = Answers(cache)
    answers.keep("glance", ASKED, [b"one", bytes(range(256))])
    place = only_file(cache)
    data = bytearray(place.read_bytes())
    data[at % len(data)] ^= 1 << bit
    place.write_bytes(data)

    assert given_back(answers) is None


@given(length=st.integers(0, 10_000))
def test_an_answer_that_was_cut_short_is_no_answer(tmp_path_factory: pytest.TempPathFactory, length: int) -> None:
    cache = tmp_path_factory.mktemp("cut")
    answers = Answers(cache)
    answers.keep("glance", ASKED, [b"one", os.urandom(500)])
    place = only_file(cache)
    data = place.read_bytes()
    place.write_bytes(data[: length % len(data)])

    assert given_back(answers) is None


def test_the_answer_to_another_question_is_not_believed_in_its_place(tmp_path: Path) -> None:
    ours, theirs = Answers(tmp_path / "ours"), Answers(tmp_path / "theirs")
    ours.keep("glance", ASKED, [b"one"])
    theirs.keep("glance", {"copy": "cd" * 64}, [b"two"])

    only_file(tmp_path / "ours").write_bytes(only_file(tmp_path / "theirs").read_bytes())

    assert given_back(ours) is None


def test_what_cannot_be_kept_stands_in_nobodys_way(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / module.ANSWERS).write_bytes(b"a file where the folder should be")
    answers = Answers(tmp_path)

    answers.keep("glance", ASKED, [b"one"])
    answers.sweep()

    assert given_back(answers) is None
    roomy = Answers(tmp_path / "other")
    monkeypatch.setattr(module, "LEAST_FREE_BYTES", 1 << 62)
    roomy.keep("glance", ASKED, [b"one"])
    assert given_back(roomy) is None, "what is left of a full disk is not for the cache"


def test_an_answer_that_fails_on_the_way_leaves_nothing_behind(tmp_path: Path) -> None:
    def failing() -> list[bytes]:
        raise ValueError("not to be had")

    with pytest.raises(ValueError, match="not to be had"):
        Answers(tmp_path).keep("glance", ASKED, (piece for piece in failing()))

    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_a_sweep_removes_what_was_longest_not_asked_for(tmp_path: Path) -> None:
    answers = Answers(tmp_path)
    for number in range(4):
        answers.keep("glance", {"copy": str(number)}, [os.urandom(1000)])
        for path in tmp_path.rglob("*"):
            if path.is_file() and path.stat().st_mtime > time.time() - 500:
                os.utime(path, (0, 1000 + number))
    assert given_back(answers, asked={"copy": "0"}) is not None  # the oldest, but asked for now

    answers.sweep(answers.size_bytes() // 2)

    left = [number for number in range(4) if given_back(answers, asked={"copy": str(number)})]
    assert left == [0, 3]


def test_a_sweep_removes_what_killed_runs_left_and_spares_what_is_being_written(tmp_path: Path) -> None:
    answers = Answers(tmp_path)
    answers.keep("glance", ASKED, [b"one"])
    old, new = (only_file(tmp_path).with_name(f"{name}{PART}") for name in ("old", "new"))
    old.write_bytes(b"half")
    new.write_bytes(b"half")
    os.utime(old, (0, time.time() - 2 * module.ORPHANED_S))

    answers.sweep()

    assert (old.exists(), new.exists()) == (False, True)
    assert given_back(answers) == [b"one"]
