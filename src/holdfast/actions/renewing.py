"""Fingerprints that stand in objects and are no good: which they are, and why.

They are made anew by `work` from the film, as long as that is there; what was kept before stays in the object's
history. Whether one is good is seen

- quickly, by its head: whether it is a fingerprint, is all there, and was made as they are made now (its recipe);
- thoroughly, by all of its bytes: whether they have their digest, and say what a fingerprint can say.
"""

from __future__ import annotations

from dataclasses import dataclass

from holdfast.actions.archive import Archive
from holdfast.catalog import lists
from holdfast.catalog.lists import Film, Printed
from holdfast.errors import Damaged, HoldfastError, NotFound
from holdfast.model.ids import AssetId

WORK, RETRY = "holdfast work", "holdfast work --retry"


@dataclass(frozen=True)
class Fault:
    """What is wrong with a fingerprint or with the index, in a sentence, and the command that puts it right.

    `is_readable`: it is only that a new one would know more.
    """

    what: str
    remedy: str
    is_readable: bool = False


def fault_of(archive: Archive, printed: Printed, *, is_thorough: bool) -> Fault | None:
    """What is wrong with a fingerprint that stands in an object; None if nothing is, as far as was looked.

    Needs the extra [media]. Raises StorageFailure if the place of the object cannot be read at all.
    """
    from holdfast.formats.fingerprint import parse_fingerprint, read_recipe
    from holdfast.model.fingerprint import RECIPE

    name = f"{printed.asset} {printed.path}"
    object_id = str(AssetId(printed.asset).object_id)
    remedy = WORK
    try:
        with archive.root.open(object_id, printed.path) as stream:
            recipe = read_recipe(stream, printed.path)
        if is_thorough:
            remedy = RETRY  # who looks at heads only does not see it
            parse_fingerprint(archive.root.read(object_id, printed.path), printed.path)
    except (Damaged, NotFound) as error:
        return Fault(f"{name} cannot be read: {_reason(error)}", remedy)
    if recipe < RECIPE:
        return Fault(f"{name} was made in an older way (recipe {recipe}, now {RECIPE})", WORK, is_readable=True)
    return None


def to_be_renewed(archive: Archive, *, is_thorough: bool) -> list[Film]:
    """The films whose fingerprint is no good, in the order of their assets. Raises as `fault_of`."""
    with archive.catalog.engine.connect() as connection:
        fingerprinted = lists.films_with_fingerprint(connection)
    return [film for film, printed in fingerprinted if fault_of(archive, printed, is_thorough=is_thorough) is not None]


def _reason(error: HoldfastError) -> str:
    return str(error.values.get("reason") or error.sentences()[0].rstrip("."))
