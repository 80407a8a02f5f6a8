"""Settings: `holdfast.toml` of an archive and the environment, read once and passed on as a value."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from holdfast.errors import BadSettings, NewerArchive, NotAnArchive
from holdfast.model.rights import AccessLevel

SETTINGS_FILE = "holdfast.toml"
ARCHIVE_VARIABLE = "HOLDFAST_ARCHIVE"
BY_VARIABLE = "HOLDFAST_BY"
LAYOUT_VERSION = 1


@dataclass(frozen=True)
class Settings:
    """What an archive wants to be. Missing lines have these defaults; unknown lines are left alone."""

    name: str = ""
    custodian: str = "unnamed custodian"
    access: AccessLevel = AccessLevel.CURATORS
    languages: tuple[str, ...] = ("en", "ru", "zh", "de", "ko")
    space_reserve_bytes: int = 1024**3


def settings_text(settings: Settings) -> str:
    """A `holdfast.toml` that explains itself."""
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

[doctor]
# Warn when less than this is free.
space_reserve_gib = {settings.space_reserve_bytes // 1024**3}
"""


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in escaped) + '"'


def load_settings(folder: Path, environment: Mapping[str, str] = os.environ) -> Settings:
    """The settings of the archive in `folder`.

    Raises:
        NotAnArchive: there is no holdfast.toml.
        NewerArchive: its layout is of a later version.
        BadSettings: it is not TOML, or a line has a value that cannot be meant.
    """
    path = folder / SETTINGS_FILE
    try:
        plain = tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        raise NotAnArchive(path=folder) from None
    except (ValueError, OSError) as error:
        raise BadSettings(setting="file", path=path, found=str(error), expected="TOML in UTF-8") from error
    layout = plain.get("layout")
    if not isinstance(layout, int) or isinstance(layout, bool):
        raise BadSettings(setting="layout", path=path, found=layout, expected=f"the number {LAYOUT_VERSION}")
    if layout > LAYOUT_VERSION:
        raise NewerArchive(path=folder, found=layout, known=LAYOUT_VERSION)
    archive, add, show, doctor = (_table(plain, name, path) for name in ("archive", "add", "show", "doctor"))
    default = Settings()
    return Settings(
        name=_text(archive, "name", path, default.name),
        custodian=environment.get(BY_VARIABLE) or _text(archive, "custodian", path, default.custodian),
        access=_access(add, path),
        languages=_languages(show, path, default.languages),
        space_reserve_bytes=_whole(doctor, "space_reserve_gib", path, 1) * 1024**3,
    )


def find_archive(named: Path | None, here: Path, environment: Mapping[str, str] = os.environ) -> Path:
    """The archive's folder: the one that was named, else the environment's, else the one around `here`.

    Raises:
        NotAnArchive: it has no holdfast.toml, or none was found.
    """
    given = named or (Path(environment[ARCHIVE_VARIABLE]) if environment.get(ARCHIVE_VARIABLE) else None)
    if given is not None:
        if not (given / SETTINGS_FILE).is_file():
            raise NotAnArchive(path=given)
        return given.absolute()
    for folder in (here, *here.parents):
        if (folder / SETTINGS_FILE).is_file():
            return folder
    raise NotAnArchive(path=here)


def _table(plain: Mapping[str, object], name: str, path: Path) -> Mapping[str, object]:
    value = plain.get(name, {})
    if not isinstance(value, dict):
        raise BadSettings(setting=name, path=path, found=value, expected="a table")
    return value


def _text(table: Mapping[str, object], name: str, path: Path, default: str) -> str:
    value = table.get(name, default)
    if not isinstance(value, str):
        raise BadSettings(setting=name, path=path, found=value, expected="a text in quotes")
    return value


def _whole(table: Mapping[str, object], name: str, path: Path, default: int) -> int:
    value = table.get(name, default)
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise BadSettings(setting=name, path=path, found=value, expected="a whole number, 0 or more")
    return value


def _access(table: Mapping[str, object], path: Path) -> AccessLevel:
    value = table.get("access", Settings.access)
    try:
        return AccessLevel(str(value))
    except ValueError:
        words = ", ".join(AccessLevel)
        raise BadSettings(setting="access", path=path, found=value, expected=f"one of {words}") from None


def _languages(table: Mapping[str, object], path: Path, default: tuple[str, ...]) -> tuple[str, ...]:
    value = table.get("languages", list(default))
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise BadSettings(setting="languages", path=path, found=value, expected="a list of language tags")
    return tuple(value)
