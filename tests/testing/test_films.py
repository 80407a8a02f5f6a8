"""Made films: what they promise to every test that stands on them."""

from __future__ import annotations

import resource
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import av
import numpy as np
import pytest

from holdfast.media.write import VideoSettings
from holdfast.model.technical import FieldOrder
from holdfast.testing.films import film_plan, write_film
from holdfast.testing.scenes import SceneKind
from holdfast.testing.sentences import LANGUAGES
from holdfast.testing.truth import SoundKind, Transition
from holdfast.testing.voices import SAMPLE_RATE

SMALL = (160, 90)


def difference(one: np.ndarray, other: np.ndarray) -> float:
    return float(np.abs(one.astype(int) - other.astype(int)).mean())


def test_the_same_seed_gives_the_same_frames_whatever_was_asked_before():
    one, other = film_plan(3, 6, SMALL), film_plan(3, 6, SMALL)
    forward = [one.frame(number) for number in (0, 40, 80, 120)]
    backward = [other.frame(number) for number in (120, 80, 40, 0)]
    for left, right in zip(forward, reversed(backward), strict=True):
        assert left.shape == (90, 160, 3)
        assert left.dtype == np.uint8
        assert np.array_equal(left, right)


def test_another_seed_is_another_film():
    assert difference(film_plan(1, 4, SMALL).frame(60), film_plan(2, 4, SMALL).frame(60)) > 10


def test_sound_is_the_same_sample_for_sample_however_it_is_cut():
    plan = film_plan(5, 6, SMALL)
    whole = plan.samples(Fraction(0), plan.duration)
    parts = [plan.samples(number / plan.rate, (number + 1) / plan.rate) for number in range(plan.frame_count)]
    assert whole.shape == (2, 6 * SAMPLE_RATE)
    assert whole.dtype == np.float32
    assert np.array_equal(whole, np.concatenate(parts, axis=1))


@pytest.mark.parametrize("seed", range(6))
def test_scenes_tile_the_film_and_begin_and_end_on_frames(seed: int):
    plan = film_plan(seed, 40, SMALL, Fraction(30000, 1001))
    scenes = plan.truth.scenes
    assert scenes[0].first == 0
    assert scenes[-1].end == plan.frame_count
    assert all(before.end == after.first for before, after in pairwise(scenes))
    for scene in scenes:
        assert scene.span.start == scene.first / plan.rate
        assert scene.span.end == scene.end / plan.rate
        assert scene.entry_frames + scene.exit_frames < scene.end - scene.first


def test_the_picture_jumps_where_the_truth_has_a_cut_and_nowhere_else():
    plan = film_plan(8, 16, SMALL)
    steps = [difference(one, other) for one, other in pairwise(plan.frames())]
    truth = {scene.first for scene in plan.truth.scenes[1:] if scene.entry is Transition.CUT}
    assert truth
    usual = float(np.median(steps))
    assert all(steps[frame - 1] > 3 * usual for frame in truth)
    quiet = [step for number, step in enumerate(steps) if number + 1 not in truth]
    assert max(quiet) < min(steps[frame - 1] for frame in truth)


def test_a_cross_fade_shows_both_scenes():
    plan = next(p for p in (film_plan(s, 12, SMALL, grain=0) for s in range(20)) if has_cross_fade(p))
    scene = next(s for s in plan.truth.scenes if s.entry is Transition.CROSS_FADE)
    before, after = plan.frame(scene.first - 1), plan.frame(scene.first + scene.entry_frames)
    middle = plan.frame(scene.first + scene.entry_frames // 2)
    mixture = (before.astype(int) + after) / 2
    assert difference(middle, mixture) < min(difference(middle, before), difference(middle, after))


def has_cross_fade(plan) -> bool:
    return any(scene.entry is Transition.CROSS_FADE for scene in plan.truth.scenes)


def test_black_is_black_and_silence_is_silence():
    plan = film_plan(1, 6, SMALL, kinds=(SceneKind.HILLS, SceneKind.BLACK))
    black = plan.truth.scenes[1]
    assert black.kind is SceneKind.BLACK
    assert not plan.frame(black.first).any()
    assert not plan.samples(black.span.start, black.span.end).any()


def test_pictures_have_the_spectrum_of_natural_ones():
    """The amplitude falls about as 1/f: the slope over the middle octaves is between -0.7 and -1.8."""
    slopes = []
    for kind in (SceneKind.HILLS, SceneKind.TOWN, SceneKind.LEAVES, SceneKind.WATER):
        gray = film_plan(4, 2, (256, 256), kinds=(kind,), grain=0).frame(25).mean(axis=2)
        window = np.hanning(256)
        spectrum = np.abs(np.fft.fft2((gray - gray.mean()) * window[:, None] * window))
        radius = np.hypot(*np.meshgrid(np.fft.fftfreq(256) * 256, np.fft.fftfreq(256) * 256))
        octaves = 2.0 ** np.arange(2, 7)
        levels = [np.log2(spectrum[(radius >= low) & (radius < 2 * low)].mean()) for low in octaves]
        slopes.append(float(np.polyfit(np.log2(octaves), levels, 1)[0]))
    assert all(-1.8 < slope < -0.7 for slope in slopes), slopes


def test_a_portrait_hardly_moves_but_is_not_a_still():
    plan = film_plan(2, 3, SMALL, kinds=(SceneKind.PORTRAIT,), grain=0)
    scene = plan.truth.scenes[0]
    one, other = plan.frame(scene.first + 14).astype(int), plan.frame(scene.first + 24).astype(int)
    moved = (np.abs(one - other).max(axis=2) > 12).mean()
    assert 0 < moved < 0.2


def test_every_sentence_is_heard_at_its_time():
    plan = film_plan(0, 12, SMALL)
    assert plan.truth.sentences
    for sentence in plan.truth.sentences:
        assert set(sentence.texts) == set(LANGUAGES)
        heard = plan.samples(sentence.span.start, sentence.span.end)
        assert float(heard.std()) > 0.01
        speech = next(s for s in plan.truth.sounds if s.kind is SoundKind.SPEECH and s.span == sentence.span)
        assert speech.text == sentence.texts[sentence.spoken]


def test_captions_carry_the_sentences_in_every_language():
    plan = film_plan(0, 12, SMALL)
    for language in LANGUAGES:
        text = plan.webvtt(language)
        assert text.startswith("WEBVTT\n")
        assert all(sentence.texts[language] in text for sentence in plan.truth.sentences)


def test_the_same_plan_gives_the_same_file(tmp_path: Path):
    plan = film_plan(6, 1, SMALL)
    for suffix, video, audio in ((".mp4", "libx264", "aac"), (".mkv", "ffv1", "flac")):
        one = write_film(plan, tmp_path / f"one{suffix}", video=video, audio=audio)
        other = write_film(plan, tmp_path / f"other{suffix}", video=video, audio=audio)
        assert one.read_bytes() == other.read_bytes()


@pytest.mark.parametrize("kind", SceneKind)
def test_another_size_shows_the_same_scenes(kind: SceneKind):
    small, large = film_plan(9, 2, SMALL, kinds=(kind,), grain=0), film_plan(9, 2, (320, 180), kinds=(kind,), grain=0)
    halved = large.frame(30).reshape(90, 2, 160, 2, 3).mean(axis=(1, 3))
    assert difference(small.frame(30), halved) < 20
    if kind not in (SceneKind.TITLE, SceneKind.BLACK):  # these have hardly any contrast to compare
        assert np.corrcoef(small.frame(30).ravel(), halved.ravel())[0, 1] > 0.7


def test_an_interlaced_film_holds_two_moments_in_each_picture(tmp_path: Path):
    plan = film_plan(3, 1, SMALL, 50, kinds=(SceneKind.TOWN,))
    settings = VideoSettings("ffv1", SMALL, Fraction(25), pixel_format="bgr0", field_order=FieldOrder.TOP_FIRST)
    path = write_film(plan, tmp_path / "film.mkv", video=settings, audio="")
    with av.open(str(path)) as container:
        frames = [frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)]
    assert len(frames) == 25
    assert np.array_equal(frames[20][0::2], plan.frame(40)[0::2])
    assert np.array_equal(frames[20][1::2], plan.frame(41)[1::2])


def test_frames_left_out_leave_the_others_at_their_times(tmp_path: Path):
    path = write_film(film_plan(3, 1, SMALL), tmp_path / "film.mp4", without_frames=frozenset({3, 4, 11}))
    with av.open(str(path)) as container:
        times = [frame.pts * frame.time_base for frame in container.decode(video=0)]
    assert times == [Fraction(number, 25) for number in range(25) if number not in (3, 4, 11)]


@pytest.mark.slow
def test_a_long_film_takes_no_more_memory_than_a_short_one(tmp_path: Path):
    write_film(film_plan(3, 20, SMALL), tmp_path / "short.mp4")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    write_film(film_plan(3, 120, SMALL), tmp_path / "long.mp4")
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 40_000
