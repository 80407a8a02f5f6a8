"""The findings of validation, and what each code means.

Codes that begin with E (a MUST is broken) or W (a SHOULD is) are those of the OCFL editors, so that a finding can be
looked up, compared with another validator's and linked to its clause; the sentences are ours. Codes that begin with H
are ours too: H001, the storage would not show us something, so nothing can be said about it; H002, an object lies in
the place of another, which OCFL itself leaves to the layout.

Source: OCFL 1.0 and 1.1, specification and validation codes.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Final

UNREADABLE: Final = "H001"
MISPLACED: Final = "H002"


@dataclass(frozen=True, order=True)
class Finding:
    """One thing that is not as it should be: its code, where (relative to what was looked at), and what was seen."""

    code: str
    path: str
    message: str

    @property
    def is_error(self) -> bool:
        """Whether it makes the object invalid; a warning (W...) does not."""
        return not self.code.startswith("W")

    def __str__(self) -> str:
        return f"{self.code} {self.path or '.'}: {self.message}"


def finding(code: str, path: str, message: str) -> Finding:
    """A finding whose texts can be printed anywhere: a name that is not Unicode is shown with escapes."""
    return Finding(code, _printable(path), _printable(message))


def _printable(text: str) -> str:
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else c.encode("unicode_escape", "surrogatepass").decode("ascii") for c in text)


def quoted(value: object) -> str:
    """A value from a document that we do not trust, short enough for a sentence."""
    if isinstance(value, dict | list):
        return "a JSON object" if isinstance(value, dict) else "a list"
    if not isinstance(value, str):
        return json.dumps(value)[:80]
    return repr(value if len(value) <= 80 else f"{value[:77]}...")


def sentence(code: str) -> str:
    """What a code means, in one sentence. Raises KeyError for a code that we never report."""
    return CODES[code][1]


def clause(code: str) -> str:
    """The anchor of the section in the OCFL text that the code belongs to; empty for our own. Raises KeyError."""
    return CODES[code][0]


def link(code: str, spec: str = "1.1") -> str:
    """The address of the very sentence in the OCFL text; empty for our own codes. Raises KeyError."""
    return f"https://ocfl.io/{spec}/spec/#{code}" if clause(code) else ""


CODES: Final[dict[str, tuple[str, str]]] = {
    "E001": ("object-structure", "Something lies in the object's root that has no place there."),
    "E003": ("object-conformance-declaration", "An object has exactly one declaration file."),
    "E004": ("object-conformance-declaration", "The declaration names an OCFL version that does not exist."),
    "E005": ("object-conformance-declaration", "The name of the declaration begins with 0=."),
    "E006": ("object-conformance-declaration", "The name of the declaration continues with ocfl_object_."),
    "E007": ("object-conformance-declaration", "The declaration holds its own name after 0= and a newline."),
    "E008": ("version-directories", "An object has at least one version."),
    "E009": ("version-directories", "Versions count from 1."),
    "E010": ("version-directories", "Versions count without a gap."),
    "E011": ("version-directories", "Where version numbers are padded, every one begins with a zero."),
    "E012": ("version-directories", "Version numbers are all plain, or all padded to the same length."),
    "E013": ("version-directories", "A later version is named in the manner of the first."),
    "E015": ("version-directories", "Beside its content, a version's folder holds only an inventory and its sidecar."),
    "E017": ("content-directory", "The name of the content folder has no slash."),
    "E018": ("content-directory", "The name of the content folder is not . or .. ."),
    "E019": ("content-directory", "The name of the content folder is fixed by the first version."),
    "E020": ("content-directory", "The name of the content folder is the same in every version."),
    "E023": ("content-directory", "Every content file is named in the manifest of its version's inventory."),
    "E024": ("content-directory", "There are no empty folders in a content folder."),
    "E025": ("digests", "Content is addressed by sha512 or sha256."),
    "E029": ("digests", "A sha1 is 40 hexadecimal digits."),
    "E030": ("digests", "A sha256 is 64 hexadecimal digits."),
    "E031": ("digests", "A sha512 is 128 hexadecimal digits."),
    "E032": ("digests", "A blake2b-512 is 128 hexadecimal digits."),
    "E033": ("inventory", "An inventory is JSON, in UTF-8, of the form that the specification gives."),
    "E036": ("inventory-structure", "An inventory has an id, a type, a digestAlgorithm and a head."),
    "E037": ("inventory-structure", "An object's id is a text, and the same in all its inventories."),
    "E038": ("inventory-structure", "An inventory's type is that of the OCFL version which the object declares."),
    "E040": ("inventory-structure", "The head names the newest version that the inventory describes."),
    "E041": ("inventory-structure", "An inventory has a manifest and versions."),
    "E042": ("manifest", "A content path leads from the object's root into a version's content folder."),
    "E043": ("versions", "An inventory has versions."),
    "E044": ("versions", "The versions of an inventory are a JSON object."),
    "E046": ("versions", "The versions in the inventory are those that have a folder."),
    "E047": ("versions", "Each version of an inventory is a JSON object."),
    "E048": ("version", "Each version has a created date and a state."),
    "E049": ("version", "A created date has seconds and a time zone (RFC 3339)."),
    "E050": ("version", "Each digest of a state stands, letter for letter, in the manifest."),
    "E051": ("version", "The logical paths of a digest are a list of texts."),
    "E052": ("version", "No part of a logical path is empty, . or .. ."),
    "E053": ("version", "A logical path neither begins nor ends with a slash."),
    "E054": ("version", "A user is a JSON object with a name."),
    "E056": ("fixity", "The algorithms of the fixity block are known to OCFL or to its extensions."),
    "E057": ("fixity", "Each fixity block has the form of a manifest."),
    "E058": ("inventory-digest", "Every inventory has a sidecar with its digest."),
    "E059": ("inventory-digest", "The sidecar's algorithm is the inventory's."),
    "E060": ("inventory-digest", "The sidecar gives the digest of the inventory."),
    "E061": ("inventory-digest", "A sidecar reads: digest, blanks, inventory.json."),
    "E063": ("version-inventory", "An object has an inventory in its root."),
    "E064": ("version-inventory", "The root's inventory equals that of the newest version."),
    "E066": ("version-inventory", "An older inventory shows the same states as the newest."),
    "E067": ("object-extensions", "The extensions folder of an object holds folders only."),
    "E069": ("root-structure", "A storage root declares itself."),
    "E070": ("root-structure", "ocfl_layout.json is a JSON object with an extension and a description."),
    "E071": ("root-structure", "ocfl_layout.json names a registered extension."),
    "E073": ("root-structure", "No folder of a storage root is empty."),
    "E076": ("root-conformance-declaration", "A storage root has exactly one declaration."),
    "E080": ("root-conformance-declaration", "The root's declaration holds its own name after 0= and a newline."),
    "E081": ("root-conformance-declaration", "No object declares a later OCFL version than its storage root."),
    "E083": ("root-hierarchies", "Each id has one place, the one that the layout computes."),
    "E084": ("root-hierarchies", "Between the storage root and the objects lie folders only."),
    "E085": ("root-hierarchies", "Every row of folders ends in an object."),
    "E090": ("filesystem-features", "There are no links or devices in a storage root."),
    "E092": ("manifest", "Each content file is there and has the digest that the manifest gives."),
    "E093": ("fixity", "Each file that the fixity block names is there and has the digest given."),
    "E094": ("version", "A message is a text."),
    "E095": ("version", "No logical path is given twice, and none is the folder of another."),
    "E096": ("manifest", "Each digest stands in the manifest once, in whatever case."),
    "E097": ("fixity", "Each digest stands in a fixity block once, in whatever case."),
    "E099": ("manifest", "No part of a content path is empty, . or .. ."),
    "E100": ("manifest", "A content path neither begins nor ends with a slash."),
    "E101": ("manifest", "No content path is given twice, and none is the folder of another."),
    "E102": ("inventory", "An inventory has no keys that the specification does not name."),
    "E103": ("conformance-of-prior-versions", "A later version follows the same or a later OCFL version."),
    "E106": ("manifest", "A manifest is a JSON object."),
    "E107": ("manifest", "Each digest of the manifest is shown by some version."),
    "E110": ("inventory-structure", "An object's id does not change between versions."),
    "E111": ("fixity", "The fixity block is a JSON object."),
    "E112": ("storage-root-extensions", "The extensions folder of a storage root holds folders only."),
    "W001": ("version-directories", "Version numbers should be plain: v1, v2, v3."),
    "W002": ("version-directories", "A version's folder should hold no folder but its content."),
    "W003": ("content-directory", "A version without new files should have no content folder."),
    "W004": ("digests", "Content should be addressed by sha512."),
    "W005": ("inventory-structure", "An object's id should be a URI."),
    "W007": ("version", "A version should have a message and a user."),
    "W008": ("version", "A user should have an address."),
    "W009": ("version", "A user's address should be a URI."),
    "W010": ("version-inventory", "Every version's folder should hold its inventory."),
    "W011": ("version-inventory", "An older inventory should tell the same about a version as the newest."),
    "W013": ("object-extensions", "The extensions of an object should be registered ones."),
    "W016": ("storage-root-extensions", "The extensions of a storage root should be registered ones."),
    UNREADABLE: ("", "The storage refused to show this; whether it is whole is not known."),
    MISPLACED: ("", "An object lies where, by the layout of the root, another one belongs."),
}

REGISTERED_EXTENSIONS: Final = frozenset(
    {
        "initial",
        "0001-digest-algorithms",
        "0002-flat-direct-storage-layout",
        "0003-hash-and-id-n-tuple-storage-layout",
        "0004-hashed-n-tuple-storage-layout",
        "0005-mutable-head",
        "0006-flat-omit-prefix-storage-layout",
        "0007-n-tuple-omit-prefix-storage-layout",
        "0008-schema-registry",
        "0009-digest-algorithms",
        "0010-differential-n-tuple-omit-prefix-storage-layout",
        "0011-direct-clean-path-layout",
        "0012-hash-and-no-prefix-id-n-tuple-storage-layout",
    }
)
"""Names in the register of OCFL community extensions (read in November 2026)."""

EXTENSION_ALGORITHMS: Final = frozenset({"blake2b-160", "blake2b-256", "blake2b-384", "sha512/256", "size"})
"""Fixity algorithms that only an extension names (0001, 0009): lawful, and ignored here."""
