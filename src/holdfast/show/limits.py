"""How often somebody may: counted by where they come from, in memory alone, and nobody can be found by the counts.

A count stands under a keyed digest of an address. The key is random, made anew every day and at every start, and never
written down; addresses are not kept at all. An IPv6 address counts as its /64, the least that a household gets.
"""

from __future__ import annotations

import hashlib
import ipaddress
import secrets
import threading
import time
from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.http import HttpRequest

DAY_S = 24 * 3600
MOST_COUNTED = 50_000  # beyond so many at once somebody is playing with addresses: the oldest are forgotten
V6_HOUSEHOLD = 64


class Limit:
    """At most `most` times in `window_s` seconds from one place; safe to share between threads."""

    def __init__(self, most: int, window_s: float, clock: Callable[[], float] = time.monotonic) -> None:
        self.most = most
        self._window_s = window_s
        self._clock = clock
        self._lock = threading.Lock()
        self._key, self._made_at = secrets.token_bytes(32), clock()
        self._seen: dict[bytes, deque[float]] = {}

    def allows(self, place: str) -> bool:
        """Count one more time from this place, if it may be; False, and nothing counted, if not."""
        now = self._clock()
        with self._lock:
            if now - self._made_at > DAY_S:
                self._key, self._made_at, self._seen = secrets.token_bytes(32), now, {}
            name = hashlib.blake2b(place.encode(), key=self._key, digest_size=16).digest()
            times = self._seen.pop(name, deque())
            while times and now - times[0] >= self._window_s:
                times.popleft()
            allowed = len(times) < self.most
            if allowed:
                times.append(now)
            if times:
                self._seen[name] = times  # the last that was seen stands last
            if len(self._seen) > MOST_COUNTED:
                del self._seen[next(iter(self._seen))]
        return allowed

    def forget(self) -> None:
        """Begin anew."""
        with self._lock:
            self._seen.clear()


def place_of(request: HttpRequest) -> str:
    """Where a request comes from, as far as limits go. With `proxies` set, what the outermost of ours wrote down."""
    from allauth.core.internal.httpkit import get_client_ip
    from django.core.exceptions import ImproperlyConfigured

    try:
        address = get_client_ip(request)
    except ImproperlyConfigured:  # it came past the proxies
        address = request.META.get("REMOTE_ADDR")
    return household(address or "")


def household(address: str) -> str:
    """What counts as one place: an IPv4 address, the /64 of an IPv6 one; what is no address as it is."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv6Address):
        mapped = parsed.ipv4_mapped
        return str(mapped or ipaddress.ip_network((parsed, V6_HOUSEHOLD), strict=False))
    return str(parsed)
