"""The page of the link by which the first curator makes an account."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.forms import BaseUserCreationForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from holdfast.show import first as links
from holdfast.show.accounts import NAME_HELP
from holdfast.show.middleware import not_here
from holdfast.show.models import Account

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


class FirstForm(BaseUserCreationForm):  # type: ignore[type-arg]  # generic for the checker alone
    """A name and a password, twice."""

    class Meta:
        """Of an account."""

        model = Account
        fields = ("username",)
        help_texts: ClassVar = {"username": NAME_HELP}
        error_messages: ClassVar = {"username": {"invalid": NAME_HELP}}

    def validate_password_for_user(self, user: Any, *_: str) -> None:
        """Say what is wrong with a password below the field where it was typed first."""
        super().validate_password_for_user(user, "password1")  # type: ignore[misc]  # not in the stubs


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def first(request: HttpRequest, token: str) -> HttpResponse:
    """The form; then the first curator, signed in. Of a link that was used this is told; one made up is not here."""
    if not links.is_open(token):
        return _ended(request, token)
    form = FirstForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        account = links.take(token, form.cleaned_data["username"], form.cleaned_data["password1"])
        if account is None:
            return _ended(request, token)
        login(request, account, backend=BACKEND)
        messages.success(request, _("You are the first curator. Add a passkey, so that no password can be stolen."))
        return redirect("mfa_index")
    return render(request, "show/desk/first.html", {"form": form}, status=422 if form.errors else 200)


def _ended(request: HttpRequest, token: str) -> HttpResponse:
    if not links.was_used(token):
        raise not_here()
    return render(request, "show/desk/first_used.html", status=410)
