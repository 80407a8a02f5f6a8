"""`holdfast piece`: posts, exhibitions and programmes, as JSON in and out."""

from __future__ import annotations

from pathlib import Path

import click

from holdfast.cli.opening import opened
from holdfast.cli.speak import Speaker, archive_option, counted, json_option, visible

KINDS = click.Choice(["post", "exhibition", "programme"])  # named here too, so that help needs no more than this file


@click.group("piece")
def command() -> None:
    """List, show and keep what the archive itself says: posts, exhibitions, programmes.

    They are usually written at the desk of the site. A piece is a JSON document (docs/formats/piece.md); what show
    prints with --json can be edited and kept again, here or in another archive.
    """


@command.command("ls")
@click.option("--kind", type=KINDS, help="Only pieces of this kind.")
@click.option("--limit", type=click.IntRange(1), default=1000, show_default=True, help="So many at most.")
@archive_option
@json_option
def ls(kind: str | None, limit: int, archive_folder: Path | None, *, as_json: bool) -> int:
    """List the pieces, the last dated first, with who may see each."""
    from holdfast.actions import pieces
    from holdfast.model.piece import PieceKind

    speaker = Speaker(as_json=as_json)
    kinds = (PieceKind(kind),) if kind else tuple(PieceKind)
    with opened(archive_folder) as archive:
        found = pieces.ls(archive, kinds, limit=limit)
    for one in found:
        told = {"id": one.id, "kind": one.kind, "title": one.title, "dated": one.dated, "access": one.access}
        speaker.record(told | {"object": one.object})
        speaker.say(f"{one.id}  {one.kind:10}  {one.dated[:10]}  {one.access:8}  {visible(one.title)}")
    speaker.say(counted(len(found), "1 piece", "{n} pieces") if found else "There are no pieces like that.")
    return 0


@command.command("show")
@click.argument("piece", metavar="PIECE")
@archive_option
@json_option
def show(piece: str, archive_folder: Path | None, *, as_json: bool) -> int:
    """Show a piece: its texts in all languages, and the works in it. With --json, its whole record."""
    from holdfast.actions.pieces import find, read
    from holdfast.formats.plain import to_plain
    from holdfast.model.time import seconds

    speaker = Speaker(as_json=as_json)
    with opened(archive_folder) as archive:
        held, inventory = read(archive, find(archive, piece))
    told = {"id": held.id, "object": inventory.object_id, "version": str(inventory.head), "record": to_plain(held)}
    speaker.record(told)
    speaker.say(f"{held.id}  {held.kind.value}, {held.access.value}, {inventory.head}, dated {held.dated:%Y-%m-%d}")
    for words in held.words:
        speaker.say(f"\n[{visible(words.language)}] {visible(words.title)}")
        speaker.say(words.text)
    for number, item in enumerate(held.items, start=1):
        ends = [seconds(one) for one in (item.start, item.end) if one is not None]
        moment = f" at {' to '.join(ends)} s" if ends else ""
        begins = f"  {visible(item.begins)}" if item.begins else ""
        text = " / ".join(visible(words.text) for words in item.words)
        speaker.say(f"\n{number}.{begins} {item.asset or 'text'}{moment}")
        if text:
            speaker.say(f"   {text}")
    return 0


@command.command("keep")
@click.argument("files", metavar="FILE...", type=click.Path(path_type=Path), nargs=-1, required=True)
@archive_option
@json_option
def keep(files: tuple[Path, ...], archive_folder: Path | None, *, as_json: bool) -> int:
    """Keep the piece in each FILE: a new one, or a new version of the one that has its id.

    A piece needs a kind and words; id, dates and access are filled in. Works that it names must be here.
    """
    from holdfast.actions import pieces
    from holdfast.errors import BadRecord, BadValue, FileMissing
    from holdfast.formats.canonical import MAXIMUM_BYTES, parse_json

    speaker = Speaker(as_json=as_json)
    with opened(archive_folder) as archive:
        archive.up_to_date_catalog()
        for path in files:
            try:
                with path.open("rb") as stream:
                    plain = parse_json(stream.read(MAXIMUM_BYTES + 1), path.name)
            except OSError as error:
                raise FileMissing(path=path, reason=error.strerror or str(error)) from error
            except BadRecord as error:
                raise BadValue(name=path.name, found=error.values["reason"], expected="a piece in JSON") from None
            done = pieces.keep(archive, pieces.from_plain_piece(archive, plain, path.name))
            told = {"id": done.piece.id, "object": str(done.piece.object_id), "version": done.version}
            speaker.record(told | {"changed": bool(done.changed)})
            what = f"kept as {done.version}" if done.changed else f"nothing new, {done.version}"
            speaker.say(f"{done.piece.id}  {what}: {visible(done.piece.title(archive.settings.languages))}")
    return 0
