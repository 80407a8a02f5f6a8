"""What changed from version to version."""

from __future__ import annotations

from dataclasses import replace

from holdfast.actions.describe import describe, record_of
from holdfast.show import site
from holdfast.show.desk.history import FieldChange, compared, history
from tests.show.stage import Stage


def test_the_history_names_who_changed_what_with_the_newest_first(own_stage: Stage) -> None:
    archive, asset = site.archive(), own_stage.ids["public"]
    describe(archive, asset, lambda record: replace(record, collections=("A", "B")))
    describe(
        site.archive().on_behalf_of("Ada"),
        asset,
        lambda record: replace(record, collections=("B", "C"), category="news"),
    )
    entries = history(archive, record_of(archive, asset)[1], limit=2)
    assert [(entry.version, entry.by) for entry in entries] == [("v4", "Ada"), ("v3", "Archive of the Group")]
    assert set(entries[0].changes) == {
        FieldChange("category", (), ("news",)),
        FieldChange("collections", ("A",), ("C",)),
    }
    assert entries[1].changes == (FieldChange("collections", (), ("A", "B")),)


def test_another_order_is_a_change_of_which_nothing_is_gone_or_new(stage: Stage) -> None:
    record = replace(record_of(site.archive(), stage.ids["public"])[0], collections=("A", "B"))
    assert compared(record, replace(record, collections=("B", "A"))) == (FieldChange("collections", (), ()),)
