"""The second half of the demo: the masters are lost, copies turn up, and the works are put together again.

What is lost is really lost: the bytes of the masters are removed from the archive's folder. The copies that turn up are
made from the films outside, each altered in one way or more; of one work nothing turns up.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from itertools import cycle, islice
from pathlib import Path

from holdfast.testing.copies import Film, Material, make_copy

# Of each work two copies: what is missing in one, or bad, the other may have.
HEAPS = (
    ("trim", "vhs"),
    ("mirror", "logosub"),
    ("boxed", "speed104"),
    ("crop15", "audio_only"),
    ("camphone", "trim"),
    ("reenc240", "logosub"),
)


def lose(archive: Path, places: Sequence[str]) -> None:
    """Remove these files of the archive, as a dead disk does."""
    for place in places:
        (archive / place).unlink()


def scatter(films: Sequence[Path], folder: Path, stranger: Path) -> list[Path]:
    """Altered copies of all these films but the last, in `folder`; where they are. What cannot be made is left out."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    filler = Film(stranger)
    found: list[Path] = []
    works = list(films[:-1])
    for number, (work, kinds) in enumerate(zip(works, islice(cycle(HEAPS), len(works)), strict=True)):
        for kind in kinds:
            try:
                made = make_copy(kind, Material((Film(work),), (filler,)), number, folder, f"{number:02d} {kind}")
            except (ValueError, OSError):
                continue  # a film without a sound has no copy that is sound alone
            found.append(folder / made.file)
    return found
