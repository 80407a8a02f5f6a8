"""An audit names every wound, calls nothing damaged that is not, and does not call healthy what it could not see."""

from __future__ import annotations

import json
import random
import re
import shutil
import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfast.backends.base import Backend
from holdfast.backends.local import LocalBackend
from holdfast.backends.memory import MemoryBackend
from holdfast.errors import StorageRefused
from holdfast.formats.inventory import INVENTORY
from holdfast.formats.journal import AuditRun, ObjectAudit, audit_bytes, parse_audit
from holdfast.keep.audit import audit_all, audit_object, sampled
from holdfast.model.fixity import FixityResult
from holdfast.model.time import now
from holdfast.ocfl.codes import UNREADABLE
from holdfast.ocfl.root import StorageRoot
from holdfast.testing.faults import Faults, FaultyBackend
from tests.ocfl.judges import files_below, keep, tree
from tests.wounded.make import WOUNDS, healthy_files, sample_files, write

FILM = "holdfast:asset:film"
BAD = [name for name in WOUNDS if name.startswith("E")]

# Letter for letter what a kill between two steps of publishing leaves: it is finished, not reported.
INTERRUPTED = {"E046_the_root_is_older_than_its_folders"}


@pytest.fixture
def key(torn: StorageRoot) -> str:
    """An object of two versions."""
    keep(torn, FILM, {"film": b"a film" * 100, "record": b"1"})
    keep(torn, FILM, {"record": b"2"})
    return torn.key_of(FILM)


def codes(audit: ObjectAudit) -> set[str]:
    return {finding.code for finding in audit.findings}


def place(torn: StorageRoot, archive: Path, files: dict[str, bytes]) -> str:
    try:
        key = torn.key_of(json.loads(files["inventory.json"])["id"])
    except (KeyError, ValueError, TypeError, RecursionError):
        key = torn.key_of("holdfast:sample:wounded")
    write(archive / key, files)
    return key


# ----------------------------------------------------------------------------------------------- verdicts


def test_a_sound_object_in_the_place_of_another_fails(torn: StorageRoot, archive: Path, key: str) -> None:
    strange = torn.key_of("holdfast:asset:another")
    (archive / strange).parent.mkdir(parents=True)
    (archive / key).rename(archive / strange)
    audit = audit_object(torn, strange)
    assert (audit.object, audit.result) == (FILM, FixityResult.FAILED)
    assert [finding.code for finding in audit.findings] == ["H002"]


def test_a_healthy_object_passes_and_is_counted(torn: StorageRoot, archive: Path, key: str) -> None:
    told: list[int] = []
    audit = audit_object(torn, key, told.append)
    assert (audit.object, audit.result, audit.version) == (FILM, FixityResult.PASSED, "v2")
    content = [path for path in (archive / key).rglob("content/*") if path.is_file()]
    assert audit.files == len(content)
    assert audit.bytes_read == sum(told) == sum(path.stat().st_size for path in content)


@pytest.mark.parametrize("name", [name for name in BAD if name not in INTERRUPTED])
def test_every_wound_fails_with_its_code_and_is_left_to_be_seen_again(
    torn: StorageRoot, archive: Path, name: str
) -> None:
    key = place(torn, archive, sample_files(name))
    before = tree(archive / "ocfl")
    audit = audit_object(torn, key)
    assert audit.result is FixityResult.FAILED
    assert set(re.findall(r"E\d{3}", name)) <= codes(audit)
    assert tree(archive / "ocfl") == before


@pytest.mark.parametrize("name", [name for name in WOUNDS if name.startswith("W")])
def test_what_is_only_unusual_passes(torn: StorageRoot, archive: Path, name: str) -> None:
    assert audit_object(torn, place(torn, archive, sample_files(name))).result is FixityResult.PASSED


@pytest.mark.parametrize("name", sorted(healthy_files(2)))
def test_one_flipped_bit_in_any_file_of_an_object_is_named_and_stays(
    torn: StorageRoot, archive: Path, key: str, name: str
) -> None:
    place = archive / key / name
    data = bytearray(place.read_bytes())
    data[len(data) // 3] ^= 4
    place.write_bytes(data)
    for _ in range(2):
        assert audit_object(torn, key).result is FixityResult.FAILED
    assert place.read_bytes() == bytes(data)


@pytest.mark.parametrize("step", [1, 2])
def test_an_object_that_a_kill_left_between_two_steps_is_finished_and_passes(
    torn: StorageRoot, archive: Path, key: str, step: int
) -> None:
    whole = files_below(archive / key)
    shutil.copy(archive / key / "v1" / f"{INVENTORY}.sha512", archive / key)
    if step == 1:
        shutil.copy(archive / key / "v1" / INVENTORY, archive / key)
    assert audit_object(torn, key).result is FixityResult.PASSED
    assert files_below(archive / key) == whole


class _Refusing(FaultyBackend):
    """Its files cannot be read where a word stands in their key."""

    word = "content"

    def open(self, key: str):  # type: ignore[no-untyped-def]
        if self.word in key:
            raise StorageRefused(place=self.place, name=key, reason="input/output error")
        return super().open(key)

    def read(self, key: str, *, limit: int = 2**28) -> bytes:
        if self.word in key:
            raise StorageRefused(place=self.place, name=key, reason="input/output error")
        return super().read(key, limit=limit)


@pytest.mark.parametrize("word", ["content", "inventory.json"])
def test_what_cannot_be_read_was_not_checked(torn: StorageRoot, key: str, word: str) -> None:
    backend = _Refusing(torn.backend)
    root = StorageRoot(backend)
    backend.word = word
    audit = audit_object(root, key)
    assert audit.result is FixityResult.NOT_CHECKED
    assert UNREADABLE in codes(audit)


def test_what_cannot_be_read_does_not_hide_what_is_damaged(torn: StorageRoot, archive: Path, key: str) -> None:
    (archive / key / "0=ocfl_object_1.1").unlink()
    audit = audit_object(StorageRoot(_Refusing(torn.backend)), key)
    assert audit.result is FixityResult.FAILED
    assert codes(audit) >= {UNREADABLE, "E003"}


def test_a_medium_that_gives_other_bytes_than_it_holds_fails(torn: StorageRoot, key: str) -> None:
    backend = FaultyBackend(torn.backend, Faults(flip={"*/v1/content/000000": 9}))
    assert codes(audit_object(StorageRoot(backend), key)) == {"E092"}


def test_an_object_that_says_odd_things_of_itself_can_still_be_written_down(torn: StorageRoot, archive: Path) -> None:
    files = healthy_files(1)
    files[INVENTORY] = files[INVENTORY].replace(b"holdfast:sample:wounded", b"\\ud800 \\u001b[31m")
    write(archive / "ocfl/\udcff", files)
    audit = audit_object(torn, "ocfl/\udcff")
    assert audit.result is FixityResult.FAILED
    run = AuditRun("r", now(), "all", "A tester")
    assert parse_audit(audit_bytes(run, [audit]), "journal")[1][0].findings == audit.findings


# -------------------------------------------------------------------------------------- beside a writer


def test_an_object_that_is_being_published_is_never_reported_damaged(archive: Path, torn: StorageRoot) -> None:
    keep(torn, FILM, {"record": b"0"})
    begun, stop = threading.Event(), threading.Event()

    def publish() -> None:
        writer = StorageRoot(LocalBackend(archive))
        number = 0
        while not stop.is_set():
            number += 1
            keep(writer, FILM, {"record": b"%d" % number})
            begun.set()

    writing = threading.Thread(target=publish)
    writing.start()
    try:
        begun.wait(30)  # on a busy machine 25 audits are over before the first version is
        audits = [audit_object(torn, torn.key_of(FILM)) for _ in range(25)]
    finally:
        stop.set()
        writing.join()
    assert {audit.result for audit in audits} == {FixityResult.PASSED}
    assert audits[-1].version != "v1"


def test_an_object_that_stays_locked_was_not_checked(
    torn: StorageRoot, archive: Path, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copy(archive / key / "v1" / f"{INVENTORY}.sha512", archive / key)
    real = torn.backend.lock
    monkeypatch.setattr(torn.backend, "lock", lambda name, wait_s=0.0: real(name, wait_s=min(wait_s, 0.05)))
    other = StorageRoot(LocalBackend(archive))
    with other.locked(FILM):
        audit = audit_object(torn, key)
    assert audit.result is FixityResult.NOT_CHECKED
    assert audit.findings


# ------------------------------------------------------------------------------------------- many objects


def many(count: int) -> StorageRoot:
    root = StorageRoot.create(MemoryBackend())
    for number in range(count):
        keep(root, f"{FILM}:{number}", {"record": b"%d" % number})
    return root


def test_all_objects_are_audited_once_each(torn: StorageRoot) -> None:
    root = many(30)
    keys = list(root.walk())
    audits = list(audit_all(root, keys, workers=3))
    assert sorted(audit.object for audit in audits) == sorted(f"{FILM}:{number}" for number in range(30))
    assert {audit.result for audit in audits} == {FixityResult.PASSED}
    assert list(audit_all(root, [], workers=2)) == []


def test_an_audit_that_is_left_in_the_middle_leaves_no_thread_at_work() -> None:
    root = many(30)
    running = audit_all(root, list(root.walk()), workers=2)
    next(running)
    running.close()
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("audit")]


def test_no_more_than_a_few_objects_wait_in_memory() -> None:
    root = many(30)
    asked: list[str] = []

    class Keys(list[str]):
        def __iter__(self):  # type: ignore[no-untyped-def]
            for key in super().__iter__():
                asked.append(key)
                yield key

    running = audit_all(root, Keys(root.walk()), workers=2)
    next(running)
    assert len(asked) <= 8
    running.close()


# ------------------------------------------------------------------------------------------------ samples


@given(st.integers(0, 300), st.integers(1, 400))
def test_a_sample_has_the_number_that_was_asked_for_or_all(held: int, asked: int) -> None:
    keys = [str(number) for number in range(held)]
    found = sampled(keys, f" {asked} ", random.Random(1))
    assert len(found) == len(set(found)) == min(held, asked)
    assert set(found) <= set(keys)


@pytest.mark.parametrize(("sample", "count"), [("5%", 5), ("0.1%", 1), ("100%", 100), ("2.6%", 3)])
def test_a_share_is_a_share_and_at_least_one(sample: str, count: int) -> None:
    assert len(sampled([str(number) for number in range(100)], sample)) == count
    assert sampled([], sample) == []


@pytest.mark.parametrize("sample", ["0", "-3", "0%", "101%", "-1%", "nan%", "inf%", "many", "", "%", "1e3"])
def test_what_is_no_sample_is_refused(sample: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  # the deed that asks for a sample words it for people
        sampled(["a"], sample)


def test_every_backend_can_be_audited() -> None:
    backends: list[Backend] = [MemoryBackend(), FaultyBackend(MemoryBackend())]
    for backend in backends:
        root = StorageRoot.create(backend)
        keep(root, FILM, {"record": b"1"})
        assert audit_object(root, root.key_of(FILM)).result is FixityResult.PASSED
