"""The page of a work, and what is fetched beside it: captions, chapters, citations."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import override
from django.views.decorators.http import require_safe

from holdfast.actions.restore import edit_list_of
from holdfast.catalog import lists
from holdfast.errors import HoldfastError
from holdfast.formats.record import EVENTS_FILE, parse_events
from holdfast.model.asset import in_language
from holdfast.model.language import primary, rank
from holdfast.model.rights import AccessLevel
from holdfast.model.time import parse_civil, parse_ratio, seconds
from holdfast.show import addresses, dates, site, tracks
from holdfast.show.addresses import Moment, read_moment
from holdfast.show.citing import Citation
from holdfast.show.middleware import not_here
from holdfast.show.reader import Reader, reader_of
from holdfast.show.views.media import PRIVATE_CACHE, PUBLIC_CACHE
from holdfast.show.works import AccessCopy, Work, asked_work, visible_work

PLAIN_LINES = 720


@require_safe
def work(request: HttpRequest, asset: str) -> HttpResponse:
    """Everything that the reader may know of a work, at the moment `?t=`."""
    reader = reader_of(request)
    with site.catalogue() as connection:
        shown = visible_work(connection, reader, asset)
        check = lists.last_check(connection, str(shown.record.id.object_id))
    moment = read_moment(request.GET.get("t", ""))
    description = in_language(shown.record.descriptions, reader.languages)
    copy = shown.shown_copy
    is_from_before = shown.is_reconstructed and shown.shows_what_is_lost
    context = {
        "work": shown,
        "record": shown.record,
        "title": shown.record.title(reader.languages),
        "moment": moment,
        "fragment": _fragment(moment),
        "copy": copy,
        "plain": _plain_rendition(copy) if copy else None,
        "description": description,
        "is_foreign": description is not None and primary(description.language) != primary(reader.language),
        "other_descriptions": [one for one in shown.record.descriptions if one is not description],
        "transcripts": sorted(tracks.transcripts(shown), key=lambda text: rank(text.language, reader.languages)),
        "chapters": tracks.chapters(shown),
        "tiles": tracks.storyboard(copy) if copy and not is_from_before else (),
        "is_from_before": is_from_before,
        "awaits_copy": shown.is_reconstructed and shown.made_copy is None,
        "events": _events(shown),
        "versions": sorted(shown.inventory.versions.items(), reverse=True),
        "checked_at": parse_civil(check[0]) if check else None,
        "check_result": check[1] if check else "",
        "coverage": _coverage(shown),
        "lost_files": [one.file for one in shown.record.masters] if shown.record.masters_are_gone else [],
        "warnings": shown.record.content_warnings,
        "cite": _citation(request, shown, reader, moment),
    }
    return render(request, "show/work.html", context)


@require_safe
def captions(request: HttpRequest, asset: str, number: int) -> HttpResponse:
    """One text of a work as WebVTT."""
    shown = asked_work(request, asset)
    cues = tracks.cues_of(shown, number)
    if not cues:
        raise not_here()
    return _kept_like(shown, tracks.webvtt(cues, shown.record.texts[number].language), "text/vtt; charset=utf-8")


@require_safe
def chapters(request: HttpRequest, asset: str) -> HttpResponse:
    """The chapters of a work as WebVTT."""
    shown = asked_work(request, asset)
    found = tracks.chapters(shown)
    if not found:
        raise not_here()
    return _kept_like(shown, tracks.webvtt(found), "text/vtt; charset=utf-8")


@require_safe
def citation(request: HttpRequest, asset: str, form: str) -> HttpResponse:
    """The citation of a work for a reference manager: `bib` or `json`, of the moment `?t=`."""
    shown = asked_work(request, asset)
    cite = _citation(request, shown, reader_of(request), read_moment(request.GET.get("t", "")))
    forms = {
        "bib": (cite.bibtex, "text/x-bibtex; charset=utf-8"),
        "json": (cite.csl, "application/vnd.citationstyles.csl+json"),
    }
    if form not in forms:
        raise not_here()
    response = _kept_like(shown, *forms[form])
    response.headers["Content-Disposition"] = f'attachment; filename="{shown.id}.{form}"'
    return response


def _plain_rendition(copy: AccessCopy) -> dict[str, Any]:
    """The one file for browsers that do not choose by themselves: the best that is not larger than 720 lines."""
    renditions = sorted(copy.described["renditions"], key=lambda one: one.get("height") or 0)
    best: dict[str, Any] = next(
        (one for one in reversed(renditions) if (one.get("height") or 0) <= PLAIN_LINES), renditions[0]
    )
    rate = parse_ratio(best["frame_rate"]) if best.get("frame_rate") else None
    return best | {"frame": seconds(1 / rate) if rate else ""}


def _kept_like(shown: Work, text: str, content_type: str) -> HttpResponse:
    cache = PUBLIC_CACHE if shown.access == AccessLevel.PUBLIC else PRIVATE_CACHE
    return HttpResponse(text, content_type=content_type, headers={"Cache-Control": cache})


def _fragment(moment: Moment | None) -> str:
    """The media fragment that starts a player at the moment, without a script."""
    if moment is None:
        return ""
    return f"#t={seconds(moment.start)}" + (f",{seconds(moment.end)}" if moment.end is not None else "")


def _citation(request: HttpRequest, shown: Work, reader: Reader, moment: Moment | None) -> Citation:
    record = shown.record
    with override("en"):  # one address for all languages
        path = addresses.work_path(shown.id, moment)
    return Citation(
        asset=shown.id,
        title=record.title(reader.languages),
        people=tuple(person.name for person in record.people if person.role != "uploader"),
        dated=record.dates[0].edtf if record.dates else "",
        archive=site.archive_name(),
        address=addresses.absolute(request, path),
        read_on=timezone.now().date(),
        language=record.languages[0] if record.languages else "",
        when=dates.in_words(record.dates[0].edtf) if record.dates else "",
    )


def _events(shown: Work) -> list[Any]:
    """What happened to it, newest first; nothing if the list cannot be read, which an audit will tell."""
    try:
        data = site.archive().root.read(str(shown.record.id.object_id), EVENTS_FILE, shown.inventory)
        return list(reversed(parse_events(data)))
    except HoldfastError:
        return []


def _coverage(shown: Work) -> dict[str, Fraction | int] | None:
    """How much of a work there is for which a reconstruction stands; None of others."""
    edits = edit_list_of(site.archive(), shown.record.id) if shown.is_reconstructed else None
    if edits is None:
        return None
    return {"covered": edits.covered, "duration": edits.duration, "gaps": len(edits.gaps)}
