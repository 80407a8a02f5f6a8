"""What a media file holds, measured in one pass over its packets; a broken file gives what could be read of it.

    info = probe(Path("ferry.mp4"))
    info.duration, info.video[0].frame_rate          # Fraction(1201, 24), Fraction(24000, 1001)
    info.warnings                                    # ("the header promises 90.0 s, the packets end at 31.4 s",)

Rules:
1. Damage is never an exception: an archive does not refuse the only surviving copy because it is broken. Only what
   the operating system refuses (no such file, no permission) is raised.
2. Packets are the evidence; the header is a claim that is compared with them.
3. One pass, nothing is decoded but the first eight pictures of each track, nothing grows with the length of the film.
   So a flipped bit inside a later picture is not noticed here: that is what fixity is for.
4. A file can be hostile: see `reading` for what is not admitted, `isolation` for crashes of FFmpeg itself.

`loudness` measures sound, which takes decoding it all, and is therefore apart.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from holdfast.errors import SourceMissing
from holdfast.media import sniff, tags, tracks
from holdfast.media.complaints import Complaints
from holdfast.media.findings import Finding, damage_found
from holdfast.media.library import need_media
from holdfast.media.reading import DAMAGE, open_for_reading, packets_of
from holdfast.model.technical import Chapter, MediaInfo

if TYPE_CHECKING:
    from av.container import InputContainer
    from av.packet import Packet

# Only these say in their header how long they are; of others FFmpeg tells an estimate.
_PROMISING = frozenset({"mov", "mp4", "3gp", "m4a", "matroska", "webm", "flv", "asf", "mxf", "wav", "aiff"})
_SETTLE = 4096


def probe(path: Path) -> MediaInfo:
    """All that can be told of the file without decoding it; see the rules of this module.

    Raises:
        SourceMissing: the operating system does not let us read it.
        ExtraMissing: the optional part [media] is not installed.
    """
    need_media("Probing a film")
    head, size = _head(path)
    if not size:
        return MediaInfo("", 0, warnings=("the file is empty: it has no bytes",))
    with Complaints() as complaints:
        from av.error import FFmpegError

        try:
            container = open_for_reading(path)
        except (FFmpegError, *DAMAGE):
            return _unreadable(head, size, complaints)
        with container:
            plays = bool(container.streams.video or container.streams.audio)
            if plays and sniff.is_text(head):  # FFmpeg takes Cyrillic for AMR sound, which has no header
                return _unreadable(head, size, complaints)
            return _Reading(container, head, size, complaints).info()


def _head(path: Path) -> tuple[bytes, int]:
    try:
        with path.open("rb") as file:
            return file.read(sniff.HEAD_BYTES), path.stat().st_size
    except OSError as error:
        raise SourceMissing(path=path, reason=error.strerror or str(error)) from error


def _unreadable(head: bytes, size: int, complaints: Complaints) -> MediaInfo:
    kind = sniff.looks_like(head)
    reason = f"FFmpeg found no film in it; it looks like {sniff.in_words(kind)}"
    if complaints.mentions("moov atom not found") and kind in ("mov", "mp4", "3gp", "m4a"):
        reason = (
            "its index (moov) is missing, so no picture can be found in it: recording or copying was cut off before"
            " the end; a repair tool can sometimes rebuild the index from a whole film of the same camera"
        )
    return MediaInfo(kind, size, warnings=(reason,))


class _Reading:
    """One pass over an open container."""

    def __init__(self, container: InputContainer, head: bytes, size: int, complaints: Complaints) -> None:
        self._container = container
        self._head = head
        self._size = size
        self._complaints = complaints
        self._tracks = [tracks.open_track(stream) for stream in container.streams]
        self._finding = Finding(looks_like=sniff.looks_like(head))

    def info(self) -> MediaInfo:
        """Read it all and say what was found."""
        self._read()
        for track in self._tracks:
            track.close()
        playing = [track for track in self._tracks if track.plays and track.extent.packets]
        starts = [track.extent.start for track in playing if track.extent.start is not None]
        ends = [track.extent.end for track in playing if track.extent.end is not None]
        zero = min(starts, default=Fraction(0))
        return self._assemble(zero, max(ends) - zero if ends else None)

    def _assemble(self, zero: Fraction, duration: Fraction | None) -> MediaInfo:
        own, is_cut = tags.gathered(
            self._container.metadata, [(track.index, track.stream.metadata) for track in self._tracks]
        )
        understood = [track for track in self._tracks if track.is_understood]
        videos = [track for track in understood if track.glance]
        container = self._container_word()
        if self._is_still(videos):
            return self._still(container, videos[0], own)
        finding = self._finding
        finding.container, finding.zero, finding.duration = container, zero, duration
        finding.promised = self._promised(container)
        finding.tracks, finding.tags_are_cut = self._tracks, is_cut
        audios = [track for track in understood if track.plays and not track.glance]
        return MediaInfo(
            container=container,
            size_bytes=self._size,
            duration=duration,
            header_duration=finding.promised,
            bit_rate=round(self._size * 8 / duration) if duration else None,
            video=tuple(tracks.video_track(track, zero) for track in videos),
            audio=tuple(tracks.audio_track(track, zero) for track in audios),
            captions=(
                *(tracks.caption_track(track) for track in self._tracks if track.kind == "subtitle"),
                *(tracks.closed_captions(t) for t in videos if t.glance and t.glance.has_closed_captions),
            ),
            data=tuple(
                tracks.data_track(track)
                for track in self._tracks
                if track.kind != "subtitle" and not (track.plays and track.is_understood)
            ),
            chapters=self._chapters(),
            timecode=tags.timecode(own),
            recorded_at=tags.recorded_at(own),
            device=tags.device(own),
            software=tags.software(own),
            location=tags.location(own),
            tags=own,
            warnings=(*damage_found(finding), *self._complaints.as_warnings()),
        )

    def _read(self) -> None:
        by_index = {track.index: track for track in self._tracks}
        for count, packet in enumerate(packets_of(self._container, note=self._finding.note_unreadable)):
            if not count % _SETTLE:
                self._complaints.settle()
            track = by_index[packet.stream_index]
            if track.clock is None or (not packet.size and packet.pts is None and packet.dts is None):
                continue  # PyAV ends each stream with a packet of nothing
            _count(track, packet)
            if track.glance and not track.glance.is_done:
                track.glance.feed(packet)
        self._complaints.settle()

    def _container_word(self) -> str:
        name = self._container.format.name
        if name.startswith("mov,"):
            return sniff.mov_brand(self._container.metadata.get("major_brand", ""))
        if name.startswith("matroska"):
            return sniff.matroska_kind(self._head)
        return name.split(",")[0].removesuffix("_pipe")

    def _promised(self, container: str) -> Fraction | None:
        promised = self._container.duration
        if not promised or promised < 0 or container not in _PROMISING or self._complaints.duration_is_a_guess:
            return None
        return Fraction(promised, 1_000_000)

    def _is_still(self, videos: list[tracks.Track]) -> bool:
        name = self._container.format.name
        if len(self._tracks) != 1 or len(videos) != 1 or videos[0].extent.packets != 1:
            return False
        return name.endswith("_pipe") or name in ("gif", "apng")

    def _still(self, container: str, track: tracks.Track, own: dict[str, str]) -> MediaInfo:
        picture = tracks.video_track(track, Fraction(0))
        still = replace(picture, duration=None, frame_rate=None, is_variable_rate=None, bit_rate=None, frame_count=1)
        is_shown = track.glance is not None and bool(track.glance.pictures)
        lost = () if is_shown else ("the picture cannot be decoded",)
        return MediaInfo(
            container=container,
            size_bytes=self._size,
            video=(still,),
            recorded_at=tags.recorded_at(own),
            device=tags.device(own),
            software=tags.software(own),
            location=tags.location(own),
            tags=own,
            warnings=(*lost, *self._complaints.as_warnings()),
        )

    def _chapters(self) -> tuple[Chapter, ...]:
        found = []
        for chapter in self._container.chapters():
            base = chapter["time_base"]
            if base and chapter["start"] <= chapter["end"]:
                title = chapter["metadata"].get("title", "")
                found.append(Chapter(chapter["start"] * base, chapter["end"] * base, title))
        return tuple(found)


def _count(track: tracks.Track, packet: Packet) -> None:  # type: ignore[type-arg]
    clock = track.clock
    assert clock is not None
    duration = packet.duration or 0
    if track.kind == "audio" and packet.has_sidedata("skip_samples"):
        duration -= _trim(track, packet)
    clock.add(
        packet.pts,
        packet.dts,
        max(duration, 0),
        size=packet.size,
        is_discarded=packet.is_discard,
        is_corrupt=packet.is_corrupt,
    )


def _trim(track: tracks.Track, packet: Packet) -> int:  # type: ignore[type-arg]
    """Tell the clock where the sound begins; give the ticks to cut from the end of this packet.

    Source: AV_PKT_DATA_SKIP_SAMPLES in FFmpeg's packet.h: two 32 bit little-endian counts of samples.
    """
    data = bytes(packet.get_sidedata("skip_samples"))
    rate = track.stream.codec_context.sample_rate if track.stream.codec_context else 0
    if len(data) < 8 or not rate or track.clock is None:
        return 0
    first, last = (Fraction(int.from_bytes(data[n : n + 4], "little"), rate) / packet.time_base for n in (0, 4))
    if first and packet.pts is not None:
        track.clock.skip_until(packet.pts + round(first))
    return round(last)
