"""Interlaced frames become whole pictures, one for one and in their time; others pass untouched."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from holdfast.media.decode import Master, Picture
from holdfast.media.fields import Weave
from holdfast.media.frames import Frames
from holdfast.media.write import MediaWriter, VideoSettings
from holdfast.model.technical import FieldOrder

COUNT = 10
Pixels = NDArray[np.uint8]


def bar(field: int) -> Pixels:
    """A bright bar that walks 2 pixels a field."""
    image = np.full((48, 64, 3), 40, np.uint8)
    image[:, 6 + 2 * field : 14 + 2 * field] = 230
    return image


def film(path: Path, order: FieldOrder) -> Path:
    """Ten frames; of two fields each, unless they are progressive."""
    with MediaWriter(path) as writer:
        track = writer.add_video(VideoSettings("ffv1", (64, 48), field_order=order, pixel_format="yuv422p"))
        for number in range(COUNT):
            picture = bar(2 * number)
            if order is not FieldOrder.PROGRESSIVE:
                later = 1 if order is FieldOrder.TOP_FIRST else 0
                picture[later::2] = bar(2 * number + 1)[later::2]
            track.write(picture)
    return path


def comb(picture: Pixels) -> float:
    """How much neighbouring lines differ."""
    return float(np.abs(np.diff(picture[10:38].astype(int), axis=0)).mean())


@pytest.mark.parametrize("order", [FieldOrder.TOP_FIRST, FieldOrder.BOTTOM_FIRST])
def test_frame_n_shows_the_first_field_of_frame_n_without_comb(order: FieldOrder, tmp_path: Path) -> None:
    path = film(tmp_path / "film.mkv", order)
    times = [Fraction(2 * number + 1, 50) for number in range(COUNT)]
    with Frames(path) as woven, Frames(path, deinterlace=True) as whole:
        before, after = list(woven.at(times)), list(whole.at(times))

    assert [(each.number, each.start) for each in after] == [(each.number, each.start) for each in before]
    for number in range(1, COUNT - 1):
        first, second = before[number].pixels, after[number].pixels
        assert first is not None
        assert second is not None
        assert comb(second) < 0.3 * comb(first)
        assert np.abs(second[10:38].astype(int) - bar(2 * number)[10:38]).mean() < 6


def test_progressive_frames_are_the_very_same(tmp_path: Path) -> None:
    path = film(tmp_path / "film.mkv", FieldOrder.PROGRESSIVE)
    with Master(path, sounds=False) as master:
        pictures = [moment for moment in master.moments() if isinstance(moment, Picture)]
        assert all(one is other for one, other in zip(Weave().undone(pictures), pictures, strict=True))
    assert len(pictures) == COUNT
