"""No sentence of the site is left in English: every page in four languages, compared with the English one."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any

import pytest

from holdfast.show.settings import LANGUAGES
from tests.show.stage import PASSWORD, WORDS, Stage, client, signed_in

OTHERS = [code for code, _ in LANGUAGES if code != "en"]
PUBLIC = ["/", "/search", "/search?q={word}", "/w/{work}?t=0:01-0:03", "/w/nothing", "/api/docs"]
PUBLIC += ["/works", "/collections", "/people", "/places", "/tags", "/wanted", "/about", "/w/{work}/coverage"]
PUBLIC += ["/w/{work}/compare", "/news", "/exhibitions", "/programmes", "/contribute", "/w/{work}/report"]
PUBLIC += ["/account/login/", "/account/signup/"]
DESK = ["/desk", "/desk?q=nothingmeetsthis", "/desk/w/{work}", "/desk/w/{work}/history", "/desk/inbox", "/desk/jobs"]
DESK += ["/desk/accounts", "/account/2fa/", "/account/2fa/webauthn/", "/account/password/change/", "/account/sessions/"]
DESK += ["/account/2fa/totp/activate/", "/account/2fa/webauthn/add/"]
DESK += ["/desk/pieces", "/desk/pieces/new/post", "/desk/pieces/new/exhibition", "/desk/pieces/new/programme"]
DESK += ["/desk/w/{work}/comments", "/desk/w/{work}/stranger", "/desk/tokens"]
DESK += ["/account/logout/", "/account/reauthenticate/", "/account/email/"]

# What may be the same in two languages: names, forms of data, what somebody wrote; and words that both languages have.
NAMES = {"BibTeX", "CSL-JSON", "OpenAPI", "GET", *(name for _, name in LANGUAGES)}
SHARED = {"de": {"Code", "Name", "Passkeys", "Position", "Text"}}
CONTENT = re.compile(
    rf"The Lighthouse|Archive of the Group|Holdfast|\badmin\b|{'|'.join(WORDS.values())}|https?://\S+|[0-9]\s[KMG]B"
)
NOT_OURS = {"bdi", "code", "pre", "kbd", "script", "style", "svg"}
VOID = {"area", "base", "br", "col", "embed", "hr", "image", "img", "input", "link", "meta", "source", "track", "wbr"}
SAID_IN_ATTRIBUTES = ("aria-label", "alt", "placeholder", "title", "data-resume", "data-copied", "data-shown")


class Words(HTMLParser):
    """What a page says in its own language: text and attributes, without what is marked as of another language."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: set[str] = set()
        self._silent: list[bool] = []
        self._language = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what its attributes say; whether what is in it is ours to translate."""
        named = dict(attrs)
        if tag == "html":
            self._language = named.get("lang") or ""
        is_foreign = tag != "html" and named.get("lang") not in (None, self._language)
        is_silent = any(self._silent) or tag in NOT_OURS or is_foreign
        if not is_silent:
            self._note(*(named.get(name) or "" for name in SAID_IN_ATTRIBUTES))
        if tag not in VOID:
            self._silent.append(is_silent)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Nothing can stand in it."""

    def handle_endtag(self, tag: str) -> None:
        """Back to what stands around it."""
        if tag not in VOID and self._silent:
            self._silent.pop()

    def handle_data(self, data: str) -> None:
        """Note what is said."""
        if not any(self._silent):
            self._note(data)

    def _note(self, *texts: str) -> None:
        self.found |= {" ".join(text.split()) for text in texts}


def left_in_english(english: str, other: str, language: str) -> list[str]:
    """What both pages say with the same words, and should not."""
    same = Words(english).found & Words(other).found
    allowed = NAMES | SHARED.get(language, set())
    return sorted(text for text in same if any(_is_said(part) and part not in allowed for part in text.split(" · ")))


def _is_said(text: str) -> bool:
    return re.search("[A-Za-z]{2}", CONTENT.sub("", text)) is not None


def paths(stage: Stage, which: list[str]) -> list[str]:
    """The paths with a work and a word of the stage put in."""
    return [path.format(work=stage.ids["public"], word=WORDS["public"]) for path in which]


@pytest.mark.slow
@pytest.mark.parametrize("language", OTHERS)
@pytest.mark.parametrize("who", ["stranger", "admin"])
def test_no_page_says_in_english_what_it_could_say_in_the_language_of_the_reader(
    own_stage: Stage, language: str, who: str
) -> None:
    browser = client() if who == "stranger" else just_signed_in()
    comment(own_stage)
    left: dict[str, list[str]] = {}
    for path in paths(own_stage, PUBLIC if who == "stranger" else [*DESK, *PUBLIC[:-2]]):
        pages = [page(browser, path), page(browser, f"/{language}{path}")]
        assert f'<html lang="{language}"' in pages[1], path
        if found := left_in_english(pages[0], pages[1], language):
            left[path] = found
    assert left == {}


def page(browser: Any, path: str) -> str:
    """The page at a path, whatever its status."""
    return str(browser.get(path).content.decode())


def just_signed_in() -> Any:
    """An administrator's browser that typed the password a moment ago, so that keys can be added."""
    browser = signed_in("admin")
    assert browser.post("/account/reauthenticate/", {"password": PASSWORD}).status_code == 302
    return browser


def comment(stage: Stage) -> None:
    """Put a comment into the inbox."""
    from holdfast.show.models import CommentDraft

    CommentDraft.objects.create(work=stage.ids["public"], text="Leuchtturm", language="de", name="Leuchtturm")


def test_a_planted_english_sentence_would_be_seen() -> None:
    english = '<html lang="en"><p>Kept here.</p><p aria-label="Keys">x</p><p lang="de">Guten Tag</p></html>'
    other = english.replace('lang="en"', 'lang="ru"')
    mended = other.replace("Kept here.", "Хранится здесь.").replace("Keys", "Клавиши")
    assert left_in_english(english, other, "ru") == ["Kept here.", "Keys"]
    assert left_in_english(english, mended, "ru") == []


@pytest.mark.parametrize("language", ["en", *OTHERS])
@pytest.mark.parametrize("path", ["/account/email/", "/account/password/reset/", "/account/confirm-email/"])
def test_pages_that_would_need_an_address_are_not_here(stage: Stage, language: str, path: str) -> None:
    assert client().get(path if language == "en" else f"/{language}{path}").status_code == 404


def test_the_sign_in_page_offers_an_account_only_where_strangers_may_make_one(stage: Stage) -> None:
    from holdfast.show import site

    shown = page(client(), "/account/login/")
    assert ("/account/signup/" in shown) == site.archive().settings.open_sign_up
    assert "/password/reset/" not in shown


@pytest.mark.slow
def test_accounts_stand_in_the_order_of_the_readers_language(own_stage: Stage) -> None:
    from holdfast.show.models import Account

    browser = signed_in("admin")
    for name in ("Яна", "Ёж", "Ева", "Ада"):
        Account.objects.create(username=name)
    shown = re.findall(r"<strong><bdi>([^<]+)</bdi></strong>", page(browser, "/ru/desk/accounts"))
    assert shown[:4] == ["Ада", "Ева", "Ёж", "Яна"]
    assert "admin" in shown[4:]


def test_a_form_that_came_too_late_is_answered_in_the_language_of_the_reader(stage: Stage) -> None:
    from django.test import Client

    answer = Client(enforce_csrf_checks=True, headers={"host": "localhost"}).post("/ru/account/login/", {"login": "x"})
    assert answer.status_code == 403
    assert "Форма не принята" in answer.content.decode()
