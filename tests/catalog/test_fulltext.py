"""The index: what is found, in which order, what is withheld, and that changes leave what a rebuild would make."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, MetaData, create_engine, text

from holdfast.catalog import fulltext
from holdfast.catalog.fulltext import (
    Passage,
    define_passages,
    dump,
    load_passages,
    optimize,
    replace_passages,
    search,
    search_works,
)
from holdfast.catalog.hits import Page


@contextmanager
def empty_index() -> Iterator[Connection]:
    metadata = MetaData()
    define_passages(metadata)
    engine = create_engine("sqlite://")
    with engine.connect() as connection:
        metadata.create_all(connection)
        yield connection
    engine.dispose()


@pytest.fixture
def connection() -> Iterator[Connection]:
    with empty_index() as connection:
        yield connection


def caption(words: str, at_s: int = 0, access: str = "public", language: str = "en") -> Passage:
    return Passage("caption", words, access, language, at_s * 1_000_000, (at_s + 2) * 1_000_000)


def title(words: str, access: str = "public", language: str = "en") -> Passage:
    return Passage("title", words, access, language)


# -------------------------------------------------------------------------------------------------- what is found


def test_a_hit_in_a_caption_carries_its_time_and_its_marks(connection: Connection) -> None:
    replace_passages(connection, "a", [caption("nothing here", 1), caption("the harvest of 1974", 65)])
    (hit,) = search(connection, "harvest").hits
    assert (hit.asset, hit.kind, hit.start_us, hit.end_us) == ("a", "caption", 65_000_000, 67_000_000)
    assert [hit.text[start:end] for start, end in hit.marks] == ["harvest"]


def test_a_title_outranks_a_caption_with_the_same_words(connection: Connection) -> None:
    replace_passages(connection, "spoken", [caption("harvest time again")])
    replace_passages(connection, "named", [title("harvest time again")])
    assert [hit.asset for hit in search(connection, "harvest").hits] == ["named", "spoken"]


def test_a_title_filed_after_more_captions_than_are_ranked_still_comes_first(
    connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fulltext, "RANKED", 50)
    replace_passages(connection, "spoken", [caption("the harvest", at) for at in range(80)])
    replace_passages(connection, "named", [title("The Harvest")])
    page = search(connection, "harvest")
    assert page.hits[0].asset == "named"
    assert not page.is_exact


def test_the_best_hit_of_each_asset_comes_with_the_number_of_its_hits(connection: Connection) -> None:
    replace_passages(connection, "a", [title("Harvest"), caption("harvest", 1), caption("the harvest again", 2)])
    replace_passages(connection, "b", [caption("no harvest this year", 3)])
    page = search(connection, "harvest", by_asset=True)
    assert [(hit.asset, hit.kind, hit.count) for hit in page.hits] == [("a", "title", 3), ("b", "caption", 1)]
    assert (page.total, page.is_exact) == (2, True)


def test_pages_follow_each_other_without_gap_or_repetition(connection: Connection) -> None:
    replace_passages(connection, "a", [caption(f"harvest {at}", at) for at in range(45)])
    pages = [search(connection, "harvest", limit=20, offset=offset) for offset in (0, 20, 40, 60)]
    assert [len(page.hits) for page in pages] == [20, 20, 5, 0]
    assert {page.total for page in pages} == {45}
    assert len({hit.start_us for page in pages for hit in page.hits}) == 45


def test_filters_of_kind_language_and_asset_narrow_the_search(connection: Connection) -> None:
    replace_passages(
        connection, "a", [title("Film", language="de"), caption("film", 1), caption("Film", 2, language="de")]
    )
    replace_passages(connection, "b", [caption("film", 3)])
    assert search(connection, "film").total == 4
    assert search(connection, "film", kinds=["caption"]).total == 3
    assert search(connection, "film", languages=["de"]).total == 2
    assert search(connection, "film", languages=["de"], kinds=["caption"]).total == 1
    assert search(connection, "film", asset="b").total == 1
    assert search(connection, "film", languages=["ko"]).total == 0
    assert search(connection, "film", kinds=["poem"]).total == 0


# ----------------------------------------------------------------------------------------------- what is withheld


def test_a_passage_of_a_level_that_was_not_asked_for_is_neither_shown_nor_counted(connection: Connection) -> None:
    replace_passages(connection, "open", [title("harvest")])
    replace_passages(connection, "shut", [title("harvest", access="closed"), caption("harvest", access="closed")])
    for by_asset in (False, True):
        page = search(connection, "harvest", by_asset=by_asset)
        assert ([hit.asset for hit in page.hits], page.total) == (["open"], 1)
    assert search(connection, "harvest", access=("public", "closed")).total == 3
    assert search(connection, "harvest", asset="shut").total == 0


@pytest.mark.parametrize("access", [(), ("",), ("unheard of",)])
def test_without_a_known_level_nothing_is_shown(connection: Connection, access: tuple[str, ...]) -> None:
    replace_passages(connection, "a", [title("harvest")])
    assert search(connection, "harvest", access=access) == Page((), 0, is_exact=True)


def test_a_level_that_changes_takes_effect_with_the_same_passages(connection: Connection) -> None:
    replace_passages(connection, "a", [title("harvest")])
    replace_passages(connection, "a", [title("harvest", access="closed")])
    assert search(connection, "harvest").hits == ()


def test_a_passage_without_access_level_or_of_unknown_kind_is_refused(connection: Connection) -> None:
    with pytest.raises(ValueError, match="access level"):
        replace_passages(connection, "a", [title("harvest", access="")])
    with pytest.raises(ValueError, match="poem"):
        replace_passages(connection, "a", [Passage("poem", "harvest", "public")])


# ------------------------------------------------------------------------------------------------------- changes

a_passage = st.builds(
    Passage,
    kind=st.sampled_from(["title", "description", "caption"]),
    text=st.sampled_from(
        ["Filmarchiv Köln", "한국 영화", "中国电影", "видеозапись войны", "O'Brien S01E02", "film", "", "😀"]
    ),
    access=st.sampled_from(["public", "closed"]),
    language=st.sampled_from(["de", "en", ""]),
    start_us=st.sampled_from([None, 0, 5]),
)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.sampled_from("abc"), st.lists(a_passage, max_size=4)), max_size=8), st.randoms())
def test_any_changes_in_any_order_leave_what_a_rebuild_makes(
    changes: list[tuple[str, list[Passage]]], shuffler: random.Random
) -> None:
    with empty_index() as kept:
        for asset, passages in changes:
            replace_passages(kept, asset, passages)
        incremental = dump(kept)
        kept.execute(text("INSERT INTO passage_index (passage_index) VALUES ('integrity-check')"))
    everything = [(asset, passage) for asset, passages in dict(changes).items() for passage in passages]
    shuffler.shuffle(everything)
    with empty_index() as rebuilt:
        load_passages(rebuilt, everything)
        optimize(rebuilt)
        assert dump(rebuilt) == incremental


def test_an_asset_without_passages_leaves_no_trace(connection: Connection) -> None:
    replace_passages(connection, "a", [title("Filmarchiv Köln", language="de"), caption("中国电影", 1, language="zh")])
    replace_passages(connection, "a", [])
    assert dump(connection) == []


def test_passages_that_stay_keep_their_rows(connection: Connection) -> None:
    replace_passages(connection, "a", [title("one"), caption("two", 1)])
    before = {tuple(row) for row in connection.execute(text("SELECT id, text FROM passage"))}
    replace_passages(connection, "a", [title("changed"), caption("two", 1)])
    after = {tuple(row) for row in connection.execute(text("SELECT id, text FROM passage"))}
    assert {words for _, words in before & after} == {"two"}


def test_dropping_the_tables_drops_the_index_with_them() -> None:
    metadata = MetaData()
    define_passages(metadata)
    engine = create_engine("sqlite://")
    with engine.connect() as connection:
        metadata.create_all(connection)
        metadata.drop_all(connection)
        assert connection.execute(text("SELECT count(*) FROM sqlite_master")).scalar() == 0
        metadata.create_all(connection)
        replace_passages(connection, "a", [title("again")])
        assert search(connection, "again").total == 1
    engine.dispose()


# ------------------------------------------------------------------------------------------------ whatever is typed


@pytest.mark.parametrize(
    "query",
    [
        '"',
        "*",
        "AND (",
        "NEAR(a b)",
        "words:film",
        'a" OR "b',
        "film*)",
        "-",
        "-film",
        "\x00",
        "😀",
        "x" * 10_000,
        "中" * 10_000,
        " ".join(f"wort{n}*" for n in range(500)),
        "a-b-c-" * 1_000,
        "'; DROP TABLE passage; --",
        "\ud800",
        "^film",
        "{a b}: c",
    ],
)
def test_junk_in_the_search_box_never_fails(connection: Connection, query: str) -> None:
    replace_passages(connection, "a", [title("film")])
    search(connection, query)
    search(connection, query, by_asset=True, asset="a")
    assert search(connection, "film").total == 1


@pytest.fixture(scope="module")
def filled() -> Iterator[Connection]:
    with empty_index() as connection:
        replace_passages(connection, "a", [title("Filmarchiv 한국 中国 война 1974 a")])
        yield connection


@settings(max_examples=200, deadline=None)
@given(query=st.text(st.one_of(st.characters(), st.sampled_from("\"*-()^:+{}' aé中가и1")), max_size=60))
def test_any_text_may_be_asked_for(filled: Connection, query: str) -> None:
    search(filled, query)


def test_every_text_is_found_by_its_own_words(connection: Connection) -> None:
    texts = [
        "Die Müllerin aus Köln",
        "한국 영화를",
        "中国电影",
        "Видеозапись о войне",
        "O’Brien's S01E02 Rolls-Royce",
        "K팝 1974년",
    ]
    for number, words in enumerate(texts):
        replace_passages(connection, str(number), [title(words, language="")])
        assert [hit.asset for hit in search(connection, words).hits] == [str(number)], words


def test_a_text_with_half_a_character_is_kept_without_it(connection: Connection) -> None:
    for _ in range(2):
        replace_passages(connection, "a", [title("film \udcff 1974")])
    assert search(connection, "film 1974").total == 1


def test_a_search_of_works_gives_the_same_works_as_a_search_by_asset_with_their_best_moments(
    connection: Connection,
) -> None:
    told = [("a", Passage("title", "Harvest", "public", "en")), ("b", Passage("title", "The sea", "public", "en"))]
    spoken = [(asset, n) for asset in "ab" for n in range(6)]
    told += [
        (
            asset,
            Passage("caption", f"harvest time {'harvest ' * n}", "public", "en", n * 1_000_000, (n + 1) * 1_000_000),
        )
        for asset, n in spoken
    ]
    load_passages(connection, told)
    page = search_works(connection, "harvest", moments=3)
    by_asset = search(connection, "harvest", by_asset=True)
    assert [work.asset for work in page.works] == [hit.asset for hit in by_asset.hits] == ["a", "b"]
    assert page.total == by_asset.total == 2
    first, second = page.works
    assert (first.about and first.about.kind, second.about) == ("title", None)
    assert [(len(work.moments), work.count) for work in page.works] == [(3, 6), (3, 6)]
    starts = [hit.start_us for hit in first.moments]
    assert starts == sorted(starts, key=lambda us: us or 0)


def test_a_search_of_works_among_some_counts_no_others(connection: Connection) -> None:
    load_passages(connection, [(asset, Passage("title", "harvest", "public", "en")) for asset in "abc"])
    page = search_works(connection, "harvest", among=["b", "c", "nobody"], limit=1, offset=1)
    assert ([work.asset for work in page.works], page.total, page.is_exact) == (["c"], 2, True)
    assert search_works(connection, "harvest", among=[]).total == 0


def test_a_search_of_works_gives_nothing_above_the_level(connection: Connection) -> None:
    load_passages(
        connection,
        [
            ("a", Passage("caption", "harvest", "public", "en", 0, 1)),
            ("b", Passage("caption", "harvest", "sealed", "en", 0, 1)),
        ],
    )
    assert [work.asset for work in search_works(connection, "harvest").works] == ["a"]
    assert search_works(connection, "harvest", access=()).total == 0
    assert search_works(connection, "").works == ()
