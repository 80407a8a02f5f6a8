"""Music, bar by bar: chords, a bass, a melody and a drum, in a key, a tempo and a timbre that a seed chooses.

Bar n of a seed is always the same, whichever bars were asked for before. A bar rings on for `TAIL` samples.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from holdfast.testing.textures import seeded
from holdfast.testing.voices import SAMPLE_RATE, Mono

TAIL = SAMPLE_RATE // 2

Stereo = NDArray[np.float32]

_MAJOR = (0, 2, 4, 5, 7, 9, 11)
_MINOR = (0, 2, 3, 5, 7, 8, 10)
_WALKS = ((0, 5, 3, 4), (0, 3, 4, 0), (0, 4, 5, 3), (5, 3, 0, 4))


@dataclass(frozen=True)
class Style:
    """How a piece sounds: tonic (Hz), steps of its scale, samples a beat, walk of its chords, brightness, drums."""

    tonic: float
    scale: tuple[int, ...]
    beat: int
    walk: tuple[int, ...]
    bright: float
    drums: bool

    @property
    def bar(self) -> int:
        """Samples in a bar of four beats."""
        return 4 * self.beat


@lru_cache(maxsize=16)
def style(seed: int) -> Style:
    """The style of a seed's piece."""
    rng = seeded(seed, 40)
    return Style(
        tonic=110.0 * 2 ** (int(rng.integers(12)) / 12),
        scale=_MAJOR if rng.random() < 0.5 else _MINOR,
        beat=int(SAMPLE_RATE * rng.uniform(0.36, 0.66)),
        walk=_WALKS[int(rng.integers(len(_WALKS)))],
        bright=float(rng.uniform(1.1, 2.0)),
        drums=bool(rng.random() < 0.65),
    )


@lru_cache(maxsize=6)
def bar(seed: int, number: int) -> Stereo:
    """Bar `number` as (2, style(seed).bar + TAIL) float32, read-only; peak about 0.3."""
    how = style(seed)
    rng = seeded(seed, 41, number)
    out = np.zeros((2, how.bar + TAIL), dtype=np.float32)
    root = how.walk[number % len(how.walk)]
    for voice, step in enumerate((root, root + 2, root + 4)):
        _note(out, 0, how.bar, _pitch(how, step) * 2, 0.045, how.bright + 0.4, 0.3 + 0.2 * voice)
    for half in (0, 2):
        _note(out, half * how.beat, 2 * how.beat, _pitch(how, root) / 2, 0.11, 1.5, 0.5)
    step, at = root + int(rng.integers(5)), 0.0
    while at < 4:
        beats = float(rng.choice([0.5, 1.0, 1.0, 2.0]))
        step = int(np.clip(step + rng.integers(-2, 3), 0, 11))
        _note(out, int(at * how.beat), int(beats * how.beat), _pitch(how, step) * 4, 0.085, how.bright, 0.62)
        at += beats
    if how.drums:
        _drums(out, how, rng)
    out.setflags(write=False)
    return out


def _pitch(how: Style, step: int) -> float:
    octave, degree = divmod(step, len(how.scale))
    return float(how.tonic * 2 ** (octave + how.scale[degree] / 12))


def _note(out: Stereo, start: int, length: int, pitch: float, level: float, bright: float, pan: float) -> None:
    """A struck string: harmonics that fall off by `bright`, the higher ones sooner silent."""
    room = min(length + TAIL, out.shape[1] - start)
    if room <= 0:
        return
    time = np.arange(room, dtype=np.float32) / SAMPLE_RATE
    tone = np.zeros(room, dtype=np.float32)
    for harmonic in range(1, 8):
        frequency = pitch * harmonic * (1 + 0.0004 * harmonic * harmonic)
        if frequency > SAMPLE_RATE * 0.4:
            break
        fading = np.exp(-time * np.float32(1.6 + 0.8 * harmonic)) / np.float32(harmonic**bright)
        tone += fading * np.sin(np.float32(2 * np.pi * frequency) * time)
    _add(out, start, tone * _shape(room, length) * np.float32(level * 2), pan)


def _shape(room: int, length: int) -> Mono:
    """In within 5 ms, out from `length` on."""
    place = np.arange(room, dtype=np.float32)
    rise = np.clip(place / (0.005 * SAMPLE_RATE), 0, 1)
    shape: Mono = rise * np.clip((room - place) / np.float32(max(room - length, 1)), 0, 1)
    return shape


def _add(out: Stereo, start: int, sound: Mono, pan: float) -> None:
    """Add at equal power, `pan` 0 left to 1 right."""
    end = min(start + len(sound), out.shape[1])
    for side, gain in enumerate((np.cos(pan * np.pi / 2), np.sin(pan * np.pi / 2))):
        out[side, start:end] += sound[: end - start] * np.float32(gain)


def _drums(out: Stereo, how: Style, rng: np.random.Generator) -> None:
    time = np.arange(SAMPLE_RATE // 5, dtype=np.float32) / SAMPLE_RATE
    kick = np.sin(2 * np.pi * (45 * time + 3.2 * (1 - np.exp(-time * 30)))) * np.exp(-time * 22) * 0.24
    noise = rng.standard_normal(len(time), dtype=np.float32)
    snare = noise * np.exp(-time * 26) * 0.07
    hat = np.diff(noise, prepend=noise[:1]) * np.exp(-time * 70) * 0.05
    for beat in range(4):
        _add(out, beat * how.beat, (kick if beat % 2 == 0 else snare).astype(np.float32), 0.5)
        for half in (0, how.beat // 2):
            _add(out, beat * how.beat + half, hat.astype(np.float32), 0.7)
