"""The tables of the catalogue. All of it is derived from the store; it has a version and no migrations.

`VERSION` changes whenever a table or the way it is filled changes; a catalogue of another version is made anew from the
disk. Media times are integer microseconds, civil times RFC 3339 text (which sorts), exact ratios text.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, MetaData, String, Table, Text

from holdfast.catalog.fulltext import define_passages

VERSION = 1

metadata = MetaData()

passages = define_passages(metadata)

about = Table(
    "about",
    metadata,
    Column("name", String, primary_key=True),
    Column("value", String, nullable=False),
)

# Objects that a deed is about to change. The row is committed before the deed and removed after the refresh, so a
# process that died between the two leaves a note of what to look at again.
pending = Table(
    "pending",
    metadata,
    Column("object", String, primary_key=True),
    Column("owner", String, primary_key=True),
    Column("since", String, nullable=False),
)

objects = Table(
    "object",
    metadata,
    Column("id", String, primary_key=True),
    Column("key", String, nullable=False),
    Column("kind", String, nullable=False, index=True),
    Column("head", Integer, nullable=False),
    Column("inventory_sha512", String, nullable=False),
    Column("changed_at", String, nullable=False, index=True),
    Column("content_files", Integer, nullable=False),
    Column("fault", Text, nullable=False, default=""),
)

files = Table(
    "file",
    metadata,
    Column("object", String, primary_key=True),
    Column("logical", String, primary_key=True),
    Column("digest", String, nullable=False, index=True),
)

assets = Table(
    "asset",
    metadata,
    Column("id", String, primary_key=True),
    Column("object", String, nullable=False, index=True),
    Column("status", String, nullable=False, index=True),
    Column("access", String, nullable=False, index=True),
    Column("title", Text, nullable=False),
    Column("category", String, nullable=False),
    Column("created_at", String, nullable=False, index=True),
    Column("duration_us", BigInteger),
    Column("size_bytes", BigInteger, nullable=False),
    Column("warnings", Integer, nullable=False),
)

instantiations = Table(
    "instantiation",
    metadata,
    Column("asset", String, primary_key=True),
    Column("file", String, primary_key=True),
    Column("position", Integer, nullable=False),
    Column("kind", String, nullable=False),
    Column("digest", String, nullable=False, index=True),
    Column("size_bytes", BigInteger, nullable=False, index=True),
    Column("original_name", Text, nullable=False),
    Column("container", String, nullable=False),
    Column("duration_us", BigInteger),
    Column("width", Integer),
    Column("height", Integer),
)

# Words by which assets are grouped: tags, people, places, collections, categories, languages, dates.
labels = Table(
    "label",
    metadata,
    Column("asset", String, primary_key=True),
    Column("kind", String, primary_key=True),
    Column("text", String, primary_key=True),
    Column("detail", String, primary_key=True),
    Index("label_by_text", "kind", "text"),
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

# The newest fixity check of each object that the journals tell of.
checks = Table(
    "fixity_check",
    metadata,
    Column("object", String, primary_key=True),
    Column("head", Integer, nullable=False),
    Column("at", String, nullable=False, index=True),
    Column("result", String, nullable=False),
    Column("journal", String, nullable=False),
)
