"""Closing and opening: closing goes as far as one likes, opening no further than one sees; embargoes by their day."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from holdfast.actions.describe import record_of
from holdfast.errors import BadValue
from holdfast.formats.record import EVENTS_FILE, parse_events
from holdfast.model.asset import AssetRecord, Status
from holdfast.model.ids import new_asset_id
from holdfast.model.rights import AccessLevel, Embargo
from holdfast.model.time import now
from holdfast.show import site
from holdfast.show.desk.closing import as_typed, closed, embargoed, levelled
from tests.show.stage import Stage, client, signed_in

CURATORS = ("public", "members", "curators")


def record(level: AccessLevel) -> AssetRecord:
    return AssetRecord(id=new_asset_id(), status=Status.HELD, access=level, created_at=now())


@pytest.mark.parametrize("level", list(AccessLevel))
def test_closing_never_opens_and_may_go_beyond_what_one_sees(level: AccessLevel) -> None:
    order = list(AccessLevel)
    for wanted in order:
        if order.index(wanted) >= order.index(level):
            assert closed(record(level), wanted.value).access is wanted
        else:
            with pytest.raises(BadValue):
                closed(record(level), wanted.value)


def test_another_level_is_one_of_those_that_are_seen_or_closes() -> None:
    assert levelled(record(AccessLevel.CURATORS), "public", CURATORS).access is AccessLevel.PUBLIC
    assert levelled(record(AccessLevel.PUBLIC), "sealed", CURATORS).access is AccessLevel.SEALED
    for level in ("members", "nobody"):
        with pytest.raises(BadValue):
            levelled(record(AccessLevel.SEALED), level, ("public",))


def test_an_embargo_is_a_day_a_level_and_a_reason_and_ends_with_its_day_empty() -> None:
    made = embargoed(None, "2031-05-09", "curators", " by will of the donor ", CURATORS)
    assert made == Embargo(datetime(2031, 5, 9, tzinfo=UTC), AccessLevel.CURATORS, "by will of the donor")
    assert embargoed(made, "  ", "curators", "", CURATORS) is None
    later = embargoed(None, "2031-05-09T12:00:00+02:00", "sealed", "", CURATORS)
    assert later is not None
    assert as_typed(later.until) == "2031-05-09T10:00:00Z"


def test_what_was_not_touched_stays_to_the_last_digit_and_with_what_a_later_version_wrote() -> None:
    held = Embargo(datetime(2031, 5, 9, 1, 2, 3, 456789, tzinfo=UTC), AccessLevel.SEALED, "r", {"new": 1})
    assert embargoed(held, as_typed(held.until), "sealed", "r", CURATORS) == held
    changed = embargoed(held, as_typed(held.until), "sealed", "s", CURATORS)
    assert changed == replace(held, reason="s")


@pytest.mark.parametrize(
    ("until", "level"),
    [("tomorrow", "curators"), ("2031-13-01", "curators"), ("2031-05-09", "public"), ("2031-05-09", "x")],
)
def test_an_end_that_is_no_moment_or_a_level_that_closes_nothing_is_refused(until: str, level: str) -> None:
    with pytest.raises(BadValue):
        embargoed(None, until, level, "", CURATORS)


def edited(browser: object, work: str, **typed: str) -> int:
    head = str(record_of(site.archive(), work)[1].head)
    answer = browser.post(f"/desk/w/{work}", {"base": head, "expected": head, **typed})  # type: ignore[attr-defined]
    return int(answer.status_code)


def test_an_embargo_set_at_the_desk_closes_the_work_and_the_clock_opens_it_again(own_stage: Stage) -> None:
    work, curator = own_stage.ids["public"], signed_in("curator")
    end = now() + timedelta(hours=1)
    typed = {"embargo-until": end.strftime("%Y-%m-%dT%H:%M:%SZ"), "embargo-level": "curators", "embargo-reason": "exam"}
    assert edited(curator, work, **typed, why="asked for by the donor") == 302
    assert client().get(f"/w/{work}").status_code == 404
    page = curator.get(f"/desk/w/{work}").content.decode()
    assert "Closed until" in page
    assert 'value="exam"' in page
    record, inventory = record_of(site.archive(), work)
    events = parse_events(site.archive().root.read(str(record.id.object_id), EVENTS_FILE, inventory))
    assert events[-1].detail == "changed embargo: asked for by the donor"
    site.archive().catalog.open_what_is_due(end + timedelta(seconds=1))
    assert client().get(f"/w/{work}").status_code == 200


def test_a_curator_who_seals_a_work_by_embargo_is_led_back_to_the_list(own_stage: Stage) -> None:
    work, curator = own_stage.ids["public"], signed_in("curator")
    head = str(record_of(site.archive(), work)[1].head)
    typed = {"base": head, "expected": head, "embargo-until": "2099-01-01", "embargo-level": "sealed"}
    assert curator.post(f"/desk/w/{work}", typed).headers["Location"] == "/desk"
    assert curator.get(f"/w/{work}").status_code == 404
    assert edited(signed_in("custodian"), work, **{"embargo-until": ""}) == 302
    assert client().get(f"/w/{work}").status_code == 200


def test_what_cannot_be_meant_is_told_and_what_was_typed_stays(own_stage: Stage) -> None:
    work, curator = own_stage.ids["public"], signed_in("curator")
    head = str(record_of(site.archive(), work)[1].head)
    typed = {"base": head, "expected": head, "embargo-until": "next spring", "embargo-level": "curators"}
    answer = curator.post(f"/desk/w/{work}", typed)
    assert answer.status_code == 422
    assert 'value="next spring"' in answer.content.decode()
