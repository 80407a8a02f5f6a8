"""The report of a restoration: one page that a curator sends by mail, and that can be understood without Holdfast.

It tells how much there is now and was before, what is missing and what would help, shows a still on either side of
every join, says which copy was chosen where and why, what each copy is and where it came from, what remains in doubt,
and how anybody checks that the reconstruction is the one that was made.
"""

from __future__ import annotations

from fractions import Fraction
from html import escape

from holdfast.formats.coverage import SourceUse, source_uses
from holdfast.formats.coverage_page import (
    COVERAGE_STYLE,
    bars,
    chip,
    covered_sentence,
    gap_list,
    note_list,
    quality,
    section,
    stretch_table,
    used,
)
from holdfast.formats.page import isolated, jpeg_address, page, table
from holdfast.model.restoration import Join, Origin, Restoration
from holdfast.model.time import civil, clock, seconds


def restoration_html(told: Restoration) -> bytes:
    """The page."""
    edits = told.edits
    body = [
        _head(told),
        *section("Coverage", _coverage(told)),
        *section("What is missing", _missing(told)),
        *section("Needs a look", note_list((*told.doubts, *edits.notes))),
        *section("Joins", _joins(told)),
        *section("Which copy where, and why", stretch_table(edits)),
        *section("Copies", _sources(told)),
        *section("How to check it", _check(told)),
    ]
    return page(f"{edits.title or edits.asset}: reconstruction", "\n".join(body), COVERAGE_STYLE + STYLE)


def verdict(told: Restoration) -> str:
    """In a few words, how far it got: `restored`, `partly restored` or `nothing found`; what was told, if it was."""
    if told.state:
        return told.state
    if not told.edits.covered and not told.edits.covered_by_sound:
        return "nothing found"
    return "partly restored" if told.edits.gaps or told.edits.gaps_of_sound else "restored"


# ------------------------------------------------------------------------------------------------------- parts


def _head(told: Restoration) -> str:
    edits = told.edits
    made = [f"made on {civil(told.made)[:10]}"] if told.made else []
    made += [f"by {isolated(told.program)}"] if told.program else []
    kind = "Reconstruction" if told.digest else "Plan of a reconstruction"
    asset = f"asset <code>{escape(edits.asset)}</code>"
    return (
        f'<header><p class="kind">{kind}: {verdict(told)}</p><h1>{isolated(edits.title or edits.asset)}</h1>'
        f'<p>{covered_sentence(edits)}</p><p class="soft">{", ".join([asset, *made])}</p></header>'
    )


def _coverage(told: Restoration) -> str:
    if told.before is None:
        return bars(told.edits)
    gained = told.edits.covered - told.before.covered
    more = f"{clock(gained)} more than before" if gained > 0 else "as much picture as before"
    now = source_uses(told.edits)
    both = source_uses(told.before, known=now)
    dropped = [f"copy {use.letter} ({isolated(use.file or use.digest[:12])})" for use in both[len(now) :]]
    note = f" No longer used: {', '.join(dropped)}." if dropped else ""
    return (
        f'<h3>Now <span class="soft">({more})</span></h3>{bars(told.edits)}'
        f'<h3>Before</h3><div class="earlier">{bars(told.before, both)}'
        f"<p>{covered_sentence(told.before)}{note}</p></div>"
    )


def _missing(told: Restoration) -> str:
    wanted = note_list(told.wanted)
    return gap_list(told.edits) + (f"<h3>What would help</h3>{wanted}" if wanted else "")


def _joins(told: Restoration) -> str:
    places = {use.digest: (place, use) for place, use in enumerate(source_uses(told.edits))}
    return f'<div class="joins">{"".join(_join(join, places) for join in told.joins)}</div>' if told.joins else ""


def _join(join: Join, places: dict[str, tuple[int, SourceUse]]) -> str:
    sides = _still(join.before_jpeg, join.before, "before", join.at, places) + _still(
        join.after_jpeg, join.after, "after", join.at, places
    )
    remark = f"<p>{isolated(join.remark)}</p>" if join.remark else ""
    at = clock(join.at, millis=True)
    return f'<figure><figcaption class="time">{at}</figcaption><div class="sides">{sides}</div>{remark}</figure>\n'


def _still(jpeg: bytes, source: str, side: str, at: Fraction, places: dict[str, tuple[int, SourceUse]]) -> str:
    place, use = places.get(source, (0, None))
    name = f"copy {use.letter}" if use else "missing"
    label = f"{chip(place, use.letter)} {side}" if use else f'<span class="doubt">missing</span> {side}'
    if not jpeg:
        words = "no still" if use else "no picture"
        return f'<div><div class="blank{"" if use else " none"}"><span>{words}</span></div><p>{label}</p></div>'
    alt = f"the picture just {side} {clock(at, millis=True)}, {name}"
    return f'<div><img src="{jpeg_address(jpeg)}" alt="{escape(alt)}"><p>{label}</p></div>'


def _sources(told: Restoration) -> str:
    origins = {origin.digest: origin for origin in told.origins}
    rows = [
        (
            chip(place, use.letter),
            isolated(use.file or use.digest[:12]) + _digest(use.digest),
            _origin(origins.get(use.digest)),
            used(use),
            quality(use.quality),
        )
        for place, use in enumerate(source_uses(told.edits))
    ]
    return table(("copy", "file, sha512", "came from", "used", "quality"), rows) if rows else ""


def _origin(origin: Origin | None) -> str:
    if origin is None or not (origin.told or origin.kept or origin.remark):
        return '<span class="soft">not recorded</span>'
    told = [isolated(origin.told)] if origin.told else []
    told += [f'<span class="soft">kept on {civil(origin.kept)[:10]}</span>'] if origin.kept else []
    told += [isolated(origin.remark)] if origin.remark else []
    return "<br>".join(told)


def _check(told: Restoration) -> str:
    edits = told.edits
    if not told.digest:
        return "<p>Nothing was made yet: this page shows what would be made, and of what.</p>"
    size = f"{edits.size[0]}&thinsp;×&thinsp;{edits.size[1]}, " if all(edits.size) else ""
    facts = f"{size}{seconds(edits.duration)} seconds" + (
        f", {seconds(edits.frame_rate)} frames a second" if edits.frame_rate else ""
    )
    name = isolated(told.file or "the file")
    return (
        f"<p>The reconstruction is {name}: {facts}. Its sha512 is</p>{_digest(told.digest)}"
        "<p>Compute it yourself, with <code>sha512sum</code> on Linux, <code>shasum -a 512</code> on a Mac or "
        "<code>certutil -hashfile FILE SHA512</code> on Windows. If it is the same, the file is the one that was made. "
        "The copies that it was made of are kept unchanged, under the digests above; the edit list that is kept beside "
        "it says exactly which stretch of which copy is where, so that it can be made again. "
        "Nothing in it was invented: where no copy shows anything, it is marked as missing.</p>"
    )


def _digest(digest: str) -> str:
    groups = " ".join(digest[at : at + 16] for at in range(0, len(digest), 16))
    return f'<code class="digest">{escape(groups)}</code>'


STYLE = """
h3 { font-size: .92rem; font-weight: 650; margin: 1rem 0 .25rem } h3 + .bars, .earlier .bars { margin-top: .25rem }
h3 .soft { font-weight: 400 } .earlier p { font-size: .88rem; color: var(--soft) }
.earlier .bar { height: 1.25rem }
.joins { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 21rem), 1fr)); gap: 1rem }
.joins figure { background: var(--card); border: 1px solid var(--line); border-radius: .5rem; overflow: hidden }
.joins figcaption { padding: .5rem .75rem; font-size: .85rem; font-weight: 650 }
.joins figure > p { padding: 0 .75rem .6rem; margin: 0; font-size: .88rem; color: var(--soft) }
.sides { display: grid; grid-template-columns: 1fr 1fr; gap: 2px } .sides > div { min-width: 0 }
.sides p { margin: 0; padding: .4rem .75rem .55rem; font-size: .82rem; color: var(--soft) }
.sides img, .blank { display: block; width: 100%; aspect-ratio: 4 / 3; object-fit: contain; background: #000 }
.blank { display: grid; place-items: center; font-size: .82rem; background: var(--ground) }
.blank.none { background: repeating-linear-gradient(135deg, var(--hatch) 0 1.5px, transparent 1.5px 8px) }
.blank span { background: var(--card); color: var(--ink); padding: .1rem .5rem; border-radius: .25rem }
.digest { display: block; font-size: .74rem; color: var(--soft); margin-top: .25rem; max-width: 42rem;
  overflow-wrap: normal; user-select: all }
@media print { .joins { grid-template-columns: 1fr 1fr } }
"""
