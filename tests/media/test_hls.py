"""Playlists from the index of a file."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from holdfast.media.hls import (
    Index,
    Segment,
    Variant,
    h264_codec,
    master_playlist,
    media_playlist,
    read_index,
    target_duration,
)


def box(kind: bytes, body: bytes) -> bytes:
    return (8 + len(body)).to_bytes(4, "big") + kind + body


def sidx(sizes: list[tuple[int, int]], first_offset: int = 0) -> bytes:
    body = bytes(4) + (1).to_bytes(4, "big") + (1000).to_bytes(4, "big") + bytes(4) + first_offset.to_bytes(4, "big")
    body += bytes(2) + len(sizes).to_bytes(2, "big")
    for size, duration in sizes:
        body += size.to_bytes(4, "big") + duration.to_bytes(4, "big") + bytes(4)
    return box(b"sidx", body)


def index(*segments: tuple[int, Fraction | int]) -> Index:
    return Index(100, tuple(Segment(0, size, Fraction(duration)) for size, duration in segments))


def test_the_index_gives_the_bytes_and_the_seconds_of_each_segment(tmp_path: Path) -> None:
    path = tmp_path / "film.mp4"
    head = box(b"ftyp", bytes(8)) + box(b"moov", bytes(92))
    path.write_bytes(head + sidx([(500, 2000), (300, 1500)], first_offset=20) + bytes(820))
    found = read_index(path)
    assert found.header_bytes == len(head)
    assert [(each.size, each.duration) for each in found.segments] == [(500, 2), (300, Fraction(3, 2))]
    assert found.segments[0].offset == len(head) + len(sidx([(1, 1), (1, 1)])) + 20
    assert found.segments[1].offset == found.segments[0].offset + 500


def test_a_file_without_an_index_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "film.mp4"
    path.write_bytes(box(b"ftyp", bytes(8)) + box(b"mdat", bytes(80)))
    with pytest.raises(ValueError, match="no segment index"):
        read_index(path)


def test_a_media_playlist_names_byte_ranges_of_the_one_file_and_is_finished() -> None:
    text = media_playlist("480p.mp4", Index(100, (Segment(150, 500, Fraction(2)), Segment(650, 70, Fraction(1, 3)))))
    assert text.splitlines() == [
        "#EXTM3U",
        "#EXT-X-VERSION:7",
        "#EXT-X-TARGETDURATION:2",
        "#EXT-X-MEDIA-SEQUENCE:0",
        "#EXT-X-PLAYLIST-TYPE:VOD",
        "#EXT-X-INDEPENDENT-SEGMENTS",
        '#EXT-X-MAP:URI="480p.mp4",BYTERANGE="100@0"',
        "#EXTINF:2.000000,",
        "#EXT-X-BYTERANGE:500@150",
        "480p.mp4",
        "#EXTINF:0.333333,",
        "#EXT-X-BYTERANGE:70@650",
        "480p.mp4",
        "#EXT-X-ENDLIST",
    ]


def test_the_peak_rate_is_that_of_the_busiest_stretch_and_a_short_rest_does_not_count() -> None:
    busy = index((1000, 2), (4000, 2), (1000, 2), (900, Fraction(1, 10)))
    assert busy.peak_bit_rate == 16000
    assert busy.average_bit_rate == round(8 * 6900 / 6.1)
    assert index((500, Fraction(1, 4))).peak_bit_rate == 16000


def test_a_master_playlist_tells_what_a_player_must_know_to_choose() -> None:
    variants = [
        Variant("240p.m3u8", 400, 300, ("avc1.64000d", "mp4a.40.2"), (426, 240), Fraction(30000, 1001)),
        Variant("sound.m3u8", 130, 129, ("mp4a.40.2",)),
    ]
    lines = master_playlist(variants).splitlines()
    rates, rest = lines[3].split(",CODECS=")
    assert rates == "#EXT-X-STREAM-INF:BANDWIDTH=400,AVERAGE-BANDWIDTH=300"
    assert rest == '"avc1.64000d,mp4a.40.2",RESOLUTION=426x240,FRAME-RATE=29.970'
    assert lines[4:] == [
        "240p.m3u8",
        '#EXT-X-STREAM-INF:BANDWIDTH=130,AVERAGE-BANDWIDTH=129,CODECS="mp4a.40.2"',
        "sound.m3u8",
    ]


def test_the_codec_is_read_from_the_decoder_configuration() -> None:
    assert h264_codec(bytes.fromhex("0164001fffe1")) == "avc1.64001f"
    with pytest.raises(ValueError, match="AVC"):
        h264_codec(b"\0\0\0\1\x67")


def test_no_segment_is_longer_than_the_target_duration_when_rounded() -> None:
    assert target_duration([Segment(0, 1, Fraction(249, 100))]) == 2
    assert target_duration([Segment(0, 1, Fraction(25, 10))]) == 3
    assert target_duration([]) == 1
