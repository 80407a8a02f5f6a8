"""How a deed tells of its progress: whoever runs it may watch, and nothing depends on being watched."""

from __future__ import annotations

from typing import Protocol


class Watch(Protocol):
    """Told what a deed is at. All of it may be ignored; none of it may raise."""

    def begin(self, what: str, *, items: int | None = None, size_bytes: int | None = None) -> None:
        """A stage of the work starts: how many items and bytes it has, where that is known."""

    def at(self, name: str) -> None:
        """Work on this item begins."""

    def advance(self, size_bytes: int) -> None:
        """So many more bytes are done. May be called from several threads."""

    def done(self, result: object) -> None:
        """One item is done; `result` is what the deed says of it."""

    def note(self, text: str) -> None:
        """Something that people should know and that is nobody's fault."""


class NobodyWatches:
    """Watches nothing."""

    def begin(self, what: str, *, items: int | None = None, size_bytes: int | None = None) -> None:
        """Ignored."""

    def at(self, name: str) -> None:
        """Ignored."""

    def advance(self, size_bytes: int) -> None:
        """Ignored."""

    def done(self, result: object) -> None:
        """Ignored."""

    def note(self, text: str) -> None:
        """Ignored."""


UNWATCHED: Watch = NobodyWatches()
