"""The sound of a film: its events mixed, for any stretch of samples, with the same result however it is cut.

Each event is made in pieces (a sentence, a bar, a second of room tone) that depend on seed and number alone; a
stretch is the sum of the pieces that touch it, always added in the same order, so a cut never changes a sample.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

import numpy as np

from holdfast.testing.textures import seeded
from holdfast.testing.truth import Sound, SoundKind
from holdfast.testing.tunes import Stereo, bar, style
from holdfast.testing.voices import SAMPLE_RATE, spoken

_EDGE = SAMPLE_RATE // 40
"""Samples over which an event rises and falls, lest it clicks."""

_TONE_LEVEL = 0.125  # -18 dBFS, the line-up level of EBU R 68
_ROOM_LEVEL = 0.0022  # about -53 dBFS
_UNDER_SPEECH = 0.3


def mixed(sounds: tuple[Sound, ...], first: int, last: int) -> Stereo:
    """Samples [first, last) of all `sounds` together: (2, last - first) float32, within -1..1."""
    out = np.zeros((2, last - first), dtype=np.float32)
    talk = [sound for sound in sounds if sound.kind is SoundKind.SPEECH]
    for sound in sounds:
        begin, end = int(sound.span.start * SAMPLE_RATE), int(sound.span.end * SAMPLE_RATE)
        low, high = max(first, begin), min(last, end)
        if low >= high or sound.kind is SoundKind.SILENCE:
            continue
        part = np.zeros((2, high - low), dtype=np.float32)
        for start, piece in _pieces(sound, begin, end, low, high):
            _lay(part, low, start, piece)
        part *= _envelope(low, high, begin, end)
        if sound.kind is SoundKind.MUSIC:
            part *= _ducking(talk, low, high)
        out[:, low - first : high - first] += part
    return np.clip(out, -1, 1)


def _pieces(sound: Sound, begin: int, end: int, low: int, high: int) -> Iterator[tuple[int, Stereo]]:
    """The pieces of an event that touch [low, high), each with the sample it starts at."""
    if sound.kind is SoundKind.SPEECH:
        yield begin, _speech(sound.text, sound.seed, end - begin)
    elif sound.kind is SoundKind.TONE:
        yield low, _tone()[:, (np.arange(low, high) - begin) % 48]
    elif sound.kind is SoundKind.ROOM_TONE:
        for number in range((low - begin) // SAMPLE_RATE - 1, (high - 1 - begin) // SAMPLE_RATE + 1):
            yield begin + number * SAMPLE_RATE, _room(sound.seed, number)
    elif sound.kind is SoundKind.MUSIC:
        length = style(sound.seed).bar
        for number in range(max(0, (low - begin) // length - 1), (high - 1 - begin) // length + 1):
            yield begin + number * length, bar(sound.seed, number)


def _lay(part: Stereo, low: int, start: int, piece: Stereo) -> None:
    left, right = max(low, start), min(low + part.shape[1], start + piece.shape[1])
    if left < right:
        part[:, left - low : right - low] += piece[:, left - start : right - start]


def _envelope(low: int, high: int, begin: int, end: int) -> Stereo:
    place = np.arange(low, high)
    near = np.minimum(place - begin, end - 1 - place).astype(np.float32)
    gain: Stereo = np.clip(near / np.float32(_EDGE), 0, 1)[None, :]
    return gain


def _ducking(talk: list[Sound], low: int, high: int) -> Stereo:
    """How far music steps back while somebody speaks."""
    gain = np.ones(high - low, dtype=np.float32)
    place = np.arange(low, high)
    for sound in talk:
        begin, end = int(sound.span.start * SAMPLE_RATE), int(sound.span.end * SAMPLE_RATE)
        inside = np.minimum(place - begin, end - place).astype(np.float32) / np.float32(_EDGE * 4)
        gain = np.minimum(gain, 1 - (1 - np.float32(_UNDER_SPEECH)) * np.clip(inside + 1, 0, 1))
    return gain[None, :]


@lru_cache(maxsize=4)
def _speech(text: str, seed: int, length: int) -> Stereo:
    voice = spoken(text, seed, length)
    # A mouth a little to one side: the farther ear hears it later and softer.
    pan = float(seeded(seed, 31).uniform(-1, 1))
    late = np.roll(voice, 12)
    late[:12] = 0
    near, far = voice, late * np.float32(1 - 0.25 * abs(pan))
    return np.stack([near, far] if pan < 0 else [far, near])


@lru_cache(maxsize=1)
def _tone() -> Stereo:
    """One period of 1 kHz, 48 samples, on both sides."""
    period = (_TONE_LEVEL * np.sin(2 * np.pi * np.arange(48) / 48)).astype(np.float32)
    return np.stack([period, period])


@lru_cache(maxsize=6)
def _room(seed: int, number: int) -> Stereo:
    """Two seconds of a room's air, faded over the whole length, so that blocks a second apart add up evenly."""
    length = 2 * SAMPLE_RATE
    rng = seeded(seed, 20, number + 1)
    band = np.fft.rfftfreq(length, 1 / SAMPLE_RATE)
    weight = 1 / np.sqrt(1 + (band / 180) ** 2)
    weight[band < 20] = 0
    both = np.fft.irfft(np.fft.rfft(rng.standard_normal((2, length))) * weight, length)
    both[1] = 0.6 * both[0] + 0.8 * both[1]
    both *= np.sin(np.pi * (np.arange(length) + 0.5) / length) * (_ROOM_LEVEL / float(both.std()))
    return both.astype(np.float32)
