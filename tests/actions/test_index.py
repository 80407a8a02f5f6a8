"""The index follows the store: what came is taken up, what went is taken out, in any order."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from holdfast.actions import index
from holdfast.actions.archive import Archive
from holdfast.catalog.lists import Printed
from tests.cli.recognition import Known


def test_the_name_of_a_work_tells_its_asset_and_its_film() -> None:
    name = index.name_of(Printed("k7m2x9qd4htbr", "fingerprints/a b.mp4.hffp", "masters/a b.mp4", "ab" * 64))
    assert index.asset_and_file(name) == ("k7m2x9qd4htbr", "masters/a b.mp4")


def test_an_archive_that_was_never_asked_has_no_index(archive: Archive) -> None:
    found = index.status(archive)
    assert (found.works, found.hours, found.size_bytes, found.without) == (0, 0, 0, ())
    assert index.verify(archive) == ()


@pytest.fixture
def opened(known_films: Known, tmp_path: Path) -> Iterator[Archive]:
    archive = Archive.open(known_films.copied(tmp_path / "archive"))
    yield archive
    archive.close()


@pytest.mark.slow
def test_a_work_that_the_store_does_not_have_is_taken_out_and_a_new_one_is_taken_up(opened: Archive) -> None:
    shelf = index.bring_up_to_date(opened)
    names = sorted(shelf.names())
    assert len(names) == 3
    moved = shelf.fingerprint(0)
    shelf.add("k7m2x9qd4htbr 00 masters/nobody.mp4", moved)
    shelf.remove(names[0])
    found = index.status(opened)
    assert (found.works, found.wanting, found.stale) == (3, 1, 1)
    assert sorted(index.bring_up_to_date(opened).names()) == names


@pytest.mark.slow
def test_a_work_that_differs_from_the_store_is_named(opened: Archive) -> None:
    from dataclasses import replace

    shelf = index.bring_up_to_date(opened)
    name = sorted(shelf.names())[0]
    other = replace(shelf.fingerprint(0), warnings=("not what is kept",))
    shelf.remove(name)
    shelf.add(name, other)
    (fault,) = index.verify(opened)
    assert "differs from the fingerprint that is kept" in fault.what
    assert fault.remedy == "holdfast index rebuild"
