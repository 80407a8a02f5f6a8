"""A kept fingerprint that is no good is found, for a small price, and is made anew; what was kept stays in history."""

from __future__ import annotations

import os
import time
from fractions import Fraction
from pathlib import Path

import pytest

from holdfast.actions import fingerprinting
from holdfast.actions.add import add
from holdfast.actions.archive import Archive
from holdfast.actions.fingerprinting import KIND, keep_made, made_place, plan_fingerprints
from holdfast.actions.renewing import fault_of, to_be_renewed
from holdfast.catalog import lists
from holdfast.catalog.lists import Film, Printed
from holdfast.formats.fingerprint import fingerprint_bytes
from holdfast.model import fingerprint as model
from holdfast.model.fingerprint import Fingerprint
from holdfast.model.ids import AssetId
from holdfast.model.inventory import LogicalPath, VersionNumber
from holdfast.testing.films import film_plan, write_film

PLACE = "fingerprints/film.mp4.hffp"


@pytest.fixture
def film(archive: Archive, tmp_path: Path) -> Film:
    """A film that is kept and has a fingerprint of nothing."""
    path = write_film(film_plan(21, 1, (160, 90)), tmp_path / "film.mp4")
    (result,) = add(archive, [path], fingerprint=False).results
    made = Film(str(result.asset), result.file, result.digest)
    assert keep(archive, made)
    return made


def keep(archive: Archive, film: Film, **extra: object) -> bool:
    place = made_place(archive.cache, film.digest)
    place.parent.mkdir(parents=True, exist_ok=True)
    extra = {"recipe": model.RECIPE, **extra}
    place.write_bytes(fingerprint_bytes(Fingerprint(Fraction(1), (160, 90), digest=film.digest, extra=extra)))
    return keep_made(archive, film)


def the_printed(archive: Archive) -> Printed:
    with archive.up_to_date_catalog().engine.connect() as connection:
        (one,) = lists.fingerprints(connection)
    return one


def on_disk(archive: Archive, film: Film) -> Path:
    path = archive.folder / archive.root.place_of(str(AssetId(film.asset).object_id), PLACE)
    path.chmod(0o644)
    return path


def test_one_that_is_whole_and_made_as_today_is_left_alone(archive: Archive, film: Film) -> None:
    assert to_be_renewed(archive, is_thorough=True) == []
    assert plan_fingerprints(archive, retry=True) == 0


def test_one_of_an_older_recipe_is_made_anew_and_the_old_one_stays_in_history(
    archive: Archive, film: Film, monkeypatch: pytest.MonkeyPatch
) -> None:
    newer = model.RECIPE + 1
    monkeypatch.setattr(model, "RECIPE", newer)
    fault = fault_of(archive, the_printed(archive), is_thorough=False)
    assert fault is not None
    assert (fault.remedy, fault.is_readable) == ("holdfast work", True)
    assert plan_fingerprints(archive) == 1
    object_id = str(AssetId(film.asset).object_id)
    before = archive.root.inventory(object_id)
    assert keep(archive, film, recipe=newer)
    assert plan_fingerprints(archive) == 0
    after = archive.root.inventory(object_id)
    assert after.content_of(LogicalPath(PLACE), VersionNumber(before.head.number)) == before.content_of(
        LogicalPath(PLACE)
    )
    assert after.digest_of(LogicalPath(PLACE)) != before.digest_of(LogicalPath(PLACE))


@pytest.mark.parametrize("spoil", [b"", b"no fingerprint", None])
def test_one_whose_head_is_gone_or_that_is_cut_short_is_seen_by_every_run(
    archive: Archive, film: Film, spoil: bytes | None
) -> None:
    path = on_disk(archive, film)
    path.write_bytes(path.read_bytes()[:-1] if spoil is None else spoil)
    assert to_be_renewed(archive, is_thorough=False) == [film]
    assert plan_fingerprints(archive) == 1
    assert keep(archive, film)  # the same bytes again: they are put back in their place
    assert to_be_renewed(archive, is_thorough=True) == []


def test_one_that_is_gone_from_the_disk_is_made_anew(archive: Archive, film: Film) -> None:
    path = on_disk(archive, film)
    path.parent.chmod(0o755)
    path.unlink()
    assert to_be_renewed(archive, is_thorough=False) == [film]
    assert keep(archive, film)
    assert to_be_renewed(archive, is_thorough=True) == []


def test_one_with_wrong_numbers_is_seen_when_it_is_asked_for(archive: Archive, film: Film) -> None:
    path = on_disk(archive, film)
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(data)
    assert plan_fingerprints(archive) == 0
    fault = fault_of(archive, the_printed(archive), is_thorough=True)
    assert fault is not None
    assert (fault.remedy, fault.is_readable) == ("holdfast work --retry", False)
    assert plan_fingerprints(archive, retry=True) == 1


def test_what_failed_to_be_renewed_for_good_waits_to_be_asked_for(archive: Archive, film: Film) -> None:
    on_disk(archive, film).write_bytes(b"")
    assert plan_fingerprints(archive) == 1
    job = archive.queue.claim("test", 60, [KIND])
    assert job is not None
    archive.queue.fail(job, {"what": "the film is gone"}, retry=False)
    assert plan_fingerprints(archive) == 0
    assert plan_fingerprints(archive, retry=True) == 1


def test_what_killed_runs_left_a_day_ago_is_swept_and_what_may_be_of_use_is_not(archive: Archive, film: Film) -> None:
    place = made_place(archive.cache, film.digest)
    nobodys = made_place(archive.cache, "ab" * 64)
    left = [place.with_suffix(".1a2b3c4d"), nobodys, nobodys.with_suffix(".00000000")]
    young = nobodys.with_suffix(".ffffffff")
    long_ago = time.time() - fingerprinting.ORPHANED_S - 60
    for path in (place, *left, young):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"left")
        if path != young:
            os.utime(path, (long_ago, long_ago))
    on_disk(archive, film).write_bytes(b"")  # so that the one at `place` is wanted
    plan_fingerprints(archive)
    assert [path for path in (place, *left, young) if path.exists()] == [place, young]
