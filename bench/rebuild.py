"""How long the catalogue takes to be made anew, and how fast it answers, at 10,000 and at 50,000 assets.

    python bench/rebuild.py [--assets 10000 50000] [--folder DIR] [--profile] [--only QUERIES]

The objects are made here, in valid OCFL form, straight to disk and without fsync: an asset each, with a record as
`add` writes it, events, a master of a few bytes, and for one in five a WebVTT file of 100 cues in one of five
languages. Each size is measured in a process of its own, so that its peak of memory is its own. The floor beside it is
the time to walk the root and to read every inventory, sidecar, record and caption file without understanding them.

On a machine that others use as well, even the processor's time of the same work varies threefold. So a loop of
additions is timed again and again beside the work, and the work's time is also given in *quiet seconds*: those in
which a core makes 25,000,000 of these additions.

With `--folder` the archives stay there and are used again.
"""

from __future__ import annotations

import argparse
import cProfile
import hashlib
import json
import multiprocessing
import os
import pstats
import random
import resource
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from itertools import accumulate
from pathlib import Path
from typing import Any

from holdfast.backends.local import LocalBackend
from holdfast.catalog import lists
from holdfast.catalog.catalog import CATALOG_FILE, Catalog
from holdfast.formats.record import EVENTS_FILE, RECORD_FILE, events_bytes, record_bytes
from holdfast.model.asset import (
    AssetRecord,
    DatedFact,
    Instantiation,
    InstantiationKind,
    Person,
    Publication,
    Statement,
    Status,
    Tag,
    Text,
)
from holdfast.model.event import Agent, Event, EventType
from holdfast.model.fixity import Digest
from holdfast.model.ids import ALPHABET, AssetId, check_character
from holdfast.model.rights import AccessLevel
from holdfast.model.technical import AudioTrack, MediaInfo, VideoTrack
from holdfast.ocfl.layout import Layout, object_declaration
from holdfast.ocfl.root import StorageRoot

WITH_CAPTIONS = 5  # one asset in so many
CUES = 100
BEGUN = datetime(2026, 1, 1, tzinfo=UTC)
WORDS = {
    "de": "die der und Film Archiv Schifffahrt Straße Köln Gesellschaft sehen gestern wieder Menschen Jahre Frage",
    "en": "the of and film archive harbour street people yesterday question again years engine letters winter",
    "ru": "и в не фильм архив улица люди вчера вопрос снова годы поезд письма зима видеозапись город",
    "zh": "电影 档案 街道 人们 昨天 问题 火车 冬天 城市 音乐 学校 工人 历史 报纸",
    "ko": "영화 기록 거리 사람들 어제 질문 기차 겨울 도시 음악 학교 노동자 역사 신문",
}
SYLLABLES = tuple("ba ge ki lo mu na pe ri so tu va we zi scha fro kle dra stu".split())  # noqa: SIM905


# ------------------------------------------------------------------------------------------------ made archives


class Maker:
    """Makes assets by number; the same number gives the same asset. One in `with_captions` has captions."""

    def __init__(self, folder: Path, with_captions: int = WITH_CAPTIONS) -> None:
        self.folder = folder
        self._with_captions = with_captions
        self._layout = Layout()
        # By Zipf's law: the common words make up most of a text, and new ones never cease to come.
        chance = random.Random(1)
        self._rare = ["".join(chance.choices(SYLLABLES, k=chance.randint(2, 4))) for _ in range(40_000)]
        self._words = {language: [*words.split(), *self._rare] for language, words in WORDS.items()}
        self._weights = {
            language: list(accumulate(1 / rank for rank in range(1, len(words) + 1)))
            for language, words in self._words.items()
        }

    def make(self, number: int) -> AssetId:
        """Write the object of one asset; its id."""
        chance = random.Random(number)
        body = "".join(chance.choices(ALPHABET, k=12))
        asset = AssetId(body + check_character(body))
        language = list(WORDS)[number % len(WORDS)]
        master = f"master of {asset}".encode()
        record = self._record(asset, number, language, master, chance)
        files = {f"masters/film {number}.mp4": master}
        if number % self._with_captions == 0:
            files["sidecars/film.vtt"] = self._captions(language, chance)
            record = replace(record, texts=(Text("sidecars/film.vtt", language),))
        at = record.created_at
        events = [Event(EventType.INGESTION, at, (Agent("Archive"),), detail="made", objects=tuple(files))]
        files |= {RECORD_FILE: record_bytes(record), EVENTS_FILE: events_bytes(events)}
        self._write(str(asset.object_id), files, at)
        return asset

    def _record(self, asset: AssetId, number: int, language: str, master: bytes, chance: random.Random) -> AssetRecord:
        at = BEGUN + timedelta(minutes=number)
        title = f"{self.sentence(language, 4, chance)} {number}"
        return AssetRecord(
            asset,
            Status.HELD,
            AccessLevel.PUBLIC,
            at,
            titles=(Statement(title, language, "listing"),),
            descriptions=(Statement(self.sentence(language, 60, chance), language, "listing"),),
            dates=(DatedFact("2019-05-01", "published"),),
            people=(Person(f"Channel {number % 300}", "uploader"),),
            tags=tuple(Tag(chance.choice(self._rare), language) for _ in range(5)),
            collections=(f"collection {number % 40}",),
            publications=(Publication("site", f"item{number}", f"https://site.example/item{number}"),),
            instantiations=(
                Instantiation(
                    f"masters/film {number}.mp4",
                    InstantiationKind.MASTER,
                    Digest(hashlib.sha512(master).hexdigest()),
                    1_000_000 + number,
                    at,
                    f"film {number}.mp4",
                    modified_at=at,
                    technical=MediaInfo(
                        "mp4",
                        1_000_000 + number,
                        Fraction(number % 5000 + 1001, 7),
                        video=(VideoTrack(0, "h264", 1920, 1080, frame_rate=Fraction(30000, 1001)),),
                        audio=(AudioTrack(1, "aac", 48000, 2, "stereo"),),
                        tags={"encoder": "Lavf", "major_brand": "isom"},
                    ),
                ),
            ),
        )

    def sentence(self, language: str, length: int, chance: random.Random) -> str:
        """Words as often as they occur."""
        return " ".join(chance.choices(self._words[language], cum_weights=self._weights[language], k=length))

    def _captions(self, language: str, chance: random.Random) -> bytes:
        lines = ["WEBVTT", ""]
        for cue in range(CUES):
            lines += [f"00:{cue // 15:02d}:{cue % 15 * 4:02d}.000 --> 00:{cue // 15:02d}:{cue % 15 * 4 + 3:02d}.500"]
            lines += [self.sentence(language, 9, chance), ""]
        return "\n".join(lines).encode()

    def _write(self, object_id: str, files: dict[str, bytes], at: datetime) -> None:
        place = self.folder / "ocfl" / self._layout.path_of(object_id)
        (place / "v1" / "content").mkdir(parents=True)
        manifest, state = {}, {}
        for position, (logical, data) in enumerate(files.items()):
            digest = hashlib.sha512(data).hexdigest()
            (place / "v1" / "content" / f"{position:06d}").write_bytes(data)
            manifest[digest], state[digest] = [f"v1/content/{position:06d}"], [logical]
        created = at.isoformat().replace("+00:00", "Z")
        inventory = {
            "id": object_id,
            "type": "https://ocfl.io/1.1/spec/#inventory",
            "digestAlgorithm": "sha512",
            "head": "v1",
            "contentDirectory": "content",
            "manifest": manifest,
            "versions": {"v1": {"created": created, "message": "Kept", "state": state, "user": {"name": "Archive"}}},
        }
        data = (json.dumps(inventory, ensure_ascii=False, indent=2) + "\n").encode()
        name, declaration = object_declaration()
        (place / name).write_bytes(declaration)
        (place / "inventory.json").write_bytes(data)
        (place / "inventory.json.sha512").write_text(f"{hashlib.sha512(data).hexdigest()}  inventory.json\n")
        for name in ("inventory.json", "inventory.json.sha512"):
            (place / "v1" / name).hardlink_to(place / name)


def make_archive(folder: Path, assets: int) -> None:
    """An archive of so many assets; one that is there is used again."""
    done = folder / "made"
    if done.exists():
        return
    folder.mkdir(parents=True)
    StorageRoot.create(LocalBackend(folder))
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        share = 500
        list(
            pool.imap_unordered(_make_share, [(folder, at, min(at + share, assets)) for at in range(0, assets, share)])
        )
    done.touch()


def _make_share(what: tuple[Path, int, int]) -> None:
    folder, begin, end = what
    maker = Maker(folder)
    for number in range(begin, end):
        maker.make(number)


# ---------------------------------------------------------------------------------------------------- measuring


def timed(deed: Callable[[], object]) -> float:
    started = time.perf_counter()
    deed()
    return time.perf_counter() - started


ADDITIONS, PER_QUIET_SECOND = 200_000, 25_000_000


class Pace:
    """How fast a core is at the moment: told by a loop that is run beside the work, and taken out of its time."""

    def __init__(self) -> None:
        self.spent = 0.0
        self.loops = 0

    def look(self) -> None:
        started = time.process_time()
        total = 0
        for n in range(ADDITIONS):
            total += n
        self.spent += time.process_time() - started
        self.loops += 1

    def quiet(self, processor: float) -> float:
        """Processor seconds as those of a quiet core."""
        return processor * self.loops * ADDITIONS / PER_QUIET_SECOND / self.spent


def peak_mb(whose: int = resource.RUSAGE_SELF) -> float:
    return resource.getrusage(whose).ru_maxrss / 1024


def floor(folder: Path) -> int:
    """Walk the root and read what a rebuild must read, as bytes; how many files."""
    count = 0
    for at, _, names in os.walk(folder / "ocfl"):
        for name in names:
            is_content = at.endswith("/content") and name != "000000"  # all but the master
            if is_content or (name.startswith("inventory") and not at.endswith("/v1")):
                with open(f"{at}/{name}", "rb") as stream:  # noqa: PTH123
                    stream.read()
                count += 1
    return count


def rebuild(folder: Path, pace: Pace, every: int, *, profile: bool) -> None:
    catalog = Catalog(folder / CATALOG_FILE, StorageRoot(LocalBackend(folder)))

    def on_object(count: int) -> None:
        if count % every == 0:
            pace.look()

    profiler = cProfile.Profile(time.process_time)
    if profile:
        profiler.runcall(catalog.rebuild)
        pstats.Stats(profiler).sort_stats("cumulative").print_stats(45)
        pstats.Stats(profiler).sort_stats("tottime").print_stats(30)
    else:
        catalog.rebuild(on_object)


def measure(folder: Path, assets: int, *, profile: bool) -> float:
    """One rebuild of a catalogue that is not there yet; its quiet seconds."""
    for suffix in ("", "-wal", "-shm"):
        (folder / (CATALOG_FILE + suffix)).unlink(missing_ok=True)
    reading = [timed(lambda: floor(folder)) for _ in range(2)][-1]
    before = peak_mb()
    pace = Pace()
    pace.look()
    own, readers = time.process_time(), children_s()
    seconds = timed(lambda: rebuild(folder, pace, assets // 50, profile=profile))
    own, readers = time.process_time() - own - pace.spent, children_s() - readers
    size = (folder / CATALOG_FILE).stat().st_size / 1e6
    quiet = pace.quiet(own + readers)
    print(
        f"{assets:,} assets: {seconds:.1f} s on the wall; processor {own + readers:.1f} s, of which {readers:.1f} s by"
        f" readers; {quiet:.1f} quiet s ({1e6 * quiet / assets:.0f} us an asset); floor {reading:.1f} s;"
        f" peak {peak_mb():.0f} MB (before it {before:.0f}), of a reader {peak_mb(resource.RUSAGE_CHILDREN):.0f};"
        f" catalogue {size:.0f} MB; load {os.getloadavg()[0]:.1f}",
        flush=True,
    )
    return quiet


def children_s() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def questions(folder: Path) -> Iterator[tuple[str, list[float]]]:
    """Milliseconds of each kind of question, many times; the connection is opened anew each time, as deeds do."""
    catalog = Catalog(folder / CATALOG_FILE, StorageRoot(LocalBackend(folder)))
    with catalog.engine.connect() as connection:
        assets = [line.asset for line in lists.list_assets(connection)]
        rows = connection.exec_driver_sql("SELECT digest, size_bytes FROM instantiation").all()
    chance = random.Random(3)

    def ask(question: Callable[..., object], arguments: list[object], count: int = 200) -> list[float]:
        def once() -> None:
            with catalog.engine.connect() as connection:
                question(connection, chance.choice(arguments))

        return [1000 * timed(once) for _ in range(count)]

    yield "is_size_known", ask(lists.is_size_known, [row[1] for row in rows])
    yield "is_size_known, new", ask(lists.is_size_known, list(range(10_000)))
    yield "holder_of", ask(lists.holder_of, [Digest(row[0]) for row in rows])
    yield "find_asset, whole id", ask(lists.find_asset, list(assets))
    yield "find_asset, 6 letters", ask(lists.find_asset, [asset[:6] for asset in assets])
    yield "list_assets, all", ask(lambda c, _: list(lists.list_assets(c, languages=("de",))), [0], 5)
    yield "list_assets, a collection", ask(lambda c, n: list(lists.list_assets(c, collection=n)), ["collection 7"], 20)
    yield "totals", ask(lambda c, _: lists.totals(c), [0], 20)
    yield "check_summary", ask(lambda c, _: lists.check_summary(c), [0], 20)
    yield "is_current", [1000 * timed(catalog.is_current) for _ in range(50)]
    ids = [str(AssetId(asset).object_id) for asset in chance.sample(assets, 60)]
    yield "refresh of an object", [1000 * timed(lambda n=n: catalog.refresh([n])) for n in ids]  # type: ignore[misc]
    yield "changing, nothing done", [1000 * timed(lambda n=n: _change(catalog, n)) for n in ids]  # type: ignore[misc]
    yield "settle, nothing to do", [1000 * timed(catalog.settle) for _ in range(50)]
    yield "stale_objects", [1000 * timed(lambda: list(catalog.stale_objects())) for _ in range(1)]


def _change(catalog: Catalog, object_id: str) -> None:
    with catalog.changing(object_id):
        pass


def answer(folder: Path, assets: int) -> None:
    print(f"{'at ' + format(assets, ',') + ' assets, ms':28}{'p50':>8}{'p95':>8}{'max':>8}")
    for name, times in questions(folder):
        ordered = sorted(times)
        at_95 = ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))]
        print(f"{name:28}{statistics.median(ordered):8.2f}{at_95:8.2f}{ordered[-1]:8.2f}", flush=True)
    print(f"peak while asking: {peak_mb():.0f} MB; load {os.getloadavg()[0]:.1f}")


def main() -> None:
    parser = argparse.ArgumentParser(description="Rebuild and questions of the catalogue.")
    parser.add_argument("--assets", type=int, nargs="+", default=[10_000, 50_000])
    parser.add_argument("--folder", type=Path, help="keep the archives there, and use those that are there")
    parser.add_argument("--profile", action="store_true", help="print where the time of each rebuild goes")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = given.folder or Path(temporary)
        quiet = [measured(folder / f"archive-{assets}", assets, profile=given.profile) for assets in given.assets]
        if len(quiet) > 1:
            print(f"from {given.assets[0]:,} to {given.assets[-1]:,} assets: {quiet[-1] / quiet[0]:.2f} times as long")
        apart(answer, folder / f"archive-{given.assets[-1]}", given.assets[-1])


def measured(archive: Path, assets: int, *, profile: bool) -> float:
    print(f"making {assets:,} assets: {timed(lambda: make_archive(archive, assets)):.0f} s", flush=True)
    return float(apart(measure, archive, assets, profile=profile))


def apart(deed: Callable[..., Any], *arguments: object, **named: object) -> Any:
    """The result of a deed in a process of its own."""
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
        return pool.submit(deed, *arguments, **named).result()


if __name__ == "__main__":
    main()
