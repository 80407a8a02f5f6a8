"""The bytes of access copies, as much at a time as leaves the site free for others.

Who may see the work is asked at every request; what is public may be kept by caches for a minute, so that an embargo
bites within it, and what is not public by nobody but the reader. Large answers may hold a thread for as long as the
other side likes: so only a few are given at once, and one that takes nothing for a while is cut off.
"""

from __future__ import annotations

import contextlib
import os
import stat
import threading
from collections.abc import Iterator
from typing import IO

from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.views.decorators.http import require_safe

from holdfast.model.rights import AccessLevel
from holdfast.show.middleware import not_here
from holdfast.show.ranges import OPEN_LIMIT, Stretch, asked_stretch, is_known, is_same
from holdfast.show.works import AccessCopy, asked_work

BLOCK = 64 * 1024
SLOTS = 3  # of the server's eight threads
RETRY_S = 5
STALLED_S = 20
PUBLIC_CACHE = "public, max-age=60, must-revalidate"
PRIVATE_CACHE = "private, no-cache"
CONTENT_TYPES = {
    ".m3u8": "application/vnd.apple.mpegurl",
    ".mp4": "video/mp4",
    ".jpg": "image/jpeg",
    ".vtt": "text/vtt; charset=utf-8",
}
_slots = threading.BoundedSemaphore(SLOTS)


@require_safe
def media(request: HttpRequest, asset: str, digest: str, file: str) -> HttpResponseBase:
    """A file of the access copy of one instantiation of a work that the reader may see, or a stretch of it."""
    work = asked_work(request, asset)
    copy = next((one for one in work.copies if one.digest == digest), None)
    content_type = CONTENT_TYPES.get(os.path.splitext(file)[1])  # noqa: PTH122 (a name, no path)
    if copy is None or content_type is None or file not in copy.described.get("files", {}):
        raise not_here()
    stream = _opened(copy, file)
    try:
        response = _answer(request, stream, f'"{digest}/{copy.folder.name}/{file}"')
    except BaseException:
        stream.close()
        raise
    response.headers["Content-Type"] = content_type
    response.headers["Cache-Control"] = PUBLIC_CACHE if work.access == AccessLevel.PUBLIC else PRIVATE_CACHE
    return response


def _answer(request: HttpRequest, stream: IO[bytes], etag: str) -> HttpResponseBase:
    size = os.fstat(stream.fileno()).st_size
    stretch = None
    if request.method == "GET" and is_same(request.headers.get("If-Range", ""), etag):
        stretch = asked_stretch(request.headers.get("Range", ""), size)
    response: HttpResponseBase
    if is_known(request.headers.get("If-None-Match", ""), etag):
        stream.close()
        response = HttpResponse(status=304)
    elif request.method == "HEAD":
        stream.close()
        response = HttpResponse(headers={"Content-Length": str(size)})
    elif stretch is not None and not stretch.length:
        stream.close()
        response = HttpResponse(status=416, headers={"Content-Range": stretch.content_range})
    else:
        response = _streamed(request, stream, stretch, size)
    response.headers["ETag"] = etag
    response.headers["Accept-Ranges"] = "bytes"
    return response


def _streamed(request: HttpRequest, stream: IO[bytes], stretch: Stretch | None, size: int) -> HttpResponseBase:
    sent = stretch or Stretch(0, size, size)
    status = 206 if stretch else 200
    response: HttpResponseBase
    if sent.length <= OPEN_LIMIT:  # the file need not stay open until the other side has read
        with stream:
            stream.seek(sent.start)
            response = HttpResponse(stream.read(sent.length), status=status)
    elif not _slots.acquire(blocking=False):
        stream.close()
        return HttpResponse(status=503, headers={"Retry-After": str(RETRY_S)})
    else:
        response = StreamingHttpResponse(_Body(stream, sent), status=status)
    connection = request.META.get("gunicorn.socket")
    if connection is not None:
        connection.settimeout(STALLED_S)  # for this answer; the server sets it anew for the next
    response.headers["Content-Length"] = str(sent.length)
    if stretch:
        response.headers["Content-Range"] = stretch.content_range
    return response


class _Body:
    """A long stretch of an open file in blocks; closing it closes the file, and gives its slot back."""

    def __init__(self, stream: IO[bytes], stretch: Stretch) -> None:
        self._stream = stream
        self._stretch = stretch
        self._holds_slot = True

    def __iter__(self) -> Iterator[bytes]:
        self._stream.seek(self._stretch.start)
        left = self._stretch.length
        while left and (block := self._stream.read(min(BLOCK, left))):
            left -= len(block)
            yield block

    def close(self) -> None:
        self._stream.close()
        if self._holds_slot:
            self._holds_slot = False
            _slots.release()


def _opened(copy: AccessCopy, file: str) -> IO[bytes]:
    """The file, if it is one: no link, no device. Raises Http404 if it is not there."""
    if "/" in file or "\0" in file or file.startswith("."):
        raise not_here()
    descriptor = -1
    with contextlib.suppress(OSError):
        descriptor = os.open(copy.folder / file, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    if descriptor < 0:
        raise not_here()
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise not_here()
    return os.fdopen(descriptor, "rb", buffering=0)
