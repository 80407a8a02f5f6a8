"""The site as Django knows it."""

from __future__ import annotations

from django.apps import AppConfig


class ShowConfig(AppConfig):
    """One application: the site."""

    name = "holdfast.show"
    label = "show"
