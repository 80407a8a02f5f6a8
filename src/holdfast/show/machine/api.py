"""The API: what the commands print with `--json`, through the levels of who asks. Without a token it
only reads; with one it does the desk's deeds (deeds.py).

Errors have the one shape that they have on the command line. What may not be seen is not found.
"""

from __future__ import annotations

from typing import Annotated, Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from ninja import NinjaAPI, Query
from ninja.errors import ValidationError

from holdfast.catalog import fulltext, lists, visible
from holdfast.errors import BadValue, Busy, HoldfastError, NotFound, Outrun, UnknownAsset, UsageError
from holdfast.formats.plain import to_plain
from holdfast.show import cards, site
from holdfast.show.machine import api_pieces, deeds
from holdfast.show.reader import reader_of
from holdfast.show.works import asked_work

api = NinjaAPI(title="Holdfast", version="1", docs_url=None, urls_namespace="api")
api.add_router("", api_pieces.router)
api.add_router("", deeds.router, tags=["desk"])
Limit = Annotated[int, Query(ge=1, le=500)]
Offset = Annotated[int, Query(ge=0, le=10_000_000)]


@api.get("/works", summary="The works in the order in which they came, as `holdfast ls --json`")
def works(
    request: HttpRequest,
    status: str | None = None,
    tag: str | None = None,
    collection: str | None = None,
    limit: Limit = 100,
    offset: Offset = 0,
) -> list[dict[str, Any]]:
    """Those of a status, a tag or a collection if one is named. The names of files are the curators'."""
    reader = reader_of(request)
    with site.catalogue() as connection:
        lines = lists.list_assets(
            connection,
            status=status,
            tag=tag,
            collection=collection,
            languages=reader.languages,
            access=reader.levels,
            limit=limit,
            offset=offset,
        )
        told = [line.as_record() for line in lines]
    return told if reader.is_curating else [_without(line, "files") for line in told]


@api.get("/works/{asset}", summary="One work, as `holdfast show --json`")
def work(request: HttpRequest, asset: str) -> dict[str, Any]:
    """Without its events and where it lies: those are the custodians'."""
    reader = reader_of(request)
    try:
        record = asked_work(request, asset).record
    except Http404:
        raise UnknownAsset(asset=asset, hint="") from None
    return {
        "asset": str(record.id),
        "title": record.title(reader.languages),
        "status": record.status.value,
        "record": to_plain(record) if reader.is_curating else _for_everybody(to_plain(record)),
    }


def _for_everybody(record: dict[str, Any]) -> dict[str, Any]:
    """The record without what tells of those who gave it, and why it was closed.

    What tells of them: the names of their files, what came with them, and what a camera wrote into them: the place, the
    hour, the device and whatever else a tag can say.
    """
    told, hidden = _without(record, "evidence", "texts", "embargo"), ("original_name", "original_name_hex")
    told["instantiations"] = [
        {
            name: _without(value, "location", "recorded_at", "device", "software", "tags")
            if name == "technical"
            else value
            for name, value in _without(held, *hidden, "modified_at", "file").items()
        }
        for held in record.get("instantiations", ())
    ]
    return told


def _without(told: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in told.items() if name not in names}


@api.get("/moments", summary="Passages that meet the words, best first, as `holdfast search --json`")
def moments(request: HttpRequest, q: str, limit: Limit = 20, offset: Offset = 0) -> list[dict[str, Any]]:
    """A passage of captions has its time."""
    reader = reader_of(request)
    with site.catalogue() as connection:
        page = fulltext.search(connection, q, limit=limit, offset=offset, access=reader.levels, kinds=reader.kinds)
        seen = {card.asset: card.title for card in cards.of_assets(connection, reader, {h.asset for h in page.hits})}
    return [hit.as_record(seen[hit.asset]) for hit in page.hits if hit.asset in seen]


@api.get("/labels/{kind}", summary="Collections, tags and other labels, and how many works have each")
def labels(request: HttpRequest, kind: str, limit: Limit = 100, offset: Offset = 0) -> list[dict[str, Any]]:
    """`kind` is `collection`, `tag`, `person`, `place` or `language`."""
    with site.catalogue() as connection:
        levels = reader_of(request).levels
        found = visible.labels_of_kind(connection, kind, levels, limit=limit, offset=offset, by_text=True)
    return [{"text": one.text, "works": one.count} for one in found]


@require_safe
def docs(request: HttpRequest) -> HttpResponse:
    """What can be asked, as a page: made from the OpenAPI description, with nothing from elsewhere."""
    described = api.get_openapi_schema(path_prefix="/api/")
    asked = [
        {
            "method": method.upper(),
            "path": path,
            "summary": one["summary"],
            "values": [value["name"] for value in one.get("parameters", [])] + _parts(described, one),
            "is_deed": bool(one.get("security")),
        }
        for path, methods in described["paths"].items()
        for method, one in methods.items()
    ]
    return render(request, "show/api.html", {"asked": asked})


def _parts(described: dict[str, Any], one: dict[str, Any]) -> list[str]:
    """The names of what the body of a request holds."""
    content = one.get("requestBody", {}).get("content", {}).get("application/json", {})
    schema_name = content.get("schema", {}).get("$ref", "").rpartition("/")[2]
    return list(described["components"]["schemas"].get(schema_name, {}).get("properties", {}))


@api.exception_handler(HoldfastError)
def _told(request: HttpRequest, error: HoldfastError) -> HttpResponse:
    if isinstance(error, NotFound):
        return api.create_response(request, error.as_json(), status=404)
    if isinstance(error, UsageError):
        return api.create_response(request, error.as_json(), status=422)
    if isinstance(error, Outrun):
        return api.create_response(request, error.as_json(), status=409)
    if isinstance(error, Busy):
        return api.create_response(request, error.as_json(), status=503)
    raise error  # a fault of ours: the page for it tells no details


@api.exception_handler(ValidationError)
def _not_understood(request: HttpRequest, error: ValidationError) -> HttpResponse:
    wrong = ", ".join(sorted({str(one["loc"][-1]) for one in error.errors}))
    said = BadValue(name=wrong, found="what was asked", expected="a value as /api/docs describes it")
    return api.create_response(request, said.as_json(), status=422)
