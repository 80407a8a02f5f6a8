"""What a reader may see: the questions of the public pages, each with the levels that the reader is let in to.

Rules:

- Every function takes `access`, the words of these levels, and filters inside SQL. There is no other way to ask.
- A level is the effective one, an embargo considered. A row whose level is none of these words is never given, nor
  counted, nor named; an asset without a row (its object is damaged) does not exist here.
- What hangs on an asset (titles, labels, passages) is given with that asset or not at all.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, String, func, literal_column, select

from holdfast.catalog import schema
from holdfast.catalog.lists import AFTER_ALPHABET, IDS_IN_A_QUERY, SHORTEST_PREFIX, labelled, spellings, titles_of
from holdfast.model.ids import ALPHABET, AssetId


@dataclass(frozen=True)
class VisibleAsset:
    """An asset that may be seen. `access` is its effective level, which ends at `opens_at` if that is not "".

    What was read of its object stays true as long as `inventory_digest` is the same. Times are RFC 3339 in UTC;
    `duration_us` is None while nobody knows it.
    """

    asset: str
    object: str
    inventory_digest: str
    title: str
    status: str
    access: str
    opens_at: str
    category: str
    created_at: str
    duration_us: int | None


@dataclass(frozen=True)
class Label:
    """A word by which assets are grouped, and how many visible assets have it."""

    text: str
    count: int


@dataclass(frozen=True)
class VisiblePassage:
    """A stretch of text of an asset. Times are microseconds of asset time, None for what is said of the whole."""

    kind: str
    language: str
    start_us: int | None
    end_us: int | None
    text: str


@dataclass(frozen=True)
class Counts:
    """What may be seen, in numbers: assets in all and by status, and the length of all that is known."""

    assets: int
    by_status: dict[str, int]
    duration_us: int


def visible_asset(connection: Connection, asset: AssetId | str, access: Sequence[str]) -> VisibleAsset | None:
    """The asset with this id; None if there is none, or it may not be seen: nobody can tell which."""
    found = connection.execute(_visible(access).where(schema.assets.c.id == str(asset))).first()
    return _asset(found) if found else None


def visible_assets(
    connection: Connection, chosen: Collection[str], access: Sequence[str], languages: Sequence[str] = ()
) -> dict[str, VisibleAsset]:
    """Those of the `chosen` that may be seen, by id."""
    found: list[VisibleAsset] = []
    ids = sorted(chosen)
    for some in (ids[at : at + IDS_IN_A_QUERY] for at in range(0, len(ids), IDS_IN_A_QUERY)):
        query = _visible(access).where(schema.assets.c.id.in_(some))
        found += _titled(connection, query, languages)
    return {asset.asset: asset for asset in found}


def fitting(connection: Connection, typed: str, access: Sequence[str], *, limit: int) -> list[str]:
    """The ids of those that may be seen and may be meant: a title of theirs is `typed`, or their id begins so.

    A beginning has four characters or more. In the order of the ids; it fits one alone if there is one in the list.
    """
    assets, titles = schema.assets, schema.titles
    spelled = "".join(typed.split()).replace("-", "").lower()
    named = select(titles.c.asset).where(titles.c.text.in_(spellings(typed.strip())))
    is_meant: ColumnElement[bool] = assets.c.id.in_(named)
    if len(spelled) >= SHORTEST_PREFIX and set(spelled) <= set(ALPHABET):
        is_meant |= (assets.c.id >= spelled) & (assets.c.id < spelled + AFTER_ALPHABET)
    query = select(assets.c.id).where(may_be_seen(access), is_meant).order_by(assets.c.id).limit(limit)
    return list(connection.execute(query).scalars())


def newest(
    connection: Connection,
    access: Sequence[str],
    *,
    limit: int,
    offset: int = 0,
    status: str | None = None,
    chosen: Select[tuple[str]] | None = None,
    languages: Sequence[str] = (),
) -> list[VisibleAsset]:
    """The assets that may be seen, the last that came first; titles in the first of `languages` that there is.

    Only those of a `status`, and those whose ids a query has `chosen` (see `labelled`), if they are given.
    """
    table = schema.assets
    query = select(table.c.id).where(on_the_way(access)).order_by(table.c.created_at.desc(), table.c.id.desc())
    if status is not None:
        query = query.where(table.c.status == status)
    if chosen is not None:
        query = query.where(table.c.id.in_(chosen))
    ids = connection.execute(query.limit(limit).offset(offset)).scalars().all()
    seen = visible_assets(connection, ids, access, languages)
    return [seen[asset] for asset in ids if asset in seen]


def labels_of_kind(
    connection: Connection,
    kind: str,
    access: Sequence[str],
    *,
    limit: int | None = None,
    offset: int = 0,
    by_text: bool = False,
    after: str = "",
) -> list[Label]:
    """The labels of a kind (`tag`, `person`, `place`, `collection`, `category`, `language`, `date`).

    Each comes with the number of visible assets that have it, those that most have first; one that no visible asset has
    is not there. With `by_text` they come in the order of their letters, and only those `after` a text.
    """
    table = schema.labels
    count = func.count(table.c.asset.distinct())
    query = (
        select(table.c.text, count)
        .where(table.c.kind == kind, table.c.access.in_(list(access)), table.c.text > after)
        .group_by(table.c.text)
        .order_by(*((table.c.text,) if by_text else (count.desc(), table.c.text)))
    )
    return [Label(text, number) for text, number in connection.execute(query.limit(limit).offset(offset))]


def assets_with_label(
    connection: Connection,
    kind: str,
    text: str,
    access: Sequence[str],
    *,
    limit: int,
    offset: int = 0,
    languages: Sequence[str] = (),
) -> list[VisibleAsset]:
    """The visible assets with this label, however its letters are composed, in the order in which they came."""
    table = schema.assets
    query = _visible(access).where(table.c.id.in_(labelled(kind, text))).order_by(table.c.created_at, table.c.id)
    return _titled(connection, query.limit(limit).offset(offset), languages)


def count_with_label(connection: Connection, kind: str, text: str, access: Sequence[str]) -> int:
    """How many assets `assets_with_label` would give without a limit."""
    query = select(func.count()).select_from(schema.assets)
    return connection.execute(
        query.where(may_be_seen(access), schema.assets.c.id.in_(labelled(kind, text)))
    ).scalar_one()


def visible_titles(
    connection: Connection, chosen: Collection[str], access: Sequence[str], languages: Sequence[str] = ()
) -> dict[str, str]:
    """The titles of those of the `chosen` that may be seen, in the first of `languages` that there is."""
    return {asset: seen.title for asset, seen in visible_assets(connection, chosen, access, languages).items()}


def passages_of(
    connection: Connection,
    asset: AssetId | str,
    kinds: Sequence[str],
    access: Sequence[str],
    *,
    language: str | None = None,
) -> list[VisiblePassage]:
    """What an asset says in these kinds of passages (see `fulltext.KINDS`), in the order of time.

    `kinds=("caption",)` with a `language` is a transcript. Nothing if the asset may not be seen.
    """
    table = schema.passages
    query = (
        select(table.c.kind, table.c.language, table.c.start_us, table.c.end_us, table.c.text)
        .join(schema.assets, schema.assets.c.id == table.c.asset)
        .where(table.c.asset == str(asset), table.c.kind.in_(kinds), table.c.access.in_(access), may_be_seen(access))
        .order_by(table.c.language, table.c.start_us, table.c.end_us, table.c.id)
    )
    if language is not None:
        query = query.where(table.c.language == language)
    return [VisiblePassage(*row) for row in connection.execute(query)]


def languages_of(connection: Connection, asset: AssetId | str, kind: str, access: Sequence[str]) -> dict[str, int]:
    """In which languages an asset has passages of this kind, and how many; empty if it may not be seen."""
    table = schema.passages
    query = (
        select(table.c.language, func.count())
        .join(schema.assets, schema.assets.c.id == table.c.asset)
        .where(table.c.asset == str(asset), table.c.kind == kind, table.c.access.in_(access), may_be_seen(access))
        .group_by(table.c.language)
        .order_by(table.c.language)
    )
    return {row[0]: row[1] for row in connection.execute(query)}


def counts(connection: Connection, access: Sequence[str]) -> Counts:
    """What may be seen, in numbers."""
    table = schema.assets
    length = func.coalesce(func.sum(table.c.duration_us), 0)
    query = select(table.c.status, func.count(), length).where(may_be_seen(access)).group_by(table.c.status)
    found = connection.execute(query.order_by(table.c.status)).all()
    by_status = {status: count for status, count, _ in found}
    return Counts(sum(by_status.values()), by_status, sum(int(length) for _, _, length in found))


# --------------------------------------------------------------------------------------------- parts of questions


def may_be_seen(access: Sequence[str]) -> ColumnElement[bool]:
    """Of an asset: that its effective level is one of these."""
    return schema.assets.c.access.in_(list(access))


def on_the_way(access: Sequence[str]) -> ColumnElement[bool]:
    """The same, to be looked at while the assets are walked in an order: not by the index of levels, which has none."""
    return literal_column("+asset.access", String).in_(list(access))


def _visible(access: Sequence[str]) -> Select[tuple[Any, ...]]:
    assets, objects = schema.assets, schema.objects
    columns = (assets.c.id.label("asset"), assets.c.object, objects.c.inventory_digest, assets.c.title, assets.c.status)
    more = (assets.c.access, assets.c.opens_at, assets.c.category, assets.c.created_at, assets.c.duration_us)
    # A stray copy of the object bears the same id, and a fault: the one in its place has none.
    its_object = (objects.c.id == assets.c.object) & (objects.c.fault == "")
    return select(*columns, *more).join(objects, its_object).where(may_be_seen(access))


def _titled(connection: Connection, query: Select[tuple[Any, ...]], languages: Sequence[str]) -> list[VisibleAsset]:
    found = [_asset(row) for row in connection.execute(query)]
    titles = titles_of(connection, [asset.asset for asset in found], languages) if languages else {}
    return [replace(asset, title=titles.get(asset.asset, asset.title)) for asset in found]


def _asset(row: Row[tuple[Any, ...]]) -> VisibleAsset:
    return VisibleAsset(**row._mapping)
