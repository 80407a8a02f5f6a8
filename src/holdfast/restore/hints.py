"""Which works a found copy may be, by what stands on its outside: name, title, duration, date. Never more than a hint.

A name may lie, and two films may be equally long; only what a copy shows and sounds makes a match. But a person who
looks at forty files is helped by knowing where to look first, and a search by which works to compare at once.

    >>> hints_of(Outside("Urozhaj_1974.avi", duration=Fraction(2054)), works)[0].reasons
    (Reason(kind=<HintKind.TITLE_TRANSLITERATED: ...>, what='Урожай'), Reason(kind=<HintKind.DURATION: ...>, ...))
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from pathlib import PurePath

from holdfast.formats.listings.dates import listed_date
from holdfast.model.edtf_days import EVER, may_agree, possible_days
from holdfast.model.ids import AssetId
from holdfast.model.lost import TOLERANCE, SourceId
from holdfast.model.time import clock
from holdfast.restore.transliteration import has_cyrillic, rough_key
from holdfast.restore.wanted.sameness import title_key

_PAL_SPEED_UP = Fraction(25, 24)  # films shown at 25 pictures a second are that much shorter
_YEAR = re.compile(r"(?<![0-9])(1[89][0-9]{2}|20[0-9]{2})(?![0-9])")
_SHORTEST_TITLE = 3  # letters; shorter ones stand in every other name
_LONG_TITLE = 12
_DAY = 1  # days


class HintKind(StrEnum):
    """What speaks for a work."""

    SITE_ID = "the id of a site stands in the name"
    TITLE = "the title stands in the name"
    TITLE_TRANSLITERATED = "the title stands in the name, in other letters"
    DURATION = "it is as long"
    DURATION_AT_25 = "it is as long at 25 pictures a second instead of 24"
    DATE = "the date stands in the name"
    YEAR = "the year stands in the name"


# A title of many letters says more than a short one; the numbers are our order, not measured.
_WEIGHTS = {
    HintKind.SITE_ID: 8.0,
    HintKind.TITLE: 4.0,
    HintKind.TITLE_TRANSLITERATED: 3.0,
    HintKind.DURATION: 2.0,
    HintKind.DATE: 1.5,
    HintKind.DURATION_AT_25: 1.0,
    HintKind.YEAR: 0.5,
}
_ALONE = {HintKind.YEAR, HintKind.DURATION_AT_25}  # speak only beside others


@dataclass(frozen=True)
class Outside:
    """What is known of a found copy without looking into its picture and sound.

    `title` is the one embedded in the file, `date` is EDTF, `duration` in seconds.
    """

    file_name: str
    title: str = ""
    duration: Fraction | None = None
    date: str = ""


@dataclass(frozen=True)
class Sought:
    """A known work, lost or held, as far as its outside goes; `dates` are EDTF."""

    asset: AssetId
    titles: tuple[str, ...] = ()
    duration: Fraction | None = None
    dates: tuple[str, ...] = ()
    source_ids: tuple[SourceId, ...] = ()


@dataclass(frozen=True)
class Reason:
    """One thing that speaks for a work, and what exactly: the title, the duration, the date, the id."""

    kind: HintKind
    what: str


@dataclass(frozen=True)
class Hint:
    """A work that a copy may be. `weight` orders hints among each other and means nothing else."""

    asset: AssetId
    weight: float
    reasons: tuple[Reason, ...]


def hints_of(copy: Outside, works: Iterable[Sought], most: int = 10) -> tuple[Hint, ...]:
    """The works that the copy may be, the likeliest first, at most `most`; each with all its reasons."""
    names = _Names(copy)
    found = (_hint(work, tuple(_reasons(names, work))) for work in works)
    ranked = sorted((hint for hint in found if hint), key=lambda hint: (-hint.weight, hint.asset))
    return tuple(ranked[:most])


class _Names:
    """A copy's names, in the spellings that titles are looked for in."""

    def __init__(self, copy: Outside) -> None:
        self.copy = copy
        stem = PurePath(copy.file_name).stem
        texts = [text for text in (stem.replace("_", " "), copy.title) if text]
        self.whole = f"{stem} {copy.title}"
        self.spelled = [f" {title_key(text)} " for text in texts]
        self.rough = [f" {rough_key(text)} " for text in texts]
        self.has_cyrillic = has_cyrillic(self.whole)
        dates = [listed_date(re.sub(r"[_\[\]()]", " ", text)) for text in texts]
        self.dates = [date for date in (copy.date, *dates) if date]
        self.years = [year for text in texts for year in _YEAR.findall(text)]


def _hint(work: Sought, reasons: tuple[Reason, ...]) -> Hint | None:
    if not {reason.kind for reason in reasons} - _ALONE:
        return None
    return Hint(work.asset, sum(map(_weight, reasons)), reasons)


def _weight(reason: Reason) -> float:
    if reason.kind in (HintKind.TITLE, HintKind.TITLE_TRANSLITERATED):
        return _WEIGHTS[reason.kind] * min(1.0, 0.4 + 0.6 * len(reason.what) / _LONG_TITLE)
    return _WEIGHTS[reason.kind]


def _reasons(names: _Names, work: Sought) -> Iterator[Reason]:
    for source_id in work.source_ids:
        if len(source_id.item) >= 6 and re.search(rf"(?<![\w-]){re.escape(source_id.item)}(?![\w-])", names.whole):
            yield Reason(HintKind.SITE_ID, str(source_id))
            break
    yield from _title(names, work)
    yield from _duration(names.copy.duration, work.duration)
    yield from _date(names, work)


def _title(names: _Names, work: Sought) -> Iterator[Reason]:
    """The longest title that is found, as written before transliterated."""
    titles = sorted(work.titles, key=len, reverse=True)
    for kind, key_of, texts in (
        (HintKind.TITLE, title_key, names.spelled),
        (HintKind.TITLE_TRANSLITERATED, rough_key, names.rough),
    ):
        for title in titles:
            if kind is HintKind.TITLE_TRANSLITERATED and has_cyrillic(title) == names.has_cyrillic:
                continue
            key = key_of(title)
            if _is_long_enough(key) and any(f" {key} " in text for text in texts):
                yield Reason(kind, title)
                return


def _is_long_enough(key: str) -> bool:
    # Two Chinese characters are a word; a number alone is a year or a part, of whatever.
    letters = sum(c.isalpha() for c in key)
    return letters >= (_SHORTEST_TITLE if key.isascii() else 2)


def _duration(copy: Fraction | None, work: Fraction | None) -> Iterator[Reason]:
    if not copy or not work:
        return
    if abs(copy - work) <= TOLERANCE:
        yield Reason(HintKind.DURATION, clock(work))
    elif min(abs(copy * _PAL_SPEED_UP - work), abs(work * _PAL_SPEED_UP - copy)) <= TOLERANCE:
        yield Reason(HintKind.DURATION_AT_25, clock(work))


def _date(names: _Names, work: Sought) -> Iterator[Reason]:
    for date in work.dates:
        if possible_days(date) == EVER:
            continue
        precise = [one for one in names.dates if _is_day(one)]
        if _is_day(date) and any(may_agree(one, date, _DAY) for one in precise):
            yield Reason(HintKind.DATE, date)
            return
    for date in work.dates:
        if any(date.startswith(year) for year in (*names.years, *(one[:4] for one in names.dates))):
            yield Reason(HintKind.YEAR, date[:4])
            return


def _is_day(edtf: str) -> bool:
    first, last = possible_days(edtf)
    return (last - first).days <= 2
