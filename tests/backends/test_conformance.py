"""One suite for every backend: each promise of `holdfast.backends.base`, held against all implementations."""

from __future__ import annotations

import threading
import unicodedata
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from holdfast.backends.base import Backend, Entry, check_key, write_bytes
from holdfast.backends.local import LocalBackend
from holdfast.backends.memory import MemoryBackend
from holdfast.errors import KeyExists, Locked, MissingKey, ReadBackDiffers, StorageRefused

FILM = bytes(range(256)) * 12_345  # some 3 MiB, no two pieces alike in their ends


@dataclass(frozen=True)
class Place:
    """A place to store bytes, and how another process would open it."""

    backend: Backend
    open_again: Callable[[], Backend]


def local_place(folder: Path) -> Place:
    return Place(LocalBackend(folder), lambda: LocalBackend(folder))


def memory_place(_: Path) -> Place:
    backend = MemoryBackend()
    return Place(backend, lambda: MemoryBackend(beside=backend))


@pytest.fixture(params=[local_place, memory_place], ids=["local", "memory"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    made: Place = request.param(tmp_path / "archive")
    return made


@pytest.fixture
def backend(place: Place) -> Backend:
    return place.backend


def stage(backend: Backend, name: str, data: bytes) -> str:
    """The key of a committed file in a fresh staging area."""
    key = f"{backend.open_staging('test')}/{name}"
    write_bytes(backend, key, data)
    return key


# ------------------------------------------------------------------------------------------- what was put is there


@pytest.mark.parametrize("data", [b"", b"x", FILM], ids=["empty", "one byte", "3 MiB"])
def test_what_was_committed_reads_back_the_same(place: Place, data: bytes) -> None:
    write_bytes(place.backend, "ocfl/a/film", data)
    for backend in (place.backend, place.open_again()):
        assert backend.read("ocfl/a/film") == data
        assert backend.size("ocfl/a/film") == len(data)
        with backend.open("ocfl/a/film") as stream:
            assert b"".join(iter(lambda: stream.read(100_000), b"")) == data


def test_a_stream_can_seek_and_fill_a_buffer_of_the_caller(backend: Backend) -> None:
    write_bytes(backend, "film", FILM)
    buffer = bytearray(1000)
    with backend.open("film") as stream:
        stream.seek(-500, 2)
        assert stream.readinto(buffer) == 500  # type: ignore[attr-defined]
        assert buffer[:500] == FILM[-500:]
        stream.seek(7)
        assert stream.read(3) == FILM[7:10]
        assert stream.seekable()


@pytest.mark.parametrize("kind", [bytes, bytearray, memoryview])
def test_a_buffer_may_be_used_again_as_soon_as_write_returns(backend: Backend, kind: Callable[[bytes], bytes]) -> None:
    with backend.create("file") as sink:
        buffer = kind(b"first ")
        sink.write(buffer)
        if isinstance(buffer, bytearray):
            buffer[:] = b"xxxxxx"
        sink.write(kind(b"second"))
        sink.commit()
    assert backend.read("file") == b"first second"


NAMES = {
    "hangul": "광주의 노래",
    "hangul decomposed": unicodedata.normalize("NFD", "광주의 노래"),
    "cyrillic": "Плёнка №1.mp4",
    "spaces and quotes": " a 'b' \"c\" ;&|$(x) ",
    "newline": "line\nbreak",
    "255 bytes": "가" * 85,
    "leading dash": "-rf",
    "backslash": "a\\b",
    "tilde": "~",
    "not UTF-8": b"caf\xe9".decode("utf-8", "surrogateescape"),
}


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES.keys())
def test_a_name_in_any_script_is_kept_as_it_is(backend: Backend, name: str) -> None:
    write_bytes(backend, f"ocfl/{name}/{name}", b"data")
    assert backend.entries("ocfl") == [Entry(name, is_folder=True, size_bytes=0)]
    assert backend.entries(f"ocfl/{name}") == [Entry(name, is_folder=False, size_bytes=4)]
    assert backend.read(f"ocfl/{name}/{name}") == b"data"


def test_two_normal_forms_of_one_name_are_two_files(backend: Backend) -> None:
    composed, decomposed = unicodedata.normalize("NFC", "é"), unicodedata.normalize("NFD", "é")
    write_bytes(backend, composed, b"C")
    write_bytes(backend, decomposed, b"D")
    assert (backend.read(composed), backend.read(decomposed)) == (b"C", b"D")


HOSTILE = ["", "/", "/etc/passwd", "a//b", "a/", "../a", "a/../b", ".", "a/./b", "..", "a\0b", "가" * 86, "\ud800"]


@pytest.mark.parametrize("key", HOSTILE)
def test_a_hostile_key_is_refused_by_every_method(backend: Backend, key: str) -> None:
    area = backend.open_staging("test")
    write_bytes(backend, f"{area}/file", b"")
    for call in (
        backend.open,
        backend.read,
        backend.size,
        backend.exists,
        backend.create,
        backend.discard,
        backend.settle,
        lambda key: backend.replace(key, b""),
        lambda key: backend.move(f"{area}/file", key),
        lambda key: backend.mend(f"{area}/file", key),
        lambda key: backend.mend(key, "target"),
        lambda key: backend.move(key, "target"),
        lambda key: backend.entries(key) if key else check_key(key),
    ):
        with pytest.raises(ValueError):  # noqa: PT011  (the class is the promise)
            call(key)


@given(st.text(max_size=40))
@settings(max_examples=200)
def test_a_key_that_is_accepted_never_leads_out_of_the_root(text: str) -> None:
    try:
        key = check_key(text)
    except ValueError:
        return
    root = Path("/place")
    assert Path(f"{root}/{key}").relative_to(root).parts == tuple(key.split("/"))
    assert not {"..", "."} & set(key.split("/"))


# ----------------------------------------------------------------------------------------------- what is not there


@pytest.mark.parametrize("method", ["open", "read", "size", "entries", "settle"])
def test_what_is_not_there_is_told_as_missing(backend: Backend, method: str) -> None:
    write_bytes(backend, "file", b"")
    for key in ("nothing", "nothing/below", "file/below"):
        with pytest.raises(MissingKey):
            getattr(backend, method)(key)


def test_a_folder_is_not_a_file_and_a_file_is_not_a_folder(backend: Backend) -> None:
    write_bytes(backend, "folder/file", b"")
    for method in (backend.open, backend.read, backend.size):
        with pytest.raises(MissingKey):
            method("folder")
    with pytest.raises(MissingKey):
        backend.entries("folder/file")
    assert backend.exists("folder")
    assert backend.exists("folder/file")
    assert not backend.exists("folder/file/below")
    assert not backend.exists("fold")


def test_entries_are_sorted_and_only_direct(backend: Backend) -> None:
    for key in ("b", "a/deep/er", "c/x", "a.txt"):
        write_bytes(backend, key, b"12345")
    names = [(entry.name, entry.is_folder, entry.size_bytes) for entry in backend.entries("")]
    assert [name for name in names if name[0] not in ("staging", "locks")] == [
        ("a", True, 0),
        ("a.txt", False, 5),
        ("b", False, 5),
        ("c", True, 0),
    ]


def test_a_file_larger_than_the_limit_is_not_read_into_memory(backend: Backend) -> None:
    write_bytes(backend, "file", b"12345")
    assert backend.read("file", limit=5) == b"12345"
    with pytest.raises(StorageRefused):
        backend.read("file", limit=4)


# --------------------------------------------------------------------------------------------- promise 1: create


def test_create_never_writes_over_anything(backend: Backend) -> None:
    write_bytes(backend, "a/file", b"old")
    staged = stage(backend, "file", b"old")
    for key in ("a/file", "a", staged):
        with pytest.raises(KeyExists):
            backend.create(key)
    assert (backend.read("a/file"), backend.read(staged)) == (b"old", b"old")


def test_a_file_in_the_way_of_a_folder_is_not_touched(backend: Backend) -> None:
    write_bytes(backend, "a", b"file")
    staged = stage(backend, "file", b"new")
    for deed in (
        lambda: backend.create("a/b/c"),
        lambda: backend.replace("a/b", b""),
        lambda: backend.move(staged, "a/b/c"),
    ):
        with pytest.raises(KeyExists):
            deed()
    assert backend.read("a") == b"file"


def test_outside_staging_a_key_appears_whole_or_never(place: Place) -> None:
    with place.backend.create("file") as sink:
        sink.write(b"half")
        assert not place.open_again().exists("file")
    assert not place.backend.exists("file")


def test_a_sink_left_without_commit_leaves_nothing_behind_once_its_owner_is_gone(place: Place) -> None:
    area = place.backend.open_staging("test")
    for key in ("file", f"{area}/file"):
        with place.backend.create(key) as sink:
            sink.write(b"half")
    place.backend.close()
    after = place.open_again()
    for key in after.abandoned_staging():
        after.discard(key)
    assert not after.exists("file")
    assert not after.exists(area)


def test_of_two_who_create_one_key_only_the_first_to_commit_wins(place: Place) -> None:
    with place.backend.create("file") as first, place.open_again().create("file") as second:
        second.write(b"second")
        second.commit()
        first.write(b"first")
        with pytest.raises(KeyExists):
            first.commit()
    assert place.backend.read("file") == b"second"


def test_a_closed_sink_takes_nothing_more(backend: Backend) -> None:
    with backend.create("file") as sink:
        sink.commit()
        with pytest.raises(ValueError, match="closed"):
            sink.write(b"more")
        with pytest.raises(ValueError, match="closed"):
            sink.commit()
    sink.abort()
    sink.abort()
    assert backend.read("file") == b""


@pytest.mark.parametrize("key", ["staging", "staging/stray"])
def test_only_areas_stand_in_staging(backend: Backend, key: str) -> None:
    staged = stage(backend, "file", b"")
    for deed in (
        lambda: backend.create(key),
        lambda: backend.replace(key, b""),
        lambda: backend.move(staged, key),
    ):
        with pytest.raises(ValueError, match="staging"):
            deed()


# ------------------------------------------------------------------------------------------------ reading back


def test_what_is_written_can_be_read_back_piece_by_piece_before_commit(backend: Backend) -> None:
    with backend.create("file") as sink:
        half = len(FILM) // 2 + 1
        sink.write(FILM[:half])
        assert b"".join(bytes(piece) for piece in sink.flush_and_read_back(0, half)) == FILM[:half]
        sink.write(FILM[half:])
        assert b"".join(bytes(piece) for piece in sink.flush_and_read_back(half, len(FILM) - half)) == FILM[half:]
        assert list(sink.flush_and_read_back(5, 0)) == []
        sink.commit()
        assert b"".join(bytes(piece) for piece in sink.flush_and_read_back(0, len(FILM))) == FILM


def test_one_thread_may_read_back_while_another_writes_on(backend: Backend) -> None:
    blocks = [bytes([number]) * 300_000 for number in range(40)]
    written = threading.Semaphore(0)
    with backend.create("file") as sink, ThreadPoolExecutor(1) as reader:

        def read_all_back() -> list[bytes]:
            found = []
            for number in range(len(blocks)):
                written.acquire()
                found.append(b"".join(map(bytes, sink.flush_and_read_back(number * 300_000, 300_000))))
            return found

        found = reader.submit(read_all_back)
        for block in blocks:
            sink.write(block)
            written.release()
        assert found.result(timeout=60) == blocks
        sink.commit()


def test_bytes_that_were_never_written_cannot_be_read_back_and_the_sink_is_lost(backend: Backend) -> None:
    with backend.create("file") as sink:
        sink.write(b"1234")
        with pytest.raises(ReadBackDiffers):
            list(sink.flush_and_read_back(0, 5))
        with pytest.raises(ReadBackDiffers):
            sink.commit()
    assert not backend.exists("file")


# ----------------------------------------------------------------------------------------------- promise 2: move


def test_a_staged_folder_arrives_whole_at_its_final_key(place: Place) -> None:
    backend = place.backend
    area = backend.open_staging("test")
    for name in ("0=ocfl_object_1.1", "v1/content/000000", "v1/inventory.json"):
        write_bytes(backend, f"{area}/object/{name}", name.encode())
    backend.move(f"{area}/object", "ocfl/abc/def/object")
    after = place.open_again()
    assert after.read("ocfl/abc/def/object/v1/content/000000") == b"v1/content/000000"
    assert [entry.name for entry in after.entries("ocfl/abc/def/object")] == ["0=ocfl_object_1.1", "v1"]
    assert not after.exists(f"{area}/object")


def test_a_whole_staging_area_can_become_the_object(backend: Backend) -> None:
    area = backend.open_staging("test")
    write_bytes(backend, f"{area}/file", b"data")
    backend.move(area, "ocfl/object")
    backend.discard(area)
    assert backend.read("ocfl/object/file") == b"data"


def test_move_refuses_a_target_that_exists_and_touches_neither(backend: Backend) -> None:
    write_bytes(backend, "folder/file", b"old")
    source = stage(backend, "file", b"new")
    for target in ("folder/file", "folder"):
        with pytest.raises(KeyExists):
            backend.move(source, target)
    assert (backend.read("folder/file"), backend.read(source)) == (b"old", b"new")


def test_move_refuses_what_is_not_there(backend: Backend) -> None:
    area = backend.open_staging("test")
    with pytest.raises(MissingKey):
        backend.move(f"{area}/nothing", "ocfl/object")
    assert not backend.exists("ocfl/object")


def test_what_is_in_place_cannot_be_moved_away(backend: Backend) -> None:
    write_bytes(backend, "ocfl/file", b"kept")
    with pytest.raises(ValueError, match="only what is staged"):
        backend.move("ocfl/file", "elsewhere")
    assert backend.read("ocfl/file") == b"kept"


def test_a_folder_with_a_sink_that_was_not_committed_cannot_be_moved(backend: Backend) -> None:
    area = backend.open_staging("test")
    write_bytes(backend, f"{area}/object/whole", b"")
    with backend.create(f"{area}/object/half") as sink:
        sink.write(b"ha")
        with pytest.raises(ValueError, match="not committed"):
            backend.move(f"{area}/object", "ocfl/object")
    with pytest.raises(ValueError, match="not committed"):
        backend.move(f"{area}/object", "ocfl/object")
    backend.discard(f"{area}/object/half")
    backend.move(f"{area}/object", "ocfl/object")
    assert [entry.name for entry in backend.entries("ocfl/object")] == ["whole"]


def test_a_folder_cannot_be_moved_into_itself(backend: Backend) -> None:
    source = stage(backend, "folder/file", b"kept").rsplit("/", 1)[0]
    with pytest.raises(StorageRefused):
        backend.move(source, f"{source}/below")
    assert backend.read(f"{source}/file") == b"kept"


@pytest.mark.parametrize("what", ["file", "folder"])
def test_of_many_who_move_to_one_target_exactly_one_wins(place: Place, what: str) -> None:
    movers = [place.open_again() for _ in range(8)]
    names = {"file": "source", "folder": "source/inside"}
    staged = [stage(mover, names[what], str(number).encode()) for number, mover in enumerate(movers)]
    start = threading.Barrier(len(movers))

    def race(number: int) -> bool:
        source = "/".join(staged[number].split("/")[:3])
        start.wait()
        try:
            movers[number].move(source, "ocfl/a/target")
        except KeyExists:
            return False
        return True

    with ThreadPoolExecutor(len(movers)) as pool:
        won = list(pool.map(race, range(len(movers))))
    assert won.count(True) == 1
    target = {"file": "ocfl/a/target", "folder": "ocfl/a/target/inside"}[what]
    assert place.backend.read(target) == str(won.index(True)).encode()
    losers = [staged[number] for number, has_won in enumerate(won) if not has_won]
    assert all(place.backend.exists(key) for key in losers)


# -------------------------------------------------------------------------------------------- promise 3: replace


def test_replace_creates_and_exchanges(place: Place) -> None:
    for data in (b"first", b"", FILM):
        place.backend.replace("ocfl/object/inventory.json", data)
        assert place.open_again().read("ocfl/object/inventory.json") == data
    assert [entry.name for entry in place.backend.entries("ocfl/object")] == ["inventory.json"]
    assert place.open_again().abandoned_staging() == []


def test_replace_does_not_touch_a_folder(backend: Backend) -> None:
    write_bytes(backend, "folder/file", b"kept")
    with pytest.raises(KeyExists):
        backend.replace("folder", b"")
    assert backend.read("folder/file") == b"kept"


def test_a_reader_sees_the_old_bytes_or_the_new_and_never_a_mixture(place: Place) -> None:
    states = [bytes([number]) * 100_000 for number in range(30)]
    place.backend.replace("file", states[0])
    stop = threading.Event()
    seen = set()

    def watch() -> None:
        reader = place.open_again()
        while not stop.is_set():
            seen.add(reader.read("file"))

    with ThreadPoolExecutor(1) as pool:
        watching = pool.submit(watch)
        for state in states:
            place.backend.replace("file", state)
        stop.set()
        watching.result(timeout=60)
    assert seen <= set(states)


# ------------------------------------------------------------------------------------------------- mending the damaged


@pytest.mark.parametrize("before", [b"dam?ged", None], ids=["damaged", "gone"])
def test_a_staged_file_takes_the_place_of_a_damaged_one_or_of_one_that_is_gone(
    place: Place, before: bytes | None
) -> None:
    if before is not None:
        write_bytes(place.backend, "ocfl/object/film", before)
    source = stage(place.backend, "file", b"damaged")
    place.backend.mend(source, "ocfl/object/film")
    assert place.open_again().read("ocfl/object/film") == b"damaged"
    assert not place.backend.exists(source)


def test_only_whole_staged_files_mend_and_only_files_are_mended(backend: Backend) -> None:
    write_bytes(backend, "ocfl/object/film", b"kept")
    source = stage(backend, "folder/file", b"new")
    with pytest.raises(ValueError, match="only what is staged"):
        backend.mend("ocfl/object/film", "elsewhere")
    for wrong in (source.rsplit("/", 1)[0], f"{source}x"):
        with pytest.raises(MissingKey):
            backend.mend(wrong, "ocfl/object/film")
    with pytest.raises(KeyExists):
        backend.mend(source, "ocfl/object")
    with backend.create(f"{source}.half"), pytest.raises(ValueError, match="not committed"):
        backend.mend(f"{source}.half", "ocfl/object/film")
    assert (backend.read("ocfl/object/film"), backend.read(source)) == (b"kept", b"new")


# -------------------------------------------------------------------------------------- promise 4: only staging goes


@pytest.mark.parametrize("key", ["ocfl", "ocfl/object", "ocfl/object/file", "staging", "locks", "stagingx/file"])
def test_nothing_outside_staging_can_be_discarded(backend: Backend, key: str) -> None:
    write_bytes(backend, "ocfl/object/file", b"kept")
    write_bytes(backend, "stagingx/file", b"kept")
    with pytest.raises(ValueError, match="staging"):
        backend.discard(key)
    assert backend.read("ocfl/object/file") == b"kept"
    assert backend.read("stagingx/file") == b"kept"


def test_discard_removes_an_area_or_a_part_of_it_and_is_content_when_it_is_gone(backend: Backend) -> None:
    area = backend.open_staging("test")
    for name in ("a/b/c", "a/d", "e"):
        write_bytes(backend, f"{area}/{name}", b"")
    backend.discard(f"{area}/a")
    assert [entry.name for entry in backend.entries(area)] == ["e"]
    backend.discard(area)
    backend.discard(area)
    assert not backend.exists(area)


def test_a_fresh_staging_area_is_empty_and_unlike_any_other(backend: Backend) -> None:
    areas = {backend.open_staging("ingest") for _ in range(20)}
    assert len(areas) == 20
    assert all(area.startswith("staging/ingest-") for area in areas)
    assert all(backend.entries(area) == [] for area in areas)


@pytest.mark.parametrize("purpose", ["", "../up", "a/b", "Ünlaut", "a b"])
def test_a_purpose_that_would_not_make_a_plain_name_is_refused(backend: Backend, purpose: str) -> None:
    with pytest.raises(ValueError, match="purpose"):
        backend.open_staging(purpose)


def test_an_area_is_abandoned_when_its_owner_is_gone_and_not_before(place: Place) -> None:
    area = place.backend.open_staging("test")
    write_bytes(place.backend, f"{area}/file", b"")
    other = place.open_again()
    assert other.abandoned_staging() == []
    with pytest.raises(Locked):
        other.discard(area)
    with pytest.raises(Locked):
        other.discard(f"{area}/file")
    place.backend.close()
    assert other.abandoned_staging() == [area]
    other.discard(area)
    assert other.abandoned_staging() == []
    assert not other.exists(area)


def test_a_place_that_was_never_written_to_has_nothing_abandoned(backend: Backend) -> None:
    assert backend.abandoned_staging() == []


# ------------------------------------------------------------------------------------------------ promise 5: locks


def test_a_held_lock_is_refused_to_every_other_backend_and_thread_and_names_itself(place: Place) -> None:
    with place.backend.lock("object 가/../x"):
        for backend in (place.backend, place.open_again()):
            with (
                pytest.raises(Locked) as refused,
                backend.lock("object 가/../x", wait_s=0),
            ):
                raise AssertionError("the lock was given twice")
            assert refused.value.values["name"] == "object 가/../x"
            with backend.lock("another name", wait_s=0):
                pass
    with place.open_again().lock("object 가/../x", wait_s=0):
        pass


def test_a_lock_ends_with_its_context_also_after_an_error_and_the_error_arrives_unchanged(place: Place) -> None:
    with pytest.raises(OSError, match="mine"), place.backend.lock("name"):
        raise OSError("mine")
    with place.open_again().lock("name", wait_s=0):
        pass


def test_who_waits_for_a_lock_gets_it_and_nobody_is_in_it_twice(place: Place) -> None:
    inside: list[int] = []
    crowd: list[int] = []

    def work(number: int) -> None:
        backend = place.backend if number % 2 else place.open_again()
        for _ in range(5):
            with backend.lock("name", wait_s=60):
                inside.append(number)
                crowd.append(len(inside))
                inside.remove(number)

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(work, range(6)))
    assert crowd == [1] * 30


def test_two_processes_that_each_hold_several_names_do_not_stop_each_other(place: Place) -> None:
    other = place.open_again()
    for number in range(200):
        with place.backend.lock(f"mine {number}"), other.lock(f"theirs {number}", wait_s=0):
            pass


# ------------------------------------------------------------------------------------------- promise 6, and the rest


def test_settle_changes_nothing_that_can_be_seen(backend: Backend) -> None:
    write_bytes(backend, "ocfl/object/file", b"data")
    backend.settle("ocfl/object")
    backend.settle("ocfl/object/file")
    assert backend.read("ocfl/object/file") == b"data"


def test_space_is_told_or_said_to_be_unknown(backend: Backend) -> None:
    space = backend.space()
    assert (space.free_bytes is None) == (space.total_bytes is None)
    if space.free_bytes is not None and space.total_bytes is not None:
        assert 0 <= space.free_bytes <= space.total_bytes


PARTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="/\0"), min_size=1, max_size=12)


@given(
    files=st.dictionaries(PARTS.filter(lambda part: part not in (".", "..")), st.binary(max_size=300), max_size=6),
    data=st.data(),
)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_tree_that_is_staged_and_moved_reads_back_the_same(
    place: Place, files: dict[str, bytes], data: st.DataObject
) -> None:
    backend = place.backend
    area = backend.open_staging("property")
    target = f"ocfl/{area.split('/')[1]}"
    write_bytes(backend, f"{area}/tree/\x01first", b"")
    expected = {"\x01first": b""}
    for name, content in files.items():
        folder = data.draw(st.sampled_from(["", "deep/", "deep/er/"]))
        if folder or name not in ("deep", "\x01first"):
            key = f"{folder}{name}"
            if key == "deep/er":
                continue
            write_bytes(backend, f"{area}/tree/{key}", content)
            expected[key] = content
    backend.move(f"{area}/tree", target)
    assert {key: backend.read(f"{target}/{key}") for key in expected} == expected
    backend.discard(area)
