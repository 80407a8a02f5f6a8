"""The desk's pages on posts, exhibitions and programmes: the list, the editor with its preview, drafts, the history."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from holdfast.actions.pieces import KeptPiece, publish, revise
from holdfast.catalog import visible
from holdfast.errors import BadValue, Busy, NotFound, Outrun, StorageFailure
from holdfast.formats.piece import parse_piece
from holdfast.model.ids import new_asset_id, parse_asset_id
from holdfast.model.piece import Piece, PieceKind
from holdfast.model.rights import AccessLevel, effective_access
from holdfast.model.time import now
from holdfast.show import markdown, pieces, site
from holdfast.show.desk import writing
from holdfast.show.desk.door import curating
from holdfast.show.desk.drafts import draft_for, drafts_for
from holdfast.show.desk.history import compared, history, record_at
from holdfast.show.desk.refusing import told as told_refusal
from holdfast.show.middleware import not_here
from holdfast.show.models import PieceDraft
from holdfast.show.paging import page_of
from holdfast.show.reader import Reader, reader_of
from holdfast.show.spoken import REVISED, called
from holdfast.show.views.pieces import told

if TYPE_CHECKING:
    from sqlalchemy import Connection

PAGE = 50
VERSIONS = 50
OFFERED = 200  # works whose titles are offered where one is asked for
KINDS = tuple(PieceKind)


@dataclass(frozen=True)
class _Sheet:
    """What is being edited: the base, its version ("" for a new piece) and the one that a save expects."""

    base: Piece
    version: str
    expected: str


@curating
@require_safe
def desk_pieces(request: HttpRequest) -> HttpResponse:
    """What is published, last dated first, and what is being written."""
    reader, page = reader_of(request), page_of(request)
    with site.catalogue() as connection:
        lines = pieces.listed(connection, reader, KINDS, limit=PAGE + 1, offset=(page - 1) * PAGE)
    drafts = [(draft, _title(draft)) for draft in drafts_for(reader, request.user.get_username())]
    more = {"before": page - 1, "after": page + 1 if len(lines) > PAGE else 0}
    return render(request, "show/desk/pieces.html", {"lines": lines[:PAGE], "drafts": drafts, **more})


@curating
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, kind: str) -> HttpResponse:
    """Write a new piece, or go on with the draft of one."""
    if kind not in list(PieceKind):
        raise not_here()
    reader = reader_of(request)
    name = request.POST.get("name") or request.GET.get("draft") or str(new_asset_id())
    try:
        name = str(parse_asset_id(name))
    except NotFound:
        raise not_here() from None
    draft = draft_for(name, reader, request.user.get_username())
    if request.method != "POST" and "draft" in request.GET and draft is None:
        raise not_here()
    sheet = _Sheet(writing.fresh(PieceKind(kind), name, request.user.get_username(), now()), "", "")
    return _asked(request, reader, sheet, draft)


@curating
@require_http_methods(["GET", "HEAD", "POST"])
def piece(request: HttpRequest, name: str) -> HttpResponse:
    """Edit a piece; each save is a new version under the curator's name."""
    reader = reader_of(request)
    with site.catalogue() as connection:
        shown = pieces.visible_piece(connection, reader, name, KINDS)
    draft = draft_for(name, reader, request.user.get_username())
    typed = request.POST if request.method == "POST" else draft.form if draft else {}
    head = str(shown.inventory.head)
    version = typed.get("base") or head
    number = next((one for one in shown.inventory.versions if str(one) == version), None)
    base = record_at(site.archive(), shown.inventory, number, parse_piece) if number is not None else None
    if base is None:
        raise not_here()
    return _asked(request, reader, _Sheet(base, version, typed.get("expected") or version), draft)


@curating
@require_safe
def versions(request: HttpRequest, name: str) -> HttpResponse:
    """Who changed what in a piece, version by version; of works that the curator may not see, nothing."""
    reader = reader_of(request)
    with site.catalogue() as connection:
        shown = pieces.visible_piece(connection, reader, name, KINDS)

        def as_seen(data: bytes) -> Piece:
            held = parse_piece(data)
            return pieces.as_seen(held, pieces.seen_assets(connection, reader, held))

        entries = history(site.archive(), shown.inventory, limit=VERSIONS, parse=as_seen)
    # A message names all fields that were changed: also those in which nothing was that the curator may see.
    entries = [
        replace(one, message=REVISED + ", ".join(change.name for change in one.changes))
        if one.message.startswith(REVISED)
        else one
        for one in entries
        if one.changes or not one.message.startswith(REVISED)
    ]
    page = {"piece": shown.piece, "title": shown.piece.title(reader.languages), "entries": entries}
    return render(request, "show/desk/piece_history.html", page)


def _asked(request: HttpRequest, reader: Reader, sheet: _Sheet, draft: PieceDraft | None) -> HttpResponse:
    if request.method != "POST":
        return _editor(request, reader, sheet, draft.form if draft else {}, draft=draft)
    deed, typed = request.POST.get("deed", "keep"), request.POST.dict()
    if deed == "discard":
        if draft is not None:
            draft.delete()
        messages.success(request, _("The draft is thrown away."))
        return redirect("desk_pieces")
    if deed == "draft":
        return _keep_draft(request, reader, sheet, typed, draft)
    try:
        after = _edited(reader, sheet, typed)
        if deed == "preview":
            return _editor(request, reader, sheet, typed, draft=draft, **_preview(reader, after))
        return _keep(request, sheet, after, draft)
    except Outrun:
        return _outrun(request, reader, sheet, typed)
    except (BadValue, NotFound, Busy, StorageFailure) as error:
        status = 503 if isinstance(error, Busy | StorageFailure) else 422
        return _editor(request, reader, sheet, typed, status=status, draft=draft, refused=told_refusal(error))


def _edited(reader: Reader, sheet: _Sheet, typed: Mapping[str, str]) -> Piece:
    with site.catalogue() as connection:
        typed = _resolved(connection, reader, typed)
        seen = pieces.seen_assets(connection, reader, sheet.base) | _named(connection, reader, typed)
    levels = tuple(dict.fromkeys((*reader.levels, sheet.base.access.value)))
    return writing.edited(sheet.base, typed, site.archive().settings.languages, levels=levels, seen=seen)


def _resolved(connection: Connection, reader: Reader, typed: Mapping[str, str]) -> dict[str, str]:
    """The form with the ids of the works that the reader may see, where their beginning or a title was typed."""
    return writing.resolved(typed, lambda text: visible.fitting(connection, text, reader.levels, limit=2))


def _named(connection: Connection, reader: Reader, typed: Mapping[str, str]) -> frozenset[str]:
    """Those of the works named in a form that the reader may see."""
    return frozenset(visible.visible_assets(connection, writing.named_works(typed), reader.levels))


def _keep(request: HttpRequest, sheet: _Sheet, after: Piece, draft: PieceDraft | None) -> HttpResponse:
    archive = site.archive().on_behalf_of(request.user.get_username())
    if sheet.version:
        changed = writing.changes(sheet.base, after)
        done = revise(archive, after.object_id, lambda one: replace(one, **changed), expected=sheet.expected)
    else:
        done = publish(archive, after)
    if draft is not None:  # one that may not be seen stays
        draft.delete()
    messages.success(request, _kept(done) if done.changed else _("Nothing was changed."))
    return redirect("desk_piece", name=after.id)


def _kept(done: KeptPiece) -> str:
    """That it is kept; where strangers do not see it, who does."""
    level = effective_access(done.piece.access, done.piece.embargo, now())
    if level is AccessLevel.PUBLIC:
        return _("Kept as version %(version)s.") % {"version": done.version}
    if level is AccessLevel.SEALED:
        return _("Kept. Only custodians see it; change who may see it when it is ready.")
    said = _("Kept. Only %(level)s see it; change who may see it when it is ready.")
    return said % {"level": called("access", level.value)}


def _keep_draft(
    request: HttpRequest, reader: Reader, sheet: _Sheet, typed: dict[str, str], draft: PieceDraft | None
) -> HttpResponse:
    with site.catalogue() as connection:
        typed = _resolved(connection, reader, typed)
    form = {name: value for name, value in typed.items() if name not in ("csrfmiddlewaretoken", "deed", "name")}
    form |= {"base": sheet.version, "expected": sheet.expected}
    level = typed.get("access", sheet.base.access.value)
    said = {"form": form, "by": request.user.get_username(), "kind": sheet.base.kind.value}
    is_taken = draft is None and PieceDraft.objects.filter(name=sheet.base.id).exists()
    if is_taken or level not in reader.levels:
        raise not_here()
    PieceDraft.objects.update_or_create(name=sheet.base.id, defaults=said | {"access": level})
    messages.success(request, _("The draft is kept at the desk. Nobody else sees it but who works here."))
    if sheet.version:
        return redirect("desk_piece", name=sheet.base.id)
    return redirect(f"{request.path}?draft={sheet.base.id}")


def _outrun(request: HttpRequest, reader: Reader, sheet: _Sheet, typed: Mapping[str, str]) -> HttpResponse:
    """Theirs beside yours, and nothing lost. Raises Http404 for a piece that is not theirs to see."""
    with site.catalogue() as connection:
        current = pieces.visible_piece(connection, reader, sheet.base.id, KINDS)
        base = pieces.as_seen(sheet.base, pieces.seen_assets(connection, reader, sheet.base))
    head = str(current.inventory.head)
    if not sheet.version:
        messages.warning(request, _("This was kept already; here it is."))
        return redirect("desk_piece", name=sheet.base.id)
    sheet = replace(sheet, expected=head)
    return _editor(request, reader, sheet, typed, status=409, theirs=compared(base, current.piece))


def _preview(reader: Reader, after: Piece) -> dict[str, Any]:
    with site.catalogue() as connection:
        items = pieces.shown_items(connection, reader, after)
    texts = [said.text for said in (*after.words, *(said for item in after.items for said in item.words))]
    closed = sum(one.card is not None and one.card.access != "public" for one in items)
    notes = {"foreign": sum(markdown.foreign_pictures(text) for text in texts), "closed": closed}
    return {"preview": told(reader, after, items), **notes}


def _editor(
    request: HttpRequest,
    reader: Reader,
    sheet: _Sheet,
    typed: Mapping[str, str],
    *,
    status: int = 200,
    draft: PieceDraft | None = None,
    **said: object,
) -> HttpResponse:
    base, languages = sheet.base, site.archive().settings.languages
    with site.catalogue() as connection:
        seen = pieces.seen_assets(connection, reader, base)
        rows = writing.rows(base, languages, typed, seen)
        titles = visible.visible_titles(connection, {row.work for row in rows}, reader.levels, reader.languages)
        offered = visible.newest(connection, reader.levels, limit=OFFERED, languages=reader.languages)
    page = {
        "piece": base,
        "kind": base.kind.value,
        "title": base.title(reader.languages) if sheet.version else "",
        "tongues": writing.tongues(base, languages, typed, seen),
        "rows": [(row, titles.get(row.work, row.work)) for row in rows],
        "offered": offered,
        "lines": {name: typed.get(name, getattr(base, name)) for name in writing.LINES},
        "tags": typed.get("tags", ", ".join(tag.text for tag in base.tags)),
        "dated": typed.get("dated", base.dated.strftime(writing.DAY)),
        "until": typed.get("until", writing.until(base)),
        "levels": tuple(dict.fromkeys((*reader.levels, base.access.value))),
        "level": typed.get("access", base.access.value),
        "base": sheet.version,
        "expected": sheet.expected,
        "draft": draft,
        **said,
    }
    return render(request, "show/desk/piece.html", page, status=status)


def _title(draft: PieceDraft) -> str:
    """The first title that stands in it."""
    titles = (value for name, value in draft.form.items() if name.startswith("title-") and value.strip())
    return next(titles, draft.name)
