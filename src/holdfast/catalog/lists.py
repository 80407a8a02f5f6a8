"""What lists and deeds ask of the catalogue: assets, holders of a digest, objects to be audited."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from holdfast.catalog import schema
from holdfast.errors import AmbiguousAsset, UnknownAsset
from holdfast.model.fixity import Digest
from holdfast.model.ids import ALPHABET, RANDOM_LENGTH, AssetId, parse_asset_id

SHORTEST_PREFIX = 4


@dataclass(frozen=True)
class AssetLine:
    """One asset as a list shows it."""

    asset: str
    title: str
    status: str
    access: str
    created_at: str
    duration_us: int | None
    size_bytes: int
    warnings: int
    files: tuple[str, ...]
    tags: tuple[str, ...]


@dataclass(frozen=True)
class Holder:
    """Where a digest is kept."""

    asset: AssetId
    file: str


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
) -> Iterator[AssetLine]:
    """The assets in the order in which they came, optionally only those of a status, tag or collection.

    Args:
        connection: an open connection to the catalogue.
        status: `held`, `held in part` or `lost`.
        tag: exactly this tag.
        collection: exactly this collection.
        languages: titles are given in the first of these that a work has.
    """
    assets = schema.assets
    query = select(assets).order_by(assets.c.created_at, assets.c.title, assets.c.id)
    if status:
        query = query.where(assets.c.status == status)
    for kind, wanted in (("tag", tag), ("collection", collection)):
        if wanted:
            labels = schema.labels
            chosen = select(labels.c.asset).where(labels.c.kind == kind, labels.c.text == wanted)
            query = query.where(assets.c.id.in_(chosen))
    names = _grouped(connection, schema.instantiations.c.asset, schema.instantiations.c.original_name)
    tags = _grouped(connection, schema.labels.c.asset, schema.labels.c.text, schema.labels.c.kind == "tag")
    titles = _titles(connection, languages)
    for row in connection.execute(query):
        yield AssetLine(
            asset=row.id,
            title=titles.get(row.id, row.title),
            status=row.status,
            access=row.access,
            created_at=row.created_at,
            duration_us=row.duration_us,
            size_bytes=row.size_bytes,
            warnings=row.warnings,
            files=names.get(row.id, ()),
            tags=tags.get(row.id, ()),
        )


def find_asset(connection: Connection, typed: str) -> AssetId:
    """The asset that somebody typed: its id, or the beginning of one (four characters or more).

    Raises:
        UnknownAsset: none fits, or the id was mistyped.
        AmbiguousAsset: more than one begins so.
    """
    spelled = "".join(typed.split()).replace("-", "").lower()
    assets = schema.assets
    if SHORTEST_PREFIX <= len(spelled) <= RANDOM_LENGTH and set(spelled) <= set(ALPHABET):
        query = select(assets.c.id).where(assets.c.id.startswith(spelled)).limit(6)
        found = list(connection.execute(query).scalars())
        if len(found) > 1:
            raise AmbiguousAsset(asked=typed, candidates=", ".join(found))
        if found:
            return AssetId(found[0])
        raise UnknownAsset(asset=typed, hint="")
    asset = parse_asset_id(typed)
    if connection.execute(select(assets.c.id).where(assets.c.id == str(asset))).first() is None:
        raise UnknownAsset(asset=typed, hint=" in this archive, though the id is well formed")
    return asset


def titles_of(connection: Connection, chosen: Collection[str], languages: Sequence[str]) -> dict[str, str]:
    """The title of each of these assets, in the first of `languages` that there is."""
    assets = schema.assets
    query = select(assets.c.id, assets.c.title).where(assets.c.id.in_(chosen))
    return dict(connection.execute(query).tuples().all()) | _titles(connection, languages, chosen)


def holder_of(connection: Connection, digest: Digest) -> Holder | None:
    """The asset that keeps these bytes as one of its instantiations; None if none does."""
    table = schema.instantiations
    query = select(table.c.asset, table.c.file).where(table.c.digest == str(digest)).order_by(table.c.asset)
    row = connection.execute(query).first()
    return Holder(AssetId(row.asset), row.file) if row else None


def is_size_known(connection: Connection, size_bytes: int) -> bool:
    """Whether any instantiation has exactly this length: only then can the archive hold the same bytes already."""
    table = schema.instantiations
    return connection.execute(select(table.c.asset).where(table.c.size_bytes == size_bytes)).first() is not None


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
    """Objects that could not be understood, with the reason."""
    table = schema.objects
    return [(row.id, row.fault) for row in connection.execute(select(table).where(table.c.fault != ""))]


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
    return dict(connection.execute(select(schema.objects.c.key, schema.objects.c.id)).tuples().all())


@dataclass(frozen=True)
class CheckSummary:
    """How the objects stand with their fixity checks. `oldest` is the oldest of the newest checks."""

    failed: int
    never: int
    oldest: str | None


def check_summary(connection: Connection) -> CheckSummary:
    """What the journals say of the objects that are there (journals themselves are checked, but not awaited)."""
    table, checks = schema.objects, schema.checks
    joined = table.outerjoin(checks, checks.c.object == table.c.id)
    query = select(table.c.kind, checks.c.at, checks.c.result).select_from(joined)
    rows = connection.execute(query).all()
    return CheckSummary(
        failed=sum(row.result == "failed" for row in rows),
        never=sum(row.at is None and row.kind == "asset" for row in rows),
        oldest=min((row.at for row in rows if row.at), default=None),
    )


def newest_change(connection: Connection) -> str | None:
    """The civil time of the newest version of any object; None in an empty archive."""
    return connection.execute(select(func.max(schema.objects.c.changed_at))).scalar()


def last_check(connection: Connection, object_id: str) -> tuple[str, str] | None:
    """When the object was last checked and with what result; None if the journals tell of no check."""
    row = connection.execute(select(schema.checks).where(schema.checks.c.object == object_id)).first()
    return (row.at, row.result) if row else None


def _titles(connection: Connection, languages: Sequence[str], chosen: Collection[str] | None = None) -> dict[str, str]:
    best: dict[str, tuple[int, str]] = {}
    rank = {language.split("-")[0]: n for n, language in reversed(list(enumerate(languages)))}
    if not rank:
        return {}
    table = schema.titles
    query = select(table).order_by(table.c.asset, table.c.position)
    if chosen is not None:
        query = query.where(table.c.asset.in_(chosen))
    for row in connection.execute(query):
        score = rank.get(row.language.split("-")[0], len(rank))
        if row.asset not in best or score < best[row.asset][0]:
            best[row.asset] = (score, row.text)
    return {asset: text for asset, (_, text) in best.items()}


def _grouped(connection: Connection, by: object, text: object, condition: object = None) -> dict[str, tuple[str, ...]]:
    query = select(by, text)  # type: ignore[call-overload]
    if condition is not None:
        query = query.where(condition)
    groups: dict[str, list[str]] = {}
    for key, value in connection.execute(query):
        groups.setdefault(key, []).append(value)
    return {key: tuple(values) for key, values in groups.items()}
