"""From listings to lost works: what means the same is put together, and every statement keeps who made it.

The outcome does not depend on the order of the listings. Works that the archive knows already are recognised, so that
importing a listing twice makes nothing new.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Protocol, TypeVar

from holdfast.model.address import comparable, source_id
from holdfast.model.asset import UNKNOWN_LANGUAGE, AssetRecord, DatedFact, Statement
from holdfast.model.ids import AssetId
from holdfast.model.lost import ListedDuration, ListedWork, LostWork, Origin, SourceId, Supported
from holdfast.restore.wanted.sameness import Signs, film_keys, same_film, same_page, title_key

T = TypeVar("T")


class KnownWork(Protocol):
    """What must be told of a work that the archive knows, held or lost, so that listings of it are recognised."""

    @property
    def id(self) -> AssetId:
        """Which asset it is."""

    @property
    def titles(self) -> Sequence[str]:
        """All its titles."""

    @property
    def duration(self) -> Fraction | None:
        """Its length in seconds, measured or listed; None if nobody knows."""

    @property
    def dates(self) -> Sequence[DatedFact]:
        """Its dates."""

    @property
    def source_ids(self) -> Sequence[SourceId]:
        """What sites call it."""

    @property
    def addresses(self) -> Sequence[str]:
        """Where it was published."""


@dataclass(frozen=True)
class KnownAsset:
    """A `KnownWork` as a value."""

    id: AssetId
    titles: tuple[str, ...] = ()
    duration: Fraction | None = None
    dates: tuple[DatedFact, ...] = ()
    source_ids: tuple[SourceId, ...] = ()
    addresses: tuple[str, ...] = ()


@dataclass
class _Group:
    """Listings that mean one work, and the asset that it is, if it is known."""

    signs: Signs
    works: list[tuple[int, ListedWork]] = field(default_factory=list)
    asset: AssetId | None = None
    because: list[str] = field(default_factory=list)

    def take(self, other: _Group, because: str) -> None:
        self.signs.take(other.signs)
        self.works += other.works
        self.asset = self.asset or other.asset
        self.because += [reason for reason in (*other.because, because) if reason not in self.because]


def known_asset(record: AssetRecord, duration: Fraction | None = None) -> KnownAsset:
    """The signs of an asset by its record; `duration` is used where no instantiation of it was measured."""
    ids = (source_id(one.site, one.item, one.url) for one in record.publications)
    return KnownAsset(
        id=record.id,
        titles=tuple(title.text for title in record.titles),
        duration=record.duration if record.duration is not None else duration,
        dates=record.dates,
        source_ids=tuple(dict.fromkeys(one for one in ids if one)),
        addresses=tuple(one.url for one in record.publications if one.url),
    )


def merge_listings(listed: Iterable[ListedWork], known: Iterable[KnownWork] = ()) -> tuple[LostWork, ...]:
    """The works that `listed` name, each once, in the order in which they were first named.

    Args:
        listed: from any number of listings.
        known: what the archive knows; a work that is one of them has its `asset`.
    """
    groups = [_Group(_signs_of_known(one), asset=one.id) for one in sorted(known, key=lambda one: one.id)]
    groups = _joined_by_id(groups, listed)
    groups = _joined(groups, lambda signs: (signs.addresses, signs.addresses), same_page, "the same address")
    groups = _joined(groups, film_keys, same_film, "the same title and duration")
    named = sorted((group for group in groups if group.works), key=lambda group: min(n for n, _ in group.works))
    return tuple(_lost_work(group) for group in named)


def _signs_of_known(known: KnownWork) -> Signs:
    return Signs(
        titles={key for title in known.titles if (key := title_key(title))},
        durations=[ListedDuration(known.duration)] if known.duration else [],
        dates=list(known.dates),
        source_ids=set(known.source_ids),
        addresses={key for address in known.addresses if (key := comparable(address))},
    )


def _signs_of(work: ListedWork) -> Signs:
    listers = {work.publication.publisher, str(work.origin.digest or work.origin.file)} - {""}
    address = comparable(work.publication.url)
    return Signs(
        titles={key for title in work.titles if (key := title_key(title.text))},
        durations=[work.duration] if work.duration else [],
        dates=list(work.dates),
        source_ids={work.source_id} if work.source_id else set(),
        addresses={address} if address else set(),
        listed_by={(lister, work.source_id) for lister in listers if work.source_id},
    )


def _joined_by_id(groups: list[_Group], listed: Iterable[ListedWork]) -> list[_Group]:
    """One group for each id; an id that two known assets claim is the first one's."""
    by_id: dict[SourceId | None, _Group] = {}
    for group in groups:
        for one in group.signs.source_ids:
            by_id.setdefault(one, group)
    groups = list(groups)
    for number, work in enumerate(listed):
        fresh = _Group(_signs_of(work), [(number, work)])
        if work.source_id in by_id:
            by_id[work.source_id].take(fresh, f"the same id, {work.source_id}")
            continue
        groups.append(fresh)
        if work.source_id:
            by_id[work.source_id] = fresh
    return groups


def _joined(
    groups: list[_Group],
    keys: Callable[[Signs], tuple[set[str], set[str]]],
    are_same: Callable[[Signs, Signs], bool],
    because: str,
) -> list[_Group]:
    """Groups that are the same put together; known assets stay apart from each other.

    `keys` gives under what a group is filed, and where to look for such that may be the same. Groups are gone through
    in an order of their own, so that the order of the listings does not matter.
    """
    by_key: dict[str, list[_Group]] = {}
    kept: list[_Group] = []
    for group in sorted(groups, key=_order):
        candidates = (one for key in sorted(keys(group.signs)[1]) for one in by_key.get(key, ()))
        home = next((one for one in candidates if _may_join(one, group) and are_same(one.signs, group.signs)), None)
        if home is None:
            home = group
            kept.append(group)
        else:
            home.take(group, because)
        for key in keys(home.signs)[0]:
            filed = by_key.setdefault(key, [])
            if not any(one is home for one in filed):
                filed.append(home)
    return kept


def _may_join(one: _Group, other: _Group) -> bool:
    return one.asset is None or other.asset is None or one.asset == other.asset


def _order(group: _Group) -> tuple[bool, str, list[str], list[Fraction], list[SourceId], list[str], list[str]]:
    """Known assets first; then by what is said, not by when it was read."""
    signs = group.signs
    return (
        group.asset is None,
        str(group.asset or ""),
        sorted(signs.titles),
        sorted(one.seconds for one in signs.durations),
        sorted(signs.source_ids),
        sorted(fact.edtf for fact in signs.dates),
        sorted(f"{work.origin.digest}{work.origin.file}{work.origin.place}" for _, work in group.works),
    )


# --------------------------------------------------------------------------------------- statements, with support


def _lost_work(group: _Group) -> LostWork:
    works = [work for _, work in sorted(group.works, key=lambda numbered: numbered[0])]
    titles = _supported(_known_languages((title, work.origin) for work in works for title in work.titles), _by_text)
    return LostWork(
        titles=titles,
        durations=_durations(works),
        dates=_supported(
            ((fact, work.origin) for work in works for fact in work.dates), lambda fact: (fact.edtf, fact.kind)
        ),
        descriptions=_supported(
            ((one, work.origin) for work in works for one in work.descriptions), _by_text, lambda one: (-len(one.text),)
        ),
        people=_supported(
            ((one, work.origin) for work in works for one in work.people), lambda one: (one.name, one.role)
        ),
        publications=_supported(
            ((work.publication, work.origin) for work in works if work.publication.item or work.publication.url),
            lambda one: (one.site.lower(), one.item, comparable(one.url)),
        ),
        thumbnails=_supported(
            ((one, work.origin) for work in works for one in work.thumbnails),
            lambda one: comparable(one.address) or one.data or one.address,
            lambda one: (one.place is None and not one.data, -one.width * one.height),
        ),
        chapters=_supported(
            ((work.sections, work.origin) for work in works if work.sections),
            lambda sections: tuple((one.start, one.end, one.title) for one in sections),
        ),
        source_ids=tuple(sorted(group.signs.source_ids)),
        origins=tuple(dict.fromkeys(work.origin for work in works)),
        because=tuple(group.because),
        asset=group.asset,
    )


def _supported(
    stated: Iterable[tuple[T, Origin]],
    what: Callable[[T], Hashable],
    worth: Callable[[T], tuple[int, ...]] = lambda _: (),
) -> tuple[Supported[T], ...]:
    """Every different value with its origins, by how many files say it; among equals by `worth` (the least first)."""
    found: dict[Hashable, tuple[T, list[Origin]]] = {}
    for value, origin in stated:
        best, origins = found.setdefault(what(value), (value, []))
        if worth(value) < worth(best):
            found[what(value)] = (value, origins)
        if origin not in origins:
            origins.append(origin)
    ranked = sorted(found.values(), key=lambda pair: (-_support(pair[1]), worth(pair[0])))
    return tuple(Supported(value, tuple(origins)) for value, origins in ranked)


def _durations(works: Iterable[ListedWork]) -> tuple[Supported[ListedDuration], ...]:
    """Durations that agree support each other: of `34:14` and `2053.96`, the finer one has the word of both."""
    stated = [(work.duration, work.origin) for work in works if work.duration]
    plain = _supported(stated, lambda one: one)
    agreeing = {one.value: _support([origin for other, origin in stated if other.agrees(one.value)]) for one in plain}
    return tuple(sorted(plain, key=lambda one: (-agreeing[one.value], one.value.step, -_support(one.origins))))


def _support(origins: Iterable[Origin]) -> int:
    """How many files say it: a page captured ten times is one witness."""
    return len({origin.digest or origin.file for origin in origins})


def _by_text(statement: Statement) -> Hashable:
    return statement.text, statement.language


def _known_languages(stated: Iterable[tuple[Statement, Origin]]) -> Iterator[tuple[Statement, Origin]]:
    """A title whose language one listing knows has it everywhere."""
    pairs = list(stated)
    known = {one.text: one.language for one, _ in pairs if one.language != UNKNOWN_LANGUAGE}
    for one, origin in pairs:
        is_unknown = one.language == UNKNOWN_LANGUAGE and one.text in known
        yield (replace(one, language=known[one.text]) if is_unknown else one), origin
