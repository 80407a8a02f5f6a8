"""Made-up edit lists: any (for round trips), and one that looks like a real reconstruction (for pages)."""

from __future__ import annotations

import hashlib
from fractions import Fraction

from hypothesis import strategies as st

from holdfast.model.edit import Edit, EditList, Placement, Take
from holdfast.model.match import Geometry
from holdfast.model.time import Span

TEXTS = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"), max_size=6)
DENOMINATORS = st.sampled_from([1, 7, 25, 1001, 30_000, 48_000, 90_000])


def fractions(least: int, most: int) -> st.SearchStrategy[Fraction]:
    """Exact numbers between two whole ones (`st.fractions` draws ten times as long)."""
    return st.builds(
        lambda part, below: Fraction(least * below + part % ((most - least) * below + 1), below),
        st.integers(0, 2**40),
        DENOMINATORS,
    )


TIMES = fractions(0, 20_000)
LENGTHS = fractions(0, 5_000)
RATES = st.just(Fraction(1)) | fractions(1, 8).map(lambda quarters: quarters / 4)
NUMBERS = st.floats(allow_nan=False, allow_infinity=False, width=32)
SHARES = st.floats(0, 1)
DIGESTS = st.sampled_from([hashlib.sha512(bytes([n])).hexdigest() for n in range(4)])


def spans() -> st.SearchStrategy[Span]:
    return st.tuples(TIMES, LENGTHS).map(lambda pair: Span(pair[0], pair[0] + pair[1]))


GEOMETRIES = st.builds(
    lambda a, b: Geometry((1.0, a, b, 0.0, 1.0, 1 / 3, a, 0.0, 1.0), (0.0, 0.1, b, 1.0), (a, 0.0, 1.0, b)),
    NUMBERS,
    SHARES,
)
PLACEMENTS = st.builds(
    Placement,
    source=DIGESTS,
    copy=spans(),
    asset=spans(),
    rate=RATES,
    seen=st.booleans(),
    heard=st.booleans(),
    mirrored=st.booleans(),
    rotation=st.sampled_from([0, 90, 180, 270]),
    geometry=st.none() | GEOMETRIES,
    pitch=st.none() | RATES,
    probability=SHARES,
)
TAKES = st.builds(Take, PLACEMENTS, TEXTS, st.none() | SHARES)


@st.composite
def edit_lists(draw: st.DrawFn) -> EditList:
    takes = st.lists(TAKES, max_size=2).map(tuple)
    at, edits = Fraction(0), []
    for length in draw(st.lists(LENGTHS, max_size=3)):
        edits.append(Edit(Span(at, at + length), draw(takes), draw(takes), draw(SHARES)))
        at += length
    return EditList(
        asset=draw(TEXTS),
        title=draw(TEXTS),
        duration=at,
        is_duration_known=draw(st.booleans()),
        size=(draw(st.integers(0, 4096)), draw(st.integers(0, 4096))),
        frame_rate=draw(st.sampled_from([Fraction(25), Fraction(30000, 1001), Fraction(0), Fraction(24)])),
        edits=tuple(edits),
        sources=draw(st.dictionaries(DIGESTS, TEXTS)),
        notes=draw(st.lists(TEXTS, max_size=2).map(tuple)),
    )


# ------------------------------------------------------------------------------------- one that could be real


def digest(word: str) -> str:
    return hashlib.sha512(word.encode()).hexdigest()


TAPE, PHONE, STREAM = digest("tape"), digest("phone"), digest("stream")


def span(start: float, end: float) -> Span:
    return Span(Fraction(str(start)), Fraction(str(end)))


_TAPE = Placement(TAPE, span(12, 392), span(0, 380), probability=0.999)
_PHONE = Placement(
    PHONE, Span(Fraction(0), Fraction(300) / Fraction(26, 25)), span(350, 650), Fraction(26, 25), mirrored=True,
    pitch=Fraction(26, 25), probability=0.97,
)  # fmt: skip
_STREAM = Placement(STREAM, span(3, 303), span(600, 900), heard=True, probability=0.995)


def harvest() -> EditList:
    """Fifteen minutes and four seconds of a lost film from three copies: two gaps, one of them with sound."""
    tape = Take(_TAPE, "the only copy of the beginning; twice the detail of copy B", 0.71)
    phone = Take(_PHONE, "no other copy shows it; mirrored and 4 % too fast, put right", 0.42)
    stream = Take(_STREAM, "sharper than copy B by half, without its logo", 0.83)
    both = Take(_PHONE, "agrees with copy C, and covers its logo", 0.42)
    return EditList(
        asset="k7m2x9qd4htbr",
        title="Урожай 1974",
        duration=Fraction(904),
        is_duration_known=True,
        size=(640, 480),
        frame_rate=Fraction(25),
        edits=(
            Edit(span(0, 350), (tape,), (tape,), 0.999),
            Edit(span(350, 380), (tape, both), (tape,), 0.999),
            Edit(span(380, 520.4), (phone,), (phone,), 0.97),
            Edit(span(520.4, 560), (), (phone,), 0.9),
            Edit(span(560, 600), (phone,), (phone,), 0.97),
            Edit(span(600, 650), (stream, both), (stream,), 0.995),
            Edit(span(650, 900), (stream,), (stream,), 0.995),
            Edit(span(900, 904)),
        ),
        sources={TAPE: "VHS Oma Keller 03.mpg", PHONE: "found/IMG_2231.mp4", STREAM: "حصاد ١٩٧٤ (repost).webm"},
        notes=("The join at 6:20 lies between two shots; which frame is the first could be one off.",),
    )
