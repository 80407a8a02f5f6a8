"""What people decide of found copies counts, and a name that looks like a lost work is a hint and never a match."""

from __future__ import annotations

from pathlib import Path

import pytest

from holdfast.actions.archive import Archive
from holdfast.actions.found import add_found, decide, ls_found, verdict_on
from holdfast.actions.lost import declare, import_listings
from holdfast.errors import UnknownAsset, UnknownFound
from holdfast.keep.found import read_found
from holdfast.model.found import Verdict
from holdfast.testing.films import film_plan, write_film


@pytest.fixture
def listed(archive: Archive, tmp_path: Path) -> str:
    """A work that only a listing speaks of."""
    table = tmp_path / "list.csv"
    table.write_text("Title;Length\nHarvest in the hills;0:06\nA boat at night;3:00\n", "utf-8")
    return import_listings(archive, [table]).works[0].asset


@pytest.mark.slow
def test_a_name_and_a_length_are_a_hint_until_somebody_decides(archive: Archive, listed: str, tmp_path: Path) -> None:
    film = write_film(film_plan(51, 6, (160, 90)), tmp_path / "harvest_in_the_hills (1).mp4", tags={"title": ""})

    (found,) = add_found(archive, [film], "a shelf").results

    assert (found.outcome, found.matches) == ("kept", ())
    assert [hint.asset for hint in found.hints] == [listed]
    assert "the title stands in the name: Harvest in the hills" in found.hints[0].reasons
    (waiting,) = ls_found(archive, doubtful=True)
    assert [hint.asset for hint in waiting.hints] == [listed]
    decide(archive, found.digest[:12], Verdict.ACCEPTED, listed, shift_frames=5)
    assert ls_found(archive, doubtful=True) == []
    record = read_found(archive.root, found.digest)
    assert verdict_on(record, listed) == "accepted"
    assert record.decisions[0].shift * 25 == 5


def test_decisions_on_what_is_not_there_are_refused(archive: Archive) -> None:
    with pytest.raises(UnknownFound):
        decide(archive, "0123456789", Verdict.REFUSED)
    with pytest.raises(UnknownFound):
        decide(archive, "not a digest", Verdict.REFUSED)
    with pytest.raises(UnknownAsset):
        declare(archive, ["zzzz"], "it never was")
