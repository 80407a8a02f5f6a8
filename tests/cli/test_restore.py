"""`holdfast restore`: a lost work comes back from its copies, with an edit list, and only what is missing is built."""

from __future__ import annotations

import hashlib
import json
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from holdfast.media.frames import Frames
from holdfast.testing.copies import Film, Material, make_copy
from holdfast.testing.films import film_plan, write_film
from tests.cli.conftest import Kept
from tests.cli.line import holdfast
from tests.cli.losing import Lost, lose, lost_with
from tests.cli.recognition import Known

MICRO = 1_000_000


@pytest.fixture(scope="module")
def made_lost(known_films: Known, tmp_path_factory: pytest.TempPathFactory) -> Lost:
    """Made once; nobody writes to it."""
    return lost_with(known_films, tmp_path_factory.mktemp("lost"), ("mirror", "trim"))


@pytest.fixture(scope="module")
def made_restored(made_lost: Lost, tmp_path_factory: pytest.TempPathFactory) -> Lost:
    """The same with the reconstruction made; nobody writes to it."""
    restored = made_lost.copied(tmp_path_factory.mktemp("restored") / "archive")
    restored.run("restore", restored.asset, "--no-consensus")
    return restored


@pytest.fixture
def lost(made_lost: Lost, tmp_path: Path) -> Lost:
    """A copy of the archive with the loss."""
    return made_lost.copied(tmp_path / "lost")


@pytest.fixture
def restored(made_restored: Lost, tmp_path: Path) -> Lost:
    """A copy of the archive with the reconstruction."""
    return made_restored.copied(tmp_path / "restored")


def test_nothing_named_is_a_request_that_cannot_be_carried_out(kept: Kept) -> None:
    assert holdfast("restore", "--archive", kept.archive).code == 2


def test_a_work_that_is_held_needs_no_restoring(kept: Kept) -> None:
    said = holdfast("restore", kept.id("harvest.mp4"), "--archive", kept.archive, "--json")

    assert (said.code, said.records[0]["state"]) == (0, "held")


def test_a_lost_work_of_which_nothing_turned_up_says_so(kept: Kept) -> None:
    asset = kept.id("harvest.mp4")
    holdfast("lost", "declare", asset, "--archive", kept.archive)

    said = holdfast("restore", "--all", "--archive", kept.archive, "--json")

    (one,) = said.records
    assert (said.code, one["state"], one["reconstruction"]) == (0, "nothing found", None)


@pytest.mark.slow
def test_the_plan_tells_what_would_be_made_and_builds_nothing(lost: Lost) -> None:
    (one,) = lost.run("restore", lost.asset, "--plan")

    assert one["reconstruction"] is None
    coverage = one["coverage"]
    true = [s for made in lost.copies.values() for s in made.segments]
    first, last = (edge / MICRO for edge in (min(s.asset[0] for s in true), max(s.asset[1] for s in true)))
    assert coverage["duration"] == pytest.approx(10, abs=0.05)
    shown = [s["asset"] for s in coverage["segments"] if s["picture"]]
    assert shown[0][0] == pytest.approx(first, abs=0.2)
    assert shown[-1][1] == pytest.approx(last, abs=0.2)
    (status,) = lost.run("show", lost.asset)
    assert status["status"] == "lost"


@pytest.mark.slow
def test_the_reconstruction_shows_what_the_work_showed(lost: Lost, tmp_path: Path) -> None:
    (one,) = lost.run("restore", lost.asset, "--no-consensus", "--report", tmp_path / "report")

    assert one["new"] is True
    assert one["state"] in ("restored", "partly restored")
    assert (tmp_path / "report" / f"{lost.asset}.html").read_bytes().startswith(b"<!doctype html>")
    holdfast("get", lost.asset, "--reconstruction", "-o", tmp_path / "work.mkv", "--archive", lost.archive)
    holdfast("get", lost.asset, "--edit-list", "-o", tmp_path / "work.otio", "--archive", lost.archive)
    assert json.loads((tmp_path / "work.otio").read_bytes())["OTIO_SCHEMA"] == "Timeline.1"
    shown = [s["asset"] for s in one["coverage"]["segments"] if s["picture"]]
    times = [Fraction(2 * n + 1, 50) for n in range(250) if any(a < (2 * n + 1) / 50 < b for a, b in shown)]
    assert off_by(lost.film, tmp_path / "work.mkv", times[10:-10:6]) <= 1
    (status,) = lost.run("show", lost.asset)
    kinds = [held["kind"] for held in status["record"]["instantiations"]]
    assert kinds == ["master", "reconstruction"]
    assert [event for event in status["events"] if event["type"] == "creation"]


def off_by(work: Path, made: Path, times: list[Fraction]) -> int:
    """By how many frames the film `made` is off the work in the median, at most."""
    steps = range(-3, 4)
    with Frames(work, longer_side=80) as film:
        around = {
            n: one.pixels
            for n, one in zip(range(250), film.at(Fraction(2 * n + 1, 50) for n in range(250)), strict=True)
        }
    best = []
    with Frames(made, longer_side=80) as film:
        for time, one in zip(times, film.at(times), strict=True):
            assert one.pixels is not None
            number = int(time * 25)
            apart = {
                step: float(np.abs(one.pixels.astype(int) - around[number + step].astype(int)).mean())
                for step in steps
                if around.get(number + step) is not None
            }
            best.append(abs(min(apart, key=lambda step: (apart[step], abs(step)))))
    return int(np.median(best))


@pytest.mark.slow
def test_what_has_not_changed_is_not_built_again(restored: Lost) -> None:
    (one,) = restored.run("restore", restored.asset, "--no-consensus")

    assert one["new"] is False
    (status,) = restored.run("show", restored.asset)
    assert len([event for event in status["events"] if event["type"] == "creation"]) == 1


@pytest.mark.slow
def test_restoring_ends_with_how_many_copies_for_watching_wait(restored: Lost) -> None:
    said = holdfast("restore", restored.asset, "--no-consensus", "--archive", restored.archive)

    assert said.out.splitlines()[-1] == "1 access copy waits to be made: holdfast work"


@pytest.mark.slow
def test_copies_for_watching_are_made_of_the_reconstruction_and_not_of_what_is_gone(restored: Lost) -> None:
    done = holdfast("work", "--archive", restored.archive, "--json")

    assert done.code == 0, done.out
    (status,) = restored.run("show", restored.asset)
    assert list(status["access_copies"]) == [
        held["file"] for held in status["record"]["instantiations"] if held["kind"] == "reconstruction"
    ]


@pytest.mark.slow
def test_a_copy_that_a_person_refuses_is_used_no_more(restored: Lost) -> None:
    by_name = {one["file"]: one["digest"] for one in restored.run("found", "ls")}
    refused = by_name["trim_4.mp4"]
    restored.run("found", "refuse", str(refused)[:12], "--asset", restored.asset)

    (one,) = restored.run("restore", restored.asset, "--no-consensus")

    used = {s["picture"]["digest"] for s in one["coverage"]["segments"] if s["picture"]}
    assert used == {by_name["mirror_4.mp4"]}
    assert one["new"] is True


@pytest.mark.slow
def test_a_work_without_a_fingerprint_is_put_together_from_what_shows_the_same(kept: Kept, tmp_path: Path) -> None:
    film = write_film(film_plan(61, 14, (320, 180)), tmp_path / "gone.mp4", tags={"title": "Gone"})
    filler = Film(write_film(film_plan(62, 8, (320, 180)), tmp_path / "filler.mp4", tags={"title": ""}))
    (added,) = holdfast("add", film, "--no-fingerprint", "--archive", kept.archive, "--json").records
    lose(kept.archive, added["asset"])
    heap = tmp_path / "heap"
    heap.mkdir()
    made = [make_copy(kind, Material((Film(film),), (filler,)), 6, heap) for kind in ("reenc240", "gray")]
    holdfast("found", "add", heap, "--archive", kept.archive)
    digests = {
        one["file"]: one["digest"] for one in holdfast("found", "ls", "--archive", kept.archive, "--json").records
    }

    (nothing,) = holdfast("restore", added["asset"], "--archive", kept.archive, "--json").records
    holdfast("found", "accept", digests[made[0].file], "--asset", added["asset"], "--archive", kept.archive)
    (one,) = holdfast("restore", added["asset"], "--plan", "--archive", kept.archive, "--json").records

    assert nothing["state"] == "nothing found"
    assert "accept a copy first" in " ".join(nothing["notes"])
    segments = one["coverage"]["segments"]
    used = {s["picture"]["digest"] for s in segments if s["picture"]} | {
        s["sound"]["digest"] for s in segments if s["sound"]
    }
    assert one["coverage"]["duration"] == pytest.approx(14, abs=1)  # the copies lack the first moments
    assert one["coverage"]["duration_known"] is True  # the record of the lost master tells it
    assert used <= set(digests.values())


@pytest.mark.slow
def test_a_copy_whose_kept_bytes_are_damaged_is_named_and_not_used(lost: Lost) -> None:
    found = {one["file"]: str(one["digest"]) for one in lost.run("found", "ls")}
    for place in lost.archive.glob("ocfl/**/content/*"):
        if hashlib.sha512(place.read_bytes()).hexdigest() == found["mirror_4.mp4"]:
            data = bytearray(place.read_bytes())
            data[-1] ^= 1
            place.write_bytes(data)

    (one,) = lost.run("restore", lost.asset, "--plan", "--no-consensus")

    assert "mirror_4.mp4 is damaged in the archive and was not used" in one["notes"]
    used = {s["picture"]["digest"] for s in one["coverage"]["segments"] if s["picture"]}
    assert used == {found["trim_4.mp4"]}


@pytest.mark.slow
def test_a_master_that_comes_back_goes_before_the_reconstruction(restored: Lost, tmp_path: Path) -> None:
    (one,) = restored.run("found", "add", restored.film, "--from", "a member")
    (again,) = restored.run("restore", restored.asset)
    holdfast("get", restored.asset, "-o", tmp_path / "out.mp4", "--archive", restored.archive)
    (covered,) = restored.run("coverage", restored.asset)

    assert (one["outcome"], again["state"]) == ("came back", "held")
    assert (tmp_path / "out.mp4").read_bytes() == restored.film.read_bytes()
    assert covered["gaps"] == []
    (status,) = restored.run("show", restored.asset)
    assert status["status"] == "held"
    assert "a member" not in json.dumps(status)  # who brought it stands with the copy, not with the work


@pytest.mark.slow
def test_a_copy_that_shows_the_whole_work_untouched_is_the_reconstruction(known_films: Known, tmp_path: Path) -> None:
    archive = known_films.copied(tmp_path / "archive")
    lose(archive, known_films.ids[1])
    other = tmp_path / "the same in another box.mkv"
    remux(known_films.films[1], other)
    holdfast("found", "add", other, "--archive", archive)

    (one,) = holdfast("restore", known_films.ids[1], "--archive", archive, "--json").records

    assert (one["state"], one["coverage"]["gaps"]) == ("restored", [])
    assert one["reconstruction"]["digest"] == hashlib.sha512(other.read_bytes()).hexdigest()
    (status,) = holdfast("show", known_films.ids[1], "--archive", archive, "--json").records
    assert status["status"] == "held"


def remux(source: Path, target: Path) -> None:
    """The same packets in another container: other bytes, the same film."""
    import av

    with av.open(str(source)) as film, av.open(str(target), "w", format="matroska") as out:
        streams = {s.index: out.add_stream_from_template(s) for s in film.streams if s.type in ("video", "audio")}
        for packet in film.demux([film.streams[index] for index in streams]):
            if packet.dts is not None:
                packet.stream = streams[packet.stream.index]
                out.mux(packet)
