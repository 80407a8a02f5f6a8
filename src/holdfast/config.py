"""Settings: `holdfast.toml` of an archive and the environment, read once and passed on as a value."""

from __future__ import annotations

import os
import re
import tomllib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from holdfast.errors import BadSettings, BadValue, NewerArchive, NotAnArchive
from holdfast.model.language import is_well_formed
from holdfast.model.rights import AccessLevel

SETTINGS_FILE = "holdfast.toml"
ARCHIVE_VARIABLE = "HOLDFAST_ARCHIVE"
BY_VARIABLE = "HOLDFAST_BY"
LAYOUT_VERSION = 1
MAXIMUM_BYTES = 1024 * 1024  # a settings file beyond this was never one
GIB = 1024**3
A_NAME = "a name on one line that is not empty"
_HALF_CHARACTER = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True)
class Settings:
    """What an archive wants to be. Missing lines have these defaults; unknown lines are left alone.

    Raises:
        BadValue: the custodian's name is empty or has line ends: no version could be kept under it.
    """

    name: str = ""
    custodian: str = "unnamed custodian"
    access: AccessLevel = AccessLevel.CURATORS
    languages: tuple[str, ...] = ("en", "ru", "zh", "de", "ko")
    space_reserve_bytes: int = GIB
    site_address: str = ""
    open_sign_up: bool = True
    open_contributions: bool = True
    proxies: int = 0
    largest_upload_bytes: int = 20 * GIB

    def __post_init__(self) -> None:
        if not _is_name(self.custodian):
            raise BadValue(name="the custodian", found=self.custodian, expected=A_NAME)


def settings_text(settings: Settings) -> str:
    """A `holdfast.toml` that explains itself.

    `load_settings` gives the same settings again, but for two things that the file cannot hold: half of a character,
    which becomes U+FFFD, and parts of a GiB, which are rounded up.
    """
    return f"""# Settings of this Holdfast archive. What is kept lies in ocfl/ and can be read without this program.
layout = {LAYOUT_VERSION}

[archive]
name = {_quoted(settings.name)}
# The name under which deeds are recorded. Choose one that may be public; it is never taken from the machine.
custodian = {_quoted(settings.custodian)}

[add]
# Who may see what is added: public, members, curators or sealed. Closed until somebody decides otherwise.
access = {_quoted(settings.access.value)}

[show]
# Languages in the order of preference, for titles and lists.
languages = [{", ".join(_quoted(language) for language in settings.languages)}]
# The address under which the public finds the site, as "https://archive.example.org"; empty: this machine only.
address = {_quoted(settings.site_address)}
# Whether strangers may make themselves an account. They see no more with it; they can comment.
open_sign_up = {"true" if settings.open_sign_up else "false"}
# Whether strangers may send files in. They wait apart until a curator decides; no account is needed.
open_contributions = {"true" if settings.open_contributions else "false"}
# How many web servers stand before it and write X-Forwarded-For: 0 if browsers reach it directly.
proxies = {settings.proxies}
# The largest file that may be sent in through the site, in GiB.
largest_upload_gib = {-(-settings.largest_upload_bytes // GIB)}

[doctor]
# Warn when less than this is free.
space_reserve_gib = {-(-settings.space_reserve_bytes // GIB)}
"""


def _quoted(text: str) -> str:
    return '"' + "".join(map(_written, _HALF_CHARACTER.sub("\ufffd", text))) + '"'


def _written(character: str) -> str:
    if character in '"\\':
        return f"\\{character}"
    return character if character.isprintable() else f"\\U{ord(character):08x}"


def load_settings(folder: Path, environment: Mapping[str, str] = os.environ) -> Settings:
    """The settings of the archive in `folder`; lines that this program does not know are left alone.

    Raises:
        NotAnArchive: there is no holdfast.toml.
        NewerArchive: its layout is of a later version.
        BadSettings: it is not TOML, or a line or $HOLDFAST_BY has a value that cannot be meant.
    """
    path = folder / SETTINGS_FILE
    lines = _Lines(path, _parsed(path, folder))
    lines.check_layout(folder)
    default = Settings()
    custodian = lines.custodian("archive", "custodian", default.custodian)
    acting = environment.get(BY_VARIABLE) or custodian
    if not _is_name(acting):
        raise BadSettings(setting=f"${BY_VARIABLE}", path="the environment", found=_shown(acting), expected=A_NAME)
    return Settings(
        name=lines.text("archive", "name", default.name),
        custodian=acting,
        access=lines.access("add", "access", default.access),
        languages=lines.languages("show", "languages", default.languages),
        space_reserve_bytes=lines.whole("doctor", "space_reserve_gib", default.space_reserve_bytes // GIB) * GIB,
        site_address=lines.address("show", "address", default.site_address),
        open_sign_up=lines.yes_or_no("show", "open_sign_up", default=default.open_sign_up),
        open_contributions=lines.yes_or_no("show", "open_contributions", default=default.open_contributions),
        proxies=lines.whole("show", "proxies", default.proxies),
        largest_upload_bytes=lines.whole("show", "largest_upload_gib", default.largest_upload_bytes // GIB) * GIB,
    )


def find_archive(named: Path | None, here: Path, environment: Mapping[str, str] = os.environ) -> Path:
    """The archive's folder: the one that was named, else the environment's, else the one around `here`.

    Raises:
        NotAnArchive: it has no holdfast.toml, or none was found.
    """
    given = named or (Path(environment[ARCHIVE_VARIABLE]) if environment.get(ARCHIVE_VARIABLE) else None)
    if given is not None:
        if not _is_archive(given):
            raise NotAnArchive(path=given)
        return given.absolute()
    here = here.absolute()
    for folder in (here, *here.parents):
        if _is_archive(folder):
            return folder
    raise NotAnArchive(path=here)


def _is_archive(folder: Path) -> bool:
    try:
        return (folder / SETTINGS_FILE).is_file()
    except (OSError, ValueError):  # a folder that may not be looked into, a name that cannot be
        return False


def _parsed(path: Path, folder: Path) -> Mapping[str, object]:
    try:
        with path.open("rb") as stream:
            data = stream.read(MAXIMUM_BYTES + 1)
        if len(data) > MAXIMUM_BYTES:
            raise BadSettings(setting="file", path=path, found="very large", expected="a few lines of TOML")
        return tomllib.loads(data.decode("utf-8-sig"))  # editors of another system put a mark before the first line
    except FileNotFoundError:
        raise NotAnArchive(path=folder) from None
    except RecursionError as error:
        raise BadSettings(
            setting="file", path=path, found="nested very deeply", expected="a few lines of TOML"
        ) from error
    except (ValueError, OSError) as error:
        raise BadSettings(setting="file", path=path, found=str(error), expected="TOML in UTF-8") from error


class _Lines:
    """Takes settings out of parsed TOML, each with its table, and refuses what cannot be meant."""

    def __init__(self, path: Path, plain: Mapping[str, object]) -> None:
        self._path = path
        self._plain = plain

    def check_layout(self, folder: Path) -> None:
        """Whether the archive is laid out as this program knows it. Raises NewerArchive, BadSettings."""
        layout = self._plain.get("layout")
        if isinstance(layout, int) and layout > LAYOUT_VERSION:
            raise NewerArchive(path=folder, found=layout, known=LAYOUT_VERSION)
        if type(layout) is not int or layout != LAYOUT_VERSION:  # to Python, true and 1.0 are 1 as well
            raise self._bad("layout", layout, f"the number {LAYOUT_VERSION}")

    def text(self, table: str, key: str, default: str) -> str:
        """A text."""
        value = self._value(table, key, default)
        if not isinstance(value, str):
            raise self._bad(f"{table}.{key}", value, "a text in quotes")
        return value

    def custodian(self, table: str, key: str, default: str) -> str:
        """A name that can stand in every version that is kept."""
        value = self.text(table, key, default)
        if not _is_name(value):
            raise self._bad(f"{table}.{key}", value, A_NAME)
        return value

    def whole(self, table: str, key: str, default: int) -> int:
        """A number that counts something."""
        value = self._value(table, key, default)
        if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 2**31:
            raise self._bad(f"{table}.{key}", value, "a whole number, 0 or more")
        return value

    def access(self, table: str, key: str, default: AccessLevel) -> AccessLevel:
        """An access level."""
        value = self._value(table, key, default)
        try:
            return AccessLevel(value)  # type: ignore[arg-type]  # whatever it is, only its own words are let in
        except ValueError:
            raise self._bad(f"{table}.{key}", value, f"one of {', '.join(AccessLevel)}") from None

    def address(self, table: str, key: str, default: str) -> str:
        """The address of a site, without a path; or nothing."""
        value = self.text(table, key, default).rstrip("/")
        parts = urlsplit(value)
        if value and (parts.scheme not in ("http", "https") or not parts.hostname or value.count("/") > 2):
            raise self._bad(f"{table}.{key}", value, 'an address like "https://archive.example.org"')
        return value

    def yes_or_no(self, table: str, key: str, *, default: bool) -> bool:
        """A choice of two."""
        value = self._value(table, key, default)
        if not isinstance(value, bool):
            raise self._bad(f"{table}.{key}", value, "true or false")
        return value

    def languages(self, table: str, key: str, default: tuple[str, ...]) -> tuple[str, ...]:
        """A list of language tags."""
        value = self._value(table, key, list(default))
        if not isinstance(value, list) or not all(isinstance(item, str) and is_well_formed(item) for item in value):
            raise self._bad(f"{table}.{key}", value, 'a list of language tags like ["en", "zh-Hans"]')
        return tuple(value)

    def _value(self, table: str, key: str, default: object) -> object:
        lines = self._plain.get(table, {})
        if not isinstance(lines, dict):
            raise self._bad(table, lines, f"a table: a line [{table}] with its settings below it")
        return lines.get(key, default)

    def _bad(self, setting: str, found: object, expected: str) -> BadSettings:
        return BadSettings(setting=setting, path=self._path, found=_shown(found), expected=expected)


def _is_name(text: str) -> bool:
    return bool(text.strip()) and not any(unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp") for c in text)


def _shown(found: object) -> str:
    text = "missing" if found is None else repr(found)
    return text if len(text) <= 80 else text[:77] + "..."
