"""The probe on broken and hostile files: what can be read, a sentence on what cannot, and never an exception."""

from __future__ import annotations

import logging
import struct
from fractions import Fraction
from pathlib import Path
from random import Random

import av
import pytest

from holdfast.media.probe import probe
from holdfast.media.write import VideoSettings
from holdfast.model.technical import MediaInfo
from tests.media.conftest import SIZE, make_film


def damaged(source: Path, folder: Path, data: bytes) -> MediaInfo:
    path = folder / source.name
    path.write_bytes(data)
    return probe(path)


def test_a_film_cut_off_in_the_middle_says_where_its_packets_end(tmp_path: Path, mp4_film: Path):
    data = mp4_film.read_bytes()
    info = damaged(mp4_film, tmp_path, data[: len(data) * 2 // 3])
    assert info.is_media
    assert Fraction(1) < info.duration < Fraction(7, 2)
    assert info.header_duration > Fraction(39, 10)
    assert any(w.startswith("the header promises 4.0 s, the packets end at ") for w in info.warnings)
    assert any("the index lists 120 pictures" in w for w in info.warnings)


def test_a_matroska_cut_off_says_where_its_packets_end(tmp_path: Path, plain_film: Path):
    data = plain_film.read_bytes()
    info = damaged(plain_film, tmp_path, data[: len(data) // 2])
    assert any(w.startswith("the header promises 4.0 s, the packets end at ") for w in info.warnings)


def test_an_mp4_without_its_index_is_named_as_such(tmp_path: Path):
    film = make_film(tmp_path / "camera.mp4", frames=25)
    info = damaged(film, tmp_path, film.read_bytes().replace(b"moov", b"lost"))
    assert (info.container, info.is_media) == ("mp4", False)
    assert "index (moov) is missing" in info.warnings[0]


@pytest.mark.parametrize(
    ("data", "kind", "words"),
    [
        (b"<!DOCTYPE html><html><body>Video unavailable" + b" x" * 3000, "html", "a web page"),
        (b'{"error": "gone"}' * 50, "json", "JSON"),
        ("привет, мир\n".encode() * 1000, "text", "plain text"),
        (b"#EXTM3U\n#EXTINF:10,\nhttp://127.0.0.1:9/a.ts\n#EXT-X-ENDLIST\n", "text", "plain text"),
        (b"ffconcat version 1.0\nfile '/etc/hostname'\n", "text", "plain text"),
        (bytes(100_000), "zeros", "nothing but zeros"),
        (b"%PDF-1.7\n" + b"x" * 5000, "pdf", "PDF"),
        (Random(3).randbytes(50_000), "", "nothing that is known"),
    ],
)
def test_what_is_no_film_is_named_for_what_it_looks_like(tmp_path: Path, data: bytes, kind: str, words: str):
    path = tmp_path / "film.mp4"
    path.write_bytes(data)
    info = probe(path)
    assert (info.container, info.is_media, info.size_bytes) == (kind, False, len(data))
    assert words in info.warnings[0]


@pytest.mark.parametrize("suffix", ["txt", "m3u8", "ffconcat", "sdp", "mpd", "nfo"])
def test_no_name_makes_ffmpeg_follow_what_a_text_says(tmp_path: Path, plain_film: Path, suffix: str):
    path = tmp_path / f"list.{suffix}"
    path.write_text(f"#EXTM3U\n#EXTINF:10,\n{plain_film}\n#EXT-X-ENDLIST\nffconcat version 1.0\nfile '{plain_film}'\n")
    assert not probe(path).is_media


def test_an_empty_file_says_so(tmp_path: Path):
    path = tmp_path / "film.mp4"
    path.touch()
    assert probe(path) == MediaInfo("", 0, warnings=("the file is empty: it has no bytes",))


def test_random_bytes_called_mp3_are_not_taken_for_sound(tmp_path: Path):
    path = tmp_path / "film.mp3"
    path.write_bytes(Random(3).randbytes(100_000))
    info = probe(path)
    assert not info.is_media
    assert info.warnings


def test_a_header_that_promises_ten_hours_is_not_believed(tmp_path: Path, plain_film: Path):
    data = plain_film.read_bytes()
    place = data.index(b"\x44\x89\x88") + 3  # Matroska's Duration, eight bytes of float, in milliseconds
    info = damaged(plain_film, tmp_path, data[:place] + struct.pack(">d", 36_000_000.0) + data[place + 8 :])
    assert info.duration == 4
    assert info.header_duration == 36_000
    assert info.warnings == ("the header promises 36000.0 s (10:00:00), the packets end at 4.0 s",)


def test_an_ogg_with_broken_pages_tells_how_often(tmp_path: Path):
    film = make_film(tmp_path / "film.ogg", video=VideoSettings("libvpx", SIZE), frames=100)
    data = bytearray(film.read_bytes())
    random = Random(5)
    for _ in range(10):
        data[random.randrange(len(data) // 3, len(data))] ^= 255
    info = damaged(film, tmp_path, bytes(data))
    assert info.is_media
    assert any("CRC mismatch" in warning for warning in info.warnings)


def test_a_transport_stream_joined_from_two_films_adds_up(tmp_path: Path):
    film = make_film(tmp_path / "half.ts", video=VideoSettings("mpeg2video", SIZE), frames=100)
    info = damaged(film, tmp_path, film.read_bytes() * 2)
    assert abs(info.duration - 8) <= Fraction(1, 10)
    assert any("starts anew once" in warning for warning in info.warnings)


def test_pictures_that_cannot_be_decoded_are_reported(tmp_path: Path, plain_film: Path):
    data = bytearray(plain_film.read_bytes())
    with av.open(str(plain_film)) as film:
        spans = [(packet.pos, packet.size) for packet in film.demux(video=0) if packet.pos]
    for place, size in spans:
        data[place + 8 : place + size] = bytes(max(size - 8, 0))
    info = damaged(plain_film, tmp_path, bytes(data))
    assert (info.duration, info.video[0].frame_count) == (4, 100)
    assert any("not one of its first pictures could be decoded" in warning for warning in info.warnings)


@pytest.mark.parametrize("film", ["plain_film", "mp4_film"])
@pytest.mark.parametrize("seed", range(8))
def test_whatever_is_flipped_there_is_an_answer_and_a_quiet_terminal(
    tmp_path: Path,
    film: str,
    seed: int,
    request: pytest.FixtureRequest,
    capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
):
    source: Path = request.getfixturevalue(film)
    random, data = Random(seed), bytearray(source.read_bytes())
    for _ in range(30):
        data[random.randrange(len(data) if seed % 2 else 6000)] = random.randrange(256)
    with caplog.at_level(logging.DEBUG):
        info = damaged(source, tmp_path, bytes(data))
    assert info.size_bytes == len(data)
    assert capfd.readouterr() == ("", "")
    assert [record for record in caplog.records if record.name.startswith("libav")] == []


@pytest.mark.slow
@pytest.mark.parametrize("film", ["plain_film", "mp4_film"])
def test_a_film_cut_off_anywhere_gives_an_answer(tmp_path: Path, film: str, request: pytest.FixtureRequest):
    source: Path = request.getfixturevalue(film)
    data = source.read_bytes()
    for length in range(1, len(data), len(data) // 60):
        info = damaged(source, tmp_path, data[:length])
        assert info.size_bytes == length
        assert info.warnings or (info.duration or 0) > 3


def test_bytes_without_any_header_are_not_taken_for_karaoke(tmp_path: Path) -> None:
    path = tmp_path / "nines.mp4"
    path.write_bytes(bytes([9]) * 100_000)
    assert probe(path).container == ""
