"""About the archive: what its keepers say of it, what it holds, how to cite it, what is known of those who look."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils import timezone
from django.views.decorators.http import require_safe

from holdfast.catalog import ordered, visible
from holdfast.model.asset import Status
from holdfast.show import site
from holdfast.show.addresses import origin
from holdfast.show.prose import rendered
from holdfast.show.reader import reader_of
from holdfast.show.telling import about as told

US_IN_AN_HOUR = 3_600_000_000


@require_safe
def about(request: HttpRequest) -> HttpResponse:
    """The page. Its figures count what the reader may see."""
    reader, archive = reader_of(request), site.archive()
    with site.catalogue() as connection:
        counts = visible.counts(connection, reader.levels)
        years = ordered.years(connection, reader.levels)
        spoken = visible.labels_of_kind(connection, "language", reader.levels, limit=12)
    said = told(archive.folder, reader.languages)
    context = {
        "said": rendered(said.text) if said else "",
        "said_in": said.language if said else "",
        "counts": counts,
        "held": counts.by_status.get(Status.HELD.value, 0),
        "in_part": counts.by_status.get(Status.HELD_IN_PART.value, 0),
        "lost": counts.by_status.get(Status.LOST.value, 0),
        "hours": round(counts.duration_us / US_IN_AN_HOUR, 1),
        "years": years,
        "languages": spoken,
        "custodian": archive.settings.custodian,
        "address": origin(request) + "/",
        "today": timezone.now().date(),
        "open_sign_up": archive.settings.open_sign_up,
    }
    return render(request, "show/about.html", context)


urlpatterns = [path("about", about, name="about")]
