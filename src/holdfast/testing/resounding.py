"""What happens to the sound of a copy: faster or slower, heard across a room, from a worn tape, under other sound.

Every function takes and gives (2, n) float32 at 48 kHz, and is the same for the same `rng`.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

RATE = 48000
Samples = NDArray[np.float32]


def resampled(samples: Samples, rate: float, count: int) -> Samples:
    """Played `rate` times as fast, pitch and all: `count` samples of it."""
    if not samples.shape[1]:
        return np.zeros((2, count), np.float32)
    at = np.arange(count) * rate
    here = np.arange(samples.shape[1])
    source = band(samples, 0, 0.47 * RATE / rate) if rate > 1 else samples
    return np.stack([np.interp(at, here, channel, right=0.0) for channel in source]).astype(np.float32)


def stretched(samples: Samples, rate: float, count: int) -> Samples:
    """Played `rate` times as fast with the pitch kept: `count` samples of it.

    Windows of 40 ms are laid over each other where they fit best. Source: Verhelst & Roelands, "An overlap-add
    technique based on waveform similarity (WSOLA)", ICASSP 1993.
    """
    window, seek = 1920, 480
    hop = window // 2
    shape = np.hanning(window + 1)[:window].astype(np.float32)
    source = np.pad(samples, ((0, 0), (seek + hop, 2 * window + seek)))
    mono = source.mean(axis=0)
    out = np.zeros((2, count + 2 * window), np.float32)
    follow = seek + hop
    for start in range(0, count, hop):
        center = round(start * rate) + seek + hop
        if center + window + seek > source.shape[1]:
            break
        place = center
        if start:  # the window that continues the last one best
            target = mono[follow : follow + hop]
            near = np.lib.stride_tricks.sliding_window_view(mono[center - seek : center + seek + hop], hop)[::8]
            place = center - seek + 8 * int(np.argmax(near @ target))
        out[:, start : start + window] += source[:, place : place + window] * shape
        follow = place + hop
    # The first window rises from nothing: its middle is where the sound begins to be whole.
    return out[:, :count]


def band(samples: Samples, low_hz: float, high_hz: float) -> Samples:
    """Only what lies between two frequencies, with soft edges."""
    return _filtered(samples, lambda hz: 1 / (1 + (low_hz / np.maximum(hz, 1)) ** 6) / (1 + (hz / high_hz) ** 8))


def in_a_room(samples: Samples, rng: np.random.Generator, noise_db: float = -42) -> Samples:
    """From a loudspeaker through a room to a telephone: echoes, a narrow band, noise, and its automatic gain."""
    length = int(RATE * rng.uniform(0.15, 0.4))
    tail = rng.normal(0, 1, length) * np.exp(-6.9 * np.arange(length) / length)
    tail[0] = 0
    echo = tail / np.sqrt((tail**2).sum()) * rng.uniform(0.3, 0.8)
    echo[0] = 1
    wet = np.stack([_convolved(channel, echo) for channel in samples])
    narrow = band(wet.astype(np.float32), float(rng.uniform(120, 300)), float(rng.uniform(4000, 8000)))
    return _levelled(narrow) + _noise(rng, samples.shape[1], noise_db)


def from_tape(samples: Samples, rng: np.random.Generator) -> Samples:
    """A linear track of a cassette: a narrow band, hiss, mains hum, a slight wow (below a thousandth)."""
    count = samples.shape[1]
    if not count:
        return samples
    seconds = np.arange(count) / RATE
    wow = np.cumsum(1 + 0.0007 * np.sin(2 * np.pi * rng.uniform(0.5, 2) * seconds)) - 1
    here = np.arange(count)
    moved = np.stack([np.interp(wow, here, channel) for channel in samples]).astype(np.float32)
    hum = (0.003 * np.sin(2 * np.pi * 50 * seconds)).astype(np.float32)
    return band(moved, 60, float(rng.uniform(6000, 10000))) + hum + _noise(rng, count, float(rng.uniform(-50, -42)))


def mixed(first: Samples, second: Samples, first_db: float, second_db: float) -> Samples:
    """Both at once, as long as the first."""
    out = first * np.float32(10 ** (first_db / 20))
    count = min(first.shape[1], second.shape[1])
    out[:, :count] += second[:, :count] * np.float32(10 ** (second_db / 20))
    return out


def _filtered(samples: Samples, gain: Callable[[NDArray[np.float64]], NDArray[np.float64]]) -> Samples:
    count = samples.shape[1]
    if not count:
        return samples
    size = 1 << (count - 1).bit_length()
    curve = gain(np.asarray(np.fft.rfftfreq(size, 1 / RATE), np.float64))
    return np.stack([np.fft.irfft(np.fft.rfft(each, size) * curve, size)[:count] for each in samples]).astype(
        np.float32
    )


def _convolved(samples: NDArray[np.float32], echo: NDArray[np.float64]) -> NDArray[np.float64]:
    count = len(samples)
    size = 1 << (count + len(echo)).bit_length()
    return np.fft.irfft(np.fft.rfft(samples, size) * np.fft.rfft(echo, size), size)[:count]


def _levelled(samples: Samples) -> Samples:
    loud = float(np.sqrt((samples.astype(np.float64) ** 2).mean())) if samples.size else 0.0
    return samples * np.float32(min(0.1 / loud, 8.0) if loud > 0 else 1.0)


def _noise(rng: np.random.Generator, count: int, level_db: float) -> Samples:
    return (rng.standard_normal((2, count), np.float32) * np.float32(10 ** (level_db / 20))).astype(np.float32)
