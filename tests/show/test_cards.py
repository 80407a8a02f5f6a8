"""Works in lists: in which order, with which still, and none that the reader may not see."""

from __future__ import annotations

import shutil

from holdfast.show import cards, site
from holdfast.show.reader import Reader
from tests.show.stage import WORDS, Stage

EVERYTHING = Reader(("public", "members", "curators", "sealed"), ("en",))
STRANGER = Reader(("public",), ("en",))


def test_what_came_last_comes_first_and_has_a_still(stage: Stage) -> None:
    with site.catalogue() as connection:
        shown = cards.newest(connection, EVERYTHING, limit=10)
    assert {card.asset for card in shown} == set(stage.ids.values())
    assert [card.created_at for card in shown] == sorted((card.created_at for card in shown), reverse=True)
    assert all(card.still for card in shown)


def test_of_works_that_are_named_only_those_that_may_be_seen_are_given(stage: Stage) -> None:
    with site.catalogue() as connection:
        shown = cards.of_assets(connection, STRANGER, set(stage.ids.values()))
    assert [card.asset for card in shown] == [stage.ids["public"]]
    assert WORDS["public"] in shown[0].title


def test_a_work_without_access_copies_has_no_still(own_stage: Stage) -> None:
    shutil.rmtree(own_stage.folder / "cache")
    with site.catalogue() as connection:
        assert [card.still for card in cards.newest(connection, STRANGER, limit=10)] == [""]
