"""Ids notice what hands do to them: one wrong character, two exchanged, odd spelling."""

from __future__ import annotations

import doctest
from itertools import combinations

import pytest

from holdfast.errors import UnknownAsset
from holdfast.model import ids
from holdfast.model.ids import ALPHABET, AssetId, ObjectId, check_character, new_asset_id, parse_asset_id

SAMPLES = ["k7m2x9qd4htbr", "0000000000000", "zxwvtsrqpnmkk", "b0b0b0b0b0b0d"]


def is_accepted(text: str) -> bool:
    try:
        parse_asset_id(text)
    except UnknownAsset:
        return False
    return True


@pytest.mark.parametrize("text", SAMPLES)
def test_every_single_wrong_character_is_noticed(text: str) -> None:
    wrong = [text[:n] + c + text[n + 1 :] for n in range(len(text)) for c in ALPHABET if c != text[n]]
    assert len(wrong) == 13 * 28
    assert [w for w in wrong if is_accepted(w)] == []


@pytest.mark.parametrize("text", SAMPLES)
def test_every_exchange_of_two_different_characters_is_noticed(text: str) -> None:
    for first, second in combinations(range(len(text)), 2):
        if text[first] != text[second]:
            letters = list(text)
            letters[first], letters[second] = letters[second], letters[first]
            assert not is_accepted("".join(letters)), (first, second)


@pytest.mark.parametrize(
    "typed",
    [
        "K7M2X9QD4HTBR",
        "k7m2-x9qd-4htb-r",
        "  K7M2 X9QD\t4HTB R\n",
        "k7m2\u2011x9qd\u20134htb\u2014r",  # as word processors write hyphens
        "k7m2\u00adx9qd\u00a04htb\u200br\ufeff",
    ],
)
def test_hyphens_spaces_and_upper_case_do_not_matter(typed: str) -> None:
    assert parse_asset_id(typed) == AssetId("k7m2x9qd4htbr")


@pytest.mark.parametrize(
    ("typed", "hint"),
    [
        ("", "this has 0"),
        ("k7m2x9qd4htb", "this has 12"),
        ("k7m2x9qd4htbrr", "this has 14"),
        ("k7m2x9qd4htbl", "never contain l"),
        ("k7m2x9qd4htb_", "never contain _"),
        ("ｋ7m2x9qd4htbr", "never contain ｋ"),
        ("k7m2x9qd4htbs", "mistyped"),
        ("a" * 100_000, "this has 100000"),
    ],
)
def test_what_is_no_id_is_refused_with_a_hint(typed: str, hint: str) -> None:
    with pytest.raises(UnknownAsset, match=hint):
        parse_asset_id(typed)


def test_new_ids_are_whole_and_differ() -> None:
    made = {new_asset_id() for _ in range(200)}
    assert len(made) == 200
    assert all(parse_asset_id(str(asset)) == asset for asset in made)


def test_the_check_character_is_that_of_the_published_algorithm() -> None:
    # The example of the NOID documentation: 13030/xf93gt2 is completed by q. Its slash counts nothing but has a place.
    total = sum(place * (ALPHABET.index(c) if c in ALPHABET else 0) for place, c in enumerate("13030/xf93gt2", start=1))
    assert ALPHABET[total % 29] == "q"
    assert check_character("000000000000") == "0"
    assert check_character("100000000000") == "1"
    assert check_character("010000000000") == "2"


@pytest.mark.parametrize(
    ("text", "kind", "name"),
    [
        ("holdfast:asset:k7m2x9qd4htbr", "asset", "k7m2x9qd4htbr"),
        ("holdfast:journal:2026-11", "journal", "2026-11"),
        ("holdfast:journal:2026:11", "journal", "2026:11"),
        ("holdfast:asset:", "asset", ""),
        ("holdfast:asset", "", "holdfast:asset"),
        ("holdfast::x", "", "holdfast::x"),
        ("urn:uuid:6f1c", "", "urn:uuid:6f1c"),
        ("", "", ""),
    ],
)
def test_an_object_tells_its_kind_if_it_is_ours(text: str, kind: str, name: str) -> None:
    assert (ObjectId(text).kind, ObjectId(text).name) == (kind, name)


def test_an_asset_and_its_object_lead_to_each_other() -> None:
    asset = new_asset_id()
    assert asset.object_id == ObjectId(f"holdfast:asset:{asset}")
    assert asset.object_id.as_asset_id() == asset
    assert str(asset.object_id) == asset.object_id.text


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("holdfast:journal:2026-11", "another kind"),
        ("urn:uuid:6f1c", "another kind"),
        ("holdfast:asset:", "this has 0"),
        ("holdfast:asset:k7m2x9qd4htbs", "mistyped"),
        # Another object than that of k7m2x9qd4htbr: only one of the two may hold the asset.
        ("holdfast:asset:K7M2-X9QD-4HTB-R", "spelled k7m2x9qd4htbr"),
    ],
)
def test_an_object_that_is_not_an_assets_is_not_taken_for_one(text: str, hint: str) -> None:
    with pytest.raises(UnknownAsset, match=hint):
        ObjectId(text).as_asset_id()


def test_the_example_in_the_documentation_holds() -> None:
    assert doctest.testmod(ids).failed == 0
    assert doctest.testmod(ids).attempted > 0
