"""Technical metadata: what is a film, what is a still; as JSON nothing exact is lost, nothing unknown is dropped."""

from __future__ import annotations

import json
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from jsonschema import Draft202012Validator

from holdfast.errors import BadRecord
from holdfast.formats.canonical import canonical_json, parse_json
from holdfast.formats.plain import from_plain, schema_of, to_plain
from holdfast.model.technical import AudioTrack, MediaInfo, VideoTrack
from tests.formats.values import values_of

SCHEMA = Draft202012Validator(schema_of(MediaInfo, "technical metadata"))
PICTURE = VideoTrack(0, "h264", 2, 2, frame_rate=Fraction(25), duration=Fraction(4), frame_count=100)
SOUND = AudioTrack(1, "aac", 48000, 2)


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(values_of(MediaInfo))
def test_what_a_probe_found_comes_back_from_json_as_it_was(info: MediaInfo) -> None:
    data = canonical_json(to_plain(info))
    assert from_plain(MediaInfo, parse_json(data, "x"), "x") == info
    SCHEMA.validate(json.loads(data))


def test_exact_numbers_are_strings_of_fractions() -> None:
    plain = to_plain(MediaInfo("mp4", 1, Fraction(901901, 24000), video=(PICTURE,)))
    assert plain["duration"] == "901901/24000"
    assert plain["video"][0]["frame_rate"] == "25"


def test_fields_of_a_later_version_stay_where_they_were() -> None:
    loudness = {"dialogue_lufs": "-23"}
    plain: dict[str, Any] = {
        "container": "mp4",
        "size_bytes": 7,
        "lens": "50 mm",
        "video": [{"index": 0, "codec": "av2", "width": 2, "height": 2, "eyes": 2}],
        "audio": [{"index": 1, "codec": "aac", "sample_rate": 48000, "channels": 2, "loudness": loudness}],
    }
    assert to_plain(from_plain(MediaInfo, plain, "x")) == plain


def test_a_value_that_does_not_fit_is_refused_with_its_place() -> None:
    with pytest.raises(BadRecord, match=r"film cannot be understood: video\[0\].width is str"):
        from_plain(MediaInfo, {"container": "mp4", "size_bytes": 7, "video": [{"width": "wide"}]}, "film")


def test_a_picture_that_does_not_move_is_a_still_and_no_film() -> None:
    still = MediaInfo("png", 7, video=(replace(PICTURE, duration=None, frame_count=1),))
    film = MediaInfo("mp4", 7, Fraction(4), video=(PICTURE,))
    assert (still.is_still, still.is_media) == (True, False)
    assert (film.is_still, film.is_media) == (False, True)


@pytest.mark.parametrize(
    ("info", "is_media"),
    [
        (MediaInfo("html", 7), False),
        (MediaInfo("ogg", 7, audio=(SOUND,)), True),
        (MediaInfo("mp4", 7, video=(PICTURE,), audio=(SOUND,)), True),
        (MediaInfo("mp4", 7, video=(replace(PICTURE, frame_count=1, duration=None),), audio=(SOUND,)), True),
    ],
)
def test_sound_or_moving_pictures_make_a_film(info: MediaInfo, is_media: bool) -> None:
    assert info.is_media is is_media
    assert not info.is_still
