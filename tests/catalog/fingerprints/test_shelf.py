"""The index answers the same however it came to be, and overlooks nothing."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import replace
from fractions import Fraction
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from holdfast.catalog.fingerprints import shelf as shelves
from holdfast.catalog.fingerprints.shelf import Shelf
from holdfast.errors import DamagedCache
from holdfast.formats.fingerprint import without_stills
from holdfast.model.fingerprint import Fingerprint
from holdfast.model.hamming import distances
from tests.catalog.fingerprints.asking import answers
from tests.model.prints import a_print, same

NAMES = ("a/x.hffp", "b/ü.hffp", "c", "d", "e")


def _in_folder(folder: Path, works: Iterable[tuple[str, Fingerprint]]) -> Shelf:
    shelf = Shelf.open(folder)
    for name, fingerprint in works:
        shelf.add(name, fingerprint)
    return shelf


@pytest.mark.slow
@settings(deadline=None, max_examples=25)
@given(st.permutations(NAMES), st.lists(st.sampled_from(NAMES), max_size=3), st.booleans())
def test_the_order_of_adding_and_what_came_between_do_not_matter(
    tmp_path_factory: pytest.TempPathFactory, order: list[str], detours: list[str], is_split: bool
) -> None:
    works = {name: a_print(seed) for seed, name in enumerate(NAMES)}
    with pytest.MonkeyPatch.context() as patch:
        if is_split:
            patch.setattr(shelves, "FULL_BYTES", 4_000)
        shelf = Shelf.open(tmp_path_factory.mktemp("index"))
        for name in detours:
            shelf.add(name, a_print(77))
        for name in detours[1:]:
            shelf.remove(name)
        for name in order:
            shelf.add(name, works[name])
        expected = answers(Shelf.of(works.items()))
        assert answers(shelf) == expected
        assert shelf.verify(NAMES) == ()
        shelf.rebuild(works.items())
        assert answers(shelf) == expected


def test_every_near_picture_is_found_and_no_other() -> None:
    works = [(name, a_print(seed)) for seed, name in enumerate(NAMES)]
    shelf = Shelf.of(reversed(works))
    asked = a_print(3).pictures.hashes
    hits = shelf.find_pictures(asked, 115)
    expected = []
    for work, (_, made) in enumerate(works):
        apart = distances(asked, made.pictures.hashes)
        for query, row in zip(*np.nonzero(apart <= 115), strict=True):
            p = made.pictures
            expected.append((query, work, p.times[row], p.views[row], p.quality[row], apart[query, row]))
    expected.sort(key=lambda hit: hit[:2])
    assert list(zip(*(column.tolist() for column in vars(hits).values()), strict=True)) == expected
    assert len(expected) > 12


def test_a_point_is_found_with_its_frame_and_its_row_in_the_work() -> None:
    shelf = Shelf.of((name, a_print(seed, looks=4, points=40)) for seed, name in enumerate(NAMES))
    made = a_print(2, looks=4, points=40)
    hits = shelf.find_points(made.points.bits, 0, 3)
    assert hits.query.tolist() == hits.row.tolist() == list(range(40))
    assert set(hits.work.tolist()) == {2}
    starts = made.points.starts
    assert all(starts[f] <= row < starts[f + 1] for f, row in zip(hits.frame.tolist(), hits.row.tolist(), strict=True))


def test_a_fingerprint_comes_back_as_it_was_put_in(tmp_path: Path) -> None:
    shelf = _in_folder(tmp_path, [("b", replace(a_print(1), extra={"x": [1]})), ("a", a_print(2))])
    assert same(shelf.fingerprint(0), without_stills(a_print(2)))
    assert same(shelf.fingerprint(1), without_stills(a_print(1)))
    assert shelf.fingerprint(1).extra == {"x": [1]}


def test_adding_again_replaces_and_removing_removes(tmp_path: Path) -> None:
    shelf = _in_folder(tmp_path, [("a", a_print(1)), ("b", a_print(2)), ("a", a_print(3))])
    assert shelf.names() == ("a", "b")
    assert same(shelf.fingerprint(0), without_stills(a_print(3)))
    assert not len(shelf.find_pictures(a_print(1).pictures.hashes, 0))
    assert shelf.remove("a")
    assert not shelf.remove("a")
    assert shelf.names() == ("b",)
    shelf.add("a", a_print(1))
    assert same(shelf.fingerprint(0), without_stills(a_print(1)))


def test_nothing_in_it_answers_with_nothing(tmp_path: Path) -> None:
    for shelf in (Shelf.open(tmp_path / "none"), Shelf.of([]), Shelf.of([("x", Fingerprint(Fraction(1), (1, 1)))])):
        assert not len(shelf.find_pictures(a_print().pictures.hashes, 256))
        assert not len(shelf.find_points(a_print().points.bits, 128, 9))
        assert not len(shelf.find_sounds(a_print().sounds.keys))
        assert not len(shelf.find_sounds(a_print().sounds.keys[:0]))
    assert not (tmp_path / "none").exists()


def test_many_works_lie_in_few_files_and_full_ones_are_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("holdfast.catalog.fingerprints.contents._SMALL_BYTES", 0)
    shelf = _in_folder(tmp_path, ((f"{n:03d}", a_print(n)) for n in range(33)))
    assert shelf.status().shards <= 6
    monkeypatch.setattr(shelves, "FULL_BYTES", 1)
    before = set(tmp_path.glob("*.shard"))
    shelf.add("new", a_print(99))
    assert before < set(tmp_path.glob("*.shard"))


def test_a_file_that_mostly_does_not_count_is_written_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shelf = Shelf.open(tmp_path)
    shelf.rebuild((str(n), a_print(n)) for n in range(9))
    monkeypatch.setattr(shelves, "FULL_BYTES", 1)
    (big,) = tmp_path.glob("*.shard")
    for n in range(4):
        shelf.remove(str(n))
    assert big.exists()
    shelf.remove("4")
    assert not big.exists()
    assert shelf.names() == ("5", "6", "7", "8")
    assert same(shelf.fingerprint(0), without_stills(a_print(5)))


def test_another_process_is_seen_when_looked_at_anew(tmp_path: Path) -> None:
    reader = _in_folder(tmp_path, [("a", a_print(1))])
    assert reader.works() == 1
    writer = _in_folder(tmp_path, [("b", a_print(2))])
    assert reader.works() == 1
    assert same(reader.fingerprint(0), without_stills(a_print(1)))  # its file may be gone by now
    reader.refresh()
    assert reader.names() == writer.names() == ("a", "b")


@pytest.mark.slow
def test_many_may_read_while_one_adds(tmp_path: Path) -> None:
    _in_folder(tmp_path, [("000", a_print(0))])
    failures: list[BaseException] = []
    done = threading.Event()

    def read() -> None:
        try:
            while not done.is_set():
                assert "000" in Shelf.open(tmp_path).names()
        except BaseException as error:  # noqa: BLE001 - told below
            failures.append(error)

    readers = [threading.Thread(target=read) for _ in range(2)]
    for reader in readers:
        reader.start()
    _in_folder(tmp_path, ((f"{n:03d}", a_print(n)) for n in range(1, 30)))
    done.set()
    for reader in readers:
        reader.join()
    assert failures == []


def test_shards_asked_side_by_side_answer_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shelves, "FULL_BYTES", 1)
    _in_folder(tmp_path, ((name, a_print(seed)) for seed, name in enumerate(NAMES)))
    with ThreadPoolExecutor(2) as executor:
        assert answers(Shelf.open(tmp_path, executor)) == answers(Shelf.open(tmp_path))


@pytest.mark.slow
def test_other_processes_can_be_asked_for_their_shards(tmp_path: Path) -> None:
    _in_folder(tmp_path, ((name, a_print(seed)) for seed, name in enumerate(NAMES)))
    with ProcessPoolExecutor(1, get_context("spawn")) as executor:
        assert answers(Shelf.open(tmp_path, executor)) == answers(Shelf.open(tmp_path))


def test_a_broken_or_foreign_file_is_told_and_mended_by_rebuilding(tmp_path: Path) -> None:
    shelf = _in_folder(tmp_path, [("a", a_print(1))])
    (path,) = tmp_path.glob("*.shard")
    data = bytearray(path.read_bytes())
    data[-70] ^= 1
    path.write_bytes(data)
    assert "checksum" in shelf.verify()[0].what
    path.write_bytes(data.replace(b"holdfast-shard-3", b"holdfast-shard-0"))
    with pytest.raises(DamagedCache, match="holdfast-shard-0"):
        Shelf.open(tmp_path).names()
    path.write_bytes(b"")
    with pytest.raises(DamagedCache):
        Shelf.open(tmp_path).add("b", a_print(2))
    assert Shelf.open(tmp_path).rebuild([("a", a_print(1)), ("b", a_print(2)), ("b", a_print(3))]) == 2
    assert not path.exists()


def test_names_that_are_missing_or_too_many_are_found(tmp_path: Path) -> None:
    shelf = _in_folder(tmp_path, [("a", a_print(1)), ("b", a_print(2))])
    assert [(f.where, f.what.split(",")[0]) for f in shelf.verify(["b", "c"])] == [
        ("c", "is in the archive"),
        ("a", "is in the index"),
    ]


def test_an_index_in_memory_is_not_changed() -> None:
    with pytest.raises(TypeError, match="in memory"):
        Shelf.of([]).add("a", a_print())


def test_a_fingerprint_that_contradicts_itself_is_not_taken(tmp_path: Path) -> None:
    made = a_print()
    wrong = replace(made, sounds=replace(made.sounds, keys=np.zeros(1, np.uint32)))
    with pytest.raises(ValueError, match="do not fit"):
        Shelf.open(tmp_path).add("a", wrong)


def test_the_status_counts_what_counts(tmp_path: Path) -> None:
    shelf = _in_folder(tmp_path, [("a", a_print(1)), ("b", a_print(2)), ("a", a_print(3, pictures=5))])
    status = shelf.status()
    assert (status.works, status.pictures, status.points, status.sounds) == (2, 17, 40, 60)
    assert status.duration == 2 * 17 + Fraction(2, 3)
    assert status.size_bytes > 0
