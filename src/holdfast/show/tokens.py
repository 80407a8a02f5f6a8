"""Tokens: by which a program does at the API what the account that made it may do at the desk.

    Authorization: Bearer hf_...

A token is shown once; its digest is kept. It has a name, a last day, and ends at once when it is revoked or its account
is closed. It is never more than its account: no token opens what the account may not see, or does what it may not do.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

from django.http import JsonResponse
from django.utils import timezone

from holdfast.show.limits import Limit, place_of

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from holdfast.show.models import Account, Token

MARK = "hf_"  # by which people and scanners of repositories know one
SECRET_BYTES = 32
DAYS = (1, 30, 90, 365)
MOST_TOKENS = 20
LONGEST_NAME = 100
API = "/api/"
wrong_tokens = Limit(30, 600)


def make(account: Account, name: str, days: int) -> str:
    """A new token of an account; what this gives is shown once and kept nowhere."""
    from holdfast.show.models import Token

    secret = MARK + secrets.token_urlsafe(SECRET_BYTES)
    now = timezone.now()
    Token.objects.create(
        account=account,
        name=name[:LONGEST_NAME],
        digest=_digest(secret),
        made_on=now.date(),
        expires_at=now + timedelta(days=days),
    )
    return secret


def token_of(secret: str) -> Token | None:
    """The token whose secret this is; None if there is none that still holds."""
    from holdfast.show.models import Token

    found = (
        Token.objects.select_related("account")
        .filter(digest=_digest(secret), expires_at__gt=timezone.now(), account__is_active=True)
        .first()
    )
    if found is not None and found.used_on != timezone.now().date():
        found.used_on = timezone.now().date()
        found.save(update_fields=["used_on"])
    return found


class Tokens:
    """Lets a request to the API be that of the account whose token it carries; a token that does not hold gets 401."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._next = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The answer."""
        kind, _, secret = request.headers.get("Authorization", "").partition(" ")
        if request.path.startswith(API) and kind.lower() == "bearer":
            found = token_of(secret.strip())
            if found is None:
                return _refused(is_guessing=not wrong_tokens.allows(place_of(request)))
            request.user = found.account
            request.token = found  # type: ignore[attr-defined]
        return self._next(request)


def _refused(*, is_guessing: bool) -> HttpResponse:
    told = {
        "error": "token",
        "what": "This token does not hold: it is none, has expired, or was revoked.",
        "holds": "Nothing was changed.",
        "next": "Make a token at /desk/tokens.",
    }
    response = JsonResponse(told, status=429 if is_guessing else 401)
    response.headers["WWW-Authenticate"] = "Bearer"
    return response


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()
