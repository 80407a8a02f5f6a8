"""Long lists, page by page: `?page=2`."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.http import HttpRequest

FURTHEST = 10**6


def page_of(request: HttpRequest) -> int:
    """The page that `?page=` names, counted from 1; the first, where it names none."""
    written = request.GET.get("page", "1")
    page = int(written) if written.isascii() and written.isdigit() and len(written) < len(str(FURTHEST)) else 1
    return max(page, 1)
