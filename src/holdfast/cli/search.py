"""`holdfast search`: find titles, descriptions and what was said."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import click

from holdfast.cli.meter import Meter
from holdfast.cli.opening import opened
from holdfast.cli.speak import Speaker, archive_option, counted, json_option, visible

if TYPE_CHECKING:
    from holdfast.catalog.hits import Hit, Page

WIDTH = 88


@click.command("search")
@click.argument("words", metavar="WORDS...", nargs=-1, required=True)
@click.option("--limit", default=20, show_default=True, type=click.IntRange(1, 10_000), help="How many hits.")
@click.option("--offset", default=0, type=click.IntRange(0), help="Leave out the first so many.")
@click.option("--kind", "kinds", multiple=True, help="Only in: title, description, caption, tag, person, place, ...")
@click.option("--lang", "languages", multiple=True, help="Only texts in this language, as it is filed.")
@click.option("--by-asset", is_flag=True, help="The best hit of each asset only.")
@archive_option
@json_option
def command(
    words: tuple[str, ...],
    limit: int,
    offset: int,
    kinds: tuple[str, ...],
    languages: tuple[str, ...],
    archive_folder: Path | None,
    *,
    by_asset: bool,
    as_json: bool,
) -> int:
    """Search titles, descriptions, tags, names and captions, in Russian, Chinese, German, Korean and English.

    Word forms are found (one case of a Russian word by another, a part of a German compound, a Korean noun with any
    particle). "two words" in quotes is a phrase, word* a beginning, -word leaves out. A hit in captions has its time.

    Exit code 0: something was found. 1: nothing.
    """
    from holdfast.actions.search import search
    from holdfast.model.time import clock

    speaker = Speaker(as_json=as_json)
    with opened(archive_folder) as archive, Meter(speaker) as meter:
        found = search(
            archive,
            " ".join(words),
            limit=limit,
            offset=offset,
            kinds=kinds or None,
            languages=languages or None,
            by_asset=by_asset,
            watch=meter,
        )
    for hit in found.page.hits:
        start = None if hit.start_us is None else Fraction(hit.start_us, 1_000_000)
        title = found.titles.get(hit.asset, hit.asset)
        speaker.record(hit.as_record(title))
        at = f" at {clock(start)}" if start is not None else ""
        speaker.say(f"{hit.asset}  {visible(title)}  ({hit.kind}{at})\n    {_snippet(hit)}")
    speaker.say(_summary(found.page))
    return 0 if found.page.hits else 1


def _summary(page: Page) -> str:
    if not page.hits:
        return "Nothing found."
    if len(page.hits) == page.total and page.is_exact:
        return counted(page.total, "1 hit", "{n} hits")
    whole = counted(page.total, "1", "{n}") if page.is_exact else counted(page.total, "more than 1", "more than {n}")
    return f"{len(page.hits):,} of {whole} hits; more with --limit and --offset"


def _snippet(hit: Hit) -> str:
    """The text around the first mark, marked words in brackets."""
    first = hit.marks[0][0] if hit.marks else 0
    begin = max(0, first - WIDTH // 3)
    end = min(len(hit.text), begin + WIDTH)
    pieces, position = [], begin
    for start, stop in hit.marks:
        if start >= position and stop <= end:
            pieces += [visible(hit.text[position:start]), "[", visible(hit.text[start:stop]), "]"]
            position = stop
    pieces.append(visible(hit.text[position:end]))
    return ("..." if begin else "") + "".join(pieces) + ("..." if end < len(hit.text) else "")
