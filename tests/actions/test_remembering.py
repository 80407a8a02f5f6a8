"""What is known of copies is not found out again: one copy more is read, and no other; a plan made twice reads none."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path

import pytest

from holdfast.actions import apart, recognizing
from holdfast.actions.remembering import stamp_of
from holdfast.jobs.executors import threads
from holdfast.media import decode
from holdfast.restore.match import recognize
from holdfast.testing.copies import Film, Material, make_copy
from holdfast.testing.films import film_plan, write_film
from tests.cli.line import flip, holdfast
from tests.cli.losing import Lost, lose, lost_with
from tests.cli.recognition import Known
from tests.media.films import clicks, steady, write

OURS = ("mirror", "trim")


class Spied:
    """The files that were decoded, and how often a copy was compared with works or other copies."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.read: list[Path] = []
        self.compared = 0
        opened, identified = decode.open_film_or_picture, recognize.identify

        def opening(path: Path):  # type: ignore[no-untyped-def]
            self.read.append(path)
            return opened(path)

        def identifying(*args, **more):  # type: ignore[no-untyped-def]
            self.compared += 1
            return identified(*args, **more)

        monkeypatch.setattr(decode, "open_film_or_picture", opening)
        monkeypatch.setattr(recognize, "identify", identifying)
        monkeypatch.setattr(apart, "processes", threads)  # where we can see what they do

    @contextmanager
    def watching(self) -> Iterator[None]:
        """What happens meanwhile, and nothing before; with the index as it lies there."""
        recognizing._shelf.cache_clear()
        self.read.clear()
        self.compared = 0
        yield
        recognizing._shelf.cache_clear()


@pytest.fixture
def spied(monkeypatch: pytest.MonkeyPatch) -> Spied:
    return Spied(monkeypatch)


@pytest.fixture(scope="module")
def made_lost(known_films: Known, tmp_path_factory: pytest.TempPathFactory) -> Lost:
    """Planned once; nobody writes to it."""
    made = lost_with(known_films, tmp_path_factory.mktemp("remembered"), OURS)
    made.run("restore", made.asset, "--plan")
    return made


@pytest.fixture
def lost(made_lost: Lost, tmp_path: Path) -> Lost:
    return made_lost.copied(tmp_path / "lost")


@pytest.fixture(scope="module")
def one_more(known_films: Known, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Another copy of the lost film."""
    folder = tmp_path_factory.mktemp("more")
    return folder / make_copy("reenc240", Material((Film(known_films.films[0]),)), 9, folder).file


@pytest.mark.slow
def test_a_plan_that_is_made_twice_reads_no_copy_the_second_time(lost: Lost, spied: Spied) -> None:
    # The archive lies elsewhere than where it was planned: files have other stamps, and the same digests.
    (first,) = lost.run("restore", lost.asset, "--plan")
    with spied.watching():
        (again,) = lost.run("restore", lost.asset, "--plan")

    assert (spied.read, spied.compared) == ([], 0)
    assert again == first


@pytest.mark.slow
def test_one_copy_more_is_read_and_no_other_and_the_plan_is_that_of_a_first_run(
    lost: Lost, one_more: Path, spied: Spied
) -> None:
    with spied.watching():
        lost.run("found", "add", one_more, "--from", "a cellar")
        (planned,) = lost.run("restore", lost.asset, "--plan")

    assert set(spied.read) == {lost.kept_at(one_more.name)}
    assert spied.compared == 1
    shutil.rmtree(lost.archive / "cache" / "answers")
    with spied.watching():
        (anew,) = lost.run("restore", lost.asset, "--plan")
    assert set(spied.read) == {lost.kept_at(name) for name in (one_more.name, "mirror_4.mp4", "trim_4.mp4")}
    assert anew == planned


@pytest.mark.slow
def test_copies_are_compared_with_a_new_work_without_being_read_again(lost: Lost, tmp_path: Path, spied: Spied) -> None:
    film = write(tmp_path / "another.mkv", steady(Fraction(25), Fraction(6)), sound=clicks(Fraction(6)))
    assert holdfast("add", film, "--archive", lost.archive).code == 0

    with spied.watching():
        lost.run("restore", lost.asset, "--plan")

    assert (spied.read, spied.compared) == ([], len(OURS))


@pytest.mark.slow
def test_a_new_work_that_a_copy_shows_too_is_told_without_reading_the_copy_again(
    lost: Lost, known_films: Known, tmp_path: Path, spied: Spied
) -> None:
    again = tmp_path / make_copy("reenc240", Material((Film(known_films.films[0]),)), 15, tmp_path).file
    (added,) = holdfast("add", again, "--archive", lost.archive, "--json").records

    with spied.watching():
        listed = {one["file"]: one for one in lost.run("found", "ls")}

    assert spied.read == []
    shown = {match["asset"] for match in listed["mirror_4.mp4"]["matches"]}  # type: ignore[attr-defined]
    assert shown == {lost.asset, added["asset"]}


@pytest.mark.slow
def test_damaged_answers_are_found_out_again_and_the_plan_is_the_same(lost: Lost, spied: Spied) -> None:
    (first,) = lost.run("restore", lost.asset, "--plan")
    for number, place in enumerate(sorted(lost.archive.glob("cache/answers/*/*/*"))):
        flip(place, (number * 7919) % place.stat().st_size)

    with spied.watching():
        (again,) = lost.run("restore", lost.asset, "--plan")

    assert set(spied.read) == {lost.kept_at(f"{kind}_4.mp4") for kind in OURS}
    assert again == first


@pytest.mark.slow
def test_without_a_fingerprint_one_copy_more_is_asked_and_only_those_that_it_touches_again(
    lost: Lost, one_more: Path, tmp_path: Path, spied: Spied
) -> None:
    film = write_film(film_plan(61, 14, (320, 180)), tmp_path / "gone.mp4", tags={"title": "Gone"})
    (added,) = holdfast("add", film, "--no-fingerprint", "--archive", lost.archive, "--json").records
    asset = added["asset"]
    lose(lost.archive, asset)
    heap = tmp_path / "heap"
    heap.mkdir()
    filler = Film(write_film(film_plan(62, 8, (320, 180)), tmp_path / "filler.mp4", tags={"title": ""}))
    made = [make_copy(kind, Material((Film(film),), (filler,)), 6, heap).file for kind in ("reenc240", "gray")]
    lost.run("found", "add", heap)
    by_name = {one["file"]: one["digest"] for one in lost.run("found", "ls")}
    lost.run("found", "accept", by_name[made[0]], "--asset", asset)
    (first,) = lost.run("restore", asset, "--plan")
    more = make_copy("trim", Material((Film(film),), (filler,)), 8, tmp_path)

    with spied.watching():
        lost.run("found", "add", tmp_path / more.file)
        (now,) = lost.run("restore", asset, "--plan")
    touching = spied.compared
    with spied.watching():
        lost.run("found", "add", filler.path)  # shows nothing of it
        (same,) = lost.run("restore", asset, "--plan")

    assert touching == 5, "recognised, asked about all others, and the three of the work asked about each other"
    assert set(spied.read) == {lost.kept_at(filler.path.name)}
    assert spied.compared == 2, "recognised, and asked about all others"
    assert len(first["coverage"]["segments"]) > 0  # type: ignore[index]
    assert same["coverage"] == now["coverage"]


def test_a_file_is_told_from_itself_before_it_was_changed(tmp_path: Path) -> None:
    place = tmp_path / "copy.mp4"
    assert stamp_of(place) is None
    place.write_bytes(b"all of it")
    before = stamp_of(place)

    assert stamp_of(place) == before
    flip(place)
    assert stamp_of(place) != before
