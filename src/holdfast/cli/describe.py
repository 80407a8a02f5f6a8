"""`holdfast describe`: edit what is said of an asset."""

from __future__ import annotations

import contextlib
import json
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from holdfast.cli.changes import change_of, then
from holdfast.cli.opening import opened
from holdfast.cli.speak import Speaker, archive_option, json_option, typed, visible

if TYPE_CHECKING:
    from holdfast.actions.describe import Change, Described
    from holdfast.model.asset import AssetRecord

DESCRIPTION, FORM = "the description", "JSON as holdfast describe ASSET --json prints it"
ASSET, VERSION = "asset", "version"  # in an edited description: whose it is, and of which version


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
@click.option("--embargo-until", metavar="DATE", help="Close it until then: 2031-05-09 or 2031-05-09T12:00:00+02:00.")
@click.option(
    "--embargo-level",
    type=click.Choice(["members", "curators", "sealed"]),
    help="Who may see it until then.  [default: curators]",
)
@click.option("--embargo-reason", metavar="WORDS", help="Why it is closed until then.")
@click.option("--no-embargo", is_flag=True, help="End its embargo now.")
@click.option("--warning", "warnings", multiple=True, metavar="TEXT", help="Warn of what is seen in it, in --lang.")
@click.option("--from", "from_file", type=click.Path(path_type=Path), help="Take an edited description; - for stdin.")
@click.option("--dry-run", is_flag=True, help="Show what would change, and change nothing.")
@archive_option
@json_option
def command(asset: str, archive_folder: Path | None, *, dry_run: bool, as_json: bool, **given: Any) -> int:
    """Edit what is said of ASSET, by options, or without any in $EDITOR.

    Each change is a new version of the asset's object; the earlier ones stay. `holdfast describe ASSET --json` without
    other options prints the description in the form that --from takes; if somebody changes it between the two, --from
    is refused (exit code 4).
    """
    from holdfast.actions.describe import record_of

    speaker = Speaker(as_json=as_json)
    change = change_of(given)
    if given["from_file"] is not None:
        edited = _from_file(given["from_file"])
    elif change is None:
        with opened(archive_folder) as archive:  # not held open while somebody thinks
            record, inventory = record_of(archive, asset)
        plain = _document(record, str(inventory.head))
        if as_json:
            speaker.record(plain)
            return 0
        text = _edited(json.dumps(plain, ensure_ascii=False, indent=2) + "\n")
        if text is None:
            speaker.say("Nothing changed.")
            return 0
        with _saved_if_refused(speaker, str(record.id), text):
            return _carry_out(speaker, archive_folder, asset, _parsed(text), None, dry_run=dry_run)
    else:
        edited = {}
    return _carry_out(speaker, archive_folder, asset, edited, change, dry_run=dry_run)


def _carry_out(
    speaker: Speaker, archive_folder: Path | None, asset: str, edited: Any, change: Change | None, *, dry_run: bool
) -> int:
    """Apply an edited document and then a change by options, or only show what they would do."""
    from holdfast.actions.describe import describe, record_of, with_edits
    from holdfast.errors import BadValue

    expected = None
    if isinstance(edited, dict):
        expected, about = edited.get(VERSION), edited.get(ASSET)
        edited = {name: value for name, value in edited.items() if name not in (VERSION, ASSET)}
    with opened(archive_folder) as archive:
        record, _ = record_of(archive, asset)
        if isinstance(edited, dict) and about not in (None, str(record.id)):
            raise BadValue(name=ASSET, found=about, expected=f"{record.id}, or none")
        both = then(lambda r: with_edits(r, edited), change)
        assert both is not None
        if dry_run:
            _tell_difference(speaker, record, both(record))
            return 0
        described = describe(archive, asset, both, expected=expected)
    _tell(speaker, described)
    return 0


def _document(record: AssetRecord, version: str) -> dict[str, Any]:
    """The description as it is edited: whose, of which version, then every field that may be changed."""
    from holdfast.actions.describe import editable

    return {ASSET: str(record.id), VERSION: version, **editable(record)}


def _edited(text: str) -> str | None:
    """The text as it comes back from $EDITOR; None if it was not saved. Raises UsageError where there is no editor."""
    if not (os.environ.get("VISUAL") or os.environ.get("EDITOR") or sys.stdin.isatty()):
        raise click.UsageError("Say what to change by options or --from, or name a program in $EDITOR.")
    return click.edit(text, extension=".json")


@contextlib.contextmanager
def _saved_if_refused(speaker: Speaker, asset: str, text: str) -> Iterator[None]:
    """What somebody typed is never thrown away: if it cannot be taken, it is saved, and said where."""
    try:
        yield
    except BaseException:
        with tempfile.NamedTemporaryFile("w", encoding="utf-8", suffix=f"-{asset}.json", delete=False) as file:
            file.write(text)
        speaker.note(f"your text was saved. Mend it, then: holdfast describe {asset} --from {typed(file.name)}")
        raise


def _tell(speaker: Speaker, described: Described) -> None:
    record = described.after
    told: dict[str, Any] = {"asset": str(record.id), "version": described.version, "changed": list(described.changed)}
    speaker.record(told | {"difference": _difference(described.before, record)})
    if described.changed:
        speaker.say(f"{record.id} {described.version}: changed {', '.join(described.changed)}")
        _say_difference(speaker, _difference(described.before, record))
    else:
        speaker.say("Nothing changed.")


def _tell_difference(speaker: Speaker, before: AssetRecord, after: AssetRecord) -> None:
    lines = _difference(before, after)
    speaker.record({"asset": str(before.id), "version": None, "changed": None, "difference": lines})
    _say_difference(speaker, lines)
    speaker.say("Nothing was changed: this was a dry run." if lines else "Nothing would change.")


def _difference(before: AssetRecord, after: AssetRecord) -> list[str]:
    """What went (-) and what came (+), a line each: a field's name and its value; of a list, the items concerned."""
    from holdfast.actions.describe import editable

    lines = []
    new = editable(after)
    for name, held in editable(before).items():
        gone, came = _parted(held, new[name])
        lines += [f"- {name}: {_compact(value)}" for value in gone]
        lines += [f"+ {name}: {_compact(value)}" for value in came]
    return lines


def _parted(held: Any, new: Any) -> tuple[list[Any], list[Any]]:
    if held == new:
        return [], []
    if isinstance(held, list) and isinstance(new, list):
        gone, came = [item for item in held if item not in new], [item for item in new if item not in held]
        if gone or came:
            return gone, came
    return [held] if held else [], [new] if new else []


def _compact(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _say_difference(speaker: Speaker, lines: list[str]) -> None:
    for line in lines:
        speaker.say(f"  {visible(line)}")


def _from_file(path: Path) -> Any:
    try:
        data = sys.stdin.buffer.read() if str(path) == "-" else path.read_bytes()
    except OSError as error:
        raise click.UsageError(f"{path} cannot be read: {error.strerror}") from error
    return _parsed(data)


def _parsed(text: str | bytes) -> Any:
    from holdfast.errors import BadRecord, BadValue
    from holdfast.formats.canonical import parse_json

    try:
        return parse_json(text.encode("utf-8", "surrogateescape") if isinstance(text, str) else text, DESCRIPTION)
    except BadRecord as error:
        raise BadValue(name=DESCRIPTION, found=error.values["reason"], expected=FORM) from None
