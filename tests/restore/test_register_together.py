"""Copies of which nothing else survives tell each other what bars, crops and mirrors took from them."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import cv2
import numpy as np
import pytest

from holdfast.media.frames import Frames
from holdfast.media.write import MediaWriter, VideoSettings
from holdfast.model.edit import Placement
from holdfast.model.time import Span
from holdfast.restore.geometry import matrix_of
from holdfast.restore.register_together import registered_together

RATE, COUNT = Fraction(25), 60
HIGH, WIDE = 240, 400
WHOLE = Span(Fraction(0), COUNT / RATE)
pytestmark = pytest.mark.slow


def picture(number: int) -> np.ndarray:
    """Blobs of many sizes over which a lighter one moves."""
    dice = np.random.default_rng(3)
    made = np.full((HIGH, WIDE, 3), 90, np.uint8)
    for _ in range(140):
        at = (int(dice.integers(0, WIDE)), int(dice.integers(0, HIGH)))
        color = tuple(int(each) for each in dice.integers(30, 235, 3))
        cv2.rectangle(made, at, (at[0] + int(dice.integers(5, 40)), at[1] + int(dice.integers(5, 40))), color, -1)
    cv2.circle(made, (40 + 5 * number, 120), 25, (240, 240, 240), -1)
    return made


def barred(frame: np.ndarray) -> np.ndarray:
    out = np.zeros((HIGH, WIDE + 120, 3), np.uint8)
    out[:, 60:-60] = frame
    return out


def cropped(frame: np.ndarray) -> np.ndarray:
    return np.asarray(cv2.resize(frame[24:-24, 40:-40], (WIDE, HIGH), interpolation=cv2.INTER_CUBIC))


def mirrored(frame: np.ndarray) -> np.ndarray:
    return np.ascontiguousarray(frame[:, ::-1])


def written(folder: Path, **copies: object) -> dict[str, Path]:
    paths = {}
    for name, change in copies.items():
        paths[name] = folder / f"{name}.mkv"
        with MediaWriter(paths[name]) as writer:
            shape = change(picture(0)).shape  # type: ignore[operator]
            track = writer.add_video(VideoSettings("libx264", (shape[1], shape[0]), RATE, options={"crf": "18"}))
            for number in range(COUNT):
                track.write(change(picture(number)))  # type: ignore[operator]
    return paths


def lying(names: Sequence[str], turned: Sequence[str] = ()) -> list[Placement]:
    return [Placement(name, WHOLE, WHOLE, mirrored=name in turned) for name in names]


def test_bars_are_cut_and_a_crop_is_placed_in_the_copy_that_shows_most(tmp_path: Path) -> None:
    paths = written(tmp_path, bars=barred, crop=cropped)

    found = registered_together(lying(["bars", "crop"]), paths, Frames)

    bars, crop = found.placements
    edge = 60 / (WIDE + 120)
    assert bars.geometry is not None
    assert (
        np.abs(matrix_of(bars.geometry)[0] - [1 - 2 * edge, 0, edge]).max() < 0.016
    )  # two of the 128 steps in which borders are told
    assert crop.geometry is not None
    assert np.abs(np.array(crop.geometry.shown) - [0.1, 0.1, 0.9, 0.9]).max() < 0.016
    assert found.astray == ()
    assert abs(found.size[0] / found.size[1] - WIDE / HIGH) < 0.03


def test_borders_that_two_copies_show_alike_are_of_the_work(tmp_path: Path) -> None:
    softer = lambda frame: cv2.GaussianBlur(barred(frame), (0, 0), 1.0)  # noqa: E731
    inside = lambda frame: barred(frame)[10:-10, 55:-55]  # noqa: E731
    paths = written(tmp_path, bars=barred, softer=softer, crop=inside)

    found = registered_together(lying(["crop", "bars", "softer"]), paths, Frames)

    crop, bars, other = found.placements
    assert crop.geometry is not None
    assert bars.geometry is None
    assert other.geometry is None
    assert found.size == (WIDE + 120, HIGH)


def test_an_untouched_copy_stays_untouched_beside_a_mirrored_one(tmp_path: Path) -> None:
    paths = written(tmp_path, plain=lambda frame: frame, turned=mirrored)

    found = registered_together(lying(["plain", "turned"], ["turned"]), paths, Frames)

    assert [one.geometry for one in found.placements] == [None, None]
    assert found.size == (WIDE, HIGH)


def test_a_copy_that_shows_something_else_is_said_to_be_astray(tmp_path: Path) -> None:
    noise = np.random.default_rng(9).integers(0, 255, (HIGH, WIDE, 3)).astype(np.uint8)
    paths = written(tmp_path, one=lambda frame: frame, two=cropped, strange=lambda _: noise)

    found = registered_together(lying(["one", "two", "strange"]), paths, Frames)

    assert found.astray == ("strange",)
    assert found.placements[2].geometry is None
