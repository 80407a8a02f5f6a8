"""A few small pictures for people."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from holdfast.media.samples import LumaFrame, Samples
from holdfast.restore.fingerprint.stills import StillKeeper
from holdfast.testing.films import film_plan, write_film


def frames_of(path: Path, seconds: int, size: tuple[int, int] = (192, 108)) -> list[LumaFrame]:
    write_film(film_plan(1, seconds, size), path, video="mpeg4", audio="")
    with Samples(path) as film:
        return [sample for sample in film if isinstance(sample, LumaFrame)]


def _grid(contrast: float) -> NDArray[np.float32]:
    return np.array([0, 2 * contrast], np.float32)


def test_stills_are_small_jpegs_from_the_middle_of_the_longest_shots(tmp_path: Path) -> None:
    keeper = StillKeeper()
    for frame in frames_of(tmp_path / "f.mkv", 10):
        keeper.look(frame, _grid(30))
    stills = keeper.stills([6_000_000, 6_500_000, 7_000_000], 10_000_000)
    assert 3 <= len(stills) <= 6
    times = [still.time_us for still in stills]
    assert times == sorted(times)
    assert any(abs(time - 3_000_000) <= 500_000 for time in times)
    assert all(still.jpeg.startswith(b"\xff\xd8") and len(still.jpeg) < 16_000 for still in stills)
    decoded = cv2.imdecode(np.frombuffer(stills[0].jpeg, np.uint8), cv2.IMREAD_COLOR)
    assert decoded is not None
    assert decoded.shape == (90, 160, 3)


def test_black_frames_do_not_stand_for_a_film(tmp_path: Path) -> None:
    keeper = StillKeeper()
    for frame in frames_of(tmp_path / "f.mkv", 4):
        keeper.look(frame, _grid(30 if 1_000_000 < frame.time_us < 2_500_000 else 1))
    assert {still.time_us for still in keeper.stills([], 4_000_000)} == {2_000_000}


def test_a_long_film_is_held_in_few_frames(tmp_path: Path) -> None:
    keeper = StillKeeper()
    frame = frames_of(tmp_path / "f.mkv", 1)[0]
    for second in range(36_000):
        keeper.look(frame._replace(time_us=second * 1_000_000), _grid(30))
    assert len(keeper._held) <= 16
    assert len(keeper.stills([], 36_000_000_000)) == 3


def test_a_film_without_pictures_has_no_stills() -> None:
    assert StillKeeper().stills([], 5_000_000) == ()
