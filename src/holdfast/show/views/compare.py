"""Two copies of one stretch, side by side at the same moments of the work: for curators."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.http import require_safe

from holdfast.formats.coverage import source_uses
from holdfast.model.edit import Edit, EditList, Placement
from holdfast.show import copies, restored
from holdfast.show.desk.door import curating
from holdfast.show.middleware import not_here
from holdfast.show.reader import reader_of
from holdfast.show.stills import still_at
from holdfast.show.views.media import PRIVATE_CACHE
from holdfast.show.works import Work, asked_work

LONGEST_NUMBER = 6  # digits of a stretch's number


@curating
@require_safe
def compare(request: HttpRequest, asset: str) -> HttpResponse:
    """The copies `?a=` and `?b=`, by their letters, in the stretch of number `?n=`, counted from 1."""
    work = asked_work(request, asset)
    edits = restored.covered(work.record).edits
    stretches = [edit for edit in edits.edits if edit.picture]
    number = _number(request.GET.get("n", "1"))
    if work.record.has_master or not 1 <= number <= len(stretches):
        raise not_here()
    edit = stretches[number - 1]
    letters = {use.digest: use.letter for use in source_uses(edits)}
    there = {letters[digest]: (digest, place) for digest, place in copies.showing(edits, edit.asset).items()}
    order = list(there)
    if not order:
        raise not_here()
    first = request.GET.get("a", "") if request.GET.get("a") in there else order[0]
    other = next((letter for letter in order if letter != first), "")
    second = request.GET.get("b", "") if request.GET.get("b") in there else other
    sides = [there[letter] for letter in (first, second) if letter]
    context: dict[str, Any] = {
        "work": work,
        "title": work.record.title(reader_of(request).languages),
        "span": edit.asset,
        "a": first,
        "b": second,
        "letters": [(letter, edits.sources.get(there[letter][0], "")) for letter in order],
        "rows": _rows(work, edit, sides),
        "reasons": list(dict.fromkeys(take.reason for take in edit.picture if take.reason)),
        "n": number,
        "before": number - 1,
        "after": number + 1 if number < len(stretches) else 0,
        "total": len(stretches),
    }
    context["is_being_made"] = any(side["still"] is None for row in context["rows"] for side in row["sides"])
    return render(request, "show/compare.html", context)


def _rows(work: Work, edit: Edit, sides: list[tuple[str, Placement]]) -> list[dict[str, Any]]:
    """The moments, each with what the copies show then, and what the reconstruction shows."""
    times = copies.moments(edit.asset)
    showing = [[copies.Showing(digest, _us(place, at)) for at in times] for digest, place in sides]
    for column in showing:
        copies.ask_for(column[0].digest, [one.at_us for one in column])
    copy = work.made_copy
    return [
        {
            "at": at,
            "sides": [_side(column[n]) for column in showing],
            "made": still_at(copy.digest, int(at * 1_000_000)) if copy is not None else None,
        }
        for n, at in enumerate(times)
    ]


def _side(one: copies.Showing) -> dict[str, Any]:
    still = copies.still(one.digest, one.at_us)
    return {"one": one, "still": still, "is_empty": still == b""}


def _us(place: Placement, at: Any) -> int:
    return max(0, int(place.copy_time(at) * 1_000_000))


def _number(written: str) -> int:
    is_number = written.isascii() and written.isdigit() and len(written) <= LONGEST_NUMBER
    return int(written) if is_number else 0


@curating
@require_safe
def copy_still(request: HttpRequest, asset: str, digest: str, at_us: int) -> HttpResponse:
    """The still of a copy that is used for a work, if it was made."""
    edits: EditList = restored.covered(asked_work(request, asset).record).edits
    picture = copies.still(digest, at_us) if digest in edits.sources else None
    if not picture:
        raise not_here()
    return HttpResponse(picture, content_type="image/jpeg", headers={"Cache-Control": PRIVATE_CACHE})


urlpatterns = [path("w/<str:asset>/copies/<str:digest>/<int:at_us>.jpg", copy_still, name="copy_still")]
pages = [path("w/<str:asset>/compare", compare, name="compare")]
