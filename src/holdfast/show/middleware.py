"""What holds for every answer: its headers, and our own errors told in the language of HTTP."""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from holdfast.errors import Busy, HoldfastError, NotFound

logger = logging.getLogger(__name__)

# No exceptions: no inline script, no inline style, nothing from anywhere else. `blob:` is what a browser calls a
# stream that it puts together itself.
POLICY = "; ".join(
    (
        "default-src 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
EMBEDDED_POLICY = POLICY.replace("frame-ancestors 'none'", "frame-ancestors *")
PERMISSIONS = "camera=(), microphone=(), geolocation=(), payment=(), usb=(), interest-cohort=()"

Next = Callable[[HttpRequest], HttpResponse]


class Headers:
    """Adds the headers that keep browsers from doing what nobody asked for."""

    def __init__(self, get_response: Next) -> None:
        self._next = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The answer, with them."""
        response = self._next(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        # A page may be other the next moment (an embargo bites, somebody signs out): it is asked for again each time.
        is_own = settings.SESSION_COOKIE_NAME in request.COOKIES
        response.headers.setdefault("Cache-Control", "private, no-cache" if is_own else "no-cache")
        return response


class Errors:
    """Makes a page of an error of ours; a fault of ours is logged, and its details are not shown."""

    def __init__(self, get_response: Next) -> None:
        self._next = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The answer."""
        return self._next(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """The page that says what happened: 404 for what is not here, 503 for what may pass, 500 else."""
        if not isinstance(exception, HoldfastError):
            return None
        if isinstance(exception, NotFound):
            return render(request, "404.html", status=404)
        if isinstance(exception, Busy):
            response = render(request, "503.html", status=503)
            response.headers["Retry-After"] = "5"
            return response
        logger.error("%s", exception)
        return render(request, "500.html", status=500)


def not_here() -> Http404:
    """What is said of a thing that does not exist, and of one that may not be seen: the same."""
    return Http404()
