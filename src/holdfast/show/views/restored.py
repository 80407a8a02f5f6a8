"""The pages of restoration: what there is of a work and from which copy, what is wanted, whether a file would help."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, path, reverse
from django.views.decorators.http import require_safe

from holdfast.actions.coverage import came_since
from holdfast.formats.comparison import steps
from holdfast.formats.coverage import SourceUse, copy_span, source_uses
from holdfast.formats.coverage_page import COLORS
from holdfast.formats.wanted import wanted_rss
from holdfast.model.edit import Edit, EditList
from holdfast.model.time import parse_clock
from holdfast.model.wanted import Wanted
from holdfast.show import cards, restored, site
from holdfast.show.addresses import absolute, work_path
from holdfast.show.asking import asked_page
from holdfast.show.machine.public import stranger
from holdfast.show.reader import reader_of
from holdfast.show.stills import still_at
from holdfast.show.works import Work, asked_work

MOST_ROWS = 400  # of a table; an edit list can have thousands
WORKS_ON_A_PAGE = 24
MARKS = 3
LONGEST_NAME = 2_000


@require_safe
def coverage(request: HttpRequest, asset: str) -> HttpResponse:
    """Which minute of a work comes from which copy, and what is missing."""
    reader, work = reader_of(request), asked_work(request, asset)
    found = restored.covered(work.record)
    edits = found.edits
    uses = source_uses(edits)
    rows = list(_rows(work, edits, uses, names=reader.is_curating))
    marks = [(f"{float(second / edits.duration):.3%}", second) for second in steps(edits.duration, MARKS) if second]
    context = {
        "work": work,
        "title": work.record.title(reader.languages),
        "edits": edits,
        "bars": {part: restored.bar(edits, part) for part in ("picture", "sound")} if edits.duration else {},
        "marks": [(x, second) for x, second in marks if second * 5 < edits.duration * 4],
        "uses": [(use, number % len(COLORS)) for number, use in enumerate(uses)],
        "rows": rows[:MOST_ROWS],
        "more": max(0, len(rows) - MOST_ROWS),
        "notes": edits.notes if reader.is_curating else (),
        "came_since": came_since(site.archive(), work.record) if reader.is_curating else 0,
        "is_whole": work.record.has_master,
        "contribute": _path("contribute"),
    }
    return render(request, "show/coverage.html", context)


def _rows(work: Work, edits: EditList, uses: tuple[SourceUse, ...], *, names: bool) -> Iterator[dict[str, Any]]:
    """The stretches in order, each with its copies, the reason, and a still where it has a picture."""
    copy = work.made_copy
    for edit in edits.edits:
        if not edit.asset.duration:
            continue
        said = dict.fromkeys(takes[0].reason for takes in (edit.picture, edit.sound) if takes and takes[0].reason)
        start_us = int(edit.asset.start * 1_000_000)
        yield {
            "span": edit.asset,
            "picture": _taken(edit, "picture", uses),
            "sound": _taken(edit, "sound", uses),
            "reasons": [one if names else restored.without_names(edits, uses, one) for one in said],
            "still": still_at(copy.digest, start_us) if copy is not None and edit.picture else None,
        }


def _taken(edit: Edit, part: str, uses: tuple[SourceUse, ...]) -> dict[str, Any] | None:
    takes = getattr(edit, part)
    if not takes:
        return None
    places = {use.digest: (use.letter, number % len(COLORS)) for number, use in enumerate(uses)}
    chips = [places[source] for source in dict.fromkeys(take.source for take in takes)]
    return {"chips": chips, "span": copy_span(edit, takes[0])}


@require_safe
def wanted(request: HttpRequest) -> HttpResponse:
    """The works of which something is missing, those first of which a find would help most."""
    reader, page = reader_of(request), asked_page(request.GET)
    with site.catalogue() as connection:
        found = restored.wanted_works(connection, reader)
        start = (page - 1) * WORKS_ON_A_PAGE
        works = found[start : start + WORKS_ON_A_PAGE]
        shown = {card.asset: card for card in cards.of_visible(connection, [one.seen for one in works])}
    rows = [
        {"card": shown[one.seen.asset], "wanted": one.wanted, "bar": _bar(one), "gaps": one.wanted.gaps[:4]}
        for one in works
    ]
    after = page + 1 if len(found) > start + WORKS_ON_A_PAGE else 0
    return render(request, "show/wanted.html", {"rows": rows, "total": len(found), "before": page - 1, "after": after})


def _bar(one: restored.Looked) -> list[restored.Part]:
    edits = one.covered.edits
    return restored.bar(edits, "picture") if edits.covered else []


@require_safe
def wanted_feed(request: HttpRequest) -> HttpResponse:
    """What is wanted of the works that everybody may see, as a feed."""
    with site.catalogue() as connection:
        works = [one.wanted for one in restored.wanted_works(connection, stranger())[: restored.MOST_IN_FEED]]
    page = absolute(request, reverse("wanted"))

    def page_of(work: Wanted) -> str:
        return absolute(request, work_path(work.asset))

    feed = wanted_rss(works, site.archive_name(), page, page_of, absolute(request, request.path))
    return HttpResponse(feed, content_type="application/rss+xml; charset=utf-8")


@require_safe
def gap(request: HttpRequest) -> HttpResponse:
    """Whether a file may be one that is wanted, by its name and length; and how to find out for certain."""
    name, written = request.GET.get("name", "").strip()[:LONGEST_NAME], request.GET.get("length", "").strip()
    try:
        length = parse_clock(written) if written else None
    except ValueError:
        length = None
    context: dict[str, Any] = {"name": name, "written": written, "is_asked": bool(name or length)}
    context["is_unclear"] = bool(written) and length is None
    if context["is_asked"]:
        with site.catalogue() as connection:
            found = restored.hints(restored.wanted_works(connection, reader_of(request)), name, length)
            shown = {card.asset: card for card in cards.of_visible(connection, [one.seen for _, one in found])}
        context["found"] = [
            {"card": shown[one.seen.asset], "hint": hint, "wanted": one.wanted, "gaps": one.wanted.gaps[:4]}
            for hint, one in found
        ]
    return render(request, "show/gap.html", {**context, "contribute": _path("contribute")})


def _path(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


urlpatterns = [path("wanted.rss", wanted_feed, name="wanted_feed")]
pages = [
    path("w/<str:asset>/coverage", coverage, name="coverage"),
    path("wanted", wanted, name="wanted"),
    path("gap", gap, name="gap"),
]
