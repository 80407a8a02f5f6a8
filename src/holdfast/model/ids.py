"""Identifiers that people may read aloud, print and type.

An id is twelve random characters and one check character, of an alphabet of 29 that has no vowels (so no words),
no `l` (so no quarrel with `1`) and no upper case. The check character notices every single wrong character and
every exchange of two different characters: the modulus 29 is prime and greater than the length, so neither error can
leave the weighted sum as it was.

Source: the NOID check digit algorithm (NCDA) and its "betanumeric" alphabet, as used for ARK identifiers by
libraries and archives. An id can therefore become an ARK without being changed.

    >>> str(parse_asset_id("K7M2-X9QD-4HTB-R"))
    'k7m2x9qd4htbr'
"""

from __future__ import annotations

import secrets
import unicodedata
from dataclasses import dataclass

from holdfast.errors import UnknownAsset

ALPHABET = "0123456789bcdfghjkmnpqrstvwxz"
RANDOM_LENGTH = 12  # 29^12 is about 3.5e17: ten million assets meet by chance with odds of 1 in 7,000
SCHEME = "holdfast"
_GAPS = {"Cc", "Cf", "Pd", "Zs", "Zl", "Zp"}  # what word processors make of spaces and hyphens, ends of lines included


@dataclass(frozen=True, order=True)
class AssetId:
    """The name of an asset for ever: opaque, never reused, in its canonical spelling (13 characters)."""

    text: str

    def __str__(self) -> str:
        return self.text

    @property
    def object_id(self) -> ObjectId:
        """The OCFL object that holds this asset."""
        return ObjectId(f"{SCHEME}:asset:{self.text}")


@dataclass(frozen=True, order=True)
class ObjectId:
    """The id of an OCFL object, as it stands in its inventory: `holdfast:<kind>:<name>`."""

    text: str

    def __str__(self) -> str:
        return self.text

    @property
    def kind(self) -> str:
        """`asset`, `journal`, ...; empty for an object that Holdfast did not name."""
        parts = self.text.split(":", 2)
        return parts[1] if len(parts) == 3 and parts[0] == SCHEME else ""

    @property
    def name(self) -> str:
        """What follows the kind; the whole id for an object that Holdfast did not name."""
        return self.text.split(":", 2)[2] if self.kind else self.text

    def as_asset_id(self) -> AssetId:
        """The asset held in this object.

        Raises:
            UnknownAsset: the object is of another kind, its name fails the check character, or is spelled otherwise
                than we do (it would be another object than the one the id leads to).
        """
        if self.kind != "asset":
            raise UnknownAsset(asset=self.text, hint=" (this object is of another kind)")
        asset = parse_asset_id(self.name)
        if asset.text != self.name:
            raise UnknownAsset(asset=self.text, hint=f" (it is spelled {asset})")
        return asset


def new_asset_id() -> AssetId:
    """A fresh id from the system's randomness. Whoever stores it still refuses one that is taken."""
    body = "".join(secrets.choice(ALPHABET) for _ in range(RANDOM_LENGTH))
    return AssetId(body + check_character(body))


def new_object_id(kind: str) -> ObjectId:
    """A fresh id for an object of this kind; its name is made as an asset's is."""
    return ObjectId(f"{SCHEME}:{kind}:{new_asset_id()}")


def named(kind: str, name: str) -> ObjectId:
    """The object of this kind and name.

    Raises:
        ValueError: the name is no id, or is spelled otherwise than we do.
    """
    try:
        spelled = parse_asset_id(name).text
    except UnknownAsset as error:
        raise ValueError(error.sentences()[0]) from None
    if spelled != name:
        raise ValueError(f"{name!r} is to be spelled {spelled}")
    return ObjectId(f"{SCHEME}:{kind}:{name}")


def check_character(body: str) -> str:
    """The character that completes `body`: its positions, counted from 1, weigh its characters' values mod 29."""
    total = sum(position * ALPHABET.index(character) for position, character in enumerate(body, start=1))
    return ALPHABET[total % len(ALPHABET)]


def parse_asset_id(text: str) -> AssetId:
    """The id that somebody typed or pasted; hyphens of any kind, spaces and upper case do not matter.

    Raises:
        UnknownAsset: wrong length, a character outside the alphabet, or a wrong check character (a typing error).
    """
    spelled = "".join(c for c in text if unicodedata.category(c) not in _GAPS).lower()
    if len(spelled) != RANDOM_LENGTH + 1:
        raise UnknownAsset(asset=text, hint=f" (an id has {RANDOM_LENGTH + 1} characters, this has {len(spelled)})")
    strange = sorted(set(spelled) - set(ALPHABET))
    if strange:
        raise UnknownAsset(asset=text, hint=f" (ids never contain {', '.join(strange)})")
    if check_character(spelled[:-1]) != spelled[-1]:
        raise UnknownAsset(asset=text, hint=" (mistyped: its check character does not fit)")
    return AssetId(spelled)
