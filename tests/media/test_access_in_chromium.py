"""Access copies in a real browser: they load, play, seek and show the right picture, as HLS and as a plain file."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import threading
from collections.abc import Iterator
from fractions import Fraction
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from holdfast.media.access import make_access
from tests.media.films import clicks, flashing, steady, write

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium on the path or in $CHROMIUM"),
]

KINDS = {".m3u8": "application/vnd.apple.mpegurl", ".mp4": "video/mp4", ".jpg": "image/jpeg", ".vtt": "text/vtt"}
CAP = 1 << 20  # open-ended ranges are answered with at most this, as the site will do

PAGE = """<!doctype html><meta charset="utf-8"><body><script>
const until = (video, name) => new Promise((done, fail) => {
  video.addEventListener(name, done, {once: true});
  video.addEventListener("error", () => fail(new Error(video.error.message)), {once: true});
});
const pixel = (video) => {
  const canvas = Object.assign(document.createElement("canvas"), {width: 8, height: 8});
  const pen = canvas.getContext("2d");
  pen.drawImage(video, 0, 0, 8, 8);
  return Array.from(pen.getImageData(4, 4, 1, 1).data).slice(0, 3);
};
// "seeked" may come before the picture does: only a frame that says its own time shows that it stands there.
const seek = async (video, time) => {
  const shown = !video.videoWidth ? null : new Promise((done) => {
    const look = (now, frame) =>
      Math.abs(frame.mediaTime - time) < 0.2 ? done() : video.requestVideoFrameCallback(look);
    video.requestVideoFrameCallback(look);
    setTimeout(done, 10000);
  });
  const met = until(video, "seeked");
  video.currentTime = time;
  await met;
  await shown;
};
async function watch(address, seeks) {
  const video = Object.assign(document.createElement("video"), {muted: true, src: address, controls: true});
  document.body.append(video);
  const report = {address};
  try {
    await until(video, "loadeddata");
    await video.play();
    while (video.currentTime < 0.3) await new Promise((done) => setTimeout(done, 20));
    video.pause();
    report.duration = video.duration;
    report.size = [video.videoWidth, video.videoHeight];
    report.seen = [];
    for (const time of seeks) { await seek(video, time); report.seen.push([video.currentTime, pixel(video)]); }
    const ended = until(video, "ended");
    await seek(video, video.duration - 0.3);
    await video.play();
    await ended;
    report.ended = true;
  } catch (error) { report.error = String(error); }
  return report;
}
(async () => {
  const wanted = await (await fetch("/wanted.json")).json();
  const reports = [];
  for (const each of wanted) reports.push(await watch(each.address, each.seeks));
  await fetch("/report", {method: "POST", body: JSON.stringify(reports)});
})();
</script></body>"""


class Site(ThreadingHTTPServer):
    """A folder on 127.0.0.1, with byte ranges, one page, and a place where the page reports."""

    def __init__(self, folder: Path) -> None:
        super().__init__(("127.0.0.1", 0), Answer)
        self.folder = folder
        self.wanted: list[dict[str, Any]] = []
        self.report: list[dict[str, Any]] | None = None
        self.told = threading.Event()

    def handle_error(self, request: object, client_address: object) -> None:
        """A player drops its request when it seeks, and the browser all of them when it ends: no error."""


class Answer(BaseHTTPRequestHandler):
    server: Site
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (its name in the base class)
        pass

    def do_POST(self) -> None:
        self.server.report = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.reply(200, "text/plain", b"")
        self.server.told.set()

    def do_GET(self) -> None:
        if self.path == "/":
            self.reply(200, "text/html", PAGE.encode())
        elif self.path == "/wanted.json":
            self.reply(200, "application/json", json.dumps(self.server.wanted).encode())
        else:
            self.reply_file(self.server.folder / self.path.lstrip("/"))

    def reply_file(self, path: Path) -> None:
        if not path.is_file():
            self.reply(404, "text/plain", b"")
            return
        kind, size = KINDS.get(path.suffix, "application/octet-stream"), path.stat().st_size
        asked = self.headers.get("Range")
        if asked is None:
            self.reply(200, kind, path.read_bytes())
            return
        first, _, last = asked.removeprefix("bytes=").partition("-")
        start = int(first)
        end = min(int(last) if last else start + CAP - 1, size - 1)
        with path.open("rb") as file:
            file.seek(start)
            self.reply(206, kind, file.read(end - start + 1), **{"Content-Range": f"bytes {start}-{end}/{size}"})

    def reply(self, status: int, kind: str, body: bytes, **headers: str) -> None:
        self.send_response(status)
        for name, value in {"Content-Type": kind, "Accept-Ranges": "bytes", **headers}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def browse(site: Site, profile: Path) -> list[dict[str, Any]]:
    """Opens the page in a fresh headless Chromium and waits for its report."""
    assert CHROMIUM is not None
    flags = (
        "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
        "--disable-component-update --disable-sync --mute-audio --autoplay-policy=no-user-gesture-required"
    )
    command = [CHROMIUM, *flags.split(), f"--user-data-dir={profile}", f"http://127.0.0.1:{site.server_port}/"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as browser:
        try:
            assert site.told.wait(120), "the page never reported"
        finally:
            browser.terminate()
    assert site.report is not None
    return site.report


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    folder = tmp_path / "site"
    folder.mkdir()
    with Site(folder) as site:
        serving = threading.Thread(target=site.serve_forever, daemon=True)
        serving.start()
        yield site
        site.shutdown()
        serving.join()


def test_chromium_plays_and_seeks_the_playlist_and_the_plain_file(site: Site, tmp_path: Path) -> None:
    length = Fraction(12)
    film = write(
        tmp_path / "film.mkv", steady(Fraction(25), length), big_flashes, sound=clicks(length), codec="libx264"
    )
    result = make_access(film, site.folder)
    names = ["master.m3u8", *(rendition.file for rendition in result.renditions)]
    site.wanted = [{"address": name, "seeks": [7.5, 3.02, 9.02, 0.5]} for name in names]
    for report in browse(site, tmp_path / "profile"):
        assert "error" not in report, report
        assert report["ended"], report
        assert abs(report["duration"] - 12) < 0.05, report
        whites = [min(color) > 220 for _, color in report["seen"]]
        assert whites == [False, True, True, False], report
        assert [round(at, 2) for at, _ in report["seen"]] == [7.5, 3.02, 9.02, 0.5]


def test_chromium_hears_sound_that_has_no_picture(site: Site, tmp_path: Path) -> None:
    make_access(write(tmp_path / "speech.wav", sound=clicks(Fraction(9))), site.folder)
    site.wanted = [{"address": name, "seeks": [7.5, 3.0]} for name in ("master.m3u8", "sound.mp4")]
    for report in browse(site, tmp_path / "profile"):
        assert "error" not in report, report
        assert report["ended"], report
        assert abs(report["duration"] - 9) < 0.05, report


def big_flashes(time: Fraction) -> Any:
    return flashing(time, 854, 480)
