"""What the site says, in five languages: gathers the messages of `show/`, and compiles what translators wrote.

    python languages/messages.py            bring the catalogues up to date and compile them
    python languages/messages.py --check    only tell whether they are complete and compiled; exit code 1 if not

English stands in the templates and the code. For every other language there is one file,
`src/holdfast/show/locale/<language>/LC_MESSAGES/django.po`; a new message appears there empty, one that is no longer
said goes. The compiled file beside it is committed too, so that an installed Holdfast needs no tools.
"""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parents[1]
SHOW = ROOT / "src" / "holdfast" / "show"
LANGUAGES = ("ru", "zh_Hans", "de", "ko")  # plural forms are those of the Unicode CLDR, as Babel has them
FUNCTIONS = ("gettext", "gettext_lazy", "gettext_noop", "ngettext", "_")
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w+\}")
# What differs from day to day, and what would name nobody.
MOVING = tuple(
    f'"{name}:'
    for name in (
        *("POT-Creation-Date", "PO-Revision-Date", "Generated-By", "Project-Id-Version", "Report-Msgid-Bugs-To"),
        *("Last-Translator", "Language-Team"),
    )
)
NO_DAY = datetime(1970, 1, 1, tzinfo=UTC)

Key = str | tuple[str, str]


def said() -> dict[Key, None]:
    """Every message of the site, in the order of the files; those with a plural form as a pair."""
    found: dict[Key, None] = {}
    for path in sorted((*SHOW.rglob("*.html"), *SHOW.rglob("*.txt"))):
        found |= dict.fromkeys(_messages(_python_of(path)))
    for path in sorted(SHOW.rglob("*.py")):
        if "migrations" not in path.parts:
            found |= dict.fromkeys(_messages(path.read_text("utf-8")))
    return found


def _python_of(path: Path) -> str:
    """A template as Django gives it to programs that look for messages: calls of gettext, and x for all else."""
    return str(templatize(path.read_text("utf-8"), origin=str(path)))


def _messages(source: str) -> Iterator[Key]:
    found: Iterable[Any] = extract_python(
        io.BytesIO(source.encode()), dict.fromkeys(FUNCTIONS), [], {"encoding": "utf-8"}
    )
    for _, function, message, _ in found:
        given = (message,) if isinstance(message, str) else tuple(message)
        texts = [text for text in given if text]
        if not texts:
            continue
        yield (texts[0], texts[1]) if function == "ngettext" and len(texts) > 1 else texts[0]


def updated(language: str, messages: dict[Key, None]) -> Catalog:
    """The catalogue of a language with exactly these messages, and what is translated of them."""
    path = catalogue_path(language)
    old = parsed(path.read_bytes(), language) if path.exists() else Catalog()
    new = Catalog(locale=language, domain="django", header_comment=f"# Holdfast in {language}.", fuzzy=False)
    for key in messages:
        known = old.get(key[0] if isinstance(key, tuple) else key)
        is_same_kind = known is not None and isinstance(known.id, str) == isinstance(key, str)
        new.add(key, known.string if known is not None and is_same_kind else None)
    return new


def parsed(text: bytes, language: str) -> Catalog:
    """A catalogue as translators wrote it, of no day: what is compiled of it is the same tomorrow."""
    catalog = read_po(io.BytesIO(text), locale=language)
    catalog.creation_date = catalog.revision_date = NO_DAY
    return catalog


def catalogue_path(language: str) -> Path:
    """Where the catalogue of a language stands."""
    return SHOW / "locale" / language / "LC_MESSAGES" / "django.po"


def wants(catalog: Catalog) -> list[str]:
    """What a catalogue lacks: messages that are not translated, or that lost a placeholder."""
    return [f"{catalog.locale}: {_first(message)!r}" for message in catalog if message.id and not _is_whole(message)]


def _first(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def _is_whole(message: Message) -> bool:
    forms = [message.string] if not isinstance(message.string, tuple | list) else list(message.string)
    needed = set(PLACEHOLDER.findall(_first(message) if isinstance(message.id, str) else message.id[1]))
    return all(form and set(PLACEHOLDER.findall(form)) == needed for form in forms)


def compiled(catalog: Catalog) -> bytes:
    """The catalogue as programs read it; the same messages always give the same bytes."""
    stream = io.BytesIO()
    write_mo(stream, catalog)
    return stream.getvalue()


def written(catalog: Catalog) -> bytes:
    """The catalogue as translators read it."""
    stream = io.BytesIO()
    write_po(stream, catalog, width=120, sort_output=True, omit_header=False)
    lines = stream.getvalue().decode("utf-8").splitlines(keepends=True)
    return "".join(line for line in lines if not line.startswith(MOVING)).encode()


def main(arguments: list[str]) -> int:
    """Write, or with --check only look; 1 if something is wanting."""
    messages, faults = said(), []
    for language in LANGUAGES:
        catalog = updated(language, messages)
        faults += wants(catalog)
        path, text = catalogue_path(language), written(catalog)
        binary = compiled(parsed(text, language))  # of the file, so that order is the same
        for place, content in ((path, text), (path.with_suffix(".mo"), binary)):
            if not place.exists() or place.read_bytes() != content:
                if "--check" in arguments:
                    faults.append(f"{place.relative_to(ROOT)} is not what it would be: make messages")
                else:
                    place.parent.mkdir(parents=True, exist_ok=True)
                    place.write_bytes(content)
    for fault in faults:
        print(fault)
    print(f"messages: {len(messages)} in {len(LANGUAGES)} languages, {len(faults)} wanting")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
