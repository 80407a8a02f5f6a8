"""Sizes of pictures from their first bytes, as the library that wrote them knows them."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from holdfast.formats.listings.pictures import pixel_size
from tests.formats.listings.samples import picture


@pytest.mark.parametrize("form", ["PNG", "GIF", "JPEG", "WEBP"])
@pytest.mark.parametrize("options", [{}, {"lossless": True}, {"exif": b"Exif\0\0" + bytes(3000)}])
def test_the_size_is_what_was_written(form: str, options: dict[str, object]) -> None:
    buffer = io.BytesIO()
    Image.new("RGB", (123, 45), "gray").save(buffer, form, **(options if form in ("JPEG", "WEBP") else {}))
    assert pixel_size(buffer.getvalue()[:16_384]) == (123, 45)


def test_the_pictures_of_these_tests_are_pictures() -> None:
    assert Image.open(io.BytesIO(picture(64, 48))).size == pixel_size(picture(64, 48)) == (64, 48)


@given(
    st.sampled_from([b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF89a", b"RIFF0000WEBPVP8X", b""]),
    st.binary(max_size=60),
)
def test_what_cannot_be_told_is_never_an_error(start: bytes, rest: bytes) -> None:
    width, height = pixel_size(start + rest)
    assert width >= 0
    assert height >= 0
