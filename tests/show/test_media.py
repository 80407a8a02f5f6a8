"""The bytes of access copies: for whom, how much of them, and how many at once."""

from __future__ import annotations

import json
import socket
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest

from holdfast.show import works
from holdfast.show.ranges import MIB
from holdfast.show.views import media
from tests.show.stage import Stage, client, served, signed_in


def copy_of(stage: Stage, level: str) -> tuple[str, Path]:
    """The address of the folder of a work's access copy, and the folder."""
    asset = stage.ids[level]
    for described in stage.folder.glob("cache/access/*/*/*/access.json"):
        folder = described.parent
        path = f"/media/{asset}/{folder.parent.name}"
        if signed_in("custodian").head(f"{path}/poster.jpg").status_code == 200:
            return path, folder
    raise AssertionError("it has no access copy")


def film_in(folder: Path) -> str:
    """The name of the largest file to watch."""
    described = json.loads((folder / "access.json").read_text())
    return max(described["renditions"], key=lambda one: one["size_bytes"])["file"]


@pytest.fixture
def large(own_stage: Stage) -> tuple[str, Path]:
    """A public film of 20 MiB: its path, and the file."""
    works.described_in.cache_clear()
    path, folder = copy_of(own_stage, "public")
    name = film_in(folder)
    (folder / name).write_bytes(bytes(range(256)) * (20 * MIB // 256))
    return f"{path}/{name}", folder / name


def test_every_kind_of_file_says_what_it_is_and_cannot_be_taken_for_another(stage: Stage) -> None:
    path, folder = copy_of(stage, "public")
    kinds = {".m3u8": "application/vnd.apple.mpegurl", ".mp4": "video/mp4", ".jpg": "image/jpeg"}
    for name in ("master.m3u8", film_in(folder), "poster.jpg"):
        answer = client().get(f"{path}/{name}")
        assert (answer.status_code, answer["Content-Type"]) == (200, kinds[Path(name).suffix])
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer.getvalue() == (folder / name).read_bytes()
        answer.close()


def test_files_of_a_work_that_may_not_be_seen_are_not_there(stage: Stage) -> None:
    for level in ("members", "curators", "sealed"):
        path, folder = copy_of(stage, level)
        assert client().get(f"{path}/{film_in(folder)}").status_code == 404
        assert client().get(f"{path}/poster.jpg", headers={"If-None-Match": "*"}).status_code == 404
    _, folder = copy_of(stage, "sealed")
    stolen = f"/media/{stage.ids['public']}/{folder.parent.name}/poster.jpg"
    assert signed_in("custodian").get(stolen).status_code == 404


def test_only_what_is_public_may_be_kept_on_the_way(stage: Stage) -> None:
    public, _ = copy_of(stage, "public")
    closed, _ = copy_of(stage, "members")
    assert client().head(f"{public}/poster.jpg")["Cache-Control"] == "public, max-age=60, must-revalidate"
    assert signed_in("member").head(f"{closed}/poster.jpg")["Cache-Control"] == "private, no-cache"


@pytest.mark.parametrize("name", ["access.json", "..", "nothing.mp4", "%2e%2e%2faccess.json", "poster.jpg%00"])
def test_only_files_that_the_copy_names_are_given(stage: Stage, name: str) -> None:
    path, _ = copy_of(stage, "public")
    assert client().get(f"{path}/{name}").status_code == 404


def test_a_link_in_place_of_a_file_is_not_followed(large: tuple[str, Path], tmp_path: Path) -> None:
    path, file = large
    (tmp_path / "secret").write_text("secret")
    file.unlink()
    file.symlink_to(tmp_path / "secret")
    assert client().get(path).status_code == 404


def test_a_browser_that_has_the_file_gets_nothing_again(stage: Stage) -> None:
    path, _ = copy_of(stage, "public")
    first = client().head(f"{path}/poster.jpg")
    again = client().get(f"{path}/poster.jpg", headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])


def test_an_open_range_gives_one_mebibyte_and_a_closed_one_eight(large: tuple[str, Path]) -> None:
    path, file = large
    opened = client().get(path, headers={"Range": "bytes=1000-"})
    assert (opened.status_code, opened["Content-Range"]) == (206, f"bytes 1000-{1000 + MIB - 1}/{20 * MIB}")
    assert opened.getvalue() == file.read_bytes()[1000 : 1000 + MIB]
    closed = client().get(path, headers={"Range": f"bytes=7-{20 * MIB}"})
    assert len(closed.getvalue()) == 8 * MIB
    assert client().get(path, headers={"Range": f"bytes={20 * MIB}-"}).status_code == 416


def test_a_part_of_another_file_is_not_continued(large: tuple[str, Path]) -> None:
    path, _ = large
    tag = client().head(path)["ETag"]
    for if_range, status in ((tag, 206), ('"other"', 200)):
        answer = client().get(path, headers={"Range": "bytes=0-9", "If-Range": if_range})
        assert answer.status_code == status
        answer.close()


def test_a_question_for_the_head_tells_the_length_and_sends_nothing(large: tuple[str, Path]) -> None:
    path, _ = large
    answer = client().head(path)
    assert (answer.status_code, answer["Content-Length"], answer.content) == (200, str(20 * MIB), b"")


def test_large_answers_take_turns_and_small_ones_need_not(large: tuple[str, Path]) -> None:
    path, _ = large
    held: list[Any] = [client().get(path) for _ in range(media.SLOTS)]
    beyond = client().get(path, headers={"Range": f"bytes=0-{4 * MIB}"})
    assert (beyond.status_code, beyond["Retry-After"]) == (503, "5")
    assert len(client().get(path, headers={"Range": "bytes=0-"}).getvalue()) == MIB
    for answer in held:
        answer.close()
    freed = client().get(path)
    assert freed.status_code == 200
    freed.close()


@pytest.mark.slow
@pytest.mark.parametrize("wanted", ["Range: bytes=0-\r\n", ""], ids=["paused", "whole"])
def test_viewers_who_do_not_read_do_not_slow_a_page(large: tuple[str, Path], own_stage: Stage, wanted: str) -> None:
    path, _ = large
    with served(own_stage.folder) as address:
        place = urlsplit(address)
        stalled = [socket.create_connection((place.hostname, place.port)) for _ in range(24)]
        for connection in stalled:
            connection.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n{wanted}\r\n".encode())
        time.sleep(1)
        times = []
        for _ in range(10):
            begun = time.monotonic()
            with urlopen(f"{address}/", timeout=10) as answer:
                assert answer.status == 200
            times.append(time.monotonic() - begun)
        for connection in stalled:
            connection.close()
    assert sorted(times)[5] < 0.5
