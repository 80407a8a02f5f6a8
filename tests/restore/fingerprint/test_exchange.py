"""What is handed to others is what their tools compute."""

from __future__ import annotations

from concurrent.futures import CancelledError
from pathlib import Path

import pytest

from holdfast.formats.vpdq import from_vpdq, to_vpdq
from holdfast.restore.fingerprint import pdq
from holdfast.restore.fingerprint.exchange import exchanged
from holdfast.restore.fingerprint.published import published
from holdfast.testing.films import film_plan, write_film

PLAN = film_plan(5, 4, (320, 180))


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_film(PLAN, tmp_path_factory.mktemp("films") / "film.mkv", video="ffv1")


def test_there_is_one_published_hash_a_second_within_a_few_bits_of_the_frame_itself(film: Path) -> None:
    made = exchanged(film)
    assert (made.pictures.times / 1e6).round(2).tolist() == [0, 1, 2, 3]
    for row, number in enumerate((0, 25, 50, 75)):
        wanted, quality = published(PLAN.frame(number))
        if quality >= 50:
            assert pdq.distance(made.pictures.hashes[row], wanted) <= 10


def test_the_text_names_the_frames_and_can_be_read_again(film: Path) -> None:
    text = to_vpdq(exchanged(film))
    assert [line.split(",")[0] for line in text.splitlines()] == ["0", "25", "50", "75"]
    assert len(from_vpdq(text)) == 4


def test_the_work_can_be_stopped_before_it_is_done(film: Path) -> None:
    with pytest.raises(CancelledError):
        exchanged(film, should_stop=lambda: True)
