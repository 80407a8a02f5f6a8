"""Works in an order, page by page: the lists that a reader wanders through.

Rules:

- Every question takes `access`, the reader's levels, as in `visible`; what else is asked narrows that further.
- A page begins after a work (or ends before one), named by its id. So pages stay where they are while works come and
  go, and a page deep in the list costs what the first one does. A work that the reader may not see names no place:
  then the list is given from its beginning, and nobody can feel out where a hidden work stands in it.
- What is not known (no date, no length) comes last.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    CompoundSelect,
    Connection,
    bindparam,
    exists,
    func,
    literal_column,
    or_,
    select,
    tuple_,
    union_all,
)

from holdfast.catalog import fulltext, schema
from holdfast.catalog.lists import labelled
from holdfast.catalog.visible import VisibleAsset, may_be_seen, on_the_way, visible_assets


class Order(StrEnum):
    """What comes first."""

    NEWEST = "newest"  # what came to the archive last
    TITLE = "title"  # by the letters of the main title
    DATE = "date"  # what is from long ago
    LENGTH = "length"  # what is long


@dataclass(frozen=True)
class Filters:
    """Which works are asked for. What is left as it is asks for nothing.

    Years are those that the work's first date may mean. `language` is the language that is spoken, without script or
    region; `form` is `film` or `sound`; `labels` are pairs of a kind and a text (see `lists.labelled`).
    """

    first_year: int | None = None
    last_year: int | None = None
    language: str = ""
    form: str = ""
    statuses: tuple[str, ...] = ()
    has_captions: bool = False
    labels: tuple[tuple[str, str], ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether everything is asked for."""
        return self == Filters()


@dataclass(frozen=True)
class Leaf:
    """One page of a list. `before` and `after` are where the pages beside it are asked for; "" if there is none."""

    works: list[VisibleAsset]
    before: str
    after: str


def leaf(
    connection: Connection,
    access: Sequence[str],
    filters: Filters = Filters(),
    *,
    order: Order = Order.NEWEST,
    limit: int,
    after: str = "",
    before: str = "",
    languages: Sequence[str] = (),
) -> Leaf:
    """The works that meet the filters, `limit` of them: those after a work, or the last ones before it."""
    key, is_descending = _KEYS[order]
    identity = schema.assets.c.id
    anchor = after or before
    place = connection.execute(select(key, identity).where(identity == anchor, may_be_seen(access))).first()
    turned = bool(before and not after and place)  # read backwards, to the page before
    goes_down = is_descending != turned
    query = select(identity).where(on_the_way(access), *conditions(filters))
    if place is not None:
        compared = tuple_(key, identity)
        query = query.where(compared < tuple_(*place) if goes_down else compared > tuple_(*place))
    columns = [one.desc() if goes_down else one for one in (key, identity)]
    found = list(connection.execute(query.order_by(*columns).limit(limit + 1)).scalars())
    has_more, found = len(found) > limit, found[:limit]
    if turned:
        found.reverse()
    seen = visible_assets(connection, found, access, languages)
    works = [seen[asset] for asset in found if asset in seen]
    first, last = (works[0].asset, works[-1].asset) if works else ("", "")
    has_before, has_after = (has_more, True) if turned else (place is not None, has_more)
    return Leaf(works, first if has_before else "", last if has_after else "")


def count(connection: Connection, access: Sequence[str], filters: Filters = Filters()) -> int:
    """How many works meet the filters."""
    query = select(func.count()).select_from(schema.assets).where(may_be_seen(access), *conditions(filters))
    return connection.execute(query).scalar_one()


def years(connection: Connection, access: Sequence[str]) -> tuple[int, int] | None:
    """The first and the last year that a date of a work may mean; None if no work has one."""
    days = schema.assets.c.first_day, schema.assets.c.last_day
    query = select(days[0], days[1]).where(on_the_way(access), days[1] != "")
    first = connection.execute(query.order_by(days[0]).limit(1)).first()
    last = connection.execute(query.order_by(days[1].desc()).limit(1)).first()
    return (int(first[0][:4]), int(last[1][:4])) if first and last else None


def ids(connection: Connection, access: Sequence[str], filters: Filters) -> list[str]:
    """The ids of all works that meet the filters, in no order."""
    query = select(schema.assets.c.id).where(may_be_seen(access), *conditions(filters))
    return list(connection.execute(query).scalars())


def newest_of_labels(connection: Connection, access: Sequence[str], kind: str, texts: Sequence[str]) -> dict[str, str]:
    """The work that came last with each of these labels, by the label's text; a lost one only if there is no other."""
    label, assets = schema.labels, schema.assets
    order = (assets.c.status == "lost", assets.c.created_at.desc(), assets.c.id)
    place = func.row_number().over(partition_by=label.c.text, order_by=order)
    ranked = (
        select(label.c.text, assets.c.id, place.label("place"))
        .join(assets, assets.c.id == label.c.asset)
        .where(label.c.kind == kind, label.c.text.in_(list(texts)), may_be_seen(access))
        .subquery()
    )
    query = select(ranked.c.text, ranked.c.id).where(ranked.c.place == 1)
    return {row.text: row.id for row in connection.execute(query)}


def kinds_of_labels(connection: Connection, access: Sequence[str]) -> set[str]:
    """Which kinds of labels the visible works have, of those that lists lead to."""
    return {row.kind for row in connection.execute(_KINDS, {"access": list(access)})}


def is_any_wanted(connection: Connection, access: Sequence[str]) -> bool:
    """Whether a visible work is lost or held in part."""
    return connection.execute(_WANTED, {"access": list(access)}).first() is not None


def conditions(filters: Filters) -> list[ColumnElement[bool]]:
    """The filters as conditions on the table of assets."""
    assets, labels = schema.assets, schema.labels
    found: list[ColumnElement[bool]] = []
    if filters.first_year is not None:
        found.append(assets.c.last_day >= f"{filters.first_year:04d}")
    if filters.last_year is not None:
        found.append(assets.c.first_day < f"{filters.last_year + 1:04d}")
    if filters.language:
        text = labels.c.text
        spoken = or_(text == filters.language, text.startswith(f"{filters.language}-", autoescape=True))
        found.append(assets.c.id.in_(select(labels.c.asset).where(labels.c.kind == "language", spoken)))
    if filters.form:
        found.append(assets.c.form == filters.form)
    if filters.statuses:
        found.append(assets.c.status.in_(filters.statuses))
    if filters.has_captions:
        passage = schema.passages.c
        of_kind = passage.id.between(*fulltext.ids_of_kind("caption"))
        found.append(exists(select(passage.id).where(passage.asset == assets.c.id, of_kind)))
    found += [assets.c.id.in_(labelled(kind, text)) for kind, text in filters.labels]
    return found


_assets = schema.assets.c
_KEYS: dict[Order, tuple[ColumnElement[Any], bool]] = {
    Order.NEWEST: (_assets.created_at, True),
    Order.TITLE: (_assets.title_key, False),
    Order.DATE: (_assets.first_day, False),
    Order.LENGTH: (func.coalesce(_assets.duration_us, -1), True),
}

# Asked on every page, so made once.
_label = schema.labels.c
_access: BindParameter[Any] = bindparam("access", expanding=True)
_KINDS: CompoundSelect[Any] = union_all(
    *(
        select(literal_column(f"'{kind}'").label("kind")).where(
            exists(select(_label.asset).where(_label.kind == kind, _label.access.in_(_access)))
        )
        for kind in ("tag", "person", "place", "collection", "category")
    )
)
_WANTED = select(_assets.id).where(_assets.access.in_(_access), _assets.status.in_(("lost", "held in part"))).limit(1)
