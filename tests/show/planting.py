"""An archive in which every work that is not public says words of its own wherever a word can stand.

So do the pieces of its level, the comments on it, and what waits at the desk. One exhibition, one programme and one
post are public and hold all works: of the hidden ones no trace may be in them.
"""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path

from holdfast.actions import comments, pieces
from holdfast.actions.archive import UPLOADS, Archive
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
from holdfast.model.comment import CommentRecord
from holdfast.model.ids import new_asset_id, parse_asset_id
from holdfast.model.piece import Item, Piece, PieceKind, Wording
from holdfast.model.rights import AccessLevel, Embargo, RightsStatement
from holdfast.model.time import now
from holdfast.show.reader import CURATING, LEVELS, Role
from holdfast.show.uploads.shelf import Shelf
from holdfast.testing.films import film_plan, write_film
from tests.cli.line import holdfast
from tests.show.stage import SECONDS, SIZE, WORDS, Stage, captions

STEMS = {**WORDS, "embargoed": "Jaguarfell"}  # of each work: all its words begin with it, and nobody else's do
HELD_AT = {level: level for level in WORDS} | {"embargoed": "curators"}
KINDS = ("", "geheimnis", "title", "description", "person", "place", "tag", "collection", "category", "chapter", "note")
SHARED = "Gemeinsames"  # a tag, a person, a place and a collection that all works have
AT_THE_DESK = "Wiedehopf"  # in all that waits for curators, whatever it is about
FILES = 30
_NEVER = tuple(str(new_asset_id()) for _ in range(5))


@dataclass(frozen=True)
class Named:
    """What somebody could know of a work that may be hidden, or of one that never was.

    `number` is that of its comment and its report in the inbox, `comment` the id of the published one. `pieces` are the
    post, the exhibition and the programme of its level, `drafts` one that is written of a piece and one that holds it.
    """

    stem: str
    asset: str
    digest: str
    files: tuple[str, ...]
    number: int
    pieces: tuple[str, ...]
    drafts: tuple[str, ...]
    comment: str
    level: str = ""

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids that somebody could ask for."""
        return (self.asset, *self.pieces, *self.drafts, self.comment)

    @property
    def words(self) -> tuple[str, ...]:
        """A word of each kind that only this work has."""
        return tuple(self.stem + kind for kind in KINDS)

    @property
    def secrets(self) -> tuple[str, ...]:
        """What tells of it wherever it stands, in small letters."""
        return (self.stem.lower(), *self.ids, self.digest)


def nobody(like: Named) -> Named:
    """A work that never was, of which the same things could be known."""
    digest, drafts = "0" * len(like.digest), (_NEVER[1], _NEVER[3])
    return Named("Yggdrasill", "k7m2x9qd4htbr", digest, like.files, 999_999, _NEVER[:3], drafts, _NEVER[4])


@dataclass(frozen=True)
class Planted:
    """The archive, its works by name (a level, or `embargoed`), and the SHA-256 of each file to watch of a work.

    `quarantine` are the ids of two uploads: of a contribution, and of one that is still coming.
    """

    stage: Stage
    works: dict[str, Named]
    bytes_of: dict[str, frozenset[str]]
    quarantine: tuple[str, str]

    def hidden_from(self, role: str) -> list[Named]:
        """The works that this role (\"\" for a stranger) may not see."""
        seen = {level.value for level in LEVELS[Role(role) if role else None]}
        return [work for work in self.works.values() if work.level not in seen]

    @property
    def quarantined(self) -> str:
        """The SHA-256 of the file that waits for the curators."""
        return hashlib.sha256(_SENT).hexdigest()


def is_curating(role: str) -> bool:
    """Whether this role (\"\" for a stranger) may see what waits at the desk."""
    return bool(role) and Role(role) in CURATING


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
        own = tuple(_piece(archive, kind, name, (asset, stage.ids["public"])) for kind in PieceKind)
        said = _comment(archive, name, asset)
        drafts = (own[1], str(new_asset_id()))
        some = tuple(p.name for p in files[:FILES])
        works[name] = Named(STEMS[name], asset, digest, some, number, own, drafts, said, HELD_AT[name])
        bytes_of[name] = frozenset(hashlib.sha256(path.read_bytes()).hexdigest() for path in files)
    for kind in PieceKind:
        _piece(archive, kind, "", tuple(stage.ids.values()))
    archive.close()
    return Planted(stage, works, bytes_of, _sent_in(stage.folder))


_SENT = f"{AT_THE_DESK}, as somebody filmed it".encode()


def _sent_in(folder: Path) -> tuple[str, str]:
    """Two uploads: one that was handed over, one of which a part has come."""
    shelf = Shelf(folder / UPLOADS, largest=1000, reserve=0)
    whole, part = (shelf.create(len(_SENT), f"{AT_THE_DESK}.mp4").id for _ in range(2))
    shelf.receive(whole, 0, io.BytesIO(_SENT), len(_SENT), None)
    shelf.claim(whole)
    shelf.receive(part, 0, io.BytesIO(_SENT[:5]), 5, None)
    return whole, part


def _piece(archive: Archive, kind: PieceKind, name: str, assets: tuple[str, ...]) -> str:
    """A piece in which these works stand, closed as the work of this name is; the id. Public and shared without one."""
    stem = STEMS[name] if name else SHARED
    is_embargoed = name == "embargoed"
    items = [Item(parse_asset_id(one), words=(Wording("", f"{_stem_of(archive, one)}note", "fy"),)) for one in assets]
    piece = Piece(
        str(new_asset_id()),
        kind,
        AccessLevel.PUBLIC if is_embargoed or not name else AccessLevel(name),
        now(),
        now(),
        words=tuple(Wording(f"{stem}title", f"{stem}description", code, f"{stem}note") for code in ("de", "en")),
        author=f"{stem}person",
        category=f"{stem}category",
        tags=(Tag(f"{stem}tag", "de"), Tag(SHARED, "de")),
        place=f"{stem}place",
        items=tuple(items),
        embargo=Embargo(now() + timedelta(days=4000), AccessLevel.CURATORS, f"{stem}note") if is_embargoed else None,
    )
    return pieces.publish(archive, piece).piece.id


def _stem_of(archive: Archive, asset: str) -> str:
    return record_of(archive, asset)[0].category.removesuffix("category")


def _comment(archive: Archive, name: str, asset: str) -> str:
    """A published comment with the words of its work; its id."""
    stem, moment = STEMS[name], Fraction(2)
    comment = CommentRecord(
        str(new_asset_id()),
        parse_asset_id(asset),
        now(),
        now(),
        "custodian",
        text=f"{stem}geheimnis",
        language="de",
        name=f"{stem}person",
        start=moment,
    )
    return comments.publish(archive, comment).id


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


def fill_desk(planted: Planted) -> None:
    """Put into the desk of the archive that is shown what can wait there of each work."""
    from holdfast.show.models import CommentDraft
    from tests.show.senders import forget_limits

    forget_limits()
    states = {0: "waiting", 100: "accepted", 200: "refused"}
    for work in planted.works.values():
        said = {"work": work.asset, "language": "de", "name": f"{work.stem}person"}
        for more, state in states.items():
            text = f"{work.stem}note {AT_THE_DESK}"
            CommentDraft.objects.update_or_create(
                id=more + work.number, defaults={**said, "text": text, "reason": text, "state": state}
            )
        _report(work)
        _contribution(work, planted.quarantine[0])
        _drafts(work)


def _report(work: Named) -> None:
    from holdfast.show.inbox_models import Grievance, Report

    said = {"text": f"{work.stem}note {AT_THE_DESK}", "contact": f"{work.stem}person {AT_THE_DESK}", "moment": "0:02"}
    Report.objects.update_or_create(
        id=work.number,
        defaults={**said, "work": work.asset, "grievance": Grievance.OTHER, "came_on": date(2026, 11, 25)},
    )


def _contribution(work: Named, upload: str) -> None:
    """One that answers to the work. What its sender says of it is all curators' to read: it is not the work's."""
    from holdfast.show.inbox_models import ContributedFile, Contribution

    said = dict.fromkeys(("title", "source", "contact"), AT_THE_DESK)
    Contribution.objects.update_or_create(
        id=work.number,
        defaults={**said, "answers": work.asset, "receipt": f"{work.number:064d}", "came_on": date(2026, 11, 25)},
    )
    file = {"upload": upload, "name": f"{AT_THE_DESK}.mp4", "size_bytes": 40, "is_media": True, "told": "x"}
    ContributedFile.objects.update_or_create(id=work.number, defaults={**file, "contribution_id": work.number})


def _drafts(work: Named) -> None:
    """By somebody who sees everything: of the work's own exhibition, though for all; of a new one that holds it."""
    from holdfast.show.models import PieceDraft

    of_piece, holding = work.drafts
    words = {"title-de": f"{work.stem}title {AT_THE_DESK}", "text-de": f"{work.stem}note"}
    row = {"items-rows": "1", "item-0-work": work.asset, "item-0-text-de": f"{work.stem}note"}
    forms = {
        of_piece: {**words, "base": "v1", "expected": "v1"},
        holding: {"title-de": AT_THE_DESK, "base": "", "expected": "", **row},
    }
    for name, form in forms.items():
        said = {"kind": "exhibition", "form": form, "access": "public", "by": "somebody"}
        PieceDraft.objects.update_or_create(name=name, defaults=said)
