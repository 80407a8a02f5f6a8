"""The page about the archive tells what its keepers wrote and counts what the reader may see."""

from __future__ import annotations

from tests.show.stage import Stage, client, signed_in


def test_figures_count_what_the_reader_may_see(stage: Stage) -> None:
    assert "<dd>1</dd>" in client().get("/about").content.decode()
    assert "<dd>4</dd>" in signed_in("custodian").get("/about").content.decode()


def test_what_the_keepers_wrote_stands_in_the_language_of_the_page(own_stage: Stage) -> None:
    (own_stage.folder / "about.md").write_text("We *keep*. <b>bold</b>", "utf-8")
    (own_stage.folder / "about.de.md").write_text("Wir *bewahren*.", "utf-8")
    assert "We <em>keep</em>. &lt;b&gt;" in client().get("/about").content.decode()
    german = client().get("/de/about").content.decode()
    assert '<div class="prose" lang="de" dir="auto"><p>Wir <em>bewahren</em>.' in german


def test_what_is_said_of_cookies_is_true_of_the_public_pages(stage: Stage) -> None:
    browser = client()
    for path in ("/", "/about", "/works", "/tags", "/search?q=Leuchtturm", f"/w/{stage.ids['public']}"):
        assert browser.get(path).status_code == 200
    assert dict(browser.cookies) == {}
