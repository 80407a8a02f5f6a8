"""How fast the full text answers at a million caption segments, and what making the index costs.

    python bench/search.py [--segments 1000000] [--folder DIR] [--queries 200]

Five languages in equal parts, words by Zipf's law. The words are made here: our own short lists first (so the very
common words are real ones), then syllables strung together by a seeded generator. The database lies on disk; each
kind of query runs once to warm the cache, then is measured. The floor beside it is the bare FTS5 count of the same
match: what SQLite itself needs to walk the postings, before any filter, ranking or text.
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from itertools import accumulate
from pathlib import Path

from sqlalchemy import Connection, MetaData, create_engine, text

from holdfast.catalog import fulltext
from holdfast.catalog.fulltext import Passage, define_passages, load_passages, optimize, search
from holdfast.catalog.queries import query_terms

SEGMENTS_PER_ASSET = 200
VOCABULARY = 60_000
COMMON = {
    "de": "die und der in zu den das nicht von sie ist des sich mit dem dass er es ein ich auf so eine auch als an",
    "en": "the of and to in that is was he for it with as his on be at by had not are but from or have an they which",
    "ru": "и в не на я быть он с что а по это она этот к но они мы весь который из у то за свой ты год человек время",
}
SYLLABLES = {
    "de": (
        "b br d dr f fl g gr h k kl l m n pf r s sch schl st t w z",
        "a e i o u ä ö ü ei au ie",
        " l n r s t ch nd rt ng ck",
    ),
    "en": ("b br c ch d f fl g h j l m n p pl r s sh st t th w", "a e i o u ea ou ai oo", " n r s t ck ll nd st m p"),
    "ru": ("б в г д ж з к л м н п р с т ф х ч ш ст пр", "а е и о у ы я ё", " й л м н р с т к в"),
}
ENDINGS = {
    "de": ["", "", "e", "en", "er", "es", "ung", "ungen"],
    "en": ["", "", "s", "ed", "ing", "ly", "er", "'s"],
    "ru": ["", "а", "ы", "е", "у", "ой", "ами", "ах", "ов"],
}
PARTICLES = ["은", "는", "이", "가", "을", "를", "에서", "으로", "의", "에", "", ""]
HAN = (
    "的一是不了人我在有他这为之大来以个中上们到说国和地也子时道出而要于就下得可你年生自会那后能对着事其里所去行过家十用发天如"
    "然作方成者多日都三小军二无同么经法当起与好看学进种将还分此心前面又定见只主没公从"
)
HANGUL = "가고그나다대도라로리마만사서시아어이자지하한해기정수인일전제조주부보비상성소신안여영요우원유음의장진천"
LEVELS = (["public"], ["community"], ["closed"])


class Language:
    """A vocabulary and its Zipf weights."""

    def __init__(self, tag: str, seed: int) -> None:
        self.tag = tag
        self._random = random.Random(seed)
        make = {"zh": self._chinese, "ko": self._korean}.get(tag, self._word)
        words = dict.fromkeys(COMMON.get(tag, "").split())
        while len(words) < VOCABULARY:
            words[make()] = None
        self.words = list(words)
        self.weights = list(accumulate(1 / rank for rank in range(1, len(self.words) + 1)))

    def _word(self) -> str:
        onsets, vowels, codas = (part.split(" ") for part in SYLLABLES[self.tag])
        pick = self._random.choice
        count = self._random.choices((1, 2, 3, 4), (2, 5, 3, 1))[0]
        return "".join(pick(onsets) + pick(vowels) + pick(codas) for _ in range(count))

    def _chinese(self) -> str:
        return "".join(self._random.choice(HAN) for _ in range(self._random.choices((1, 2, 3), (1, 6, 2))[0])) + (
            chr(self._random.randrange(0x4E00, 0x5E00)) if self._random.random() < 0.4 else ""
        )

    def _korean(self) -> str:
        return "".join(self._random.choice(HANGUL) for _ in range(2)) + (
            chr(self._random.randrange(0xAC00, 0xB800)) if self._random.random() < 0.5 else ""
        )

    def sentence(self) -> str:
        words = self._random.choices(self.words, cum_weights=self.weights, k=self._random.randint(8, 12))
        if self.tag == "zh":
            return "".join(words[:5]) + "，" + "".join(words[5:])
        if self.tag == "ko":
            return " ".join(word + self._random.choice(PARTICLES) for word in words)
        return " ".join(word + self._random.choice(ENDINGS[self.tag]) if len(word) > 3 else word for word in words)


def made_passages(languages: list[Language], segments: int) -> Iterator[tuple[str, Passage]]:
    """Assets of a title and 200 captions each, the languages by turns, one asset in five not public."""
    pick = random.Random(7)
    for number in range(segments // SEGMENTS_PER_ASSET):
        language = languages[number % len(languages)]
        asset = f"asset{number:08d}"
        level = pick.choices(LEVELS, (80, 15, 5))[0][0]
        yield asset, Passage("title", language.sentence(), level, language.tag)
        for at in range(SEGMENTS_PER_ASSET):
            start = at * 4_000_000
            yield asset, Passage("caption", language.sentence(), level, language.tag, start, start + 3_500_000)


def queries(languages: list[Language], count: int) -> dict[str, tuple[list[str], dict[str, object]]]:
    """The kinds of query: a name, the texts, and the filters they run with."""
    pick = random.Random(11)
    spaced = [language for language in languages if language.tag not in ("zh", "ko")]
    cjk = [language for language in languages if language.tag in ("zh", "ko")]

    def words(number: int, among: list[Language]) -> list[list[str]]:
        """Words as people would type them: drawn as often as they occur, function words included."""
        drawn = (pick.choice(among) for _ in range(count))
        return [pick.choices(language.words, cum_weights=language.weights, k=number) for language in drawn]

    def sentences(among: list[Language]) -> list[str]:
        return [pick.choice(among).sentence() for _ in range(count)]

    one = [" ".join(drawn) for drawn in words(1, spaced)]
    long_words = [[w for w in drawn if len(w) > 3] or drawn for drawn in words(6, spaced)]
    common = [word for language in languages for word in language.words[:20]]
    return {
        "one word": (one, {}),
        "the 20 commonest words": (common, {}),
        "two words": ([" ".join(drawn) for drawn in words(2, spaced)], {}),
        "two of the commonest": (
            [" ".join(pick.sample(language.words[:20], 2)) for language in spaced for _ in range(30)],
            {},
        ),
        "phrase": (['"' + " ".join(s.split()[2:4]) + '"' for s in sentences(spaced)], {}),
        "prefix, 3 letters": ([drawn[0][:3] + "*" for drawn in long_words], {}),
        "prefix, 4 letters": ([drawn[0][:4] + "*" for drawn in long_words], {}),
        "CJK word": ([drawn[0] for drawn in words(1, cjk)], {}),
        "CJK phrase": ([s.split()[0] if " " in s else s[3:7] for s in sentences(cjk)], {}),
        "excluding": ([f"{a} -{b}" for a, b in words(2, spaced)], {}),
        "closed level only": (one + common, {"access": ("closed",)}),
        "all levels": (one + common, {"access": ("public", "community", "closed")}),
        "one language": (one + common, {"languages": ("de",)}),
        "titles only": (one + common, {"kinds": ("title",)}),
        "within one asset": (one + common, {"asset": "asset00000011"}),
        "by asset": (one, {"by_asset": True}),
        "by asset, commonest": (common, {"by_asset": True}),
        "by asset, page 10": (one, {"by_asset": True, "offset": 200}),
    }


def timed(deed: Callable[[], object]) -> tuple[float, float]:
    """Milliseconds on the wall, and of the processor: the second is the steadier one on a machine that others use."""
    started, begun = time.perf_counter(), time.thread_time()
    deed()
    return (time.perf_counter() - started) * 1000, (time.thread_time() - begun) * 1000


def at_50_and_95(times: list[float]) -> str:
    ordered = sorted(times)
    return f"{statistics.median(ordered):7.1f} {ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))]:7.1f}"


def floor(connection: Connection, query: str) -> None:
    terms = query_terms(query)
    if terms.wanted:
        match = fulltext._match(terms, None)
        connection.execute(
            text("SELECT count(*) FROM passage_index WHERE passage_index MATCH :m"), {"m": match}
        ).scalar()


def build(path: Path, languages: list[Language], segments: int) -> None:
    metadata = MetaData()
    define_passages(metadata)
    engine = create_engine(f"sqlite:///{path}")
    made = list(made_passages(languages, segments))
    begun = time.process_time()
    with engine.connect() as connection:
        connection.execute(text("PRAGMA journal_mode=WAL"))
        connection.execute(text("PRAGMA synchronous=NORMAL"))
        connection.commit()
        metadata.create_all(connection)
        loading = timed(lambda: load_passages(connection, made))[0] / 1000
        merging = timed(lambda: optimize(connection))[0] / 1000
        connection.commit()
        connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
    processor = time.process_time() - begun
    print(f"{len(made):,} passages: filed in {loading:.1f} s, merged in {merging:.1f} s, {processor:.0f} CPU-s")
    replacing = timed(lambda: _replace_one(engine, made[: SEGMENTS_PER_ASSET + 1]))[1]
    print(f"replacing the {SEGMENTS_PER_ASSET + 1} passages of one asset: {replacing:.0f} ms of processor")
    with engine.connect() as connection:
        sizes = dict(
            tuple(row)
            for row in connection.execute(
                text(
                    "SELECT CASE WHEN name LIKE 'passage_index%' THEN 'index' ELSE 'text' END, sum(pgsize)"
                    " FROM dbstat GROUP BY 1"
                )
            )
        )
        print(", ".join(f"{name} {size / 1e6:.0f} MB" for name, size in sorted(sizes.items())), end="; ")
    print(f"file {path.stat().st_size / 1e6:.0f} MB")


def _replace_one(engine: object, made: list[tuple[str, Passage]]) -> None:
    with engine.begin() as connection:  # type: ignore[attr-defined]
        changed = [Passage(p.kind, p.text + " x", p.access, p.language, p.start_us, p.end_us) for _, p in made]
        fulltext.replace_passages(connection, made[0][0], changed)


def measure(path: Path, languages: list[Language], count: int) -> None:
    engine = create_engine(f"sqlite:///{path}")
    with path.open("rb") as file:
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
    with engine.connect() as connection:
        print(f"machine's load while measuring: {os.getloadavg()[0]:.1f}")
        print(f"first query, nothing cached: {timed(lambda: search(connection, 'the'))[0]:.0f} ms")
        print(f"{'p50 and p95, ms':26}{'wall':>15} |{'processor':>15} |{'floor, processor':>16}")
        for name, (asked, filters) in queries(languages, count).items():
            for query in asked:
                search(connection, query, **filters)  # type: ignore[arg-type]
            wall, cpu = zip(*(timed(partial(search, connection, query, **filters)) for query in asked), strict=True)  # type: ignore[arg-type]
            _, least = zip(*(timed(partial(floor, connection, query)) for query in asked), strict=True)
            print(f"{name:26}" + " |".join(map(at_50_and_95, map(list, (wall, cpu, least)))), flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description="Full-text search at a million caption segments.")
    parser.add_argument("--segments", type=int, default=1_000_000)
    parser.add_argument("--folder", type=Path, help="keep the database there, and use one that is there")
    parser.add_argument("--queries", type=int, default=200)
    given = parser.parse_args()
    languages = [Language(tag, seed) for seed, tag in enumerate(("de", "en", "ru", "zh", "ko"))]
    with tempfile.TemporaryDirectory() as temporary:
        path = (given.folder or Path(temporary)) / "search.db"
        if not path.exists():
            build(path, languages, given.segments)
        measure(path, languages, given.queries)


if __name__ == "__main__":
    main()
