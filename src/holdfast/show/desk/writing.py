"""A piece as a form, and a form as a piece: pure, and nothing is lost on the way.

- Every language of the archive has its fields side by side; what nobody translated yet is there and empty.
- A row says of which item of the base it is, by a name that tells nothing of the others. Rows are put in the order of
  their numbers; a row whose box "leave out" is ticked, or that says nothing, is taken away.
- Items that the curator may not see have no row, and stay behind the item that they stood behind.
- Only what differs from the base is a change.
"""

from __future__ import annotations

import contextlib
import hashlib
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime
from typing import Any

from holdfast.errors import BadValue, UnknownAsset
from holdfast.formats.canonical import canonical_line, printable
from holdfast.formats.plain import to_plain
from holdfast.model.asset import Tag
from holdfast.model.ids import AssetId, parse_asset_id
from holdfast.model.language import primary
from holdfast.model.piece import LONGEST_TEXT, MOST_ITEMS, Item, Piece, PieceKind, Wording
from holdfast.model.rights import AccessLevel, Embargo
from holdfast.show.addresses import Moment, read_moment, written
from holdfast.show.desk.editing import kept

EMPTY_ROWS = 3
NAMED = "its id or the beginning of it, its whole title, or the address of its page"
DAY, MINUTE = "%Y-%m-%d", "%Y-%m-%dT%H:%M"
LINES = ("author", "category", "place")
_ADDRESS = re.compile(r"(?:\S*/w/)?([0-9A-Za-z-]{1,40})(?:\?(?:\S*&)?t=([0-9:.,-]{1,60})\S*)?")


@dataclass(frozen=True)
class Tongue:
    """The fields of one language. `missing`: nothing is said in it yet."""

    language: str
    title: str
    text: str
    translator: str
    missing: bool


@dataclass(frozen=True)
class Row:
    """The fields of one item; `of` names it among those of the base, "" is a new one. `texts` by language."""

    number: int
    of: str
    order: str
    work: str
    moment: str
    begins: str
    texts: tuple[tuple[str, str], ...]
    gone: bool = False


def fresh(kind: PieceKind, name: str, author: str, at: datetime) -> Piece:
    """A piece of which nothing is written yet. Until somebody decides otherwise, only curators see it."""
    return Piece(name, kind, AccessLevel.CURATORS, at, at, author=author)


def tags_of(base: Piece, languages: Sequence[str], seen: Collection[str]) -> list[str]:
    """The languages that the form has: those of the archive, each as the piece spells it, then the piece's others."""
    items = [base.items[n] for n in _visible(base, seen)]
    words = [said.language for said in (*base.words, *(said for item in items for said in item.words))]
    spelled = [next((tag for tag in words if primary(tag) == primary(one)), one) for one in languages]
    return list(dict.fromkeys((*spelled, *words)))


def tongues(base: Piece, languages: Sequence[str], typed: Mapping[str, str], seen: Collection[str]) -> list[Tongue]:
    """The fields of what the piece itself says: as it stands, or as somebody `typed` it."""
    found = []
    for tag in tags_of(base, languages, seen):
        held = next((said for said in base.words if said.language == tag), Wording(language=tag))
        cells = {part: typed.get(f"{part}-{tag}", getattr(held, part)) for part in ("title", "text", "translator")}
        found.append(Tongue(tag, **cells, missing=not (cells["title"] or cells["text"])))
    return found


def rows(base: Piece, languages: Sequence[str], typed: Mapping[str, str], seen: Collection[str]) -> list[Row]:
    """The items as rows, those alone whose works are among the `seen`, and some empty ones."""
    tags, names = tags_of(base, languages, seen), _names(base)
    start = [_row(names[n], tags, base.items[n]) for n in _visible(base, seen)]
    count = _count(typed) if "items-rows" in typed else 0
    start += [_row("", tags) for _ in range(max(EMPTY_ROWS, count - len(start)))]
    shown = []
    for number, row in enumerate(start):
        name = f"item-{number}-"
        texts = tuple((tag, typed.get(f"{name}text-{tag}", text)) for tag, text in row.texts)
        cells = {part: typed.get(name + part, getattr(row, part)) for part in ("of", "work", "moment", "begins")}
        shown.append(
            Row(
                number,
                order=typed.get(f"{name}order", str(number + 1)),
                texts=texts,
                gone=bool(typed.get(f"{name}gone")),
                **cells,
            )
        )
    return shown


def edited(
    base: Piece, typed: Mapping[str, str], languages: Sequence[str], *, levels: Sequence[str], seen: Collection[str]
) -> Piece:
    """The piece that the form makes of the base.

    Args:
        base: the piece that the form was made from.
        typed: the form.
        languages: those of the archive.
        levels: the access levels that may be given.
        seen: the works that the curator may see; others are not here.

    Raises:
        BadValue: something in the form is not what it should be.
    """
    typed = {name: printable(value).replace("\r\n", "\n") for name, value in typed.items()}
    tongues_of = tags_of(base, languages, seen)
    found: dict[str, Any] = {
        "words": _words(base.words, typed, "", tongues_of),
        "items": _items(base, typed, tongues_of, seen),
    }
    found |= {name: kept(getattr(base, name), typed[name].strip()) for name in LINES if name in typed}
    if "tags" in typed:
        held = {tag.text: tag for tag in base.tags}
        texts = [" ".join(text.split()) for text in typed["tags"].split(",")]
        found["tags"] = tuple(held.get(text, Tag(text)) for text in dict.fromkeys(texts) if text)
    if typed.get("dated", "") not in ("", base.dated.strftime(DAY)):
        found["dated"] = _time("the date", typed["dated"], DAY)
    if "access" in typed:
        if typed["access"] not in levels:
            raise BadValue(name="access", found=typed["access"], expected=", ".join(levels))
        found["access"] = AccessLevel(typed["access"])
    if "until" in typed and typed["until"] != until(base):
        held_embargo = base.embargo or Embargo(base.dated)
        end = _time("the end of the embargo", typed["until"], MINUTE) if typed["until"] else None
        found["embargo"] = replace(held_embargo, until=end) if end else None
    return _made(base, found)


def changes(base: Piece, after: Piece) -> dict[str, Any]:
    """The fields in which a form's piece differs from its base, to be put into whatever stands there now."""
    values = {f.name: getattr(after, f.name) for f in fields(Piece)}
    return {name: value for name, value in values.items() if value != getattr(base, name)}


def until(base: Piece) -> str:
    """The end of the embargo as the form has it, in UTC; "" if there is none."""
    return base.embargo.until.astimezone(UTC).strftime(MINUTE) if base.embargo else ""


def read_work(text: str) -> tuple[AssetId, Moment | None]:
    """The work, and the moment of it, that an id or the address of its page names.

    Raises:
        BadValue: it names none.
    """
    match = _ADDRESS.fullmatch(text.strip())
    try:
        if match:
            return parse_asset_id(match[1]), read_moment(match[2]) if match[2] else None
    except UnknownAsset:
        pass
    raise BadValue(name="a work", found=text, expected=NAMED)


def resolved(typed: Mapping[str, str], fitting: Callable[[str], Sequence[str]]) -> dict[str, str]:
    """The form in which a work that was typed otherwise is named by its id, if `fitting` gives the id of one alone."""
    found = dict(typed)
    for name, value in typed.items():
        if name.startswith("item-") and name.endswith("-work") and value.strip():
            try:
                read_work(value)
            except BadValue:
                ids = fitting(printable(value))
                found[name] = ids[0] if len(ids) == 1 else value
    return found


def named_works(typed: Mapping[str, str]) -> set[str]:
    """The ids of the works that a form names; what names none is passed over."""
    found = set()
    for name, value in typed.items():
        if name.startswith("item-") and name.endswith("-work") and value.strip():
            with contextlib.suppress(BadValue):
                found.add(str(read_work(value)[0]))
    return found


def _made(base: Piece, found: dict[str, Any]) -> Piece:
    try:
        return replace(base, **found)
    except ValueError as error:
        raise BadValue(name="the piece", found="something else", expected=str(error)) from None


def _words(held: Sequence[Wording], typed: Mapping[str, str], prefix: str, tags: Sequence[str]) -> tuple[Wording, ...]:
    found, seen = [], set()
    for said in (*held, *(Wording(language=tag) for tag in tags)):
        tag = said.language
        if tag in seen:
            if said in held:
                found.append(said)  # a second one in the same language has no field, and nobody took it away
            continue
        seen.add(tag)
        names = {part: f"{prefix}{part}-{tag}" for part in ("title", "text", "translator")}
        cells: dict[str, Any] = {
            part: kept(getattr(said, part), typed[name].strip()) for part, name in names.items() if name in typed
        }
        if any(len(cell) > LONGEST_TEXT for cell in cells.values()):
            raise BadValue(name=f"a text ({tag})", found="a longer one", expected=f"at most {LONGEST_TEXT} characters")
        new = replace(said, **cells)
        if new.title or new.text:
            found.append(new)
    return tuple(found)


def _items(base: Piece, typed: Mapping[str, str], tags: Sequence[str], seen: Collection[str]) -> tuple[Item, ...]:
    if "items-rows" not in typed:
        return base.items
    names, came = _names(base), {}
    visible = {names[n]: n for n in _visible(base, seen)}
    placed: list[tuple[tuple[int, int, int], Item]] = []
    for number in range(_count(typed)):
        name = f"item-{number}-"
        of = visible.get(typed.get(f"{name}of", ""))
        held = base.items[of] if of is not None and of not in came else None
        key = (_number(typed.get(f"{name}order", ""), number + 1), number, 0)
        if of is not None and held is not None:
            came[of] = key
        item = None if typed.get(f"{name}gone") else _item(held or Item(), typed, name, tags, seen)
        if item is not None:
            placed.append((key, item))
    behind = (-1, -1, 0)
    for n, item in enumerate(base.items):  # those that have no row
        if n in came:
            behind = came[n]
        else:
            placed.append(((behind[0], behind[1], n + 1), item))
    return tuple(item for _, item in sorted(placed, key=lambda one: one[0]))


def _item(held: Item, typed: Mapping[str, str], name: str, tags: Sequence[str], seen: Collection[str]) -> Item | None:
    """The item that a row makes of the one that it is of; None if it says nothing."""
    work, moment, begins = (typed.get(name + part, "").strip() for part in ("work", "moment", "begins"))
    new: dict[str, Any] = {"words": _words(held.words, typed, name, tags), "begins": begins}
    if work != str(held.asset or "") or moment != _written(held):
        asset, linked = read_work(work) if work else (None, None)
        if asset is not None and str(asset) not in seen:
            raise BadValue(name="a work", found=work, expected="one that is here and that you may see")
        said = read_moment(moment) if moment else linked
        if moment and said is None:
            raise BadValue(name="a moment", found=moment, expected="a time like 12:34, or two like 12:34-13:10")
        new |= {"asset": asset, "start": said.start if said else None, "end": said.end if said else None}
    try:
        item = replace(held, **new)
    except ValueError as error:
        raise BadValue(name="an item", found=work or moment or begins, expected=str(error)) from None
    return item if item.asset or item.words else None


def _row(of: str, tags: Sequence[str], item: Item | None = None) -> Row:
    item = item or Item()
    said = {words.language: words.text for words in reversed(item.words)}
    texts = tuple((tag, said.get(tag, "")) for tag in tags)
    return Row(0, of, "", str(item.asset or ""), _written(item), item.begins, texts)


def _written(item: Item) -> str:
    return written(Moment(item.start, item.end)) if item.start is not None else ""


def _names(base: Piece) -> list[str]:
    """A name for each item, by what it says: a number would tell how many stand between that are not shown."""
    digests = [hashlib.sha256(canonical_line(to_plain(item))).hexdigest()[:12] for item in base.items]
    return [f"{digest}-{digests[:n].count(digest)}" for n, digest in enumerate(digests)]


def _visible(base: Piece, seen: Collection[str]) -> list[int]:
    return [n for n, item in enumerate(base.items) if item.asset is None or str(item.asset) in seen]


def _count(typed: Mapping[str, str]) -> int:
    return min(max(0, _number(typed.get("items-rows", ""), 0)), MOST_ITEMS + EMPTY_ROWS)


def _number(text: str, otherwise: int) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else otherwise


def _time(name: str, text: str, form: str) -> datetime:
    try:
        return datetime.strptime(text, form).replace(tzinfo=UTC)
    except ValueError:
        example = datetime(2026, 12, 1, 19, tzinfo=UTC).strftime(form)
        raise BadValue(name=name, found=text, expected=f"one like {example}") from None
