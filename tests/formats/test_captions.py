"""Captions as they are found: in many forms, in old encodings, with broken lines, repeated by machines."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfast.errors import BadSidecar
from holdfast.formats.captions import Cue, language_of_name, parse_captions
from holdfast.model.time import Span, clock


def told(text: str | bytes, name: str = "film.vtt", language: str = "und") -> list[tuple[str, str, str]]:
    """The cues as (start, end, text), times in decimal seconds."""
    data = text if isinstance(text, bytes) else text.encode()
    cues = parse_captions(data, name, language)
    return [(str(float(cue.span.start)), str(float(cue.span.end)), cue.text) for cue in cues]


def words(text: str | bytes, name: str = "film.vtt", language: str = "und") -> list[str]:
    return [cue[2] for cue in told(text, name, language)]


# ------------------------------------------------------------------------------------------------------ WebVTT

WEBVTT = """\ufeffWEBVTT - Harvest
Kind: captions
Language: en

STYLE
::cue { color: papayawhip }

REGION
id:fred width:40%

NOTE a remark
over two lines

00:01.500 --> 00:02.000 align:start position:0% line:90%
<v Ada>The <b>harvest</b> of <c.yellow.bg_blue>1974</c>

named-cue
01:00:03.000 --> 01:00:04.250
&lt;Applause&gt; 5 < 6 &amp; 7 > 3&nbsp;!
1984

NOTE
another remark

10:00:00.000 --> 10:00:00.001
<lang ru>Урожай</lang> <00:00:01.000><c> now</c>
{SPACE}
{\\an8}after a line of spaces
""".replace("{SPACE}", " ")


def test_webvtt_is_read_without_its_notes_styles_regions_names_and_markup() -> None:
    assert told(WEBVTT) == [
        ("1.5", "2.0", "The harvest of 1974"),
        ("3603.0", "3604.25", "<Applause> 5 < 6 & 7 > 3 ! 1984"),
        ("36000.0", "36000.001", "Урожай now after a line of spaces"),
    ]


@pytest.mark.parametrize("line_end", ["\r\n", "\r"])
def test_lines_may_end_as_on_any_system(line_end: str) -> None:
    assert told(WEBVTT.replace("\n", line_end)) == told(WEBVTT)


def test_a_line_separator_inside_a_cue_is_only_a_space() -> None:
    assert words("WEBVTT\n\n00:01.000 --> 00:02.000\none\u2028two\x85three\x0bfour\n") == ["one two three four"]


ROLLING = """WEBVTT

00:00:00.160 --> 00:00:02.470 align:start position:0%
{SPACE}
we<00:00:00.320><c> brought</c><00:00:00.640><c> in</c>

00:00:02.470 --> 00:00:02.480 align:start position:0%
we brought in
{SPACE}

00:00:02.480 --> 00:00:05.000 align:start position:0%
we brought in
the<00:00:02.639><c> harvest</c>

00:00:05.000 --> 00:00:05.010 align:start position:0%
the harvest
{SPACE}

00:00:05.010 --> 00:00:07.000 align:start position:0%
the harvest
of<00:00:05.500><c> 1974</c>
""".replace("{SPACE}", " ")


def test_machine_captions_that_roll_up_say_each_line_once() -> None:
    """A line with two inner times is text; a cue of ten milliseconds that repeats a line only makes it longer."""
    assert told(ROLLING) == [
        ("0.16", "2.48", "we brought in"),
        ("2.48", "5.01", "the harvest"),
        ("5.01", "7.0", "of 1974"),
    ]


def cues(*shown: str, step: int = 1, gap: str = "000") -> str:
    return "WEBVTT\n\n" + "".join(
        f"00:{n * step:02d}.{gap} --> 00:{(n + 1) * step:02d}.000\n{text}\n\n" for n, text in enumerate(shown)
    )


def test_lines_that_roll_through_three_rows_are_said_once() -> None:
    assert words(cues("one", "one\ntwo", "one\ntwo\nthree", "two\nthree\nfour")) == ["one", "two", "three", "four"]


def test_captions_that_grow_word_by_word_become_one() -> None:
    assert told(cues("we", "we brought", "we brought in", "we brought in\nthe", "we brought in\nthe harvest")) == [
        ("0.0", "3.0", "we brought in"),
        ("3.0", "5.0", "the harvest"),
    ]


def test_the_same_words_said_again_later_are_kept() -> None:
    text = "WEBVTT\n\n00:01.000 --> 00:02.000\nYes.\n\n00:05.000 --> 00:06.000\nYes.\n"
    assert told(text) == [("1.0", "2.0", "Yes."), ("5.0", "6.0", "Yes.")]


def test_a_word_that_only_begins_alike_is_not_a_growing_line() -> None:
    assert words(cues("no", "nothing", "a harvest", "harvest a")) == ["no", "nothing", "a harvest", "harvest a"]


def test_cues_that_overlap_or_stand_in_disorder_come_in_order_of_time() -> None:
    text = "00:05.000 --> 00:06.000\nthird\n\n00:01.000 --> 00:09.000\nfirst\n\n00:01.500 --> 00:02.000\nsecond\n"
    assert told(f"WEBVTT\n\n{text}") == [("1.0", "9.0", "first"), ("1.5", "2.0", "second"), ("5.0", "6.0", "third")]


def test_a_cue_that_ends_before_it_starts_lasts_no_time() -> None:
    assert told("WEBVTT\n\n00:05.000 --> 00:01.000\nodd\n") == [("5.0", "5.0", "odd")]


# ------------------------------------------------------------------------------------------------------ SubRip

SUBRIP = """1
00:00:01,000 --> 00:00:02,500
- <i>Where</i> were you in
1984

2
00:00:02,900 --> 00:00:04,000  X1:201 X2:516 Y1:397 Y2:423
{\\an8}<font color="#ffffff">In the</font> fields

and at home {laughs}

3
00:00:05,5 --> 00:00:06,000
2000
4
00:00:07.000-->00:00:08.000
no empty line above

5
00:00:09,000 --> 00:00:10,000

6
100:00:00,000 --> 100:00:01,000
42
"""


def test_subrip_is_read_in_its_dialects_and_a_number_is_text_unless_it_counts() -> None:
    assert told(SUBRIP, "film.srt") == [
        ("1.0", "2.5", "- Where were you in 1984"),
        ("2.9", "4.0", "In the fields and at home {laughs}"),
        ("5.5", "6.0", "2000"),
        ("7.0", "8.0", "no empty line above"),
        ("360000.0", "360001.0", "42"),
    ]


def test_a_broken_time_costs_its_own_cue_and_no_other() -> None:
    text = SUBRIP.replace("00:00:02,900 -->", "00:xx:02,900 -->").replace("00:00:05,5", "later,5:")
    assert words(text, "film.srt") == ["- Where were you in 1984", "no empty line above", "42"]


def test_garbage_in_the_middle_is_passed_over() -> None:
    data = SUBRIP.encode().replace(b"3\n", b"\x00\xff\xfe\x80garbage --> here\n3\n", 1)
    assert words(data, "film.srt")[-3:] == ["2000", "no empty line above", "42"]


def test_the_content_tells_the_form_whatever_the_suffix_says() -> None:
    assert told(WEBVTT, "film.srt") == told(WEBVTT, "film.vtt")
    assert words(SCRIPT, "film.srt") == words(SCRIPT, "film.ass")


@pytest.mark.parametrize(
    ("text", "encoding", "language"),
    [
        ("Привет, это урожай", "cp1251", "ru"),
        ("Привет, это урожай", "cp1251", "und"),
        ("Привет, это урожай", "koi8-r", "ru"),
        ("今天我们讲述收获的故事", "gb18030", "zh-Hans"),
        ("今天我们讲述收获的故事", "gb18030", "und"),
        ("오늘은 수확의 날입니다", "cp949", "ko"),
        ("오늘은 수확의 날입니다", "cp949", "und"),
        ("Die größte Ernte", "cp1252", "de"),
        ("Урожай 收穫 수확", "utf-16", "und"),
        ("Урожай 收穫 수확", "utf-16-le", "und"),
        ("Урожай 收穫 수확", "utf-8-sig", "ru"),
    ],
)
def test_old_subtitles_are_read_in_the_encoding_of_their_country(text: str, encoding: str, language: str) -> None:
    data = f"1\r\n00:00:01,000 --> 00:00:02,000\r\n{text}\r\n".encode(encoding)
    assert words(data, "film.srt", language) == [text]


# --------------------------------------------------------------------------------------------------------- ASS

SCRIPT = """[Script Info]
Title: Harvest
[V4+ Styles]
Format: Name, Fontname
Style: Default,Arial
[Events]
Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text
Comment: 0,0:00:00.00,0:00:01.00,Default,,0,0,0,,a remark
Dialogue: 0,0:00:03.10,0:00:04.00,Default,Ada,0,0,0,,{\\i1}The harvest{\\i0},\\Nof\\h1974 {a note}
Dialogue: 0,soon,0:00:04.00,Default,,0,0,0,,broken
Dialogue: 0,0:00:01.00
Dialogue: 0,0:00:01.00,0:00:02.00,Default,,0,0,0,,{\\p1}m 0 0 l 100 0 100 100{\\p0}shown
Dialogue: 0,0:00:02.00,0:00:02.50,Default,,0,0,0,,{\\an7\\p4}m 0 0 l 1 1
Dialogue: 0,10:00:00.00,9:00:00.00,Default,,0,0,0,,last
[Fonts]
Dialogue: 0,0:00:09.00,0:00:10.00,Default,,0,0,0,,not an event
"""


def test_an_ass_script_gives_its_dialogue_without_remarks_drawings_and_broken_lines() -> None:
    assert told(SCRIPT, "film.ass") == [
        ("1.0", "2.0", "shown"),
        ("3.1", "4.0", "The harvest, of 1974"),
        ("36000.0", "36000.0", "last"),
    ]


def test_an_ssa_script_names_its_own_fields() -> None:
    text = "[Events]\nFormat: Marked, Start, End, Text\nDialogue: Marked=0,0:00:01.00,0:00:02.00,Yes, indeed\n"
    assert told(text, "film.SSA") == [("1.0", "2.0", "Yes, indeed")]


# ------------------------------------------------------------------------------------------ hostile and large


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xef\xbb\xbf",
        b"WEBVTT",
        b"\0" * 1000,
        b"\xff\xfe",
        b"{}",
        b"[Events]\n",
        b"WEBVTT\n\n00:01.000 --> 00:02.000\n",
    ],
)
@pytest.mark.parametrize("name", ["film.vtt", "film.srt", "film.ass"])
def test_a_file_without_a_text_that_has_a_time_says_so(data: bytes, name: str) -> None:
    with pytest.raises(BadSidecar, match=f"{name} cannot be understood: it holds no text with a time"):
        parse_captions(data, name)


@pytest.mark.parametrize("name", ["film.txt", "film", "vtt", "film.live_chat.json"])
def test_a_file_of_another_kind_is_not_tried(name: str) -> None:
    with pytest.raises(BadSidecar, match=r"only \.vtt, \.srt, \.ass, \.ssa are known"):
        parse_captions(WEBVTT.encode(), name)


@given(st.binary(max_size=300), st.sampled_from(["a.vtt", "a.srt", "a.ass"]))
def test_any_bytes_give_cues_or_an_error_of_the_family(data: bytes, name: str) -> None:
    try:
        found = parse_captions(data, name)
    except BadSidecar:
        return
    assert all(cue.text and cue.span.start >= 0 for cue in found)


STRETCHES = st.lists(st.tuples(st.integers(0, 359_999_999), st.integers(1, 9_999)), min_size=1, max_size=8, unique=True)


@given(STRETCHES)
def test_what_is_written_as_webvtt_comes_back_with_its_exact_times(stretches: list[tuple[int, int]]) -> None:
    written = [Cue(span(start, start + length), f"line {n}") for n, (start, length) in enumerate(sorted(stretches))]
    text = "WEBVTT\n\n" + "\n".join(
        f"{clock(c.span.start, millis=True)} --> {clock(c.span.end, millis=True)}\n{c.text}\n" for c in written
    )
    assert list(parse_captions(text.encode(), "a.vtt")) == sorted(written, key=lambda c: (c.span.start, c.span.end))


def span(start: int, end: int) -> Span:
    return Span(Fraction(start, 1000), Fraction(end, 1000))


HOSTILE = {
    "an open tag": "<a" * 50_000,
    "open braces": "{\\" * 50_000,
    "drawings": "{\\p1" * 50_000,
    "entities": "&#xD800;&amp" * 20_000,
    "times": "<00:00:01.000" * 20_000,
    "a row of the same lines": "a\n" * 20_000 + "b",
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
@pytest.mark.parametrize("name", ["a.vtt", "a.ass"])
def test_a_hostile_text_takes_no_longer_than_its_length(text: str, name: str) -> None:
    if name == "a.vtt":
        cue = f"00:01.000 --> 00:02.000\n{text}\n\n"
        assert parse_captions(f"WEBVTT\n\n{cue}{cue}".encode(), name)
    else:
        line = f"Dialogue: 0,0:00:01.00,0:00:02.00,Default,,0,0,0,,x {text}".replace("\n", "\\N")
        assert parse_captions(f"[Events]\n{line}\n{line}\n".encode(), name)


def test_ten_hours_of_captions_are_read_to_the_end() -> None:
    starts = range(0, 36_000, 9)
    lines = [f"{n // 3600:02d}:{n // 60 % 60:02d}:{n % 60:02d},000 --> 10:00:00,000\nline {n}\n" for n in starts]
    found = parse_captions("\n".join(lines).encode(), "film.srt")
    assert (len(found), found[-1].text, found[-1].span.end) == (4_000, "line 35991", 36_000)


# ------------------------------------------------------------------------------------------- language of a name


@pytest.mark.parametrize(
    ("name", "language"),
    [
        ("film.ru.vtt", "ru"),
        ("film.zh-Hans.srt", "zh-Hans"),
        ("film.en-orig.vtt", "en"),
        ("film.ru-en.vtt", "ru"),
        ("film.ger.srt", "de"),
        ("film.RUS.srt", "ru"),
        ("texts/film.ko.ass", "ko"),
        ("film.ru (2).vtt", "ru"),  # the second of two, as we name it
        ("film.en.sdh.srt", "en"),
        ("film.de.forced.srt", "de"),
        ("film.en.hi.srt", "en"),  # for the hard of hearing
        ("film.hi.srt", "hi"),  # Hindi
        ("film.de.cc.default.srt", "de"),
        ("film.srt", "und"),
        ("ru.srt", "und"),
        ("film", "und"),
        ("", "und"),
        (".srt", "und"),
        ("talk.part2.srt", "und"),
        ("film.live_chat.json", "und"),
        ("film.1974.srt", "und"),
        ("film.cut.srt", "und"),
        ("film.forced.srt", "und"),
        ("What.Is.It.srt", "und"),
        ("film.ru.backup.srt", "und"),
    ],
)
def test_only_a_language_in_a_name_is_taken_for_one(name: str, language: str) -> None:
    assert language_of_name(name) == language


@pytest.mark.parametrize(
    ("name", "film", "language"),
    [
        ("go.to.srt", "go.to.mp4", "und"),
        ("go.to.ru.srt", "go.to.mp4", "ru"),
        ("go.to.en.sdh (3).srt", "masters/go.to.mp4", "en"),
        ("go.to.srt", "another.mp4", "to"),
        ("go.srt", "go.mp4", "und"),
    ],
)
def test_the_title_of_the_film_is_not_searched_for_languages(name: str, film: str, language: str) -> None:
    assert language_of_name(name, film) == language
