"""What lies in the folders that somebody wants kept: which files are films or sound, and which belong beside them.

A sidecar joins the media file whose name it continues: `Harvest 1974.mp4` takes `Harvest 1974.info.json`,
`Harvest 1974.ru.vtt`, `Harvest 1974.jpg`. The longest fitting name wins, so `talk.part2.srt` goes to `talk.part2.mp4`
and not to `talk.mp4`, and `film.mp4.json` to `film.mp4` alone. Media files of the same stem (`film.mp4`, `film.webm`)
each take what continues the stem. Names that fit letter for letter go before those that fit once both are composed
(NFC): the same Korean or accented name comes in two spellings when a file has passed through a Mac.

Nothing is left out in silence: what is not gathered is named with a reason.
"""

from __future__ import annotations

import errno
import os
import stat
import unicodedata
from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

_MOVING = (
    "mp4 m4v mov qt mkv webm avi mpg mpeg mpe m2v m1v vob ts m2ts mts mxf dv dif wmv asf flv f4v ogv ogg ogm 3gp 3g2 "
    "rm rmvb divx y4m nut gxf lrv insv braw r3d"
)
_SOUND = "mp3 m4a aac wav bwf w64 rf64 flac oga opus wma aif aiff aifc caf mka ac3 dts amr spx ape wv"
MEDIA_SUFFIXES = frozenset(f".{suffix}" for suffix in f"{_MOVING} {_SOUND}".split())
CAPTION_SUFFIXES = frozenset((".vtt", ".srt", ".ass", ".ssa"))
PICTURE_SUFFIXES = frozenset((".jpg", ".jpeg", ".png", ".webp", ".gif"))
NOTE_SUFFIXES = frozenset((".json", ".description", ".nfo", ".xml", ".txt", ".md", ".html", ".url"))
SIDECAR_SUFFIXES = CAPTION_SUFFIXES | PICTURE_SUFFIXES | NOTE_SUFFIXES
UNFINISHED_SUFFIXES = frozenset((".part", ".ytdl", ".crdownload", ".partial", ".download", ".tmp", ".!ut", ".aria2"))
SYSTEM_NAMES = frozenset((".DS_Store", "Thumbs.db", "desktop.ini"))


@dataclass(frozen=True)
class Submission:
    """One media file and what lies beside it: the SIP of OAIS."""

    media: Path
    sidecars: tuple[Path, ...] = ()


@dataclass(frozen=True)
class PassedOver:
    """A path that was not gathered, and why. `is_fault` when its owner will have expected it to be."""

    path: Path
    reason: str
    is_fault: bool


@dataclass(frozen=True)
class Gathered:
    """What was found, in the order of names, and what was passed over."""

    submissions: tuple[Submission, ...]
    passed_over: tuple[PassedOver, ...]


def gather(paths: Sequence[Path]) -> Gathered:
    """The submissions below `paths`. Symbolic links inside a folder are not followed; a named path may be one.

    A file that is named outright is taken whatever it is, unless it is a sidecar of another one. Only the file system's
    listing is read here, no content.
    """
    files: dict[Path, bool] = {}  # path -> was it named outright
    passed: list[PassedOver] = []
    for path in paths:
        try:
            mode = path.stat().st_mode
        except OSError as error:
            passed.append(PassedOver(path, _reason(error), is_fault=True))
            continue
        if stat.S_ISDIR(mode):
            for found in _below(path, passed):
                files.setdefault(found, False)
        elif stat.S_ISREG(mode):
            files[path] = True
        else:
            passed.append(PassedOver(path, "is neither a file nor a folder", is_fault=True))
    for beside in _beside([path for path, named in files.items() if named]):
        files.setdefault(beside, False)
    return _paired(files, passed)


def _below(folder: Path, passed: list[PassedOver]) -> Iterable[Path]:
    waiting = deque([folder])
    while waiting:
        here = waiting.popleft()
        try:
            with os.scandir(here) as found:
                entries = sorted(found, key=lambda entry: entry.name)
        except OSError as error:
            passed.append(PassedOver(here, _reason(error), is_fault=True))
            continue
        for entry in entries:
            path = here / entry.name
            if entry.name in SYSTEM_NAMES or entry.name.startswith("._"):
                continue
            if entry.is_symlink():
                passed.append(PassedOver(path, "is a symbolic link; name its target to add it", is_fault=True))
            elif entry.is_dir():
                waiting.append(path)
            elif entry.is_file():
                yield path
            else:
                passed.append(PassedOver(path, "is neither a file nor a folder", is_fault=False))


def _beside(named: Sequence[Path]) -> Iterable[Path]:
    """What lies in the folders of these files and may be a sidecar of one of them; each folder is listed once."""
    stems: dict[Path, set[str]] = {}
    for path in named:
        stems.setdefault(path.parent, set()).add(_composed(path.stem))
    for folder, wanted in stems.items():
        try:
            with os.scandir(folder) as found:
                names = sorted(entry.name for entry in found if entry.is_file(follow_symlinks=False))
        except OSError:
            continue  # one may pass through it but not list it: then nothing lies beside, as far as we may know
        for name in names:
            path = folder / name
            if path.suffix.lower() in SIDECAR_SUFFIXES and not wanted.isdisjoint(_beginnings(_composed(name))):
                yield path


def _paired(files: dict[Path, bool], passed: list[PassedOver]) -> Gathered:
    media = [path for path, named in files.items() if _is_media(path) or (named and not _may_be_beside(path))]
    by_name = _by_name(media)
    joined: dict[Path, list[Path]] = {path: [] for path in media}
    for path, named in files.items():
        if path in joined:
            continue
        owners = _owners(path, by_name) if _may_be_beside(path) else []
        for owner in owners:
            joined[owner].append(path)
        if not owners:
            if named:
                joined[path] = []  # somebody asked for exactly this file: an archive does not argue
            else:
                passed.append(_left(path))
    submissions = tuple(Submission(path, tuple(sorted(sidecars))) for path, sidecars in sorted(joined.items()))
    return Gathered(submissions, tuple(sorted(passed, key=lambda p: p.path)))


def _by_name(media: Sequence[Path]) -> dict[tuple[Path, str], list[Path]]:
    """The media files that a beginning of a sidecar's name may mean: by stem, by whole name, both also composed."""
    found: dict[tuple[Path, str], list[Path]] = {}
    for spell in (str, _composed):
        spelled: dict[tuple[Path, str], list[Path]] = {}
        for path in media:
            for name in {path.stem, path.name}:
                spelled.setdefault((path.parent, spell(name)), []).append(path)
        found = spelled | found
    return found


def _owners(sidecar: Path, by_name: dict[tuple[Path, str], list[Path]]) -> list[Path]:
    for beginning in _beginnings(sidecar.name):
        for spelling in (beginning, _composed(beginning)):
            if owners := by_name.get((sidecar.parent, spelling)):
                return owners
    return []


def _beginnings(name: str) -> Iterable[str]:
    """What the name continues, the longest first: `a.b.c` continues `a.b` and `a`."""
    while dot := name.rfind(".") + 1:
        name = name[: dot - 1]
        yield name


def _composed(name: str) -> str:
    return unicodedata.normalize("NFC", name)


def _may_be_beside(path: Path) -> bool:
    return path.suffix.lower() in SIDECAR_SUFFIXES


def _is_media(path: Path) -> bool:
    return path.suffix.lower() in MEDIA_SUFFIXES


def _left(path: Path) -> PassedOver:
    suffix = path.suffix.lower()
    if suffix in UNFINISHED_SUFFIXES or suffix.startswith(".part-frag"):
        return PassedOver(path, "is an unfinished download", is_fault=True)
    if suffix in SIDECAR_SUFFIXES:
        return PassedOver(path, "has no film of its name beside it", is_fault=False)
    return PassedOver(path, "is not a film or sound; name it outright to keep it all the same", is_fault=False)


def _reason(error: OSError) -> str:
    """Why, as the predicate of a sentence, like all reasons."""
    known = {
        errno.ENOENT: "is not there",
        errno.EACCES: "may not be read by you",
        errno.EPERM: "may not be read by you",
    }
    return known.get(error.errno or 0) or f"cannot be read ({(error.strerror or str(error)).lower()})"
