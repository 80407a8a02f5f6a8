"""Comments on a work: what somebody with an account sends in waits for a curator."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from holdfast.formats.canonical import printable
from holdfast.show.addresses import read_moment, work_path, written
from holdfast.show.desk.moderating import LONGEST_TEXT, writes_too_fast
from holdfast.show.desk_models import CommentDraft
from holdfast.show.middleware import not_here
from holdfast.show.models import Account
from holdfast.show.reader import reader_of
from holdfast.show.works import asked_work

LONGEST_NAME = 150


@require_POST
def comment(request: HttpRequest, asset: str) -> HttpResponse:
    """Keep a comment for the curators. Who has no account cannot write one."""
    reader = reader_of(request)
    shown = asked_work(request, asset)
    account = request.user
    if reader.role is None or not isinstance(account, Account):
        raise not_here()
    text = printable(request.POST.get("text", "")).replace("\r\n", "\n").strip()
    refused, status = "", 422
    if not text or len(text) > LONGEST_TEXT:
        refused = _("Write something, up to %(most)s characters.") % {"most": LONGEST_TEXT}
    elif writes_too_fast(account):
        refused, status = _("You have written a lot just now. Wait ten minutes; your text is still here."), 429
    if refused:
        page = {"work": shown.id, "text": text, "refused": refused, "title": shown.record.title(reader.languages)}
        return render(request, "show/comment_again.html", page, status=status)
    moment = read_moment(request.POST.get("moment", ""))
    name = " ".join(printable(request.POST.get("name", "")).split())[:LONGEST_NAME] or account.username
    CommentDraft.objects.create(
        work=shown.id,
        moment=written(moment) if moment else "",
        text=text,
        language=reader.language,
        name=name,
        account=account,
    )
    messages.success(request, _("Thank you. A curator will read your comment; then everybody can."))
    return redirect(work_path(shown.id))
