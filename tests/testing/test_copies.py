"""Altered copies: what truth says about them holds when the copy is looked at and listened to."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

import cv2
import numpy as np
import pytest

from holdfast.testing.copies import MICRO, Film, MadeCopy, Material, TrueSegment, make_copy
from holdfast.testing.copy_classes import CLASSES, TIER_1
from holdfast.testing.films import film_plan, write_film
from holdfast.testing.harder_copies import TIER_2
from holdfast.testing.reels import Reel, sound_of, stretch
from holdfast.testing.resounding import RATE


@pytest.fixture(scope="module")
def material(tmp_path_factory: pytest.TempPathFactory) -> Material:
    folder = tmp_path_factory.mktemp("films")
    films = []
    for seed, seconds in ((31, 10), (32, 5), (33, 5), (34, 8)):
        path = folder / f"film{seed}.mp4"
        write_film(film_plan(seed, seconds, (192, 108)), path)
        films.append(Film(path))
    return Material(tuple(films[:3]), tuple(films[3:]))


def likeness(copy: Reel, work: Reel, segment: TrueSegment, share: Fraction = Fraction(1, 2)) -> float:
    """How like the work's picture is to what the copy shows of it there in the segment (0 to 1); 1 for the same."""
    at = (Fraction(segment.copy[0]) + share * (segment.copy[1] - segment.copy[0])) / MICRO
    begin, rate = Fraction(segment.asset[0], MICRO), Fraction(segment.rate)
    theirs = work.picture(begin + rate * (at - Fraction(segment.copy[0], MICRO)))
    mine = copy.picture(at)
    assert segment.corners is not None
    corners = (np.array(segment.corners) * mine.shape[1::-1]).astype(np.float32)
    square = np.array([[0, 0], [96, 0], [96, 64], [0, 64]], np.float32)
    turn = cv2.getPerspectiveTransform(corners, square)
    seen = cv2.warpPerspective(mine, turn, (96, 64), flags=cv2.INTER_AREA).astype(np.float32).mean(axis=2)
    is_there = cv2.warpPerspective(np.ones(mine.shape[:2], np.uint8), turn, (96, 64)) > 0
    known = cv2.resize(theirs, (96, 64), interpolation=cv2.INTER_AREA).astype(np.float32).mean(axis=2)
    return float(np.corrcoef(cv2.blur(seen, (3, 3))[is_there], cv2.blur(known, (3, 3))[is_there])[0, 1])


def lag_s(copy: Path, work: Film, segment: TrueSegment) -> float:
    """How much later than truth says the work's sound is heard in the copy."""
    mine = sound_of(copy).mean(axis=0)
    first, last = (round(each * RATE / MICRO) for each in segment.copy)
    theirs = stretch(work.sound, *(Fraction(each, MICRO) for each in segment.asset)).mean(axis=0)
    piece = mine[first:last]
    size = 1 << (len(piece) + len(theirs)).bit_length()
    both = np.fft.rfft(piece, size) * np.conj(np.fft.rfft(theirs, size))
    peak = int(np.argmax(np.fft.irfft(both / (np.abs(both) + 1e-6), size)))
    return (peak if peak < size // 2 else peak - size) / RATE


def work_of(material: Material, segment: TrueSegment) -> Film:
    return next(film for film in material.works if film.name == segment.work)


def made(kind: str, material: Material, folder: Path, seed: int = 1) -> MadeCopy:
    return make_copy(kind, material, seed, folder)


def test_every_class_of_the_design_is_there_in_its_tier():
    assert len(TIER_1) == 24
    assert len(TIER_2) == 17
    assert set(CLASSES) == set(TIER_1) | set(TIER_2)


@pytest.mark.slow
def test_the_same_seed_gives_the_same_bytes_and_another_seed_another_copy(material: Material, tmp_path: Path):
    one, again = tmp_path / "one", tmp_path / "again"
    one.mkdir()
    again.mkdir()
    first, second = made("cast", material, one), made("cast", material, again)
    assert (one / first.file).read_bytes() == (again / second.file).read_bytes()
    assert first == second
    assert made("cast", material, again, seed=2).segments != first.segments


@pytest.mark.slow
@pytest.mark.parametrize(
    "kind",
    [
        *("boxed", "crop15", "mirror", "camphone", "combo", "compile", "pip_in", "vertical", "speed_any", "rot90"),
        *("rot3", "twogen", "jumpcuts", "reorder", "three_works", "stacked", "flv1", "thumbnail"),
    ],
)
def test_truth_says_where_and_when_the_picture_of_the_work_is_seen(kind: str, material: Material, tmp_path: Path):
    copy = made(kind, material, tmp_path)
    reel = None if kind == "thumbnail" else Reel(tmp_path / copy.file)
    scores = []
    for segment in copy.segments:
        work = work_of(material, segment).reel
        shares = (Fraction(1, 5), Fraction(1, 2), Fraction(4, 5))
        scores += [likeness(reel or still(tmp_path / copy.file), work, segment, share) for share in shares]
    assert np.median(scores) > 0.65, scores


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["reenc240", "mpeg4avi", "flv1", "vp9low", "audio_only", "compile"])
def test_truth_says_when_the_sound_of_the_work_is_heard(kind: str, material: Material, tmp_path: Path):
    copy = made(kind, material, tmp_path)
    for segment in copy.segments:
        if segment.heard:
            assert abs(lag_s(tmp_path / copy.file, work_of(material, segment), segment)) < 0.03


@pytest.mark.slow
def test_a_muted_copy_has_no_sound_and_a_sound_copy_no_picture(material: Material, tmp_path: Path):
    muted, heard = made("muted", material, tmp_path), made("audio_only", material, tmp_path)
    assert sound_of(tmp_path / muted.file).shape == (2, 0)
    assert not any(segment.heard for segment in muted.segments)
    assert Reel(tmp_path / heard.file).size == (0, 0)
    assert all(segment.heard and not segment.seen and segment.corners is None for segment in heard.segments)


@pytest.mark.slow
def test_sound_of_other_footage_is_not_called_the_works(material: Material, tmp_path: Path):
    copy = made("audio_repl", material, tmp_path)
    assert [segment.heard for segment in copy.segments] == [False]
    assert [segment.seen for segment in copy.segments] == [True]


@pytest.mark.slow
def test_segments_of_a_copy_follow_each_other_and_fit_their_rates(material: Material, tmp_path: Path):
    for kind in ("jumpcuts", "three_works", "speed104"):
        segments = made(kind, material, tmp_path).segments
        ends = [0, *(segment.copy[1] for segment in segments)]
        assert all(segment.copy[0] >= end for segment, end in zip(segments, ends, strict=False))
        for segment in segments:
            length = (segment.copy[1] - segment.copy[0]) * Fraction(segment.rate)
            assert abs(length - (segment.asset[1] - segment.asset[0])) <= 2


@pytest.mark.slow
def test_the_truth_of_a_copy_is_plain_json(material: Material, tmp_path: Path):
    facts = made("boxed", material, tmp_path).as_json()
    assert json.loads(json.dumps(facts))["class"] == "boxed"


@pytest.mark.slow
def test_a_class_without_what_it_needs_says_so_and_leaves_no_file(material: Material, tmp_path: Path):
    with pytest.raises(ValueError, match="other footage"):
        made("compile", Material(material.works), tmp_path)
    with pytest.raises(ValueError, match="three works"):
        made("three_works", Material(material.works[:1]), tmp_path)
    assert not list(tmp_path.iterdir())


class still:  # noqa: N801 - it stands for a reel that never moves
    """A picture file that answers like a reel."""

    def __init__(self, path: Path) -> None:
        from PIL import Image

        self._picture = np.asarray(Image.open(path).convert("RGB"))

    def picture(self, _at: Fraction) -> np.ndarray:
        return self._picture
