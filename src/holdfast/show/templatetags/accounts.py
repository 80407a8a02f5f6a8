"""What the pages of accounts ask: `{% load accounts %}{% sign_up_is_open as is_open %}`."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from django import template

from holdfast.show import granting, site
from holdfast.show.models import Account

register = template.Library()


@register.simple_tag
def sign_up_is_open() -> bool:
    """Whether strangers may make themselves an account."""
    return site.archive().settings.open_sign_up


@register.simple_tag
def has_custodian() -> bool:
    """Whether somebody can open what is sealed."""
    return granting.has_custodian()


@register.simple_tag
def has_passkey(account: Account) -> bool:
    """Whether a passkey of this account could be used."""
    return bool(Authenticator.objects.filter(user=account, type=Authenticator.Type.WEBAUTHN).exists())
