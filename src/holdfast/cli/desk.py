"""`holdfast desk`: what may be done to the accounts of the site only at the archive's machine."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from holdfast.cli.opening import opened
from holdfast.cli.speak import Speaker, archive_option, json_option

ROLES = ("contributor", "member", "curator", "custodian", "admin")


@click.group("desk")
def command() -> None:
    """See the accounts of the site, give them roles, and help who forgot a password.

    On the site an administrator gives all roles but one: a custodian opens seals, and is made here alone.
    """


@command.command("accounts")
@archive_option
@json_option
def accounts(archive_folder: Path | None, *, as_json: bool) -> int:
    """List who has an account, and their role."""
    speaker = Speaker(as_json=as_json)
    with _desk(archive_folder):
        from holdfast.show import granting

        for account in granting.accounts():
            speaker.record({"name": account.username, "role": account.role, "open": account.is_active})
            speaker.say(f"{account.role:<12} {account.username}{'' if account.is_active else ' (closed)'}")
    return 0


@command.command("role")
@click.argument("name", metavar="NAME")
@click.argument("role", metavar="ROLE", type=click.Choice(ROLES))
@archive_option
@json_option
def role(name: str, role: str, archive_folder: Path | None, *, as_json: bool) -> int:
    """Give the account NAME a ROLE: contributor, member, curator, custodian or admin.

    A running site knows it at the next request.
    """
    speaker = Speaker(as_json=as_json)
    with _desk(archive_folder):
        from holdfast.show import granting
        from holdfast.show.reader import Role

        given = granting.give_role(name, Role(role))
    speaker.record({"name": given.name, "before": given.before, "role": given.role})
    speaker.say(f"{given.name} was {given.before} and is {given.role}")
    return 0


@command.command("link")
@click.argument("name", metavar="NAME")
@archive_option
@json_option
def link(name: str, archive_folder: Path | None, *, as_json: bool) -> int:
    """Print a link by which the account NAME chooses a new password: once, within a day.

    Whoever has the link can use it: give it from hand to hand. Passkeys and codes of the account stay as they are.
    """
    speaker = Speaker(as_json=as_json)
    with _desk(archive_folder) as address:
        from holdfast.show import granting

        path = granting.password_path(granting.account_named(name))
    speaker.record({"name": name, "path": path, "link": f"{address}{path}" if address else None})
    speaker.say(f"{address}{path}" if address else f"{path} (below the address of your site)")
    return 0


@contextmanager
def _desk(named: Path | None) -> Iterator[str]:
    """The desk of an archive, made ready; gives the site's public address, "" if it has none."""
    from holdfast.show import serving

    with opened(named) as archive:
        place, address = archive.folder, archive.settings.site_address
    serving.open_desk(place)
    yield address.rstrip("/")
