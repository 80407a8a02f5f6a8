"""JSON of other people: read where it can be, walked without recursion."""

from __future__ import annotations

from holdfast.formats.listings.loose_json import at, loose_json, objects, text_at


def test_the_first_value_is_read_whatever_follows_it() -> None:
    assert loose_json('x = {"a": NaN, "a": 2}; more', 4) == {"a": 2}
    assert loose_json("  \ufeff[1]") == [1]


def test_what_is_none_gives_none_also_when_it_is_deep_or_long() -> None:
    assert [loose_json(text) for text in ("", "{", "[" * 100_000, "1" * 5_000, "nonsense")] == [None] * 5


def test_objects_come_in_the_order_of_the_text_and_some_keys_are_not_entered() -> None:
    plain = {"n": 1, "a": {"n": 2, "b": [{"n": 3}]}, "skip": {"n": 4}, "c": [[{"n": 5}]]}
    assert [node["n"] for node in objects(plain, lambda key: key != "skip")] == [1, 2, 3, 5]


def test_a_value_of_many_levels_is_walked_without_an_error() -> None:
    deep: object = {}
    for _ in range(50_000):
        deep = [deep]
    assert list(objects(deep)) == [{}]


def test_a_path_that_leads_nowhere_is_none() -> None:
    plain = {"a": [{"b": 7}]}
    assert at(plain, "a", 0, "b") == 7
    assert [at(plain, "a", 1), at(plain, "a", "b"), at(plain, "x", 0), at(None, 0)] == [None] * 4
    assert (text_at(plain, "a", 0, "b"), text_at(plain, "a"), text_at({"t": True}, "t")) == ("7", "", "")
