"""What lies in the home folder before a page is played: films made on the fly, listings, another disk."""

from __future__ import annotations

import json
from pathlib import Path

from holdfast.testing.films import film_plan, write_film


def _film(path: Path, seed: int, seconds: int) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    return write_film(film_plan(seed, seconds, (160, 90)), path, tags={"title": ""})


def videos(home: Path) -> None:
    """A folder as a person has it: two films, one with captions, and a document."""
    _film(home / "Videos" / "lighthouse.mp4", 1, 4)
    _film(home / "Videos" / "market.mp4", 2, 3)
    captions = "WEBVTT\n\n00:00:01.000 --> 00:00:03.000\nThe lighthouse keeper lights the lamp.\n"
    (home / "Videos" / "lighthouse.en.vtt").write_text(captions, "utf-8")
    (home / "Videos" / "letter.odt").write_bytes(b"a letter")


def rescued(home: Path) -> None:
    """A folder as yt-dlp leaves it, with one download that was cut short and one that is a web page."""
    folder = home / "rescued"
    _film(folder / "Жатва [a1b2c3].mp4", 3, 4)
    chapters = [("Поле", 0, 2), ("Ток", 2, 4)]
    listing = {
        "id": "a1b2c3",
        "title": "Жатва 1974",
        "description": "Колхоз, лето. Камера: Н. Петрова",
        "language": "ru",
        "upload_date": "20140501",
        "uploader": "Film club",
        "tags": ["harvest", "1974"],
        "chapters": [{"title": title, "start_time": start, "end_time": end} for title, start, end in chapters],
        "extractor_key": "Example",
        "webpage_url": "https://example.org/watch?v=a1b2c3",
        "duration": 4,
    }
    (folder / "Жатва [a1b2c3].info.json").write_text(json.dumps(listing), "utf-8")
    captions = "WEBVTT\n\n00:00:02.000 --> 00:00:03.500\nПодвезли зерно на ток.\n"
    (folder / "Жатва [a1b2c3].ru.vtt").write_text(captions, "utf-8")
    (folder / "Жатва [a1b2c3].jpg").write_bytes(b"\xff\xd8\xff\xe0 a small picture")
    (folder / "gone [d4e5f6].mp4").write_bytes(b"<!DOCTYPE html><title>404</title>This video is no longer available.")
    (folder / "empty [g7h8i9].mp4").write_bytes(b"")
    (folder / "half [j1k2l3].mp4.part").write_bytes(b"\x00" * 1000)


def old_disk(home: Path) -> None:
    """The disk from which the films came, and on which they still are."""
    (home / "old-disk").mkdir()
    for path in (home / "Videos").iterdir():
        (home / "old-disk" / path.name).write_bytes(path.read_bytes())


def flipped_bit(home: Path) -> None:
    """One bit of the larger film turns over, as bits do."""
    largest = max(home.glob("archive/ocfl/*/*/*/*/v1/content/*"), key=lambda path: path.stat().st_size)
    data = bytearray(largest.read_bytes())
    data[len(data) // 2] ^= 4
    largest.write_bytes(data)


def lost_file(home: Path) -> None:
    """A content file goes away without a word."""
    max(home.glob("archive/ocfl/*/*/*/*/v1/content/*"), key=lambda path: path.stat().st_size).unlink()


def copies(home: Path) -> None:
    """Two films, and what turned up elsewhere: one in the mirror, one inside another film, a thumbnail."""
    from holdfast.testing.copies import Film, Material, make_copy

    size = (320, 180)
    videos, found = home / "Videos", home / "found"
    videos.mkdir()
    found.mkdir()
    works = {}
    for name, seed in (("lighthouse", 1), ("market", 2)):
        works[name] = write_film(film_plan(seed, 12, size), videos / f"{name}.mp4", tags={"title": ""})
    stranger = Film(write_film(film_plan(3, 20, size), home / "stranger.mp4"))
    for kind, work, name in (
        ("mirror", "lighthouse", "mirrored"),
        ("compile", "market", "inside another film"),
        ("thumbnail", "lighthouse", "thumbnail"),
    ):
        fillers = (stranger,) if kind == "compile" else ()
        make_copy(kind, Material((Film(works[work]),), fillers), 5, found, name)
    stranger.path.unlink()
