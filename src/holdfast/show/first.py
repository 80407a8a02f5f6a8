"""The first curator: a link that works once, printed at the start while nobody can open the desk.

Only the digest of the link's token is kept, in desk.db. Every start prints a new link and the old one ends; the link
ends too when it was used, of which a mark stays, and as soon as there is a curator or an administrator.
"""

from __future__ import annotations

import hashlib
import secrets

from django.db import transaction

from holdfast.show.models import Account, FirstLink
from holdfast.show.reader import CURATING, Role

TOKEN_BYTES = 24


def first_path() -> str | None:
    """The path of a new link for the first curator, its predecessor ended; None while somebody can open the desk."""
    with transaction.atomic():
        FirstLink.objects.filter(is_used=False).delete()
        if _is_staffed():
            return None
        token = secrets.token_urlsafe(TOKEN_BYTES)
        FirstLink.objects.create(digest=_digest(token))
    return f"/account/first/{token}"


def is_open(token: str) -> bool:
    """Whether the link of this token still makes a first curator."""
    return FirstLink.objects.filter(digest=_digest(token), is_used=False).exists() and not _is_staffed()


def was_used(token: str) -> bool:
    """Whether somebody became the first curator by the link of this token; False for one that was made up."""
    return FirstLink.objects.filter(digest=_digest(token), is_used=True).exists()


def take(token: str, name: str, password: str) -> Account | None:
    """The first curator, an administrator, made by the link of this token; None if the link works no more.

    Of two that come at the same moment, one gets an account: the transaction holds the right to write from its start.
    """
    with transaction.atomic():
        if not is_open(token):
            return None
        FirstLink.objects.filter(digest=_digest(token)).update(is_used=True)
        account = Account(username=name, role=Role.ADMIN.value)
        account.set_password(password)
        account.save()
    return account


def _is_staffed() -> bool:
    roles = [role.value for role in CURATING]
    return Account.objects.filter(role__in=roles, is_active=True).exists()


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
