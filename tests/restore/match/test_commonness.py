"""What many works share tells none of them from the others, unless they are one film that is held twice."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np

from holdfast.catalog.fingerprints.shelf import Shelf
from holdfast.model.fingerprint import Fingerprint
from holdfast.restore.match.commonness import Spoken, are_one_film, held_elsewhere, shares
from holdfast.restore.match.viewing import Line, WorkViews
from tests.restore.match.reels import MICRO, Reel

TIMES = np.arange(0, 10 * MICRO, MICRO // 8, dtype=np.int64)


class Opening(Reel):
    """A film of its own after the ten seconds that a whole series begins with."""

    def hash_at(self, second: float, noise: float = 0.0, random: np.random.Generator | None = None) -> np.ndarray:
        return TITLE.hash_at(second) if second < 10 else super().hash_at(second, noise, random)


TITLE = Reel(70, 10)


def spoken(reel: Reel, offset_s: float = 0.0, *, first: int = 0, end: int = len(TIMES)) -> Spoken:
    """A work that the moments [first, end) of the copy speak for."""
    said = np.full(len(TIMES), -0.1, np.float32)
    said[first:end] = 0.3
    print_ = reel.fingerprint()
    return Spoken(print_, WorkViews(print_), Line(0, 1.0, offset_s * MICRO), said)


def test_what_one_work_has_alone_keeps_its_whole_word() -> None:
    assert (shares([spoken(Reel(1, 60))], TIMES) == 1).all()


def test_a_title_of_a_series_says_less_for_each_film_the_more_there_are() -> None:
    two, five = (shares([spoken(Opening(seed, 60)) for seed in range(count)], TIMES) for count in (2, 5))
    assert (two < 0.7).all()
    assert (five < 0.25).all()


def test_a_film_that_is_held_three_times_keeps_its_whole_word() -> None:
    film = Reel(1, 60)
    assert (shares([spoken(film, 20), spoken(film, 20), spoken(film, 20)], TIMES) == 1).all()


def test_two_copies_of_a_film_and_a_stranger_are_two_films() -> None:
    held_twice, other = Opening(1, 60), Opening(2, 60)
    found = shares([spoken(held_twice), spoken(held_twice), spoken(other)], TIMES)
    assert np.allclose(found, shares([spoken(held_twice), spoken(other)], TIMES)[0])


def test_only_the_moments_that_are_shared_lose_their_word() -> None:
    found = shares([spoken(Opening(1, 60)), spoken(Opening(2, 60), first=40)], TIMES)
    assert (found[:, :40] == 1).all()
    assert (found[:, 40:] < 1).all()


def test_works_that_go_on_alike_beyond_the_copy_are_one_film() -> None:
    film = Reel(1, 60)
    assert are_one_film(spoken(film, 20), spoken(film, 20), TIMES)


def test_works_that_part_after_what_the_copy_shows_are_two_films() -> None:
    for seconds in (19, 60):
        assert not are_one_film(spoken(Opening(1, seconds)), spoken(Opening(2, seconds)), TIMES)


def test_the_same_film_that_is_held_with_a_longer_leader_is_one_film() -> None:
    film = Reel(1, 60)

    class Led(Reel):
        def hash_at(self, second: float, noise: float = 0.0, random: np.random.Generator | None = None) -> np.ndarray:
            return film.hash_at(second - 5) if second >= 5 else super().hash_at(second, noise, random)

    assert are_one_film(spoken(film, 20), spoken(Led(2, 65), 25), TIMES)


def test_a_film_that_is_held_twice_is_one_though_a_still_fits_another_moment_of_each() -> None:
    film = Reel(1, 60)
    here, there = spoken(film, 20), spoken(film, 24)
    assert not (shares([here, there], TIMES) == 1).any()
    assert (shares([here, replace(there, others=(here.line,))], TIMES) == 1).all()


def test_a_film_that_is_held_twice_is_one_though_a_still_lies_half_a_second_apart_in_both() -> None:
    class Restless(Reel):
        """Hardly a picture of it is like that of half a second before."""

        def hash_at(self, second: float, noise: float = 0.0, random: np.random.Generator | None = None) -> np.ndarray:
            return np.random.default_rng(int(second / 0.4 + 0.5)).integers(0, 2**64, 4, np.uint64)

    film = Restless(1, 60)
    here, there = spoken(film, 20.0), spoken(film, 20.4)
    assert are_one_film(here, there, TIMES[:1])
    assert not are_one_film(here, spoken(Restless(1, 60), 24.4), TIMES[:1])


def test_versions_of_one_film_are_not_held_elsewhere_but_a_shared_title_is() -> None:
    film, opening, other = Reel(1, 60), Opening(2, 60), Opening(3, 60)
    prints = [each.fingerprint() for each in (film, film, opening, other)]
    shelf = Shelf.of([(str(number), each) for number, each in enumerate(prints)])
    shown = np.array([4 * MICRO, 5 * MICRO], np.int64)
    others = [held_elsewhere(work, WorkViews(prints[work]), shown, shelf) for work in (0, 2)]
    assert others == [0, 1]


def test_a_picture_that_stands_still_is_not_held_elsewhere_by_another_version_of_its_film() -> None:
    film = Leader(1, 60)
    shelf = Shelf.of([("0", film.fingerprint()), ("1", film.fingerprint())])
    shown = np.array([MICRO], np.int64)
    assert held_elsewhere(0, WorkViews(film.fingerprint()), shown, shelf) == 0


class Leader(Reel):
    """A film that stands still for ten seconds before it begins."""

    def hash_at(self, second: float, noise: float = 0.0, random: np.random.Generator | None = None) -> np.ndarray:
        return TITLE.hash_at(0) if second < 10 else super().hash_at(second, noise, random)


def test_works_without_pictures_are_one_film_only_when_most_of_both_is_shown() -> None:
    heard = Fingerprint(Fraction(10), (0, 0))
    one = Spoken(heard, WorkViews(heard), Line(0, 1.0, 0), np.full(len(TIMES), 0.3, np.float32))
    assert are_one_film(one, one, TIMES)
    assert not are_one_film(one, one, TIMES[:20])
