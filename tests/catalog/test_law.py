"""The law: a catalogue made anew from the disk equals one that was kept in step, whatever was changed and by whom."""

from __future__ import annotations

import os
import random
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from holdfast.catalog import lists, schema
from holdfast.catalog.fulltext import search
from holdfast.formats.comment import comment_bytes
from holdfast.formats.piece import piece_bytes
from holdfast.formats.record import RECORD_FILE, record_bytes
from holdfast.model.asset import Statement, Tag, Text
from holdfast.model.comment import CommentRecord, Withdrawal
from holdfast.model.fixity import FixityResult
from holdfast.model.piece import Item, Piece, PieceKind, Wording
from holdfast.model.rights import AccessLevel
from tests.catalog.archives import (
    BEGUN,
    SmallArchive,
    asset_id,
    captions,
    faults,
    in_step,
    made_record,
    titles,
)

FILM = asset_id(1)
FILM_OBJECT = str(FILM.object_id)
JOURNAL, NEXT_JOURNAL = "holdfast:journal:2026-11", "holdfast:journal:2026-12"


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[SmallArchive]:
    archive = SmallArchive(tmp_path)
    archive.catalog.make_current()
    yield archive
    archive.close()


class Changes:
    """Random changes to an archive, each a deed or what other hands do, followed by the refresh that belongs to it."""

    def __init__(self, archive: SmallArchive, seed: int) -> None:
        self.archive = archive
        self.chance = random.Random(seed)
        self.made = 0

    def step(self) -> None:
        deeds: list[Callable[[], None]] = [
            self.add,
            self.add,
            self.describe,
            self.join_captions,
            self.leave_captions_out,
            self.audit,
            self.unknown_fields,
            self.damage,
            self.remove,
            self.foreign,
            self.misplaced,
            self.wrong_record,
            self.lose_the_sidecar,
            self.no_record,
            self.comment,
            self.piece,
        ]
        self.chance.choice(deeds)()

    def add(self) -> None:
        self.made += 1
        doubled = (Tag("same"), Tag("same"), Tag(""), Tag("Straße", "de"))
        record = made_record(asset_id(self.made), self.made, tags=doubled[: self.chance.randint(0, 4)])
        texts = {"de": captions("Guten Morgen", "", "Schifffahrt")} if self.chance.random() < 0.5 else {}
        self.archive.keep(record, **texts)

    def describe(self) -> None:
        number = self._any()
        if self._is_whole(number):
            said = [Statement(self.chance.choice(["", "Новый", "電影 資料館", "new"]), "ru")] * self.chance.randint(
                0, 2
            )
            access = self.chance.choice(list(AccessLevel))
            self.archive.describe(asset_id(number), titles=tuple(said), access=access)

    def join_captions(self) -> None:
        number = self._any()
        if self._is_whole(number):
            record = self.archive.record(asset_id(number))
            file = f"sidecars/{len(record.texts)}.vtt"
            data = self.chance.choice([captions("안녕하세요 여러분"), b"\xff\xfe no captions", b"", captions("a", "a")])
            texts = (*record.texts, Text(file, "ko"), Text("sidecars/not there.vtt", "ko"))
            joined = {file: data, RECORD_FILE: record_bytes(replace(record, texts=texts))}
            self.archive.change(str(record.id.object_id), joined)

    def leave_captions_out(self) -> None:
        number = self._any()
        if self._is_whole(number) and self.archive.record(asset_id(number)).texts:
            self.archive.describe(asset_id(number), texts=())

    def audit(self) -> None:
        journal = self.chance.choice([JOURNAL, NEXT_JOURNAL])
        checked = [str(asset_id(n).object_id) for n in range(1, 8) if self.chance.random() < 0.5]
        results = {object_id: self.chance.choice(list(FixityResult)) for object_id in checked}
        at = BEGUN + timedelta(hours=self.chance.randint(0, 5))
        is_left_empty = self.archive.place(journal).exists() and not self.archive.root.holds(journal)
        if not (is_left_empty or self._is_damaged(journal)):
            self.archive.audit(journal, f"run{self.chance.random()}", at, results)

    def unknown_fields(self) -> None:
        number = self._any()
        if self._is_whole(number):
            self.archive.describe(asset_id(number), extra={"colour": ["x", {"y": None}]})

    def damage(self) -> None:
        for object_id, logical in ((self._object(), RECORD_FILE), (JOURNAL, None)):
            if self.archive.root.holds(object_id) and not self._is_damaged(object_id):
                paths = sorted(self.archive.root.inventory(object_id).state())
                self.archive.damage(object_id, logical if logical in paths else paths[-1])
                self.archive.catalog.refresh([object_id])
                return

    def remove(self) -> None:
        object_id = self.chance.choice([self._object(), JOURNAL])
        if self.archive.place(object_id).exists():
            self.archive.remove(object_id)
            if self.chance.random() < 0.5:  # an empty folder is no object either
                self.archive.place(object_id).mkdir()
            self.archive.catalog.refresh([object_id])

    def foreign(self) -> None:
        object_id = self.chance.choice(["urn:isbn:0451450523", "holdfast:site:news", "x"])
        if not self.archive.place(object_id).exists():
            self.archive.raw_object(object_id, {"a.txt": b"a"})
            self.archive.catalog.refresh([object_id])

    def misplaced(self) -> None:
        """Another object lies where one belongs, and claims to be an asset that is here."""
        other = f"holdfast:asset:{asset_id(900 + self.made)}"
        if not self.archive.place(other).exists():
            record = record_bytes(made_record(asset_id(self._any())))
            self.archive.raw_object(self._object(), {RECORD_FILE: record}, place=self.archive.place(other))
            self.archive.catalog.refresh([other])

    def wrong_record(self) -> None:
        """The record of another asset."""
        object_id = f"holdfast:asset:{asset_id(800 + self.made)}"
        if not self.archive.place(object_id).exists():
            self.archive.raw_object(object_id, {RECORD_FILE: record_bytes(made_record(asset_id(self._any())))})
            self.archive.catalog.refresh([object_id])

    def lose_the_sidecar(self) -> None:
        object_id = self._object()
        if self.archive.place(object_id).exists():
            for path in self.archive.place(object_id).rglob("inventory.json.sha512"):
                path.unlink()
            self.archive.catalog.refresh([object_id])
            self.archive.catalog.refresh([object_id])

    def no_record(self) -> None:
        number = self._any()
        if self._is_whole(number):
            self.archive.change(str(asset_id(number).object_id), {"a note": b"x"}, without=(RECORD_FILE,))

    def comment(self) -> None:
        """A comment, published or withdrawn, on a work that may be here."""
        name = asset_id(700 + self.chance.randint(1, 3))
        gone = Withdrawal(BEGUN, "Ada") if self.chance.random() < 0.3 else None
        said = CommentRecord(str(name), asset_id(self._any()), BEGUN, BEGUN, "Ada", text=f"I {name}", withdrawn=gone)
        self.archive.change(str(said.object_id), {RECORD_FILE: comment_bytes(said)})

    def piece(self) -> None:
        """A piece of any level, with works that may be here and doubled labels."""
        words = tuple(Wording(f"Titel {n}", "", "de") for n in range(self.chance.randint(0, 2)))
        said = Piece(
            str(asset_id(600 + self.chance.randint(1, 3))),
            self.chance.choice(list(PieceKind)),
            self.chance.choice(list(AccessLevel)),
            BEGUN,
            BEGUN,
            words=words,
            tags=(Tag("same"), Tag("same", "de")),
            items=(Item(asset_id(self._any())), Item(), Item(asset_id(self._any()))),
        )
        self.archive.change(str(said.object_id), {RECORD_FILE: piece_bytes(said)})

    def _any(self) -> int:
        return self.chance.randint(1, max(1, self.made))

    def _object(self) -> str:
        return str(asset_id(self._any()).object_id)

    def _is_damaged(self, object_id: str) -> bool:
        with self.archive.catalog.engine.connect() as connection:
            return object_id in dict(lists.faulty_objects(connection)) or bool(
                [key for key, _ in lists.faulty_objects(connection) if key == self.archive.root.key_of(object_id)]
            )

    def _is_whole(self, number: int) -> bool:
        with self.archive.catalog.engine.connect() as connection:
            query = select(schema.assets.c.id).where(schema.assets.c.id == str(asset_id(number)))
            return connection.execute(query).first() is not None


@pytest.mark.parametrize("seed", range(3))
def test_a_rebuilt_catalogue_equals_one_kept_in_step_through_random_changes(tmp_path: Path, seed: int) -> None:
    _law_holds(tmp_path, seed, steps=25)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3, 30))
def test_a_rebuilt_catalogue_equals_one_kept_in_step_through_many_changes(tmp_path: Path, seed: int) -> None:
    _law_holds(tmp_path, seed, steps=60)


def _law_holds(folder: Path, seed: int, steps: int) -> None:
    archive = SmallArchive(folder)
    archive.catalog.make_current()
    changes = Changes(archive, seed)
    try:
        for step in range(steps):
            changes.step()
            if step % 20 == 19 or step == steps - 1:
                assert in_step(archive)
    finally:
        archive.close()


def test_two_objects_that_claim_one_asset_are_told_apart_by_their_places(archive: SmallArchive) -> None:
    archive.keep(made_record(FILM))
    lie = record_bytes(made_record(FILM, titles=(Statement("a lie"),)))
    stray = archive.raw_object(FILM_OBJECT, {RECORD_FILE: lie}, place=archive.folder / "ocfl" / "0" / "copy of it")
    archive.catalog.rebuild()
    assert titles(archive) == ["Hafenfilm 1"] or titles(archive) == ["Hafenfilm 0"]
    (fault,) = faults(archive)
    assert "ocfl/0/copy of it" in fault
    assert archive.root.key_of(FILM_OBJECT) in fault
    shutil.rmtree(stray)
    archive.catalog.rebuild()
    assert faults(archive) == []


def test_a_damaged_object_is_refreshed_again_and_again_and_forgotten_when_it_is_mended(archive: SmallArchive) -> None:
    archive.keep(made_record(FILM))
    whole = {path: path.read_bytes() for path in archive.place(FILM_OBJECT).rglob("inventory.json")}
    for path in whole:
        path.write_bytes(b"{}")
    for _ in range(3):
        archive.catalog.refresh([FILM_OBJECT])
        assert titles(archive) == []
        assert len(faults(archive)) == 1
        assert in_step(archive)
    for path, data in whole.items():
        path.write_bytes(data)
    archive.catalog.refresh([FILM_OBJECT])
    assert (titles(archive), faults(archive)) == (["Hafenfilm 0"], [])
    assert in_step(archive)


def test_an_older_check_counts_again_when_the_journal_of_the_newer_one_is_gone(archive: SmallArchive) -> None:
    archive.keep(made_record(FILM))
    archive.audit(JOURNAL, "a", BEGUN, {FILM_OBJECT: FixityResult.PASSED})
    archive.audit(NEXT_JOURNAL, "b", BEGUN + timedelta(days=30), {FILM_OBJECT: FixityResult.FAILED})
    with archive.catalog.engine.connect() as connection:
        assert lists.last_check(connection, FILM_OBJECT) == ("2026-12-01T12:00:00Z", "failed")
    archive.remove(NEXT_JOURNAL)
    archive.catalog.refresh([NEXT_JOURNAL])
    with archive.catalog.engine.connect() as connection:
        assert lists.last_check(connection, FILM_OBJECT) == ("2026-11-01T12:00:00Z", "passed")
    assert in_step(archive)


def test_one_damaged_run_of_a_journal_does_not_hide_what_the_other_runs_found(archive: SmallArchive) -> None:
    archive.audit(JOURNAL, "a", BEGUN, {FILM_OBJECT: FixityResult.PASSED})
    archive.audit(JOURNAL, "b", BEGUN + timedelta(days=1), {FILM_OBJECT: FixityResult.FAILED})
    archive.damage(JOURNAL, "audits/b.jsonl")
    archive.catalog.refresh([JOURNAL])
    with archive.catalog.engine.connect() as connection:
        assert lists.last_check(connection, FILM_OBJECT) == ("2026-11-01T12:00:00Z", "passed")
    assert "b.jsonl" in faults(archive)[0]
    assert in_step(archive)


def test_a_thousand_languages_and_more_do_not_make_a_deed_fail(archive: SmallArchive) -> None:
    tags = tuple(Tag(f"word{n}", f"x{n}") for n in range(1_100))
    archive.keep(made_record(FILM, tags=tags))
    archive.keep(made_record(asset_id(2), 2, access=AccessLevel.SEALED, tags=(Tag("later", "q1"),)))
    with archive.catalog.engine.connect() as connection:
        assert search(connection, "word1099").total == 1
        assert search(connection, "later", access=("sealed",)).total == 1
        assert search(connection, "later", access=("public",)).total == 0
    assert in_step(archive)


@pytest.mark.skipif(sys.platform == "darwin", reason="its file systems refuse such names")
def test_a_folder_whose_name_is_no_text_is_named_and_does_not_stop_a_rebuild(archive: SmallArchive) -> None:
    archive.keep(made_record(FILM))
    archive.raw_object("x", {"a": b"a"}, place=Path(os.fsdecode(os.fsencode(archive.folder) + b"/ocfl/odd\xff")))
    archive.catalog.rebuild()
    assert "odd" in faults(archive)[0]
    with archive.catalog.engine.connect() as connection:
        assert set(lists.object_keys(connection)) == set(archive.root.walk())
    assert list(archive.catalog.stale_objects()) == []


def test_a_folder_that_cannot_be_listed_is_named_after_a_rebuild(archive: SmallArchive) -> None:
    archive.keep(made_record(FILM))
    deep = archive.folder / "ocfl" / ("a" * 200)
    real = archive.backend.entries

    def entries(folder: str) -> object:
        if folder == f"ocfl/{deep.name}":
            raise PermissionError(13, "Permission denied")
        return real(folder)

    deep.mkdir()
    archive.backend.entries = entries  # type: ignore[method-assign,assignment]
    archive.catalog.rebuild()
    assert titles(archive) == ["Hafenfilm 0"]
    assert faults(archive) == [f"The folder ocfl/{deep.name} cannot be read."]
