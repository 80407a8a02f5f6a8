"""The inventory of an OCFL object: which versions it has, what each shows, and where the bytes lie.

A version's *state* maps a digest to logical paths (the names people see); the *manifest* maps a digest to content
paths (where the bytes lie inside the object). The digest joins the two, so equal bytes are kept once:

    logical path  masters/film.mp4  --state-->  9f86d0...  --manifest-->  v1/content/000000  content path

The two kinds of path are different types, and digests are lower-case hexadecimal, whatever case a file used.

Source: OCFL 1.1, sections 3.5 (inventory) and 3.3.1 (version directories).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property, total_ordering
from typing import NewType

from holdfast.errors import UnknownFile, UnknownObject

LogicalPath = NewType("LogicalPath", str)
"""A file's name in a version's state, `/`-separated, any script."""

ContentPath = NewType("ContentPath", str)
"""A file's place on disk, relative to the object's root: `v1/content/000000`."""

OCFL_VERSION = "1.1"
DIGEST_ALGORITHM = "sha512"
CONTENT_DIRECTORY = "content"

_VERSION = re.compile(r"v(0*)([1-9][0-9]{0,8})", re.ASCII)  # nine digits: no int of a hostile length is ever made


@total_ordering
@dataclass(frozen=True)
class VersionNumber:
    """`v1`, `v2`, ... `width` is the number of digits of a zero-padded name (`v0001`: 4), and 0 for a plain one."""

    number: int
    width: int = field(default=0, compare=False)

    def __str__(self) -> str:
        return f"v{self.number:0{self.width}d}"

    def __lt__(self, other: VersionNumber) -> bool:
        return self.number < other.number

    def next(self) -> VersionNumber:
        """The version after this one, spelled alike.

        Raises:
            ValueError: the zero-padded names are used up (`v09`: a padded name must begin with a zero).
        """
        following = VersionNumber(self.number + 1, self.width)
        if self.width and len(str(following.number)) >= self.width:
            raise ValueError(f"no version name of {self.width} digits follows {self}")
        return following

    @classmethod
    def parse(cls, text: str) -> VersionNumber:
        """The number that `text` spells. Raises ValueError on anything that is not a version name."""
        match = _VERSION.fullmatch(text)
        if not match:
            raise ValueError(f"not a version name: {text!r}")
        zeros, digits = match.groups()
        return cls(int(digits), len(zeros + digits) if zeros else 0)


V1 = VersionNumber(1)


@dataclass(frozen=True)
class Version:
    """One version: when and by whom it was made, and its state. Fields that we do not know stay in the extras."""

    created: datetime
    state: Mapping[str, tuple[LogicalPath, ...]]
    message: str | None = None
    user_name: str | None = None
    user_address: str | None = None
    extra: Mapping[str, object] = field(default_factory=dict)
    user_extra: Mapping[str, object] = field(default_factory=dict)
    # How `created` was spelled where it was read: a version once made keeps its metadata letter for letter (W011).
    created_text: str | None = field(default=None, compare=False)

    @cached_property
    def files(self) -> Mapping[LogicalPath, str]:
        """The state the other way round: the digest of each logical path."""
        return {path: digest for digest, paths in self.state.items() for path in paths}


@dataclass(frozen=True)
class Inventory:
    """All that an OCFL object says about itself. Digests are lower-case hexadecimal."""

    object_id: str
    head: VersionNumber
    manifest: Mapping[str, tuple[ContentPath, ...]]
    versions: Mapping[VersionNumber, Version]
    digest_algorithm: str = DIGEST_ALGORITHM
    content_directory: str = CONTENT_DIRECTORY
    fixity: Mapping[str, Mapping[str, tuple[ContentPath, ...]]] = field(default_factory=dict)
    spec: str = OCFL_VERSION
    extra: Mapping[str, object] = field(default_factory=dict)

    def version(self, number: VersionNumber | None = None) -> Version:
        """A version, the newest if none is named. Raises UnknownObject when the object has no such version."""
        wanted = number or self.head
        try:
            return self.versions[wanted]
        except KeyError:
            raise UnknownObject(object_id=f"{self.object_id} {wanted}") from None

    def state(self, version: VersionNumber | None = None) -> Mapping[LogicalPath, str]:
        """The digest of each logical path in a version (the newest). Raises UnknownObject."""
        return self.version(version).files

    def digest_of(self, logical: LogicalPath, version: VersionNumber | None = None) -> str:
        """The digest of one logical path. Raises UnknownFile, UnknownObject."""
        try:
            return self.state(version)[logical]
        except KeyError:
            raise UnknownFile(asset=self.object_id, file=logical) from None

    def content_of(self, logical: LogicalPath, version: VersionNumber | None = None) -> tuple[ContentPath, ...]:
        """Where the bytes of a logical path lie; more than one place holds the same bytes.

        Raises:
            UnknownFile: the version shows no such path, or the manifest has no content for it.
            UnknownObject: there is no such version.
        """
        places = self.manifest.get(self.digest_of(logical, version), ())
        if not places:
            raise UnknownFile(asset=self.object_id, file=logical)
        return places


def path_fault(path: str) -> str | None:
    """Why `path` cannot be a logical or content path: its words for people, or None if it can be one.

    Source: OCFL 1.1, section 3.5.2 and 3.5.3.1 (E052, E053, E099, E100); NUL is ours: no file system can hold it.
    """
    if not path:
        return "is empty"
    if path[0] == "/" or path[-1] == "/":
        return "begins or ends with a slash"
    if "\0" in path:
        return "contains a NUL"
    if not {"", ".", ".."}.isdisjoint(path.split("/")):
        return "has a part that is empty, . or .."
    return None
