"""A work as the site shows it: its record is read once for each version, and never an older one."""

from __future__ import annotations

from dataclasses import replace

import pytest

from holdfast.actions.describe import describe
from holdfast.catalog.catalog import Catalog
from holdfast.model.rights import AccessLevel
from holdfast.show import site, working, works
from tests.cli.line import holdfast
from tests.show.stage import Stage, client


def test_a_work_that_was_described_anew_is_shown_as_it_is_now(own_stage: Stage) -> None:
    asset = own_stage.ids["public"]
    assert "New name" not in client().get(f"/w/{asset}").content.decode()
    assert holdfast("describe", asset, "--title", "New name", "--archive", own_stage.folder).code == 0
    assert "New name" in client().get("/").content.decode()


def test_a_work_whose_access_was_closed_is_gone_at_once(own_stage: Stage) -> None:
    asset = own_stage.ids["public"]
    assert client().get(f"/w/{asset}").status_code == 200
    assert holdfast("describe", asset, "--access", "sealed", "--archive", own_stage.folder).code == 0
    assert client().get(f"/w/{asset}").status_code == 404
    assert asset not in client().get("/").content.decode()


def test_an_access_copy_that_says_nothing_readable_is_none(own_stage: Stage) -> None:
    for described in own_stage.folder.glob("cache/access/*/*/*/access.json"):
        described.write_text("{", "utf-8")
    works.described_in.cache_clear()
    assert client().get(f"/w/{own_stage.ids['public']}").status_code == 200


def test_a_work_that_a_stopped_process_has_closed_is_gone_without_a_new_start(
    own_stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = f"/w/{own_stage.ids['public']}"
    with monkeypatch.context() as stopped:
        stopped.setattr(Catalog, "refresh", lambda *_, **__: None)  # it ends between the version and its rows
        describe(site.archive(), own_stage.ids["public"], lambda record: replace(record, access=AccessLevel.SEALED))
    assert client().get(path).status_code == 200
    working.tidy()
    assert client().get(path).status_code == 404
