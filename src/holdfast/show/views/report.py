"""Reporting a work: anybody who sees it may say what should be done about it, without an account."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from holdfast.formats.canonical import printable
from holdfast.show.addresses import typed_moment, written
from holdfast.show.desk.reporting import LONGEST
from holdfast.show.inbox_models import Grievance, Report
from holdfast.show.limits import Limit, place_of
from holdfast.show.reader import reader_of
from holdfast.show.works import asked_work

reports = Limit(10, 3600)
GRIEVANCES = {
    Grievance.RISK: gettext_lazy("Somebody is shown or named who may be in danger"),
    Grievance.RIGHTS: gettext_lazy("It should not be shown: somebody else has the rights"),
    Grievance.WRONG: gettext_lazy("What is said of it is wrong"),
    Grievance.OTHER: gettext_lazy("Something else"),
}


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest, asset: str) -> HttpResponse:
    """The form; then that it has come."""
    shown = asked_work(request, asset)
    typed = request.POST.dict()
    page = {
        "work": shown,
        "title": shown.record.title(reader_of(request).languages),
        "grievances": GRIEVANCES.items(),
        "typed": typed or {"moment": request.GET.get("t", "")},
        "longest": LONGEST,
    }
    if request.method != "POST":
        return render(request, "show/report.html", page)
    text = printable(typed.get("text", "")).replace("\r\n", "\n").strip()
    moment, is_unclear = typed_moment(typed.get("moment", ""))
    if typed.get("grievance") not in list(Grievance):
        page["refused"] = _("Say what it is about.")
    elif typed["grievance"] != Grievance.RISK and not text:
        page["refused"] = _("Say in a few words what should be done.")
    elif len(text) > LONGEST["text"]:
        page["refused"] = _("Write up to %(most)s characters.") % {"most": LONGEST["text"]}
    elif is_unclear:
        page["refused"] = _("A time looks like 12:34.")
    elif not reports.allows(place_of(request)):
        page["refused"] = _("That was a lot. Wait an hour; what you wrote is still here.")
        return render(request, "show/report.html", page, status=429)
    if "refused" in page:
        return render(request, "show/report.html", page, status=422)
    Report.objects.create(
        work=shown.id,
        moment=written(moment) if moment else "",
        grievance=typed["grievance"],
        text=text,
        contact=printable(typed.get("contact", "")).strip()[: LONGEST["contact"]],
        came_on=timezone.now().date(),
    )
    return render(request, "show/report.html", {**page, "is_sent": True})
