"""What belongs together is gathered together, and nothing is left out in silence."""

from __future__ import annotations

import os
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfast.keep import gather as module
from holdfast.keep.gather import MEDIA_SUFFIXES, SIDECAR_SUFFIXES, PassedOver, gather


def laid_out(folder: Path, *names: str | bytes) -> Path:
    for name in names:
        path = folder / os.fsdecode(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")
    return folder


def pairs(folder: Path, *paths: Path) -> dict[str, list[str]]:
    """media -> sidecars, by names relative to the folder."""
    return {
        str(each.media.relative_to(folder)): [str(path.relative_to(folder)) for path in each.sidecars]
        for each in gather(paths or [folder]).submissions
    }


def passed(*paths: Path) -> dict[str, tuple[str, bool]]:
    return {each.path.name: (each.reason, each.is_fault) for each in gather(paths).passed_over}


# ------------------------------------------------------------------------------------------------- pairing


def test_a_sidecar_joins_the_film_whose_name_it_continues(folder: Path) -> None:
    laid_out(folder, "Harvest 1974.mp4", "Harvest 1974.info.json", "Harvest 1974.ru.vtt", "Harvest 1974.jpg")
    laid_out(folder, "Harvest.mkv", "Harvest.srt")
    assert pairs(folder) == {
        "Harvest 1974.mp4": ["Harvest 1974.info.json", "Harvest 1974.jpg", "Harvest 1974.ru.vtt"],
        "Harvest.mkv": ["Harvest.srt"],
    }


def test_the_longest_fitting_name_wins(folder: Path) -> None:
    laid_out(folder, "talk.mp4", "talk.part2.mp4", "talk.part2.srt", "talk.srt", "talk.part3.srt")
    assert pairs(folder) == {"talk.mp4": ["talk.part3.srt", "talk.srt"], "talk.part2.mp4": ["talk.part2.srt"]}


def test_films_of_one_stem_each_take_what_continues_the_stem_and_only_their_own_whole_name(folder: Path) -> None:
    laid_out(folder, "film.mp4", "film.webm", "film.srt", "film.mp4.json", "film.webm.en.vtt")
    assert pairs(folder) == {
        "film.mp4": ["film.mp4.json", "film.srt"],
        "film.webm": ["film.srt", "film.webm.en.vtt"],
    }


def test_a_name_that_only_begins_alike_is_no_sidecar(folder: Path) -> None:
    laid_out(folder, "film.mp4", "filming.srt", "film 2.srt", "film_2.jpg", "sub/film.srt")
    assert pairs(folder) == {"film.mp4": []}
    assert len(passed(folder)) == 4


KOREAN = "한국 영화"
COMPOSED, TAKEN_APART = unicodedata.normalize("NFC", KOREAN), unicodedata.normalize("NFD", KOREAN)


def test_names_that_differ_in_composition_alone_find_each_other(folder: Path) -> None:
    laid_out(folder, f"{TAKEN_APART}.mp4", f"{COMPOSED}.ko.srt")
    assert pairs(folder) == {f"{TAKEN_APART}.mp4": [f"{COMPOSED}.ko.srt"]}
    assert pairs(folder, folder / f"{TAKEN_APART}.mp4") == {f"{TAKEN_APART}.mp4": [f"{COMPOSED}.ko.srt"]}


def test_two_films_that_differ_in_composition_alone_are_two_and_keep_their_own_sidecars(folder: Path) -> None:
    for name in (COMPOSED, TAKEN_APART):
        laid_out(folder, f"{name}.mp4", f"{name}.srt")
    assert pairs(folder) == {f"{name}.mp4": [f"{name}.srt"] for name in (COMPOSED, TAKEN_APART)}


def test_every_file_that_lies_there_is_gathered_once_or_named(folder: Path) -> None:
    names = ["a.mp4", "a.srt", "b.srt", "c.doc", "d.mp4.part", "e/f/g.flac", "e/f/g.txt", "-rf.mkv", "new\nline.avi"]
    laid_out(folder, *names, "Жатва.mp4".encode("cp1251"))
    found = gather([folder])
    met = [path for each in found.submissions for path in (each.media, *each.sidecars)]
    met += [each.path for each in found.passed_over]
    assert sorted(met) == sorted(path for path in folder.rglob("*") if path.is_file())


NAMES = st.lists(
    st.builds(
        lambda parts, suffix: ".".join(parts) + suffix,
        st.lists(st.sampled_from(["a", "b", "ru", "mp4"]), min_size=1, max_size=3),
        st.sampled_from([*sorted(MEDIA_SUFFIXES)[:3], ".mp4", ".srt", ".json", ".doc", ""]),
    ),
    max_size=8,
    unique=True,
)


@given(NAMES)
def test_whatever_the_names_each_file_has_a_place_and_each_sidecar_continues_its_film(names: list[str]) -> None:
    here = Path("folder")
    found = module._paired({here / name: False for name in names}, [])
    for each in found.submissions:
        assert each.media.suffix in MEDIA_SUFFIXES
        for path in each.sidecars:
            assert path.suffix in SIDECAR_SUFFIXES
            assert path.name.startswith(f"{each.media.stem}.")
    placed = {path for each in found.submissions for path in (each.media, *each.sidecars)}
    assert placed.isdisjoint(each.path for each in found.passed_over)
    assert placed | {each.path for each in found.passed_over} == {here / name for name in names}


# ------------------------------------------------------------------------------------------- named outright


def test_a_film_named_outright_brings_what_lies_beside_it_and_nothing_else(folder: Path) -> None:
    laid_out(folder, "film.mp4", "film.srt", "other.mp4", "other.srt", "film.doc")
    assert pairs(folder, folder / "film.mp4") == {"film.mp4": ["film.srt"]}
    assert gather([folder / "film.mp4"]).passed_over == ()


@pytest.mark.parametrize("name", ["notes.doc", "film.mp4.part", "README", "subtitles.srt"])
def test_what_is_named_outright_is_taken_whatever_it_is(folder: Path, name: str) -> None:
    assert pairs(laid_out(folder, name), folder / name) == {name: []}


def test_a_file_of_an_unknown_kind_named_outright_takes_its_sidecars_too(folder: Path) -> None:
    laid_out(folder, "tape.r4k", "tape.info.json")
    assert pairs(folder, folder / "tape.r4k") == {"tape.r4k": ["tape.info.json"]}


def test_a_sidecar_named_with_its_film_joins_it(folder: Path) -> None:
    laid_out(folder, "film.mp4", "film.srt")
    assert pairs(folder, folder / "film.srt", folder / "film.mp4") == {"film.mp4": ["film.srt"]}


def test_what_is_named_twice_is_gathered_once(folder: Path) -> None:
    laid_out(folder, "film.mp4")
    assert len(gather([folder, folder / "film.mp4", folder, folder / "." / "film.mp4"]).submissions) == 1


def test_a_thousand_films_of_one_folder_need_its_listing_once(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    laid_out(folder, *(f"{number}.mp4" for number in range(50)), "7.srt")
    listed: list[object] = []
    scandir = os.scandir
    monkeypatch.setattr(os, "scandir", lambda path: listed.append(path) or scandir(path))
    assert pairs(folder, *(folder / f"{number}.mp4" for number in range(50)))["7.mp4"] == ["7.srt"]
    assert listed == [folder]


# ---------------------------------------------------------------------------------------- what is passed over


def test_what_is_passed_over_is_named_with_its_reason_and_whether_it_matters(folder: Path) -> None:
    laid_out(folder, "film.mp4.part", "film.mp4.part-Frag12", "film.mp4.ytdl", "notes.doc", "lonely.srt")
    laid_out(folder, ".DS_Store", "Thumbs.db", "._film.mp4")
    (folder / "link.mp4").symlink_to("film.mp4.part")
    (folder / "loop").symlink_to(".")
    os.mkfifo(folder / "pipe.mp4")
    assert passed(folder) == {
        "film.mp4.part": ("is an unfinished download", True),
        "film.mp4.part-Frag12": ("is an unfinished download", True),
        "film.mp4.ytdl": ("is an unfinished download", True),
        "notes.doc": ("is not a film or sound; name it outright to keep it all the same", False),
        "lonely.srt": ("has no film of its name beside it", False),
        "link.mp4": ("is a symbolic link; name its target to add it", True),
        "loop": ("is a symbolic link; name its target to add it", True),
        "pipe.mp4": ("is neither a file nor a folder", False),
    }


def test_what_is_named_and_cannot_be_had_is_named_as_a_fault(folder: Path) -> None:
    os.mkfifo(folder / "pipe")
    (folder / "round").symlink_to("round")
    found = passed(folder / "absent.mp4", folder / "pipe", folder / "round", Path("/dev/null"))
    assert found["absent.mp4"] == ("is not there", True)
    assert found["pipe"] == ("is neither a file nor a folder", True)
    assert found["null"] == ("is neither a file nor a folder", True)
    assert found["round"][1]


def test_a_named_link_is_followed(folder: Path) -> None:
    laid_out(folder, "store/film.mp4")
    (folder / "link").symlink_to("store")
    (folder / "film.mp4").symlink_to("store/film.mp4")
    assert pairs(folder, folder / "link") == {"link/film.mp4": []}
    assert pairs(folder, folder / "film.mp4") == {"film.mp4": []}


def test_a_folder_that_cannot_be_listed_is_named_and_the_rest_is_gathered(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    laid_out(folder, "closed/film.mp4", "open/film.mp4")
    scandir = os.scandir

    def refuse(path: Path) -> object:
        if Path(path).name == "closed":
            raise PermissionError(13, "Permission denied")
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refuse)  # whoever runs the tests may be allowed everything
    found = gather([folder])
    assert [each.media.parent.name for each in found.submissions] == ["open"]
    assert found.passed_over == (PassedOver(folder / "closed", "may not be read by you", is_fault=True),)
    assert len(gather([folder / "closed/film.mp4"]).submissions) == 1, "one may pass through without listing"
