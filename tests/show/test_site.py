"""The archive that a process shows, and the secret that its sessions are signed with."""

from __future__ import annotations

import os
from datetime import timedelta
from importlib import util
from pathlib import Path

import pytest

from holdfast.errors import ExtraMissing, StorageRefused
from holdfast.model.time import now
from holdfast.show import site
from tests.cli.line import holdfast
from tests.show.stage import Stage, client


def test_the_secret_is_made_once_and_is_nobody_elses_to_read(tmp_path: Path) -> None:
    first = site.secret_of(tmp_path)
    assert site.secret_of(tmp_path) == first
    assert len(first) >= 50
    assert (tmp_path / site.SECRET_FILE).stat().st_mode & 0o777 == 0o600


def test_two_archives_never_share_a_secret_of_their_own(tmp_path: Path) -> None:
    for name in "ab":
        (tmp_path / name).mkdir()
    assert site.secret_of(tmp_path / "a") != site.secret_of(tmp_path / "b")


@pytest.mark.skipif(os.geteuid() == 0, reason="to root, no folder is closed")
def test_a_folder_in_which_no_secret_can_be_made_is_told(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(StorageRefused):
        site.secret_of(tmp_path)


def test_a_secret_that_cannot_be_read_is_told_and_not_made_anew(tmp_path: Path) -> None:
    (tmp_path / site.SECRET_FILE).write_bytes(b"\xff\xfe")
    with pytest.raises(StorageRefused):
        site.secret_of(tmp_path)
    assert (tmp_path / site.SECRET_FILE).read_bytes() == b"\xff\xfe"


def test_without_the_optional_part_the_error_names_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(site, "find_spec", lambda name: None if name == "allauth" else util.find_spec(name))
    with pytest.raises(ExtraMissing) as missing:
        site.need_show("Showing an archive")
    assert missing.value.values == {"deed": "Showing an archive", "extra": "show", "missing": "allauth"}


def test_a_work_under_embargo_is_shown_from_its_day_on_by_the_clock_alone(
    own_stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    asset = own_stage.ids["public"]
    until = now() + timedelta(days=400)
    said = holdfast("describe", asset, "--embargo-until", f"{until:%Y-%m-%d}", "--archive", own_stage.folder)
    assert said.code == 0, said.err
    assert client().get(f"/w/{asset}").status_code == 404
    assert asset not in client().get("/").content.decode()

    monkeypatch.setattr(site, "now", lambda: now() + timedelta(days=402))
    site._next_look[0] = 0.0

    assert client().get(f"/w/{asset}").status_code == 200
    assert asset in client().get("/").content.decode()
