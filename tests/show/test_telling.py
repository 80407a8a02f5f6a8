"""What the keepers wrote of their archive, in the language of the reader where they wrote it."""

from __future__ import annotations

from pathlib import Path

import pytest

from holdfast.show.telling import LARGEST_BYTES, About, about


@pytest.fixture
def written(tmp_path: Path) -> Path:
    (tmp_path / "about.md").write_text("for all", "utf-8")
    (tmp_path / "about.de.md").write_text("\ufeffauf Deutsch\n", "utf-8")
    (tmp_path / "about.zh-Hans.md").write_text("中文", "utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("languages", "expected"),
    [
        (("de", "en"), About("auf Deutsch", "de")),
        (("zh-hans",), About("中文", "zh-hans")),
        (("ko", "de"), About("for all", "")),
        (("ko",), About("for all", "")),
    ],
)
def test_the_readers_language_comes_first_and_then_that_for_all(
    written: Path, languages: tuple[str, ...], expected: About
) -> None:
    assert about(written, languages) == expected


def test_where_nothing_fits_any_text_is_better_than_none(tmp_path: Path) -> None:
    assert about(tmp_path, ("en",)) is None
    (tmp_path / "about.ru.md").write_text("О нас", "utf-8")
    assert about(tmp_path, ("en",)) == About("О нас", "ru")


def test_without_one_for_all_the_next_language_is_taken(written: Path) -> None:
    (written / "about.md").unlink()
    assert about(written, ("ko", "de")) == About("auf Deutsch", "de")


def test_what_is_no_text_of_ours_is_not_shown(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("secret", "utf-8")
    (tmp_path / "about.en.md").symlink_to(tmp_path / "secret")
    (tmp_path / "about.x y.md").write_text("odd", "utf-8")
    (tmp_path / "about.de.md").write_bytes(b"x" * (LARGEST_BYTES + 1))
    (tmp_path / "about.md").mkdir()
    assert about(tmp_path, ("en", "de")) is None
