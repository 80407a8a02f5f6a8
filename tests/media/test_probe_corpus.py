"""The probe on the real clips that stand beside the checkout, against the list of their lengths."""

from __future__ import annotations

import re
from fractions import Fraction
from pathlib import Path

import pytest

from holdfast.media.probe import probe

CORPUS = Path(__file__).parents[2].parent / "shared" / "corpus"
pytestmark = [
    pytest.mark.corpus,
    pytest.mark.skipif(not CORPUS.is_dir(), reason="the folder of real clips is not beside the checkout"),
]

# Rates that were looked at one by one; the rest is whole numbers of pictures per second.
RATES = {
    "v049.mp4": Fraction(24000, 1001),
    "v052.avi": Fraction(60),  # the header says 214748359/3579125
    "v064.mp4": Fraction(23040000, 767849),  # a phone's mean
    "v089.mp4": Fraction(30000, 1001),  # the header says 29.97
    "v090.ogv": Fraction(30000, 1001),
    "v091.webm": Fraction(30000, 1001),
    "v096.mp4": Fraction(179, 6),
    "v097.mp4": Fraction(25, 2),
    "v156.webm": Fraction(30000, 1001),
    "v158.mp4": Fraction(30000, 1001),
    "v159.ogv": Fraction(30000, 1001),
    "v164.mp4": Fraction(30000, 1001),  # times rounded to milliseconds, then counted in 90000ths
    "v165.webm": Fraction(30000, 1001),
}


# Lengths for which the list goes by something else.
OTHERWISE_LISTED = {
    "v083.mp4": Fraction(30528, 1000),  # the sound goes on for half a second after the picture
    "v090.ogv": Fraction(34155, 1000),  # the same film as v089 and v091, which are listed with 34.2 and 34.1
}


def clips() -> list[tuple[str, Fraction, int]]:
    if not CORPUS.is_dir():
        return []
    rows = re.findall(r"^\| (v\d+\.\w+) \|.*\| ([\d.]+) \| (\d+) \|$", (CORPUS / "LICENCES.md").read_text(), re.M)
    return [(name, Fraction(seconds), int(size)) for name, seconds, size in rows]


@pytest.mark.parametrize(("name", "seconds", "size"), clips(), ids=[name for name, _, _ in clips()])
def test_a_real_clip_is_measured(name: str, seconds: Fraction, size: int):
    info = probe(CORPUS / name)
    assert info.size_bytes == size
    (video,) = info.video
    expected = OTHERWISE_LISTED.get(name, seconds)
    assert min(abs(track.duration - expected) for track in (video, *info.audio)) <= Fraction(1, 5)
    assert abs(info.duration - expected) <= Fraction(1, 5)
    assert video.width > 0
    assert video.bit_depth == 8
    assert video.rotation == 0
    rate = RATES.get(name)
    assert video.is_variable_rate is False
    assert video.frame_rate == rate if rate else video.frame_rate.denominator == 1
    assert all(track.layout in ("stereo", "5.1") for track in info.audio)


def test_only_two_clips_have_a_warning_and_it_is_true():
    warned = {name: probe(CORPUS / name).warnings for name, _, _ in clips()}
    assert {name: found for name, found in warned.items() if found} == {
        # Nineteen slides of a second, one of which stands for two.
        "v144.mov": ("track 0 (video): 1 picture is missing from its rhythm at 6.0 s",),
        # Cut within a group of pictures.
        "v169.mp4": ("track 0 (video): 3 pictures are missing from its rhythm, the first at 90.2 s",),
    }
