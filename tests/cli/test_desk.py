"""`holdfast desk`: real commands beside the archive's disk, as its keeper runs them."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest
from django.test import override_settings

from holdfast.show import site
from tests.show.conftest import own_stage, whole_stage
from tests.show.stage import Stage, client, signed_in

__all__ = ["own_stage", "whole_stage"]


def account(name: str) -> Any:
    """The account of this name, None if there is none. Models can be imported when the tests of the site are."""
    from holdfast.show.models import Account

    return Account.objects.filter(username=name).first()


def desk(stage: Stage, *words: str) -> subprocess.CompletedProcess[str]:
    """`holdfast desk` in a process of its own: Django is set up for one archive in a process."""
    script = "from holdfast.cli.main import main; main()"
    command = [sys.executable, "-c", script, "desk", *words, "--archive", str(stage.folder), "--json"]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.mark.slow
def test_a_custodian_is_made_at_the_machine_and_sees_the_seals_at_once(own_stage: Stage) -> None:
    browser, sealed = signed_in("curator", "Cleo"), f"/w/{own_stage.ids['sealed']}"
    assert browser.get(sealed).status_code == 404
    said = desk(own_stage, "role", "Cleo", "custodian")
    assert (said.returncode, json.loads(said.stdout)) == (
        0,
        {"name": "Cleo", "before": "curator", "role": "custodian"},
    )
    assert browser.get(sealed).status_code == 200
    listed = desk(own_stage, "accounts")
    shown = [json.loads(line) for line in listed.stdout.splitlines()]
    assert {"name": "Cleo", "role": "custodian", "open": True} in shown


@pytest.mark.slow
def test_a_link_from_the_machine_leads_to_a_new_password_for_a_custodian_too(own_stage: Stage) -> None:
    signed_in("custodian", "Cleo")
    path = json.loads(desk(own_stage, "link", "Cleo").stdout)["path"]
    browser, new = client(), "a lighthouse in the fog"
    with override_settings(SECRET_KEY=site.secret_of(own_stage.folder)):
        form = browser.get(path, follow=True).redirect_chain[-1][0]
        assert browser.post(form, {"password1": new, "password2": new}).status_code == 302
    assert account("Cleo").check_password(new)


@pytest.mark.slow
def test_a_name_that_nobody_has_is_told_and_changes_nothing(own_stage: Stage) -> None:
    said = desk(own_stage, "role", "Nemo", "admin")
    assert (said.returncode, json.loads(said.stderr)["error"]) == (3, "HF-N010")
    assert account("Nemo") is None
