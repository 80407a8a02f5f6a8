"""Works in a table: CSV, TSV, or with semicolons or bars between the cells, in any encoding that spreadsheets write.

The first row names the columns, unless a mapping names them by letter-free numbers (`title=2` is the second column)
and the table has no such row. A table is read row by row, however long it is; a row that names no work is told of.

Source: RFC 4180 for quotes; spreadsheets of many countries write semicolons, because their comma is a decimal mark.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import BinaryIO

from holdfast.errors import BadListing
from holdfast.formats.codepages import encoding_of
from holdfast.formats.listings.columns import guessed, mapped, told_of_row, unit_of
from holdfast.formats.listings.reading import Reading, start_of
from holdfast.formats.listings.statements import listed_work
from holdfast.model.lost import ListedWork

_DELIMITERS = "\t;,|"
_LONGEST_ROW = 1 << 20  # characters; an unclosed quote would otherwise take the whole file for one cell
_MOST_LINES_OF_SAMPLE = 20


def read_table(stream: BinaryIO, reading: Reading) -> Iterator[ListedWork]:
    """The works of a table, one a row.

    Raises:
        BadListing: no column can be told to be a title or an address, or the mapping names one that is not there.
    """
    head = start_of(stream)
    encoding = encoding_of(head)
    delimiter = delimiter_of(head.decode(encoding, "replace"))
    text = io.TextIOWrapper(stream, encoding, "replace", newline="")
    try:
        rows = _rows(text, delimiter, reading)
        first = next(rows, None)
        if first is None:
            raise BadListing(path=reading.file, reason="it has no row")
        places, unit_s, has_names = _columns(first[1], reading)
        for number, row in [] if has_names else [first]:
            yield from _work(number, row, places, unit_s, reading)
        for number, row in rows:
            yield from _work(number, row, places, unit_s, reading)
    finally:
        text.detach()


def looks_like_table(text: str) -> bool:
    """Whether a beginning of a text is a table whose columns have names that can be guessed."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = delimiter_of(text)
    names = next(csv.reader([first[:10_000]], delimiter=delimiter), []) if delimiter else [first]
    return bool(guessed(names).keys() & {"title", "address", "item"})


def delimiter_of(text: str) -> str:
    """What stands between the cells: the mark by which most first rows have equally many cells, more than one."""
    lines = [line for line in text.splitlines()[:_MOST_LINES_OF_SAMPLE] if line.strip()]
    best, score = ",", 0.0
    for delimiter in _DELIMITERS:
        try:
            widths = Counter(len(row) for row in csv.reader(lines, delimiter=delimiter) if row)
        except csv.Error:
            continue
        if not widths:
            continue
        width, rows = widths.most_common(1)[0]
        # Equal rows matter most; among equals the mark that cuts finer, in the order of _DELIMITERS.
        equal = rows / sum(widths.values())
        if width > 1 and equal + min(width, 20) / 100 > score:
            best, score = delimiter, equal + min(width, 20) / 100
    return best


def _rows(text: io.TextIOWrapper, delimiter: str, reading: Reading) -> Iterator[tuple[int, list[str]]]:
    rows = csv.reader(_lines(text), delimiter=delimiter)
    while True:
        number = rows.line_num + 1
        try:
            row = next(rows)
        except StopIteration:
            return
        except csv.Error as error:
            reading.skip(f"the row cannot be read ({error})", f"line {number}")
            continue
        if any(cell.strip() for cell in row):
            yield number, row


def _lines(text: io.TextIOWrapper) -> Iterator[str]:
    """The lines, none longer than a row can be; NUL, which csv refuses, left out."""
    while line := text.readline(_LONGEST_ROW):
        yield line.replace("\0", "")


def _columns(first: Sequence[str], reading: Reading) -> tuple[dict[str, int], int, bool]:
    """The place of every field, what a duration counts, and whether the first row is one of names."""
    if reading.mapping and all(column.isdigit() for column in reading.mapping.values()):
        places = {field: int(column) - 1 for field, column in reading.mapping.items() if int(column) > 0}
        return places, 1, bool(guessed(first))
    names = [name.strip("\ufeff") for name in first]
    try:
        places = mapped(names, reading.mapping)
    except ValueError as error:
        raise BadListing(path=reading.file, reason=str(error)) from error
    if not places.keys() & {"title", "address", "item"}:
        shown = ", ".join(names)[:300]
        reason = f"none of its columns ({shown}) is known to be a title; name it: --map title=COLUMN"
        raise BadListing(path=reading.file, reason=reason)
    return places, unit_of(names[places["duration"]]) if "duration" in places else 1, True


def _work(number: int, row: list[str], places: dict[str, int], unit_s: int, reading: Reading) -> Iterator[ListedWork]:
    place = f"line {number}"
    if work := listed_work(told_of_row(row, places, unit_s), reading.origin(place), reading.address):
        yield work
    else:
        reading.skip("nothing here names a work", place)
