"""Keeping: what becomes of a film and of what lies beside it, whatever its name, size or manners."""

from __future__ import annotations

import json
import os
import unicodedata
from pathlib import Path

import pytest

from holdfast.errors import EmptySource, KeyExists, SourceChanged, SourceMissing
from holdfast.keep import ingest
from holdfast.keep.ingest import Source, read_sidecars
from holdfast.model.event import EventType, Outcome
from holdfast.model.fixity import digest_of
from holdfast.model.ids import new_asset_id
from holdfast.model.technical import MediaInfo
from holdfast.ocfl.root import StorageRoot
from tests.keep.keeping import TERMS, events_of, files_of, kept, record_of

LISTING = {"id": "x1", "title": "Harvest", "upload_date": "19740501", "extractor_key": "Tube", "uploader": "Ada"}


def film(folder: Path, name: str | bytes = "film.mp4", data: bytes = b"a film") -> Path:
    path = folder / os.fsdecode(name)
    path.write_bytes(data)
    return path


# ---------------------------------------------------------------------------------------------- sources


@pytest.mark.parametrize("kind", ["absent", "folder", "pipe", "device", "link to nothing"])
def test_what_is_no_regular_file_is_refused_without_waiting_for_it(folder: Path, kind: str) -> None:
    path = folder / "film.mp4"
    if kind == "folder":
        path.mkdir()
    elif kind == "pipe":
        os.mkfifo(path)
    elif kind == "device":
        path = Path("/dev/zero")
    elif kind == "link to nothing":
        path.symlink_to("nowhere")
    with pytest.raises(SourceMissing), Source(path):
        pass


def test_a_file_that_may_not_be_read_is_refused(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> int:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "open", refuse)  # whoever runs the tests may be allowed everything
    with pytest.raises(SourceMissing, match="permission denied"), Source(film(folder)):
        pass


def test_an_empty_file_is_refused_as_empty(folder: Path) -> None:
    with pytest.raises(EmptySource), Source(film(folder, data=b"")):
        pass


def test_a_link_to_a_film_is_kept_under_the_name_of_the_link(root: StorageRoot, folder: Path) -> None:
    film(folder, "store-8731")
    (folder / "film.mp4").symlink_to("store-8731")
    assert files_of(root, kept(root, folder / "film.mp4")) == {"masters/film.mp4": b"a film"}


@pytest.mark.parametrize("nanoseconds", [0, 1, 10**18, -(10**18)])
def test_a_film_may_have_any_time_of_change(root: StorageRoot, folder: Path, nanoseconds: int) -> None:
    path = film(folder)
    os.utime(path, ns=(0, nanoseconds))
    modified = record_of(root, kept(root, path)).instantiations[0].modified_at
    assert modified is not None
    assert int(modified.timestamp()) == nanoseconds // 10**9


def test_a_time_of_change_beyond_all_calendars_is_left_out(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Source(film(folder)) as source:
        monkeypatch.setattr(source, "_before", type("Stat", (), {"st_mtime_ns": 10**30})())
        assert source.modified_at is None


def change_while_read(path: Path, how: str) -> None:
    if how == "grows":
        with path.open("ab") as stream:
            stream.write(b"more")
    elif how == "shrinks":
        os.truncate(path, 100)
    elif how in ("is rewritten", "is rewritten and its time set back"):
        before = path.stat()
        with path.open("r+b") as stream:
            stream.write(b"other")
        os.utime(path, ns=(0, before.st_mtime_ns + ("back" not in how)))
    elif how == "is replaced":
        film(path.parent, "new", b"new" * 1000).rename(path)
    elif how == "vanishes":
        path.unlink()
    elif how == "is renamed":
        path.rename(path.with_name("elsewhere.mp4"))


def received(root: StorageRoot, path: Path, how: str) -> bytes:
    told: list[int] = []

    def watch(count: int) -> None:
        if not told:
            change_while_read(path, how)
        told.append(count)

    with Source(path) as source, root.intake("test") as intake:
        return root.backend.read(intake.key(ingest.receive(intake, source, watch)))


SIZES = {"small": 3000, "of several buffers": 3 * 1024 * 1024}


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(
    "how", ["grows", "shrinks", "is rewritten", "is rewritten and its time set back", "is replaced"]
)
def test_a_file_that_changes_while_it_is_read_is_not_kept(root: StorageRoot, folder: Path, how: str, size: str) -> None:
    path = film(folder, data=b"x" * SIZES[size])
    with pytest.raises(SourceChanged):
        received(root, path, how)
    assert root.backend.entries("staging") == []


@pytest.mark.parametrize("how", ["vanishes", "is renamed"])
def test_a_file_that_loses_its_name_while_it_is_read_was_read_whole_and_is_kept(
    root: StorageRoot, folder: Path, how: str
) -> None:
    data = os.urandom(3 * 1024 * 1024)
    assert received(root, film(folder, data=data), how) == data


def test_a_digest_is_not_told_of_a_file_that_changes(folder: Path) -> None:
    path = film(folder, data=b"x" * 3000)
    with Source(path) as source:
        assert ingest.digest_of_source(source) == digest_of(b"x" * 3000)
    with Source(path) as source, pytest.raises(SourceChanged):
        ingest.digest_of_source(source, lambda _: change_while_read(path, "grows"))


def test_a_recording_that_goes_on_is_left_before_it_fills_the_disk(root: StorageRoot, folder: Path) -> None:
    path = film(folder, data=b"x" * 3000)
    read: list[int] = []
    with Source(path) as source, root.intake("test") as intake:
        film(folder, data=b"y" * 5 * 1024**2)
        with pytest.raises(SourceChanged, match="has more now"):
            ingest.receive(intake, source, read.append)
    assert sum(read) < 2 * 1024**2


def test_a_source_that_fails_in_the_middle_is_named_and_the_archive_is_not_blamed(
    root: StorageRoot, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Bad:
        def readinto(self, _: object) -> int:
            raise OSError(5, "Input/output error")

        def close(self) -> None:
            pass

    with Source(film(folder)) as source, root.intake("test") as intake:
        source.stream.close()
        monkeypatch.setattr(source, "stream", Bad())
        with pytest.raises(SourceMissing, match=r"film\.mp4 cannot be read: input/output error"):
            ingest.receive(intake, source)


# ------------------------------------------------------------------------------------------------ names

KOREAN = "한국 영화.mp4"
NAMES = [
    "-rf.mp4",
    "line\nbreak and \x1b[31mred.mp4",
    unicodedata.normalize("NFC", KOREAN),
    unicodedata.normalize("NFD", KOREAN),
    "Жатва.mp4",
    "x" * 251 + ".mp4",
    "長" * 83 + ".mp4",
    " .mp4",
    "%FF.mp4",
]


@pytest.mark.parametrize("name", NAMES)
def test_a_film_of_any_name_is_kept_under_it(root: StorageRoot, folder: Path, name: str) -> None:
    asset = kept(root, film(folder, name))
    assert files_of(root, asset) == {f"masters/{name}": b"a film"}
    master = record_of(root, asset).instantiations[0]
    assert (master.original_name, master.original_name_hex) == (name, "")
    assert record_of(root, asset).title()


def test_a_name_that_is_no_text_is_kept_in_readable_form_and_exactly(root: StorageRoot, folder: Path) -> None:
    raw = "Жатва".encode("cp1251") + b".mp4"
    asset = kept(root, film(folder, raw))
    master = record_of(root, asset).instantiations[0]
    assert master.original_name == "%C6%E0%F2%E2%E0.mp4"
    assert bytes.fromhex(master.original_name_hex) == raw
    assert files_of(root, asset) == {"masters/%C6%E0%F2%E2%E0.mp4": b"a film"}


# ---------------------------------------------------------------------------------------------- sidecars


def test_what_lies_beside_a_film_is_kept_with_it_byte_for_byte(root: StorageRoot, folder: Path) -> None:
    path = film(folder)
    beside = {
        "film.info.json": json.dumps(LISTING).encode(),
        "film.ru.srt": "1\n00:00:01,000 --> 00:00:02,000\nЖатва\n".encode("cp1251"),
        "film.jpg": b"\xff\xd8 picture",
        "film.txt": b"",
    }
    for name, data in beside.items():
        film(folder, name, data)
    asset = kept(root, path)
    assert files_of(root, asset) == {
        "masters/film.mp4": b"a film",
        "evidence/film.info.json": beside["film.info.json"],
        "texts/film.ru.srt": beside["film.ru.srt"],
        "evidence/film.jpg": beside["film.jpg"],
        "evidence/film.txt": b"",
    }
    record = record_of(root, asset)
    assert record.title() == "Harvest"
    assert [(text.file, text.language) for text in record.texts] == [("texts/film.ru.srt", "ru")]
    assert {evidence.kind for evidence in record.evidence} == {"listing", "thumbnail", "note"}


@pytest.mark.parametrize(
    "data",
    [
        b"{broken",
        b"[1, 2]",
        b"\xff\xfe{}",
        b"",
        b"[" * 100_000,
        b'{"title": 5, "upload_date": [], "chapters": "no", "tags": {"a": 1}}',
        b'{"duration": NaN}',
        b'{"duration": 1e999999999, "title": "x"}',
    ],
)
def test_a_listing_that_cannot_be_understood_is_kept_all_the_same_with_a_warning(
    root: StorageRoot, folder: Path, data: bytes
) -> None:
    path = film(folder)
    film(folder, "film.info.json", data)
    asset = kept(root, path)
    assert files_of(root, asset)["evidence/film.info.json"] == data
    assert record_of(root, asset).title()
    if data:
        assert [event.outcome for event in events_of(root, asset)][-1] is Outcome.WARNING


def test_a_title_with_half_a_character_is_made_readable_and_its_bytes_are_kept(root: StorageRoot, folder: Path) -> None:
    path = film(folder)
    raw = b'{"title": "half \\ud83d of a smile\\u0000", "id": "\\udfff", "extractor": "t"}'
    film(folder, "film.info.json", raw)
    asset = kept(root, path)
    assert record_of(root, asset).title() == "half \N{REPLACEMENT CHARACTER} of a smile"
    assert files_of(root, asset)["evidence/film.info.json"] == raw


def test_a_large_sidecar_is_kept_without_being_held_in_memory(
    root: StorageRoot, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ingest, "HELD_IN_MEMORY_BYTES", 100)
    monkeypatch.setattr(ingest, "LISTING_LIMIT_BYTES", 1000)
    path = film(folder)
    listing = json.dumps(LISTING).encode() + b" " * 500
    film(folder, "film.info.json", listing)
    film(folder, "film.live_chat.json", b"[" + b" " * 5000 + b"]")
    film(folder, "film.srt", b"1\n" * 200)
    sidecars = read_sidecars(sorted(folder.glob("film.*[nt]")))
    assert {sidecar.path.name: sidecar.data for sidecar in sidecars.files} == dict.fromkeys(
        ("film.info.json", "film.live_chat.json", "film.srt")
    )
    assert ["too large" in warning for warning in sidecars.warnings] == [True]
    asset = kept(root, path)
    assert files_of(root, asset)["evidence/film.info.json"] == listing
    assert files_of(root, asset)["texts/film.srt"] == b"1\n" * 200
    assert record_of(root, asset).title() == "Harvest"


def test_a_large_sidecar_that_changes_before_it_is_kept_stops_the_keeping(
    root: StorageRoot, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ingest, "HELD_IN_MEMORY_BYTES", 10)
    path = film(folder)
    sidecars = read_sidecars([film(folder, "film.srt", b"1\n" * 20)])
    film(folder, "film.srt", b"2\n" * 20)
    asset = kept(root, path)  # reads it as it is now
    film(folder, "film.ru.srt", b"3\n" * 20)
    with pytest.raises(SourceChanged, match="other bytes"):
        ingest.join_sidecars(root, asset, sidecars, TERMS)
    assert str(root.inventory(str(asset.object_id)).head) == "v1"


def test_a_sidecar_that_cannot_be_read_is_a_warning_and_keeps_no_film_out(folder: Path) -> None:
    os.mkfifo(folder / "film.srt")
    sidecars = read_sidecars([folder / "film.srt", folder / "film.txt"])
    assert sidecars.files == ()
    assert [warning.split(":")[0] for warning in sidecars.warnings] == ["film.srt", "film.txt"]


def test_two_sidecars_whose_readable_names_are_one_are_both_kept(root: StorageRoot, folder: Path) -> None:
    path = film(folder)
    film(folder, b"film.\xff.srt", b"raw")
    film(folder, "film.%FF.srt", b"escaped")
    files = files_of(root, kept(root, path))
    assert sorted(data for name, data in files.items() if name.startswith("texts/")) == [b"escaped", b"raw"]


# -------------------------------------------------------------------------------------------- publishing


def test_a_new_asset_tells_what_happened_to_it(root: StorageRoot, folder: Path) -> None:
    info = MediaInfo("mp4", 6, warnings=("it ends too early",))
    asset = kept(root, film(folder), info)
    kinds = [(event.type, event.outcome) for event in events_of(root, asset)]
    assert kinds == [
        (EventType.INGESTION, Outcome.SUCCESS),
        (EventType.METADATA_EXTRACTION, Outcome.WARNING),
    ]
    version = root.inventory(str(asset.object_id)).version()
    assert (version.user_name, version.message) == ("Archive of the Group", "Kept")
    assert record_of(root, asset).access is TERMS.access


def test_an_id_that_is_taken_is_never_given_again(
    root: StorageRoot, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = kept(root, film(folder))
    drawn = iter([first, first, new_asset_id()])
    monkeypatch.setattr(ingest, "new_asset_id", lambda: next(drawn))
    assert ingest.free_asset_id(root) != first
    with pytest.raises(KeyExists):
        kept(root, film(folder, "other.mp4", b"other"), asset=first)
    assert files_of(root, first) == {"masters/film.mp4": b"a film"}


# ----------------------------------------------------------------------------------- sidecars that come later


def test_a_sidecar_that_comes_later_joins_in_one_version_and_only_once(root: StorageRoot, folder: Path) -> None:
    asset = kept(root, film(folder))
    paths = [film(folder, "film.info.json", json.dumps(LISTING).encode()), film(folder, "film.de.vtt", b"WEBVTT")]
    sidecars = read_sidecars(paths)
    assert ingest.unknown_sidecars(root, asset, sidecars)
    assert ingest.join_sidecars(root, asset, sidecars, TERMS) == ("evidence/film.info.json", "texts/film.de.vtt")
    assert not ingest.unknown_sidecars(root, asset, sidecars)
    assert ingest.join_sidecars(root, asset, sidecars, TERMS) == ()
    assert str(root.inventory(str(asset.object_id)).head) == "v2"
    assert record_of(root, asset).title() == "Harvest", "a name is a title only while none is known"
    assert events_of(root, asset)[-1].objects == ("evidence/film.info.json", "texts/film.de.vtt")


def test_a_sidecar_of_a_name_that_is_taken_gets_a_number_and_nothing_is_overwritten(
    root: StorageRoot, folder: Path
) -> None:
    path = film(folder)
    film(folder, "film.de.vtt", b"first")
    asset = kept(root, path)
    added = [
        ingest.join_sidecars(root, asset, read_sidecars([film(folder, "film.de.vtt", data)]), TERMS)
        for data in (b"second", b"third", b"first")
    ]
    assert added == [("texts/film.de (2).vtt",), ("texts/film.de (3).vtt",), ()]
    texts = {name: data for name, data in files_of(root, asset).items() if name.startswith("texts/")}
    assert texts == {
        "texts/film.de.vtt": b"first",
        "texts/film.de (2).vtt": b"second",
        "texts/film.de (3).vtt": b"third",
    }
    assert {text.file: text.language for text in record_of(root, asset).texts}["texts/film.de.vtt"] == "de"


def content(archive: Path, root: StorageRoot, asset: object, data: bytes) -> Path:
    folder = archive / root.key_of(str(asset.object_id))  # type: ignore[attr-defined]
    [path] = [path for path in folder.rglob("content/*") if path.read_bytes() == data]
    return path


def test_a_kept_sidecar_that_was_damaged_is_mended_by_its_like(root: StorageRoot, archive: Path, folder: Path) -> None:
    path = film(folder)
    sidecars = read_sidecars([film(folder, "film.de.vtt", b"precious")])
    asset = kept(root, path)
    content(archive, root, asset, b"precious").write_bytes(b"prexious")
    assert ingest.unknown_sidecars(root, asset, sidecars)
    assert ingest.join_sidecars(root, asset, sidecars, TERMS) == ()
    assert files_of(root, asset)["texts/film.de.vtt"] == b"precious"
    assert events_of(root, asset)[-1].type is EventType.RECOVERY


# ----------------------------------------------------------------------------------------------- mending


def test_a_damaged_film_gets_its_bytes_back_and_the_event_says_so(
    root: StorageRoot, archive: Path, folder: Path
) -> None:
    path = film(folder)
    asset = kept(root, path)
    content(archive, root, asset, b"a film").write_bytes(b"a fil!")
    with Source(path) as source:
        assert ingest.mend(root, asset, "masters/film.mp4", source, TERMS)
        assert not ingest.mend(root, asset, "masters/film.mp4", source, TERMS)
    assert files_of(root, asset) == {"masters/film.mp4": b"a film"}
    assert [event.type for event in events_of(root, asset)].count(EventType.RECOVERY) == 1


def test_another_film_never_mends_a_damaged_one(torn: StorageRoot, archive: Path, folder: Path) -> None:
    asset = kept(torn, film(folder))
    content(archive, torn, asset, b"a film").write_bytes(b"a fil!")
    with Source(film(folder, "other.mp4", b"other!")) as source:
        assert not ingest.mend(torn, asset, "masters/film.mp4", source, TERMS)
    assert content(archive, torn, asset, b"a fil!").exists()
