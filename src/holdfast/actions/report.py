"""The report of restorations: a page for each work, for people, with stills either side of every join."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import holdfast
from holdfast.actions.apart import Apart
from holdfast.actions.archive import Archive
from holdfast.actions.restore import Restored
from holdfast.actions.writing import write
from holdfast.errors import HoldfastError
from holdfast.formats.restoration import restoration_html
from holdfast.keep.found import read_found
from holdfast.model.restoration import Join, Origin, Restoration, joins_of
from holdfast.model.time import clock

if TYPE_CHECKING:
    from holdfast.jobs.line import Line
    from holdfast.model.edit import EditList

NOTHING_FOUND = "nothing found"


def write_reports(archive: Archive, done: Sequence[Restored], folder: Path) -> list[Path]:
    """A page for each work of which anything is known, in `folder`; where they are.

    Raises:
        DiskFull, StorageRefused: the folder cannot be written to; each page that is there is whole.
    """
    pages = []
    with Apart() as apart:
        for one in done:
            if one.edits is None:
                continue
            page = folder / f"{one.asset}.html"
            write(page, restoration_html(_told(archive, one, one.edits, apart)))
            pages.append(page)
    return pages


def _told(archive: Archive, one: Restored, edits: EditList, apart: Apart) -> Restoration:
    made = one.made if one.is_new or one.before == edits else None  # else it is of another edit list than this page
    path = None
    if made is not None:
        path = archive.folder / archive.root.place_of(f"holdfast:asset:{one.asset}", made.file)
    joins = joins_of(edits)
    if path is not None and joins and made is not None and made.file.endswith(".mkv"):
        joins = _with_stills(joins, path, edits, apart)
    return Restoration(
        edits=edits,
        before=one.before,
        joins=joins,
        origins=tuple(_origin(archive, digest) for digest in edits.sources),
        doubts=tuple(note for note in one.notes if note not in edits.notes),
        wanted=tuple(f"{clock(gap.start)} to {clock(gap.end)}: nobody has a picture of it yet" for gap in edits.gaps),
        digest=str(made.digest) if made else "",
        file=made.file.rpartition("/")[2] if made else "",
        made=made.kept_at if made else None,
        program=f"Holdfast {holdfast.__version__}",
        state="" if one.state == NOTHING_FOUND else one.state,  # of now; what was found before is told by its edit list
    )


def _origin(archive: Archive, digest: str) -> Origin:
    try:
        record = read_found(archive.root, digest)
    except HoldfastError:
        return Origin(digest)
    said = "; ".join(dict.fromkeys(came.source for came in record.provenance if came.source))
    return Origin(digest, said, record.kept_at)


def _with_stills(joins: Sequence[Join], path: Path, edits: EditList, apart: Apart) -> tuple[Join, ...]:
    """The joins with the last frame before and the first after each, as the reconstruction shows them."""
    frame = 1 / edits.frame_rate
    times = [time for join in joins for time in (join.at - frame / 2, join.at + frame / 2)]
    try:
        jpegs: list[bytes] = apart.submit(stills_body, {"path": str(path), "times": times}).result()
    except HoldfastError:
        return tuple(joins)
    return tuple(replace(join, before_jpeg=jpegs[2 * n], after_jpeg=jpegs[2 * n + 1]) for n, join in enumerate(joins))


def stills_body(args: Mapping[str, Any], line: Line) -> list[bytes]:  # noqa: ARG001 (a body takes one)
    """The body: JPEG pictures of the film at `path` at `times`."""
    from holdfast.media.moments import pictures_at

    return pictures_at(Path(args["path"]), args["times"])
