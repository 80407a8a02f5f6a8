"""The desk's pages on works: the list, the editor, the history, and what a stranger is shown."""

from __future__ import annotations

from copy import copy
from dataclasses import replace

from django.contrib import messages
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from holdfast.actions.describe import describe
from holdfast.catalog import fulltext
from holdfast.catalog.visible import visible_asset
from holdfast.errors import BadValue, Busy, Outrun, StorageFailure
from holdfast.model.asset import AssetRecord
from holdfast.model.rights import AccessLevel, Embargo
from holdfast.show import cards, site
from holdfast.show.desk import editing
from holdfast.show.desk.closing import LONGEST_REASON, as_typed
from holdfast.show.desk.door import curating
from holdfast.show.desk.history import compared, history, record_at
from holdfast.show.desk.refusing import told
from holdfast.show.middleware import not_here
from holdfast.show.paging import page_of
from holdfast.show.reader import reader_of
from holdfast.show.views import work as public
from holdfast.show.works import Work, asked_work

PAGE = 50
VERSIONS = 50


@curating
@require_safe
def works(request: HttpRequest) -> HttpResponse:
    """The works that this curator may see, the newest first; or those that meet `?q=`."""
    reader = reader_of(request)
    query = request.GET.get("q", "").strip()
    page = page_of(request)
    at = (page - 1) * PAGE
    with site.catalogue() as connection:
        if query:
            found = fulltext.search(connection, query, limit=PAGE + 1, offset=at, access=reader.levels, by_asset=True)
            by_id = {card.asset: card for card in cards.of_assets(connection, reader, {h.asset for h in found.hits})}
            shown = [by_id[hit.asset] for hit in found.hits if hit.asset in by_id]
        else:
            shown = cards.newest(connection, reader, limit=PAGE + 1, offset=at)
    more = {"before": page - 1, "after": page + 1 if len(shown) > PAGE else 0}
    return render(request, "show/desk/works.html", {"works": shown[:PAGE], "sought": query, **more})


@curating
@require_http_methods(["GET", "HEAD", "POST"])
def work(request: HttpRequest, asset: str) -> HttpResponse:
    """The editor of a work; saving makes a new version under the curator's name."""
    shown = asked_work(request, asset)
    if request.method != "POST":
        return _editor(request, shown, shown.record, str(shown.inventory.head), str(shown.inventory.head))
    base_version, expected = request.POST.get("base", ""), request.POST.get("expected", "")
    base = _base(shown, base_version)
    reader, name = reader_of(request), request.user.get_username()
    try:
        changed = editing.edits(base, request.POST.dict(), by=name, levels=_levels(shown, reader.levels))
        done = describe(
            site.archive().on_behalf_of(name),
            shown.id,
            lambda record: replace(record, **changed),
            expected=expected or base_version,
            why=request.POST.get("why", "").strip()[:LONGEST_REASON],
        )
    except Outrun:
        now = asked_work(request, asset)
        head = str(now.inventory.head)
        return _editor(request, now, base, base_version, head, status=409, theirs=compared(base, now.record))
    except (BadValue, Busy, StorageFailure) as error:
        status = 422 if isinstance(error, BadValue) else 503
        return _editor(request, shown, base, base_version, expected, status=status, refused=told(error))
    said = _("Kept as version %(version)s.") % {"version": done.version} if done.changed else _("Nothing was changed.")
    messages.success(request, said)
    with site.catalogue() as connection:  # who closes a work may not see it any more
        still = visible_asset(connection, shown.id, reader.levels)
    return redirect("desk_work", asset=shown.id) if still else redirect("desk")


@curating
@require_safe
def versions(request: HttpRequest, asset: str) -> HttpResponse:
    """Who changed what, version by version."""
    shown = asked_work(request, asset)
    entries = history(site.archive(), shown.inventory, limit=VERSIONS)
    title = shown.record.title(reader_of(request).languages)
    return render(request, "show/desk/history.html", {"work": shown, "title": title, "entries": entries})


@curating
@require_safe
def stranger(request: HttpRequest, asset: str) -> HttpResponse:
    """The very page that somebody without an account is given: if the work is not public, that it is not here."""
    asked_work(request, asset)
    as_stranger = copy(request)
    as_stranger.user = AnonymousUser()
    return public.work(as_stranger, asset)


def _base(shown: Work, version: str) -> AssetRecord:
    """The record that a form was made from. Raises Http404 if the work has no such version."""
    number = next((one for one in shown.inventory.versions if str(one) == version), None)
    record: AssetRecord | None = record_at(site.archive(), shown.inventory, number) if number is not None else None
    if record is None:
        raise not_here()
    return record


def _levels(shown: Work, levels: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*levels, shown.access)))


def _embargo(held: Embargo | None, typed: dict[str, str]) -> dict[str, str]:
    """What stands in the fields of the embargo: as it was typed, else as it is held."""
    said = {"until": "", "level": AccessLevel.CURATORS.value, "reason": ""}
    if held is not None:
        said = {"until": as_typed(held.until), "level": held.level.value, "reason": held.reason}
    return {part: typed.get(f"embargo-{part}", value) for part, value in said.items()}


def _editor(
    request: HttpRequest,
    shown: Work,
    base: AssetRecord,
    base_version: str,
    expected: str,
    *,
    status: int = 200,
    **said: object,
) -> HttpResponse:
    reader, typed = reader_of(request), request.POST.dict()
    try:
        blocks = editing.blocks(base, site.archive().settings.languages, typed)
    except BadValue:  # a count of rows that nobody typed
        counted = {name: value for name, value in typed.items() if not name.endswith("-rows")}
        blocks = editing.blocks(base, site.archive().settings.languages, counted)
    page = {
        "work": shown,
        "title": shown.record.title(reader.languages),
        "blocks": blocks,
        "lines": editing.lines(base, typed),
        "levels": _levels(shown, reader.levels),
        "level": typed.get("access", base.access.value),
        "base": base_version,
        "expected": expected,
        "embargo": _embargo(base.embargo, typed),
        "embargo_levels": [one.value for one in AccessLevel if one is not AccessLevel.PUBLIC],
        "is_closed_until": shown.embargo,
        "why": typed.get("why", ""),
        **said,
    }
    return render(request, "show/desk/work.html", page, status=status)
