"""A fingerprint stands in the object of its asset, once, with an event, and only if it is that of its master."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from holdfast.errors import BadRecord
from holdfast.formats.fingerprint import fingerprint_bytes
from holdfast.keep.fingerprints import keep_fingerprint
from holdfast.model.event import EventType, Outcome
from holdfast.model.fingerprint import Fingerprint
from holdfast.model.fixity import digest_of
from holdfast.model.ids import AssetId
from holdfast.ocfl.root import StorageRoot
from tests.keep.keeping import TERMS, events_of, files_of, kept

FILM = b"a film, as far as keeping is concerned"
MASTER, PLACE = "masters/film.mp4", "fingerprints/film.mp4.hffp"


@pytest.fixture
def asset(root: StorageRoot, folder: Path) -> AssetId:
    return of_film(root, folder)


def of_film(root: StorageRoot, folder: Path) -> AssetId:
    (folder / "film.mp4").write_bytes(FILM)
    return kept(root, folder / "film.mp4")


def made(**said: Any) -> bytes:
    found = Fingerprint(duration=Fraction(5), size=(640, 360), digest=str(digest_of(FILM)))
    return fingerprint_bytes(replace(found, **said))


def head(root: StorageRoot, asset: AssetId) -> int:
    return root.inventory(str(asset.object_id)).head.number


def test_it_is_a_new_version_with_an_event_that_names_both_files(root: StorageRoot, asset: AssetId) -> None:
    assert keep_fingerprint(root, str(asset.object_id), MASTER, made(), TERMS)
    assert files_of(root, asset) == {MASTER: FILM, PLACE: made()}
    event = events_of(root, asset)[-1]
    assert (event.type, event.outcome, event.objects) == (
        EventType.METADATA_EXTRACTION,
        Outcome.SUCCESS,
        (MASTER, PLACE),
    )
    assert head(root, asset) == 2


def test_what_could_not_be_decoded_makes_the_event_a_warning(root: StorageRoot, asset: AssetId) -> None:
    keep_fingerprint(root, str(asset.object_id), MASTER, made(warnings=("picture: 3 damaged places",)), TERMS)
    event = events_of(root, asset)[-1]
    assert event.outcome is Outcome.WARNING
    assert "3 damaged places" in event.detail


def test_the_same_fingerprint_is_not_kept_twice(root: StorageRoot, asset: AssetId) -> None:
    keep_fingerprint(root, str(asset.object_id), MASTER, made(), TERMS)
    assert not keep_fingerprint(root, str(asset.object_id), MASTER, made(), TERMS)
    assert not keep_fingerprint(root, str(asset.object_id), MASTER, made(warnings=("told otherwise",)), TERMS)
    assert head(root, asset) == 2


def test_one_that_was_made_in_another_way_takes_its_place(root: StorageRoot, asset: AssetId) -> None:
    keep_fingerprint(root, str(asset.object_id), MASTER, made(mode="keys"), TERMS)
    assert keep_fingerprint(root, str(asset.object_id), MASTER, made(), TERMS)
    assert keep_fingerprint(root, str(asset.object_id), MASTER, made(extra={"recipe": 2}), TERMS)
    assert files_of(root, asset)[PLACE] == made(extra={"recipe": 2})
    assert head(root, asset) == 4


def test_one_that_an_older_program_made_does_not_take_the_place_of_a_newer_one(
    root: StorageRoot, asset: AssetId
) -> None:
    keep_fingerprint(root, str(asset.object_id), MASTER, made(extra={"recipe": 2}), TERMS)
    assert not keep_fingerprint(root, str(asset.object_id), MASTER, made(extra={"recipe": 1}), TERMS)
    assert files_of(root, asset)[PLACE] == made(extra={"recipe": 2})


def test_the_fingerprint_of_other_bytes_is_refused(root: StorageRoot, asset: AssetId) -> None:
    with pytest.raises(BadRecord):
        keep_fingerprint(root, str(asset.object_id), MASTER, made(digest=str(digest_of(b"another film"))), TERMS)
    with pytest.raises(BadRecord):
        keep_fingerprint(root, str(asset.object_id), "masters/other.mp4", made(), TERMS)
    with pytest.raises(BadRecord):
        keep_fingerprint(root, str(asset.object_id), MASTER, b"no fingerprint", TERMS)
    assert head(root, asset) == 1


def test_one_that_was_damaged_in_the_store_is_kept_anew(torn: StorageRoot, archive: Path, folder: Path) -> None:
    asset = of_film(torn, folder)
    keep_fingerprint(torn, str(asset.object_id), MASTER, made(), TERMS)
    place = archive / torn.place_of(str(asset.object_id), PLACE)
    place.write_bytes(place.read_bytes()[:-1] + b"x")
    assert keep_fingerprint(torn, str(asset.object_id), MASTER, made(), TERMS)
    assert torn.is_whole(str(asset.object_id), PLACE)
