"""The desk's page of tokens: what programs of one's own may do, and how long."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST

from holdfast.formats.canonical import printable
from holdfast.show import tokens as making
from holdfast.show.desk.door import curating
from holdfast.show.middleware import not_here
from holdfast.show.models import Account, Token


@curating
@sensitive_variables("secret")
@require_http_methods(["GET", "HEAD", "POST"])
def tokens(request: HttpRequest) -> HttpResponse:
    """The tokens of this account; POST makes one, which is shown on this answer and never again."""
    account = request.user
    assert isinstance(account, Account)  # the door let nobody else in
    secret, status = "", 200
    if request.method == "POST":
        name = " ".join(printable(request.POST.get("name", "")).split())
        days = request.POST.get("days", "")
        holding = Token.objects.filter(account=account, expires_at__gt=timezone.now()).count()
        if not name or days not in map(str, making.DAYS):
            messages.error(request, _("Give the token a name, by which you will know it when it must end."))
            status = 422
        elif holding >= making.MOST_TOKENS:
            messages.error(request, _("You have many tokens; revoke one first."))
            status = 422
        else:
            secret = making.make(account, name, int(days))
    Token.objects.filter(account=account, expires_at__lte=timezone.now()).delete()
    page = {"tokens": Token.objects.filter(account=account), "secret": secret, "days": making.DAYS}
    return render(request, "show/desk/tokens.html", page, status=status)


@curating
@require_POST
def revoke(request: HttpRequest, number: int) -> HttpResponse:
    """End a token of this account at once."""
    ended, _by_kind = Token.objects.filter(id=number, account=request.user.pk).delete()
    if not ended:
        raise not_here()
    messages.success(request, _("The token is revoked."))
    return redirect("desk_tokens")
