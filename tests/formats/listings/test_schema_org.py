"""schema.org as sites write it: lists, references, persons, chapters, and what is not what the page is about."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from holdfast.formats.listings.reading import Reading
from holdfast.formats.listings.schema_org import is_schema_org, works_of_microdata, works_of_schema_org
from holdfast.model.lost import ListedWork

READING = Reading("page.html", address="https://films.example/list")


def works(plain: Any) -> list[ListedWork]:
    return list(works_of_schema_org(plain, READING))


def test_a_list_of_films_gives_each_of_them() -> None:
    elements = [
        {"@type": "ListItem", "position": n, "item": {"@type": "VideoObject", "name": f"Film {n}", "url": f"/{n}"}}
        for n in (1, 2, 3)
    ]
    found = works({"@context": "https://schema.org", "@type": "ItemList", "itemListElement": elements})
    assert [(work.title, work.publication.url) for work in found] == [
        (f"Film {n}", f"https://films.example/{n}") for n in (1, 2, 3)
    ]


def test_all_that_a_film_tells_is_taken_in_its_many_forms() -> None:
    (work,) = works(
        {
            "@type": ["VideoObject", "LearningResource"],
            "name": ["Ernte"],
            "duration": "PT34M14S",
            "uploadDate": "2019-08-31T10:00:00Z",
            "datePublished": "1974",
            "author": [{"@type": "Person", "name": "Ada"}],
            "inLanguage": "de",
            "thumbnail": {"@type": "ImageObject", "url": "/t.jpg", "width": "640", "height": 360},
            "hasPart": [
                {"@type": "Clip", "name": "Feld", "startOffset": 0, "url": "/7?t=0"},
                {"@type": "Clip", "name": "Haus", "startOffset": 60, "endOffset": 90.5},
            ],
        }
    )
    assert (work.title, work.language, work.publication.publisher) == ("Ernte", "de", "Ada")
    assert [(fact.edtf, fact.kind) for fact in work.dates] == [("1974", "published"), ("2019-08-31", "uploaded")]
    assert [(one.title, one.start, one.end) for one in work.sections] == [
        ("Feld", 0, 60),
        ("Haus", 60, Fraction(181, 2)),
    ]
    assert (work.thumbnails[0].width, work.thumbnails[0].height) == (640, 360)
    assert work.publication.url == "https://films.example/list", "the only film of a page is at its address"


def test_trailers_neighbours_and_bare_references_are_no_works() -> None:
    film = {
        "@type": "Movie",
        "name": "Harvest",
        "trailer": {"@type": "VideoObject", "name": "Trailer"},
        "isRelatedTo": {"@type": "Movie", "name": "Other"},
    }
    assert [work.title for work in works({"@graph": [film, {"@type": "Movie", "@id": "#x"}]})] == ["Harvest"]


def test_microdata_with_an_item_inside_is_understood_like_json_ld() -> None:
    items = [
        {"@type": "http://schema.org/VideoObject", "name": "Harvest", "author": {"@type": "Person", "name": "Ada"}}
    ]
    (work,) = works_of_microdata(items, READING)
    assert (work.title, work.publication.publisher) == ("Harvest", "Ada")


def test_wrong_forms_are_passed_over_without_an_error() -> None:
    assert works({"@type": "VideoObject", "name": {"a": []}, "thumbnail": 5, "hasPart": "x", "duration": []}) == []
    assert works({"@type": 7, "@graph": [None, [[]], {"@type": [None]}]}) == []
    assert not is_schema_org([1, 2])
