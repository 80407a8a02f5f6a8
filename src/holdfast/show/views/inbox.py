"""The inbox: what was sent in, reported and said, and what is decided of it."""

from __future__ import annotations

import threading

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from holdfast.actions import contributed
from holdfast.errors import BadValue, Busy, NotFound, StorageFailure
from holdfast.model.rights import AccessLevel
from holdfast.show import site
from holdfast.show.desk import contributing, moderating, reporting
from holdfast.show.desk.door import curating
from holdfast.show.desk.publishing import publish_accepted
from holdfast.show.desk.refusing import told
from holdfast.show.desk.sight import Sight
from holdfast.show.inbox_models import ContributedFile, Contribution, Grievance, Standing
from holdfast.show.middleware import not_here
from holdfast.show.reader import reader_of
from holdfast.show.views.report import GRIEVANCES

SLOTS = 1
RETRY_S = 5
QUARANTINE_POLICY = "sandbox; default-src 'none'"
_slots = threading.BoundedSemaphore(SLOTS)
CLOSED_LEVELS = (AccessLevel.CURATORS.value, AccessLevel.SEALED.value)


@curating
@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    """What waits for a decision; of reports and comments, those on works that this curator may see."""
    sight = Sight(reader_of(request))
    sent, reports, comments = contributing.waiting(), reporting.waiting(sight), moderating.waiting(sight)
    works = {one.work for one in reports} | {one.work for one in comments}
    titles = sight.titles(works | {one.answers for one in sent if one.answers})
    page = {
        "contributions": [(one, titles.get(one.answers, ""), *_may_be_kept(one)) for one in sent],
        "reports": [(one, titles[one.work], GRIEVANCES[Grievance(one.grievance)]) for one in reports],
        "comments": [(one, titles[one.work]) for one in comments],
        "closed_levels": CLOSED_LEVELS,
    }
    return render(request, "show/desk/inbox.html", page)


@curating
@require_POST
def decide_contribution(request: HttpRequest, number: int) -> HttpResponse:
    """Have a contribution kept, as new works or as found copies; or delete it and say why."""
    name = request.user.get_username()
    if _deed(request) == "accept":
        done = contributing.accept(number, as_found=request.POST.get("as") == "found", by=name)
        said = _("It is accepted, and will be kept in a moment.")
    else:
        reason = request.POST.get("reason", "").strip()
        if not reason:
            return _without_reason(request)
        done = contributing.refuse(number, reason=reason, by=name)
        said = _("It is refused; the files and the words of its sender are deleted.")
    return _said(request, said, is_done=done)


@curating
@require_POST
def decide_report(request: HttpRequest, number: int) -> HttpResponse:
    """Close the reported work at once, or let it be; either with a reason."""
    level = request.POST.get("level", "") if _deed(request) == "accept" else ""
    reason = request.POST.get("reason", "").strip()
    if not reason:
        return _without_reason(request)
    try:
        done = reporting.answer(
            number, Sight(reader_of(request)), level=level, reason=reason, by=request.user.get_username()
        )
    except (BadValue, Busy, StorageFailure) as error:
        messages.error(request, told(error))
        return redirect("desk_inbox")
    said = _("The work is closed.") if level else _("The report is answered; the work stays as it is.")
    return _said(request, said, is_done=done is not None)


@curating
@require_POST
def decide_comment(request: HttpRequest, number: int) -> HttpResponse:
    """Accept or refuse a comment; a refusal gives its reason."""
    accept, reason = _deed(request) == "accept", request.POST.get("reason", "").strip()
    if not accept and not reason:
        return _without_reason(request)
    name = request.user.get_username()
    done = moderating.decide(number, Sight(reader_of(request)), accept=accept, reason=reason, by=name)
    if done and accept and publish_accepted():
        messages.warning(request, _("The comment is accepted. The archive cannot keep it just now; it is tried again."))
        return redirect("desk_inbox")
    return _said(request, _("The comment is accepted.") if accept else _("The comment is refused."), is_done=done)


@curating
@require_safe
def quarantined(request: HttpRequest, number: int, file: int) -> HttpResponseBase:  # noqa: ARG001 (the door's)
    """A file that waits, to be saved and looked at elsewhere: never shown by the browser, whatever it is."""
    found = ContributedFile.objects.filter(id=file, contribution=number, contribution__state=Standing.WAITING).first()
    if found is None:
        raise not_here()
    try:
        place = contributed.place_of(site.archive().folder, found.upload)
    except NotFound:
        raise not_here() from None
    if not _slots.acquire(blocking=False):
        return HttpResponse(status=503, headers={"Retry-After": str(RETRY_S)})
    name = f"contribution-{number}-{file}.bin"
    response = FileResponse(
        place.open("rb"), as_attachment=True, filename=name, content_type="application/octet-stream"
    )
    response._resource_closers.append(_slots.release)  # type: ignore[attr-defined]  # called once, however it ends
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = QUARANTINE_POLICY
    return response


def _may_be_kept(one: Contribution) -> tuple[bool, bool]:
    """Whether any of it may be a film or a sound, as far as is known; and whether some of it is none beside."""
    are_media = [file.is_media is not False for file in contributing.files_of(one)]
    return any(are_media), any(are_media) and not all(are_media)


def _deed(request: HttpRequest) -> str:
    deed = request.POST.get("deed", "")
    if deed not in ("accept", "refuse"):
        raise not_here()
    return deed


def _without_reason(request: HttpRequest) -> HttpResponse:
    messages.error(request, _("Say why; it waits on."))
    return redirect("desk_inbox")


def _said(request: HttpRequest, said: str, *, is_done: bool) -> HttpResponse:
    if not is_done:
        raise not_here()
    messages.success(request, said)
    return redirect("desk_inbox")
