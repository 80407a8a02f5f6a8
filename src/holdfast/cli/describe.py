"""`holdfast describe`: edit what is said of an asset."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from holdfast.cli.opening import opened
from holdfast.cli.speak import Speaker, archive_option, json_option, visible

if TYPE_CHECKING:
    from holdfast.actions.describe import Change, Described
    from holdfast.model.asset import AssetRecord


@click.command("describe")
@click.argument("asset", metavar="ASSET")
@click.option("--title", "titles", multiple=True, metavar="TEXT", help="Add a title, or replace the one in --lang.")
@click.option("--description", "descriptions", multiple=True, metavar="TEXT", help="The same for a description.")
@click.option("--lang", "language", default="und", metavar="TAG", help="The language of these texts: ru, zh-Hans, ...")
@click.option("--source", default="", metavar="WORDS", help="Who says so; it is kept with each statement.")
@click.option("--translator", default="", metavar="NAME", help="Who translated the texts.")
@click.option("--date", "dates", multiple=True, metavar="EDTF[=KIND]", help="1974, 1974-05~, 197X=recorded, ...")
@click.option("--person", "people", multiple=True, metavar="NAME[=ROLE]", help="Add somebody.")
@click.option("--place", "places", multiple=True, metavar="NAME", help="Add a place.")
@click.option("--tag", "tags", multiple=True, metavar="WORD", help="Add a tag.")
@click.option("--untag", "untags", multiple=True, metavar="WORD", help="Take a tag away.")
@click.option("--category", metavar="WORD", help="Set the category.")
@click.option("--collection", "collections", multiple=True, metavar="NAME", help="Put it into a collection.")
@click.option("--spoken", "spoken", multiple=True, metavar="TAG", help="A language that is spoken in it.")
@click.option("--rights", metavar="TEXT", help="Set the rights statement.")
@click.option("--rights-uri", metavar="URI", help="Set the address of a licence or rights statement.")
@click.option("--holder", metavar="NAME", help="Set the rights holder.")
@click.option("--access", type=click.Choice(["public", "members", "curators", "sealed"]), help="Set who may see it.")
@click.option("--from", "from_file", type=click.Path(path_type=Path), help="Take an edited description; - for stdin.")
@click.option("--dry-run", is_flag=True, help="Show what would change, and change nothing.")
@archive_option
@json_option
def command(asset: str, archive_folder: Path | None, *, dry_run: bool, as_json: bool, **given: Any) -> int:
    """Edit what is said of ASSET, by options, or without any in $EDITOR.

    Each change is a new version of the asset's object; the earlier ones stay. `holdfast describe ASSET --json` without
    other options prints the description in the form that --from takes.
    """
    from holdfast.actions.describe import describe, editable, record_of, with_edits

    speaker = Speaker(as_json=as_json)
    with opened(archive_folder) as archive:
        record, inventory = record_of(archive, asset)
        expected = None
        change = _change(given)
        if given["from_file"] is not None:
            edited = _from_file(given["from_file"])
            change = _then(lambda r: with_edits(r, edited), change)
        elif change is None:
            if as_json:
                speaker.record(editable(record))
                return 0
            text = json.dumps(editable(record), ensure_ascii=False, indent=2) + "\n"
            answer = click.edit(text, extension=".json")
            if answer is None:
                speaker.say("Nothing changed.")
                return 0
            edited = _parsed(answer)
            change = lambda r: with_edits(r, edited)  # noqa: E731
            expected = str(inventory.head)
        assert change is not None
        if dry_run:
            _tell_difference(speaker, record, change(record))
            return 0
        described = describe(archive, asset, change, expected=expected)
    _tell(speaker, described)
    return 0


def _tell(speaker: Speaker, described: Described) -> None:
    record = described.after
    speaker.record({"asset": str(record.id), "version": described.version, "changed": list(described.changed)})
    if described.changed:
        speaker.say(f"{record.id} {described.version}: changed {', '.join(described.changed)}")
        _tell_difference(speaker, described.before, record)
    else:
        speaker.say("Nothing changed.")


def _tell_difference(speaker: Speaker, before: AssetRecord, after: AssetRecord) -> None:
    import difflib

    from holdfast.actions.describe import editable

    old, new = (json.dumps(editable(r), ensure_ascii=False, indent=1).splitlines() for r in (before, after))
    differences = difflib.unified_diff(old, new, n=0, lineterm="")
    lines = [line for line in differences if not line.startswith(("---", "+++", "@@"))]
    for line in lines:
        speaker.say(visible(line))
    speaker.record({"difference": lines} if lines else {})


def _from_file(path: Path) -> Any:
    try:
        data = sys.stdin.buffer.read() if str(path) == "-" else path.read_bytes()
    except OSError as error:
        raise click.UsageError(f"{path} cannot be read: {error.strerror}") from error
    return _parsed(data)


def _parsed(text: str | bytes) -> Any:
    from holdfast.formats.canonical import parse_json

    return parse_json(text.encode("utf-8") if isinstance(text, str) else text, "the description")


# ------------------------------------------------------------------------------------- options into changes


def _change(given: dict[str, Any]) -> Change | None:
    """The change that the options ask for together; None if there was none."""
    from holdfast.actions.describe import added
    from holdfast.model.asset import DatedFact, Person, Place, Tag

    source, language = given["source"], given["language"]
    change: Change | None = None
    for name in ("titles", "descriptions"):
        for text in given[name]:
            change = _then(change, _stated(name, text, given))
    lists: list[tuple[str, list[Any]]] = [
        ("dates", [DatedFact(d, kind or "created", source) for d, kind in map(_split, given["dates"])]),
        ("people", [Person(name, role, source) for name, role in map(_split, given["people"])]),
        ("places", [Place(name, "", source) for name in given["places"]]),
        ("tags", [Tag(word, language, source) for word in given["tags"]]),
        ("collections", list(given["collections"])),
        ("languages", list(given["spoken"])),
    ]
    for name, values in lists:
        if values:
            change = _then(change, added(name, values))
    if given["untags"]:
        gone = set(given["untags"])
        change = _then(change, lambda r: replace(r, tags=tuple(t for t in r.tags if t.text not in gone)))
    return _then(change, _settings(given))


def _stated(name: str, text: str, given: dict[str, Any]) -> Change:
    from holdfast.model.asset import Statement

    statement = Statement(text, given["language"], given["source"], given["translator"])

    def change(record: AssetRecord) -> AssetRecord:
        held = getattr(record, name)
        same = [n for n, other in enumerate(held) if other.language == statement.language]
        if same:
            new = (*held[: same[0]], statement, *held[same[0] + 1 :])
        else:
            new = (statement, *held) if held and held[0].source == "file name" else (*held, statement)
        changed: dict[str, Any] = {name: new}
        return replace(record, **changed)

    return change


def _settings(given: dict[str, Any]) -> Change | None:
    from holdfast.model.rights import AccessLevel

    simple: dict[str, Any] = {}
    if given["category"] is not None:
        simple["category"] = given["category"]
    if given["access"] is not None:
        simple["access"] = AccessLevel(given["access"])
    names = {"rights": "statement", "rights_uri": "uri", "holder": "holder"}
    rights = {field: given[option] for option, field in names.items() if given[option] is not None}
    if not simple and not rights:
        return None
    return lambda record: replace(record, **simple, rights=replace(record.rights, **rights))


def _then(first: Change | None, second: Change | None) -> Change | None:
    if first is None or second is None:
        return first or second
    one, two = first, second
    return lambda record: two(one(record))


def _split(text: str) -> tuple[str, str]:
    value, _, kind = text.partition("=")
    return value.strip(), kind.strip()
