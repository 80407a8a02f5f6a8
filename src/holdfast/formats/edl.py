"""An edit list as a CMX 3600 EDL: the text that every editing program has read for forty years.

    TITLE: HARVEST 1974
    FCM: NON-DROP FRAME
    001  0F1E2D3C V     C        00:00:12:00 00:06:02:00 00:00:00:00 00:05:50:00
    * FROM CLIP NAME: harvest-tape.mp4
    * SHA512: 0f1e2d3c...
    * REASON: the only copy of the beginning
    002  BL       V     C        00:00:00:00 00:00:39:15 00:08:40:10 00:09:20:00
    * FRAME RATE: 25

An EDL knows whole frames, one speed per event and no more, so it is a copy for editing programs; the edit list itself
is the OpenTimelineIO file. Picture (V) and sound (A) are events of their own, a stretch without a source is `BL`
(black, or silence). A reel is 8 characters of the source's digest. Timecodes count frames without dropping numbers:
at 30000/1001 a second they run slower than a clock. A source's timecode counts from its first frame, at the rate of the
list. Consensus, mirroring and placement have no place in an EDL and stand in comments.

What is said of the whole list stands at its end, because some readers know comments only after an event.

Source: the CMX 3600 format as editing programs write it, and as `pycmx` and the adapter of
OpenTimelineIO read it.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from holdfast.formats.canonical import one_line
from holdfast.model.edit import Edit, EditList, Take

EDL_SUFFIX = ".edl"
BLACK = "BL"
_REEL = 8
_NO_FRAMES_RATE = Fraction(25)  # of a work without a picture
_CHANNELS = {"picture": "V", "sound": "A"}


def edl_bytes(edits: EditList) -> bytes:
    """The file, in UTF-8, with the line ends that such files have. Edits shorter than half a frame are left out."""
    lines = [f"TITLE: {one_line(edits.title) or edits.asset}", "FCM: NON-DROP FRAME"]
    reels = reel_names({take.source for edit in edits.edits for take in (*edit.picture, *edit.sound)})
    number = 0
    for edit in edits.edits:
        for part, channel in _CHANNELS.items():
            event = list(_event(edits, edit, getattr(edit, part), channel, reels))
            number += 1 if event else 0
            lines += [f"{number:03d}  {line}" if place == 0 else line for place, line in enumerate(event)]
    lines += [f"* FRAME RATE: {_rate(edits)}", f"* ASSET: {one_line(edits.asset)}"]
    lines += [f"* NOTE: {one_line(note)}" for note in edits.notes]
    return "".join(f"{line}\r\n" for line in lines).encode("utf-8", "replace")


def reel_names(digests: set[str]) -> dict[str, str]:
    """A name of 8 characters for each source: the first 8 of its digest, or later ones where these are taken.

    Raises:
        ValueError: two digests have no 8 characters by which they could be told apart.
    """
    reels: dict[str, str] = {}
    taken: set[str] = set()
    for digest in sorted(digests):
        windows = (digest[at : at + _REEL].upper().ljust(_REEL, "0") for at in range(max(len(digest) - _REEL, 0) + 1))
        name = next((window for window in windows if window not in taken), None)
        if name is None:
            raise ValueError(f"no name of {_REEL} characters is left for the source {digest[:12]}")
        reels[digest] = name
        taken.add(name)
    return reels


def timecode(frames: int, frame_rate: Fraction) -> str:
    """Frames as `HH:MM:SS:FF`, no number dropped; after 24 hours it begins again, as timecode does.

    The seconds of a rate such as 30000/1001 have 30 numbers.
    """
    nominal = _nominal(frame_rate)
    whole, rest = divmod(frames, nominal)
    return f"{whole // 3600 % 24:02d}:{whole // 60 % 60:02d}:{whole % 60:02d}:{rest:02d}"


# ------------------------------------------------------------------------------------------------------ private


def _event(edits: EditList, edit: Edit, takes: tuple[Take, ...], channel: str, reels: dict[str, str]) -> Iterator[str]:
    """The lines of one event, the first without its number; none if it has no frame."""
    rate = _rate(edits)
    first, last = (_frame(moment * rate) for moment in (edit.asset.start, edit.asset.end))
    if first == last:
        return
    record = f"{timecode(first, rate)} {timecode(last, rate)}"
    if not takes:
        yield f"{BLACK:<8} {channel:<5} C        {timecode(0, rate)} {timecode(last - first, rate)} {record}"
        return
    chosen = takes[0].placement
    reel, begin = reels[chosen.source], max(_frame(chosen.copy_time(edit.asset.start) * rate), 0)
    length = max(_frame((last - first) / chosen.rate), 1) if chosen.rate != 1 else last - first
    yield f"{reel} {channel:<5} C        {timecode(begin, rate)} {timecode(begin + length, rate)} {record}"
    if chosen.rate != 1:
        yield f"M2   {reel:<8}       {_speed(rate, 1 / chosen.rate):<18}{timecode(begin, rate)}"
        yield f"* SPEED: {1 / chosen.rate} OF THE SOURCE'S"
    name = one_line(edits.sources.get(chosen.source, ""))
    yield f"* FROM CLIP NAME: {name or chosen.source[:12]}"
    yield f"* SHA512: {chosen.source}"
    if channel == "V" and chosen.mirrored:
        yield "* MIRRORED IN THE SOURCE"
    if channel == "V" and chosen.rotation:
        yield f"* TURNED BY {chosen.rotation} DEGREES IN THE SOURCE"
    if channel == "V" and chosen.geometry is not None:
        yield "* PLACED OTHERWISE IN THE SOURCE, SEE THE OTIO FILE"
    for other in takes[1:]:
        yield f"* COMBINED WITH: {reels[other.source]}"
    if reason := one_line(takes[0].reason):
        yield f"* REASON: {reason}"


def _speed(rate: Fraction, speed: Fraction) -> str:
    """Frames a second of the source that are played, as M2 lines say them: `024.038`, `025.0`."""
    thousandths = _frame(_nominal(rate) * speed * 1000)
    return f"{thousandths // 1000:03d}." + (f"{thousandths % 1000:03d}".rstrip("0") or "0")


def _frame(position: Fraction) -> int:
    """The nearest frame; a position between two belongs to the later one."""
    return (position + Fraction(1, 2)).__floor__()


def _rate(edits: EditList) -> Fraction:
    return edits.frame_rate if edits.frame_rate > 0 else _NO_FRAMES_RATE


def _nominal(frame_rate: Fraction) -> int:
    return max(_frame(frame_rate), 1)
