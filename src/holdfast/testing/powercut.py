"""What a power cut may leave of a disk: a recorder of every change, and legal states made from its record.

The model, after POSIX and what journalling file systems really do:

- bytes of a file that were written before an fsync of it are there; later ones may be missing from some length on, or
  be there as zeros, block by block (lengths and blocks reach the medium in any order);
- a name that was made, renamed or removed before an fsync of its folder is so; later changes of names may have
  happened or not, each by itself, in any order;
- a rename is one step: it happened in both its folders or in neither, and an fsync of either proves it.

    disk = RecordingDisk(root)
    backend = LocalBackend(root, disk)
    ...
    for seed in range(20):
        survivor = after_power_cut(disk.record, seed, fresh_folder())
        ...                                     # everything reported done before the cut must be in it

Source: the crash states of Pillai et al., "All File Systems Are Not Created Equal", OSDI 2014, without the ordering
promises of any one file system.
"""

from __future__ import annotations

import random
import threading
from dataclasses import dataclass
from pathlib import Path

from holdfast.testing.faults import FaultyDisk

_BLOCK_BYTES = 512
Folder = dict[str, int]  # name -> node


@dataclass(frozen=True)
class Named:
    """A new file or folder got its first name."""

    folder: int
    name: str
    node: int


@dataclass(frozen=True)
class Renamed:
    """A name became another, perhaps in place of something."""

    old_folder: int
    old_name: str
    folder: int
    name: str
    node: int


@dataclass(frozen=True)
class Removed:
    """A name went away."""

    folder: int
    name: str
    node: int


@dataclass(frozen=True)
class Written:
    """Bytes were appended to a file."""

    node: int
    data: bytes


@dataclass(frozen=True)
class Synced:
    """An fsync of a file or folder returned."""

    node: int


Step = Named | Renamed | Removed | Written | Synced


class Record:
    """Every step below `root` since the recording began, and the disk as it was then: all of that is durable.

    A node is a file or folder, by number, whatever its name. `root` must lie in an existing folder.
    """

    def __init__(self, root: Path) -> None:
        self.root = root.absolute()
        self.steps: list[Step] = []
        self.names: dict[int, Folder] = {}  # folder -> what is in it now
        self.first_files: dict[int, bytes] = {}
        self._nodes = 0
        self.top = self.new_folder()
        if self.root.exists():
            self.names[self.top][self.root.name] = self._photograph(self.root)
        self.first_names = {node: dict(names) for node, names in self.names.items()}

    def new_file(self) -> int:
        """A number for a new file."""
        self._nodes += 1
        return self._nodes

    def new_folder(self) -> int:
        """A number for a new folder."""
        node = self.new_file()
        self.names[node] = {}
        return node

    def node(self, path: Path) -> int:
        """What has the name `path` now."""
        node = self.top
        for name in path.relative_to(self.root.parent).parts:
            node = self.names[node][name]
        return node

    def _photograph(self, path: Path) -> int:
        if not path.is_dir():
            node = self.new_file()
            self.first_files[node] = path.read_bytes()
            return node
        node = self.new_folder()
        self.names[node] = {inside.name: self._photograph(inside) for inside in sorted(path.iterdir())}
        return node


class RecordingDisk(FaultyDisk):
    """A disk that records its changes below `root`. It can also be killed, as any `FaultyDisk`.

    The next process goes on in the record of the one before: `RecordingDisk(root, record=killed.record)`.
    """

    def __init__(self, root: Path, *, kill_at: int | None = None, record: Record | None = None) -> None:
        super().__init__(kill_at=kill_at)
        self.record = record or Record(root)
        self._recording = threading.RLock()
        self._written_to: dict[int, int] = {}  # descriptor -> node

    # ------------------------------------------------------------------------------------------ changes

    def create(self, path: Path) -> int:
        """Done, then recorded."""
        with self._recording:
            descriptor = super().create(path)
            self._written_to[descriptor] = self._name(path, self.record.new_file())
            return descriptor

    def write(self, descriptor: int, data: memoryview) -> int:
        """Done, then recorded."""
        with self._recording:
            taken = super().write(descriptor, data)
            self.record.steps.append(Written(self._written_to[descriptor], bytes(data[:taken])))
            return taken

    def fsync(self, descriptor: int) -> None:
        """Done, then recorded."""
        with self._recording:
            super().fsync(descriptor)
            self.record.steps.append(Synced(self._written_to[descriptor]))

    def fsync_data(self, descriptor: int) -> None:
        """Done, then recorded."""
        with self._recording:
            super().fsync_data(descriptor)
            self.record.steps.append(Synced(self._written_to[descriptor]))

    def fsync_folder(self, path: Path) -> None:
        """Done, then recorded."""
        with self._recording:
            super().fsync_folder(path)
            self.record.steps.append(Synced(self.record.node(path)))

    def mkdir(self, path: Path) -> None:
        """Done, then recorded."""
        with self._recording:
            super().mkdir(path)
            self._name(path, self.record.new_folder())

    def rename_new(self, source: Path, target: Path) -> None:
        """Done, then recorded."""
        with self._recording:
            super().rename_new(source, target)
            self._rename(source, target)

    def rename_over(self, source: Path, target: Path) -> None:
        """Done, then recorded."""
        with self._recording:
            super().rename_over(source, target)
            self._rename(source, target)

    def unlink(self, path: Path) -> None:
        """Done, then recorded."""
        with self._recording:
            super().unlink(path)
            self._forget(path)

    def rmdir(self, path: Path) -> None:
        """Done, then recorded."""
        with self._recording:
            super().rmdir(path)
            self._forget(path)

    # -------------------------------------------------------------------------------------------- inside

    def _name(self, path: Path, node: int) -> int:
        folder = self.record.node(path.parent)
        self.record.names[folder][path.name] = node
        self.record.steps.append(Named(folder, path.name, node))
        return node

    def _rename(self, source: Path, target: Path) -> None:
        old, new = self.record.node(source.parent), self.record.node(target.parent)
        node = self.record.names[old].pop(source.name)
        self.record.names[new][target.name] = node
        self.record.steps.append(Renamed(old, source.name, new, target.name, node))

    def _forget(self, path: Path) -> None:
        folder = self.record.node(path.parent)
        self.record.steps.append(Removed(folder, path.name, self.record.names[folder].pop(path.name)))


# ------------------------------------------------------------------------------------------------ legal states


def after_power_cut(record: Record, seed: int, into: Path, *, at: int | None = None) -> Path:
    """A folder in `into` that is the recorded root as it may be found after the power went.

    Args:
        seed: chooses among the legal states; some seeds are the extremes (all that was not synced is lost, all names
            are there but no bytes, nothing is lost).
        at: how many steps had returned when the power went; chosen by the seed if not given.
    """
    chance = random.Random(seed)  # noqa: S311  (a simulation)
    steps = record.steps[: chance.randint(0, len(record.steps)) if at is None else at]
    names_kept, bytes_kept = chance.choice([(0.0, 0.0), (1.0, 0.0), (0.0, 1.0), (1.0, 1.0), (0.5, 0.5), (0.8, 0.3)])
    durable = _durable(steps)
    folders = {node: dict(names) for node, names in record.first_names.items()}
    files = dict(record.first_files)
    loose: dict[int, bytes] = {}
    for index, step in enumerate(steps):
        if isinstance(step, Written):
            pile = files if index in durable else loose
            pile[step.node] = pile.get(step.node, b"") + step.data
        elif not isinstance(step, Synced) and (index in durable or chance.random() < names_kept):
            _apply(step, folders)
    for node, data in loose.items():
        files[node] = files.get(node, b"") + _torn(data, chance, bytes_kept)
    _build(record, record.top, into, folders, files)
    return into / record.root.name


def _durable(steps: list[Step]) -> set[int]:
    """Which steps an fsync vouches for: a later one of the file, or of a folder whose names the step changed."""
    synced: set[int] = set()
    durable = set()
    for index in range(len(steps) - 1, -1, -1):
        step = steps[index]
        if isinstance(step, Synced):
            synced.add(step.node)
        elif synced & _concerned(step):
            durable.add(index)
    return durable


def _concerned(step: Named | Renamed | Removed | Written) -> set[int]:
    """The nodes whose fsync vouches for the step."""
    match step:
        case Written(node, _):
            return {node}
        case Renamed():
            return {step.old_folder, step.folder}
        case _:
            return {step.folder}


def _apply(step: Named | Renamed | Removed, folders: dict[int, Folder]) -> None:
    """One change of names, on a disk where earlier ones may have been lost."""
    old_folder, old_name = (step.folder, step.name)
    if isinstance(step, Renamed):
        old_folder, old_name = step.old_folder, step.old_name
    if not isinstance(step, Named):
        names = folders.setdefault(old_folder, {})
        if names.get(old_name) == step.node:
            del names[old_name]
    if not isinstance(step, Removed):
        folders.setdefault(step.folder, {})[step.name] = step.node


def _torn(data: bytes, chance: random.Random, kept: float) -> bytes:
    """Bytes that nobody vouches for: cut off somewhere, some blocks of the rest still zero."""
    if chance.random() < kept:
        return data
    left = bytearray(data[: chance.randint(0, len(data))])
    for start in range(0, len(left), _BLOCK_BYTES):
        if chance.random() > kept:
            end = min(start + _BLOCK_BYTES, len(left))
            left[start:end] = bytes(end - start)
    return bytes(left)


def _build(record: Record, folder: int, path: Path, folders: dict[int, Folder], files: dict[int, bytes]) -> None:
    """Write a state of the model out as real files."""
    path.mkdir(exist_ok=True)
    for name, node in folders.get(folder, {}).items():
        if node in record.names:
            _build(record, node, path / name, folders, files)
        else:
            (path / name).write_bytes(files.get(node, b""))
