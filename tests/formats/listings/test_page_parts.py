"""The parts of a page: what stands in it is found, and no page takes long, however it is broken."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfast.formats.listings.page_parts import page_parts, tags, visible_text

PAGE = """<!-- saved from url=(0024)https://films.example/c --><HTML lang=ru><head><title>Films &amp; more</title>
<meta property="og:title" content="Harvest"><meta name=author content='Ada'><link rel="canonical" href="/c">
<script type="application/ld+json">{"a": "</b><a href='no'>"}</script></head>
<body><p>One<p>Two<div itemscope itemtype="https://schema.org/VideoObject"><p>open
<span itemprop="name">Har<b>vest</b></span><meta itemprop="duration" content="PT1M">
<span itemprop="author" itemscope itemtype="https://schema.org/Person"><i itemprop="name">Ada</i></span></div>
<a href="/7"><img src="7.jpg"> Harvest</a> (12:34) <a href="/8">Mill</a></body>"""


def test_everything_that_may_tell_of_works_is_found() -> None:
    parts = page_parts(PAGE)
    assert (parts.language, parts.title) == ("ru", "Films & more")
    assert parts.saved_from == "https://films.example/c"
    assert parts.meta == {"og:title": "Harvest", "author": "Ada", "canonical": "/c"}
    assert parts.scripts == [("application/ld+json", """{"a": "</b><a href='no'>"}""")]
    assert parts.items[0]["name"] == "Harvest"
    assert parts.items[0]["duration"] == "PT1M"
    assert parts.items[0]["author"]["name"] == "Ada"
    first, second = parts.links
    assert (first.address, first.inside.strip(), first.after.strip(), first.picture) == (
        "/7",
        "Harvest",
        "(12:34)",
        "7.jpg",
    )
    assert second.address == "/8"


def test_the_text_of_markup_has_no_scripts_and_keeps_its_lines() -> None:
    assert visible_text("<p>a &lt; b<script>x</script><br>c</p>") == "a < b\nc"


@pytest.mark.parametrize(
    "piece",
    ["<a", "<a ", "<!--", "<a b='", '<a b="', "<script>", "</", "<p>", "</x>", "<p></x>", "<a b=c d", "&amp", "<"],
)
def test_a_page_of_unclosed_pieces_is_read_in_linear_time(piece: str) -> None:
    started = time.process_time()
    page_parts(piece * (400_000 // len(piece)))
    assert time.process_time() - started < 10, "the square would be hours"


@given(st.text(alphabet="<>!-/ab=\"' &;", max_size=200))
def test_no_page_is_an_error_and_no_text_outside_tags_is_lost(page: str) -> None:
    page_parts(page)
    if "<" not in page:
        assert "".join(tag.text for tag in tags(page)) == page
