"""Plain lists of links: what has a duration beside it is a film."""

from __future__ import annotations

from holdfast.formats.listings.links import read_links, works_of_links
from holdfast.formats.listings.page_parts import page_parts
from holdfast.formats.listings.reading import Reading
from tests.formats.listings.samples import read

PAGE = """<ul><li><a href="/7">Harvest</a> (34:14)<li><a href="/8"><img src="8.jpg">1:35</a> <a href="/8">The Mill</a>
<li><a href="/9">Ernte</a> – 62 Min.<li><a href="/about">About us</a><li><a href="javascript:x()">Play 1:00</a></ul>"""


def test_links_with_a_duration_are_works_and_others_are_not() -> None:
    found = list(works_of_links(page_parts(PAGE).links, Reading("page.html", address="https://films.example/list")))
    assert [(work.title, work.publication.url, work.duration and int(work.duration.seconds)) for work in found] == [
        ("Harvest", "https://films.example/7", 2054),
        ("The Mill", "https://films.example/8", 95),
        ("Ernte", "https://films.example/9", 3720),
    ]
    assert found[1].thumbnails[0].address == "https://films.example/8.jpg"


def test_a_text_with_an_address_in_each_line_is_a_list() -> None:
    text = (
        "My films:\n"
        "Harvest — 34:14 — https://films.example/7\n"
        "https://youtu.be/aB3_dE-fGh1\n"
        "2. https://films.example/8 The Mill\n"
        "https://films.example/9\n"
    )
    works, skipped = read(read_links, text)
    assert [(work.title, str(work.source_id or ""), work.origin.place) for work in works] == [
        ("Harvest", "", "line 2"),
        ("", "youtube:aB3_dE-fGh1", "line 3"),
        ("The Mill", "", "line 4"),
    ]
    assert [one.origin.place for one in skipped] == ["line 1", "line 5"]
