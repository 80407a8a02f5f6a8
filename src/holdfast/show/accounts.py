"""How accounts are made and kept: who may sign up, and that nobody's address is written down.

What allauth counts to slow down guessing (sign-ins that failed, sign-ups) stands in the memory of the one process that
answers, by the address of whoever asks. That is on purpose: a cache in a file or a table would keep addresses on the
disk. A restart forgets the counts; whoever could restart the server needs no guesses.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from allauth.account.adapter import DefaultAccountAdapter
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.core.exceptions import ValidationError
from django.db.models.signals import pre_save
from django.dispatch import receiver
from django.urls import path
from django.utils.translation import gettext_lazy as _

from holdfast.show import site
from holdfast.show.limits import place_of
from holdfast.show.middleware import not_here

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

NAME_HELP = _("Letters and digits, without spaces; also @ . + - and _")
NO_ADDRESS = "0.0.0.0"  # noqa: S104 (what stands where allauth's table insists on an address)


class Accounts(DefaultAccountAdapter):  # type: ignore[misc]
    """What allauth asks of this site."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002 (allauth's signature)
        """Whether strangers may make themselves an account: `open_sign_up` of holdfast.toml."""
        return site.archive().settings.open_sign_up

    def get_client_ip(self, request: HttpRequest) -> str:
        """Where a request comes from: what the site's own limits count, so that no household gets round any of them."""
        return place_of(request)

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """The ways to say once more who one is; the one by a passkey under that name."""
        ways: list[dict[str, Any]] = super().get_reauthentication_methods(user)
        by_passkey = {"description": _("Sign in with a passkey")}
        return [way | (by_passkey if way["id"] == "mfa_reauthenticate:webauthn" else {}) for way in ways]

    def clean_username(self, username: str, shallow: bool = False) -> str:
        """The name that somebody chose. Raises ValidationError: it is taken, or has a space or another sign in it."""
        try:
            return str(super().clean_username(username, shallow))
        except ValidationError as error:
            if getattr(error, "code", "") == "invalid":
                raise ValidationError(NAME_HELP, code="invalid") from None
            raise


class Links(PasswordResetTokenGenerator):
    """Links by which a new password is chosen. Another role ends them: one from before would lead to more than then."""

    def _make_hash_value(self, user: Any, timestamp: int) -> str:
        return f"{super()._make_hash_value(user, timestamp)}{user.role}"


@receiver(pre_save, sender="usersessions.UserSession")
def without_address(sender: Any, instance: Any, **_: Any) -> None:  # noqa: ARG001 (Django's signature)
    """A session is kept with when it began and in which browser, never with the address that it came from."""
    instance.ip = NO_ADDRESS


def _no_mail(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 (Django's signature)
    raise not_here()


# What allauth has pages for and this site has not: nobody's e-mail address is known, so no mail can be sent. Who forgot
# a password is given a link by an administrator, or by `holdfast desk link`.
without_mail = [
    path(f"account/{page}/", _no_mail, name="no_mail") for page in ("password/reset", "email", "confirm-email")
]
