"""The tables of the catalogue. All of it is derived from the store; it has a version and no migrations.

`VERSION` changes whenever a table or the way it is filled changes; a catalogue of another version is made anew from the
disk. Media times are integer microseconds, civil times RFC 3339 text in UTC to the second (which sorts).

Keys of tables are such that no record, however odd, can offend them: what a record repeats stands twice.
"""

from __future__ import annotations

import os

from sqlalchemy import BigInteger, Column, Dialect, Index, Integer, MetaData, String, Table, Text, TypeDecorator

from holdfast.catalog.fulltext import define_passages

VERSION = 6


class Key(TypeDecorator[str]):
    """A place in the backend. A folder whose name is not UTF-8 has one that is no text: it is kept as its bytes."""

    impl = String
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002 (the interface)
        """The text, or the bytes that only look like one."""
        if value is None or value.isascii():
            return value
        raw = os.fsencode(value)
        try:
            return raw.decode("utf-8")
        except UnicodeDecodeError:
            return raw  # type: ignore[return-value]  # SQLite keeps what it is given, whatever the column

    def process_result_value(self, value: str | bytes | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        """The key as the backend spells it."""
        return os.fsdecode(value) if isinstance(value, bytes) else value


metadata = MetaData()

passages = define_passages(metadata)

about = Table(
    "about",
    metadata,
    Column("name", String, primary_key=True),
    Column("value", String, nullable=False),
)

# Objects that a deed is about to change. The note is committed before the deed and removed with the refresh, so a
# process that died between the two leaves word of what to look at again. The one table that is not derived: a rebuild
# keeps it.
pending = Table("pending", metadata, Column("object", String, primary_key=True))

# Every object that lies on the disk, by its place: of two that claim the same id, one lies where it belongs. All other
# tables tell of well-placed objects alone, so an id stands there once. Without an inventory the id is the place.
objects = Table(
    "object",
    metadata,
    Column("key", Key, primary_key=True),
    Column("id", String, nullable=False, index=True),
    Column("kind", String, nullable=False, index=True),
    Column("head", Integer, nullable=False),
    Column("inventory_digest", String, nullable=False),
    Column("changed_at", String, nullable=False, index=True),
    Column("fault", Text, nullable=False),
)

assets = Table(
    "asset",
    metadata,
    Column("id", String, primary_key=True),
    Column("object", String, nullable=False, index=True),
    Column("status", String, nullable=False, index=True),
    Column("access", String, nullable=False),  # the effective level, when the row was made
    Column("opens_at", String, nullable=False, index=True),  # when an embargo that closes it further ends, or ""
    Column("title", Text, nullable=False),
    Column("category", String, nullable=False),
    Column("created_at", String, nullable=False),
    Column("duration_us", BigInteger),
    Column("size_bytes", BigInteger, nullable=False),
    Column("warnings", Integer, nullable=False),
    Column("title_key", Text, nullable=False),  # its title as lists are sorted by it
    Column("first_day", String, nullable=False),  # of its first date, ISO 8601; "~", behind all, if it tells of no days
    Column("last_day", String, nullable=False),  # likewise; "" if it tells of no days
    Column("form", String, nullable=False),  # what of it can be watched: film, sound, or "" for neither
    Index("asset_by_access", "access", "status", "duration_us"),
    # A list is walked along one of these, and reads no more of them than it shows.
    *(Index(f"asset_by_{key}", key, "id", "access") for key in ("created_at", "title_key", "first_day", "last_day")),
)

instantiations = Table(
    "instantiation",
    metadata,
    Column("asset", String, primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("file", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("digest", String, nullable=False, index=True),
    Column("size_bytes", BigInteger, nullable=False, index=True),
    Column("original_name", Text, nullable=False),
    Column("container", String, nullable=False),
    Column("duration_us", BigInteger),
    Column("width", Integer),
    Column("height", Integer),
    Column("is_gone", Integer, nullable=False),  # a master that was declared lost: nothing can be made of it
)

# Words by which assets are grouped: tags, people, places, collections, categories, languages, dates. The level of the
# asset stands beside each, so that words can be counted for a reader in one walk along the index.
labels = Table(
    "label",
    metadata,
    Column("asset", String, primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("kind", String, nullable=False),
    Column("text", String, nullable=False),
    Column("detail", String, nullable=False),
    Column("access", String, nullable=False),
    Index("label_by_text", "kind", "text", "asset", "access"),
)

titles = Table(
    "title",
    metadata,
    Column("asset", String, primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("language", String, nullable=False),
    Column("text", Text, nullable=False),
)

# Where and under which name a work was published: a file found again under that id is the same work.
publications = Table(
    "publication",
    metadata,
    Column("asset", String, primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("site", String, nullable=False),
    Column("item", String, nullable=False),
    Column("url", Text, nullable=False),
    Index("publication_by_item", "site", "item"),
)

# Fingerprints that stand in the objects, and the file that each is of. What the index of `fingerprints` is made from.
fingerprints = Table(
    "fingerprint",
    metadata,
    Column("asset", String, primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("path", Text, nullable=False),
    Column("file", Text, nullable=False),
    Column("digest", String, nullable=False),
)

# Found copies, each by its object.
found_copies = Table(
    "found_copy",
    metadata,
    Column("object", String, primary_key=True),
    Column("digest", String, nullable=False, index=True),
    Column("file", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("size_bytes", BigInteger, nullable=False, index=True),
    Column("duration_us", BigInteger),
    Column("kept_at", String, nullable=False, index=True),
    Column("fingerprint", Text, nullable=False),
)

# Comments that were let in, each by its object. One that was withdrawn has no text here.
comments = Table(
    "comment",
    metadata,
    Column("object", String, primary_key=True),
    Column("id", String, nullable=False, index=True),
    Column("asset", String, nullable=False, index=True),
    Column("start_us", BigInteger),
    Column("end_us", BigInteger),
    Column("language", String, nullable=False),
    Column("name", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("written_at", String, nullable=False),
    Column("published_at", String, nullable=False),
    Column("withdrawn_at", String, nullable=False),
)

# Posts, exhibitions and programmes: their titles by language, their labels, and the works that stand in them.
pieces = Table(
    "piece",
    metadata,
    Column("object", String, primary_key=True),
    Column("id", String, nullable=False, index=True),
    Column("kind", String, nullable=False),
    Column("access", String, nullable=False),  # the effective level, when the row was made
    Column("opens_at", String, nullable=False, index=True),
    Column("title", Text, nullable=False),
    Column("author", Text, nullable=False),
    Column("category", Text, nullable=False),
    Column("dated", String, nullable=False),
    Column("created_at", String, nullable=False),
    Column("place", Text, nullable=False),
    Index("piece_by_date", "kind", "dated"),
)

piece_titles = Table(
    "piece_title",
    metadata,
    Column("object", String, primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("language", String, nullable=False),
    Column("text", Text, nullable=False),
)

piece_labels = Table(
    "piece_label",
    metadata,
    Column("object", String, primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("kind", String, nullable=False),
    Column("text", String, nullable=False),
    Index("piece_label_by_text", "kind", "text"),
)

piece_items = Table(
    "piece_item",
    metadata,
    Column("object", String, primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("asset", String, nullable=False, index=True),
    Column("start_us", BigInteger),
)

# The newest fixity check of each object that the journals tell of: the greatest (at, journal, file).
checks = Table(
    "fixity_check",
    metadata,
    Column("object", String, primary_key=True),
    Column("head", Integer, nullable=False),
    Column("at", String, nullable=False, index=True),
    Column("result", String, nullable=False),
    Column("journal", String, nullable=False, index=True),
    Column("file", String, nullable=False),
)
