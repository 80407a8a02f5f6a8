"""Which of the works that something waits on are seen by whoever decides: asked of those works, never of all."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

from holdfast.catalog import visible
from holdfast.show import site
from holdfast.show.reader import Reader


@dataclass(frozen=True)
class Sight:
    """What one reader sees, for the length of a request. What was asked once is not asked again."""

    reader: Reader
    _known: dict[str, str | None] = field(default_factory=dict)

    def titles(self, works: Collection[str]) -> dict[str, str]:
        """The titles of those of these works that are seen, by id."""
        asked = set(works) - self._known.keys()
        if asked:
            with site.catalogue() as connection:
                seen = visible.visible_assets(connection, asked, self.reader.levels, self.reader.languages)
            self._known.update({work: seen[work].title if work in seen else None for work in asked})
        return {work: title for work in works if (title := self._known[work]) is not None}
