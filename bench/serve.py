"""How fast the site answers from 10,000 works and 1,000,000 caption segments, while films are being watched.

    python bench/serve.py [--works 10000] [--folder DIR] [--seconds 40] [--profile]

The works are made by `rebuild.py`'s maker, valid objects straight to disk, each with 100 cues and an access copy (one
real one, linked to all; its film made as long as a viewer needs who pauses). A real `holdfast serve` answers. Pages
are asked for 20 times a second, by turns over the kinds of pages, whether or not the last answer has come; meanwhile 24
viewers have asked for a film and do not read, and 8 play: each takes a MiB a second. Times are those of whoever asks,
from the first byte sent to the last received; the floor beside them is a file of the site's own style.

With `--folder` the archive stays there and is used again. `--profile` asks in this process and shows where time goes.
"""

from __future__ import annotations

import argparse
import cProfile
import hashlib
import http.client
import multiprocessing
import os
import pstats
import queue
import random
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from urllib.parse import quote

from holdfast.actions.access import access_place
from holdfast.actions.archive import Archive
from holdfast.catalog import lists
from holdfast.media.access import make_access
from holdfast.testing.films import film_plan, write_film
from rebuild import WORDS, Maker  # type: ignore[import-not-found]  # the bench beside this one

RATE = 20
PAUSED, PLAYING = 24, 8
ASKERS = 12
MIB = 1024 * 1024
FILM = 24 * MIB
WARM_S = 5
SHARE = 500
PAGES = ("home", "work", "search", "list", "tags", "people", "floor")
MIX = ("home", "work", "search", "work", "list", "search", "home", "work", "search", "floor", "tags", "people")
MAIN = "from holdfast.cli.main import main; main()"


# ------------------------------------------------------------------------------------------------ the archive


def make_archive(folder: Path, works: int) -> None:
    """An archive of so many works with captions and access copies; one that is there is used again."""
    if (folder / "made").exists():
        return
    subprocess.run([sys.executable, "-c", MAIN, "init", str(folder), "--name", "Ten Thousand"], check=True)
    model = folder / "cache" / "model"
    model.mkdir(parents=True)
    film = folder / "cache" / "film.mp4"
    write_film(film_plan(1, 12, (640, 360)), film)
    make_access(film, model)
    for path in model.glob("*.mp4"):
        os.truncate(path, FILM)
    shares = [(folder, at, min(at + SHARE, works)) for at in range(0, works, SHARE)]
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        pool.starmap(_make_share, shares)
    begun = time.perf_counter()
    archive = Archive.open(folder)
    archive.catalog.rebuild()
    archive.close()
    print(f"catalogue of {works:,} works made in {time.perf_counter() - begun:.0f} s", flush=True)
    (folder / "made").touch()


def _make_share(folder: Path, begin: int, end: int) -> None:
    maker = Maker(folder, with_captions=1)
    for number in range(begin, end):
        asset = maker.make(number)
        place = access_place(folder / "cache", hashlib.sha512(f"master of {asset}".encode()).hexdigest())
        place.mkdir(parents=True)
        for path in (folder / "cache" / "model").iterdir():
            (place / path.name).hardlink_to(path)


class Questions:
    """Paths of each kind of page, drawn by lot."""

    def __init__(self, folder: Path) -> None:
        self._chance = random.Random(5)
        self._maker = Maker(folder)
        archive = Archive.open(folder)
        with archive.catalog.engine.connect() as connection:
            self.assets = [line.asset for line in lists.list_assets(connection)]
        self.digests = [hashlib.sha512(f"master of {asset}".encode()).hexdigest() for asset in self.assets]
        archive.close()

    def path(self, page: str) -> str:
        """An address of this kind; words are asked for as often as they are said."""
        pick = self._chance
        if page == "home":
            return pick.choice(("/", "/de/", "/ru/"))
        if page == "work":
            return f"/w/{pick.choice(self.assets)}"
        if page == "search":
            language = pick.choice(list(WORDS))
            return "/search?q=" + quote(self._maker.sentence(language, pick.choice((1, 1, 2)), pick))
        if page == "list":
            return f"/api/works?limit=50&offset={pick.randrange(len(self.assets) - 50)}"
        return {"tags": "/api/labels/tag", "people": "/api/labels/person"}.get(page, "/static/show/site.css")

    def film(self, number: int) -> str:
        """The film of a work."""
        return f"/media/{self.assets[number]}/{self.digests[number]}/"


# ------------------------------------------------------------------------------------------------- who asks


class Load:
    """Those who ask and those who watch, at a server; `times` are milliseconds by kind of page."""

    def __init__(self, port: int, questions: Questions, film: str) -> None:
        self.port, self.questions, self.film = port, questions, film
        self.times: dict[str, list[float]] = {page: [] for page in PAGES}
        self.wrong: list[str] = []
        self.played = 0
        self._due: queue.Queue[tuple[str, str] | None] = queue.Queue()
        self._ends = threading.Event()
        self._counts = False

    def run(self, seconds: float) -> None:
        """Ask for so long, after a while that is not counted."""
        stalled = [self._stall(number) for number in range(PAUSED)]
        others = [threading.Thread(target=self._play, args=(n,)) for n in range(PLAYING)]
        others += [threading.Thread(target=self._ask) for _ in range(ASKERS)]
        for thread in others:
            thread.start()
        begun = time.perf_counter()
        for number in count():
            due = begun + number / RATE
            time.sleep(max(0.0, due - time.perf_counter()))
            self._counts = due - begun > WARM_S
            if due - begun > WARM_S + seconds:
                break
            page = MIX[number % len(MIX)]
            self._due.put((page, self.questions.path(page)))
        for _ in range(ASKERS):
            self._due.put(None)
        self._ends.set()
        for thread in others:
            thread.join()
        for connection in stalled:
            connection.close()

    def _stall(self, number: int) -> socket.socket:
        connection = socket.create_connection(("127.0.0.1", self.port))
        wanted = "Range: bytes=0-\r\n" if number % 2 else ""
        path = self.questions.film(number) + self.film
        connection.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n{wanted}\r\n".encode())
        return connection

    def _play(self, number: int) -> None:
        connection, at = self._connection(), 0
        path = self.questions.film(number + 100) + self.film
        self._ends.wait(number / PLAYING)  # viewers do not breathe in time
        while not self._ends.is_set():
            begun = time.perf_counter()
            try:
                connection.request("GET", path, headers={"Range": f"bytes={at}-{at + MIB - 1}"})
                got = len(connection.getresponse().read())
            except (OSError, http.client.HTTPException):  # an idle connection may be closed at any moment
                connection.close()
                continue
            at = (at + got) % (FILM - MIB)
            self.played += got
            self._ends.wait(max(0.0, 1 - (time.perf_counter() - begun)))
        connection.close()

    def _ask(self) -> None:
        connection = self._connection()
        while (due := self._due.get()) is not None:
            page, path = due
            begun = time.perf_counter()
            try:
                connection.request("GET", path)
                answer = connection.getresponse()
                answer.read()
            except (OSError, http.client.HTTPException):  # an idle connection may be closed at any moment
                connection.close()
                continue
            if answer.status != 200:
                self.wrong.append(f"{answer.status} {path}")
            if self._counts:
                self.times[page].append(1000 * (time.perf_counter() - begun))
        connection.close()

    def _connection(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)


@contextmanager
def served(folder: Path) -> Iterator[tuple[int, int]]:
    """A real server on the archive: its port, and the number of its process."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = int(listener.getsockname()[1])
    command = [sys.executable, "-c", MAIN, "serve", str(folder), "--port", str(port), "--json"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
        try:
            for _ in range(600):
                with socket.socket() as probe:
                    if probe.connect_ex(("127.0.0.1", port)) == 0:
                        break
                time.sleep(0.1)
            yield port, process.pid
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(timeout=60)


def resident_mb(process: int) -> float:
    """Resident memory of a process and its children, pages that they share counted once for each."""
    children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    own = next(int(line.split()[1]) for line in lines if line.startswith("VmRSS"))
    return own / 1024 + sum(resident_mb(int(child)) for child in children)


def processor_s(process: int) -> float:
    """Processor seconds that a process and its children have used."""
    children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    used = sum(map(int, Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[11:13]))
    return used / os.sysconf("SC_CLK_TCK") + sum(processor_s(int(child)) for child in children)


def quantile(times: list[float], share: float) -> float:
    """Of some times."""
    return sorted(times)[min(len(times) - 1, int(len(times) * share))]


def profiled(folder: Path, questions: Questions, rounds: int) -> None:
    """Ask in this process, each kind alone, and print where the time goes."""
    from holdfast.show import serving

    serving.prepare(folder)
    from django.test import Client

    browser = Client(headers={"host": "localhost"})
    for page in PAGES:
        paths = [questions.path(page) for _ in range(rounds)]
        browser.get(paths[0])
        profiler = cProfile.Profile()
        begun = time.perf_counter()
        profiler.runcall(lambda asked=paths: [browser.get(path).getvalue() for path in asked])
        print(f"=== {page}: {1000 * (time.perf_counter() - begun) / rounds:.1f} ms")
        pstats.Stats(profiler).sort_stats("cumulative").print_stats("holdfast|sqlite|render", 25)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--works", type=int, default=10_000)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--seconds", type=float, default=40)
    parser.add_argument("--profile", action="store_true")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = chosen.folder or Path(scratch) / "archive"
        make_archive(folder, chosen.works)
        questions = Questions(folder)
        if chosen.profile:
            profiled(folder, questions, 40)
            return
        film = max(path.name for path in (folder / "cache" / "model").glob("*.mp4"))
        with served(folder) as (port, process):
            idle = resident_mb(process)
            load, used = Load(port, questions, film), processor_s(process)
            load.run(chosen.seconds)
            used = (processor_s(process) - used) / (chosen.seconds + WARM_S)
            for page, times in load.times.items():
                shown = "  ".join(f"p{share:g} {quantile(times, share / 100):7.1f}" for share in (50, 95, 99))
                print(f"{page:8} {len(times):5}  {shown}  max {max(times):7.1f} ms")
            played = load.played / MIB / (chosen.seconds + WARM_S)
            print(f"played {played:.1f} MiB/s; refused {len(load.wrong)} {load.wrong[:3]}")
            print(
                f"memory {resident_mb(process):.0f} MB (idle {idle:.0f}); {100 * used:.0f} % of a processor", end="; "
            )
            print(f"load of the machine {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
