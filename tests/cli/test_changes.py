from __future__ import annotations

from datetime import UTC, datetime

from holdfast.cli.changes import change_of, then
from holdfast.model.asset import AssetRecord, Statement, Status, Tag
from holdfast.model.ids import new_asset_id
from holdfast.model.rights import AccessLevel

NONE = {
    **dict.fromkeys(["titles", "descriptions", "dates", "people", "places"], ()),
    **dict.fromkeys(["tags", "untags", "collections", "spoken", "warnings"], ()),
    **dict.fromkeys(["category", "rights", "rights_uri", "holder", "access"]),
    **dict.fromkeys(["embargo_until", "embargo_level", "embargo_reason"]),
    "no_embargo": False,
    "language": "und",
    "source": "",
    "translator": "",
}
RECORD = AssetRecord(
    new_asset_id(),
    Status.HELD,
    AccessLevel.CURATORS,
    datetime(2026, 11, 1, tzinfo=UTC),
    titles=(Statement("tape 7", source="file name"),),
)


def test_no_option_asks_for_no_change() -> None:
    assert change_of(NONE) is None
    assert then(None, None) is None


def test_options_together_are_one_change() -> None:
    change = change_of({**NONE, "titles": ("Ernte",), "language": "de", "tags": ("field",), "access": "public"})
    assert change is not None
    after = change(RECORD)
    assert after.titles == (Statement("Ernte", "de"), RECORD.titles[0])  # before what was only a file name
    assert after.tags == (Tag("field", "de"),)
    assert after.access is AccessLevel.PUBLIC


def test_a_name_may_hold_the_sign_that_parts_it_from_its_role() -> None:
    change = change_of({**NONE, "people": ("A=B=director", "C")})
    assert change is not None
    assert [(person.name, person.role) for person in change(RECORD).people] == [("A=B", "director"), ("C", "")]
