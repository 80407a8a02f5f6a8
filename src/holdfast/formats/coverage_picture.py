"""Coverage as a picture (SVG) to put into a page or a paper: bars of picture and sound, axis, and legend.

It stands alone: no script, no font or file from outside, light and dark by itself. For readers who do not see it there
are a title, a description that says all of it, and a title on every part. Copies have letters beside their colours and
gaps are hatched, so that it also works printed in grey.
"""

from __future__ import annotations

from fractions import Fraction
from html import escape
from unicodedata import category

from holdfast.formats.canonical import one_line
from holdfast.formats.comparison import steps
from holdfast.formats.coverage import PARTS, Run, SourceUse, runs, source_uses
from holdfast.formats.coverage_page import COLORS, ON_COLORS, quality, used
from holdfast.model.edit import EditList
from holdfast.model.time import clock

WIDTH, LEFT, RIGHT = 960, 76, 16
BAR, SPACE, TOP, LINE = 36, 12, 12, 24
_FIELD = WIDTH - LEFT - RIGHT
_LONGEST_NAME = 70


def coverage_svg(edits: EditList) -> bytes:
    """The picture, in UTF-8."""
    uses = source_uses(edits)
    axis_top = TOP + len(PARTS) * (BAR + SPACE)
    height = axis_top + 34 + LINE * max(len(uses), 1)
    title = f"Coverage of {_text(edits.title) or _text(edits.asset)}"
    places = {use.digest: (place, use.letter) for place, use in enumerate(uses)}
    drawn = [_row(edits, part, TOP + number * (BAR + SPACE), places) for number, part in enumerate(PARTS)]
    legend = [_legend(use, place, axis_top + 34 + place * LINE) for place, use in enumerate(uses)]
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" '
        'role="img" aria-labelledby="title desc">\n'
        f'<title id="title">{title}</title>\n<desc id="desc">{_described(edits)}</desc>\n<style>{_STYLE}</style>\n'
        '<defs><pattern id="gap" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
        '<path class="hatch" d="M0 0V7"/></pattern></defs>\n'
        f'<rect class="ground" width="{WIDTH}" height="{height}"/>\n'
        f"{''.join(drawn)}{_axis(edits.duration, axis_top)}{''.join(legend)}</svg>\n"
    ).encode("utf-8", "replace")


def _row(edits: EditList, part: str, top: int, places: dict[str, tuple[int, str]]) -> str:
    label = f'<text class="label" x="{LEFT - 12}" y="{top + BAR / 2 + 4}" text-anchor="end">{part}</text>\n'
    return label + "".join(_run(run, part, edits.duration, top, places) for run in runs(edits, part))


def _run(run: Run, part: str, duration: Fraction, top: int, places: dict[str, tuple[int, str]]) -> str:
    left = LEFT + float(run.span.start / duration) * _FIELD
    width = max(float(run.span.duration / duration) * _FIELD - 1, 0.75)
    box = f'x="{left:.2f}" y="{top}" width="{width:.2f}" height="{BAR}"'
    times = f"{clock(run.span.start)} to {clock(run.span.end)}"
    if not run.takes:
        return f'<g><title>{times}: no {part}</title><rect {box} class="gap"/></g>\n'
    place, letter = places[run.sources[0]]
    kind = place % len(COLORS)
    title = f"{times}: {part} of copy {letter}. {_text(run.takes[0].reason)}".strip()
    parts = [f'<title>{title}</title><rect {box} class="c{kind}"/>']
    others = [source for source in dict.fromkeys(run.sources[1:]) if source != run.sources[0]]
    for number, source in enumerate(others):
        share = width / len(others)
        parts.append(
            f'<rect x="{left + number * share:.2f}" y="{top + BAR - 7}" width="{share:.2f}" height="7" '
            f'class="c{places[source][0] % len(COLORS)} other"/>'
        )
    if width >= 16:
        parts.append(f'<text class="on{kind}" x="{left + 7:.2f}" y="{top + BAR / 2 + 4}">{letter}</text>')
    return f"<g>{''.join(parts)}</g>\n"


def _axis(duration: Fraction, top: int) -> str:
    marks = [second for second in steps(duration, 8) if duration and second < duration * Fraction(92, 100)]
    drawn = "".join(
        f'<text class="soft" x="{LEFT + float(second / duration) * _FIELD:.2f}" y="{top + 6}">'
        f"{clock(Fraction(second))}</text>"
        for second in marks
    )
    end = f'<text class="soft" x="{WIDTH - RIGHT}" y="{top + 6}" text-anchor="end">{clock(duration)}</text>\n'
    return drawn + end


def _legend(use: SourceUse, place: int, top: int) -> str:
    kind = place % len(COLORS)
    name = one_line(use.file) or use.digest[:12]
    name = _text(name if len(name) <= _LONGEST_NAME else f"{name[:_LONGEST_NAME]}…")
    told = f"{used(use)}" + ("" if use.quality is None else f", quality {quality(use.quality)}")
    return (
        f'<rect class="c{kind}" x="{LEFT}" y="{top - 14}" width="20" height="18"/>'
        f'<text class="on{kind}" x="{LEFT + 10}" y="{top}" text-anchor="middle">{use.letter}</text>'
        f'<text x="{LEFT + 30}" y="{top}"><tspan unicode-bidi="isolate">{name}</tspan>'
        f'<tspan class="soft" dx="10">{told}</tspan></text>\n'
    )


def _described(edits: EditList) -> str:
    told = []
    for part in PARTS:
        letters = {use.digest: use.letter for use in source_uses(edits)}
        stretches = (
            f"{clock(run.span.start)} to {clock(run.span.end)} "
            + (f"from copy {letters[run.sources[0]]}" if run.takes else "missing")
            for run in runs(edits, part)
        )
        told.append(f"{part.capitalize()}: {', '.join(stretches) or 'nothing'}.")
    return " ".join(told)


def _text(text: str) -> str:
    """Text from outside, on one line, as XML can hold it."""
    return escape("".join(c for c in one_line(text) if category(c) not in ("Cs", "Cn")))


_STYLE = """
svg { color-scheme: light dark; --ground: #fff; --ink: #1d1c1a; --soft: #5f5c56; --hatch: #8f897c }
@media (prefers-color-scheme: dark) { svg { --ground: #1f1e1b; --ink: #ece9e2; --soft: #aaa69c; --hatch: #7d786c } }
text { font: 13px ui-sans-serif, system-ui, "Segoe UI", "Noto Sans", sans-serif; fill: var(--ink) }
.label { font-weight: 600 } .soft { fill: var(--soft); font-size: 12px }
.ground { fill: var(--ground) } .gap { fill: url(#gap); stroke: var(--hatch) }
.hatch { stroke: var(--hatch); stroke-width: 2.5; fill: none } .other { stroke: var(--ground); stroke-width: .75 }
""" + "".join(
    f".c{n} {{ fill: {color} }} .on{n} {{ fill: {ink}; font-weight: 600 }}\n"
    for n, (color, ink) in enumerate(zip(COLORS, ON_COLORS, strict=True))
)
