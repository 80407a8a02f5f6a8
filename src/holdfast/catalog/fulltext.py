"""The full-text index: passages in, hits out. The only file that knows the database's search language.

A passage is a stretch of an asset's text: a title, a description, a tag, one caption. Its row keeps the original text;
the index keeps only keys (`tokens`), so the database's own tokeniser sees nothing but words parted by spaces.

Rules:

- **The id of a passage says what a filter needs**: kind, access level and language are its upper bits. So a filter is
  arithmetic on the row id, inside the search itself: a hit that may not be seen is never counted, ranked or fetched.
  Kinds come first, so titles lie before captions, and a ranking that is cut short has seen every title.
- **Only the first 5,000 matches are ranked** (bm25, weighed by kind). Who searches for a word that is everywhere gets
  titles and then early captions; the page says that its total is not exact.
- **The index is taken back as it was given**: to remove a passage its keys are made again from its row. Rows and index
  are written here and nowhere else, in the caller's transaction, and a catalogue made by another `VERSION` is rebuilt.
- **Order does not matter**: keys depend on the passage alone; `dump` is the same after a rebuild and after any changes.

    metadata = MetaData(); define_passages(metadata); metadata.create_all(engine)
    replace_passages(connection, "k7m2x9qd4htb7", [Passage("title", "Filmarchiv Köln", access="public", language="de")])
    search(connection, "film koeln").hits[0].asset
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from sqlalchemy import DDL, BigInteger, Column, Connection, Integer, MetaData, Table, Text, bindparam, event, text
from sqlalchemy.schema import ExecutableDDLElement

from holdfast.catalog import tokens
from holdfast.catalog.hits import Hit, Page, WorkHits, WorksPage
from holdfast.catalog.marking import find_marks
from holdfast.catalog.queries import Phrase, Query, query_terms
from holdfast.catalog.tokens import Streams

VERSION = f"1/{tokens.VERSION}"  # belongs into the catalogue's version: another one means "rebuild"

# In the order in which they are found, with what a match in them weighs.
KINDS = {
    "title": 4.0,
    "person": 3.0,
    "place": 3.0,
    "tag": 3.0,
    "chapter": 2.0,
    "description": 1.5,
    "file": 1.5,
    "note": 1.0,
    "caption": 1.0,
}
RANKED = 5_000
LOOKED_AT = 10_000  # so many matches are tried when only some assets are asked for

Row = dict[str, Any]  # of the table `passage`

_EXTRA_WEIGHT = 0.5  # a compound's part, another language's stem: half a match
_KIND_SHIFT, _ACCESS_SHIFT, _LANGUAGE_SHIFT = 56, 46, 36
_LABELS = 1 << 10  # access levels and languages together
_KEPT_FOR_LEVELS = 64  # of them, so that a level is never without a number
_BATCH = 5_000
_ORDER = {kind: number for number, kind in enumerate(KINDS)}


@dataclass(frozen=True, slots=True)
class Passage:
    """A text of an asset that can be found. Times are microseconds of media time, or None for the whole asset."""

    kind: str
    text: str
    access: str
    language: str = ""
    start_us: int | None = None
    end_us: int | None = None


# --------------------------------------------------------------------------------------------------- the tables


def define_passages(metadata: MetaData) -> Table:
    """The table `passage`, and beside it what the index needs; `metadata.create_all` makes all of it."""
    table = Table(
        "passage",
        metadata,
        Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False),
        Column("asset", Text, nullable=False, index=True),
        Column("access", Text, nullable=False),
        Column("kind", Text, nullable=False),
        Column("language", Text, nullable=False),
        Column("start_us", BigInteger),
        Column("end_us", BigInteger),
        Column("text", Text, nullable=False),
    )
    # The numbers by which ids speak of access levels and languages: how they were given is nobody's business.
    names = Column("name", Text, nullable=False, unique=True)
    Table("passage_label", metadata, Column("number", Integer, primary_key=True), names)
    for statement in _CREATE:
        event.listen(table, "after_create", _for_sqlite(statement))
    for name in ("passage_posting", "passage_index"):
        event.listen(table, "before_drop", _for_sqlite(f"DROP TABLE IF EXISTS {name}"))
    return table


def _for_sqlite(statement: str) -> ExecutableDDLElement:
    return DDL(statement).execute_if(dialect="sqlite")  # type: ignore[no-untyped-call]


# The ascii tokeniser leaves everything beyond ASCII as it is; our keys are lower case already.
_CREATE = (
    "CREATE VIRTUAL TABLE passage_index USING fts5(words, extra, content='', tokenize=\"ascii tokenchars '_'\")",
    "CREATE VIRTUAL TABLE passage_posting USING fts5vocab('passage_index', 'instance')",
)
_INSERT_ROW = text(
    "INSERT INTO passage (id, asset, access, kind, language, start_us, end_us, text)"
    " VALUES (:id, :asset, :access, :kind, :language, :start_us, :end_us, :text)"
)
_INSERT_KEYS = text("INSERT INTO passage_index (rowid, words, extra) VALUES (:id, :words, :extra)")
_TAKE_BACK_KEYS = text(
    "INSERT INTO passage_index (passage_index, rowid, words, extra) VALUES ('delete', :id, :words, :extra)"
)
_DELETE_ROW = text("DELETE FROM passage WHERE id = :id")


# ------------------------------------------------------------------------------------------------------ writing


def load_passages(connection: Connection, passages: Iterable[tuple[str, Passage]]) -> int:
    """File many passages, each with its asset; how many. After a rebuild, `optimize` the index.

    Raises:
        ValueError: a kind that is not in `KINDS`, or an access level that is not named.
    """
    return load_with_keys(connection, ((asset, passage, keys_of(passage)) for asset, passage in passages))


def keys_of(passage: Passage) -> Streams:
    """The keys under which it is to be filed: the dear part of filing, which any process can do beforehand."""
    return tokens.index_streams(_storable(passage).text, passage.language)


def load_with_keys(connection: Connection, passages: Iterable[tuple[str, Passage, Streams]]) -> int:
    """As `load_passages`, for passages whose keys (`keys_of`) are at hand."""
    numbers = _Numbers(connection)
    stream = iter(passages)
    count = 0
    while batch := list(islice(stream, _BATCH)):
        rows = [_row(numbers.next_id(passage), asset, passage) for asset, passage, _ in batch]
        connection.execute(_INSERT_ROW, rows)
        connection.execute(_INSERT_KEYS, [_filed(row, keys) for row, (_, _, keys) in zip(rows, batch, strict=True)])
        count += len(rows)
    return count


def replace_passages(connection: Connection, asset: str, passages: Iterable[Passage]) -> None:
    """Make these the passages of the asset; those that were there already stay untouched. No passages: forget it.

    Raises:
        ValueError: see `load_passages`.
    """
    wanted = Counter(_storable(passage) for passage in passages)
    gone: list[Row] = []
    for row in _rows_of(connection, asset):
        passage = Passage(**{name: value for name, value in row.items() if name not in ("id", "asset")})
        if wanted[passage]:
            wanted[passage] -= 1
        else:
            gone.append(row)
    if gone:
        connection.execute(_TAKE_BACK_KEYS, [_keys(row) for row in gone])
        connection.execute(_DELETE_ROW, [{"id": row["id"]} for row in gone])
    load_passages(connection, ((asset, passage) for passage in wanted.elements()))


def _rows_of(connection: Connection, asset: str) -> list[Row]:
    found = connection.execute(text("SELECT * FROM passage WHERE asset = :asset"), {"asset": asset})
    return [dict(row) for row in found.mappings()]


def optimize(connection: Connection) -> None:
    """Merge the index into one piece, the fastest to read. Worth it after a rebuild; some seconds a million."""
    connection.execute(text("INSERT INTO passage_index (passage_index) VALUES ('optimize')"))


def dump(connection: Connection) -> list[tuple[Any, ...]]:
    """Every passage and every key with its place, sorted and without ids: equal for equal content."""
    rows = "SELECT asset, kind, access, language, start_us, end_us, text FROM passage"
    postings = (
        "SELECT v.term, v.col, v.offset, p.asset, p.kind, p.access, p.language, p.start_us, p.end_us, p.text"
        " FROM passage_posting v LEFT JOIN passage p ON p.id = v.doc"
    )
    found = (tuple(row) for query in (rows, postings) for row in connection.execute(text(query)))
    return sorted(found, key=repr)


class _Numbers:
    """Gives ids: kind, access and language above, a running number below."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._labels = _labels(connection)
        self._last: dict[int, int] = {}

    def next_id(self, passage: Passage) -> int:
        if passage.kind not in KINDS:
            raise ValueError(f"{passage.kind!r} is no kind of passage; there are {', '.join(KINDS)}")
        if not passage.access:
            raise ValueError("a passage without a known access level is not filed, for it could not be withheld")
        band = _ORDER[passage.kind] << _KIND_SHIFT
        band |= self._label(passage.access) << _ACCESS_SHIFT | self._language(passage.language) << _LANGUAGE_SHIFT
        if band not in self._last:
            found = self._connection.execute(
                text("SELECT max(id) FROM passage WHERE id BETWEEN :low AND :high"),
                {"low": band, "high": band | (1 << _LANGUAGE_SHIFT) - 1},
            ).scalar()
            self._last[band] = band if found is None else found
        self._last[band] += 1
        return self._last[band]

    def _language(self, name: str) -> int:
        """The number of a language. When a thousand have one, further ones are found as those of no known language."""
        is_full = len(self._labels) >= _LABELS - _KEPT_FOR_LEVELS
        return self._label("" if is_full and name not in self._labels else name)

    def _label(self, name: str) -> int:
        if name not in self._labels:
            number = len(self._labels)
            if number >= _LABELS:
                raise ValueError(f"more than {_KEPT_FOR_LEVELS} different access levels")
            statement = text("INSERT INTO passage_label (number, name) VALUES (:number, :name)")
            self._connection.execute(statement, {"number": number, "name": name})
            self._labels[name] = number
        return self._labels[name]


def _labels(connection: Connection) -> dict[str, int]:
    return {name: number for number, name in connection.execute(text("SELECT number, name FROM passage_label"))}


def _storable(passage: Passage) -> Passage:
    """The passage as the database can keep it: half of a surrogate pair (a broken file name) has no UTF-8."""
    if passage.text.isascii():
        return passage
    storable = passage.text.encode("utf-8", "replace").decode("utf-8")
    fields = (passage.access, passage.language, passage.start_us, passage.end_us)
    return passage if storable == passage.text else Passage(passage.kind, storable, *fields)


def _row(number: int, asset: str, passage: Passage) -> Row:
    passage = _storable(passage)
    fields = ("access", "kind", "language", "start_us", "end_us", "text")
    return {"id": number, "asset": asset} | {name: getattr(passage, name) for name in fields}


def _keys(row: Row) -> Row:
    return _filed(row, tokens.index_streams(str(row["text"]), str(row["language"])))


def _filed(row: Row, streams: Streams) -> Row:
    extra = f"{streams.extra} {_asset_key(str(row['asset']))}".strip()
    return {"id": row["id"], "words": streams.words, "extra": extra}


def _asset_key(asset: str) -> str:
    """The key that every passage of the asset carries, so that a search within it reads only its own."""
    return f"a_{asset.encode().hex()}"


# ------------------------------------------------------------------------------------------------------ reading


def search(
    connection: Connection,
    query: str,
    *,
    limit: int = 20,
    offset: int = 0,
    access: Sequence[str] = ("public",),
    languages: Sequence[str] | None = None,
    kinds: Sequence[str] | None = None,
    asset: str | None = None,
    by_asset: bool = False,
) -> Page:
    """The passages that meet the query (see `queries`), best first; with `by_asset` the best of each asset.

    Only passages of the `access` levels named are looked at. `languages` are tags exactly as filed. Never raises for
    what stands in `query`; an empty or meaningless one finds nothing.
    """
    terms = query_terms(query)
    conditions = _conditions(_labels(connection), access, languages, kinds)
    if not terms.wanted or conditions is None:
        return Page((), 0, is_exact=True)
    statement = text(_statement(conditions, by_asset=by_asset)).bindparams(bindparam("access", expanding=True))
    bound = {"match": _match(terms, asset), "access": list(access), "limit": limit, "offset": offset}
    rows = connection.execute(statement, bound).mappings().all()
    first = rows[0]  # there is always one: the counts come with an empty hit when the page is empty
    hits = tuple(_hit(dict(row), terms) for row in rows if row["asset"] is not None)
    return Page(hits, min(first["total"], RANKED), is_exact=first["considered"] <= RANKED)


def search_works(
    connection: Connection,
    query: str,
    *,
    limit: int = 10,
    offset: int = 0,
    moments: int = 3,
    access: Sequence[str] = ("public",),
    languages: Sequence[str] | None = None,
    kinds: Sequence[str] | None = None,
    among: Collection[str] | None = None,
) -> WorksPage:
    """The assets that meet the query, best first, each with its best `moments`: as `search`, in one question.

    With `among`, only these assets, at most a few ten thousand.
    """
    terms = query_terms(query)
    conditions = _conditions(_labels(connection), access, languages, kinds)
    if not terms.wanted or conditions is None:
        return WorksPage((), 0, is_exact=True)
    chosen = among is not None
    statement = text(_works_statement(conditions, chosen=chosen)).bindparams(bindparam("access", expanding=True))
    bound: Row = {"match": _match(terms, None), "access": list(access), "limit": limit, "offset": offset}
    bound |= {"moments": moments} | ({"among": json.dumps(sorted(among))} if among is not None else {})
    rows = connection.execute(statement, bound).mappings().all()
    found: dict[str, list[Row]] = {}
    for row in rows:
        if row["asset"] is not None:
            found.setdefault(row["asset"], []).append(dict(row))
    works = tuple(_work_hits(asset, gathered, terms) for asset, gathered in found.items())
    total, considered = rows[0]["total"], rows[0]["considered"]
    return WorksPage(works, total, is_exact=considered <= (LOOKED_AT if chosen else RANKED))


def _work_hits(asset: str, rows: list[Row], terms: Query) -> WorkHits:
    hits = [_hit(row, terms) for row in rows]
    about = next((hit for hit in hits if hit.start_us is None), None)
    moments = tuple(sorted((hit for hit in hits if hit.start_us is not None), key=lambda hit: hit.start_us or 0))
    return WorkHits(asset, about, moments, moments[0].count if moments else 0)


def ids_of_kind(kind: str) -> tuple[int, int]:
    """The least and the greatest id that a passage of this kind can have."""
    return _ORDER[kind] << _KIND_SHIFT, (_ORDER[kind] + 1 << _KIND_SHIFT) - 1


def filed_languages(connection: Connection) -> list[str]:
    """The tags under which passages may be filed, of any level: to be asked for, and not to be shown."""
    return sorted(_labels(connection))


def _conditions(
    labels: dict[str, int], access: Sequence[str], languages: Sequence[str] | None, kinds: Sequence[str] | None
) -> str | None:
    """The filters as arithmetic on the row id; None if nothing can pass them."""
    levels = sorted({labels[name] for name in access if name in labels})
    parts = [f"((rowid >> {_ACCESS_SHIFT}) & {_LABELS - 1}) IN ({_list(levels)})"]
    if languages is not None:
        tags = sorted({labels[name] for name in languages if name in labels})
        parts.append(f"((rowid >> {_LANGUAGE_SHIFT}) & {_LABELS - 1}) IN ({_list(tags)})")
        levels = levels and tags
    if kinds is not None:
        orders = sorted({_ORDER[kind] for kind in kinds if kind in _ORDER})
        if not orders:
            return None
        parts.append(f"rowid BETWEEN {orders[0] << _KIND_SHIFT} AND {((orders[-1] + 1) << _KIND_SHIFT) - 1}")
        parts.append(f"(rowid >> {_KIND_SHIFT}) IN ({_list(orders)})")
    return " AND ".join(parts) if levels else None


def _list(numbers: Iterable[int]) -> str:
    return ", ".join(map(str, numbers))


def _matches(conditions: str, most: int) -> str:
    weights = " ".join(f"WHEN {number} THEN {KINDS[kind]}" for kind, number in _ORDER.items())
    # Nothing that was typed is in these statements: numbers of our own, and names of columns.
    return (
        f"SELECT rowid AS id, -bm25(passage_index, 1.0, {_EXTRA_WEIGHT})"  # noqa: S608
        f" * CASE rowid >> {_KIND_SHIFT} {weights} END AS score"
        f" FROM passage_index WHERE passage_index MATCH :match AND {conditions} LIMIT {most + 1}"
    )


def _works_statement(conditions: str, *, chosen: bool) -> str:
    among = " AND p.asset IN (SELECT value FROM json_each(:among))" if chosen else ""
    part = "PARTITION BY l.asset, l.whole"
    # Places are given within the works of the page alone: to give them to all that was found costs three times as much.
    return (
        f"WITH found AS MATERIALIZED ({_matches(conditions, LOOKED_AT if chosen else RANKED)}),"  # noqa: S608
        " placed AS MATERIALIZED (SELECT p.asset AS asset, f.id AS id, f.score AS score, p.start_us IS NULL AS whole"
        f" FROM found f JOIN passage p ON p.id = f.id WHERE p.access IN :access{among}),"
        " works AS MATERIALIZED (SELECT asset, max(score) AS best FROM placed GROUP BY asset),"
        " page AS MATERIALIZED (SELECT * FROM works ORDER BY best DESC, asset LIMIT :limit OFFSET :offset),"
        " hit AS MATERIALIZED (SELECT l.id AS id, l.score AS score, w.best AS best, w.asset AS asset,"
        f" row_number() OVER ({part} ORDER BY l.score DESC, l.id) AS place, count(*) OVER ({part}) AS count"
        " FROM page w JOIN placed l ON l.asset = w.asset)"
        " SELECT p.*, b.score, b.count, c.total, c.considered"
        " FROM (SELECT (SELECT count(*) FROM works) AS total, (SELECT count(*) FROM found) AS considered) c"
        " LEFT JOIN hit b ON b.place <= :moments LEFT JOIN passage p ON p.id = b.id"
        " ORDER BY b.best DESC, b.asset, b.score DESC, b.id"
    )


def _statement(conditions: str, *, by_asset: bool) -> str:
    found = _matches(conditions, RANKED)
    if by_asset:
        # SQLite: beside max(), a bare column comes from the row of the maximum.
        ranked = (
            "SELECT p.asset AS asset, f.id AS id, max(f.score) AS score, count(*) AS count"
            " FROM found f JOIN passage p ON p.id = f.id WHERE p.access IN :access GROUP BY p.asset"
        )
    else:
        ranked = "SELECT '' AS asset, id, score, 1 AS count FROM found"
    return (
        f"WITH found AS MATERIALIZED ({found}), ranked AS MATERIALIZED ({ranked}),"  # noqa: S608
        " page AS (SELECT * FROM ranked ORDER BY score DESC, count DESC, asset, id LIMIT :limit OFFSET :offset)"
        " SELECT p.*, b.score, b.count, c.total, c.considered"
        " FROM (SELECT (SELECT count(*) FROM ranked) AS total, (SELECT count(*) FROM found) AS considered) c"
        " LEFT JOIN page b LEFT JOIN passage p ON p.id = b.id AND p.access IN :access"
        " ORDER BY b.score DESC, b.count DESC, b.asset, b.id"
    )


def _hit(row: Row, terms: Query) -> Hit:
    names = ("asset", "kind", "language", "start_us", "end_us", "text", "score", "count")
    marks = find_marks(str(row["text"]), str(row["language"]), terms)
    return Hit(marks=marks, **{name: row[name] for name in names})


def _match(terms: Query, asset: str | None) -> str:
    """The query in FTS5's language. Every key stands in quotes and holds none."""
    wanted = [_any(term.alternatives) for term in terms.wanted]
    if asset is not None:
        wanted.append(f'"{_asset_key(asset)}"')
    match = " AND ".join(wanted)
    if terms.unwanted:
        match = f"({match}) NOT ({' OR '.join(_any(term.alternatives) for term in terms.unwanted)})"
    return match


def _any(alternatives: Iterable[Phrase]) -> str:
    return "(" + " OR ".join(_phrase(phrase) for phrase in alternatives) + ")"


def _phrase(phrase: Phrase) -> str:
    column = "words : " if phrase.in_place else ""
    star = " *" if phrase.is_prefix else ""
    return f'{column}"{" ".join(phrase.keys)}"{star}'
