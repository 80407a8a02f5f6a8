"""A work as it is told to machines: its words in the reader's language, and whole addresses."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from django.urls import reverse

from holdfast.formats.captions import Cue
from holdfast.model.asset import Statement, in_language
from holdfast.show import tracks
from holdfast.show.addresses import work_path
from holdfast.show.works import Work


@dataclass(frozen=True)
class Told:
    """A work, the languages it is told in (best first), where the site stands and what the archive is called."""

    work: Work
    languages: tuple[str, ...]
    origin: str
    archive: str

    @property
    def title(self) -> Statement:
        """Its title; its id if it has none."""
        return in_language(self.work.record.titles, self.languages) or Statement(self.work.id)

    @property
    def description(self) -> str:
        """Its description, "" if it has none."""
        said = in_language(self.work.record.descriptions, self.languages)
        return said.text if said else ""

    @property
    def page(self) -> str:
        """The address of its page."""
        return self.origin + work_path(self.work.id)

    @property
    def embed(self) -> str:
        """The address of its bare player."""
        return self.origin + reverse("embed", args=[self.work.id])

    @property
    def poster(self) -> str:
        """The address of its still, "" if there is none."""
        copy = self.work.shown_copy
        return self.file(copy.described["poster"]) if copy and copy.described.get("poster") else ""

    @property
    def duration(self) -> Fraction | None:
        """In seconds, of what can be watched; None if nothing can."""
        copy = self.work.shown_copy
        return copy.duration if copy and copy.duration > 0 else None

    @property
    def renditions(self) -> list[dict[str, Any]]:
        """What can be watched, as `access.json` says it, the smallest first."""
        copy = self.work.shown_copy
        return sorted(copy.described["renditions"], key=lambda one: one["size_bytes"]) if copy else []

    def file(self, name: str) -> str:
        """The address of a file of the copy that is shown."""
        copy = self.work.shown_copy
        return self.origin + reverse("media", args=[self.work.id, copy.digest, name]) if copy else ""

    def captions(self) -> list[tuple[str, tuple[Cue, ...]]]:
        """Each text with times, and its language; those that cannot be read are left out."""
        return [(one.language, one.cues) for one in tracks.transcripts(self.work)]


def mime(rendition: dict[str, Any]) -> str:
    """The media type of a rendition."""
    return "video/mp4" if rendition.get("width") else "audio/mp4"
