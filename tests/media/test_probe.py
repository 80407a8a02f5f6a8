"""The probe on whole films: what was written is what is found, exactly."""

from __future__ import annotations

import builtins
import struct
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image

from holdfast.errors import ExtraMissing, SourceMissing
from holdfast.media.probe import probe
from holdfast.media.write import AudioSettings, CaptionSettings, ColorTags, MediaWriter, VideoSettings
from holdfast.model.technical import CaptionTrack, Chapter, FieldOrder
from holdfast.model.time import Span
from tests.media.conftest import SIZE, make_film, picture


def test_an_mp4_with_reordered_pictures_is_measured_exactly(mp4_film: Path):
    info = probe(mp4_film)
    assert info.warnings == ()
    assert (info.container, info.is_media, info.size_bytes) == ("mp4", True, mp4_film.stat().st_size)
    (video,), (audio,) = info.video, info.audio
    assert (video.codec, video.width, video.height, video.bit_depth) == ("h264", *SIZE, 8)
    assert (video.frame_count, video.frame_rate, video.is_variable_rate) == (120, Fraction(30000, 1001), False)
    assert video.duration == Fraction(120 * 1001, 30000)
    assert (audio.codec, audio.sample_rate, audio.channels, audio.layout) == ("aac", 48000, 2, "stereo")
    assert audio.bit_depth is None
    assert audio.start == 0  # the encoder's run-up does not play
    assert info.duration == max(video.duration, audio.duration)


@pytest.mark.parametrize("suffix", ["webm", "mkv"])
def test_a_film_in_a_container_of_milliseconds_keeps_its_exact_rate(tmp_path: Path, suffix: str):
    rate = Fraction(24000, 1001)
    film = make_film(tmp_path / f"film.{suffix}", video=VideoSettings("libvpx", SIZE, rate), frames=72)
    info = probe(film)
    assert info.container == ("webm" if suffix == "webm" else "matroska")
    assert (info.video[0].frame_rate, info.video[0].is_variable_rate) == (rate, False)
    assert abs(info.duration - 72 / rate) <= Fraction(2, 1000)


def test_a_variable_rate_is_told_as_variable(tmp_path: Path):
    settings = VideoSettings("mpeg4", SIZE, time_base=Fraction(1, 1000))
    with MediaWriter(tmp_path / "phone.mkv") as writer:
        track = writer.add_video(settings)
        for number in range(60):
            track.write(picture(number), at=Fraction(number * 40 + (number % 7) * 5, 1000))
    assert probe(tmp_path / "phone.mkv").video[0].is_variable_rate


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_rotation_is_told_clockwise_as_a_player_turns_it(tmp_path: Path, turn: int):
    film = make_film(tmp_path / "phone.mp4", video=VideoSettings("mpeg4", SIZE, rotation=turn), frames=5)
    assert probe(film).video[0].rotation == turn


@pytest.mark.parametrize("order", [FieldOrder.PROGRESSIVE, FieldOrder.TOP_FIRST, FieldOrder.BOTTOM_FIRST])
def test_the_field_order_is_that_of_the_stream(tmp_path: Path, order: FieldOrder):
    settings = VideoSettings("mpeg2video", (720, 576), field_order=order, pixel_aspect=Fraction(16, 15))
    video = probe(make_film(tmp_path / "tape.mkv", video=settings, frames=6)).video[0]
    assert video.field_order is order
    assert video.pixel_aspect == Fraction(16, 15)


@pytest.mark.parametrize("order", [FieldOrder.TOP_FIRST, FieldOrder.BOTTOM_FIRST])
def test_a_tape_that_does_not_tell_its_field_order_is_looked_at(tmp_path: Path, order: FieldOrder):
    path, size = tmp_path / "tape.avi", (720, 576)
    with MediaWriter(path) as writer:
        track = writer.add_video(
            VideoSettings("dvvideo", size)
        )  # DV has interlaced pictures, and no field for an order
        for number in range(8):
            woven = picture(2 * number, size)
            later = 1 if order is FieldOrder.TOP_FIRST else 0
            woven[later::2] = picture(2 * number + 1, size)[later::2]
            track.write(woven)
    assert probe(path).video[0].field_order is order


def test_colors_depth_and_profile_are_told(tmp_path: Path):
    color = ColorTags("bt2020", "arib-std-b67", "bt2020nc", "tv")
    settings = VideoSettings("ffv1", SIZE, pixel_format="yuv422p10le", color=color)
    video = probe(make_film(tmp_path / "master.mkv", video=settings, frames=3)).video[0]
    found = (video.color_primaries, video.color_transfer, video.color_matrix, video.color_range)
    assert found == ("bt2020", "arib-std-b67", "bt2020nc", "tv")
    assert (video.bit_depth, video.pixel_format) == (10, "yuv422p10le")


@pytest.mark.parametrize(
    ("codec", "suffix", "bits"), [("pcm_s24le", "mkv", 24), ("pcm_s16be", "mov", 16), ("flac", "mkv", 16)]
)
def test_bits_of_a_sample_are_those_stored(tmp_path: Path, codec: str, suffix: str, bits: int):
    settings = AudioSettings(codec, layout="mono")
    audio = probe(make_film(tmp_path / f"film.{suffix}", audio=settings, frames=25)).audio[0]
    assert (audio.bit_depth, audio.layout, audio.channels) == (bits, "mono", 1)
    assert audio.duration == 1


def test_captions_chapters_languages_and_tags_are_found(tmp_path: Path):
    path = tmp_path / "film.mkv"
    chapters = (Chapter(Fraction(0), Fraction(1), "Ferry"), Chapter(Fraction(1), Fraction(2), "Ernte"))
    with MediaWriter(path, tags={"title": "Die Fähre"}, chapters=chapters) as writer:
        track = writer.add_video(VideoSettings("mpeg4", SIZE, language="ger"))
        captions = writer.add_captions(CaptionSettings("srt", "rus", "Untertitel"))
        captions.write(Span(Fraction(0), Fraction(1)), "паром")
        for number in range(50):
            track.write(picture(number))
    info = probe(path)
    assert info.captions == (CaptionTrack(1, "subrip", "rus", "Untertitel"),)
    assert info.chapters == chapters
    assert info.video[0].language == "ger"
    assert info.tags["title"] == "Die Fähre"
    assert info.warnings == ()


def test_what_a_phone_writes_of_place_time_and_itself_is_found(tmp_path: Path):
    tags = {
        "com.apple.quicktime.location.ISO6709": "+52.5200+013.4050+034.000/",
        "com.apple.quicktime.make": "Apple",
        "com.apple.quicktime.model": "iPhone 12",
        "com.apple.quicktime.software": "17.1",
        "com.apple.quicktime.creationdate": "2024-05-01T12:00:00+0200",
    }
    path = make_film(tmp_path / "phone.mov", frames=5, tags=tags, options={"movflags": "use_metadata_tags"})
    info = probe(path)
    assert info.location == "+52.5200+013.4050+034.000/"
    assert (info.device, info.software) == ("Apple iPhone 12", "17.1")
    assert info.recorded_at == "2024-05-01T12:00:00+0200"
    assert info.container == "mov"


def test_a_timecode_track_is_found(tmp_path: Path):
    info = probe(make_film(tmp_path / "tape.mov", frames=25, tags={"timecode": "10:00:00:00"}))
    assert info.timecode == "10:00:00:00"
    assert [track.kind for track in info.data] == ["timecode"]


def test_a_clock_that_was_never_set_is_no_date(tmp_path: Path):
    film = make_film(tmp_path / "film.mp4", frames=5, tags={"creation_time": "1970-01-01T00:00:00Z"})
    assert probe(film).recorded_at == ""


def test_closed_captions_inside_the_pictures_are_noticed(tmp_path: Path):
    # ATSC A/53 part 4: user data `GA94`, type 3, one triplet of field 1, before the first slice of each picture.
    user_data = b"\x00\x00\x01\xb2GA94\x03\x41\xff\xfc\x94\x2c\xff"
    plain, captioned = (
        make_film(tmp_path / "a.mpg", video=VideoSettings("mpeg2video", SIZE), frames=20),
        tmp_path / "b.ts",
    )
    with av.open(str(plain)) as source, av.open(str(captioned), "w") as target:
        stream = target.add_stream_from_template(source.streams.video[0])
        for packet in source.demux(video=0):
            if packet.dts is None:
                continue
            data = bytes(packet)
            slice_start = data.index(b"\x00\x00\x01\x01")
            copy = av.Packet(data[:slice_start] + user_data + data[slice_start:])
            copy.pts, copy.dts, copy.time_base, copy.is_keyframe = (
                packet.pts,
                packet.dts,
                packet.time_base,
                packet.is_keyframe,
            )
            copy.stream = stream
            target.mux(copy)
    assert probe(plain).captions == ()
    assert [(track.codec, track.index) for track in probe(captioned).captions] == [("cea-608/708", 0)]


def test_a_cover_picture_is_not_a_film(tmp_path: Path):
    cover, song = tmp_path / "cover.png", tmp_path / "song.m4a"
    Image.new("RGB", (32, 32), "red").save(cover)
    with av.open(str(song), "w", format="mp4") as target:
        sound = target.add_stream("aac", rate=48000)
        picture_stream = target.add_stream("png", rate=1)
        picture_stream.width = picture_stream.height = 32
        picture_stream.pix_fmt = "rgb24"
        picture_stream.disposition = av.stream.Disposition.attached_pic
        frame = av.AudioFrame.from_ndarray(np.zeros((1, 9600), np.int16), "s16", "stereo")
        frame.sample_rate = 48000
        target.mux(picture_stream.encode(av.VideoFrame.from_image(Image.open(cover))))
        target.mux(sound.encode(frame))
        target.mux(sound.encode(None))
    info = probe(song)
    assert info.video == ()
    assert [track.kind for track in info.data] == ["cover picture"]
    assert info.duration == info.audio[0].duration


@pytest.mark.parametrize("suffix", ["jpg", "png", "gif", "webp"])
def test_a_still_picture_is_one_and_no_film(tmp_path: Path, suffix: str):
    path = tmp_path / f"poster.{suffix}"
    Image.new("RGB", (64, 48), "red").save(path)
    info = probe(path)
    assert (info.is_still, info.is_media, info.duration, info.warnings) == (True, False, None, ())
    assert (info.video[0].width, info.video[0].height) == (64, 48)
    assert info.container in ("jpeg", "png", "gif", "webp")


def test_a_film_of_one_picture_is_still_a_film(tmp_path: Path):
    info = probe(make_film(tmp_path / "blink.mp4", frames=1))
    assert (info.is_still, info.is_media) == (False, True)


def test_a_name_that_looks_like_an_address_is_only_a_name(
    tmp_path: Path, plain_film: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(tmp_path)
    for name in ("concat:a|b.mkv", "%03d.mkv", "日本語 \udcff.mkv"):
        path = Path(name)
        path.write_bytes(plain_film.read_bytes())
        assert probe(path).duration == 4


def test_tags_beyond_all_measure_are_cut_and_that_is_said(tmp_path: Path):
    tags = {f"key{n}": "x" * 9000 for n in range(300)}
    info = probe(make_film(tmp_path / "film.mkv", frames=3, tags=tags))
    assert len(info.tags) == 200
    assert max(map(len, info.tags.values())) == 4096
    assert any("tags" in warning for warning in info.warnings)


def test_a_tag_in_an_old_code_page_does_not_stop_the_probe(tmp_path: Path):
    film = make_film(tmp_path / "film.mkv", frames=3, tags={"artist": "Mueller"})
    film.write_bytes(film.read_bytes().replace(b"Mueller", b"M\xfcller "))
    assert probe(film).tags["ARTIST"] == "M\ufffdller"


def test_an_mp3_or_wav_is_sound_alone(tmp_path: Path):
    path = tmp_path / "radio.wav"
    data = b"\0\0" * 48000
    header = struct.pack(
        "<4sI4s4sIHHIIHH4sI",
        b"RIFF",
        36 + len(data),
        b"WAVE",
        b"fmt ",
        16,
        1,
        1,
        48000,
        96000,
        2,
        16,
        b"data",
        len(data),
    )
    path.write_bytes(header + data)
    info = probe(path)
    assert (info.container, info.video, info.duration, info.warnings) == ("wav", (), 1, ())


def test_a_path_that_is_not_there_is_an_error_and_not_a_finding(tmp_path: Path):
    with pytest.raises(SourceMissing):
        probe(tmp_path / "nothing.mp4")
    with pytest.raises(SourceMissing):
        probe(tmp_path)


def test_without_the_optional_part_the_error_names_it(plain_film: Path, monkeypatch: pytest.MonkeyPatch):
    real = builtins.__import__

    def without_av(name: str, *rest: object, **more: object) -> object:
        if name == "av":
            raise ImportError("No module named 'av'", name="av")
        return real(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", without_av)
    with pytest.raises(ExtraMissing, match=r'pip install "\.\[media\]"'):
        probe(plain_film)
