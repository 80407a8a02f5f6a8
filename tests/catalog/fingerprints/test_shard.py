"""A shard comes back from its file as it was, and a file that is none is refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from holdfast.catalog.fingerprints import shard as shards
from holdfast.catalog.fingerprints.points import are_held
from holdfast.catalog.fingerprints.shard import Shard, open_shard, shard_of, work_of
from holdfast.catalog.fingerprints.volume import volume_of
from holdfast.errors import BadRecord, DamagedCache
from holdfast.formats.arrays import arrays_bytes
from holdfast.formats.fingerprint import without_stills
from tests.model.prints import a_print, same


def _shard() -> Shard:
    return shard_of([volume_of(name, a_print(seed)) for seed, name in enumerate("cab")], 7, ["x"], ["old.shard"])


def _written(shard: Shard, path: Path) -> Path:
    path.write_bytes(b"".join(shard.chunks()))
    return path


def test_a_shard_has_its_works_in_the_order_of_their_names(tmp_path: Path) -> None:
    for shard in (_shard(), open_shard(_written(_shard(), tmp_path / "a.shard"), is_checked=True)):
        assert shard.names == ("a", "b", "c")
        assert [
            same(shard.volume(n).fingerprint, without_stills(a_print(seed))) for n, seed in enumerate((1, 2, 0))
        ] == [True] * 3
        assert (shard.head["order"], shard.head["removed"], shard.head["replaces"]) == (7, ["x"], ["old.shard"])
        shard.let_go()
        assert same(shard.volume(0).fingerprint, without_stills(a_print(1)))


def test_many_points_have_a_table_and_few_have_none(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert _shard().table is None
    monkeypatch.setattr(shards, "TABLED_FROM", 1)
    tabled = open_shard(_written(_shard(), tmp_path / "a.shard"))
    held = int(are_held(tabled.arrays["points.words"]).sum())
    assert 0 < held < 60
    assert tabled.table is not None
    assert len(tabled.table[0]) == held


def test_more_points_than_a_table_can_number_have_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shards, "TABLED_FROM", 1)
    monkeypatch.setattr(shards, "TABLED_TO", 59)
    assert _shard().table is None


def test_what_is_no_zlib_in_a_shard_is_told_as_a_broken_record() -> None:
    made = _shard()
    made.arrays["rest.data"][:] = 7
    with pytest.raises(BadRecord, match="unpacked"):
        _ = made.volume(0).fingerprint


def test_a_shard_of_no_works_can_be_written_and_read(tmp_path: Path) -> None:
    assert len(open_shard(_written(shard_of([]), tmp_path / "a.shard"))) == 0


BROKEN: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    ("another format", {"format": "holdfast-shard-9"}, {}),
    ("an order that is none", {"order": -1}, {}),
    ("a name that is none", {"removed": [5]}, {}),
    ("works that are none", {"works": [3]}, {}),
    ("starts beyond the end", {}, {"pictures.starts": np.array([0, 1, 2, 99])}),
    ("starts that fall", {}, {"sounds.starts": np.array([0, 60, 30, 90])}),
    ("starts too few", {}, {"rest.starts": np.array([0])}),
    ("points beyond the end", {}, {"points.rows": np.arange(10)}),
    ("times too few", {}, {"pictures.times": np.zeros(3, np.uint32)}),
    ("times without turns", {}, {"sounds.turns": np.zeros((0, 2), np.int64)}),
]


@pytest.mark.parametrize(("_what", "head", "arrays"), BROKEN)
def test_a_file_that_would_lead_a_search_astray_is_refused(
    tmp_path: Path, _what: str, head: dict[str, Any], arrays: dict[str, Any]
) -> None:
    made = _shard()
    path = tmp_path / "a.shard"
    path.write_bytes(arrays_bytes(made.head | head, made.arrays | arrays))
    with pytest.raises(DamagedCache, match="rebuild"):
        open_shard(path)


def test_a_file_without_an_array_or_without_bytes_is_refused(tmp_path: Path) -> None:
    made = _shard()
    path = tmp_path / "a.shard"
    path.write_bytes(arrays_bytes(made.head, {}))
    with pytest.raises(DamagedCache):
        open_shard(path)
    path.write_bytes(b"")
    with pytest.raises(DamagedCache):
        open_shard(path)
    path.unlink()
    with pytest.raises(FileNotFoundError):
        open_shard(path)


def test_the_work_of_a_row_is_the_last_that_begins_there_or_before() -> None:
    assert work_of(np.array([0, 0, 3, 5]), np.array([0, 2, 3, 4])).tolist() == [1, 1, 2, 2]
