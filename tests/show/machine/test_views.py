"""Doors for machines: each form has what its specification asks for, and none tells of what is not public."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any
from xml.etree import ElementTree as ET

from holdfast.actions.describe import describe
from holdfast.model.asset import Statement
from holdfast.show import site
from tests.show.stage import WORDS, Stage, as_json, client, signed_in

S = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
A = "{http://www.w3.org/2005/Atom}"
V = "{http://www.google.com/schemas/sitemap-video/1.1}"
FEEDS = ("/feed.rss", "/feed.atom", "/podcast.rss", "/sitemap.xml", "/sitemap-1.xml", "/robots.txt", "/opensearch.xml")


def got(path: str, browser: Any = None) -> Any:
    response = (browser or client()).get(path)
    assert response.status_code == 200, path
    return response


def tree(path: str) -> ET.Element:
    return ET.fromstring(got(path).content)


def hidden(stage: Stage) -> list[str]:
    return [word for level in WORDS if level != "public" for word in (WORDS[level], stage.ids[level])]


def test_feeds_tell_even_custodians_only_of_what_is_public(stage: Stage) -> None:
    browser = signed_in("custodian")
    for path in FEEDS:
        said = got(path, browser).content.decode()
        assert [word for word in hidden(stage) if word in said] == [], path
    assert WORDS["public"] in got("/feed.rss").content.decode()


def test_a_custodian_gets_the_manifest_of_a_sealed_work(stage: Stage) -> None:
    said = as_json(got(f"/w/{stage.ids['sealed']}/manifest.json", signed_in("custodian")))
    assert WORDS["sealed"] in json.dumps(said)


def test_an_rss_feed_has_the_elements_that_it_must(stage: Stage) -> None:
    channel = tree("/feed.rss").find("channel")
    assert channel is not None  # RSS 2.0, required channel elements
    assert all(channel.findtext(name) for name in ("title", "link", "description"))
    item = channel.find("item")
    assert item is not None  # an item has a title or a description; ours also lead somewhere
    assert str(item.findtext("link")).endswith(f"/w/{stage.ids['public']}")


def test_an_atom_feed_has_the_elements_that_it_must(stage: Stage) -> None:
    root = tree("/feed.atom")
    for one in (root, *root.findall(A + "entry")):  # RFC 4287, sections 4.1.1 and 4.1.2
        assert all(len(one.findall(A + name)) == 1 for name in ("id", "title", "updated"))
    assert root.findtext(f"{A}author/{A}name")
    assert len(root.findall(A + "entry")) == 1


def test_a_feed_says_what_a_work_is_in_its_first_words(own_stage: Stage) -> None:
    said = Statement("Ein langer Satz. " * 60, "de"), Statement("暴风雨之后" * 200, "zh-Hans")
    archive = site.archive()
    describe(archive, own_stage.ids["public"], lambda record: replace(record, descriptions=said[::-1]))
    describe(archive, own_stage.ids["sealed"], lambda record: replace(record, descriptions=said))
    summary = tree("/feed.atom").findtext(f"{A}entry/{A}summary")
    assert summary == tree("/feed.rss").findtext("channel/item/description")
    assert summary is not None
    assert (len(summary), summary[-1]) == (500, "…")
    assert summary.startswith("暴风雨之后")  # Chinese stands before German among the languages of this archive


def test_a_podcast_gives_a_file_with_its_exact_length(stage: Stage) -> None:
    enclosure = tree("/podcast.rss").find("channel/item/enclosure")
    assert enclosure is not None  # RSS 2.0: an enclosure has url, length and type
    assert enclosure.get("type") == "video/mp4"
    body = got(str(enclosure.get("url"))).getvalue()
    assert len(body) == int(str(enclosure.get("length")))


def test_a_feed_of_a_tag_that_nothing_has_is_empty(stage: Stage) -> None:
    assert tree("/feed.rss?tag=nothing").findall("channel/item") == []
    assert tree("/feed.atom?tag=nothing").findall(A + "entry") == []


def test_a_sitemap_names_every_language_of_a_work_at_each(stage: Stage) -> None:
    assert len(tree("/sitemap.xml").findall(f"{S}sitemap/{S}loc")) == 1
    urls = tree("/sitemap-1.xml").findall(S + "url")
    pages = {url.findtext(S + "loc") for url in urls}
    assert len(pages) == 5
    for url in urls:  # alternates name each other and themselves
        assert {link.get("href") for link in url.findall("{http://www.w3.org/1999/xhtml}link")} == pages
    video = next(url.find(V + "video") for url in urls if url.find(V + "video") is not None)
    assert video is not None  # required tags of the video extension
    assert all(video.findtext(V + name) for name in ("thumbnail_loc", "title", "description", "player_loc"))
    assert client().get("/sitemap-2.xml").status_code == 404


def test_oembed_gives_the_fields_of_a_video_that_fits(stage: Stage) -> None:
    page = f"http://localhost/ru/w/{stage.ids['public']}"
    said = as_json(got(f"/oembed?url={page}&format=json&maxwidth=160"))
    assert (said["version"], said["type"], said["width"]) == ("1.0", "video", 160)  # oEmbed 2.3.4.2
    assert f"/embed/{stage.ids['public']}" in said["html"]
    assert client().get(f"/oembed?url={page}&format=xml").status_code == 501  # oEmbed 2.3.5
    for other in (f"http://elsewhere.example/w/{stage.ids['public']}", f"http://localhost/w/{stage.ids['sealed']}"):
        assert client().get(f"/oembed?url={other}").status_code == 404


def test_an_embedded_page_may_stand_in_any_frame(stage: Stage) -> None:
    response = got(f"/embed/{stage.ids['public']}")
    assert "frame-ancestors *" in response.headers["Content-Security-Policy"]
    assert "X-Frame-Options" not in response.headers
    assert client().get("/").headers["X-Frame-Options"] == "DENY"


def test_a_manifest_has_what_presentation_3_asks_for(stage: Stage) -> None:
    said = as_json(got(f"/w/{stage.ids['public']}/manifest.json"))
    assert said["@context"] == "http://iiif.io/api/presentation/3/context.json"  # 4.6
    assert said["id"] == f"http://localhost/w/{stage.ids['public']}/manifest.json"
    assert (said["type"], len(said["items"])) == ("Manifest", 1)  # 5.2
    canvas = said["items"][0]
    assert canvas["duration"] > 0
    assert canvas["width"] > 0  # 5.3
    painting = canvas["items"][0]["items"][0]
    assert (painting["motivation"], painting["target"]) == ("painting", canvas["id"])
    notes = [note for page in canvas["annotations"] for note in page["items"]]
    assert {note["motivation"] for note in notes} == {"supplementing"}
    assert any(WORDS["public"] in note["body"]["value"] for note in notes)
