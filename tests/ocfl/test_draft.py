"""Versions in the making: what was put is what is shown, nothing is kept twice, nothing old is ever touched."""

from __future__ import annotations

import hashlib
import io
import json
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from holdfast.backends.local import LocalBackend
from holdfast.backends.memory import MemoryBackend
from holdfast.errors import BadValue, ReadBackDiffers
from holdfast.ocfl.layout import Layout
from holdfast.ocfl.root import StorageRoot
from holdfast.ocfl.validate import validate_object
from holdfast.testing.faults import Faults, FaultyBackend, FaultyDisk
from tests.ocfl.judges import ALLOWED, files_below, judged_sound, keep, shown, spilled
from tests.wounded.healthy import FILM as SAMPLE_FILM
from tests.wounded.healthy import Sample
from tests.wounded.make import write

FILM = "holdfast:asset:film"


def folder_of(root: StorageRoot, tmp_path: Path) -> Path:
    return tmp_path / root.key_of(FILM)


# ------------------------------------------------------------------------------------------------- new objects


def test_a_new_object_shows_what_was_put(root: StorageRoot) -> None:
    files = {"masters/film.mp4": b"film", "record.json": b"{}", "texts/film.ru.srt": b""}
    assert keep(root, FILM, files) == "v1"
    assert shown(root, FILM) == {"v1": files}


ODD = [
    "masters/Жатва 1974.mp4",
    "masters/" + unicodedata.normalize("NFD", "한국 영화.mp4"),
    "masters/" + unicodedata.normalize("NFC", "한국 영화.mp4"),
    "masters/fête.mp4",
    "masters/" + unicodedata.normalize("NFD", "fête.mp4"),
    "masters/-rf",
    "masters/new\nline\x1b[31m.mp4",
    "masters/back\\slash:colon*?.mp4",
    "masters/" + "長" * 85,
    "masters/%FF.mp4",
    "masters/" + "x" * 255,
    "masters/ leading and trailing ",
    "masters/CON",
]


def test_names_of_every_script_and_spelling_are_kept_apart_and_as_they_came(root: StorageRoot, tmp_path: Path) -> None:
    files = {name: name.encode() for name in ODD}
    keep(root, FILM, files)
    assert shown(root, FILM) == {"v1": files}
    names = sorted(path.name for path in (folder_of(root, tmp_path) / "v1/content").iterdir())
    assert names == [f"{number:06d}" for number in range(len(ODD))]


@pytest.mark.parametrize("name", ["", "/a", "a/", "a//b", "../a", "a/./b", "a\0b"])
def test_a_name_that_could_lead_anywhere_is_refused(root: StorageRoot, name: str) -> None:
    with pytest.raises(BadValue):
        keep(root, FILM, {name: b"x"})


def test_a_name_is_not_both_a_file_and_a_folder(root: StorageRoot) -> None:
    with pytest.raises(BadValue):
        keep(root, FILM, {"a": b"1", "a/b": b"2"})
    with pytest.raises(BadValue):
        keep(root, FILM, {"a/b": b"1", "a": b"2"})
    assert not root.holds(FILM)


def test_two_files_of_the_same_bytes_are_kept_once_and_shown_twice(root: StorageRoot, tmp_path: Path) -> None:
    keep(root, FILM, {"a": b"same", "b": b"same"})
    assert shown(root, FILM) == {"v1": {"a": b"same", "b": b"same"}}
    assert len(list((folder_of(root, tmp_path) / "v1/content").iterdir())) == 1


def test_what_was_taken_once_may_be_shown_under_two_names(root: StorageRoot) -> None:
    with root.intake("test") as intake, root.writing(FILM, intake) as draft:
        taken = intake.take_in(io.BytesIO(b"film"))
        draft.put("masters/a.mp4", taken)
        draft.put("masters/b.mp4", taken)
        draft.commit("Two names", "A tester")
    assert shown(root, FILM) == {"v1": {"masters/a.mp4": b"film", "masters/b.mp4": b"film"}}


def test_what_was_put_and_then_replaced_or_left_out_leaves_no_bytes_behind(root: StorageRoot, tmp_path: Path) -> None:
    with root.intake("test") as intake, root.writing(FILM, intake) as draft:
        draft.put_bytes("a", b"first thought")
        draft.put_bytes("a", b"second thought")
        draft.put_bytes("b", b"no thought")
        draft.leave_out("b")
        draft.commit("Thinking", "A tester")
    assert shown(root, FILM) == {"v1": {"a": b"second thought"}}
    assert len(list((folder_of(root, tmp_path) / "v1/content").iterdir())) == 1


# ----------------------------------------------------------------------------------------------- later versions


def test_a_later_version_leaves_every_file_of_the_earlier_ones_as_it_was(root: StorageRoot, tmp_path: Path) -> None:
    keep(root, FILM, {"film": b"film", "record": b"1"})
    before = files_below(folder_of(root, tmp_path))
    assert keep(root, FILM, {"record": b"2"}) == "v2"
    after = files_below(folder_of(root, tmp_path))
    assert {name: after[name] for name in before if name.startswith("v1/")} == {
        name: data for name, data in before.items() if name.startswith("v1/")
    }
    assert shown(root, FILM) == {"v1": {"film": b"film", "record": b"1"}, "v2": {"film": b"film", "record": b"2"}}


def test_bytes_that_the_object_holds_are_not_kept_again(root: StorageRoot, tmp_path: Path) -> None:
    keep(root, FILM, {"a": b"same"})
    keep(root, FILM, {"b": b"same", "c": b"other"})
    assert [path.read_bytes() for path in (folder_of(root, tmp_path) / "v2/content").iterdir()] == [b"other"]
    assert shown(root, FILM)["v2"] == {"a": b"same", "b": b"same", "c": b"other"}


def test_a_version_of_new_names_alone_has_no_content_folder(root: StorageRoot, tmp_path: Path) -> None:
    keep(root, FILM, {"a": b"same"})
    keep(root, FILM, {"b": b"same"}, without=("a",))
    assert shown(root, FILM) == {"v1": {"a": b"same"}, "v2": {"b": b"same"}}
    assert not (folder_of(root, tmp_path) / "v2/content").exists()


def test_a_version_that_shows_less_has_no_content_folder(root: StorageRoot, tmp_path: Path) -> None:
    keep(root, FILM, {"a": b"1", "b": b"2"})
    keep(root, FILM, {}, without=("a",))
    assert shown(root, FILM)["v2"] == {"b": b"2"}
    assert not (folder_of(root, tmp_path) / "v2/content").exists()


def test_bytes_left_out_and_brought_again_are_still_kept_once(root: StorageRoot, tmp_path: Path) -> None:
    keep(root, FILM, {"a": b"1", "b": b"2"})
    keep(root, FILM, {}, without=("a",))
    keep(root, FILM, {"a": b"1"})
    assert shown(root, FILM)["v3"] == {"a": b"1", "b": b"2"}
    assert not (folder_of(root, tmp_path) / "v3/content").exists()


def test_held_bytes_are_believed_only_when_they_are_read_and_are_mended_else(root: StorageRoot, tmp_path: Path) -> None:
    keep(root, FILM, {"a": b"precious"})
    [held] = (folder_of(root, tmp_path) / "v1/content").iterdir()
    held.write_bytes(b"prexious")
    keep(root, FILM, {"b": b"precious"})
    assert held.read_bytes() == b"precious"


def test_without_a_change_there_is_no_version_and_what_is_there_is_made_sure_of(tmp_path: Path) -> None:
    backend = FaultyBackend(LocalBackend(tmp_path))
    root = StorageRoot.create(backend)
    keep(root, FILM, {"a": b"1"})
    backend.calls.clear()
    assert keep(root, FILM, {"a": b"1"}) == "v1"
    assert f"settle {root.key_of(FILM)}" in backend.calls
    assert not any(call.startswith(("move", "replace")) for call in backend.calls)


def test_an_object_of_others_in_our_form_gets_a_version_and_keeps_what_we_do_not_know(
    root: StorageRoot, tmp_path: Path
) -> None:
    sample = Sample(2)
    name = sample.new["id"]
    sample.new["fixity"] = {"md5": {hashlib.md5(SAMPLE_FILM).hexdigest(): ["v1/content/000000"]}}
    write(tmp_path / root.key_of(name), sample.files())
    before = dict(sample.new["versions"])
    assert keep(root, name, {"texts/new.vtt": b"WEBVTT"}) == "v3"
    after = json.loads((tmp_path / root.key_of(name) / "inventory.json").read_bytes())
    assert {number: after["versions"][number] for number in before} == before
    assert after["fixity"] == sample.new["fixity"]


def test_a_rename_that_only_claims_to_have_happened_is_noticed(tmp_path: Path) -> None:
    for lost in (1, 2):
        backend = FaultyBackend(MemoryBackend(), Faults(lose_move_at=lost))
        root = StorageRoot.create(backend)
        if lost == 2:
            keep(root, FILM, {"a": b"1"})
        with pytest.raises(ReadBackDiffers):
            keep(root, FILM, {"a": b"2"})
        assert len(judged_sound(spilled(backend.inner, tmp_path / str(lost)))) == lost - 1


def test_two_objects_that_take_the_same_new_way_at_once_are_both_published(tmp_path: Path) -> None:
    class Narrow(Layout):
        def path_of(self, object_id: str) -> str:
            return f"a/b/{object_id.rpartition(':')[2]}"

    def at_exists(key: str) -> bool:
        found = real(key)
        if key == "ocfl/a" and not found and not raced:
            raced.append(key)
            keep(root, "holdfast:asset:other", {"record": b"0"})
        return found

    raced: list[str] = []
    backend = LocalBackend(tmp_path)
    real, backend.exists = backend.exists, at_exists  # type: ignore[method-assign]
    root = StorageRoot.create(backend)
    root._layout = Narrow()
    keep(root, FILM, {"record": b"1"})
    assert raced
    assert sorted(root.walk()) == ["ocfl/a/b/film", "ocfl/a/b/other"]
    assert sorted(judged_sound(tmp_path)) == [FILM, "holdfast:asset:other"]


def test_content_taken_in_before_its_object_was_known_is_published_too(root: StorageRoot) -> None:
    with root.intake("test") as intake:
        taken = intake.take_in(io.BytesIO(b"film"))
        with root.writing(FILM, intake) as draft:
            draft.put("film", taken)
            draft.commit("Kept", "A tester")
    assert shown(root, FILM) == {"v1": {"film": b"film"}}


def test_a_small_object_costs_a_known_number_of_changes(tmp_path: Path) -> None:
    disk = FaultyDisk()
    root = StorageRoot.create(LocalBackend(tmp_path, disk))
    keep(root, "holdfast:asset:other", {"record": b"0"})
    disk.calls.clear()
    keep(root, FILM, {"film": b"1", "record": b"2"})
    counted = {verb: sum(call.startswith(f"{verb} ") for call in disk.calls) for verb in ("rename_new", "fsync_folder")}
    assert counted == {"rename_new": 1, "fsync_folder": 7}  # content, v1, object, three tuples above it, and the root


# ------------------------------------------------------------------------------------------- any row of deeds

NAMES = st.sampled_from(["a", "b", "c/d", "c/e", "é", "e\u0301"])
DEEDS = st.lists(
    st.lists(st.tuples(NAMES, st.one_of(st.none(), st.sampled_from([b"", b"1", b"2", b"3"]))), max_size=4),
    min_size=1,
    max_size=6,
)


@settings(max_examples=60, deadline=None)
@given(DEEDS)
def test_after_any_row_of_versions_each_one_shows_what_it_was_made_of(versions: list[list[tuple[str, bytes]]]) -> None:
    root = StorageRoot.create(MemoryBackend())
    now: dict[str, bytes] = {}
    history: dict[str, dict[str, bytes]] = {}
    for deeds in versions:
        with root.intake("test") as intake, root.writing(FILM, intake) as draft:
            for name, data in deeds:
                if data is not None:
                    draft.put_bytes(name, data)
                    now[name] = data
                elif name in now:
                    draft.leave_out(name)
                    del now[name]
            number = str(draft.commit("A version", "A tester").head)
        history[number] = dict(now)
    assert shown(root, FILM) == history
    report = validate_object(root.backend, root.key_of(FILM))
    assert report.codes <= ALLOWED, report.findings
    assert not root.backend.exists("staging")
