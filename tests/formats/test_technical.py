"""Technical metadata as JSON: nothing exact is lost, nothing unknown is dropped."""

from __future__ import annotations

import json
from fractions import Fraction
from typing import get_type_hints

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from holdfast.errors import BadRecord
from holdfast.formats.plain import schema_of
from holdfast.formats.technical import technical_from_plain, technical_to_plain
from holdfast.model.technical import AudioTrack, CaptionTrack, Chapter, DataTrack, Loudness, MediaInfo, VideoTrack

# A later version's fields, under names that this version does not use.
LATER = st.dictionaries(st.text().map(lambda text: f"later {text}"), st.integers() | st.text(), max_size=2)


def values_of(kind: type) -> st.SearchStrategy:
    hints = {name: hint for name, hint in get_type_hints(kind).items() if name != "extra"}
    return st.builds(kind, extra=LATER, **{name: st.from_type(hint) for name, hint in hints.items()})


for record in (Loudness, VideoTrack, AudioTrack, CaptionTrack, DataTrack, Chapter, MediaInfo):
    st.register_type_strategy(record, values_of(record))


@settings(max_examples=12, deadline=None)
@given(st.from_type(MediaInfo))
def test_what_a_probe_found_comes_back_from_json_as_it_was(info: MediaInfo):
    plain = technical_to_plain(info)
    assert technical_from_plain(json.loads(json.dumps(plain))) == info
    Draft202012Validator(schema_of(MediaInfo, "technical metadata")).validate(plain)


def test_exact_numbers_are_strings_of_fractions():
    info = MediaInfo("mp4", 1, Fraction(901901, 24000), video=(VideoTrack(0, "h264", 2, 2, frame_rate=Fraction(25)),))
    plain = technical_to_plain(info)
    assert plain["duration"] == "901901/24000"
    assert plain["video"][0]["frame_rate"] == "25"


def test_fields_of_a_later_version_stay_where_they_were():
    plain = {
        "container": "mp4",
        "size_bytes": 7,
        "lens": "50 mm",
        "video": [{"index": 0, "codec": "av2", "width": 2, "height": 2, "eyes": 2}],
        "audio": [
            {"index": 1, "codec": "aac", "sample_rate": 48000, "channels": 2, "loudness": {"dialogue_lufs": "-23"}}
        ],
    }
    assert technical_to_plain(technical_from_plain(plain)) == plain


def test_a_value_that_does_not_fit_is_refused_with_its_place():
    plain = {"container": "mp4", "size_bytes": 7, "duration": "soon"}
    with pytest.raises(BadRecord, match="duration"):
        technical_from_plain(plain)
