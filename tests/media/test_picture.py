"""From decoded frames to upright, whole, square pictures of BT.709, each in its time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from av.codec.context import Flags
from numpy.typing import NDArray

from holdfast.media.decode import Master, Picture
from holdfast.media.ladder import WEB_1, Rung
from holdfast.media.picture import PictureChain, Shown, Turn, turn_of
from holdfast.media.write import MediaWriter, VideoSettings
from holdfast.model.technical import FieldOrder
from tests.media.films import scene, steady, write

SMALL = Rung("48p", 64, 48, 300_000)


def frame(image: NDArray[np.uint8], pixel_format: str = "yuv420p") -> av.VideoFrame:
    return av.VideoFrame.from_ndarray(image, format="rgb24").reformat(format=pixel_format)


def chained(times: list[Fraction], end: Fraction, rung: Rung = SMALL, **chain: Any) -> list[Shown]:
    pictures = PictureChain(rung, WEB_1, **chain)
    shown = [each for time in times for each in pictures.push(frame(scene(time, 64, 48)), time, Fraction(1))]
    return [*shown, *pictures.finish(end)]


def through(path: Path, rung: Rung) -> list[Shown]:
    shown: list[Shown] = []
    with Master(path, sounds=False) as master:
        pictures = PictureChain(rung, WEB_1, container_order=master.field_order)
        last = Fraction(0)
        for moment in master.moments():
            assert isinstance(moment, Picture)
            last = moment.time + moment.length
            shown += pictures.push(moment.frame, moment.time, master.pixel_aspect)
        assert pictures.warnings == []
        return [*shown, *pictures.finish(last)]


def rgb(shown: Shown) -> NDArray[np.uint8]:
    return shown.frame.to_ndarray(format="rgb24")


def test_each_picture_keeps_its_own_time_and_ends_where_the_next_begins() -> None:
    times = [Fraction(ms, 1000) for ms in (0, 17, 50, 130, 147, 900)]
    shown = chained(times, Fraction(1))
    assert [each.start for each in shown] == times
    assert [each.end for each in shown] == [*times[1:], Fraction(1)]


def test_more_than_sixty_pictures_a_second_are_thinned_to_sixty() -> None:
    shown = chained(steady(Fraction(240), Fraction(1)), Fraction(1))
    assert 59 <= len(shown) <= 61
    assert len(chained(steady(Fraction(60000, 1001), Fraction(1)), Fraction(1))) == 59


def test_a_picture_that_stands_long_is_repeated_at_every_segment_border() -> None:
    shown = chained([Fraction(0), Fraction(1), Fraction(73, 10)], Fraction(8))
    assert [each.start for each in shown] == [0, 1, 2, 4, 6, Fraction(73, 10)]
    assert shown[-1].end == 8


def test_a_picture_that_comes_late_is_shown_from_the_beginning() -> None:
    shown = chained([Fraction(1), Fraction(3, 2)], Fraction(2))
    assert [(each.start, each.end) for each in shown] == [(0, Fraction(3, 2)), (Fraction(3, 2), 2)]


def test_a_film_that_changes_its_size_on_the_way_stays_in_its_box() -> None:
    pictures = PictureChain(SMALL, WEB_1)
    shown: list[Shown] = []
    for number, (width, height) in enumerate([(64, 48), (64, 48), (128, 48), (40, 90)]):
        image = np.full((height, width, 3), 200, np.uint8)
        shown += pictures.push(frame(image), Fraction(number, 25), Fraction(1))
    shown += pictures.finish(Fraction(4, 25))
    assert [(each.frame.width, each.frame.height) for each in shown] == [(64, 48)] * 4
    wide, tall = rgb(shown[2]), rgb(shown[3])
    assert wide[2, 32].max() < 10 < 150 < wide[24, 32].min()
    assert tall[24, 2].max() < 10 < 150 < tall[24, 32].min()


@pytest.mark.parametrize(
    ("pixel_format", "colors"), [("rgb24", 0), ("yuv444p", 6), ("yuv422p10le", 1), ("gray", 2), ("yuvj420p", 5)]
)
def test_any_form_of_picture_becomes_420_in_bt709(pixel_format: str, colors: int) -> None:
    # colors is the matrix stated by the frame (H.273): the picture must look the same whatever it was
    image = np.zeros((48, 64, 3), np.uint8)
    image[:] = (180, 180, 180) if pixel_format == "gray" else (200, 60, 40)
    names = {6: "itu601", 1: "itu709", 5: "itu601"}
    source = av.VideoFrame.from_ndarray(image, format="rgb24")
    source = source.reformat(format=pixel_format, dst_colorspace=names.get(colors))
    source.colorspace = colors
    pictures = PictureChain(SMALL, WEB_1)
    shown = [*pictures.push(source, Fraction(0), Fraction(1)), *pictures.finish(Fraction(1))]
    assert pictures.warnings == []
    assert (shown[0].frame.format.name, shown[0].frame.colorspace) == ("yuv420p", 1)
    y, u, v = (np.frombuffer(memoryview(plane), np.uint8)[0] for plane in shown[0].frame.planes)
    r, g, b = image[0, 0] / 255.0
    luma = 0.2126 * r + 0.7152 * g + 0.0722 * b
    expected = (16 + 219 * luma, 128 + 224 * (b - luma) / 1.8556, 128 + 224 * (r - luma) / 1.5748)
    assert np.abs(np.array([y, u, v], float) - expected).max() <= 3


@pytest.mark.slow
def test_hdr_is_brought_to_the_range_of_an_ordinary_screen() -> None:
    bands = np.repeat(np.array([64, 448, 720], "<u2"), 16)  # PQ, 10 bit: black, 50 and 1,000 cd/m2
    source = av.VideoFrame(64, 48, "yuv420p10le")
    y, u, v = source.planes
    y.update(np.repeat(bands[:, None], y.line_size // 2, axis=1).tobytes())
    for plane in (u, v):
        plane.update(np.full(plane.buffer_size // 2, 512, "<u2").tobytes())
    source.color_primaries, source.color_trc, source.colorspace, source.color_range = 9, 16, 9, 1
    pictures = PictureChain(SMALL, WEB_1)
    (shown,) = [*pictures.push(source, Fraction(0), Fraction(1)), *pictures.finish(Fraction(1))]
    assert pictures.warnings == []
    plane = shown.frame.planes[0]
    levels = np.frombuffer(memoryview(plane), np.uint8).reshape(-1, plane.line_size)[[8, 24, 40], 32]
    assert levels[0] < 20
    assert 90 < levels[1] < 110  # only requantised it would be 112
    assert 185 < levels[2] < 225  # and this 180


QUARTERS = {
    "as it is": ((1, 0, 0, 1), Turn(), 0),
    "a quarter turn clockwise": ((0, 1, -1, 0), Turn(is_transposed=True, is_mirrored=True), 1),
    "upside down": ((-1, 0, 0, -1), Turn(is_mirrored=True, is_flipped=True), 3),
    "a quarter turn counterclockwise": ((0, -1, 1, 0), Turn(is_transposed=True, is_flipped=True), 2),
    "mirrored": ((-1, 0, 0, 1), Turn(is_mirrored=True), 1),
    "flipped": ((1, 0, 0, -1), Turn(is_flipped=True), 2),
    "transposed": ((0, 1, 1, 0), Turn(is_transposed=True), 0),
    "transposed the other way": ((0, -1, -1, 0), Turn(is_transposed=True, is_mirrored=True, is_flipped=True), 3),
}


@pytest.mark.parametrize("name", QUARTERS)
def test_the_display_matrix_is_honoured(name: str, tmp_path: Path) -> None:
    (a, b, c, d), turn, corner = QUARTERS[name]
    image = np.full((48, 64, 3), 40, np.uint8)
    image[:24, :32] = (220, 30, 30)  # the red quarter is at the upper left as coded

    def set_matrix(stream: Any) -> None:
        stream.set_display_matrix([a << 16, b << 16, 0, c << 16, d << 16, 0, 0, 0, 1 << 30])

    path = write(
        tmp_path / "turned.mp4",
        steady(Fraction(25), Fraction(1, 5)),
        lambda _: image,
        codec="libx264",
        change=set_matrix,
    )
    with av.open(str(path)) as film:
        assert turn_of(next(film.decode(video=0))) == turn
    rung = SMALL if not turn.is_transposed else Rung("48p", 48, 64, 300_000)
    seen = rgb(through(path, rung)[2])
    height, width = seen.shape[:2]
    reds = [seen[y, x, 0] for y in (height // 4, 3 * height // 4) for x in (width // 4, 3 * width // 4)]
    assert int(np.argmax(reds)) == corner


def bar_places(shown: list[Shown]) -> list[float]:
    """The horizontal centre of the bright bar in each picture."""
    places = []
    for each in shown:
        row = rgb(each)[10:38].mean(axis=(0, 2)) - 50
        row[row < 60] = 0
        places.append(float((row * np.arange(row.size)).sum() / row.sum()))
    return places


def with_fields(order: str) -> Callable[[av.VideoFrame], av.VideoFrame]:
    """A filter that flags each frame as interlaced, as a decoder would."""

    def flagged(frame: av.VideoFrame) -> av.VideoFrame:
        graph = av.filter.Graph()
        source = graph.add_buffer(
            width=frame.width, height=frame.height, format=frame.format.name, time_base=frame.time_base
        )
        graph.link_nodes(source, graph.add("setfield", order), graph.add("buffersink")).configure()
        graph.push(frame)
        return graph.pull()

    return flagged


@pytest.mark.parametrize("order", ["tff", "bff"])
def test_both_fields_become_pictures_in_the_order_that_their_frames_tell(order: str, tmp_path: Path) -> None:
    def interlace(stream: Any) -> None:
        stream.codec_context.flags |= Flags.interlaced_dct | Flags.interlaced_me

    path = write(
        tmp_path / "film.mkv",
        steady(Fraction(25), Fraction(2, 5)),
        lambda time: woven(2 * int(25 * time), top_first=order == "tff"),
        codec="mpeg2video",
        change=interlace,
        touch=with_fields(order),
    )
    assert_order_is_right(through(path, SMALL))


@pytest.mark.parametrize("order", [FieldOrder.TOP_FIRST, FieldOrder.BOTTOM_FIRST])
def test_where_frames_tell_nothing_the_field_order_of_the_container_counts(order: FieldOrder, tmp_path: Path) -> None:
    settings = VideoSettings("ffv1", (64, 48), field_order=order, pixel_format="yuv422p")
    with MediaWriter(tmp_path / "film.mkv") as writer:
        track = writer.add_video(settings)
        for number in range(10):
            track.write(woven(2 * number, top_first=order is FieldOrder.TOP_FIRST))
    assert_order_is_right(through(tmp_path / "film.mkv", SMALL))


def assert_order_is_right(shown: list[Shown]) -> None:
    assert len(shown) == 20
    assert {each.end - each.start for each in shown} == {Fraction(1, 50)}
    steps = np.diff(bar_places(shown))[2:-2]
    assert steps.min() > 0.7, "the bar went back: the fields are in the wrong order"
    assert steps.max() < 3.3


def woven(field: int, *, top_first: bool) -> NDArray[np.uint8]:
    """A frame whose two fields were recorded one after the other: a bar that walks 2 pixels a field."""
    image = np.full((48, 64, 3), 40, np.uint8)
    for time, first_line in ((field, 0 if top_first else 1), (field + 1, 1 if top_first else 0)):
        image[first_line::2, 6 + 2 * time : 14 + 2 * time] = 230
    return image


def test_progressive_film_is_not_split_into_fields(tmp_path: Path) -> None:
    path = write(tmp_path / "film.mkv", steady(Fraction(25), Fraction(1)), lambda time: scene(time, 64, 48))
    assert len(through(path, SMALL)) == 25


def test_pixels_that_are_not_square_become_square(tmp_path: Path) -> None:
    circle = np.full((48, 48, 3), 40, np.uint8)
    circle[12:36, 12:36] = 220
    settings = VideoSettings("mpeg2video", (48, 48), pixel_aspect=Fraction(4, 3), bit_rate=4_000_000)
    with MediaWriter(tmp_path / "film.mkv") as writer:
        track = writer.add_video(settings)
        for _ in range(5):
            track.write(circle)
    seen = rgb(through(tmp_path / "film.mkv", SMALL)[0])[..., 0] > 130
    assert abs(seen[24].sum() - 32) <= 1
    assert abs(seen[:, 32].sum() - 24) <= 1


def test_a_picture_that_cannot_be_converted_is_counted_and_the_next_one_is_shown() -> None:
    pictures = PictureChain(replace(SMALL, width=1 << 24, height=1 << 24), WEB_1)
    assert list(pictures.push(frame(scene(Fraction(0), 64, 48)), Fraction(0), Fraction(1))) == []
    assert pictures.warnings == ["picture: 1 pictures could not be converted"]
