"""What is written is what FFmpeg reads again."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from holdfast.media.write import (
    AudioSettings,
    CaptionSettings,
    ColorTags,
    MediaWriter,
    VideoSettings,
)
from holdfast.model.technical import Chapter, FieldOrder
from holdfast.model.time import Span
from holdfast.testing.films import film_plan

SIZE = (64, 48)
QUICK = {"preset": "ultrafast"}


def picture(number: int) -> np.ndarray:
    """A gradient with a bright bar that moves four pixels a frame."""
    canvas = np.repeat(np.linspace(20, 120, 64, dtype=np.uint8)[None, :, None], 48, axis=0).repeat(3, axis=2)
    canvas[:, number * 4 % 64 : number * 4 % 64 + 8] = 230
    return canvas


def tone(count: int, channels: int = 2) -> np.ndarray:
    return np.repeat(0.4 * np.sin(np.arange(count) * 0.06)[None, :], channels, axis=0).astype(np.float32)


def write(path: Path, video: VideoSettings | None = None, *audio: AudioSettings, pictures: int = 10, **named) -> Path:
    with MediaWriter(path, **named) as writer:
        track = writer.add_video(video) if video else None
        sounds = [writer.add_audio(settings) for settings in audio]
        for number in range(pictures):
            if track:
                track.write(picture(number))
            for sound, settings in zip(sounds, audio, strict=True):
                sound.write(tone(1920, av.AudioLayout(settings.layout).nb_channels))
    return path


def decoded(path: Path) -> list[av.VideoFrame]:
    with av.open(str(path)) as container:
        return list(container.decode(video=0))


def test_lossless_pictures_and_sound_come_back_exactly(tmp_path: Path):
    with MediaWriter(tmp_path / "a.mkv") as writer:
        track = writer.add_video(VideoSettings("ffv1", SIZE, pixel_format="bgr0"))
        sound = writer.add_audio(AudioSettings("flac"))
        for number in range(5):
            track.write(picture(number))
            sound.write(tone(1920))
    frames = decoded(tmp_path / "a.mkv")
    assert all(np.array_equal(f.to_ndarray(format="rgb24"), picture(n)) for n, f in enumerate(frames))
    with av.open(str(tmp_path / "a.mkv")) as container:
        heard = np.concatenate([f.to_ndarray().reshape(-1, 2) for f in container.decode(audio=0)])
    assert heard.shape == (5 * 1920, 2)
    assert np.abs(heard[:1920, 0] / 32768 - tone(1920)[0]).max() < 1 / 16384


@pytest.mark.parametrize(
    ("name", "video", "audio"),
    [
        ("a.mp4", VideoSettings("libx264", SIZE, options=QUICK), AudioSettings("aac")),
        ("a.mkv", VideoSettings("ffv1", SIZE), AudioSettings("flac")),
        ("a.webm", VideoSettings("libvpx-vp9", SIZE, options={"deadline": "realtime"}), AudioSettings("libopus")),
        ("a.avi", VideoSettings("mpeg4", SIZE), AudioSettings("libmp3lame")),
        ("a.ts", VideoSettings("mpeg2video", SIZE), AudioSettings("ac3")),
        ("a.mov", VideoSettings("prores_ks", SIZE, pixel_format="yuv422p10le"), AudioSettings("pcm_s24le")),
    ],
)
def test_the_same_arrays_give_the_same_bytes(name: str, video: VideoSettings, audio: AudioSettings, tmp_path: Path):
    (tmp_path / "again").mkdir()
    one, other = write(tmp_path / name, video, audio), write(tmp_path / "again" / name, video, audio)
    assert one.read_bytes() == other.read_bytes()
    assert len(decoded(one)) == 10


def test_an_avi_holds_no_picture_that_was_not_written(tmp_path: Path):
    path = write(tmp_path / "a.avi", VideoSettings("mpeg4", SIZE))
    with av.open(str(path)) as container:
        assert container.streams.video[0].frames == 10


def test_pictures_at_explicit_times_make_a_variable_rate(tmp_path: Path):
    times = [Fraction(n * n, 30) for n in range(8)]
    settings = VideoSettings("libx264", SIZE, options=QUICK, time_base=Fraction(1, 90000))
    with MediaWriter(tmp_path / "a.mp4") as writer:
        track = writer.add_video(settings)
        for number, time in enumerate(times):
            track.write(picture(number), time)
    assert [frame.pts * frame.time_base for frame in decoded(tmp_path / "a.mp4")] == times


def test_a_time_that_no_tick_can_hold_is_refused(tmp_path: Path):
    with MediaWriter(tmp_path / "a.mkv") as writer:
        track = writer.add_video(VideoSettings("ffv1", SIZE))
        track.write(picture(0))
        with pytest.raises(ValueError, match="whole number of ticks"):
            track.write(picture(1), Fraction(1, 30))


def test_rotation_and_pixel_shape_are_told_to_the_player(tmp_path: Path):
    settings = VideoSettings("libx264", SIZE, options=QUICK, rotation=90, pixel_aspect=Fraction(64, 45))
    path = write(tmp_path / "a.mp4", settings)
    assert decoded(path)[0].rotation == -90  # FFmpeg counts against the clock
    with av.open(str(path)) as container:
        assert container.streams.video[0].sample_aspect_ratio == Fraction(64, 45)


@pytest.mark.parametrize(
    ("codec", "name", "order", "code"),
    [
        ("libx264", "a.mp4", FieldOrder.TOP_FIRST, 2),
        ("libx264", "b.mkv", FieldOrder.BOTTOM_FIRST, 3),
        ("mpeg2video", "c.mkv", FieldOrder.TOP_FIRST, 2),
        ("mpeg2video", "d.mkv", FieldOrder.BOTTOM_FIRST, 3),
    ],
)
def test_interlaced_pictures_carry_their_field_order(
    codec: str, name: str, order: FieldOrder, code: int, tmp_path: Path
):
    path = write(tmp_path / name, VideoSettings(codec, SIZE, field_order=order))
    assert decoded(path)[0].interlaced_frame
    with av.open(str(path)) as container:
        next(container.decode(video=0))
        assert container.streams.video[0].codec_context.field_order == code


def test_deep_pictures_keep_their_depth_and_color_tags(tmp_path: Path):
    tags = ColorTags("bt2020", "smpte2084", "bt2020nc", "tv")
    settings = VideoSettings("libx264", SIZE, pixel_format="yuv420p10le", options=QUICK, color=tags)
    with MediaWriter(tmp_path / "a.mkv") as writer:
        track = writer.add_video(settings)
        track.write(picture(0).astype(np.uint16) * 257)
    with av.open(str(tmp_path / "a.mkv")) as container:
        context = container.streams.video[0].codec_context
        assert context.pix_fmt == "yuv420p10le"
        assert (context.color_primaries, context.color_trc, context.colorspace, context.color_range) == (9, 16, 9, 1)


def test_several_sound_tracks_keep_their_languages_and_layouts(tmp_path: Path):
    tracks = (AudioSettings("aac", language="eng"), AudioSettings("aac", layout="mono", language="rus"))
    path = write(tmp_path / "a.mp4", VideoSettings("libx264", SIZE, options=QUICK), *tracks)
    with av.open(str(path)) as container:
        assert [s.metadata["language"] for s in container.streams.audio] == ["eng", "rus"]
        assert [s.codec_context.layout.nb_channels for s in container.streams.audio] == [2, 1]


@pytest.mark.parametrize(("name", "codec"), [("a.wav", "pcm_s16le"), ("a.flac", "flac"), ("a.mp3", "libmp3lame")])
def test_sound_can_be_written_without_pictures(name: str, codec: str, tmp_path: Path):
    path = write(tmp_path / name, None, AudioSettings(codec))
    with av.open(str(path)) as container:
        assert not container.streams.video
        assert sum(frame.samples for frame in container.decode(audio=0)) >= 10 * 1920


@pytest.mark.parametrize(
    ("name", "video", "codec"),
    [
        ("a.mp4", "libx264", "mov_text"),
        ("a.mkv", "libx264", "srt"),
        ("b.mkv", "ffv1", "ass"),
        ("a.webm", "libvpx", "webvtt"),
    ],
)
def test_embedded_captions_come_back_with_their_times(name: str, video: str, codec: str, tmp_path: Path):
    with MediaWriter(tmp_path / name) as writer:
        track = writer.add_video(VideoSettings(video, SIZE))
        captions = writer.add_captions(CaptionSettings(codec, "rus"))
        captions.write(Span(Fraction(1, 10), Fraction(3, 10)), "Паром, 渡船\nи лодка")
        for number in range(10):
            track.write(picture(number))
    with av.open(str(tmp_path / name)) as container:
        stream = container.streams.subtitles[0]
        assert stream.metadata["language"] == "rus"
        packets = [p for p in container.demux(stream) if p.size and p.pts is not None]
        packet = next(p for p in packets if "渡船".encode() in bytes(p))
        assert packet.pts * packet.time_base == Fraction(1, 10)
        assert packet.duration * packet.time_base == Fraction(1, 5)


def test_tags_and_chapters_are_kept(tmp_path: Path):
    chapters = (Chapter(Fraction(0), Fraction(1, 5), "One"), Chapter(Fraction(1, 5), Fraction(2, 5), "Zwei"))
    video = VideoSettings("libx264", SIZE, options=QUICK)
    path = write(tmp_path / "a.mp4", video, tags={"title": "Паром"}, chapters=chapters)
    with av.open(str(path)) as container:
        assert container.metadata["title"] == "Паром"
        found = [(c["start"] * c["time_base"], c["metadata"]["title"]) for c in container.chapters()]
    assert found == [(Fraction(0), "One"), (Fraction(1, 5), "Zwei")]


def test_a_film_that_could_not_be_finished_is_not_left_behind(tmp_path: Path):
    def broken() -> None:
        with MediaWriter(tmp_path / "a.mp4") as writer:
            track = writer.add_video(VideoSettings("libx264", SIZE, options=QUICK))
            track.write(picture(0))
            track.write(picture(1)[:20])

    with pytest.raises(ValueError, match="shape"):
        broken()
    assert not (tmp_path / "a.mp4").exists()


def test_an_unknown_codec_is_a_value_error(tmp_path: Path):
    with pytest.raises(ValueError, match="nocodec"), MediaWriter(tmp_path / "a.mkv") as writer:
        writer.add_video(VideoSettings("nocodec", SIZE))
    assert not (tmp_path / "a.mkv").exists()


def test_the_same_pictures_become_the_same_bytes_time_after_time(tmp_path: Path):
    plan = film_plan(6, 1, (160, 90))  # with these, x264 on AVX-512 came to five different films of 40
    pictures = list(plan.frames())
    settings = VideoSettings("libx264", (160, 90), options={"preset": "veryfast", "crf": "21"}, b_frames=3)

    def once(path: Path) -> bytes:
        with MediaWriter(path) as writer:
            track = writer.add_video(settings)
            for each in pictures:
                track.write(each)
        return path.read_bytes()

    assert len({once(tmp_path / f"{n}.mp4") for n in range(20)}) == 1
