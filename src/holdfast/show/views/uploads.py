"""Uploads in pieces, as tus 1.0.0 has it: /upload makes one, /upload/<id> goes on with it.

A client that follows tus sends its own header with every request, which no form of another site can: that stands for
the token against forged forms. A piece may hold a thread for as long as its sender likes: so only a few are received at
once, and one that sends nothing for a while is cut off; what came of it is kept, and the sender goes on from there.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.request import UnreadablePostError
from django.urls import reverse
from django.utils.http import http_date
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from holdfast.actions.archive import UPLOADS
from holdfast.show import site
from holdfast.show.limits import Limit, place_of
from holdfast.show.reader import reader_of
from holdfast.show.uploads import protocol
from holdfast.show.uploads.protocol import Refused
from holdfast.show.uploads.shelf import Shelf, Stream, Upload

SLOTS = 3  # of the server's eight threads
SILENT_S = 20
RETRY_S = 5
new_uploads = Limit(40, 3600)
_slots = threading.BoundedSemaphore(SLOTS)
View = Callable[..., HttpResponse]


def shelf() -> Shelf:
    """The uploads of the archive that is shown."""
    archive = site.archive()
    settings = archive.settings
    return Shelf(archive.folder / UPLOADS, largest=settings.largest_upload_bytes, reserve=settings.space_reserve_bytes)


def _speaking_tus(view: View) -> View:
    @csrf_exempt
    @never_cache
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **values: Any) -> HttpResponse:
        try:
            _check_tongue(request)
            response = view(request, *args, **values)
        except Refused as refused:
            response = HttpResponse(refused.said, status=refused.status, content_type="text/plain; charset=utf-8")
            if refused.status == 412:
                response.headers["Tus-Version"] = protocol.VERSION
            if refused.status in (423, 429, 503):
                response.headers["Retry-After"] = str(RETRY_S)
        response.headers["Tus-Resumable"] = protocol.VERSION
        return response

    return guarded


def _check_tongue(request: HttpRequest) -> None:
    if request.method != "OPTIONS" and request.headers.get("Tus-Resumable") != protocol.VERSION:
        raise Refused(412, f"This is tus {protocol.VERSION}.")


@_speaking_tus
def uploads(request: HttpRequest) -> HttpResponse:
    """OPTIONS tells what can be done, POST makes an upload of `Upload-Length` bytes."""
    if request.method == "OPTIONS":
        return _abilities()
    if request.method != "POST":
        raise Refused(405, "Make an upload with POST.")
    check_may_send(request)
    length = protocol.count("Upload-Length", request.headers.get("Upload-Length", ""))
    told = protocol.metadata(request.headers.get("Upload-Metadata", ""))
    if not new_uploads.allows(place_of(request)):
        raise Refused(429, "That were many files; wait an hour.")
    made = shelf().create(length, told.get("filename", ""))
    return _of(made, 201, {"Location": reverse("upload", args=[made.id])})


@_speaking_tus
def upload(request: HttpRequest, number: str) -> HttpResponse:
    """HEAD tells how much has come, PATCH brings more, DELETE removes it all."""
    if request.method == "OPTIONS":
        return _abilities()
    kept = shelf()
    if request.method == "HEAD":
        found = kept.upload(number)
        return _of(found, 200, {"Upload-Length": str(found.length), "Cache-Control": "no-store"})
    if request.method == "DELETE":
        kept.discard(number)
        return HttpResponse(status=204)
    if request.method != "PATCH":
        raise Refused(405, "Ask with HEAD, bring with PATCH, remove with DELETE.")
    if request.content_type != protocol.PIECE_TYPE:
        raise Refused(415, f"A piece is {protocol.PIECE_TYPE}.")
    if not request.META.get("CONTENT_LENGTH"):
        raise Refused(411, "A piece says how long it is.")
    length = protocol.count("Content-Length", request.META["CONTENT_LENGTH"])
    offset = protocol.count("Upload-Offset", request.headers.get("Upload-Offset", ""))
    sum_of = protocol.checksum(request.headers.get("Upload-Checksum", ""))
    with receiving(request) as body:
        return _of(kept.receive(number, offset, body, length, sum_of), 204, {})


def check_may_send(request: HttpRequest) -> None:
    """Make sure that this archive takes files from whoever asks. Raises Refused."""
    if not (site.archive().settings.open_contributions or reader_of(request).is_curating):
        raise Refused(403, "This archive takes no files through its site.")


@contextlib.contextmanager
def receiving(request: HttpRequest) -> Iterator[Stream]:
    """The body of a request, which ends where its sender falls silent. Raises Refused: too many are being received."""
    if not _slots.acquire(blocking=False):
        raise Refused(503, "Others are sending; go on in a moment.")
    connection = request.META.get("gunicorn.socket")
    try:
        if connection is not None:
            connection.settimeout(SILENT_S)  # for this request; the server sets it anew for the next
        yield _Body(request)
    finally:
        _slots.release()


class _Body:
    """What is read of a request until it ends; going away and falling silent are ends."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request

    def read(self, size: int, /) -> bytes:
        try:
            return self._request.read(size)
        except (UnreadablePostError, OSError):
            return b""


def _abilities() -> HttpResponse:
    headers = {
        "Tus-Version": protocol.VERSION,
        "Tus-Extension": protocol.EXTENSIONS,
        "Tus-Max-Size": str(shelf().largest),
        "Tus-Checksum-Algorithm": ",".join(protocol.ALGORITHMS),
    }
    return HttpResponse(status=204, headers=headers)


def _of(one: Upload, status: int, headers: dict[str, str]) -> HttpResponse:
    told = {"Upload-Offset": str(one.offset)}
    if not one.is_complete:
        told["Upload-Expires"] = http_date(one.expires_at.timestamp())
    return HttpResponse(status=status, headers={**told, **headers})
