"""Settings: what was written is read, and what cannot be meant is named with its place."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfast.config import (
    ARCHIVE_VARIABLE,
    BY_VARIABLE,
    GIB,
    MAXIMUM_BYTES,
    SETTINGS_FILE,
    Settings,
    find_archive,
    load_settings,
    settings_text,
)
from holdfast.errors import BadSettings, BadValue, NewerArchive, NotAnArchive
from holdfast.model.rights import AccessLevel

NAMES = st.text(st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp")), min_size=1).filter(str.strip)


def archive(folder: Path, text: str | bytes = "layout = 1\n") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / SETTINGS_FILE).write_bytes(text if isinstance(text, bytes) else text.encode())
    return folder


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("archive")


@given(
    st.text(st.characters(exclude_categories=("Cs",))),
    NAMES,
    st.sampled_from(AccessLevel),
    st.lists(st.sampled_from(["en", "ru", "zh-Hans", "de-CH-1996", "grc"])),
    st.integers(0, 2**31 - 1),
    st.sampled_from(["", "https://archive.example.org", "http://[::1]:8000"]),
    st.booleans(),
)
def test_any_settings_are_read_as_they_were_written(
    folder: Path,
    name: str,
    custodian: str,
    access: AccessLevel,
    languages: list[str],
    gib: int,
    address: str,
    is_open: bool,
) -> None:
    settings = Settings(name, custodian, access, tuple(languages), gib * GIB, address, is_open)
    assert load_settings(archive(folder, settings_text(settings)), {}) == settings


@pytest.mark.parametrize(
    "name", ['"', "\\", '\\"', "a\nb", "\x7f\0\t", "\U0001f33e\U000e0041\U0010ffff", "\u2028", "'''", "#"]
)
def test_an_odd_name_stays_what_it_is(tmp_path: Path, name: str) -> None:
    assert load_settings(archive(tmp_path, settings_text(Settings(name=name))), {}).name == name


def test_what_the_file_cannot_hold_is_rounded_to_what_it_can(tmp_path: Path) -> None:
    text = settings_text(Settings(name="caf\udce9", space_reserve_bytes=GIB + 1))
    settings = load_settings(archive(tmp_path, text), {})
    assert (settings.name, settings.space_reserve_bytes) == ("caf\ufffd", 2 * GIB)


def test_lines_that_are_missing_have_defaults_and_unknown_ones_are_left_alone(tmp_path: Path) -> None:
    text = 'layout = 1\nnew = [1]\n[archive]\ncolor = "red"\n[later]\nx = 1979-05-27\n'
    assert load_settings(archive(tmp_path, text), {}) == Settings()
    assert load_settings(archive(tmp_path, b"\xef\xbb\xbflayout = 1\r\n"), {}) == Settings()


WRONG: list[tuple[str, str, str, str]] = [
    ("layout = 0", "layout", "0", "the number 1"),
    ("layout = -1", "layout", "-1", "the number 1"),
    ("layout = true", "layout", "True", "the number 1"),
    ("layout = 1.0", "layout", "1.0", "the number 1"),
    ("layout = '1'", "layout", "'1'", "the number 1"),
    ("", "layout", "missing", "the number 1"),
    ("archive = 7", "archive", "7", "a table"),
    ("layout = 1\n[show]\naddress = 'archive.example.org'", "show.address", "'archive.example.org'", "an address"),
    ("layout = 1\n[show]\naddress = 'https://a.org/x'", "show.address", "'https://a.org/x'", "an address"),
    ("layout = 1\n[show]\nopen_sign_up = 1", "show.open_sign_up", "1", "true or false"),
    ("[[add]]", "add", "[{}]", "a table"),
    ("[archive]\nname = 7", "archive.name", "7", "a text in quotes"),
    ("[archive]\ncustodian = ['a']", "archive.custodian", "['a']", "a text in quotes"),
    ("[archive]\ncustodian = ''", "archive.custodian", "''", "a name on one line"),
    ("[archive]\ncustodian = ' '", "archive.custodian", "' '", "a name on one line"),
    ('[archive]\ncustodian = "a\\nb"', "archive.custodian", "'a\\\\nb'", "a name on one line"),
    ("[add]\naccess = 'everybody'", "add.access", "'everybody'", "one of public, members, curators, sealed"),
    ("[add]\naccess = 'Public'", "add.access", "'Public'", "one of public"),
    ("[add]\naccess = true", "add.access", "True", "one of public"),
    ("[add]\naccess = ['public']", "add.access", "['public']", "one of public"),
    ("[show]\nlanguages = 'en'", "show.languages", "'en'", "a list of language tags"),
    ("[show]\nlanguages = ['en', 7]", "show.languages", "['en', 7]", "a list of language tags"),
    ("[show]\nlanguages = ['english']", "show.languages", "['english']", "a list of language tags"),
    ("[doctor]\nspace_reserve_gib = 0.5", "doctor.space_reserve_gib", "0.5", "a whole number"),
    ("[doctor]\nspace_reserve_gib = -1", "doctor.space_reserve_gib", "-1", "a whole number"),
    ("[doctor]\nspace_reserve_gib = true", "doctor.space_reserve_gib", "True", "a whole number"),
    ("[doctor]\nspace_reserve_gib = 9223372036854775807", "doctor.space_reserve_gib", "9223372036854775807", "a whole"),
]


@pytest.mark.parametrize(("line", "setting", "found", "expected"), WRONG)
def test_a_line_that_cannot_be_meant_is_named_with_what_was_found_and_expected(
    tmp_path: Path, line: str, setting: str, found: str, expected: str
) -> None:
    text = line if "layout" in line or not line else f"layout = 1\n{line}"
    with pytest.raises(BadSettings) as caught:
        load_settings(archive(tmp_path, text), {})
    values = caught.value.values
    assert (values["setting"], values["path"]) == (setting, tmp_path / SETTINGS_FILE)
    assert found.replace("\\\\", "\\") == values["found"]
    assert str(values["expected"]).startswith(expected)
    assert setting in str(caught.value)


@pytest.mark.parametrize(
    "data",
    [
        b"layout = ",
        b"layout = 1\nlayout = 1",
        b"\xff\xfel\0a\0",
        b"layout = 1 # caf\xe9",
        b"layout = " + b"9" * 5000,
        b"a = " + b"[" * 100_000,
        b"layout = 1\n" + b"#" * MAXIMUM_BYTES,
        b"\0" * 4096,
    ],
)
def test_a_hostile_file_is_refused_as_a_whole(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(BadSettings, match="The setting file in") as caught:
        load_settings(archive(tmp_path, data), {})
    assert len(str(caught.value)) < 1_000


def test_a_long_wrong_value_is_shown_by_its_beginning(tmp_path: Path) -> None:
    with pytest.raises(BadSettings) as caught:
        load_settings(archive(tmp_path, f"layout = 1\n[add]\naccess = '{'x' * 10_000}'"), {})
    assert len(str(caught.value.values["found"])) == 80


def test_settings_that_cannot_be_opened_say_why(tmp_path: Path) -> None:
    (tmp_path / SETTINGS_FILE).mkdir()
    with pytest.raises(BadSettings, match="directory"):
        load_settings(tmp_path, {})
    with pytest.raises(NotAnArchive, match="nowhere is not a Holdfast archive"):
        load_settings(tmp_path / "nowhere", {})


def test_an_archive_of_a_later_layout_is_left_alone(tmp_path: Path) -> None:
    with pytest.raises(NewerArchive, match="layout version 2; this program knows versions up to 1"):
        load_settings(archive(tmp_path, "layout = 2\n[archive]\nname = {}\n"), {})


def test_the_environment_may_name_who_acts(tmp_path: Path) -> None:
    folder = archive(tmp_path, "layout = 1\n[archive]\ncustodian = 'Ada'\n")
    assert load_settings(folder, {BY_VARIABLE: "Bo"}).custodian == "Bo"
    assert load_settings(folder, {BY_VARIABLE: ""}).custodian == "Ada"
    assert load_settings(folder, {}).custodian == "Ada"


@pytest.mark.parametrize("name", [" ", "a\nb", "caf\udce9"])
def test_a_name_in_the_environment_that_no_version_could_hold_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(BadSettings, match=r"The setting \$HOLDFAST_BY in the environment is"):
        load_settings(archive(tmp_path), {BY_VARIABLE: name})


@pytest.mark.parametrize("name", ["", "\t", "a\nb", "a\0", "caf\udce9", "a\u2028b"])
def test_settings_never_hold_a_custodian_without_a_name(name: str) -> None:
    with pytest.raises(BadValue, match="the custodian is"):
        Settings(custodian=name)


def test_a_name_may_be_in_any_script() -> None:
    for name in ("Архив «Заря»", "收穫檔案館", "수확 보관소", "آرشیو می\u200cخواهم", "Ada\u00a0Bo", "🌾"):
        assert Settings(custodian=name).custodian == name


# ------------------------------------------------------------------------------------------------ which archive


def test_the_named_archive_comes_before_the_environments_and_that_before_the_one_around(tmp_path: Path) -> None:
    named, environments, around = (archive(tmp_path / name) for name in ("named", "environments", "around"))
    here = around / "a" / "b"
    here.mkdir(parents=True)
    environment = {ARCHIVE_VARIABLE: str(environments)}
    assert find_archive(named, here, environment) == named
    assert find_archive(None, here, environment) == environments
    assert find_archive(None, here, {ARCHIVE_VARIABLE: ""}) == around
    assert find_archive(None, here, {}) == around
    assert find_archive(None, around, {}) == around


def test_the_nearest_archive_around_is_taken(tmp_path: Path) -> None:
    outer = archive(tmp_path)
    inner = archive(outer / "a" / "inner")
    assert find_archive(None, inner / "ocfl" / "x", {}) == inner
    assert find_archive(None, outer / "a", {}) == outer


def test_an_archive_that_was_named_wrongly_is_not_replaced_by_another(tmp_path: Path) -> None:
    around = archive(tmp_path)
    with pytest.raises(NotAnArchive, match="elsewhere"):
        find_archive(tmp_path / "elsewhere", around, {ARCHIVE_VARIABLE: str(around)})
    with pytest.raises(NotAnArchive, match="elsewhere"):
        find_archive(None, around, {ARCHIVE_VARIABLE: str(tmp_path / "elsewhere")})


def test_a_relative_folder_is_looked_at_from_the_current_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    around = archive(tmp_path / "archive")
    (around / "deep").mkdir()
    monkeypatch.chdir(around / "deep")
    assert find_archive(None, Path(), {}) == around
    assert find_archive(Path(".."), Path(), {}).resolve() == around
    assert find_archive(Path(".."), Path(), {}).is_absolute()


def test_where_there_is_no_archive_that_is_said(tmp_path: Path) -> None:
    with pytest.raises(NotAnArchive, match="is not a Holdfast archive, nor does it lie in one"):
        find_archive(None, tmp_path, {})


@pytest.mark.parametrize("name", ["a" * 5000, "a\0b", "caf\udce9"])
def test_a_name_that_no_folder_can_have_is_no_archive(tmp_path: Path, name: str) -> None:
    with pytest.raises(NotAnArchive):
        find_archive(tmp_path / name, tmp_path, {})


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is closed to root")
def test_a_folder_that_may_not_be_looked_into_is_no_archive(tmp_path: Path) -> None:
    closed = archive(tmp_path / "closed")
    closed.chmod(0)
    try:
        with pytest.raises(NotAnArchive):
            find_archive(closed, tmp_path, {})
    finally:
        closed.chmod(0o700)
