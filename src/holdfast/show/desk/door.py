"""Who may come in. To everybody else the desk does not exist: the answer is 404, as for any address that is none."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any

from django.views.decorators.cache import never_cache

from holdfast.show.middleware import not_here
from holdfast.show.reader import CURATING, Role, reader_of

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponseBase

View = Callable[..., "HttpResponseBase"]


def curating(view: View) -> View:
    """The view, for curators, custodians and administrators; its answers are kept by no cache."""
    return _for(CURATING, view)


def administering(view: View) -> View:
    """The view, for administrators alone."""
    return _for(frozenset({Role.ADMIN}), view)


def _for(roles: frozenset[Role], view: View) -> View:
    @never_cache
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **values: Any) -> HttpResponseBase:
        if reader_of(request).role not in roles:
            raise not_here()
        return view(request, *args, **values)

    return guarded
