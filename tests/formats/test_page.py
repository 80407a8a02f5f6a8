"""The frame of our pages: nothing runs, nothing is loaded, and text from outside stays text."""

from __future__ import annotations

import pytest

from holdfast.formats.page import isolated, jpeg_address, page, table
from tests.formats.pages import check_page


def test_a_page_forbids_the_browser_to_run_or_load_anything() -> None:
    found = check_page(page("Ferry", "<p>a</p>"))

    policy = next(value for tag, _, value in found.attributes if tag == "meta" and "default-src" in value)
    assert "default-src 'none'" in policy
    assert "script-src" not in policy


def test_text_from_outside_is_escaped_and_keeps_its_own_direction() -> None:
    assert isolated("<b>&") == "<bdi>&lt;b&gt;&amp;</bdi>"
    assert isolated("\udcff\0") == "<bdi>\ufffd</bdi>"
    assert "&lt;/title&gt;" in page("</title><script>", "").decode("utf-8")


def test_a_cell_knows_the_name_of_its_column_for_narrow_screens() -> None:
    assert '<td data-head="time"><div>0:00</div></td>' in table(("time",), [("0:00",)])
    with pytest.raises(ValueError, match="zip"):
        table(("time", "why"), [("0:00",)])


def test_a_jpeg_stands_in_the_page_itself() -> None:
    assert jpeg_address(b"\xff\xd8") == "data:image/jpeg;base64,/9g="
