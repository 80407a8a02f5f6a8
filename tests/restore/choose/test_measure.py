"""Measuring short films: the better copy comes out closer, damage is named, and everything lies in its stretch."""

from __future__ import annotations

import errno
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import cast

import pytest

from holdfast.media.write import VideoSettings
from holdfast.model.edit import Placement
from holdfast.model.match import Geometry
from holdfast.model.time import Span
from holdfast.restore.choose.choice import chosen
from holdfast.restore.choose.grid import Grid
from holdfast.restore.choose.hearing import listen
from holdfast.restore.choose.looks import Look, Looks
from holdfast.restore.choose.measure import Stopped, measured, pictures_of
from holdfast.restore.choose.quality import PictureQuality
from holdfast.testing.films import film_plan, write_film
from holdfast.testing.scenes import SceneKind
from tests.restore.choose.views import blurred, lettered, look, noisy, scenery

pytestmark = pytest.mark.slow
SIZE, LENGTH = (320, 180), Fraction(8)


def placed(source: str, start: int = 0, end: int = 8, geometry: Geometry | None = None) -> Placement:
    span = Span(Fraction(start), Fraction(end))
    return Placement(source, Span(Fraction(0), span.duration), span, geometry=geometry)


@pytest.fixture(scope="module")
def films(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A film kept well, one with a third of its lines, one without its end, and no film."""
    folder = tmp_path_factory.mktemp("films")
    quick = {"preset": "ultrafast"}
    made = {"good": folder / "good.mp4", "small": folder / "small.mp4"}
    write_film(
        film_plan(7, 8, SIZE, grain=0.0, kinds=(SceneKind.TOWN, SceneKind.ROOM)),
        made["good"],
        video=VideoSettings("libx264", SIZE, Fraction(25), options=quick | {"crf": "16"}),
    )
    write_film(film_plan(7, 8, (112, 64), grain=0.0, kinds=(SceneKind.TOWN, SceneKind.ROOM)), made["small"])
    made["torn"] = folder / "torn.ts"
    write_film(
        film_plan(7, 8, SIZE, grain=0.0, kinds=(SceneKind.TOWN, SceneKind.ROOM)), made["torn"], container="mpegts"
    )
    made["torn"].write_bytes(made["torn"].read_bytes()[: made["torn"].stat().st_size // 2])
    made["none"] = folder / "none.mp4"
    made["none"].write_bytes(b"no film" * 100)
    made["gone"] = folder / "gone.mp4"
    return made


def test_the_copy_nearest_to_the_original_comes_out_closest_and_is_chosen(films: dict[str, Path]) -> None:
    placements = [placed("small"), placed("good")]
    small, good = measured(placements, films, size=SIZE, duration=LENGTH)
    for less, more in zip(small.picture, good.picture, strict=True):
        assert less is not None
        assert more is not None
        assert more.closeness > less.closeness
        assert less.detail <= 64 < more.detail
    edits = chosen(LENGTH, placements, [small, good])
    assert {edit.picture[0].source for edit in edits} == {"good"}
    assert all(edit.sound for edit in edits)


class Shelf:
    """Looks that are the same at every moment."""

    size = (320, 240)

    def __init__(self, *looks: Look) -> None:
        self._looks = looks

    def at(self, _moment: int, numbers: Sequence[int]) -> dict[int, Look]:
        return {number: self._looks[number] for number in numbers}


def compared_alone(*looks: Look) -> list[PictureQuality]:
    """The quality of the first of four stretches, of copies that are there all the time."""
    placements = [placed(str(number)) for number in range(len(looks))]
    rows = pictures_of(placements, cast("Looks", Shelf(*looks)), Grid(LENGTH, Fraction(2)), lambda _: None)
    return [figures for row in rows if (figures := row[0]) is not None]


def test_a_copy_with_a_logo_is_further_from_the_original_than_the_same_without() -> None:
    clear, over = compared_alone(look(scenery()), look(lettered(scenery())))
    assert 0.01 < over.overlaid < 0.13
    assert clear.overlaid == 0
    assert clear.closeness > over.closeness


def test_snow_makes_no_detail_and_a_soft_clean_copy_is_not_called_noisy() -> None:
    soft = blurred(scenery(), 160)
    clean, snowy = compared_alone(look(soft, soft), look(noisy(scenery(), 14, 1), noisy(scenery(), 14, 2)))
    assert clean.closeness > snowy.closeness
    assert snowy.noise > 5 > 1 > clean.noise


def test_only_stretches_that_a_placement_reaches_are_measured(films: dict[str, Path]) -> None:
    (found,) = measured([placed("good", 4, 8)], films, size=SIZE, duration=LENGTH)
    assert [each is not None for each in found.picture] == [False, False, True, True]
    assert [each is not None for each in found.sound] == [False, False, True, True]


def test_what_is_no_film_or_gone_is_named_and_the_others_are_measured(films: dict[str, Path]) -> None:
    placements = [placed("none"), placed("gone"), placed("good"), placed("unknown")]
    none, gone, good, unknown = measured(placements, films, size=SIZE, duration=LENGTH)
    assert "cannot be read" in none.problem
    assert gone.problem
    assert unknown.problem
    assert good.problem == ""
    edits = chosen(LENGTH, placements, [none, gone, good, unknown])
    assert {edit.picture[0].source for edit in edits} == {"good"}


def test_a_disk_without_space_for_measuring_is_no_fault_of_a_copy(
    films: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    def watch(*_given: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Looks, "watch", watch)
    with pytest.raises(OSError, match="No space"):
        measured([placed("good")], films, size=SIZE, duration=LENGTH)


def test_a_film_that_breaks_off_is_used_as_far_as_it_goes(films: dict[str, Path]) -> None:
    placements = [placed("torn"), placed("small")]
    qualities = measured(placements, films, size=SIZE, duration=LENGTH)
    assert qualities[0].problem == ""
    edits = chosen(LENGTH, placements, qualities)
    assert edits[0].picture[0].source == "torn"
    assert edits[-1].picture[0].source == "small"


def test_a_crop_is_measured_as_picture_that_is_lost(films: dict[str, Path]) -> None:
    # The copy is said to show the middle four fifths of the work's width.
    cropped = placed("good", geometry=Geometry((1.25, 0, -0.125, 0, 1, 0, 0, 0, 1)))
    (found,) = measured([cropped], films, size=SIZE, duration=LENGTH)
    assert found.picture[0] is not None
    assert found.picture[0].lost == pytest.approx(0.2, abs=0.02)


def test_asked_to_stop_it_stops_and_progress_only_grows(films: dict[str, Path]) -> None:
    with pytest.raises(Stopped):
        measured([placed("good")], films, size=SIZE, duration=LENGTH, should_stop=lambda: True)
    heard: list[float] = []
    measured([placed("good"), placed("small")], films, size=SIZE, duration=LENGTH, on_progress=heard.append)
    assert heard == sorted(heard)
    assert heard[-1] == 1.0


def test_a_work_of_few_pixels_and_one_without_any_are_dealt_with(films: dict[str, Path]) -> None:
    (found,) = measured([placed("small")], films, size=(20, 12), duration=LENGTH)
    assert all(found.picture)
    with pytest.raises(ValueError, match="no area"):
        measured([placed("small")], films, size=(0, 12), duration=LENGTH)


def test_looks_are_had_of_the_moments_that_were_asked_for_and_of_no_others(films: dict[str, Path]) -> None:
    grid = Grid(LENGTH, Fraction(2))
    with Looks(SIZE) as looks:
        looks.watch(films["good"], [(3, placed("good", 2, 6))], grid, lambda _: None)
        there = [moment for moment in range(8) if looks.at(moment, [3])]
        assert there == list(grid.moments_within(Span(Fraction(2), Fraction(6))))
        look = looks.at(there[0], [3])[3]
    assert look.shown.all()
    assert look.is_whole.all()
    assert look.patches.shape == (2, 16, 64, 64)
    assert look.starts[0] <= float(grid.moment(there[0])) < look.starts[0] + 0.04 + 1e-6


def test_sound_is_heard_in_the_stretches_that_placements_reach(films: dict[str, Path]) -> None:
    heard, warnings = listen(films["good"], [(0, placed("good", 2, 6))], Grid(LENGTH, Fraction(2)), lambda _: None)
    assert sorted(heard) == [(0, 1), (0, 2)]
    assert warnings == ()
