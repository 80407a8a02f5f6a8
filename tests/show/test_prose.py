"""Markdown becomes HTML that can only be read."""

from __future__ import annotations

from holdfast.show.prose import rendered


def test_headings_links_and_lists_become_what_they_are() -> None:
    html = rendered("# Wir\n\n- *eins*\n\n[Seite](https://example.org/a?b=1&c)")
    for piece in ("<h1>Wir</h1>", "<li><em>eins</em></li>", '<a href="https://example.org/a?b=1&amp;c">Seite</a>'):
        assert piece in html


def test_nothing_that_acts_or_is_fetched_comes_through() -> None:
    html = rendered(
        "<script>x()</script> <img src=x onerror=y> ![still](https://elsewhere.example/a.png)\n\n"
        "[a](javascript:alert(1)) [b](data:text/html,x) [c](vbscript:x)\n\n<https://ok.example>"
    )
    for piece in ("<script", "<img", 'href="javascript', 'href="data', 'href="vbscript'):
        assert piece not in html
    assert "&lt;script&gt;" in html


def test_a_text_without_end_is_cut() -> None:
    assert len(rendered("wort " * 1_000_000)) < 300_000
