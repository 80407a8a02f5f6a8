"""Speech-like sound from a text: a voice that says vowels where the text has vowels, with pauses at its commas.

Nobody will understand it, but it has what tools look for in speech: pitch with a falling line, moving formants,
hissing and stopped consonants, syllables three to six a second, gaps.
Source: X. Rodet, Time-domain formant-wave-function synthesis, Computer Music Journal 8:3 (1984): each pulse of the
voice is a sum of decaying sines, one a formant. Formants of vowels after G. E. Peterson, H. L. Barney, Control
methods used in a study of the vowels, J. Acoust. Soc. Am. 24 (1952), rounded.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from holdfast.testing.textures import seeded

SAMPLE_RATE = 48000

Mono = NDArray[np.float32]
Formants = tuple[float, float, float]

_VOWELS: dict[str, Formants] = {
    "a": (730, 1090, 2440), "e": (530, 1840, 2480), "i": (270, 2290, 3010), "o": (570, 840, 2410),
    "u": (300, 870, 2240), "y": (390, 1990, 2550),
}  # fmt: skip
_NASAL: Formants = (260, 1150, 2400)
_HISSES: dict[str, float] = {"s": 6200, "z": 5800, "f": 4200, "h": 1800, "v": 3800, "x": 3200, "c": 5000, "j": 3600}
_STOPS: dict[str, float] = {"t": 4200, "k": 2200, "p": 1100, "d": 3600, "g": 1900, "b": 900, "q": 2200}
_WIDTHS = (80.0, 110.0, 160.0)
_LOUDNESS = (1.0, 0.55, 0.28)
_PULSE_SAMPLES = 640

# Sounds of the Cyrillic letters, in the letters of the tables above.
_CYRILLIC = dict(zip("абвгдеёжзийклмнопрстуфхцчшщъыьэюя", "abvgdeozziiklmnoprstufxccss-y-eua", strict=True))


@dataclass(frozen=True)
class _Phone:
    """One speech sound: formants if voiced, the middle of its noise if noisy (Hz); length in seconds, unscaled."""

    length: float
    voiced: Formants | None = None
    loud: float = 1.0
    noise: float = 0.0


def natural_length(text: str) -> Fraction:
    """How long a calm speaker takes for `text`, in seconds, to the hundredth."""
    return Fraction(round(100 * sum(phone.length for phone in _phones(text))), 100)


def spoken(text: str, seed: int, length: int) -> Mono:
    """`text` said within `length` samples by the voice of `seed`; peak about 0.5. What is left is a pause."""
    rng = seeded(seed, 30)
    phones = _phones(text)
    natural = sum(phone.length for phone in phones)
    scale = min(1.15, length / SAMPLE_RATE / natural)
    edges = np.concatenate([[0.0], np.cumsum([phone.length * scale for phone in phones])])
    out = np.zeros(length + _PULSE_SAMPLES, dtype=np.float32)
    _voice(out, phones, edges, rng)
    for phone, start, end in zip(phones, edges[:-1], edges[1:], strict=True):
        if phone.noise:
            _hiss(out, int(start * SAMPLE_RATE), int(end * SAMPLE_RATE), phone, rng)
    out = out[:length]
    return out * np.float32(0.5 / max(float(np.abs(out).max()), 1e-6))


def _phones(text: str) -> list[_Phone]:
    phones: list[_Phone] = []
    for letter in text.lower():
        phones.extend(_sounds_of(letter))
    return phones or [_Phone(0.2)]


def _sounds_of(letter: str) -> list[_Phone]:
    if not letter.isalpha():
        return [_Phone(0.03 if letter.isspace() else 0.22)]
    if ord(letter) >= 0x2E80:  # one sign, one syllable: which one follows from its number
        number = ord(letter)
        first, core = "skthmpln"[number % 8], "aeiou"[number // 8 % 5]
        return [
            *_sounds_of(first),
            _Phone(0.15, _VOWELS[core]),
            *([_Phone(0.05, _NASAL, 0.5)] if number % 3 == 0 else []),
        ]
    plain = unicodedata.normalize("NFKD", _CYRILLIC.get(letter, letter))[0]
    if plain in _VOWELS:
        return [_Phone(0.11, _VOWELS[plain])]
    if plain in _HISSES:
        return [_Phone(0.07, noise=_HISSES[plain])]
    if plain in _STOPS:
        return [_Phone(0.035), _Phone(0.025, noise=_STOPS[plain], loud=1.6)]
    return [_Phone(0.06, _NASAL, 0.55)] if plain.isalpha() else []


def _voice(out: Mono, phones: list[_Phone], edges: NDArray[np.float64], rng: np.random.Generator) -> None:
    """Add every pulse of the vocal cords, with formants and loudness gliding from sound to sound."""
    middles = (edges[:-1] + edges[1:]) / 2
    # Silent sounds keep the formants of their neighbours: a mouth does not jump.
    targets = [phone.voiced for phone in phones]
    known = [number for number, target in enumerate(targets) if target] or [0]
    table = np.array([targets[number] or _NASAL for number in known])
    loud = np.array([phone.loud if phone.voiced else 0.0 for phone in phones])
    times = _pulse_times(rng, float(edges[-1]))
    shapes = np.stack([np.interp(times, middles[known], table[:, n]) for n in range(3)], axis=1)
    strength = np.interp(times, middles, loud)
    tau = np.arange(_PULSE_SAMPLES) / SAMPLE_RATE
    attack = 0.5 - 0.5 * np.cos(np.pi * np.clip(tau / 0.0012, 0, 1))
    decays = [attack * level * np.exp(-np.pi * width * tau) for level, width in zip(_LOUDNESS, _WIDTHS, strict=True)]
    for time, formants, gain in zip(times, shapes, strength, strict=True):
        start = int(time * SAMPLE_RATE)
        room = min(_PULSE_SAMPLES, len(out) - start)
        if gain < 0.02 or room <= 0:
            continue
        pulse = sum(decay * np.sin(2 * np.pi * pitch * tau) for decay, pitch in zip(decays, formants, strict=True))
        out[start : start + room] += (gain * np.asarray(pulse)[:room]).astype(np.float32)


def _pulse_times(rng: np.random.Generator, length: float) -> NDArray[np.float64]:
    """When the vocal cords open: a pitch that falls over the sentence, sways, and is never quite even."""
    base = float(rng.choice([105.0, 125.0, 175.0, 210.0])) * rng.uniform(0.92, 1.08)
    sway = rng.uniform(0, 6)
    times, at = [], 0.0
    while at < length:
        times.append(at)
        fall = 1.12 - 0.25 * at / length
        pitch = base * fall * (1 + 0.09 * np.sin(2 * np.pi * 1.1 * at + sway)) * (1 + 0.012 * rng.standard_normal())
        at += 1 / max(float(pitch), 50.0)
    return np.array(times)


def _hiss(out: Mono, start: int, end: int, phone: _Phone, rng: np.random.Generator) -> None:
    length = min(end, len(out)) - start
    if length < 16:
        return
    band = np.fft.rfftfreq(length, 1 / SAMPLE_RATE)
    spectrum = np.fft.rfft(rng.standard_normal(length)) * np.exp(-(((band - phone.noise) / (phone.noise * 0.35)) ** 2))
    noise = np.fft.irfft(spectrum, length)
    noise *= np.hanning(length) * 0.22 * phone.loud / max(float(noise.std()), 1e-9)
    out[start : start + length] += noise.astype(np.float32)
