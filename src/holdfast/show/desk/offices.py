"""Who may give which role to whom: pure rules.

Nobody gives themselves a role, in either direction, and there is always an administrator who can sign in. The office of
a custodian opens seals: it is given by a command at the archive's machine and by nothing else, and on the site nobody
takes it from somebody either; who holds it may lay it down.
"""

from __future__ import annotations

from enum import StrEnum

from holdfast.show.reader import Role


class Refusal(StrEnum):
    """Why a role or an account was not changed."""

    OWN = "own"
    LAST = "last"
    SEALS = "seals"


AFTER_CUSTODY = Role.CURATOR  # what somebody is who has laid down the office of a custodian


def refusal(
    *, is_own: bool, now: Role | None, wanted: Role, is_open: bool, stays_open: bool, other_admins: int
) -> Refusal | None:
    """Why an administrator may not make this change to an account; None if they may.

    A custodian's account may be closed, for it may have been stolen: that opens nothing.

    Args:
        is_own: the account is the administrator's own.
        now: the role that it has, whether it can sign in or not.
        wanted: the role that it should have.
        is_open: whether it can sign in now.
        stays_open: whether it can sign in afterwards.
        other_admins: how many other administrators can sign in.
    """
    if now is not wanted and Role.CUSTODIAN in (now, wanted):
        return Refusal.SEALS
    if now is Role.ADMIN and is_open and not other_admins and (wanted is not Role.ADMIN or not stays_open):
        return Refusal.LAST
    return Refusal.OWN if is_own and (wanted is not now or not stays_open) else None


def may_give_link(*, to: Role | None) -> bool:
    """Whether an administrator may give an account a link by which a new password is chosen.

    Whoever has the link has the account, so a custodian's would be a way to the seals.
    """
    return to is not Role.CUSTODIAN
