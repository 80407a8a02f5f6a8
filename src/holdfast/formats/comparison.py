"""A comparison as a page: one HTML file that holds everything, for any browser, now and in thirty years.

Pictures stand in it as data: URIs, the time map as SVG; it has no script and asks for nothing from outside. The map has
the copy's time from left to right and the work's from bottom to top: a copy that plays the work through is one
diagonal, a cut is a jump, another speed another slope.
"""

from __future__ import annotations

import base64
from fractions import Fraction
from html import escape

from holdfast.model.comparison import Comparison, Pair, Side
from holdfast.model.match import Segment
from holdfast.model.time import clock

WIDTH, HEIGHT = 720, 420  # of the map's field, in its own units
LEFT, TOP, RIGHT, BOTTOM = 64, 16, 24, 48
_STEPS_S = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400)


def comparison_html(found: Comparison) -> bytes:
    """The page, in UTF-8."""
    title = f"{found.copy.name} / {found.work.name}"
    body = [_head(found), _map(found), _pairs(found.pairs), _table(found)]
    if found.notes:
        body.append(f"<ul class=notes>{''.join(f'<li>{escape(note)}</li>' for note in found.notes)}</ul>")
    page = (
        '<!doctype html>\n<html lang="en">\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>{STYLE}</style>\n<main>\n" + "\n".join(body) + "\n</main>\n</html>\n"
    )
    return page.encode("utf-8", "replace")  # the name of a file need not be text


def steps(duration: Fraction, most: int) -> list[int]:
    """Whole seconds at which an axis of this length is marked: round ones, at most about `most`."""
    step = (
        next((step for step in _STEPS_S if duration / step <= most), None) or -(-int(duration) // (most * 3600)) * 3600
    )
    return list(range(0, int(duration) + 1, step))


def share_shown(found: Comparison) -> Fraction:
    """How much of the copy the claims explain, 0 to 1; what two segments explain counts once."""
    end = covered = Fraction(0)
    for segment in sorted(found.segments, key=lambda s: s.copy.start):
        covered += max(segment.copy.end, end) - max(segment.copy.start, end)
        end = max(end, segment.copy.end)
    return min(covered / found.copy.duration, Fraction(1)) if found.copy.duration else Fraction(0)


def traits(segment: Segment) -> str:
    """How the segment differs from the work, in words: `mirrored, turned by 90°, at 1.040 times the speed`."""
    told = ["mirrored"] if segment.mirrored else []
    told += [f"turned by {segment.rotation}°"] if segment.rotation else []
    told += [f"at {float(segment.rate):.3f} times the speed"] if abs(segment.rate - 1) >= Fraction(1, 2000) else []
    if segment.geometry is not None:
        left, top, right, bottom = segment.geometry.shown
        told += (
            [f"{(right - left) * (bottom - top):.0%} of the picture"] if min(right - left, bottom - top) < 0.97 else []
        )
        left, top, right, bottom = segment.geometry.box
        told += ["inside a larger picture"] if min(right - left, bottom - top) < 0.97 else []
    return ", ".join(told)


def evidence(segment: Segment) -> str:
    """What spoke for it: `seen and heard`."""
    return " and ".join(word for word, said in (("seen", segment.seen), ("heard", segment.heard)) if said)


# ------------------------------------------------------------------------------------------------------- parts


def _head(found: Comparison) -> str:
    if found.segments:
        verdict = f"{float(share_shown(found)):.0%} of the copy is in the work ({_sure(found.probability)} sure)"
    elif found.doubtful:
        verdict = "Nothing is claimed; a person should look"
    else:
        verdict = "Nothing of the copy was found in the work"
    return (
        f"<header><h1>{escape(verdict)}</h1>"
        f"<dl><div class=copy><dt>copy</dt><dd>{_side(found.copy)}</dd></div>"
        f"<div class=work><dt>work</dt><dd>{_side(found.work)}</dd></div></dl></header>"
    )


def _sure(probability: float) -> str:
    return f"{min(probability, 0.999):.1%}"  # never rounded up to certainty


def _side(side: Side) -> str:
    size = f" · {side.size[0]}&thinsp;×&thinsp;{side.size[1]}" if all(side.size) else ""
    return f"<b>{escape(side.name)}</b> {clock(side.duration)}{size}"


def _map(found: Comparison) -> str:
    across, up = max(found.copy.duration, Fraction(1, 1000)), max(found.work.duration, Fraction(1, 1000))

    def x(time: Fraction) -> str:
        return f"{LEFT + float(time / across) * WIDTH:.2f}"

    def y(time: Fraction) -> str:
        return f"{TOP + HEIGHT - float(time / up) * HEIGHT:.2f}"

    marks = [
        f'<line class=grid x1="{x(Fraction(s))}" x2="{x(Fraction(s))}" y1="{TOP}" y2="{TOP + HEIGHT}"/>'
        f'<text x="{x(Fraction(s))}" y="{TOP + HEIGHT + 18}" text-anchor=middle>{clock(Fraction(s))}</text>'
        for s in steps(found.copy.duration, 10)
    ]
    marks += [
        f'<line class=grid x1="{LEFT}" x2="{LEFT + WIDTH}" y1="{y(Fraction(s))}" y2="{y(Fraction(s))}"/>'
        f'<text x="{LEFT - 8}" y="{y(Fraction(s))}" dy="0.35em" text-anchor=end>{clock(Fraction(s))}</text>'
        for s in steps(found.work.duration, 8)
    ]
    drawn = []
    for kind, segments in (("doubtful", found.doubtful), ("claim", found.segments)):
        for segment in segments:
            ours, theirs = segment.copy, segment.asset
            drawn.append(
                f"<g class={kind}><title>{escape(_sentence(segment))}</title>"
                f'<rect class=floor x="{x(ours.start)}" width="{float(ours.duration / across) * WIDTH:.2f}"'
                f' y="{TOP + HEIGHT - 5}" height="5"/>'
                f'<rect class=wall x="{LEFT}" width="5" y="{y(theirs.end)}"'
                f' height="{float(theirs.duration / up) * HEIGHT:.2f}"/>'
                f'<line x1="{x(ours.start)}" y1="{y(theirs.start)}" x2="{x(ours.end)}" y2="{y(theirs.end)}"/></g>'
            )
    points = [f'<circle cx="{x(p.copy_time)}" cy="{y(p.work_time)}" r="3.5"/>' for p in found.pairs]
    width, height = LEFT + WIDTH + RIGHT, TOP + HEIGHT + BOTTOM
    return (
        f'<figure class=map><svg viewBox="0 0 {width} {height}" role=img aria-label="time map">'
        f'<rect class=field x="{LEFT}" y="{TOP}" width="{WIDTH}" height="{HEIGHT}"/>{"".join(marks)}{"".join(drawn)}'
        f"<g class=pairs>{''.join(points)}</g>"
        f'<text class=axis x="{LEFT + WIDTH}" y="{height - 8}" text-anchor=end>time in the copy →</text>'
        f'<text class=axis x="14" y="{TOP}" transform="rotate(-90 14 {TOP})" text-anchor=end dy="0.3em">'
        f"time in the work →</text></svg></figure>"
    )


def _pairs(pairs: tuple[Pair, ...]) -> str:
    if not pairs:
        return ""
    return f"<section class=pairs>{''.join(map(_pair, pairs))}</section>"


def _pair(pair: Pair) -> str:
    ours = _picture(pair.copy_jpeg, "copy", pair.copy_time)
    return f"<figure>{ours}{_picture(pair.work_jpeg, 'work', pair.work_time)}</figure>"


def _picture(jpeg: bytes, which: str, time: Fraction) -> str:
    alt = f"{which} at {clock(time, millis=True)}"
    source = f"data:image/jpeg;base64,{base64.b64encode(jpeg).decode('ascii')}"
    shown = f'<img src="{source}" alt="{alt}">' if jpeg else "<span class=blank>no picture</span>"
    return f"<div class={which}>{shown}<figcaption>{which} {clock(time, millis=True)}</figcaption></div>"


def _table(found: Comparison) -> str:
    rows = [_row(segment, "claim") for segment in found.segments] + [_row(s, "doubtful") for s in found.doubtful]
    if not rows:
        return ""
    head = "".join(f"<th>{name}</th>" for name in ("in the copy", "in the work", "how", "evidence", "sure"))
    return f"<div class=scroll><table><thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table></div>"


def _row(segment: Segment, kind: str) -> str:
    spans = [
        f"{clock(span.start, millis=True)} – {clock(span.end, millis=True)}" for span in (segment.copy, segment.asset)
    ]
    how = "; ".join(part for part in (traits(segment), segment.doubt) if part)
    cells = (*spans, how or "as it is", evidence(segment), _sure(segment.probability))
    return f"<tr class={kind}>{''.join(f'<td>{escape(cell)}</td>' for cell in cells)}</tr>"


def _sentence(segment: Segment) -> str:
    spans = [f"{clock(span.start)} to {clock(span.end)}" for span in (segment.copy, segment.asset)]
    return "; ".join(part for part in (f"{spans[0]} is {spans[1]}", traits(segment), evidence(segment)) if part)


STYLE = """
:root { color-scheme: light dark; --ground: #faf9f6; --card: #fff; --ink: #1d1c1a; --soft: #6b6862; --line: #e3e0d8;
  --copy: #b4531b; --work: #1f5f8b; --claim: #2b7a4b; --doubt: #a87a12 }
@media (prefers-color-scheme: dark) { :root { --ground: #161513; --card: #1f1e1b; --ink: #ece9e2; --soft: #a09c93;
  --line: #35332e; --copy: #e58a52; --work: #6db3e0; --claim: #63c08b; --doubt: #dcb350 } }
* { box-sizing: border-box }
body { margin: 0; background: var(--ground); color: var(--ink);
  font: 16px/1.5 ui-sans-serif, system-ui, -apple-system, "Segoe UI", "Noto Sans", sans-serif }
main { max-width: 60rem; margin: 0 auto; padding: 2.5rem 1.25rem 4rem }
h1 { font-size: 1.6rem; line-height: 1.25; font-weight: 650; letter-spacing: -0.01em; margin: 0 0 1rem;
  text-wrap: balance }
dl { margin: 0; display: grid; gap: .25rem }
dl div { display: flex; gap: .75rem; align-items: baseline; min-width: 0 }
dt { font-size: .8rem; width: 3rem; flex: none; font-weight: 600 }
dd { margin: 0; color: var(--soft); overflow-wrap: anywhere } dd b { color: var(--ink); font-weight: 600 }
.copy dt, .copy figcaption { color: var(--copy) } .work dt, .work figcaption { color: var(--work) }
figure { margin: 0 }
.map { margin: 2rem 0; background: var(--card); border: 1px solid var(--line); border-radius: .6rem; padding: .75rem }
svg { display: block; width: 100%; height: auto }
svg text { font-size: 12px; fill: var(--soft); font-variant-numeric: tabular-nums } svg .axis { font-weight: 600 }
svg .field { fill: none; stroke: var(--line) } svg .grid { stroke: var(--line) }
svg g line { stroke-width: 3.5; stroke-linecap: round } .claim line { stroke: var(--claim) }
.doubtful line { stroke: var(--doubt); stroke-dasharray: 2 7 }
svg .floor { fill: var(--copy); opacity: .75 } svg .wall { fill: var(--work); opacity: .75 }
svg .pairs circle { fill: var(--card); stroke: var(--claim); stroke-width: 2 }
section.pairs { display: grid; grid-template-columns: repeat(auto-fill, minmax(18rem, 1fr)); gap: 1rem }
section.pairs figure { display: grid; grid-template-columns: 1fr 1fr; gap: 2px; background: var(--card);
  border: 1px solid var(--line); border-radius: .6rem; overflow: hidden }
section.pairs div { display: flex; flex-direction: column; min-width: 0 }
section.pairs img, .blank { width: 100%; aspect-ratio: 16 / 9; object-fit: contain; background: #000; display: block }
.blank { color: #999; display: grid; place-items: center; font-size: .85rem }
figcaption { font-size: .78rem; padding: .35rem .6rem; font-variant-numeric: tabular-nums }
.scroll { overflow-x: auto; margin-top: 2rem }
table { border-collapse: collapse; width: 100%; font-size: .9rem; font-variant-numeric: tabular-nums }
th { text-align: left; font-weight: 600; color: var(--soft); font-size: .8rem }
th, td { padding: .45rem .75rem .45rem 0; border-bottom: 1px solid var(--line); vertical-align: top }
td:nth-child(-n+2) { white-space: nowrap } td:last-child, th:last-child { text-align: right; padding-right: 0 }
tr.doubtful td { color: var(--doubt) } .notes { color: var(--soft); font-size: .9rem; padding-left: 1.2rem }
@media print { body { background: #fff } .map, section.pairs figure { break-inside: avoid } }
"""
