"""Listings put together: one work each, every statement with its sources, nothing new the second time."""

from __future__ import annotations

from datetime import UTC, datetime
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from holdfast.model.address import source_id_of
from holdfast.model.asset import AssetRecord, DatedFact, Publication, Section, Statement, Status
from holdfast.model.ids import AssetId
from holdfast.model.lost import ListedDuration, ListedWork, LostWork, Origin, Place, Thumbnail
from holdfast.model.rights import AccessLevel
from holdfast.restore.wanted.works import KnownAsset, known_asset, merge_listings

VIDEO = "https://www.youtube.com/watch?v=aB3_dE-fGh1"
ONE, TWO = AssetId("0000000000000"), AssetId("1111111111111")


def listed(
    title: str = "Урожай", seconds: Fraction | int | None = 2054, file: str = "a.json", place: str = "", **more: str
) -> ListedWork:
    url = more.get("url", "")
    duration = Fraction(seconds) if seconds else None
    step = Fraction(1) if duration and duration.denominator == 1 else Fraction(1, 1000)
    return ListedWork(
        Origin(file, place=place),
        titles=(Statement(title, more.get("language", "und")),) if title else (),
        descriptions=(Statement(more["description"]),) if "description" in more else (),
        dates=(DatedFact(more["date"], "uploaded"),) if "date" in more else (),
        duration=ListedDuration(duration, step) if duration else None,
        publication=Publication(url=url, publisher=more.get("publisher", "")),
        source_id=source_id_of(url),
    )


def told(works: tuple[LostWork, ...]) -> list[tuple[str, int]]:
    return [(work.title, len(work.origins)) for work in works]


def test_one_id_is_one_work_whatever_else_is_said() -> None:
    (work,) = merge_listings([listed(url=VIDEO), listed("Harvest", 9, "b.csv", url="https://youtu.be/aB3_dE-fGh1")])
    assert {one.value.text for one in work.titles} == {"Урожай", "Harvest"}
    assert {one.value.seconds for one in work.durations} == {2054, 9}
    assert work.because == ("the same id, youtube:aB3_dE-fGh1",)


def test_contradicting_statements_stand_side_by_side_the_best_supported_first() -> None:
    (work,) = merge_listings(
        [listed("Жатва", 61, url=VIDEO), listed(file="b", url=VIDEO), listed(file="c", url=VIDEO, language="ru")]
    )
    assert work.title == "Урожай"
    assert [origin.file for origin in work.titles[0].origins] == ["b", "c"]
    assert work.titles[0].value.language == "ru", "one of them knew"
    assert [one.value.text for one in work.titles] == ["Урожай", "Жатва"]
    assert work.duration == 2054


def test_a_finer_duration_has_the_word_of_the_coarser_ones_that_agree() -> None:
    fine = Fraction(2053960, 1000)
    (work,) = merge_listings(
        [listed(url=VIDEO), listed(file="b", url=VIDEO), listed(seconds=fine, file="c", url=VIDEO)]
    )
    assert [one.value.seconds for one in work.durations] == [fine, 2054]


def test_ten_places_of_one_file_are_one_witness() -> None:
    often = [listed("Жатва", place=f"record {n}", url=VIDEO) for n in range(10)]
    (work,) = merge_listings([*often, listed(file="b", url=VIDEO), listed(file="c", url=VIDEO)])
    assert work.title == "Урожай"
    assert len(work.origins) == 12


def test_same_title_and_length_are_one_work_and_a_title_alone_is_not() -> None:
    works = merge_listings(
        [listed(), listed("УРОЖАЙ!", 2055, "b.csv"), listed(seconds=None, file="c"), listed(seconds=60, file="d")]
    )
    assert told(works) == [("Урожай", 2), ("Урожай", 1), ("Урожай", 1)]


def test_a_page_named_by_every_row_does_not_make_one_work_of_them() -> None:
    rows = [listed(f"Film {n}", 60 * n, url="https://films.example/channel") for n in range(1, 6)]
    assert len(merge_listings(rows)) == 5


def test_a_work_between_two_others_joins_only_what_agrees_with_all() -> None:
    works = merge_listings([listed(seconds=100), listed(seconds=102, file="b"), listed(seconds=104, file="c")])
    assert sorted(len(work.origins) for work in works) == [1, 2]


def test_importing_twice_makes_nothing_new() -> None:
    listing = [listed(url=VIDEO), listed("Жатва", 61, place="line 2"), listed("Мельница", None, place="line 3")]
    first = merge_listings(listing)
    known = [
        KnownAsset(
            AssetId(f"{number}" * 13),
            tuple(one.value.text for one in work.titles),
            work.duration,
            tuple(one.value for one in work.dates),
            work.source_ids,
            tuple(one.value.url for one in work.publications),
        )
        for number, work in enumerate(first)
    ]
    again = merge_listings(listing, known)
    assert [work.asset for work in again[:2]] == [known[0].id, known[1].id]
    assert again[2].asset is None, "a title alone is nothing to know a work by"


def test_two_known_assets_are_never_put_together_and_the_id_decides() -> None:
    known = [
        KnownAsset(ONE, ("Урожай",), Fraction(2054)),
        KnownAsset(TWO, ("Урожай",), Fraction(2054), source_ids=(source_id_of(VIDEO),)),  # type: ignore[arg-type]
    ]
    works = merge_listings([listed(file="b"), listed(url=VIDEO)], known)
    assert [work.asset for work in works] == [ONE, TWO]


def test_the_signs_of_an_asset_are_read_from_its_record() -> None:
    record = AssetRecord(
        ONE,
        Status.LOST,
        AccessLevel.SEALED,
        datetime(2026, 1, 1, tzinfo=UTC),
        titles=(Statement("Урожай"),),
        publications=(Publication("Youtube", "aB3_dE-fGh1", VIDEO),),
    )
    known = known_asset(record, Fraction(2054))
    assert known == KnownAsset(ONE, ("Урожай",), Fraction(2054), (), (source_id_of(VIDEO),), (VIDEO,))  # type: ignore[arg-type]
    (work,) = merge_listings([listed("Other", 1, url=VIDEO)], [known])
    assert work.asset == ONE


def test_a_captured_thumbnail_is_preferred_to_an_address_and_chapters_are_kept_whole() -> None:
    address = "https://i.ytimg.com/vi/aB3_dE-fGh1/hq.jpg"
    chapters = (Section(Fraction(0), Fraction(60), "Поле"),)
    bare = ListedWork(Origin("a"), source_id=source_id_of(VIDEO), thumbnails=(Thumbnail(address),), sections=chapters)
    captured = Thumbnail(address, 480, 360, place=Place("", 77))
    rich = ListedWork(Origin("b"), source_id=source_id_of(VIDEO), thumbnails=(captured,), sections=chapters)
    (work,) = merge_listings([bare, rich])
    assert [(one.value, len(one.origins)) for one in work.thumbnails] == [(captured, 2)]
    assert [(one.value, len(one.origins)) for one in work.chapters] == [(chapters, 2)]


LISTED = st.builds(
    listed,
    st.sampled_from(["Урожай", "Жатва", ""]),
    st.sampled_from([None, 60, 61, 64, 2054]),
    st.sampled_from(["a", "b", "c"]),
    st.integers(0, 99).map(str),
    url=st.sampled_from(["", VIDEO, "https://films.example/7", "https://vimeo.com/12345678"]),
    date=st.sampled_from(["2019-08-31", "2019-09-01", "2019"]),
)


@given(st.lists(LISTED, max_size=8), st.randoms())
def test_the_order_of_listings_does_not_matter(works: list[ListedWork], random: object) -> None:
    shuffled = list(works)
    random.shuffle(shuffled)  # type: ignore[attr-defined]

    def groups(merged: tuple[LostWork, ...]) -> list[list[str]]:
        return sorted(sorted(str(origin) for origin in work.origins) for work in merged)

    assert groups(merge_listings(works)) == groups(merge_listings(shuffled))


@given(st.lists(LISTED, max_size=8))
def test_no_statement_of_any_listing_is_lost(works: list[ListedWork]) -> None:
    merged = merge_listings(works)
    assert {o for work in merged for o in work.origins} == {work.origin for work in works}
    stated = {(title.value.text, origin) for work in merged for title in work.titles for origin in title.origins}
    assert stated == {(work.title, work.origin) for work in works if work.title}
