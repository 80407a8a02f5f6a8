"""A still that was cropped, padded or written upon is found by its windows, at its moment; a stranger is not."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import cv2
import numpy as np
import pytest

from holdfast.catalog.fingerprints.shelf import Shelf
from holdfast.model.fingerprint import Fingerprint, PictureTrack
from holdfast.restore.fingerprint import pdq
from holdfast.restore.fingerprint.borders import active_box
from holdfast.restore.fingerprint.look import Look
from holdfast.restore.fingerprint.thumbs import thumb
from holdfast.restore.fingerprint.views import windows_of
from holdfast.restore.match.copy import Copy
from holdfast.restore.match.recognize import identify
from holdfast.restore.match.windows import chance_bits, fullness, says_of_window, window_hits, windows
from tests.restore.match.reels import look_at

WHOLE = (0.0, 0.0, 1.0, 1.0)
SECONDS = 12


def scene(seed: int, second: int) -> np.ndarray:
    """A picture (360, 640) of soft blots, another one every second."""
    random = np.random.default_rng((seed, second))
    total = np.zeros((360, 640), np.float32)
    for cells, weight in ((3, 1.0), (6, 0.8), (12, 0.5), (24, 0.25)):
        blots = random.normal(size=(cells, cells * 2)).astype(np.float32)
        total += weight * cv2.resize(blots, (640, 360), interpolation=cv2.INTER_CUBIC)
    return np.clip(128 + 45 * total, 0, 255).astype(np.uint8)


def work(seed: int) -> Fingerprint:
    """A film of as many seconds, with all of its usual windows."""
    rows = []
    for second in range(SECONDS):
        picture = scene(seed, second)
        for view, (left, top, right, bottom) in {0: WHOLE, **windows_of(WHOLE, 16 / 9)}.items():
            part = picture[int(top * 360) : int(bottom * 360), int(left * 640) : int(right * 640)]
            rows.append((second, int(view), *hashed(np.ascontiguousarray(part))))
    times, views, bits, quality = zip(*rows, strict=True)
    track = PictureTrack(
        np.array(times, np.int64) * 1_000_000, np.array(bits, np.uint64), np.array(views, np.uint8), np.array(quality)
    )
    return Fingerprint(Fraction(SECONDS), (640, 360), pictures=track)


def hashed(picture: np.ndarray) -> tuple[np.ndarray, np.uint8]:
    small = pdq.means(thumb(picture)[None])
    return pdq.hashes(pdq.coefficients(small))[0], pdq.quality(small)[0]


def still(picture: np.ndarray) -> Look:
    """A look at a still."""
    made = thumb(picture)[None]
    found = active_box(made)
    (left, top, right, bottom) = WHOLE if found is None else found
    inside = made[0][int(top * 128) : round(bottom * 128), int(left * 128) : round(right * 128)]
    plain = look_at([], 0)
    size = (picture.shape[1], picture.shape[0])
    return replace(
        plain,
        fingerprint=Fingerprint(Fraction(0), size),
        times=np.zeros(1, np.int64),
        thumbs=made,
        boxes=np.array([[left, top, right, bottom]], np.float32),
        whole=pdq.variants(pdq.coefficients(pdq.means(made))),
        active=pdq.variants(pdq.coefficients(pdq.means(thumb(np.ascontiguousarray(inside))[None]))),
        quality=pdq.quality(pdq.means(made)),
    )


def thumbnail(picture: np.ndarray, shape: float = 16 / 9) -> np.ndarray:
    """As a listing shows it: its edges cut off, in another shape, 200 pixels wide, its length written in the corner."""
    part = picture[20:330, 30:610]
    if shape < 1.7:
        part = part[:, 83:-83]
    small = cv2.resize(np.ascontiguousarray(part), (200, round(200 / shape)), interpolation=cv2.INTER_AREA)
    small[-20:, -50:] = 0
    small[-14:-6, -42:-10] = 230
    return small


def padded(picture: np.ndarray) -> np.ndarray:
    return cv2.copyMakeBorder(picture, 0, 0, 34, 34, cv2.BORDER_CONSTANT, value=0)


WORKS = Shelf.of([(str(seed), work(seed)) for seed in range(4)])


@pytest.mark.parametrize("shape", [16 / 9, 4 / 3])
@pytest.mark.parametrize(("seed", "second"), [(0, 3), (2, 7), (3, 10)])
def test_a_thumbnail_leads_to_its_work_and_its_moment(seed: int, second: int, shape: float) -> None:
    (match,) = identify(still(thumbnail(scene(seed, second), shape)), WORKS).matches
    assert match.work == seed
    assert [float(segment.asset.start) for segment in match.segments] == [second]


def test_a_thumbnail_between_bars_leads_to_its_work() -> None:
    (match,) = identify(still(padded(thumbnail(scene(1, 5), 4 / 3))), WORKS).matches
    assert (match.work, float(match.segments[0].asset.start)) == (1, 5)


def test_stills_of_strangers_are_not_claimed() -> None:
    for second in range(12):
        assert identify(still(thumbnail(scene(99, second))), WORKS).matches == ()


def test_a_still_that_two_films_hold_is_claimed_for_neither() -> None:
    other = work(0)
    elsewhere = work(50)
    pictures = elsewhere.pictures
    shared = np.where((pictures.times == 3_000_000)[:, None], other.pictures.hashes, pictures.hashes)
    shelf = Shelf.of([("a", other), ("b", replace(elsewhere, pictures=replace(pictures, hashes=shared)))])
    found = identify(still(thumbnail(scene(0, 3))), shelf)
    assert found.matches == ()
    assert {match.work for match in found.doubtful} == {0, 1}


def test_films_are_not_asked_about_by_windows() -> None:
    once = still(thumbnail(scene(0, 3)))
    film = replace(
        once,
        times=np.arange(2) * 125_000,
        thumbs=np.repeat(once.thumbs, 2, 0),
        boxes=np.repeat(once.boxes, 2, 0),
        whole=np.repeat(once.whole, 2, 0),
        active=np.repeat(once.active, 2, 0),
        quality=np.repeat(once.quality, 2, 0),
    )
    assert window_hits(Copy.of(once), WORKS)
    assert window_hits(Copy.of(film), WORKS) == []


def test_nothing_is_near_in_an_index_without_works() -> None:
    assert window_hits(Copy.of(still(thumbnail(scene(0, 3)))), Shelf.of([])) == []


def test_windows_have_the_shapes_of_views_and_hardly_leave_the_still() -> None:
    for aspect in (16 / 9, 4 / 3, 1.0):
        shapes = {round(wide * aspect / high, 3) for _, _, wide, high in windows(aspect)}
        assert shapes <= {0.562, 1.333, 1.778, 2.35}
        assert max(wide for _, _, wide, _ in windows(aspect)) < 1.15


def test_windows_of_a_part_lie_about_that_part() -> None:
    middles = {round(across, 3) for across, *_ in windows(16 / 9, (0.2, 0.0, 0.8, 1.0))}
    assert middles == {0.467, 0.5, 0.533}


def test_the_more_hashes_there_are_the_nearer_strangers_come() -> None:
    near = [chance_bits(rows) for rows in (100, 10_000, 10_000_000, 1_000_000_000)]
    assert near == sorted(near, reverse=True)
    assert 75 < near[1] < 85
    assert near[-1] < 60


def test_what_comes_no_nearer_than_strangers_says_nothing() -> None:
    assert says_of_window(80, 80, 1) == 0
    assert says_of_window(40, 80, 1) > says_of_window(50, 80, 1) > says_of_window(50, 70, 1) > 5
    assert says_of_window(10, 80, 0.5) < 7


def test_two_spots_in_the_dark_are_no_full_picture() -> None:
    dark = np.full((64, 64), 10, np.uint8)
    dark[20:24, 30:36] = dark[28:32, 10:14] = 200
    assert fullness(dark) < 0.5
    assert fullness(thumb(scene(0, 0))[::2, ::2]) == 1
