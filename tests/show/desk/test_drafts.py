"""A draft is given to those alone who may see all that stands in it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from holdfast.actions.describe import describe
from holdfast.model.ids import new_asset_id
from holdfast.model.rights import AccessLevel
from holdfast.show import site
from holdfast.show.desk.drafts import draft_for, drafts_for
from holdfast.show.models import PieceDraft
from holdfast.show.reader import LEVELS, Reader, Role
from tests.show.pieces import made
from tests.show.stage import Stage, client, signed_in


def reader(role: Role) -> Reader:
    return Reader(tuple(level.value for level in LEVELS[role]), ("en",), role)


def kept(name: str = "", *, access: str = "public", by: str = "Cleo", **form: str) -> PieceDraft:
    said = {"kind": "exhibition", "access": access, "by": by, "form": {"title-en": "Boats", "base": "", **form}}
    return PieceDraft.objects.create(name=name or str(new_asset_id()), **said)


def is_given(draft: PieceDraft, role: Role, by: str = "Ada") -> bool:
    found = draft_for(draft.name, reader(role), by) is not None
    assert (draft.name in [one.name for one in drafts_for(reader(role), by)]) is found
    return found


@pytest.mark.parametrize("level", ["public", "members", "curators", "sealed"])
def test_a_draft_that_names_a_work_is_given_to_those_who_may_see_the_work(own_stage: Stage, level: str) -> None:
    draft = kept(**{"item-0-work": f"https://a.example/w/{own_stage.ids[level]}?t=0:01", "item-1-work": "no work"})
    assert is_given(draft, Role.CUSTODIAN)
    assert is_given(draft, Role.CURATOR) is (level != "sealed")


def test_a_draft_of_a_piece_goes_where_the_piece_goes(own_stage: Stage) -> None:
    for level in ("public", "sealed"):
        draft = kept(made(access=level).id, base="v1")
        assert is_given(draft, Role.CUSTODIAN)
        assert is_given(draft, Role.CURATOR) is (level == "public")


def test_what_somebody_typed_themselves_is_shown_again_also_a_work_that_is_none(own_stage: Stage) -> None:
    draft = kept(by="Ada", **{"item-0-work": str(new_asset_id())})
    assert is_given(draft, Role.CURATOR, "Ada")
    assert not is_given(draft, Role.CURATOR, "Mia")


def test_a_draft_that_is_not_shown_is_neither_overwritten_nor_thrown_away(own_stage: Stage) -> None:
    piece, ada = made(), signed_in("curator", "Ada")
    draft = kept(piece.id, base="v1", expected="v1", **{"item-0-work": own_stage.ids["sealed"]})
    path = f"/desk/pieces/{piece.id}"
    assert "Boats" not in ada.get(path).content.decode() + ada.get("/desk/pieces").content.decode()
    assert ada.post(path, {"base": "v1", "deed": "draft", "title-en": "Mine", "access": "public"}).status_code == 404
    ada.post(path, {"base": "v1", "deed": "discard"})
    assert ada.post(path, {"base": "v1", "deed": "keep", "title-en": "Mine"}).status_code == 302
    assert PieceDraft.objects.get(name=piece.id).form == draft.form
    assert "Mine" in client().get(f"/news/{piece.id}").content.decode()


def test_a_draft_is_gone_for_others_when_a_work_in_it_is_sealed(own_stage: Stage) -> None:
    draft = kept(**{"item-0-work": own_stage.ids["public"]})
    assert is_given(draft, Role.CURATOR)
    describe(site.archive(), own_stage.ids["public"], lambda record: replace(record, access=AccessLevel.SEALED))
    assert not is_given(draft, Role.CURATOR)
