"""What our pages have in common: one HTML file that holds everything, for any browser, now and in thirty years.

A page has no script and may load nothing: a policy in its head says so to the browser too. Pictures stand in it as
data: URIs. It follows light and dark, narrow and wide, and prints. Text from outside is escaped, and isolated, so that
a name written from right to left does not turn the sentence around it.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from html import escape

from holdfast.formats.canonical import printable

POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"


def page(title: str, body: str, style: str = "", language: str = "en") -> bytes:
    """The page, in UTF-8. `title` is text; `body` is HTML, `style` CSS that follows the common one."""
    head = (
        f'<!doctype html>\n<html lang="{escape(language)}">\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(printable(title))}</title>\n<style>{STYLE}{style}</style>\n"
    )
    return f"{head}<main>\n{body}\n</main>\n</html>\n".encode("utf-8", "replace")


def isolated(text: str) -> str:
    """Text from outside as HTML: escaped, and with a direction of its own."""
    return f"<bdi>{escape(printable(text))}</bdi>"


def jpeg_address(jpeg: bytes) -> str:
    """A JPEG file as the address of a picture."""
    return f"data:image/jpeg;base64,{base64.b64encode(jpeg).decode('ascii')}"


def table(heads: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    """A table of HTML cells under heads; on a narrow screen every row becomes a card, its cells named by the heads."""
    head = "".join(f'<th scope="col">{name}</th>' for name in heads)
    body = "".join(f"<tr>{''.join(_cell(*cell) for cell in zip(heads, row, strict=True))}</tr>\n" for row in rows)
    return f"<table><thead><tr>{head}</tr></thead><tbody>\n{body}</tbody></table>"


def _cell(name: str, content: str) -> str:
    return f'<td data-head="{name}"><div>{content}</div></td>'


STYLE = """
:root { color-scheme: light dark; --ground: #faf9f6; --card: #fff; --ink: #1d1c1a; --soft: #5f5c56; --line: #dfdbd2;
  --doubt: #8a5d00; --hatch: #b9b4a8; --accent: #1f5f8b }
@media (prefers-color-scheme: dark) { :root { --ground: #161513; --card: #1f1e1b; --ink: #ece9e2; --soft: #aaa69c;
  --line: #393731; --doubt: #dcb350; --hatch: #5b574e; --accent: #6db3e0 } }
* { box-sizing: border-box }
body { margin: 0; background: var(--ground); color: var(--ink); overflow-wrap: break-word;
  font: 16px/1.55 ui-sans-serif, system-ui, -apple-system, "Segoe UI", "Noto Sans", sans-serif }
main { max-width: 60rem; margin: 0 auto; padding: 2.5rem 1.25rem 4rem }
h1 { font-size: 1.8rem; line-height: 1.2; font-weight: 650; letter-spacing: -0.01em; margin: 0 0 .5rem;
  text-wrap: balance }
h2 { font-size: 1.15rem; line-height: 1.3; font-weight: 650; margin: 2.75rem 0 .75rem }
p { margin: .5rem 0; max-width: 44rem } ul { margin: .5rem 0; padding-inline-start: 1.2rem }
li { margin: .25rem 0; max-width: 44rem }
.kind { font-size: .8rem; font-weight: 600; color: var(--soft); margin: 0 0 .35rem }
.soft { color: var(--soft) } .doubt { color: var(--doubt) }
.time { font-variant-numeric: tabular-nums; white-space: nowrap }
code { font: .82rem/1.5 ui-monospace, "SF Mono", Menlo, Consolas, "Noto Sans Mono", monospace }
figure { margin: 0 } bdi { overflow-wrap: anywhere }
table { border-collapse: collapse; width: 100%; font-size: .92rem }
th { text-align: start; font-weight: 600; color: var(--soft); font-size: .8rem; white-space: nowrap }
th, td { padding: .5rem .9rem .5rem 0; border-bottom: 1px solid var(--line); vertical-align: top }
th:last-child, td:last-child { padding-inline-end: 0 }
@media (max-width: 40rem) {
  main { padding: 1.5rem 1rem 3rem } h1 { font-size: 1.45rem }
  thead { position: absolute; clip-path: inset(50%); height: 1px; width: 1px; overflow: hidden }
  table, tbody, tr, td { display: block }
  tr { padding: .65rem 0; border-bottom: 1px solid var(--line) }
  td { display: grid; grid-template-columns: 6rem minmax(0, 1fr); gap: .75rem; padding: .15rem 0; border: 0 }
  td::before { content: attr(data-head); color: var(--soft); font-size: .8rem; font-weight: 600; padding-top: .1rem }
}
@media print {
  :root { color-scheme: light; --ground: #fff; --card: #fff; --ink: #000; --soft: #444; --line: #bbb; --doubt: #6b4700;
    --hatch: #999; --accent: #1f5f8b }
  body { font-size: 10.5pt } main { max-width: none; padding: 0 } h2 { break-after: avoid }
  figure, tr, li { break-inside: avoid } thead { display: table-header-group }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact }
}
"""
