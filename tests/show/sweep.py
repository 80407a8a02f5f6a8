"""Every address of the site, taken from the table of addresses itself, and what to put into its places.

A page that comes later is swept with the others. If it has a place of a new kind, the sweep fails until `SAMPLES` says
what stands there: of a work that may be hidden, and of one that never was.
"""

from __future__ import annotations

import hashlib
import itertools
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from holdfast.model.piece import PieceKind
from holdfast.show import site
from tests.show.planting import Named
from tests.show.stage import client, signed_in

ROLES = ("", "contributor", "member", "curator", "custodian", "admin")
LANGUAGES = ("", "/ru", "/zh-hans", "/de", "/ko")

# What stands at a place of an address, by `address.place` or by the place alone. Each gives as many values for one work
# as for another: they are compared pair by pair.
SAMPLES: dict[str, Callable[[Named], tuple[Any, ...]]] = {
    "asset": lambda work: (work.asset,),
    "digest": lambda work: (work.digest,),
    "file": lambda work: work.files,
    "captions.number": lambda _work: (0,),
    "post.name": lambda work: work.pieces[:1],
    "api:post.name": lambda work: work.pieces[:1],
    "collection.name": lambda work: work.pieces[1:],
    "api:collection.name": lambda work: work.pieces[1:],
    "desk_piece.name": lambda work: work.pieces,
    "desk_piece_history.name": lambda work: work.pieces,
    "desk_piece_new.kind": lambda _work: tuple(PieceKind),
    "desk_decide.number": lambda work: (work.number,),
    "desk_report.number": lambda work: (work.number,),
    "desk_withdraw.comment": lambda work: (work.comment,),
    "desk_contribution.number": lambda _work: (1,),
    "desk_quarantined.number": lambda _work: (1,),
    "desk_quarantined.file": lambda _work: (1,),
    "api:decide.number": lambda work: (work.number,),
    "desk_revoke.number": lambda _work: (1,),
    "still.number": lambda _work: (0,),
    "copy_still.at_us": lambda _work: (0, 1_000_000),
    "desk_office.number": lambda _work: (1,),
    "desk_link.number": lambda _work: (1,),
    "upload.number": lambda _work: ("0" * 40,),
    "receipt.code": lambda _work: ("bcdfg-hjkmn-pqrst-vwxz0",),
    "form": lambda _work: ("bib", "json"),
    "part": lambda _work: (1,),
    "kind": lambda _work: ("tag", "person", "place", "collection", "category", "language", "date"),
    "token": lambda _work: ("bm9ib2R5IGhhcyB0aGlzIHRva2Vu",),
    "key": lambda _work: ("bm9ib2R5",),
    "uidb36": lambda _work: ("1",),
    "pk": lambda _work: (1,),
}
# What somebody could ask after a question mark, by the name of the value.
QUESTIONS: dict[str, Callable[[Named], tuple[str, ...]]] = {
    "q": lambda work: work.words,
    "tag": lambda work: (f"{work.stem}tag",),
    "collection": lambda work: (f"{work.stem}collection",),
    "person": lambda work: (f"{work.stem}person",),
    "place": lambda work: (f"{work.stem}place",),
    "category": lambda work: (f"{work.stem}category",),
    "asset": lambda work: (work.asset,),
    "work": lambda work: (work.asset,),
    "for": lambda work: (work.asset,),
    "draft": lambda work: work.drafts,
    "name": lambda work: (
        work.pieces[0],
        work.drafts[1],
        *(f"{work.stem}{kind}" for kind in ("tag", "person", "place", "collection", "category", "title", "")),
    ),
    "in": lambda work: (work.asset,),
    "a": lambda work: (work.digest,),
    "b": lambda work: (work.digest,),
    "code": lambda work: (work.stem,),
    "kind": lambda work: (work.stem,),
    "url": lambda work: (f"http://localhost/w/{work.asset}", f"http://localhost/ko/w/{work.asset}"),
}
_MASKED = re.compile(r'((?:csrfmiddlewaretoken|name)" value="|"challenge": ?"|challenge&quot;: &quot;)[\w-]+')


@dataclass(frozen=True)
class Address:
    """An address of the table, with the names of its places."""

    name: str
    places: tuple[str, ...]


def addresses() -> list[Address]:
    """All that the site answers at."""
    from django.urls import get_resolver

    return list(_below(get_resolver(), "", ()))


def _below(resolver: Any, space: str, places: tuple[str, ...]) -> Iterator[Address]:
    for one in resolver.url_patterns:
        own = getattr(one.pattern, "converters", None) or getattr(getattr(one.pattern, "regex", None), "groupindex", ())
        if hasattr(one, "url_patterns"):
            yield from _below(one, f"{space}{one.namespace}:" if one.namespace else space, (*places, *own))
        else:
            assert one.name, f"give the address {one.pattern} a name in its urls module, so that it can be swept"
            yield Address(space + one.name, (*places, *own))


def paths(address: Address, work: Named) -> list[str]:
    """The address with what is known of the work in its places; as many for one work as for another."""
    from django.urls import reverse

    values = []
    for place in address.places:
        sample = SAMPLES.get(f"{address.name}.{place}") or SAMPLES.get(place)
        assert sample, f"tests/show/sweep.py: add to SAMPLES what stands at `{place}` of the address `{address.name}`"
        values.append(sample(work))
    return [
        reverse(address.name, kwargs=dict(zip(address.places, chosen, strict=True)))
        for chosen in itertools.product(*values)
    ]


def questions(work: Named) -> dict[str, list[str]]:
    """Everything after a question mark that could make an address tell of the work, by the name of the value."""
    return {name: [f"{name}={quote(value)}" for value in values(work)] for name, values in QUESTIONS.items()}


def is_heard(browser: Any, path: str, question: str) -> bool:
    """Whether the page is another one when it is asked; not if it only says the question again in its own address."""
    asked, plain = (body_of(browser.get(one)).decode("utf-8", "replace") for one in (f"{path}?{question}", path))
    for written in (f"?{question}", quote(f"?{question}"), quote(f"?{question}", safe="")):
        asked = asked.replace(written, "")
    return _MASKED.sub(r"\1", asked) != _MASKED.sub(r"\1", plain)


def browser_of(role: str) -> Any:
    """Somebody with this role; \"\" is a stranger."""
    return signed_in(role) if role else client()


def told(response: Any, path: str, work: Named) -> tuple[Any, ...]:
    """What an answer says, but for the address and the names by which it was asked, and for what is drawn by lot."""
    said = _MASKED.sub(r"\1", body_of(response).decode("utf-8", "replace"))
    location = response.headers.get("Location", "")
    ids = [(one, f"ID{n}") for n, one in enumerate(work.ids)]
    for value, mark in ((path, "PATH"), *ids, (work.digest, "DIGEST"), (work.stem, "STEM")):
        said, location = said.replace(value, mark), location.replace(value, mark)
    return response.status_code, response.headers.get("Content-Type"), location, said


def body_of(response: Any) -> bytes:
    """All of the body."""
    try:
        return bytes(response.getvalue())
    finally:
        response.close()


def state() -> str:
    """A digest of what must not change by itself: the archive's files, its catalogue, its desk but for sessions."""
    from django.db import connection

    archive, whole = site.archive(), hashlib.sha256()
    for path in sorted(_kept(archive.folder)):
        whole.update(f"{path.relative_to(archive.folder)}\n".encode() + path.read_bytes())
    for line in archive.catalog.dump():
        whole.update(line.encode())
    with connection.cursor() as cursor:
        for table in sorted(
            set(connection.introspection.table_names(cursor)) - {"django_session", "usersessions_usersession"}
        ):
            cursor.execute(f'SELECT * FROM "{table}"')
            names = [column[0] for column in cursor.description]
            rows = ([v for n, v in zip(names, row, strict=True) if n != "last_login"] for row in cursor.fetchall())
            whole.update("\n".join([table, *sorted(map(repr, rows))]).encode())
    return whole.hexdigest()


def _kept(folder: Path) -> Iterator[Path]:
    for path in folder.rglob("*"):
        top = path.relative_to(folder).parts[0]
        if path.is_file() and top not in ("cache", "locks") and not top.startswith(("desk.db", "catalog.db")):
            yield path
