"""The bytes of access copies."""

from __future__ import annotations

from django.http import FileResponse, HttpRequest, HttpResponseBase
from django.views.decorators.http import require_safe

from holdfast.show import site
from holdfast.show.middleware import not_here
from holdfast.show.reader import reader_of
from holdfast.show.works import visible_work


@require_safe
def media(request: HttpRequest, asset: str, digest: str, file: str) -> HttpResponseBase:
    """A file of the access copy of one instantiation of a work that the reader may see."""
    with site.catalogue() as connection:
        work = visible_work(connection, reader_of(request), asset)
    copy = next((one for one in work.copies if one.digest == digest), None)
    if copy is None or file not in copy.described.get("files", {}):
        raise not_here()
    return FileResponse((copy.folder / file).open("rb"))
