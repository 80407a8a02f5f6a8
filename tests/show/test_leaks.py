"""The leak sweep: works that are not public say words of their own wherever a word can stand, and nobody is told one.

Every address of the table of addresses is asked, so a page that comes later is swept too (`tests/show/sweep.py`).
"""

from __future__ import annotations

import hashlib
import itertools
import re
from collections import deque
from collections.abc import Iterator
from html import unescape
from typing import Any
from urllib.parse import urldefrag, urljoin, urlsplit

import pytest
from django.urls import Resolver404, resolve

from tests.show import planting, sweep
from tests.show.planting import Named, Planted
from tests.show.senders import forget_limits

pytestmark = pytest.mark.slow
HERE = "http://localhost"
MOST_PAGES = 4000
OTHERS = ("account_", "mfa_", "usersessions_")  # pages of a package that knows of no works: asked, but not questioned
each_role = pytest.mark.parametrize("role", ["", "contributor", "member", "curator", "admin"])
_swept = [pytest.param(role, marks=pytest.mark.sweep) for role in ("member", "curator")]
each_ladder = pytest.mark.parametrize("role", ["", *_swept])  # the other two see what one of these sees
_LINK = re.compile(r"""(?:href|src|action|poster|url)\s*=\s*["']([^"']+)["']""")
_MOMENT = re.compile(r"[?&]t=[^&]*")
_ADDRESS = re.compile(r"""https?://[^\s"'<>\\]+""")


@each_role
def test_an_address_of_a_hidden_work_answers_like_one_of_a_work_that_never_was(planted: Planted, role: str) -> None:
    compared = Comparison(sweep.browser_of(role))
    for work in planted.hidden_from(role):
        never = planting.nobody(work)
        for address in sweep.addresses():
            for path, other in zip(sweep.paths(address, work), sweep.paths(address, never), strict=True):
                compared.ask(path, work, other, never)
    assert compared.different == []
    assert compared.count > 10 * len(planted.hidden_from(role)), "hardly anything was asked"


@each_ladder
def test_no_question_that_names_a_hidden_work_is_answered_otherwise_than_one_about_nothing(
    planted: Planted, role: str
) -> None:
    compared = Comparison(sweep.browser_of(role))
    public = planted.works["public"]
    named = [one for one in sweep.addresses() if not one.name.startswith(OTHERS)]
    plain = [
        paths[0] for one in named if (paths := sweep.paths(one, public)) == sweep.paths(one, planting.nobody(public))
    ]
    nothing = sweep.questions(planting.nobody(public))
    heard = {(path, name) for path in plain for name in nothing if compared.is_heard(path, nothing[name][0])}
    for work in planted.hidden_from(role):
        never = planting.nobody(work)
        asked, of_nobody = sweep.questions(work), sweep.questions(never)
        for path, name in itertools.product(plain, asked):
            pairs = zip(asked[name], of_nobody[name], strict=True)
            for one, other in pairs if (path, name) in heard else itertools.islice(pairs, 1):
                compared.ask(f"{path}?{one}", work, f"{path}?{other}", never)
    assert {("/search", "q"), ("/works", "tag"), ("/gap", "name")} <= heard, "a page does not answer what it is asked"
    assert compared.different == []
    assert compared.count > 10 * len(planted.hidden_from(role)), "hardly anything was asked"


class Comparison:
    """What one browser is told of works that are hidden from it, against what it is told of one that never was."""

    def __init__(self, browser: Any) -> None:
        self.browser = browser
        self.different: list[str] = []
        self.count = 0
        self._of_nobody: dict[str, tuple[Any, ...]] = {}

    def is_heard(self, path: str, question: str) -> bool:
        """Whether the page answers to the question at all."""
        forget_limits()
        return sweep.is_heard(self.browser, path, question)

    def ask(self, path: str, work: Named, other: str, never: Named) -> None:
        """Ask both; remember the path if the answers differ."""
        if path == other:
            return
        forget_limits()  # who has asked too often is told that, whatever they ask
        answer = self.browser.get(path)
        assert answer.status_code < 500, path
        said = sweep.told(answer, path, work)
        if other not in self._of_nobody:
            self._of_nobody[other] = sweep.told(self.browser.get(other), other, never)
        self.count += 1
        if said != self._of_nobody[other]:
            self.different.append(path)


@each_ladder
def test_whoever_follows_every_link_in_every_language_finds_no_word_of_a_hidden_work(
    planted: Planted, role: str
) -> None:
    hidden = planted.hidden_from(role)
    curates = planting.is_curating(role)
    secrets = {secret: work.stem for work in hidden for secret in work.secrets}
    secrets |= {} if curates else {planting.AT_THE_DESK.lower(): planting.AT_THE_DESK}
    secret_bytes = set() if curates else {planted.quarantined}
    secret_bytes |= {
        digest for name, work in planted.works.items() if work in hidden for digest in planted.bytes_of[name]
    }
    shown = {digest for name, work in planted.works.items() if work not in hidden for digest in planted.bytes_of[name]}
    leaks, seen_bytes, found = [], set(), set()
    for path, answer in crawl(sweep.browser_of(role), _begin(planted, hidden)):
        body = sweep.body_of(answer)
        seen_bytes.add(hashlib.sha256(body).hexdigest())
        text = body.decode("utf-8", "ignore").lower() + str(answer.headers).lower()
        leaks += [f"{path}: {stem}" for secret, stem in secrets.items() if secret in text]
        found |= {stem for stem in (*planting.STEMS.values(), planting.AT_THE_DESK) if stem.lower() in text}
    assert leaks == []
    assert seen_bytes & (secret_bytes - shown) == set()
    due = {work.stem for work in planted.works.values() if work not in hidden}
    assert found == due | ({planting.AT_THE_DESK} if curates else set()), "the crawl went past pages"
    assert seen_bytes & shown, "no film was met"
    assert (planted.quarantined in seen_bytes) is curates, "a file that waits was given, or not met"


def _begin(planted: Planted, hidden: list[Named]) -> list[str]:
    """Where the crawl begins: home in each language, and every address with what this role may see in its places."""
    open_ones = [work for work in planted.works.values() if work not in hidden]
    named = [path for a in sweep.addresses() for work in open_ones for path in sweep.paths(a, work)]
    asked = [f"/search?q={word}" for word in (planting.SHARED, *(w for work in open_ones for w in work.words))]
    begin = [language + path for path in dict.fromkeys(["/", *asked, *named]) for language in sweep.LANGUAGES]
    return [path for path in begin if is_an_address(path)]


def is_an_address(path: str) -> bool:
    """Whether the site answers there: files and doors for machines stand once, not for each language."""
    try:
        resolve(urlsplit(path).path)
    except Resolver404:
        return False
    return True


def crawl(browser: Any, begin: list[str]) -> Iterator[tuple[str, Any]]:
    """Each page that links lead to, once, with its path."""
    due, known = deque(begin), set(begin)
    while due:
        path = due.popleft()
        answer = browser.get(path)
        assert answer.status_code < 500, path
        yield path, answer
        if answer.status_code != 200 and not answer.headers.get("Location"):
            continue
        for link in _links(answer):
            target = urldefrag(urljoin(HERE + path, link))[0]
            if target.startswith(HERE + "/") and "logout" not in target:
                there = _MOMENT.sub("", target.removeprefix(HERE))  # the same page at another moment
                if there not in known:
                    known.add(there)
                    due.append(there)
        assert len(known) < MOST_PAGES, "the site has grown: let MOST_PAGES grow with it"


def _links(answer: Any) -> set[str]:
    links = {answer.headers["Location"]} if answer.headers.get("Location") else set()
    kind = answer.headers.get("Content-Type", "").split(";")[0]
    if kind.startswith(("video/", "image/", "audio/")) or getattr(answer, "streaming", False):
        return links
    text = answer.content.decode("utf-8", "replace")
    if kind.endswith("mpegurl"):
        return links | {line for line in text.splitlines() if line and not line.startswith("#")}
    return links | {unescape(link) for link in (*_LINK.findall(text), *_ADDRESS.findall(text))}


def test_names_of_kept_files_are_told_to_curators_alone(planted: Planted) -> None:
    name = f"{planting.STEMS['public']} 21.mp4"
    for role in ("", "member", "curator"):
        paths = ["/", f"/w/{planted.works['public'].asset}", "/search?q=21", "/api/moments?q=21", "/api/works"]
        told = [path for path in paths if name in sweep.body_of(sweep.browser_of(role).get(path)).decode()]
        assert bool(told) is (role == "curator"), (role, told)
