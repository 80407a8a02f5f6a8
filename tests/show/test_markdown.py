"""Nothing in a text runs, leads where it should not, or is fetched from elsewhere; every script keeps its direction."""

from __future__ import annotations

import time
from html.parser import HTMLParser

import pytest

from holdfast.model.piece import LONGEST_TEXT
from holdfast.show.markdown import foreign_pictures, lead, rendered


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt:alert(1))",
        "[x](data:text/html;base64,PHNjcmlwdD4=)",
        "![x](data:image/svg+xml;base64,PHN2Zz4=)",
        "[x](vbscript:y)",
        "[x](file:///etc/passwd)",
        "<javascript:alert(1)>",
        '[x](https://a.example "" onmouseover=alert(1)")',
        '![" onload=alert(1)](/media/a/b/c.jpg)',
        "```\n</code><script>x</script>\n```",
        "&lt;script&gt;",
        "[a]: javascript:x\n\n[a]",
    ],
)
def test_nothing_in_a_text_becomes_a_script_a_handler_or_a_strange_address(text: str) -> None:
    class Tags(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            assert tag in {"p", "a", "img", "pre", "code", "em", "strong"}
            for name, value in attrs:
                assert name in {"href", "src", "alt", "title", "rel", "dir", "loading", "class"}
                if name in ("href", "src"):
                    assert str(value).startswith(("https://", "/media/"))

    Tags().feed(rendered(text))


def test_what_leads_away_says_so_and_what_stays_does_not() -> None:
    assert rendered("[a](https://a.example/)") == (
        '<p dir="auto"><a href="https://a.example/" rel="noopener nofollow">a</a></p>\n'
    )
    assert 'rel="noopener nofollow"' in rendered("<https://a.example/>")
    assert rendered("[a](/w/k7m2x9qd4htbr?t=0:03)") == '<p dir="auto"><a href="/w/k7m2x9qd4htbr?t=0:03">a</a></p>\n'
    assert "<a" not in rendered("[a](//a.example/)")


def test_a_picture_from_elsewhere_becomes_a_link_and_is_counted() -> None:
    text = "![ours](/media/a/b/poster.jpg) ![theirs](https://a.example/x.png) [![in](https://b.example/y.png)](/news)"
    html = rendered(text)
    assert html.count("<img") == 1
    assert 'src="/media/a/b/poster.jpg"' in html
    assert '<a href="https://a.example/x.png" rel="noopener nofollow">theirs</a>' in html
    assert '<a href="/news">in</a>' in html
    assert foreign_pictures(text) == 2


def test_headings_lie_below_the_title_of_the_page_and_skip_no_level() -> None:
    for text in ("# A\n\n## B", "## A\n\n##### B"):
        assert rendered(text) == '<h2 dir="auto">A</h2>\n<h3 dir="auto">B</h3>\n'
    assert rendered("###### A", 3).startswith("<h4")


def test_every_block_finds_the_direction_of_its_own_script() -> None:
    html = rendered("שלום\n\n- 안녕\n\n> привет")
    assert html.count('dir="auto"') == 4
    assert "안녕" in html


def test_the_first_words_are_those_of_the_first_paragraph_without_marks() -> None:
    assert lead("# Title\n\nWe *are* [open](/news)\nagain.\n\nMore.") == "We are open again."
    assert lead("слово " * 100, 20) == "слово слово слово…"
    assert lead("字" * 100, 20) == "字" * 20 + "…"
    assert lead("") == lead("# Only a title") == ""


@pytest.mark.slow
@pytest.mark.parametrize("piece", ["[", "![", "*a **b ", "> ", "[a](b", "`", "<a", "&#x41;", "_a ", "\\[", "- "])
def test_no_text_of_permitted_length_holds_up_a_page_for_long(piece: str) -> None:
    text = (piece * LONGEST_TEXT)[:LONGEST_TEXT]
    begun = time.process_time()
    rendered(text)
    assert time.process_time() - begun < 10  # seconds: it takes one at worst, and is remembered


def test_a_text_beyond_all_bounds_is_shown_as_it_was_typed() -> None:
    html = rendered("<b>**x**</b> " * 100_000)  # more than a megabyte
    assert "&lt;b&gt;**x**&lt;/b&gt;" in html
    assert lead("x" * 2_000_000) == ""
