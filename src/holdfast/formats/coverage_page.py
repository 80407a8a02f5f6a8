"""Coverage as a page: the bars, what is missing, which copy gives what, and why it was chosen.

The bars are HTML, not a picture, so that letters stay readable on a narrow screen; each copy has a letter beside its
colour, a gap is hatched, and a list says the same in words: nobody needs to tell colours apart.

Source: the colours are those of Okabe and Ito, "Color Universal Design", chosen to differ for all eyes.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from html import escape

from holdfast.formats.canonical import printable
from holdfast.formats.comparison import steps
from holdfast.formats.coverage import PARTS, Run, SourceUse, copy_span, runs, source_uses
from holdfast.formats.page import isolated, page, table
from holdfast.model.edit import Edit, EditList, Take
from holdfast.model.time import Span, clock

# blue, orange, green, pink, sky, vermilion, yellow: neighbours in the order of use differ most
COLORS = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#F0E442")
ON_COLORS = ("#fff", "#000", "#000", "#000", "#000", "#000", "#000")  # of letters on them


def coverage_html(edits: EditList) -> bytes:
    """The page of one asset."""
    body = [
        '<p class="kind">Coverage</p>',
        f"<h1>{isolated(edits.title or edits.asset)}</h1>",
        f"<p>{covered_sentence(edits)}</p>",
        bars(edits),
        *section("What is missing", gap_list(edits)),
        *section("Copies", source_table(edits)),
        *section("Which copy where, and why", stretch_table(edits)),
        *section("Notes", note_list(edits.notes)),
    ]
    return page(f"{edits.title or edits.asset}: coverage", "\n".join(body), COVERAGE_STYLE)


def section(title: str, body: str) -> list[str]:
    """A heading and what belongs to it; nothing if there is nothing."""
    return [f"<section><h2>{title}</h2>", body, "</section>"] if body else []


def covered_sentence(edits: EditList) -> str:
    """How much there is, as HTML: of the picture and of the sound."""
    whole = f'<span class="time">{clock(edits.duration)}</span>'
    known = "" if edits.is_duration_known else " (as far as the asset is known: nobody knows how long it was)"
    if not edits.covered and not edits.covered_by_sound:
        return f"Of {whole}{known}, nothing was found yet."
    told = [
        f'<span class="time">{clock(time)}</span> ({share(time, edits.duration)}) {words}'
        for time, words in ((edits.covered, "have a picture"), (edits.covered_by_sound, "have sound"))
    ]
    return f"Of {whole}{known}, {told[0]} and {told[1]}."


def share(part: Fraction, whole: Fraction) -> str:
    """`86 %`; only what is whole is 100 %, and only nothing 0 %."""
    percent = round(100 * part / whole) if whole else 0
    return f"{max(1, min(percent, 99)) if 0 < part < whole else percent}&nbsp;%"


def bars(edits: EditList, uses: Sequence[SourceUse] = ()) -> str:
    """The bars of picture and sound over an axis of time, as HTML. Needs `COVERAGE_STYLE`.

    `uses` gives each copy its letter and color; if it is empty, they are those of this edit list.
    """
    places = {use.digest: (place, use.letter) for place, use in enumerate(uses or source_uses(edits))}
    letters = {digest: letter for digest, (_, letter) in places.items()}
    drawn = "".join(
        f'<div class="row"><span>{part}</span><div class="bar" role="img" '
        f'aria-label="{escape(_spoken(edits, part, letters))}">'
        f"{''.join(_run(run, part, places) for run in runs(edits, part))}</div></div>"
        for part in PARTS
    )
    marks = "".join(
        f'<span style="left:{float(second / edits.duration):.3%}">{clock(Fraction(second))}</span>'
        for second in steps(edits.duration, 5)
        if edits.duration and second < edits.duration * Fraction(9, 10)
    )
    axis = f'<div class="row"><span></span><div class="axis">{marks}<b>{clock(edits.duration)}</b></div></div>'
    return f'<figure class="bars">{drawn}{axis}</figure>'


def gap_list(edits: EditList) -> str:
    """The gaps in words, as HTML; empty if nothing is missing."""
    silent = edits.gaps_of_sound
    told = [f"{_span(gap)}: no picture{_sound_of(gap, silent)}" for gap in edits.gaps]
    told += [f"{_span(gap)}: no sound" for gap in silent if not _is_within(gap, edits.gaps)]
    return _list(told)


def note_list(notes: tuple[str, ...]) -> str:
    """Sentences, as HTML."""
    return _list([isolated(note) for note in notes])


def source_table(edits: EditList) -> str:
    """What is used of which copy, as HTML."""
    rows = [
        (chip(place, use.letter), isolated(use.file or use.digest[:12]), used(use), quality(use.quality))
        for place, use in enumerate(source_uses(edits))
    ]
    return table(("copy", "file", "used", "quality"), rows) if rows else ""


def stretch_table(edits: EditList) -> str:
    """Which copy gives which stretch and why, as HTML: a row for each edit that is no gap."""
    places = {use.digest: (place, use.letter) for place, use in enumerate(source_uses(edits))}
    rows = [
        (_span(edit.asset), _takes(edit, "picture", places), _takes(edit, "sound", places), reasons(edit))
        for edit in edits.edits
        if edit.picture or edit.sound
    ]
    return table(("time", "picture", "sound", "why"), rows) if rows else ""


def chip(place: int, letter: str) -> str:
    """A copy's letter on its colour, as HTML."""
    return f'<b class="chip c{place % len(COLORS)}">{letter}</b>'


def used(use: SourceUse) -> str:
    """What is used of a copy, in words."""
    told = [
        f"{clock(time)} {what}"
        for time, what in ((use.picture, "of picture"), (use.sound, "of sound"), (use.combined, "combined with others"))
        if time
    ]
    return ", ".join(told) or "nothing"


def quality(value: float | None) -> str:
    """A quality for people: of 100."""
    return "not measured" if value is None else f"{value * 100:.0f}\u00a0of\u00a0100"


def reasons(edit: Edit) -> str:
    """Why its takes were chosen, as HTML; the sound's reason only if it is another."""
    told = [isolated(takes[0].reason) for takes in (edit.picture, edit.sound) if takes and takes[0].reason]
    return "<br>".join(dict.fromkeys(told)) or '<span class="soft">nothing was noted</span>'


# ------------------------------------------------------------------------------------------------------ private


def _run(run: Run, part: str, places: dict[str, tuple[int, str]]) -> str:
    grow = f"{float(run.span.duration):.3f}"
    times = f"{clock(run.span.start)} to {clock(run.span.end)}"
    if not run.takes:
        return f'<i class="gap" style="flex-grow:{grow}" title="{times}: no {part}"></i>'
    place, letter = places[run.sources[0]]
    others = "".join(
        f'<u class="c{places[source][0] % len(COLORS)}"></u>'
        for source in dict.fromkeys(run.sources[1:])
        if source != run.sources[0]
    )
    title = escape(f"{times}: {part} of copy {letter}. {printable(run.takes[0].reason)}".strip())
    below = f"<s>{others}</s>" if others else ""
    return f'<i class="c{place % len(COLORS)}" style="flex-grow:{grow}" title="{title}"><b>{letter}</b>{below}</i>'


def _spoken(edits: EditList, part: str, letters: dict[str, str]) -> str:
    told = [
        f"{clock(run.span.start)} to {clock(run.span.end)} "
        + (f"copy {letters[run.sources[0]]}" if run.takes else "missing")
        for run in runs(edits, part)
    ]
    return f"{part}: {', '.join(told)}"


def _takes(edit: Edit, part: str, places: dict[str, tuple[int, str]]) -> str:
    takes: tuple[Take, ...] = getattr(edit, part)
    if not takes:
        return '<span class="doubt">missing</span>'
    chips = [chip(*places[source]) for source in dict.fromkeys(take.source for take in takes)]
    from_copy = copy_span(edit, takes[0])
    times = f'<span class="soft">{clock(from_copy.start)}–{clock(from_copy.end)}</span>'
    return f'<span class="time">{" ".join(chips)} {times}</span>'


def _span(span: Span) -> str:
    return f'<span class="time">{clock(span.start)}–{clock(span.end)}</span>'


def _sound_of(gap: Span, silent: tuple[Span, ...]) -> str:
    if _is_within(gap, silent):
        return " and no sound"
    return "; the sound is there" if not any(s.start < gap.end and gap.start < s.end for s in silent) else ""


def _is_within(span: Span, others: tuple[Span, ...]) -> bool:
    return any(other.start <= span.start and span.end <= other.end for other in others)


def _list(items: list[str]) -> str:
    return f"<ul>{''.join(f'<li>{item}</li>' for item in items)}</ul>" if items else ""


COVERAGE_STYLE = """
.bars { margin: 1.25rem 0 }
.row { display: grid; grid-template-columns: 4rem minmax(0, 1fr); align-items: center; margin-bottom: .35rem }
.row > span { font-size: .8rem; font-weight: 600; color: var(--soft) }
.bar { display: flex; height: 2.25rem; border-radius: .3rem; overflow: hidden; direction: ltr }
.bar i { flex: 1 1 0; min-width: 2px; height: 100%; overflow: hidden; position: relative; display: flex;
  flex-wrap: wrap; font-style: normal }
/* a letter that has no room beside this goes to the next line, which is hidden */
.bar i::before { content: ""; width: .45rem; height: 100% }
.bar b { height: 100%; align-content: center; font-weight: 650; font-size: .8rem }
.bar i + i { box-shadow: inset 1px 0 var(--ground) }
.bar s { position: absolute; inset: auto 0 0 1px; height: .4rem; display: flex; border-top: 1px solid var(--ground);
  text-decoration: none } .bar u { flex: 1 }
.bar .gap, .bar i + .gap { background: repeating-linear-gradient(135deg, var(--hatch) 0 1.5px, transparent 1.5px 6px);
  box-shadow: inset 0 0 0 1px var(--hatch) }
.axis { position: relative; height: 1.2rem; font-size: .75rem; color: var(--soft); direction: ltr;
  font-variant-numeric: tabular-nums }
.axis span { position: absolute } .axis b { position: absolute; right: 0; font-weight: 400 }
.chip { display: inline-block; min-width: 1.5em; padding: 0 .35em; border-radius: .25rem; text-align: center;
  font-size: .85rem; font-weight: 650 }
""" + "".join(
    f".c{n} {{ background: {color}; color: {ink} }}\n"
    for n, (color, ink) in enumerate(zip(COLORS, ON_COLORS, strict=True))
)
