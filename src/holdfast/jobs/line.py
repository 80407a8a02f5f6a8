"""The line between a body and its runner: progress one way, the wish to stop the other way."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from holdfast.jobs.queue import Json

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Line:
    """What a body talks through: it tells how far it is and hears when it should stop.

    Two small files, because a folder is the one channel that threads, processes and (on a shared disk) a cluster
    have in common. Where the folder cannot be reached, telling is without effect and nobody asks to stop.
    """

    folder: str

    def tell(self, fraction: float) -> None:
        """Notes that this fraction (0 to 1) of the work is done."""
        target = Path(self.folder) / "progress"
        try:
            target.with_suffix(".new").write_text(f"{fraction:.4f}")
            target.with_suffix(".new").replace(target)
        except OSError:
            log.debug("progress cannot be told")

    def should_stop(self) -> bool:
        """Whether the body should raise `CancelledError` as soon as it can."""
        return (Path(self.folder) / "stop").exists()

    def heard(self) -> float:
        """What was told last."""
        try:
            return float((Path(self.folder) / "progress").read_text())
        except (OSError, ValueError):
            return 0.0

    def ask_to_stop(self) -> None:
        """Makes `should_stop` true."""
        (Path(self.folder) / "stop").touch()


Handler = Callable[[Json, Line], Json]
"""A body: takes the job's args, gives its result. For a process pool it must be a function that can be imported."""
