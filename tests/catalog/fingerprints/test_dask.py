"""Shards that are spread over the workers of a Dask cluster answer the same as in one process."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from holdfast.catalog.fingerprints import shelf as shelves
from holdfast.catalog.fingerprints.shelf import Shelf
from tests.catalog.fingerprints.asking import answers
from tests.model.prints import a_print

distributed = pytest.importorskip("distributed", reason="the extra [cluster] is not installed")
# Of Dask's own making, in threads that outlive a test; what our code does is told by the answers.
pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("default")]

NAMES = ("a", "b", "c", "d", "e")


@pytest.fixture(scope="module")
def client() -> Iterator[Any]:
    """Two workers in processes of their own, on this machine."""
    with (
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, processes=True, dashboard_address=":0", host="127.0.0.1"
        ) as cluster,
        distributed.Client(cluster) as client,
    ):
        yield client


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An index of five works in five shards."""
    with monkeypatch.context() as patch:
        patch.setattr(shelves, "FULL_BYTES", 1)
        for seed, name in enumerate(NAMES):
            Shelf.open(tmp_path / "index").add(name, a_print(seed))
    return tmp_path / "index"


def test_shards_that_are_spread_over_workers_answer_as_in_one_process(client: Any, folder: Path) -> None:
    shelf = Shelf.open(folder, client.get_executor())
    assert shelf.status().shards == len(NAMES)
    assert (
        answers(shelf) == answers(Shelf.open(folder)) == answers(Shelf.of((n, a_print(s)) for s, n in enumerate(NAMES)))
    )


def test_more_than_one_worker_is_asked(client: Any, folder: Path) -> None:
    answers(Shelf.open(folder, client.get_executor()))
    asked = client.run(lambda: len(_opened()))
    assert len(asked) == 2
    assert all(count > 0 for count in asked.values())


def _opened() -> list[int]:
    from holdfast.catalog.fingerprints import search

    return [1] * search._kept_open.cache_info().currsize


def test_a_work_that_was_added_meanwhile_is_found_by_the_workers(client: Any, folder: Path) -> None:
    shelf = Shelf.open(folder, client.get_executor())
    answers(shelf)
    Shelf.open(folder).add("f", a_print(9))
    shelf.refresh()
    assert answers(shelf) == answers(Shelf.open(folder))
    assert "f" in shelf.names()


def test_a_folder_that_is_named_from_here_is_found_by_workers_that_stand_elsewhere(
    client: Any, folder: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.chdir(folder.parent)
    assert answers(Shelf.open(Path("index"), client.get_executor())) == answers(Shelf.open(folder))
    assert "asked here" not in caplog.text


def test_a_shard_that_became_part_of_another_is_asked_here(
    client: Any, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    shelf = Shelf.open(folder, client.get_executor())
    before = shelf.names()
    expected = answers(Shelf.open(folder))
    for path in folder.glob("*.shard"):
        path.rename(path.with_suffix(".away"))  # mapped here already
    client.run(_forget)
    assert shelf.names() == before
    assert answers(shelf) == expected
    assert "asked here" in caplog.text


def _forget() -> None:
    from holdfast.catalog.fingerprints import search

    search._kept_open.cache_clear()


def test_a_cluster_that_is_gone_leaves_the_question_to_us(
    folder: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shelves, "PATIENCE_S", 1.0)
    with (
        distributed.LocalCluster(
            n_workers=1, threads_per_worker=1, processes=True, dashboard_address=":0", host="127.0.0.1"
        ) as cluster,
        distributed.Client(cluster) as client,
    ):
        shelf = Shelf.open(folder, client.get_executor())
        expected = answers(shelf)
    assert answers(shelf) == expected
    assert "asked here" in caplog.text
