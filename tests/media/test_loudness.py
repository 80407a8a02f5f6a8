"""Loudness after EBU R 128: known tones give known figures, silence gives none."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from holdfast.errors import BadValue, SourceMissing
from holdfast.media.loudness import measure_loudness
from holdfast.media.write import AudioSettings, MediaWriter
from holdfast.model.technical import Loudness
from tests.media.conftest import RATE, tone


def sound(path: Path, samples: np.ndarray, codec: str = "pcm_s16le", layout: str = "stereo") -> Path:
    with MediaWriter(path) as writer:
        track = writer.add_audio(AudioSettings(codec, layout=layout))
        for start in range(0, samples.shape[1], RATE // 10):
            track.write(np.ascontiguousarray(samples[:, start : start + RATE // 10]))
    return path


def test_a_tone_of_minus_23_measures_minus_23(tmp_path: Path):
    # EBU Tech 3341, case 1: a stereo sine of 1 kHz at -23 dBFS has -23 LUFS, within 0.1.
    found = measure_loudness(sound(tmp_path / "tone.wav", tone(Fraction(5), 10 ** (-23 / 20))), 0)
    assert abs(found.integrated_lufs + 23) <= Fraction(1, 10)
    assert abs(found.true_peak_dbtp + 23) <= Fraction(2, 10)
    assert found.range_lu is not None
    assert found.range_lu < 1


def test_silence_has_no_loudness_and_no_peak(tmp_path: Path):
    assert measure_loudness(sound(tmp_path / "silence.wav", tone(Fraction(2), 0.0)), 0) == Loudness()


def test_a_blink_of_sound_has_a_peak_but_no_loudness(tmp_path: Path):
    found = measure_loudness(sound(tmp_path / "blink.wav", tone(Fraction(3, 10))), 0)
    assert found.integrated_lufs is None
    assert found.true_peak_dbtp is not None


def test_silence_around_a_tone_does_not_lower_its_loudness(tmp_path: Path):
    loud, quiet = tone(Fraction(5), 0.1), tone(Fraction(5), 0.0)
    alone = measure_loudness(sound(tmp_path / "alone.wav", loud), 0)
    around = measure_loudness(sound(tmp_path / "around.wav", np.concatenate([quiet, loud, quiet], axis=1)), 0)
    assert abs(alone.integrated_lufs - around.integrated_lufs) < Fraction(1, 2)


@pytest.mark.parametrize("layout", ["mono", "5.1"])
def test_other_layouts_are_measured_too(tmp_path: Path, layout: str):
    samples = tone(Fraction(2), 0.1, channels=1 if layout == "mono" else 6)
    assert measure_loudness(sound(tmp_path / "film.mkv", samples, layout=layout), 0).integrated_lufs is not None


def test_what_cannot_be_decoded_is_left_out_of_the_measure(tmp_path: Path):
    path = sound(tmp_path / "film.mkv", tone(Fraction(4), 0.1), codec="aac")
    whole = measure_loudness(path, 0)
    data = bytearray(path.read_bytes())
    data[len(data) // 2 : len(data) // 2 + 400] = b"\xff" * 400
    path.write_bytes(data)
    assert abs(measure_loudness(path, 0).integrated_lufs - whole.integrated_lufs) < 3


def test_a_track_that_is_no_sound_is_a_mistake_of_the_caller(tmp_path: Path, plain_film: Path):
    with pytest.raises(BadValue, match=r"\[1\]"):
        measure_loudness(plain_film, 0)
    with pytest.raises(SourceMissing):
        measure_loudness(tmp_path / "nothing.wav", 0)


def test_a_file_that_is_no_film_has_no_loudness(tmp_path: Path):
    path = tmp_path / "film.mp4"
    path.write_text("<html>")
    assert measure_loudness(path, 0) == Loudness()
