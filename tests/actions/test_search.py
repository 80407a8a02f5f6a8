from __future__ import annotations

from holdfast.actions.archive import Archive
from holdfast.actions.search import search
from tests.cli.conftest import Kept


def test_hits_come_with_the_titles_of_their_assets(archive: Archive, kept: Kept) -> None:
    found = search(archive, "Leuchtturm")
    assert {hit.asset for hit in found.page.hits} == {kept.id("harvest.mp4"), kept.id("Leuchtturm.mp4")}
    assert found.titles[kept.id("harvest.mp4")] == "Жатва 1974"


def test_only_the_access_levels_that_were_named_are_searched(archive: Archive) -> None:
    assert search(archive, "Leuchtturm", access=("public",)).page.hits == ()
    assert search(archive, "Leuchtturm", access=("curators",)).page.hits != ()


def test_a_caption_hit_has_its_exact_time(archive: Archive) -> None:
    (hit,) = search(archive, "gesehen", kinds=("caption",)).page.hits
    assert (hit.start_us, hit.end_us) == (2_000_000, 4_000_000)
