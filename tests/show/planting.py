"""An archive in which every work that is not public says words of its own wherever a word can stand."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import timedelta
from fractions import Fraction
from pathlib import Path

from holdfast.actions.archive import Archive
from holdfast.actions.describe import describe, record_of
from holdfast.model.asset import (
    AssetRecord,
    DatedFact,
    Person,
    Place,
    Publication,
    Section,
    Statement,
    Tag,
)
from holdfast.model.rights import AccessLevel, Embargo, RightsStatement
from holdfast.model.time import now
from holdfast.show.reader import LEVELS, Role
from holdfast.testing.films import film_plan, write_film
from tests.cli.line import holdfast
from tests.show.stage import SECONDS, SIZE, WORDS, Stage, captions

STEMS = {**WORDS, "embargoed": "Jaguarfell"}  # of each work: all its words begin with it, and nobody else's do
HELD_AT = {level: level for level in WORDS} | {"embargoed": "curators"}
KINDS = ("", "geheimnis", "title", "description", "person", "place", "tag", "collection", "category", "chapter", "note")
SHARED = "Gemeinsames"  # a tag, a person, a place and a collection that all works have
FILES = 30


@dataclass(frozen=True)
class Named:
    """What somebody could know of a work that may be hidden, or of one that never was."""

    stem: str
    asset: str
    digest: str
    files: tuple[str, ...]
    comment: int
    level: str = ""

    @property
    def words(self) -> tuple[str, ...]:
        """A word of each kind that only this work has."""
        return tuple(self.stem + kind for kind in KINDS)

    @property
    def secrets(self) -> tuple[str, ...]:
        """What tells of it wherever it stands, in small letters."""
        return (self.stem.lower(), self.asset, self.digest)


def nobody(like: Named) -> Named:
    """A work that never was, of which the same things could be known."""
    return Named("Yggdrasill", "k7m2x9qd4htbr", "0" * len(like.digest), like.files, 999_999)


@dataclass(frozen=True)
class Planted:
    """The archive, its works by name (a level, or `embargoed`), and the SHA-256 of each file to watch of a work."""

    stage: Stage
    works: dict[str, Named]
    bytes_of: dict[str, frozenset[str]]

    def hidden_from(self, role: str) -> list[Named]:
        """The works that this role (\"\" for a stranger) may not see."""
        seen = {level.value for level in LEVELS[Role(role) if role else None]}
        return [work for work in self.works.values() if work.level not in seen]


def planted(whole: Stage, base: Path) -> Planted:
    """The stage with a fifth work under embargo, and every field of every work's record filled with its words."""
    base.parent.mkdir()
    stage = whole.copied(base)
    stage = Stage(stage.folder, dict(stage.ids))
    stem = STEMS["embargoed"]
    film = base.with_name(f"{stem} 25.mp4")
    write_film(film_plan(25, SECONDS, SIZE), film, tags={"title": ""})
    film.with_suffix(".de.vtt").write_text(captions(stem), "utf-8")
    said = holdfast("add", film, "--access", "public", "--archive", stage.folder, "--json")
    assert (said.code, said.err) == (0, "")
    stage.ids["embargoed"] = said.records[0]["asset"]
    archive = Archive.open(stage.folder)
    for name, asset in stage.ids.items():
        describe(archive, asset, lambda record, name=name: filled(record, name))  # type: ignore[misc]
    works, bytes_of = {}, {}
    assert holdfast("work", "--archive", stage.folder, "--json").code == 0
    for number, (name, asset) in enumerate(stage.ids.items(), start=1):
        digest = str(record_of(archive, asset)[0].instantiations[0].digest)
        folder = next(stage.folder.glob(f"cache/access/*/{digest}/*/access.json")).parent
        files = sorted(path for path in folder.iterdir() if path.is_file())
        works[name] = Named(STEMS[name], asset, digest, tuple(p.name for p in files[:FILES]), number, HELD_AT[name])
        bytes_of[name] = frozenset(hashlib.sha256(path.read_bytes()).hexdigest() for path in files)
    archive.close()
    return Planted(stage, works, bytes_of)


def filled(record: AssetRecord, name: str) -> AssetRecord:
    """The record with a word in every field that somebody can fill."""
    stem = STEMS[name]
    titles = tuple(Statement(f"{stem}title {code}", code) for code in ("en", "ru", "zh", "ko"))
    said = tuple(Statement(f"{stem}description {code}", code, f"{stem}note", f"{stem}note") for code in ("de", "en"))
    return replace(
        record,
        titles=(*record.titles, *titles),
        descriptions=said,
        dates=(DatedFact("1974", "recorded", f"{stem}note"),),
        people=(Person(f"{stem}person", "director", f"{stem}note"), Person(SHARED, "speaker")),
        places=(Place(f"{stem}place", "shown", f"{stem}note"), Place(SHARED)),
        tags=(Tag(f"{stem}tag", "de"), Tag(SHARED, "de")),
        category=f"{stem}category",
        collections=(f"{stem}collection", SHARED),
        rights=RightsStatement(f"{stem}note", "https://rightsstatements.org/vocab/InC/1.0/", f"{stem}note"),
        content_warnings=(Statement(f"{stem}note", "en"),),
        publications=(Publication(f"{stem}note", f"{stem}note", f"https://example.org/{stem}note"),),
        sections=(Section(Fraction(1), Fraction(3), f"{stem}chapter", "de"),),
        embargo=Embargo(now() + timedelta(days=4000), AccessLevel.CURATORS, f"{stem}note")
        if name == "embargoed"
        else None,
    )


def comment_on_all(planted: Planted) -> None:
    """In the desk of the archive that is shown: an accepted comment on each work, and one that waits."""
    from holdfast.show.models import CommentDraft

    for number, work in enumerate(planted.works.values(), start=1):
        assert number == work.comment
        said = {"work": work.asset, "language": "de", "name": f"{work.stem}person"}
        CommentDraft.objects.update_or_create(
            id=number, defaults={**said, "text": f"{work.stem}note", "state": "waiting"}
        )
        accepted = {**said, "text": f"{work.stem}geheimnis", "state": "accepted"}
        CommentDraft.objects.update_or_create(id=100 + number, defaults=accepted)
