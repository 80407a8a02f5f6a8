"""The site as Django knows it."""

from __future__ import annotations

from django.apps import AppConfig


class ShowConfig(AppConfig):
    """One application: the site."""

    name = "holdfast.show"
    label = "show"

    def ready(self) -> None:
        """What listens is in place before anybody can sign in."""
        from holdfast.show import accounts  # noqa: F401 (importing it is what makes it listen)
