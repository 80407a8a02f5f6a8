"""`holdfast show`: everything that is known of an asset."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from holdfast.cli.opening import opened
from holdfast.cli.speak import Speaker, archive_option, json_option, size, visible

if TYPE_CHECKING:
    from holdfast.actions.show import Shown
    from holdfast.model.asset import AssetRecord, Instantiation
    from holdfast.model.technical import MediaInfo


@click.command("show")
@click.argument("asset", metavar="ASSET")
@click.option("--events", "with_events", is_flag=True, help="Also what happened to it, and when.")
@archive_option
@json_option
def command(asset: str, archive_folder: Path | None, *, with_events: bool, as_json: bool) -> int:
    """Show everything that is known of ASSET: an id, or the first four or more characters of one.

    The record is read from the store itself and verified, not from the catalogue.
    """
    from holdfast.actions.access import access_folder
    from holdfast.actions.show import show

    speaker = Speaker(as_json=as_json)
    with opened(archive_folder) as archive:
        shown = show(archive, asset)
        copies = {i.file: access_folder(archive, i.digest) for i in shown.record.instantiations}
    speaker.record(_as_record(shown, {file: str(path) for file, path in copies.items() if path}))
    for line in _lines(shown, with_events=with_events):
        speaker.say(line)
    for file, path in copies.items():
        if path is not None:
            speaker.say(f"  access copies of {visible(file)}: {visible(path)}")
    return 0


def _as_record(shown: Shown, copies: dict[str, str]) -> dict[str, Any]:
    from holdfast.formats.plain import to_plain
    from holdfast.model.time import now

    return {
        "asset": str(shown.record.id),
        "title": shown.record.title(),
        "status": shown.record.status.value,
        "access": shown.record.access_at(now()).value,
        "record": to_plain(shown.record),
        "files": [{"file": f.file, "digest": f.digest, "place": f.place} for f in shown.files],
        "events": [to_plain(event) for event in shown.events],
        "versions": [
            {"version": number, "created": version.created, "message": version.message, "user": version.user_name}
            for number, version in shown.versions
        ],
        "object": shown.object_id,
        "place": shown.place,
        "access_copies": copies,
        "last_check": dict(zip(("at", "result"), shown.last_check, strict=True)) if shown.last_check else None,
    }


def _lines(shown: Shown, *, with_events: bool) -> list[str]:
    from holdfast.model.time import civil, clock

    record = shown.record
    lines = [visible(record.title()), f"  {record.id}   {record.status.value}, access: {_access(record)}"]
    lines += [f"  warning      [{w.language}] {visible(w.text)}" for w in record.content_warnings]
    lines += [f"  title        [{t.language}] {visible(t.text)}{_from(t.source)}" for t in record.titles]
    for description in record.descriptions:
        text = description.text if len(description.text) < 300 else description.text[:300] + "..."
        lines.append(f"  description  [{description.language}] {visible(' '.join(text.split()))}")
    lines += [f"  date         {visible(d.edtf)} ({visible(d.kind)}){_from(d.source)}" for d in record.dates]
    lines += [f"  person       {visible(p.name)}" + (f" ({visible(p.role)})" if p.role else "") for p in record.people]
    lines += [f"  place        {visible(p.name)}" for p in record.places]
    for name, values in (
        ("tags", [t.text for t in record.tags]),
        ("collections", list(record.collections)),
        ("category", [record.category] if record.category else []),
        ("languages", list(record.languages)),
        ("published", [p.url or f"{p.site} {p.item}" for p in record.publications]),
        ("rights", [r for r in (record.rights.statement, record.rights.uri, record.rights.holder) if r]),
    ):
        if values:
            lines.append(f"  {name:12} {visible(', '.join(values))}")
    lines += [f"  chapter      {clock(s.start)} {visible(s.title)}" for s in record.sections]
    for held in record.instantiations:
        lines += _held(held)
        if record.masters_are_gone and held.kind.value == "master":
            lines.append("               lost: its bytes are gone, or not to be relied on")
    lines += [f"  text         {visible(t.file)} [{t.language}]" for t in record.texts]
    lines += [f"  evidence     {visible(e.file)} ({visible(e.kind)})" for e in record.evidence]
    number, version = shown.versions[-1]
    lines.append(f"  object       {shown.place} ({number} of {civil(version.created)})")
    if shown.last_check:
        lines.append(f"  last check   {shown.last_check[0]} {shown.last_check[1]}")
    else:
        lines.append("  last check   never; holdfast audit")
    if with_events:
        for event in shown.events:
            who = ", ".join(agent.name for agent in event.agents)
            lines.append(f"  event        {civil(event.at)} {event.type.value}: {event.outcome.value}; {visible(who)}")
            if event.detail:
                lines.append(f"               {visible(event.detail)}")
    return lines


def _access(record: AssetRecord) -> str:
    """Who may see it now and, while an embargo changes that, until when and what then."""
    from holdfast.model.time import civil, now

    level = record.access_at(now())
    if record.embargo is None or level is record.access:
        return level.value
    reason = f" ({visible(record.embargo.reason)})" if record.embargo.reason else ""
    return f"{level.value} until {civil(record.embargo.until)}{reason}, then {record.access.value}"


def _held(held: Instantiation) -> list[str]:
    lines = [
        f"  {held.kind.value:12} {visible(held.file)}",
        f"               {size(held.size_bytes)}, sha512 {held.digest.short}...",
    ]
    if held.technical is not None:
        lines += [f"               {visible(line)}" for line in technical_lines(held.technical)]
    return lines


def technical_lines(info: MediaInfo) -> list[str]:
    """What a probe read, a line a track, for people."""
    from holdfast.model.time import clock

    lines = [info.container + (f", {clock(info.duration, millis=True)}" if info.duration is not None else "")]
    for video in info.video:
        rate = f"{float(video.frame_rate):.3f} fps" if video.frame_rate else "rate unknown"
        if video.is_variable_rate:
            rate += " on average, variable"
        turned = f", turned {video.rotation} degrees" if video.rotation else ""
        lines.append(
            f"video: {video.codec} {video.width}x{video.height}, {rate}, {video.field_order.value}{turned}"
            + (f", {video.bit_depth} bit" if video.bit_depth else "")
        )
    for audio in info.audio:
        language = f" [{audio.language}]" if audio.language else ""
        lines.append(f"audio: {audio.codec} {audio.sample_rate} Hz, {audio.layout or audio.channels}{language}")
    lines += [f"captions: {track.codec} [{track.language or 'und'}]" for track in info.captions]
    for name, value in (("device", info.device), ("recorded", info.recorded_at), ("timecode", info.timecode)):
        if value:
            lines.append(f"{name}: {value}")
    return lines + [f"warning: {warning}" for warning in info.warnings]


def _from(source: str) -> str:
    return f"  (from: {visible(source)})" if source else ""
