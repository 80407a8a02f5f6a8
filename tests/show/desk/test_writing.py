"""The editor of pieces loses nothing: not what others wrote, not what may not be seen, not what was typed."""

from __future__ import annotations

import re
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from holdfast.actions.describe import record_of
from holdfast.actions.pieces import read, revise
from holdfast.errors import BadValue
from holdfast.model.asset import Tag
from holdfast.model.ids import new_asset_id, parse_asset_id
from holdfast.model.piece import Item, Piece, PieceKind, Wording
from holdfast.model.rights import AccessLevel, Embargo
from holdfast.show import site
from holdfast.show.desk import writing
from holdfast.show.models import PieceDraft
from tests.show.pieces import DAY, made, said, work
from tests.show.stage import Stage, client, signed_in

LANGUAGES = ("en", "ru", "zh", "de", "ko")
LEVELS = [level.value for level in AccessLevel]
HERE, CLOSED = (parse_asset_id(name) for name in ("k7m2x9qd4htbr", str(new_asset_id())))
BASE = Piece(
    str(new_asset_id()),
    PieceKind.EXHIBITION,
    AccessLevel.PUBLIC,
    DAY,
    DAY,
    words=(Wording("Boats", "All *boats*.", "en", extra={"later": 1}), Wording("船", "", "zh-Hans")),
    tags=(Tag("harbour", "en"), Tag("sea")),
    items=(
        Item(HERE, Fraction(10, 3), words=said("A moment.")),
        Item(CLOSED, words=said("Of a closed work.", "fr")),
        Item(words=said("Between.")),
    ),
    embargo=Embargo(DAY, reason="the jury"),
)


def form(base: Piece = BASE, **typed: str) -> dict[str, str]:
    """The form as a browser sends it back, `typed` in it."""
    sent = {"items-rows": "0", "tags": ", ".join(tag.text for tag in base.tags), "dated": "2026-11-25"}
    sent |= {name: getattr(base, name) for name in writing.LINES} | {"access": base.access.value}
    sent["until"] = writing.until(base)
    for one in writing.tongues(base, LANGUAGES, {}, {str(HERE)}):
        sent |= {f"{part}-{one.language}": getattr(one, part) for part in ("title", "text", "translator")}
    shown = writing.rows(base, LANGUAGES, {}, {str(HERE)})
    for row in shown:
        name = f"item-{row.number}-"
        sent |= {name + part: getattr(row, part) for part in ("of", "order", "work", "moment", "begins")}
        sent |= {f"{name}text-{language}": text for language, text in row.texts}
    sent["items-rows"] = str(len(shown))
    return {name: value.replace("\n", "\r\n") for name, value in (sent | typed).items()}


def after(typed: dict[str, str], base: Piece = BASE) -> Piece:
    return writing.edited(base, typed, LANGUAGES, levels=LEVELS, seen={str(HERE)})


def test_a_form_that_nobody_touched_changes_nothing() -> None:
    assert after(form()) == BASE
    assert writing.changes(BASE, after(form())) == {}


def test_every_language_of_the_archive_has_its_fields_and_missing_ones_are_marked() -> None:
    found = {one.language: one.missing for one in writing.tongues(BASE, LANGUAGES, {}, {str(HERE)})}
    assert found == {"en": False, "ru": True, "zh-Hans": False, "de": True, "ko": True}


def test_a_text_is_changed_in_its_place_and_what_the_form_does_not_know_of_it_stays() -> None:
    new = after(form(**{"title-en": "Ships", "text-ko": "배\n\n둘"}))
    assert [(one.title, one.language) for one in new.words] == [("Ships", "en"), ("船", "zh-Hans"), ("", "ko")]
    assert new.words[0].extra == {"later": 1}
    assert new.words[2].text == "배\n\n둘"
    assert writing.changes(BASE, new).keys() == {"words"}


def test_items_go_where_their_numbers_say_and_one_that_cannot_be_seen_stays_behind_its_neighbour() -> None:
    shown = writing.rows(BASE, LANGUAGES, {}, {str(HERE)})
    assert [bool(row.of) for row in shown] == [True, True, False, False, False]
    new = after(form(**{"item-0-order": "9"}))
    assert [item.words[0].text for item in new.items] == ["Between.", "A moment.", "Of a closed work."]
    left_out = form(**{"item-0-gone": "yes"})
    assert [row.gone for row in writing.rows(BASE, LANGUAGES, left_out, {str(HERE)})] == [True] + [False] * 4
    gone = after(left_out)
    assert [item.words[0].text for item in gone.items] == ["Of a closed work.", "Between."]


def test_the_form_tells_neither_how_many_items_are_not_shown_nor_their_languages() -> None:
    open_ones = replace(BASE, items=(BASE.items[0], BASE.items[2]))
    seen = {str(HERE)}
    assert writing.rows(BASE, LANGUAGES, {}, seen) == writing.rows(open_ones, LANGUAGES, {}, seen)
    assert writing.tongues(BASE, LANGUAGES, {}, seen) == writing.tongues(open_ones, LANGUAGES, {}, seen)
    assert "fr" in writing.tags_of(BASE, LANGUAGES, {str(HERE), str(CLOSED)})


def test_of_two_items_that_say_the_same_each_is_changed_in_its_place() -> None:
    twins = replace(BASE, items=(BASE.items[2], BASE.items[1], BASE.items[2]))
    new = after(form(twins, **{"item-1-text-en": "The second."}), twins)
    assert [item.words[0].text for item in new.items] == ["Between.", "Of a closed work.", "The second."]


def test_a_work_is_named_by_its_id_or_the_address_of_its_page_with_a_moment() -> None:
    new = after(
        form(**{"item-2-work": f"https://a.example/ko/w/{HERE}?x=1&t=1:02-1:10", "item-3-work": "K7M2-X9QD-4HTB-R"})
    )
    assert [(item.asset, item.start, item.end) for item in new.items[-2:]] == [(HERE, 62, 70), (HERE, None, None)]
    assert after(form(**{"item-0-moment": "0:03"})).items[0].start == Fraction(10, 3)  # nobody touched it
    assert after(form(**{"item-0-moment": "0:04"})).items[0].start == 4


@pytest.mark.parametrize(
    "typed",
    [
        {"item-2-work": str(CLOSED)},
        {"item-2-work": "k7m2x9qd4htbs"},
        {"item-2-work": "<script>"},
        {"item-0-moment": "noon"},
        {"item-2-moment": "0:03"},
        {"item-0-begins": "at eight"},
        {"access": "friends"},
        {"dated": "yesterday"},
        {"until": "soon"},
        {"text-en": "x" * 1_000_000},
        {"title-ko": "x" * 501},
        {"author": "x" * 501},
        {"tags": ",".join(map(str, range(101)))},
    ],
    ids=lambda typed: next(iter(typed)),
)
def test_what_cannot_be_meant_is_refused(typed: dict[str, str]) -> None:
    with pytest.raises(BadValue):
        after(form(**typed))


def test_tags_keep_their_language_and_an_embargo_its_reason() -> None:
    new = after(form(tags="sea,  big   ships, harbour, sea", until="2031-05-09T08:00"))
    assert new.tags == (Tag("sea"), Tag("big ships"), Tag("harbour", "en"))
    assert new.embargo is not None
    assert (new.embargo.until.year, new.embargo.reason) == (2031, "the jury")
    assert after(form(until="")).embargo is None
    assert after(form(dated="2026-12-24")).dated.day == 24


def test_half_characters_and_absurd_counts_do_no_harm() -> None:
    assert after(form(**{"title-en": "a\ud800\0b"})).words[0].title == "a\ufffdb"
    for count in ("-1", "x", "9" * 30, "99999"):
        assert after(form(**{"items-rows": count})).items[0].asset in (HERE, CLOSED)


# ------------------------------------------------------------------------------------------------------ the pages


def posted(browser: Any, path: str, **typed: str) -> Any:
    return browser.post(path, typed)


def test_a_post_is_previewed_kept_as_a_draft_and_then_published(own_stage: Stage) -> None:
    ada, mia = signed_in("curator", "Ada"), signed_in("curator", "Mia")
    start = ada.get("/desk/pieces/new/post").content.decode()
    name = re.search(r'name="name" value="([0-9a-z]{13})"', start)[1]  # type: ignore[index]
    typed = {"name": name, "title-en": "Opening", "text-en": "We are *open*. ![x](https://a.example/b.png)"}
    typed |= {"access": "public", "item-0-work": own_stage.ids["public"], "items-rows": "0"}
    path = "/desk/pieces/new/post"
    seen = posted(ada, path, deed="preview", **typed).content.decode()
    assert "<em>open</em>" in seen
    assert "fetches nothing from others" in seen
    assert client().get(f"/news/{name}").status_code == 404
    assert posted(ada, path, deed="draft", **typed).status_code == 302
    assert "Opening" in mia.get("/desk/pieces").content.decode()
    assert "Opening" in mia.get(f"{path}?draft={name}").content.decode()
    assert client().get(f"/news/{name}").status_code == 404
    assert posted(mia, path, deed="keep", **typed).status_code == 302
    assert "<em>open</em>" in client().get(f"/news/{name}").content.decode()
    assert PieceDraft.objects.count() == 0
    assert posted(mia, path, deed="keep", **typed)["Location"].endswith(name)  # a second click publishes nothing twice
    assert str(read(site.archive(), f"holdfast:post:{name}")[1].head) == "v1"


@pytest.mark.parametrize(
    ("typed", "seen_by"),
    [
        ({"access": "curators"}, "curators"),
        ({"access": "members"}, "members"),
        ({"access": "sealed"}, "custodians"),
        ({"access": "public", "until": "2031-05-09T08:00"}, "curators"),
    ],
)
def test_who_keeps_what_strangers_do_not_see_is_told_who_does(
    own_stage: Stage, typed: dict[str, str], seen_by: str
) -> None:
    cleo = signed_in("custodian", "Cleo")
    answer = cleo.post("/desk/pieces/new/post", {"title-en": "Opening", **typed}, follow=True).content.decode()
    assert f"Kept. Only {seen_by} see it; change who may see it when it is ready." in answer
    listed = cleo.get("/desk/pieces").content.decode()
    assert ("<h2>Kept in the archive</h2>" in listed, "Published" in listed) == (True, False)


def test_a_work_is_named_by_the_beginning_of_its_id_or_by_its_title_if_it_is_seen(own_stage: Stage) -> None:
    ada, path = signed_in("curator", "Ada"), "/desk/pieces/new/exhibition"
    public, sealed = own_stage.ids["public"], own_stage.ids["sealed"]
    titles = {level: record_of(site.archive(), name)[0].title(("en",)) for level, name in own_stage.ids.items()}
    works = {"item-0-work": public[:6].upper(), "item-1-work": titles["members"], "items-rows": "2"}
    name = str(new_asset_id())
    posted(ada, path, deed="draft", name=name, **{"title-en": "Lamps", **works})
    assert [PieceDraft.objects.get().form[f"item-{n}-work"] for n in (0, 1)] == [public, own_stage.ids["members"]]
    assert posted(ada, path, name=name, **{"title-en": "Lamps", **works}).status_code == 302
    kept = read(site.archive(), f"holdfast:collection:{name}")[0]
    assert [str(item.asset) for item in kept.items] == [public, own_stage.ids["members"]]
    for typed in (public[:3], sealed[:6], titles["sealed"], "Nothing is called so"):
        refused = posted(ada, path, **{"items-rows": "1", "item-0-work": typed})
        assert (refused.status_code, f'value="{typed}"' in refused.content.decode()) == (422, True), typed


def test_titles_of_works_that_are_seen_are_offered_where_a_work_is_asked_for(own_stage: Stage) -> None:
    page = signed_in("curator").get("/desk/pieces/new/post").content.decode()
    offered = dict(re.findall(r'<option value="([0-9a-z]{13})" label="([^"]+)">', page))
    assert offered.keys() == {name for level, name in own_stage.ids.items() if level != "sealed"}
    assert "Leuchtturm" in offered[own_stage.ids["public"]]


def test_of_two_works_that_fit_neither_is_taken() -> None:
    typed = {"item-0-work": "Harbour", "item-1-work": str(HERE), "title-en": "Harbour", "item-2-work": ""}
    assert writing.resolved(typed, lambda _: [str(HERE), str(CLOSED)]) == typed
    assert writing.resolved(typed, lambda _: [str(CLOSED)]) == typed | {"item-0-work": str(CLOSED)}


def test_a_save_that_was_outrun_shows_both_and_loses_neither(own_stage: Stage) -> None:
    piece, ada = made(author="Ada"), signed_in("curator", "Ada")
    revise(site.archive(), piece.object_id, lambda one: replace(one, author="Mia", category="Theirs"))
    typed = {"base": "v1", "expected": "v1", "title-en": "Mine", "text-en": "x", "author": "Ada"}
    answer = posted(ada, f"/desk/pieces/{piece.id}", **typed)
    html = answer.content.decode()
    assert answer.status_code == 409
    assert "Theirs" in html
    assert 'value="Mine"' in html
    assert 'name="expected" value="v2"' in html
    assert posted(ada, f"/desk/pieces/{piece.id}", **typed | {"expected": "v2"}).status_code == 302
    kept = read(site.archive(), piece.object_id)[0]
    assert (kept.title(("en",)), kept.author, kept.category) == ("Mine", "Mia", "Theirs")


def test_what_cannot_be_kept_is_said_and_stays_in_the_form(own_stage: Stage) -> None:
    piece, ada = made(), signed_in("curator", "Ada")
    path = f"/desk/pieces/{piece.id}"
    sealed = posted(ada, path, base="v1", **{"items-rows": "1", "item-0-work": own_stage.ids["sealed"]})
    nowhere = posted(ada, path, base="v1", **{"items-rows": "1", "item-0-work": str(new_asset_id())})
    assert (sealed.status_code, nowhere.status_code) == (422, 422)
    assert own_stage.ids["sealed"] in sealed.content.decode()
    late = posted(
        ada, path, base="v1", **{"items-rows": "1", "item-0-work": own_stage.ids["public"], "item-0-moment": "9:00"}
    )
    assert (late.status_code, "before its end" in late.content.decode()) == (422, True)
    large = posted(ada, path, base="v1", **{"text-en": "слово " * 160_000})
    assert (large.status_code, "слово слово" in large.content.decode()) == (422, True)
    assert str(read(site.archive(), piece.object_id)[1].head) == "v1"


def test_a_curator_is_not_told_of_sealed_works_and_does_not_lose_them(own_stage: Stage) -> None:
    sealed, public = own_stage.ids["sealed"], own_stage.ids["public"]
    piece = made(PieceKind.EXHIBITION, items=(work(public, "Seen."), work(sealed, "Unseen words.")))
    ada = signed_in("curator", "Ada")
    path = f"/desk/pieces/{piece.id}"
    pages = [ada.get(path), ada.get(f"{path}/history"), posted(ada, path, base="v1", deed="preview")]
    assert [text for page in pages for text in (sealed, "Unseen") if text in page.content.decode()] == []
    of = re.search(r'name="item-0-of" value="([^"]+)"', pages[0].content.decode())[1]  # type: ignore[index]
    typed = {"items-rows": "1", "item-0-of": of, "item-0-work": public, "item-0-text-en": "Seen again."}
    assert posted(ada, path, base="v1", **typed).status_code == 302
    kept = read(site.archive(), piece.object_id)[0]
    assert [item.words[0].text for item in kept.items] == ["Seen again.", "Unseen words."]
    history = ada.get(f"{path}/history").content.decode()
    assert ("Seen again." in history, "Unseen" in history) == (True, False)


@pytest.mark.parametrize("role", [None, "contributor", "member"])
def test_the_desk_of_pieces_is_nowhere_for_others(own_stage: Stage, role: str | None) -> None:
    piece, browser = made(), signed_in(role) if role else client()
    paths = ["/desk/pieces", "/desk/pieces/new/post", f"/desk/pieces/{piece.id}", f"/desk/pieces/{piece.id}/history"]
    assert [browser.get(path).status_code for path in paths] == [404] * 4
    assert [browser.post(path, {"deed": "draft"}).status_code for path in paths[1:3]] == [404] * 2
    assert PieceDraft.objects.count() == 0
    assert "/desk/" not in browser.get(f"/news/{piece.id}").content.decode()


def test_a_sealed_piece_and_a_sealed_draft_are_nowhere_for_curators(own_stage: Stage) -> None:
    custodian, ada = signed_in("custodian", "Cleo"), signed_in("curator", "Ada")
    piece = made(access="sealed", words=said("x", title="Sealed title"))
    name = str(new_asset_id())
    draft = {"name": name, "title-en": "Sealed draft", "access": "sealed", "deed": "draft"}
    assert posted(custodian, "/desk/pieces/new/post", **draft).status_code == 302
    assert "Sealed draft" in custodian.get("/desk/pieces").content.decode()
    listed = ada.get("/desk/pieces").content.decode()
    assert [word for word in ("Sealed title", "Sealed draft") if word in listed] == []
    assert ada.get(f"/desk/pieces/{piece.id}").status_code == 404
    assert ada.get(f"/desk/pieces/new/post?draft={name}").status_code == 404
    assert posted(ada, "/desk/pieces/new/post", **draft | {"access": "public"}).status_code == 404
    assert posted(ada, "/desk/pieces/new/post", name=piece.id, **{"title-en": "mine"}).status_code == 404
    assert read(site.archive(), piece.object_id)[0] == piece


def test_a_draft_of_a_published_piece_is_shown_again_and_can_be_thrown_away(own_stage: Stage) -> None:
    piece, ada = made(), signed_in("curator", "Ada")
    path = f"/desk/pieces/{piece.id}"
    posted(ada, path, base="v1", deed="draft", **{"title-en": "Half wri"})
    assert 'value="Half wri"' in ada.get(path).content.decode()
    assert "Half wri" not in client().get(f"/news/{piece.id}").content.decode()
    posted(ada, path, base="v1", deed="discard")
    assert 'value="Opening"' in ada.get(path).content.decode()


def test_odd_kinds_names_and_versions_are_not_here(own_stage: Stage) -> None:
    piece, ada = made(), signed_in("curator", "Ada")
    assert ada.get("/desk/pieces/new/essay").status_code == 404
    assert ada.get("/desk/pieces/new/post?draft=zzz").status_code == 404
    assert posted(ada, "/desk/pieces/new/post", name="../x").status_code == 404
    assert posted(ada, f"/desk/pieces/{piece.id}", base="v9").status_code == 404
