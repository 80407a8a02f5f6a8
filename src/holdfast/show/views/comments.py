"""Comments on a work: what somebody with an account sends in waits for a curator, who can also withdraw it later."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from holdfast.actions.comments import withdraw as withdraw_from_archive
from holdfast.catalog import comments as kept
from holdfast.formats.canonical import printable
from holdfast.model.comment import LONGEST_NAME, LONGEST_TEXT
from holdfast.show import site
from holdfast.show.addresses import typed_moment, work_path, written
from holdfast.show.desk.door import curating
from holdfast.show.desk.moderating import LONGEST_REASON, writes_too_fast
from holdfast.show.desk_models import CommentDraft
from holdfast.show.middleware import not_here
from holdfast.show.models import Account
from holdfast.show.reader import reader_of
from holdfast.show.works import asked_work


@require_POST
def comment(request: HttpRequest, asset: str) -> HttpResponse:
    """Keep a comment for the curators. Who has no account cannot write one."""
    reader = reader_of(request)
    shown = asked_work(request, asset)
    account = request.user
    if reader.role is None or not isinstance(account, Account):
        raise not_here()
    text = printable(request.POST.get("text", "")).replace("\r\n", "\n").strip()
    moment, is_unclear = typed_moment(request.POST.get("moment", ""))
    refused, status = "", 422
    if not text or len(text) > LONGEST_TEXT:
        refused = _("Write something, up to %(most)s characters.") % {"most": LONGEST_TEXT}
    elif is_unclear:
        refused = _("A time looks like 12:34.")
    elif writes_too_fast(account):
        refused, status = _("You have written a lot just now. Wait ten minutes; your text is still here."), 429
    if refused:
        page = {"work": shown.id, "typed": request.POST.dict(), "refused": refused}
        page["title"] = shown.record.title(reader.languages)
        return render(request, "show/comment_again.html", page, status=status)
    name = " ".join(printable(request.POST.get("name", "")).split())[:LONGEST_NAME]
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


@curating
@require_safe
def published(request: HttpRequest, asset: str) -> HttpResponse:
    """The comments on a work, each with what withdraws it."""
    reader, shown = reader_of(request), asked_work(request, asset)
    with site.catalogue() as connection:
        found = kept.comments_on(connection, shown.id, reader.levels)
    page = {"work": shown, "title": shown.record.title(reader.languages), "comments": found}
    return render(request, "show/desk/comments.html", page)


@curating
@require_POST
def withdraw(request: HttpRequest, comment: str) -> HttpResponse:
    """Show a comment no longer; a reason is asked for."""
    with site.catalogue() as connection:
        held = kept.comment_of(connection, comment, reader_of(request).levels)
    if held is None:
        raise not_here()
    reason = " ".join(printable(request.POST.get("reason", "")).split())[:LONGEST_REASON]
    if reason:
        withdraw_from_archive(site.archive().on_behalf_of(request.user.get_username()), held.id, reason=reason)
        messages.success(request, _("The comment is withdrawn: its text and name are shown nowhere any more."))
    else:
        messages.error(request, _("Say why it is withdrawn; it is shown as before."))
    return redirect("desk_comments", asset=held.asset)
