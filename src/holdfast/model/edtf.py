"""Dates with their uncertainty: EDTF (ISO 8601-2), `1974`, `1974-05~`, `197X`, `1974-05-01/..`."""

from __future__ import annotations

from functools import cache

from holdfast.errors import BadValue


@cache
def is_edtf(text: str) -> bool:
    """Whether `text` is a date that EDTF knows (levels 0 to 2)."""
    import edtf  # its grammar takes a tenth of a second to build: only who checks a date pays for it

    try:
        edtf.parse_edtf(text)
    except edtf.EDTFParseException:
        return False
    return True


def check_edtf(text: str) -> str:
    """`text` itself. Raises BadValue if it is no EDTF."""
    if not is_edtf(text):
        expected = "a date like 1974, 1974-05-01, 1974-05~ (about), 197X, or 1974-05/1974-06"
        raise BadValue(name="the date", found=text, expected=expected)
    return text
