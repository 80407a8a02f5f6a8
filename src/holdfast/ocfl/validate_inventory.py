"""Judges one inventory by itself: a document goes in, its facts and the clauses it breaks come out. No storage.

Everything is read leniently: a block of the wrong form gives a finding and counts as empty, so that one wound does not
hide the others. Work stays in proportion to the document, whatever numbers or depths it claims.

Source: OCFL 1.0 and 1.1, sections 3.3 to 3.6.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from typing import Final

from holdfast.formats.inventory import (
    CONTENT_ALGORITHMS,
    HEX_LENGTH,
    TYPES,
    Pairs,
    parse_created,
)
from holdfast.model.inventory import CONTENT_DIRECTORY, VersionNumber, path_fault
from holdfast.ocfl.codes import EXTENSION_ALGORITHMS, Finding, finding, quoted

_KEYS: Final = {"id", "type", "digestAlgorithm", "head", "contentDirectory", "manifest", "versions", "fixity"}
_VERSION_KEYS: Final = {"created", "state", "message", "user"}
_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s]+")
_HEX = re.compile(r"[0-9a-f]+")
_HEX_CODES: Final = {"sha1": "E029", "sha256": "E030", "sha512": "E031", "blake2b-512": "E032"}


@dataclass
class Facts:
    """What an inventory says, as far as it can be understood; digests in lower case."""

    path: str
    findings: list[Finding] = field(default_factory=list)
    object_id: str | None = None
    spec: str | None = None
    algorithm: str | None = None
    head: str | None = None
    content_directory: str = CONTENT_DIRECTORY
    declares_content_directory: bool = False
    manifest: dict[str, list[str]] = field(default_factory=dict)
    """Content path to the digests given for it: one, in a sound inventory."""
    states: dict[str, dict[str, str]] = field(default_factory=dict)
    """Version to logical path to digest."""
    blocks: dict[str, Pairs] = field(default_factory=dict)
    """The version blocks as they stand, to compare them quickly."""
    fixity: list[tuple[str, str, str]] = field(default_factory=list)
    """(algorithm, digest, content path) for each algorithm that we can compute."""

    def add(self, code: str, message: str) -> None:
        """Note a finding about this inventory."""
        self.findings.append(finding(code, self.path, message))

    @property
    def is_1_0(self) -> bool:
        """Whether it is to be judged by the older specification."""
        return self.spec == "1.0"

    def content_of(self, digest: str) -> set[str]:
        """The content paths that the manifest gives for a digest."""
        return self._places.get(digest, set())

    @cached_property
    def _places(self) -> dict[str, set[str]]:
        places: dict[str, set[str]] = {}
        for path, digests in self.manifest.items():
            for digest in digests:
                places.setdefault(digest, set()).add(path)
        return places


def judge_inventory(document: object, path: str) -> Facts:
    """The facts and findings of the inventory at `path`, given as `formats.inventory.load_json` gave it."""
    facts = Facts(path)
    if not isinstance(document, Pairs):
        facts.add("E033", f"the inventory is {quoted(document)}, not a JSON object")
        return facts
    _keys(facts, document, _KEYS, "the inventory")
    _basics(facts, document)
    _content_directory(facts, document)
    used = _versions(facts, document)
    _manifest(facts, document, used)
    _fixity(facts, document)
    return facts


def is_uri(text: str) -> bool:
    """Whether a text has the form of a URI: a scheme, a colon, something without blanks."""
    return _URI.fullmatch(text) is not None


def _keys(facts: Facts, block: Pairs, known: Collection[str], what: str) -> None:
    for key in block.repeated:
        facts.add("E033", f"{what} gives {quoted(key)} more than once")
    for key in block.keys() - set(known):
        facts.add("E102", f"{what} has the key {quoted(key)}, which OCFL does not name")


# --------------------------------------------------------------------------------------- id, type, algorithm, folder


def _basics(facts: Facts, document: Pairs) -> None:
    for key in ("id", "type", "digestAlgorithm", "head"):
        if key not in document:
            facts.add("E036", f"the inventory has no {key}")
    if "id" in document:
        facts.object_id = _identifier(facts, document["id"])
    if "type" in document:
        declared = document["type"]
        facts.spec = TYPES.get(declared) if isinstance(declared, str) else None
        if facts.spec is None:
            facts.add("E038", f"the type is {quoted(declared)}, of no known OCFL version")
    if "digestAlgorithm" in document:
        facts.algorithm = _algorithm(facts, document["digestAlgorithm"])


def _identifier(facts: Facts, value: object) -> str | None:
    if not isinstance(value, str) or not value:
        facts.add("E037", f"the id is {quoted(value)}, not a text with something in it")
        return None
    if not is_uri(value):
        facts.add("W005", f"the id {quoted(value)} is not a URI")
    return value


def _algorithm(facts: Facts, value: object) -> str | None:
    if value not in CONTENT_ALGORITHMS:
        facts.add("E025", f"the digestAlgorithm is {quoted(value)}, not sha512 or sha256")
        return value if isinstance(value, str) and value in HEX_LENGTH else None
    if value != "sha512":
        facts.add("W004", "the digestAlgorithm is sha256")
    return str(value)


def _content_directory(facts: Facts, document: Pairs) -> None:
    if "contentDirectory" not in document:
        return
    facts.declares_content_directory = True
    value = document["contentDirectory"]
    if not isinstance(value, str) or not value or "/" in value or "\0" in value:
        facts.add("E017", f"the contentDirectory is {quoted(value)}")
    elif value in (".", ".."):
        facts.add("E018", f"the contentDirectory is {quoted(value)}")
    else:
        facts.content_directory = value


# ------------------------------------------------------------------------------------------------------- versions


def _versions(facts: Facts, document: Pairs) -> set[str] | None:
    """Judge the versions and the head; gives the digests they show as spelled, or None when nothing could be read."""
    value = document.get("versions")
    if not isinstance(value, Pairs):
        present = "versions" in document
        facts.add("E044" if present else "E043", f"versions is {quoted(value) if present else 'missing'}")
        return None
    for key in value.repeated:
        facts.add("E033", f"versions gives {quoted(key)} more than once")
    numbers = judge_numbers(facts, value, "versions of the inventory")
    _head(facts, document, value, numbers)
    used: set[str] = set()
    for name, block in value.items():
        if isinstance(block, Pairs):
            facts.blocks[name] = block
            used |= _version(facts, name, block)
        else:
            facts.add("E047", f"version {quoted(name)} is {quoted(block)}, not a JSON object")
    return used


def judge_numbers(facts: Facts, names: Collection[str], what: str) -> dict[str, VersionNumber]:
    """The numbers of version names, with findings for gaps and for names that are none or of another manner."""
    numbers: dict[str, VersionNumber] = {}
    for name in names:
        try:
            numbers[name] = VersionNumber.parse(name)
        except ValueError:
            facts.add("E046", f"the {what} hold {quoted(name)}, which cannot be a version's name")
    if not numbers:
        facts.add("E008", f"there are no {what}")
        return numbers
    distinct = {number.number for number in numbers.values()}
    if 1 not in distinct:
        facts.add("E009", f"the {what} begin with v{min(distinct)}, not with v1")
    if len(distinct) != max(distinct):
        facts.add("E010", f"the {what} are {len(distinct)}, but the highest is v{max(distinct)}")
    _manner(facts, numbers, what)
    return numbers


def _manner(facts: Facts, numbers: dict[str, VersionNumber], what: str) -> None:
    first = min(numbers.values())
    if first.width:
        facts.add("W001", f"the {what} are zero-padded")
    for name, number in numbers.items():
        if number.width == first.width:
            continue
        if first.width and not number.width:
            facts.add("E011", f"of the {what}, {name} does not begin with a zero as {first} does")
        else:
            facts.add("E012", f"of the {what}, {name} and {first} are padded differently")
        facts.add("E013", f"of the {what}, {name} is not named in the manner of {first}")


def _head(facts: Facts, document: Pairs, versions: Pairs, numbers: dict[str, VersionNumber]) -> None:
    if "head" not in document:
        return
    head = document["head"]
    if not isinstance(head, str):
        facts.add("E040", f"the head is {quoted(head)}, not a version's name")
        return
    facts.head = head
    newest = max(numbers, key=lambda name: numbers[name]) if numbers else None
    if head not in versions:
        facts.add("E040", f"the head is {quoted(head)}, which the inventory does not describe")
    elif newest is not None and head != newest:
        facts.add("E040", f"the head is {quoted(head)}, but {newest} is newer")


def _version(facts: Facts, name: str, block: Pairs) -> set[str]:
    what = f"version {quoted(name)}"
    _keys(facts, block, _VERSION_KEYS, what)
    for key in ("created", "state"):
        if key not in block:
            facts.add("E048", f"{what} has no {key}")
    if "created" in block:
        _created(facts, what, block["created"])
    if "message" not in block or "user" not in block:
        facts.add("W007", f"{what} lacks a message or a user")
    if not isinstance(block.get("message", ""), str):
        facts.add("E094", f"the message of {what} is {quoted(block['message'])}")
    if "user" in block:
        _user(facts, what, block["user"])
    return _state(facts, name, block["state"]) if "state" in block else set()


def _created(facts: Facts, what: str, value: object) -> None:
    try:
        parse_created(value if isinstance(value, str) else "")
    except ValueError:
        facts.add("E049", f"{what} was created {quoted(value)}: not a date and time to the second with a zone")


def _user(facts: Facts, what: str, value: object) -> None:
    if not isinstance(value, Pairs):
        facts.add("E054", f"the user of {what} is {quoted(value)}, not a JSON object")
        return
    _keys(facts, value, ("name", "address"), f"the user of {what}")
    if not isinstance(value.get("name"), str) or not value["name"]:
        facts.add("E054", f"the user of {what} has no name")
    address = value.get("address")
    if address is None:
        facts.add("W008", f"the user of {what} has no address")
    elif not isinstance(address, str) or not is_uri(address):
        facts.add("W009", f"the address of the user of {what} is {quoted(address)}, not a URI")


def _state(facts: Facts, name: str, value: object) -> set[str]:
    if not isinstance(value, Pairs):
        facts.add("E050", f"the state of version {quoted(name)} is {quoted(value)}, not a JSON object")
        return set()
    what = f"the state of version {quoted(name)}"
    for digest in value.repeated:
        facts.add("E050", f"{what} gives the digest {quoted(digest)} more than once")
    rows = list(_rows(facts, value, what, not_list="E051", element="E052", slash="E053"))
    _unique(facts, [path for _, path in rows], what, "E095")
    facts.states[name] = {path: digest.lower() for digest, path in rows}
    return set(value)


# ----------------------------------------------------------------------------------------------- manifest, fixity


def _manifest(facts: Facts, document: Pairs, used: set[str] | None) -> None:
    value = document.get("manifest")
    if not isinstance(value, Pairs):
        if "manifest" not in document:
            facts.add("E041", "the inventory has no manifest")
        else:
            facts.add("E041" if facts.is_1_0 else "E106", f"the manifest is {quoted(value)}, not a JSON object")
        value = Pairs()
    else:
        _hex(facts, value, facts.algorithm, "the manifest")
    _once(facts, value, "the manifest", "E096")
    rows = list(_rows(facts, value, "the manifest", not_list="E092", element="E099", slash="E100"))
    _unique(facts, [path for _, path in rows], "the manifest", "E101")
    for digest, path in rows:
        facts.manifest.setdefault(path, []).append(digest.lower())
        parts = path.split("/", 2)
        if len(parts) < 3 or parts[0] not in facts.blocks or parts[1] != facts.content_directory:
            facts.add("E042", f"the manifest names {quoted(path)}, which is in no version's content folder")
    if used is not None:
        _joined(facts, value, used)


def _joined(facts: Facts, manifest: Pairs, used: set[str]) -> None:
    lower = {digest.lower() for digest in manifest}
    for digest in sorted(used - manifest.keys()):
        also = ", only in other capitals" if digest.lower() in lower else ""
        facts.add("E050", f"a state shows the digest {digest[:12]}..., which the manifest does not have{also}")
    if not facts.is_1_0:
        shown = {digest.lower() for digest in used}
        for digest in sorted(lower - shown):
            facts.add("E107", f"the manifest has the digest {digest[:12]}..., which no version shows")


def _fixity(facts: Facts, document: Pairs) -> None:
    if "fixity" not in document:
        return
    value = document["fixity"]
    if not isinstance(value, Pairs):
        facts.add("E057" if facts.is_1_0 else "E111", f"the fixity block is {quoted(value)}, not a JSON object")
        return
    for algorithm, block in value.items():
        what = f"the fixity block of {quoted(algorithm)}"
        if algorithm not in HEX_LENGTH and algorithm not in EXTENSION_ALGORITHMS:
            facts.add("E056", f"the fixity block uses {quoted(algorithm)}, which is no known algorithm")
        if not isinstance(block, Pairs):
            facts.add("E057", f"{what} is {quoted(block)}, not a JSON object")
            continue
        _once(facts, block, what, "E097")
        _hex(facts, block, algorithm, what)
        rows = _rows(facts, block, what, not_list="E057", element="E099", slash="E100")
        if algorithm in HEX_LENGTH:
            facts.fixity += [(algorithm, digest.lower(), path) for digest, path in rows]
        else:
            list(rows)  # its form is judged, its digests are not (E028)


# ------------------------------------------------------------------------------------------------ rules they share


def _rows(
    facts: Facts, block: Pairs, what: str, *, not_list: str, element: str, slash: str
) -> Iterator[tuple[str, str]]:
    """The (digest, path) of a block, lawful paths only."""
    for digest, paths in block.items():
        if not isinstance(paths, list) or not all(isinstance(path, str) for path in paths):
            facts.add(not_list, f"{what} has {quoted(paths)} for {digest[:12]}..., not a list of paths")
            continue
        for path in paths:
            if path.startswith("/") or path.endswith("/"):
                facts.add(slash, f"{what} has the path {quoted(path)}, which begins or ends with a slash")
            elif fault := path_fault(path):
                facts.add(element, f"{what} has the path {quoted(path)}, which {fault}")
            else:
                yield digest, path


def _unique(facts: Facts, paths: list[str], what: str, code: str) -> None:
    # Sorted part by part, a folder stands just before what lies in it: neighbors are all that need comparing.
    rows = sorted(path.split("/") for path in paths)
    for former, latter in pairwise(rows):
        if latter[: len(former)] == former:
            how = "more than once" if former == latter else f"and below it {quoted('/'.join(latter))}"
            facts.add(code, f"{what} has {quoted('/'.join(former))} {how}")


def _once(facts: Facts, block: Pairs, what: str, code: str) -> None:
    seen: set[str] = set()
    for digest in [*block, *block.repeated]:
        if digest.lower() in seen:
            facts.add(code, f"{what} has the digest {digest[:12]}... more than once")
        seen.add(digest.lower())


def _hex(facts: Facts, block: Pairs, algorithm: str | None, what: str) -> None:
    length = HEX_LENGTH.get(algorithm or "")
    if length is None:
        return
    for digest in block:
        if len(digest) != length or not _HEX.fullmatch(digest.lower()):
            code = _HEX_CODES.get(algorithm or "", "E057")
            facts.add(code, f"{what} has {quoted(digest)}, which is not a digest of {algorithm}")
