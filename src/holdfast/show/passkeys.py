"""Passkeys, called so everywhere; one that is added signs in alone unless somebody does not wish that."""

from __future__ import annotations

from typing import TYPE_CHECKING

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.forms import AddWebAuthnForm
from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from holdfast.show.models import Account


class AddPasskey(AddWebAuthnForm):  # type: ignore[misc]
    """The form that adds one: its name, and whether it is enough to sign in."""

    passwordless = forms.BooleanField(
        label=_("Sign in with it alone (your device asks for your finger, face or PIN)"), required=False, initial=True
    )


class Passkeys(DefaultMFAAdapter):  # type: ignore[misc]
    """What allauth asks of this site about them."""

    def generate_authenticator_name(self, user: Account, type: Authenticator.Type) -> str:  # noqa: A002 (allauth's)
        """What a new one is called until somebody gives it a name: by its number."""
        return gettext("Passkey %(number)s") % {
            "number": Authenticator.objects.filter(user=user, type=type).count() + 1
        }
