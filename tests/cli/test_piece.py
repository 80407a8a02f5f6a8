"""`holdfast piece`: what is shown can be kept again, here or elsewhere; nothing is half kept."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Kept
from tests.cli.line import holdfast

POST = {"kind": "post", "words": [{"language": "en", "title": "Open", "text": "We are *open*."}]}


def written(folder: Path, piece: Any, name: str = "piece.json") -> Path:
    path = folder / name
    path.write_text(piece if isinstance(piece, str) else json.dumps(piece), "utf-8")
    return path


def test_a_piece_is_kept_listed_shown_edited_and_kept_again(kept: Kept, tmp_path: Path) -> None:
    exhibition = POST | {"kind": "exhibition", "items": [{"asset": kept.id("tape 7.mp4")}], "access": "public"}
    (first,) = holdfast("piece", "keep", written(tmp_path, exhibition), "--archive", kept.archive, "--json").records
    assert first["object"] == f"holdfast:collection:{first['id']}"
    (line,) = holdfast("piece", "ls", "--archive", kept.archive, "--json").records
    assert (line["id"], line["title"], line["access"]) == (first["id"], "Open", "public")
    assert holdfast("piece", "ls", "--kind", "post", "--archive", kept.archive, "--json").records == []
    (shown,) = holdfast("piece", "show", first["id"], "--archive", kept.archive, "--json").records
    (same,) = holdfast("piece", "keep", written(tmp_path, shown), "--archive", kept.archive, "--json").records
    assert (same["version"], same["changed"]) == ("v1", False)
    shown["record"]["author"] = "Ada"
    (new,) = holdfast("piece", "keep", written(tmp_path, shown), "--archive", kept.archive, "--json").records
    assert (new["id"], new["version"], new["changed"]) == (first["id"], "v2", True)
    said = holdfast("piece", "show", first["id"], "--archive", kept.archive)
    assert all(word in said.out for word in ("We are *open*.", kept.id("tape 7.mp4"), "exhibition"))


def test_a_rebuilt_catalogue_lists_the_same_pieces(kept: Kept, tmp_path: Path) -> None:
    holdfast("piece", "keep", written(tmp_path, POST), "--archive", kept.archive)
    before = holdfast("piece", "ls", "--archive", kept.archive, "--json").records
    assert holdfast("rebuild", "--archive", kept.archive).code == 0
    assert holdfast("piece", "ls", "--archive", kept.archive, "--json").records == before != []


def test_access_that_is_not_said_is_what_the_archive_gives_to_what_is_added(kept: Kept, tmp_path: Path) -> None:
    holdfast("piece", "keep", written(tmp_path, POST), "--archive", kept.archive)
    (line,) = holdfast("piece", "ls", "--archive", kept.archive, "--json").records
    assert line["access"] == "curators"


@pytest.mark.parametrize(
    ("piece", "reason"),
    [
        ("{", "not JSON"),
        ("[]", "a JSON object"),
        ({"words": []}, "lacks kind"),
        (POST | {"kind": "essay"}, "none of"),
        (POST | {"items": [{"asset": "zzz"}]}, "asset"),
        (POST | {"id": "../../etc"}, "id"),
        ('{"kind":"post","words":[{"text":"' + "x" * 1_000_000 + '"}]}', "50000"),
    ],
    ids=["broken", "list", "no kind", "essay", "no asset", "path", "long"],
)
def test_what_is_no_piece_is_refused_with_its_place(kept: Kept, tmp_path: Path, piece: Any, reason: str) -> None:
    said = holdfast("piece", "keep", written(tmp_path, piece), "--archive", kept.archive)
    assert (said.code, reason in said.err) == (2, True)
    assert holdfast("piece", "ls", "--archive", kept.archive, "--json").records == []


def test_a_work_or_a_piece_that_is_not_here_is_not_found(kept: Kept, tmp_path: Path) -> None:
    nowhere = POST | {"items": [{"asset": "k7m2x9qd4htbr"}]}
    assert holdfast("piece", "keep", written(tmp_path, nowhere), "--archive", kept.archive).code == 3
    assert holdfast("piece", "keep", tmp_path / "no.json", "--archive", kept.archive).code == 3
    assert holdfast("piece", "show", "k7m2x9qd4htbr", "--archive", kept.archive).code == 3


def test_text_that_a_terminal_would_obey_is_written_out(kept: Kept, tmp_path: Path) -> None:
    loud = {"kind": "post", "words": [{"language": "en", "title": "\x1b[2J", "text": "\x1b]0;x\x07 한국어"}]}
    (one,) = holdfast("piece", "keep", written(tmp_path, loud), "--archive", kept.archive, "--json").records
    for command in (("ls",), ("show", one["id"])):
        assert "\x1b" not in holdfast("piece", *command, "--archive", kept.archive).out
