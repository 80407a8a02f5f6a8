"""Feeds: RSS and Atom as sites publish them, and XML that must not be believed."""

from __future__ import annotations

from fractions import Fraction

import pytest

from holdfast.errors import BadListing
from holdfast.formats.listings.feeds import read_feed
from holdfast.model.lost import ListedDuration, SourceId
from tests.formats.listings.samples import FEED, read

ATOM = """<feed xmlns="http://www.w3.org/2005/Atom" xmlns:yt="http://www.youtube.com/xml/schemas/2015"
 xmlns:media="http://search.yahoo.com/mrss/"><title>Архив</title><author><name>Архив Зари</name></author>
<entry><id>yt:video:aB3_dE-fGh1</id><yt:videoId>aB3_dE-fGh1</yt:videoId><title>Урожай</title>
<link rel="alternate" href="https://www.youtube.com/watch?v=aB3_dE-fGh1"/><author><name>Архив Зари</name></author>
<published>2019-08-31T10:00:00+00:00</published><updated>2020-01-01T00:00:00+00:00</updated>
<media:group><media:title>Урожай</media:title><media:description>Колхоз</media:description>
<media:thumbnail url="https://i4.ytimg.com/vi/aB3_dE-fGh1/hqdefault.jpg" width="480" height="360"/></media:group>
</entry></feed>"""


def test_an_rss_feed_gives_its_items_with_whole_addresses_and_plain_text() -> None:
    (harvest, mill), skipped = read(read_feed, FEED)
    assert (harvest.title, harvest.duration) == ("Harvest & Home", ListedDuration(Fraction(2054)))
    assert harvest.publication.url == "https://films.example/watch/7"
    assert harvest.publication.publisher == "Village Films"
    assert harvest.descriptions[0].text == "Filmed in 1974."
    assert harvest.dates[0].edtf == "2019-08-31"
    assert (harvest.thumbnails[0].width, harvest.titles[0].language) == (320, "en")
    assert mill.duration == ListedDuration(Fraction(95))
    assert mill.origin.place.startswith("item 2, line ")
    assert skipped == []


def test_an_atom_feed_of_youtube_gives_ids_and_the_day_of_publishing() -> None:
    (work,), _ = read(read_feed, ATOM)
    assert work.source_id == SourceId("youtube", "aB3_dE-fGh1")
    assert (work.dates[0].edtf, work.descriptions[0].text) == ("2019-08-31", "Колхоз")
    assert work.publication.publisher == "Архив Зари"


def test_a_feed_that_breaks_keeps_what_was_read_and_tells_the_rest() -> None:
    works, skipped = read(read_feed, FEED[: FEED.index("</channel>")])
    assert [work.title for work in works] == ["Harvest & Home", "The Mill"]
    assert "what follows item 2 cannot be read" in skipped[0].reason


@pytest.mark.parametrize(
    "doctype",
    [
        '<!DOCTYPE rss [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>',
        '<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/hostname">]>',
        '<!DOCTYPE rss SYSTEM "https://evil.example/x.dtd">',
    ],
)
def test_a_document_type_is_refused_whatever_it_declares(doctype: str) -> None:
    with pytest.raises(BadListing, match="DTD"):
        read(read_feed, FEED.replace("?>\n", f"?>\n{doctype}\n", 1))


@pytest.mark.parametrize(
    "feed",
    ["<rss>" + "<a>" * 500, "<rss>" + "<a/>" * 30_000, "<rss><item><title>" + "x" * 5_000_000, "<rss><a b=c>", ""],
)
def test_xml_that_is_deep_long_or_broken_is_refused(feed: str) -> None:
    with pytest.raises(BadListing):
        read(read_feed, feed)


def test_an_old_feed_in_cyrillic_code_page_is_read() -> None:
    feed = (
        "<?xml version='1.0' encoding='windows-1251'?><rss><channel><item><title>Урожай</title></item></channel></rss>"
    )
    (work,), _ = read(read_feed, feed.encode("cp1251"))
    assert work.title == "Урожай"
