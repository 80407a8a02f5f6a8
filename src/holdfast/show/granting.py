"""What is done to accounts by the command at the archive's machine, and by administrators: roles and one-time links.

Whoever can run the command can read the archive's disk: to them a seal was never closed. So it is they who make a
custodian, and nobody on the web does.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.urls import reverse

from holdfast.errors import BadValue, UnknownAccount
from holdfast.show.models import Account, Token
from holdfast.show.reader import Role


@dataclass(frozen=True)
class Given:
    """An account, the role that it had and the role that it has now."""

    name: str
    before: str
    role: str


def accounts() -> list[Account]:
    """Everybody who has an account, in the order of names."""
    return list(Account.objects.order_by("username"))


def give_role(name: str, role: Role) -> Given:
    """Give an account a role, whatever it has. Another one ends its links and tokens: they were given for less.

    Raises:
        UnknownAccount: there is no account of this name.
        BadValue: it is the last administrator, who minds the accounts.
    """
    with transaction.atomic():
        account = account_named(name)
        before = account.role
        others = Account.objects.filter(role=Role.ADMIN.value, is_active=True).exclude(id=account.pk)
        if before == Role.ADMIN.value and role is not Role.ADMIN and not others.exists():
            raise BadValue(name="the role", found=role.value, expected="admin, as long as nobody else is one")
        account.role = role.value
        account.save(update_fields=["role"])
        if role.value != before:
            Token.objects.filter(account=account).delete()
    return Given(account.username, before, account.role)


def password_path(account: Account) -> str:
    """The path of a link by which a new password is chosen: for a day, once, and not after the next sign-in
    or under another role.

    Passkeys and codes stay: the link is no way round them.
    """
    from allauth.account.forms import default_token_generator
    from allauth.account.utils import user_pk_to_url_str

    key = default_token_generator.make_token(account)
    return reverse("account_reset_password_from_key", kwargs={"uidb36": user_pk_to_url_str(account), "key": key})


def has_custodian() -> bool:
    """Whether an account that may sign in has the office that opens seals."""
    return Account.objects.filter(role=Role.CUSTODIAN.value, is_active=True).exists()


def account_named(name: str) -> Account:
    """The account of this name. Raises UnknownAccount."""
    account = Account.objects.filter(username=name).first()
    if account is None:
        raise UnknownAccount(name=name)
    return account
