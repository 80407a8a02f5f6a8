"""Whether two descriptions mean one work. What is wrongly put together is hard to part again; so doubt says no.

- The same id of the same site: yes, whatever else they say (titles change, durations are mended).
- The same address, and neither title nor duration contradicts: yes.
- The same title in any spelling, durations that agree (2 s; a minute where one was told in minutes), no date that
  contradicts: yes, unless one site lists both beside each other under two ids: there it says itself that they are two.
- The same title alone: no.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from holdfast.model.asset import DatedFact
from holdfast.model.edtf_days import may_agree, possible_days
from holdfast.model.folding import fold_text
from holdfast.model.lost import ListedDuration, SourceId

_PRECISE_DAYS = 40  # a date to the month


@dataclass
class Signs:
    """What a work, or several that were found to be one, is known by. `listed_by` are publishers and files that name
    an id: in one of them, two ids of a site are two works.
    """

    titles: set[str] = field(default_factory=set)  # as `title_key` gives them
    durations: list[ListedDuration] = field(default_factory=list)
    dates: list[DatedFact] = field(default_factory=list)
    source_ids: set[SourceId] = field(default_factory=set)
    addresses: set[str] = field(default_factory=set)  # comparable
    listed_by: set[tuple[str, SourceId]] = field(default_factory=set)

    def take(self, other: Signs) -> None:
        """Be known by the other's signs too."""
        self.titles |= other.titles
        self.durations += [one for one in other.durations if one not in self.durations]
        self.dates += [one for one in other.dates if one not in self.dates]
        self.source_ids |= other.source_ids
        self.addresses |= other.addresses
        self.listed_by |= other.listed_by


def title_key(title: str) -> str:
    """One spelling of all spellings of a title: case, width, accents' composition, ё, punctuation and spaces."""
    letters = (c if c.isalnum() else " " for c in fold_text(title).replace("ё", "е"))
    return " ".join("".join(letters).split())


def film_keys(signs: Signs) -> tuple[set[str], set[str]]:
    """Under which keys a work is filed, and under which one looks for those that `same_film` may say yes to: by title,
    minute and day, so that twenty years of daily news do not have to be compared with each other one by one.
    """
    days = {possible_days(fact.edtf) for fact in signs.dates}
    only_days = {first.isoformat() for first, last in days if first == last} if days else set()
    has_only_days = bool(days) and all(first == last for first, last in days)
    filed, asked = set(), set()
    for title in signs.titles:
        for minute in {int(one.seconds // 60) for one in signs.durations}:
            filed |= {f"{title}|{minute}|{day}" for day in (*(only_days if has_only_days else ("any",)), "all")}
            for near in (minute - 1, minute, minute + 1):
                asked |= {f"{title}|{near}|{day}" for day in ((*only_days, "any") if has_only_days else ("all",))}
    return filed, asked


def same_page(one: Signs, other: Signs) -> bool:
    """Whether two that share an address mean the same: one address may also be that of a whole list."""
    titles_agree = not one.titles or not other.titles or bool(one.titles & other.titles)
    return bool(one.addresses & other.addresses) and titles_agree and durations_agree(one, other)


def same_film(one: Signs, other: Signs) -> bool:
    """Whether two without a common id or address mean the same by title, duration and date."""
    return (
        bool(one.titles & other.titles)
        and bool(one.durations and other.durations)
        and durations_agree(one, other)
        and dates_agree(one.dates, other.dates)
        and not _are_listed_apart(one, other)
    )


def durations_agree(one: Signs, other: Signs) -> bool:
    """Whether no duration of the one contradicts one of the other; true where one has none."""
    return all(a.agrees(b) for a in one.durations for b in other.durations)


def dates_agree(some: Iterable[DatedFact], others: Iterable[DatedFact]) -> bool:
    """Whether no dates contradict: those of one kind must be able to be the same day; those of two kinds (a film of
    1974, uploaded in 2019) too, if both are told to the month or the day: daily news have one title and one length.
    """
    theirs = list(others)
    for mine in some:
        same_kind = [fact for fact in theirs if fact.kind == mine.kind]
        compared = same_kind or [fact for fact in theirs if _is_precise(fact) and _is_precise(mine)]
        if compared and not any(may_agree(mine.edtf, fact.edtf, days=0) for fact in compared):
            return False
    return True


def _is_precise(fact: DatedFact) -> bool:
    first, last = possible_days(fact.edtf)
    return (last - first).days <= _PRECISE_DAYS


def _are_listed_apart(one: Signs, other: Signs) -> bool:
    theirs = {(lister, source_id.site): source_id for lister, source_id in other.listed_by}
    return any(
        (lister, source_id.site) in theirs and theirs[lister, source_id.site] != source_id
        for lister, source_id in one.listed_by
    )
