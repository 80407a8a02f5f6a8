"""Who may give which role to whom: pure rules.

Nobody gives themselves a role, in either direction, and there is always an administrator who can sign in.
"""

from __future__ import annotations

from enum import StrEnum

from holdfast.show.reader import Role


class Refusal(StrEnum):
    """Why a role or an account was not changed."""

    OWN = "own"
    LAST = "last"


def refusal(*, is_own: bool, now: Role | None, wanted: Role, stays_open: bool, other_admins: int) -> Refusal | None:
    """Why an administrator may not make this change to an account; None if they may.

    Args:
        is_own: the account is the administrator's own.
        now: the role that it has.
        wanted: the role that it should have.
        stays_open: whether it can sign in afterwards.
        other_admins: how many other administrators can sign in.
    """
    if now is Role.ADMIN and not other_admins and (wanted is not Role.ADMIN or not stays_open):
        return Refusal.LAST
    return Refusal.OWN if is_own and (wanted is not now or not stays_open) else None
