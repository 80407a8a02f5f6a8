"""Films made on the fly, with known truth: the same seed gives the same pictures and samples, in any order asked.

    plan = film_plan(seed=7, seconds=12, size=(320, 180))
    plan.frame(40)                        # (180, 320, 3) uint8, exact
    plan.samples(Fraction(1), Fraction(2))  # (2, 48000) float32
    plan.truth.cuts                       # first frames of scenes
    write_film(plan, path)                # streams: a minutes-long film takes no more memory than a short one

Another `size` of the same seed shows the same scenes with more or less detail; another `rate` the same moments, to
the nearest frame. Needs the extra [media].
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageChops

from holdfast.media.write import AudioSettings, CaptionSettings, MediaWriter, VideoSettings
from holdfast.model.technical import Chapter, FieldOrder
from holdfast.model.time import clock
from holdfast.testing.lettering import lower_third
from holdfast.testing.scenes import SceneKind, Stage, dimmed, stage
from holdfast.testing.sounds import mixed
from holdfast.testing.textures import GRAIN_MARGIN, grain_plate, seeded
from holdfast.testing.truth import FilmTruth, Scene, Strip, Transition, plan_truth
from holdfast.testing.voices import SAMPLE_RATE

Picture = NDArray[np.uint8]
Samples = NDArray[np.float32]

_STRIP_FADE = Fraction(1, 4)


@dataclass(frozen=True)
class FilmPlan:
    """A film that has been decided but not written. Make one with `film_plan`."""

    seed: int
    size: tuple[int, int]
    rate: Fraction
    frame_count: int
    truth: FilmTruth
    grain: float = 3.0

    @property
    def duration(self) -> Fraction:
        """Its exact length in seconds."""
        return self.frame_count / self.rate

    def frame(self, number: int) -> Picture:
        """Frame `number` as (h, w, 3) uint8 RGB. Raises IndexError outside the film."""
        scene = self.truth.scene_at(number)
        picture = self._seen(scene, number)
        if scene.entry is Transition.CROSS_FADE and number - scene.first < scene.entry_frames:
            share = (number - scene.first + 1) / (scene.entry_frames + 1)
            picture = Image.blend(self._seen(self.truth.scenes[scene.number - 1], number), picture, share)
        light = _light(scene, number)
        if light < 1:
            picture = dimmed(picture, (light, light, light))
        if scene.strip:
            self._name(picture, scene.strip, number / self.rate)
        if self.grain and scene.kind is not SceneKind.BLACK:
            picture = self._grained(picture, number)
        return np.asarray(picture)

    def frames(self, first: int = 0, end: int | None = None) -> Iterator[Picture]:
        """Frames [first, end) in order; all of them if `end` is None."""
        for number in range(first, self.frame_count if end is None else end):
            yield self.frame(number)

    def samples(self, start: Fraction, end: Fraction) -> Samples:
        """The sound of [start, end) seconds as (2, n) float32 at 48 kHz, sample for sample the same in any cut.

        The first sample is number floor(start * 48000); the film's sound has floor(duration * 48000) of them.
        """
        first, last = int(start * SAMPLE_RATE), int(min(end, self.duration) * SAMPLE_RATE)
        return mixed(self.truth.sounds, first, max(first, last))

    def webvtt(self, language: str) -> str:
        """Its captions as WebVTT, in the language spoken or in a translation."""
        cues = [
            f"{clock(line.span.start, millis=True)} --> {clock(line.span.end, millis=True)}\n{line.texts[language]}\n"
            for line in self.truth.sentences
        ]
        return "\n".join(["WEBVTT\n", *cues])

    def chapters(self) -> tuple[Chapter, ...]:
        """One chapter a scene, named by its kind."""
        return tuple(Chapter(scene.span.start, scene.span.end, scene.kind.value) for scene in self.truth.scenes)

    def _seen(self, scene: Scene, number: int) -> Image.Image:
        at = (number - scene.first) / self.rate
        return _staged(scene.kind, scene.seed, self.size, scene.lines).picture(at, scene.span.duration)

    def _name(self, picture: Image.Image, strip: Strip, at: Fraction) -> None:
        near = min(at - strip.span.start, strip.span.end - at) / _STRIP_FADE
        if near <= 0:
            return
        band = _banded(strip.text, self.size)
        alpha = band.getchannel("A").point(lambda value: value * float(min(near, Fraction(1))))
        picture.paste(band, (int(self.size[0] * 0.06), int(self.size[1] * 0.78)), alpha)

    def _grained(self, picture: Image.Image, number: int) -> Image.Image:
        across, down = seeded(self.seed, 11, number).integers(GRAIN_MARGIN, size=2).tolist()
        plate = _grain(self.seed, self.size, self.grain)
        part = plate.crop((across, down, across + self.size[0], down + self.size[1]))
        return ImageChops.add(picture, part, offset=-128)


def film_plan(
    seed: int,
    seconds: Fraction | int = 12,
    size: tuple[int, int] = (320, 180),
    rate: Fraction | int = 25,
    *,
    kinds: tuple[SceneKind, ...] | None = None,
    language: str | None = None,
    grain: float = 3.0,
) -> FilmPlan:
    """The film of this seed, decided.

    Args:
        seed: 0 or more; seeds 0 to 11 have twelve different titles.
        seconds: its length, rounded to whole frames.
        size: (width, height) in pixels; most encoders want even numbers.
        rate: frames per second, exact (`Fraction(30000, 1001)`).
        kinds: the scenes' kinds in turn, repeated as needed; None for a varied film.
        language: what is spoken (`sentences.LANGUAGES`); None leaves it to the seed.
        grain: deviation of the film grain in steps of 255; 0 for none.
    """
    exact = Fraction(rate)
    count = max(1, round(Fraction(seconds) * exact))
    return FilmPlan(seed, size, exact, count, plan_truth(seed, count, exact, kinds=kinds, language=language), grain)


def write_film(
    plan: FilmPlan,
    path: Path,
    *,
    container: str | None = None,
    video: str | VideoSettings = "libx264",
    audio: str | AudioSettings = "aac",
    tags: Mapping[str, str] | None = None,
    captions: tuple[CaptionSettings, ...] = (),
    with_chapters: bool = False,
    without_frames: frozenset[int] = frozenset(),
) -> Path:
    """Write the film to `path` and give `path` back; memory does not grow with its length.

    Args:
        plan: the film.
        path: its suffix chooses the container unless `container` names one.
        container: FFmpeg's name of a muxer, `mp4`, `matroska`, `webm`, `avi`; `mkv` is understood.
        video: a codec (`libx264`, `ffv1`, `mpeg4`, `libvpx-vp9`) or full settings; "" for no picture.
        audio: a codec (`aac`, `flac`, `libopus`, `libmp3lame`) or full settings; "" for no sound.
        tags: the container's metadata; the English title is put in unless given.
        captions: caption tracks to embed; the language of each must be one of `sentences.LANGUAGES`.
        with_chapters: one chapter a scene.
        without_frames: frames left out, the others at their times: a variable rate.

    Interlaced settings weave each picture of two frames of the plan, so the plan's rate must be twice the video's.

    Raises:
        ValueError: as `MediaWriter`, or the rates do not fit; nothing is left at `path`.
        OSError: as `MediaWriter`.
    """
    with MediaWriter(
        path,
        container="matroska" if container == "mkv" else container,
        tags={"title": plan.truth.titles["en"], **(tags or {})},
        chapters=plan.chapters() if with_chapters else (),
    ) as writer:
        settings = _video(plan, video) if video else None
        picture = writer.add_video(settings) if settings else None
        sound = writer.add_audio(AudioSettings(audio) if isinstance(audio, str) else audio) if audio else None
        texts = [(writer.add_captions(each), each.language) for each in captions]
        for track, language in texts:
            for line in plan.truth.sentences:
                track.write(line.span, line.texts[language])
        rate = settings.rate if settings else plan.rate
        for number in range(int(plan.duration * rate)):
            if picture and settings and number not in without_frames:
                picture.write(_picture(plan, settings, number), number / rate)
            if sound:
                sound.write(plan.samples(number / rate, (number + 1) / rate))
    return path


def _picture(plan: FilmPlan, settings: VideoSettings, number: int) -> Picture:
    if settings.field_order not in (FieldOrder.TOP_FIRST, FieldOrder.BOTTOM_FIRST):
        return plan.frame(number)
    first, second = plan.frame(2 * number), plan.frame(2 * number + 1)
    woven = first.copy()
    later = 1 if settings.field_order is FieldOrder.TOP_FIRST else 0
    woven[later::2] = second[later::2]
    return woven


_QUICK: dict[str, dict[str, str]] = {
    "libx264": {"preset": "veryfast", "crf": "21"},
    "libx265": {"preset": "ultrafast", "crf": "24", "x265-params": "log-level=error:pools=1:frame-threads=1"},
    "libvpx-vp9": {"deadline": "realtime", "cpu-used": "8", "crf": "32", "b": "0"},
    "libvpx": {"deadline": "realtime", "cpu-used": "8"},
    "mpeg4": {"qscale": "4"},
}


def _video(plan: FilmPlan, video: str | VideoSettings) -> VideoSettings:
    if isinstance(video, VideoSettings):
        fields = 2 if video.field_order in (FieldOrder.TOP_FIRST, FieldOrder.BOTTOM_FIRST) else 1
        if plan.rate != fields * video.rate:
            raise ValueError(f"a plan of {plan.rate} frames a second for {video.rate} pictures of {fields} fields")
        return video
    return VideoSettings(video, plan.size, plan.rate, options=_QUICK.get(video, {}))


def _light(scene: Scene, number: int) -> float:
    """How far the scene is from black, 0..1: below 1 only inside a fade."""
    light = 1.0
    if scene.entry is Transition.FROM_BLACK and scene.entry_frames:
        light = min(light, (number - scene.first) / scene.entry_frames)
    if scene.exit_frames:
        light = min(light, (scene.end - 1 - number) / scene.exit_frames)
    return light


@lru_cache(maxsize=4)
def _staged(kind: SceneKind, seed: int, size: tuple[int, int], lines: tuple[str, ...]) -> Stage:
    return stage(kind, seed, size, lines)


@lru_cache(maxsize=4)
def _grain(seed: int, size: tuple[int, int], strength: float) -> Image.Image:
    return grain_plate(seeded(seed, 12), size, strength)


@lru_cache(maxsize=8)
def _banded(text: str, size: tuple[int, int]) -> Image.Image:
    return lower_third(text, size)
