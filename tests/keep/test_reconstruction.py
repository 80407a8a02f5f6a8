"""A reconstruction is kept with its edit list, takes the place of the one before, and names what it was made of."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from holdfast.formats.otio import parse_otio
from holdfast.keep.lost import change_status
from holdfast.keep.reconstruction import edit_list_path, keep_reconstruction, read_edit_list, reconstruction_of
from holdfast.model.asset import InstantiationKind, Status
from holdfast.model.edit import Edit, EditList, Placement, Take
from holdfast.model.event import EventType, Outcome
from holdfast.model.ids import AssetId
from holdfast.model.inventory import VersionNumber
from holdfast.model.time import Span
from holdfast.ocfl.root import StorageRoot
from tests.keep.keeping import TERMS, events_of, files_of, kept, record_of

SPAN, SOURCE = Span(Fraction(0), Fraction(8)), "ab" * 64


def edits(asset: AssetId, *, until: int = 8) -> EditList:
    whole = Span(Fraction(0), Fraction(10))
    shown = Span(Fraction(0), Fraction(until))
    take = Take(Placement(SOURCE, shown, shown), "лодка.mp4: the only copy.")
    gap = Edit(Span(shown.end, whole.end))
    return EditList(
        str(asset),
        "Ferry",
        whole.end,
        True,
        (320, 180),
        Fraction(25),
        (Edit(shown, (take,), (take,)), gap),
        {SOURCE: "x"},
    )


@pytest.fixture
def asset(root: StorageRoot, folder: Path) -> AssetId:
    (folder / "film.mp4").write_bytes(b"a film that is lost")
    lost = kept(root, folder / "film.mp4")
    change_status(root, lost, Status.LOST, "the disk died", TERMS)
    return lost


def keep(root: StorageRoot, asset: AssetId, folder: Path, data: bytes, until: int = 8) -> None:
    made = folder / "made.mkv"
    made.write_bytes(data)
    given = edits(asset, until=until)
    keep_reconstruction(root, asset, made, "Ferry.mkv", None, given, Status.HELD_IN_PART, TERMS)


def test_film_edit_list_status_and_event_are_one_version(root: StorageRoot, asset: AssetId, folder: Path) -> None:
    keep(root, asset, folder, b"a film made of copies")

    record = record_of(root, asset)
    held = reconstruction_of(record)
    assert held is not None
    assert (held.file, held.kind) == ("reconstructions/Ferry.mkv", InstantiationKind.RECONSTRUCTION)
    assert (record.status, record.status_history[-1].reason) == (Status.HELD_IN_PART, "reconstructed")
    assert files_of(root, asset)["reconstructions/Ferry.mkv"] == b"a film made of copies"
    data = read_edit_list(root, asset)
    assert data is not None
    assert parse_otio(data) == edits(asset)
    event = events_of(root, asset)[-1]
    assert (event.type, event.outcome, event.sources) == (EventType.CREATION, Outcome.WARNING, (SOURCE,))
    assert event.objects == ("reconstructions/Ferry.mkv", "reconstructions/Ferry.otio")


def test_a_better_one_takes_its_place_and_the_old_one_stays_in_history(
    root: StorageRoot, asset: AssetId, folder: Path
) -> None:
    keep(root, asset, folder, b"the first")
    keep(root, asset, folder, b"a better one", until=9)

    record = record_of(root, asset)
    kinds = [one.kind for one in record.instantiations]
    assert kinds == [InstantiationKind.MASTER, InstantiationKind.RECONSTRUCTION]
    assert files_of(root, asset)["reconstructions/Ferry.mkv"] == b"a better one"
    inventory = root.inventory(str(asset.object_id))
    before = VersionNumber(inventory.head.number - 1)
    old = b"".join(map(bytes, root.chunks(str(asset.object_id), "reconstructions/Ferry.mkv", before)))
    assert old == b"the first"


def test_an_asset_that_was_not_restored_has_no_edit_list(root: StorageRoot, asset: AssetId) -> None:
    assert read_edit_list(root, asset) is None
    assert edit_list_path(record_of(root, asset)) is None
