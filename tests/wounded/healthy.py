"""A healthy OCFL object of one or two versions, and the ways to change it before and after it is sealed."""

from __future__ import annotations

import copy
import hashlib
import json
from collections.abc import Callable
from typing import Any

Document = dict[str, Any]
Files = dict[str, bytes]

FILM = b"a film, in small\n"
WORDS = b"a description\n"
WHO = {"name": "Ada", "address": "mailto:ada@example.org"}


def sha512(data: bytes) -> str:
    return hashlib.sha512(data).hexdigest()


class Sample:
    """A healthy object of one or two versions, before it is written: change it, then `files` seals it."""

    def __init__(self, versions: int) -> None:
        self.content: Files = {"v1/content/000000": FILM}
        self.declaration = ("0=ocfl_object_1.1", b"ocfl_object_1.1\n")
        self.old: Document = {
            "id": "holdfast:sample:wounded",
            "type": "https://ocfl.io/1.1/spec/#inventory",
            "digestAlgorithm": "sha512",
            "head": "v1",
            "contentDirectory": "content",
            "manifest": {sha512(FILM): ["v1/content/000000"]},
            "versions": {"v1": self._version("2026-11-23T12:00:00Z", {sha512(FILM): ["masters/film.mp4"]})},
        }
        self.new = self.old
        self.is_long = versions == 2
        if self.is_long:
            self._second_version()
        self.later: list[Callable[[Files], object]] = []

    def _version(self, created: str, state: Document) -> Document:
        return {"created": created, "message": "A version", "user": dict(WHO), "state": state}

    def _second_version(self) -> None:
        self.content["v2/content/000000"] = WORDS
        self.new = copy.deepcopy(self.old)
        self.new["head"] = "v2"
        self.new["manifest"][sha512(WORDS)] = ["v2/content/000000"]
        state = {sha512(FILM): ["masters/film.mp4"], sha512(WORDS): ["record.json"]}
        self.new["versions"]["v2"] = self._version("2026-11-24T12:00:00Z", state)

    @property
    def first(self) -> Document:
        """The newest inventory's block of v1."""
        block: Document = self.new["versions"]["v1"]
        return block

    def files(self) -> Files:
        files = dict(self.content)
        name, text = self.declaration
        files[name] = text
        if self.is_long:
            put_inventory(files, "v1/", self.old)
        put_inventory(files, "v2/" if self.is_long else "v1/", self.new)
        put_inventory(files, "", self.new)
        for change in self.later:
            change(files)
        return files


def put_inventory(files: Files, folder: str, document: Document) -> None:
    seal(files, folder, (json.dumps(document, indent=2, ensure_ascii=False) + "\n").encode(), document)


def seal(files: Files, folder: str, data: bytes, document: Document | None = None) -> None:
    """Put an inventory with its sidecar, in the algorithm that it names."""
    algorithm = (document or {}).get("digestAlgorithm", "sha512")
    files[f"{folder}inventory.json"] = data
    digest = hashlib.new(algorithm, data).hexdigest()
    files[f"{folder}inventory.json.{algorithm}"] = f"{digest}  inventory.json\n".encode()


WOUNDS: dict[str, tuple[int, Callable[[Sample], object]]] = {}


def wound(name: str, versions: int = 1) -> Callable[[Callable[[Sample], object]], Callable[[Sample], object]]:
    def remember(change: Callable[[Sample], object]) -> Callable[[Sample], object]:
        WOUNDS[name] = (versions, change)
        return change

    return remember


def renamed(sample: Sample, names: dict[str, str]) -> None:
    """Rename versions, in folders and in the newest inventory alike."""

    def path(text: str) -> str:
        first, _, rest = text.partition("/")
        return f"{names.get(first, first)}/{rest}"

    sample.content = {path(key): data for key, data in sample.content.items()}
    for document in {id(each): each for each in (sample.old, sample.new)}.values():
        document["head"] = names.get(document["head"], document["head"])
        document["versions"] = {names.get(key, key): block for key, block in document["versions"].items()}
        document["manifest"] = {key: [path(each) for each in paths] for key, paths in document["manifest"].items()}

    def move(files: Files) -> None:
        for key in [key for key in files if key.split("/")[0] in names]:
            files[path(key)] = files.pop(key)

    sample.later.append(move)


def after(sample: Sample, change: Callable[[Files], object]) -> None:
    sample.later.append(change)


def moved(files: Files, old: str, new: str) -> None:
    files[new] = files.pop(old)


def in_sha256(document: Document, content: Files) -> None:
    """Readdress the one file of an inventory of v1."""
    digest = hashlib.sha256(content["v1/content/000000"]).hexdigest()
    document["digestAlgorithm"] = "sha256"
    document["manifest"] = {digest: ["v1/content/000000"]}
    document["versions"]["v1"]["state"] = {digest: ["masters/film.mp4"]}
