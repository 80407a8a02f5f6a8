"""Compares the inventory of a version with the root's: the past must not have been told differently.

Source: OCFL 1.1, sections 3.3.1, 3.5.1 and 3.7.
"""

from __future__ import annotations

from holdfast.model.inventory import VersionNumber
from holdfast.ocfl.codes import quoted
from holdfast.ocfl.validate_inventory import Facts


def compare(root: Facts, prior: Facts, version: str) -> None:
    """Add to the findings of `prior`, the inventory in the folder `version`, where it contradicts the root's.

    Raises:
        ValueError: `version` is not the name of a version.
    """
    if prior.head is not None and prior.head != version:
        prior.add("E040", f"the head is {quoted(prior.head)}, in the folder of {version}")
    if None not in (prior.object_id, root.object_id) and prior.object_id != root.object_id:
        message = f"the id is {quoted(prior.object_id)}, in the root {quoted(root.object_id)}"
        prior.add("E037", message)
        if not root.is_1_0:
            prior.add("E110", message)
    if prior.content_directory != root.content_directory:
        is_first = VersionNumber.parse(version).number == 1
        prior.add(
            "E019" if is_first else "E020",
            f"the content folder is {quoted(prior.content_directory)}, in the root {quoted(root.content_directory)}",
        )
    for name, block in prior.blocks.items():
        if name not in root.blocks:
            prior.add("E066", f"it describes {quoted(name)}, which the root's inventory does not have")
        elif block != root.blocks[name]:
            _same_metadata(root, prior, name)
            _same_state(root, prior, name)
        elif prior.algorithm != root.algorithm:  # the same words, but they mean other digests
            _same_state(root, prior, name)


def _same_metadata(root: Facts, prior: Facts, name: str) -> None:
    for key in ("created", "message", "user"):
        if prior.blocks[name].get(key) != root.blocks[name].get(key):
            prior.add("W011", f"the {key} of {name} differs from the root's inventory")


def _same_state(root: Facts, prior: Facts, name: str) -> None:
    """The same names must show the same bytes; of digests of two kinds, their content paths tell whether they do."""
    before, now = prior.states.get(name, {}), root.states.get(name, {})
    if before.keys() != now.keys():
        odd = min(before.keys() ^ now.keys())
        prior.add("E066", f"{name} differs from the root's inventory, which {_has(odd in now)} {quoted(odd)}")
        return
    for path, digest in before.items():
        if prior.algorithm == root.algorithm:
            same = digest == now[path]
        else:
            same = not prior.content_of(digest).isdisjoint(root.content_of(now[path]))
        if not same:
            prior.add("E066", f"{name} shows other bytes as {quoted(path)} than the root's inventory")


def _has(there: bool) -> str:
    return "has" if there else "does not have"
