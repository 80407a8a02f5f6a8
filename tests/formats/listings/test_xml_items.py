"""XML item by item: memory does not grow with their number, and nothing is believed that XML can do."""

from __future__ import annotations

from io import BytesIO

import pytest

from holdfast.formats.listings.xml_items import BadXml, items


def found(xml: str) -> list[str]:
    return [item.first("name") for item, _ in items(BytesIO(xml.encode()), {"item"})]


def test_items_come_one_after_the_other_with_their_parent() -> None:
    xml = '<r xmlns:x="urn:x"><title>T</title><x:item a="1"><name>A</name></x:item><ITEM><Name>B</Name></ITEM></r>'
    pairs = list(items(BytesIO(xml.encode()), {"item"}))
    assert [(item.first("name"), parent.first("title")) for item, parent in pairs] == [("A", "T"), ("B", "T")]
    assert (pairs[0][0].space, pairs[0][0].attributes) == ("urn:x", {"a": "1"})
    assert all(parent.children == [parent.children[0]] for _, parent in pairs), "the parent does not keep them"


def test_items_before_a_break_are_given_out_first() -> None:
    given: list[str] = []
    with pytest.raises(BadXml, match="line 1"):
        given.extend(item.first("name") for item, _ in items(BytesIO(b"<r><item><name>A</name></item></q>"), {"item"}))
    assert found("<r><item><name>A</name></item></r>") == ["A"]


def test_many_small_items_cross_no_bound() -> None:
    assert len(found("<r>" + "<item><name>A</name></item>" * 30_000 + "</r>")) == 30_000


def test_an_unknown_encoding_is_named_in_the_refusal() -> None:
    with pytest.raises(BadXml):
        found("<?xml version='1.0' encoding='x-nobody'?><r/>")
