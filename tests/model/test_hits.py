"""Hits are rows: as many in every column."""

from __future__ import annotations

import pytest

from holdfast.model.hits import PictureHits, PointHits, SoundHits


@pytest.mark.parametrize("kind", [PictureHits, PointHits, SoundHits])
def test_no_hits_are_columns_without_rows(kind: type) -> None:
    empty = kind.empty()
    assert len(empty) == 0
    assert {len(column) for column in vars(empty).values()} == {0}


def test_columns_have_the_types_that_were_agreed() -> None:
    def types(hits: object) -> list[str]:
        return [f"{name} {column.dtype}" for name, column in vars(hits).items()]

    assert types(PictureHits.empty()) == [
        "query int32",
        "work int32",
        "time_us int64",
        "view uint8",
        "quality uint8",
        "distance uint16",
    ]
    assert types(PointHits.empty()) == ["query int32", "work int32", "frame int32", "row int32", "distance uint16"]
    assert types(SoundHits.empty()) == ["query int32", "work int32", "time int32"]
