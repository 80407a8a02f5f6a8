"""Export kept bytes: verified while they are copied, under their own names, never over another file.

The export is written beside its target under a temporary name and takes its name only when its digest has been found
right, so a file that is there is a whole and true one.
"""

from __future__ import annotations

import errno
import os
import secrets
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from holdfast.actions.archive import Archive
from holdfast.actions.watch import UNWATCHED, Watch
from holdfast.actions.writing import write
from holdfast.errors import BadValue, DiskFull, StorageRefused, TargetExists, UnknownFile
from holdfast.formats.edit_table import csv_bytes
from holdfast.formats.edl import edl_bytes
from holdfast.formats.otio import otio_bytes, parse_otio
from holdfast.formats.record import RECORD_FILE, parse_record
from holdfast.keep.reconstruction import read_edit_list, reconstruction_of
from holdfast.model.asset import InstantiationKind
from holdfast.model.fixity import digest_of
from holdfast.model.inventory import Inventory, LogicalPath, VersionNumber

LONGEST_NAME_BYTES = 255
_NO_SPACE = (errno.ENOSPC, errno.EDQUOT)
_NO_LINKS = (errno.EPERM, errno.ENOTSUP, errno.ENOSYS, errno.EMLINK, errno.EXDEV)  # FAT and some network disks


@dataclass(frozen=True)
class Exported:
    """One file that was exported: what it is in the archive, and where it lies now."""

    asset: str
    file: str
    digest: str
    path: Path
    size_bytes: int


def get(
    archive: Archive,
    typed: str,
    files: Sequence[str] = (),
    *,
    output: Path | None = None,
    into_folder: bool = False,
    everything: bool = False,
    version: str | None = None,
    force: bool = False,
    watch: Watch = UNWATCHED,
) -> list[Exported]:
    """Export files of an asset.

    Args:
        archive: where from.
        typed: the asset's id or its beginning.
        files: logical paths or names (`masters/film.mp4`, `film.mp4`); the instantiations if none are named.
        output: a folder, or the name of the file when only one is exported; the current folder if not given.
        into_folder: `output` is a folder, even if there is none yet.
        everything: all files of the version, in their folders.
        version: `v1`, `v2`, ...; the newest if not given.
        force: replace files that are there.
        watch: told of the bytes.

    Raises:
        UnknownAsset, UnknownFile: there is no such thing.
        BadValue: there is no such version.
        TargetExists: a file of that name is there.
        DamagedFile: the kept bytes are not what they were; nothing is left at the target.
        DiskFull, StorageRefused: the target's disk failed.
    """
    asset = archive.find(typed)
    object_id = str(asset.object_id)
    inventory = archive.root.inventory(object_id)
    number = _version(version, inventory)
    chosen = _chosen(archive, object_id, inventory, number, files, everything=everything)
    is_folder = into_folder or everything or len(chosen) > 1 or output is None or output.is_dir()
    targets = _targets(chosen, output or Path(), is_folder=is_folder, keep_folders=everything)
    for target in targets.values():
        if os.path.lexists(target) and not force:
            raise TargetExists(path=target)
    key = archive.root.key_of(object_id)
    sizes = {path: archive.backend.size(f"{key}/{inventory.content_of(path, number)[0]}") for path in chosen}
    watch.begin("Exporting", items=len(chosen), size_bytes=sum(sizes.values()))
    exported = []
    for path in chosen:
        watch.at(path)
        size = _export(archive, object_id, path, number, targets[path], watch, force=force)
        digest = inventory.digest_of(path, number)
        exported.append(Exported(str(asset), path, digest, targets[path], size))
        watch.done(exported[-1])
    return exported


EDIT_LISTS = {".otio": otio_bytes, ".edl": edl_bytes, ".csv": csv_bytes}


def get_reconstruction(
    archive: Archive, typed: str, *, output: Path | None = None, force: bool = False, watch: Watch = UNWATCHED
) -> list[Exported]:
    """Export the reconstruction of an asset. Raises as `get`; UnknownFile if it has none."""
    asset = archive.find(typed)
    object_id = str(asset.object_id)
    made = reconstruction_of(parse_record(archive.root.read(object_id, RECORD_FILE)))
    if made is None:
        raise UnknownFile(asset=asset, file="that is a reconstruction; make one: holdfast restore")
    return get(archive, typed, [made.file], output=output, force=force, watch=watch)


def get_edit_list(archive: Archive, typed: str, output: Path, *, force: bool = False) -> Exported:
    """Export the edit list of an asset's reconstruction, in the form that the suffix of `output` names.

    Raises:
        UnknownAsset, AmbiguousAsset, UnknownFile: there is no such asset, or it was not reconstructed.
        BadValue: the suffix is none of .otio, .edl and .csv.
        TargetExists: a file of that name is there.
        DiskFull, StorageRefused: the target's disk failed.
    """
    asset = archive.find(typed)
    form = EDIT_LISTS.get(output.suffix.lower())
    if form is None:
        raise BadValue(name="--edit-list", found=str(output), expected=f"a file that ends in {', '.join(EDIT_LISTS)}")
    kept = read_edit_list(archive.root, asset)
    if kept is None:
        raise UnknownFile(asset=asset, file="that is an edit list; make one: holdfast restore")
    data = form(parse_otio(kept, f"the edit list of {asset}"))
    write(output, data, force=force)
    return Exported(str(asset), output.name, digest_of(data).text, output, len(data))


def _version(text: str | None, inventory: Inventory) -> VersionNumber | None:
    if text is None:
        return None
    for number in inventory.versions:
        if text.removeprefix("v") == str(number).removeprefix("v"):
            return number
    held = f"v1 to {inventory.head}" if inventory.head.number > 1 else "v1, the only one there is"
    raise BadValue(name="--version", found=text, expected=held)


def _chosen(
    archive: Archive,
    object_id: str,
    inventory: Inventory,
    number: VersionNumber | None,
    files: Sequence[str],
    *,
    everything: bool,
) -> list[LogicalPath]:
    state = inventory.state(number)
    if everything:
        return sorted(state)
    if not files:
        record = parse_record(archive.root.read(object_id, RECORD_FILE, inventory))
        made = reconstruction_of(record)
        masters = [i.file for i in record.instantiations if i.kind is not InstantiationKind.RECONSTRUCTION]
        is_gone = record.masters_are_gone or not masters
        files_held = ([made.file] if made else []) if is_gone else masters
        held = [LogicalPath(file) for file in files_held if file in state]
        if not held:
            raise UnknownFile(asset=record.id, file="at all: it is known, but nothing of it is held")
        return held
    return [_named(wanted, list(state), object_id) for wanted in files]


def _named(wanted: str, paths: list[LogicalPath], object_id: str) -> LogicalPath:
    for path in paths:
        if wanted in (path, path.rpartition("/")[2]):
            return path
    raise UnknownFile(asset=object_id.rpartition(":")[2], file=wanted)


def _targets(
    chosen: list[LogicalPath], output: Path, *, is_folder: bool, keep_folders: bool
) -> dict[LogicalPath, Path]:
    """Where each file goes; no two to one place, even where case or Unicode form do not tell names apart."""
    if not is_folder:
        return {chosen[0]: output}
    targets: dict[LogicalPath, Path] = {}
    taken: set[str] = set()
    for path in chosen:
        parts = [_fitting(part) for part in (path if keep_folders else path.rpartition("/")[2]).split("/")]
        stem, dot, suffix = parts[-1].rpartition(".") if "." in parts[-1][1:] else (parts[-1], "", "")
        number = 1
        while _folded(parts) in taken:
            number += 1
            parts[-1] = _fitting(f"{stem} ({number}){dot}{suffix}")
        taken.add(_folded(parts))
        targets[path] = output.joinpath(*parts)
    return targets


def _folded(parts: Sequence[str]) -> str:
    return unicodedata.normalize("NFC", "/".join(parts)).casefold()


def _fitting(name: str) -> str:
    """The name, shortened before its suffix to what a file system can hold. Logical paths have no `..` (OCFL)."""
    if len(os.fsencode(name)) <= LONGEST_NAME_BYTES:
        return name
    stem, dot, suffix = name.rpartition(".")
    if not stem or len(os.fsencode(suffix)) > LONGEST_NAME_BYTES // 2:
        stem, dot, suffix = name, "", ""
    while len(os.fsencode(f"{stem}{dot}{suffix}")) > LONGEST_NAME_BYTES:
        stem = stem[:-1]
    return f"{stem}{dot}{suffix}"


def _export(
    archive: Archive,
    object_id: str,
    path: LogicalPath,
    number: VersionNumber | None,
    target: Path,
    watch: Watch,
    *,
    force: bool,
) -> int:
    part = target.with_name(f".holdfast-{secrets.token_hex(6)}.part")
    size = 0
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            with part.open("xb") as out:
                for piece in archive.root.chunks(object_id, path, number):
                    out.write(piece)
                    size += len(piece)
                    watch.advance(len(piece))
                out.flush()
                os.fsync(out.fileno())
            _appear(part, target, force=force)
        finally:
            part.unlink(missing_ok=True)
    except FileExistsError:
        raise TargetExists(path=target) from None
    except OSError as error:
        if error.errno in _NO_SPACE:
            raise DiskFull(place=target.parent, name=target.name) from error
        raise StorageRefused(place=target.parent, name=target.name, reason=(error.strerror or str(error))) from error
    return size


def _appear(part: Path, target: Path, *, force: bool) -> None:
    """Give the whole file its name; never over a file that appeared meanwhile, unless forced."""
    if force:
        part.replace(target)
        return
    try:
        os.link(part, target)
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        if os.path.lexists(target):
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(target)) from None
        part.rename(target)
