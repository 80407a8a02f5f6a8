"""Citations: what a reference manager reads, whatever stands in a title."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

from holdfast.show.citing import Citation

CITED = Citation(
    "k7m2",
    "50 % & more {x}",
    ("Ada B.", "C. D."),
    "1974-05~",
    "The Lighthouse",
    "http://a/w/k7m2?t=1:02",
    date(2026, 11, 25),
    "de",
)


def test_a_citation_names_who_when_what_and_where() -> None:
    assert CITED.text == "Ada B.; C. D. (1974-05~). 50 % & more {x}. The Lighthouse. http://a/w/k7m2?t=1:02"
    assert replace(CITED, when="about May 1974").text.startswith("Ada B.; C. D. (about May 1974). ")
    assert replace(CITED, people=(), dated="").text == "50 % & more {x}. The Lighthouse. http://a/w/k7m2?t=1:02"
    assert replace(CITED, dated="").text.startswith("Ada B.; C. D. 50 %")
    assert replace(CITED, title="What?", archive="Dorfkino e.V.").text.endswith(
        "What? Dorfkino e.V. http://a/w/k7m2?t=1:02"
    )


def test_signs_of_tex_in_a_title_stay_signs() -> None:
    assert r"title = {{50 \% \& more \{x\}}}," in CITED.bibtex
    assert "author = {{Ada B.} and {C. D.}}," in CITED.bibtex
    assert "year = {1974}," in CITED.bibtex


def test_what_is_unknown_is_left_out_for_reference_managers() -> None:
    item = json.loads(replace(CITED, people=(), dated="").csl)[0]
    assert item.keys() == {"id", "type", "title", "archive", "URL", "accessed", "language"}
    assert json.loads(CITED.csl)[0]["issued"] == {"date-parts": [[1974]]}
