"""What lists and deeds ask of the catalogue: assets, holders of a digest, objects to be audited.

Whatever somebody typed is bound as a value and is never part of a statement.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, Select, case, func, select

from holdfast.catalog import schema
from holdfast.errors import AmbiguousAsset, UnknownAsset, UnknownFound
from holdfast.model.fixity import Digest
from holdfast.model.ids import ALPHABET, RANDOM_LENGTH, SCHEME, AssetId, parse_asset_id

SHORTEST_PREFIX = 4
SHORTEST_DIGEST = 8
MOST_CANDIDATES = 6  # of an ambiguous beginning
OBJECT_PREFIX = f"{SCHEME}:asset:"
AFTER_ALPHABET = "~"  # sorts behind every character that an id can have
IDS_IN_A_QUERY = 500  # SQLite binds a limited number of values


@dataclass(frozen=True)
class AssetLine:
    """One asset as a list shows it."""

    asset: str
    title: str
    status: str
    access: str
    opens_at: str
    created_at: str
    duration_us: int | None
    size_bytes: int
    warnings: int
    files: tuple[str, ...]
    tags: tuple[str, ...]

    def as_record(self) -> dict[str, Any]:
        """As it stands in JSON; `duration` in seconds."""
        return {
            "asset": self.asset,
            "title": self.title,
            "status": self.status,
            "access": self.access,
            "opens_at": self.opens_at or None,
            "files": list(self.files),
            "duration": None if self.duration_us is None else self.duration_us / 1_000_000,
            "size_bytes": self.size_bytes,
            "tags": list(self.tags),
            "warnings": self.warnings,
            "created_at": self.created_at,
        }


@dataclass(frozen=True)
class Holder:
    """Where a digest is kept."""

    asset: AssetId
    file: str


@dataclass(frozen=True)
class Printed:
    """A fingerprint that stands in an object: its logical path and digest, and the file that it is of."""

    asset: str
    path: str
    file: str
    digest: str


@dataclass(frozen=True)
class Film:
    """A master that can be watched or heard: its logical path and digest."""

    asset: str
    file: str
    digest: str


@dataclass(frozen=True)
class Totals:
    """What the archive holds, in numbers."""

    assets: int
    objects: int
    size_bytes: int
    faults: int


def list_assets(
    connection: Connection,
    *,
    status: str | None = None,
    tag: str | None = None,
    collection: str | None = None,
    languages: Sequence[str] = (),
    access: Sequence[str] | None = None,
    limit: int | None = None,
    offset: int = 0,
) -> Iterator[AssetLine]:
    """The assets in the order in which they came, optionally only those of a status, tag or collection.

    Args:
        connection: an open connection to the catalogue.
        status: `held`, `held in part` or `lost`.
        tag: exactly this tag, however its letters are composed.
        collection: exactly this collection, likewise.
        languages: titles are given in the first of these that a work has.
        access: only works of these levels; of every level if None.
        limit: at most so many; all if None.
        offset: so many of the first are left out.
    """
    assets = schema.assets
    conditions = _conditions(status, tag, collection)
    if access is not None:  # a part of the list walks along the index of age, not through all of a level
        level = assets.c.access if limit is None else func.coalesce(assets.c.access, "")
        conditions.append(level.in_(access))
    order = (assets.c.created_at, assets.c.title, assets.c.id)
    query = select(assets).where(*conditions).order_by(*order).limit(limit).offset(offset)
    chosen: Select[Any] | list[str] | None = select(assets.c.id).where(*conditions) if conditions else None
    rows: Iterable[Any] = connection.execute(query)
    if limit is not None:
        rows = list(rows)
        chosen = [row.id for row in rows]
    held, labels = schema.instantiations, schema.labels
    names = _grouped(connection, select(held.c.asset, held.c.original_name).order_by(held.c.position), chosen)
    # Of a few assets, SQLite would read all tags there are, if it could find them by their kind.
    is_tag = labels.c.kind == "tag" if limit is None else func.coalesce(labels.c.kind, "") == "tag"
    of_tags = select(labels.c.asset, labels.c.text).where(is_tag).order_by(labels.c.text)
    tags = _grouped(connection, of_tags, chosen)
    titles = _titles(connection, languages, chosen)
    for row in rows:
        yield AssetLine(
            asset=row.id,
            title=titles.get(row.id, row.title),
            status=row.status,
            access=row.access,
            opens_at=row.opens_at,
            created_at=row.created_at,
            duration_us=row.duration_us,
            size_bytes=row.size_bytes,
            warnings=row.warnings,
            files=tuple(names.get(row.id, ())),
            tags=tuple(tags.get(row.id, ())),
        )


def _conditions(status: str | None, tag: str | None, collection: str | None) -> list[ColumnElement[bool]]:
    assets = schema.assets
    conditions: list[ColumnElement[bool]] = []
    if status is not None:
        conditions.append(assets.c.status == status)
    for kind, wanted in (("tag", tag), ("collection", collection)):
        if wanted is not None:
            conditions.append(assets.c.id.in_(labelled(kind, wanted)))
    return conditions


def labelled(kind: str, text: str) -> Select[tuple[str]]:
    """The ids of the assets with this label, in either form of its letters."""
    table = schema.labels
    return select(table.c.asset).where(table.c.kind == kind, table.c.text.in_(spellings(text)))


def spellings(text: str) -> list[str]:
    """The text as it stands and in either form of its letters."""
    return sorted({text, unicodedata.normalize("NFC", text), unicodedata.normalize("NFD", text)})


def find_asset(connection: Connection, typed: str) -> AssetId:
    """The asset that somebody typed: its id or that of its object, or the beginning of one (four characters or more).

    Raises:
        UnknownAsset: none fits, or the id was mistyped.
        AmbiguousAsset: more than one begins so.
    """
    spelled = "".join(typed.split()).replace("-", "").lower().removeprefix(OBJECT_PREFIX)
    if len(spelled) > RANDOM_LENGTH or not set(spelled) <= set(ALPHABET):
        return _find_whole(connection, spelled, typed)
    if len(spelled) < SHORTEST_PREFIX:
        raise UnknownAsset(asset=typed, hint=f" ({SHORTEST_PREFIX} characters of an id are needed at least)")
    assets = schema.assets
    # A range and not a pattern: it walks the index, and no character means anything but itself.
    fitting = (assets.c.id >= spelled, assets.c.id < spelled + AFTER_ALPHABET)
    found = connection.execute(select(assets.c.id).where(*fitting).order_by(assets.c.id).limit(MOST_CANDIDATES + 1))
    candidates = found.scalars().all()
    if not candidates:
        raise UnknownAsset(asset=typed, hint=" in this archive: no id begins so")
    if len(candidates) > 1:
        more = ", ..." if len(candidates) > MOST_CANDIDATES else ""
        raise AmbiguousAsset(asked=typed, candidates=", ".join(candidates[:MOST_CANDIDATES]) + more)
    return AssetId(candidates[0])


def _find_whole(connection: Connection, spelled: str, typed: str) -> AssetId:
    try:
        asset = parse_asset_id(spelled)
    except UnknownAsset as error:
        raise UnknownAsset(asset=typed, hint=error.values["hint"]) from None
    if connection.execute(select(schema.assets.c.id).where(schema.assets.c.id == str(asset))).first() is None:
        raise UnknownAsset(asset=typed, hint=" in this archive, though the id is well formed")
    return asset


def titles_of(connection: Connection, chosen: Collection[str], languages: Sequence[str]) -> dict[str, str]:
    """The title of each of these assets, in the first of `languages` that there is."""
    assets = schema.assets
    found: dict[str, str] = {}
    ids = sorted(chosen)
    for some in (ids[at : at + IDS_IN_A_QUERY] for at in range(0, len(ids), IDS_IN_A_QUERY)):
        query = select(assets.c.id, assets.c.title).where(assets.c.id.in_(some))
        found |= {row.id: row.title for row in connection.execute(query)} | _titles(connection, languages, some)
    return found


def holder_of(connection: Connection, digest: Digest) -> Holder | None:
    """The asset that keeps these bytes as a master; None if none does. A reconstruction may be a found copy's bytes."""
    table = schema.instantiations
    query = (
        select(table.c.asset, table.c.file)
        .where(table.c.digest == str(digest), table.c.kind != "reconstruction")
        .order_by(table.c.asset, table.c.position)
    )
    row = connection.execute(query.limit(1)).first()
    return Holder(AssetId(row.asset), row.file) if row else None


def is_size_known(connection: Connection, size_bytes: int) -> bool:
    """Whether any instantiation has exactly this length: only then can the archive hold the same bytes already."""
    table = schema.instantiations
    query = select(table.c.asset).where(table.c.size_bytes == size_bytes).limit(1)
    return connection.execute(query).first() is not None


def fingerprints(connection: Connection) -> list[Printed]:
    """All fingerprints that stand in objects, in the order of their assets."""
    table = schema.fingerprints
    query = select(table).order_by(table.c.asset, table.c.position)
    return [Printed(row.asset, row.path, row.file, row.digest) for row in connection.execute(query)]


@dataclass(frozen=True)
class FoundCopy:
    """A found copy as a list shows it; `fingerprint` is the logical path of its fingerprint, or ""."""

    digest: str
    file: str
    name: str
    source: str
    size_bytes: int
    duration_us: int | None
    kept_at: str
    fingerprint: str


def found_copies(connection: Connection, since: str = "") -> list[FoundCopy]:
    """All found copies in the order in which they came; only those that came after the moment `since` (RFC 3339)."""
    table = schema.found_copies
    query = select(table).where(table.c.kept_at > since).order_by(table.c.kept_at, table.c.name, table.c.digest)
    names = [field.name for field in fields(FoundCopy)]
    return [FoundCopy(**{name: getattr(row, name) for name in names}) for row in connection.execute(query)]


def find_found(connection: Connection, typed: str) -> str:
    """The digest of the found copy that somebody typed: all of it or its beginning (eight characters or more).

    Raises:
        UnknownFound: none begins so, or more than one does.
    """
    spelled = typed.strip().lower()
    table = schema.found_copies
    if len(spelled) < SHORTEST_DIGEST or not set(spelled) <= set("0123456789abcdef"):
        raise UnknownFound(digest=typed, hint=f" (at least {SHORTEST_DIGEST} hexadecimal characters of it are needed)")
    fitting = (table.c.digest >= spelled, table.c.digest < spelled + AFTER_ALPHABET)
    digests = connection.execute(select(table.c.digest).where(*fitting).limit(2)).scalars().all()
    if len(digests) != 1:
        raise UnknownFound(digest=typed, hint=" (more than one begins so)" if digests else "")
    return str(digests[0])


def films_without_fingerprint(connection: Connection, chosen: Collection[str] | None = None) -> list[Film]:
    """The films and sounds that nothing would know again yet; only those of the `chosen` assets, if any are named."""
    held, printed = schema.instantiations, schema.fingerprints
    query = select(held.c.asset, held.c.file, held.c.digest).outerjoin(printed, _same_film())
    is_film = (
        (held.c.kind == "master")
        & (held.c.container != "")
        & (held.c.duration_us.is_not(None) | held.c.width.is_not(None))
    )
    query = query.where(is_film, printed.c.path.is_(None), is_there()).order_by(held.c.asset, held.c.position)
    found = (Film(row.asset, row.file, row.digest) for row in connection.execute(query))
    return [film for film in found if chosen is None or film.asset in chosen]


def films_with_fingerprint(connection: Connection) -> list[tuple[Film, Printed]]:
    """The films that have a fingerprint, with it, in the order of their assets; without those that are lost."""
    held, printed = schema.instantiations, schema.fingerprints
    query = select(held.c.digest.label("film"), printed).join(printed, _same_film()).where(is_there())
    query = query.order_by(held.c.asset, held.c.position)
    return [
        (Film(row.asset, row.file, row.film), Printed(row.asset, row.path, row.file, row.digest))
        for row in connection.execute(query)
    ]


def gone_masters(connection: Connection) -> list[Film]:
    """The masters that were declared lost: nothing can be made of them any more."""
    held = schema.instantiations
    query = select(held.c.asset, held.c.file, held.c.digest).where(~is_there()).order_by(held.c.asset, held.c.position)
    return [Film(row.asset, row.file, row.digest) for row in connection.execute(query)]


def is_there() -> ColumnElement[bool]:
    """Of an instantiation: that nobody has declared it lost."""
    return schema.instantiations.c.is_gone == 0


def _same_film() -> ColumnElement[bool]:
    held, printed = schema.instantiations, schema.fingerprints
    return (printed.c.asset == held.c.asset) & (printed.c.file == held.c.file)


def totals(connection: Connection) -> Totals:
    """The archive in numbers."""
    assets, size = connection.execute(
        select(func.count(schema.assets.c.id), func.coalesce(func.sum(schema.assets.c.size_bytes), 0))
    ).one()
    objects = connection.execute(select(func.count(schema.objects.c.id))).scalar_one()
    faults = connection.execute(
        select(func.count(schema.objects.c.id)).where(schema.objects.c.fault != "")
    ).scalar_one()
    return Totals(assets, objects, int(size), faults)


def faulty_objects(connection: Connection) -> list[tuple[str, str]]:
    """Objects that could not be understood, with the reason, in the order of their places."""
    table = schema.objects
    query = select(table.c.id, table.c.fault).where(table.c.fault != "").order_by(table.c.key)
    return [(row.id, row.fault) for row in connection.execute(query)]


def object_keys(
    connection: Connection, *, changed_since: str | None = None, unchecked_since: str | None = None
) -> list[str]:
    """The keys of objects to audit, least recently checked first.

    Args:
        connection: an open connection to the catalogue.
        changed_since: only objects whose newest version was made then or later (RFC 3339).
        unchecked_since: only objects without a passed check since then.
    """
    table, checks = schema.objects, schema.checks
    query = select(table.c.key, checks.c.at).outerjoin(checks, checks.c.object == table.c.id)
    if changed_since:
        query = query.where(table.c.changed_at >= changed_since)
    if unchecked_since:
        query = query.where((checks.c.at.is_(None)) | (checks.c.at < unchecked_since) | (checks.c.result != "passed"))
    return [row.key for row in connection.execute(query.order_by(func.coalesce(checks.c.at, ""), table.c.key))]


def object_ids(connection: Connection) -> dict[str, str]:
    """The id of each object by its key."""
    return {row.key: row.id for row in connection.execute(select(schema.objects.c.key, schema.objects.c.id))}


@dataclass(frozen=True)
class CheckSummary:
    """How the objects stand with their fixity checks: `failed` did not pass the last one, `never` had none.

    `oldest` is when the one was checked that was checked longest ago. `gone` were checked once, and are not there any
    more, or not as what they were.
    """

    failed: int
    never: int
    oldest: str | None
    gone: int = 0


def check_summary(connection: Connection) -> CheckSummary:
    """What the journals say of the objects that are there (journals themselves are checked, but not awaited)."""
    table, checks = schema.objects, schema.checks
    failed = func.coalesce(func.sum(case((checks.c.result != "passed", 1), else_=0)), 0)
    never = func.coalesce(func.sum(case((checks.c.at.is_(None) & (table.c.kind == "asset"), 1), else_=0)), 0)
    query = select(failed, never, func.min(checks.c.at))
    found = connection.execute(query.select_from(table.outerjoin(checks, checks.c.object == table.c.id))).one()
    there = select(table.c.id)
    gone = select(func.count()).where(checks.c.object.like("holdfast:%"), checks.c.object.not_in(there))
    return CheckSummary(int(found[0]), int(found[1]), found[2], int(connection.execute(gone).scalar() or 0))


def newest_change(connection: Connection) -> str | None:
    """The civil time of the newest version of any object; None in an empty archive."""
    return connection.execute(select(func.max(schema.objects.c.changed_at))).scalar()


def last_check(connection: Connection, object_id: str) -> tuple[str, str] | None:
    """When the object was last checked and with what result; None if the journals tell of no check."""
    row = connection.execute(select(schema.checks).where(schema.checks.c.object == object_id)).first()
    return (row.at, row.result) if row else None


def _titles(
    connection: Connection, languages: Sequence[str], chosen: Select[Any] | Collection[str] | None
) -> dict[str, str]:
    """The best title of each asset, by the rule of `model.asset.in_language`; of all assets if None are chosen."""
    rank = {language.split("-")[0]: n for n, language in reversed(list(enumerate(languages)))}
    if not rank:
        return {}
    table = schema.titles
    query = select(table.c.asset, table.c.language, table.c.text).order_by(table.c.asset, table.c.position)
    if chosen is not None:
        query = query.where(table.c.asset.in_(chosen))
    best: dict[str, tuple[int, str]] = {}
    for asset, language, text in connection.execute(query):
        score = rank.get(language.split("-")[0], len(rank))
        if asset not in best or score < best[asset][0]:
            best[asset] = (score, text)
    return {asset: text for asset, (_, text) in best.items()}


def _grouped(
    connection: Connection, query: Select[Any], chosen: Select[Any] | Collection[str] | None
) -> dict[str, list[str]]:
    """The texts of each asset, from a query that gives the asset and a text, in the order that the query has."""
    if chosen is not None:
        asset: Column[str] = query.selected_columns[0]  # type: ignore[assignment]
        query = query.where(asset.in_(chosen))
    groups: dict[str, list[str]] = {}
    for asset_id, text in connection.execute(query):
        groups.setdefault(asset_id, []).append(text)
    return groups
