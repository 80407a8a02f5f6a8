"""What came from whom is told without a gap, by region where copies share a picture."""

from __future__ import annotations

import numpy as np

from holdfast.restore.assemble.record import Recorder, cells
from tests.restore.assemble.numbered import F, span


def test_frames_of_the_same_copies_become_one_contribution() -> None:
    recorder = Recorder()
    for number in range(100):
        name = "a" if number < 60 else "b"
        recorder.add(span(F(number, 25), F(number + 1, 25)), {name: None} if number < 90 else {})
    told = recorder.contributions()
    assert [(each.span, each.sources) for each in told] == [
        (span(0, F(12, 5)), ("a",)),
        (span(F(12, 5), F(18, 5)), ("b",)),
        (span(F(18, 5), 4), ()),
    ]


def test_shares_are_means_and_the_largest_stands_first() -> None:
    left = np.zeros((90, 160), np.uint8)
    left[:, :40] = 255
    recorder = Recorder()
    for number in range(10):
        recorder.add(span(number, number + 1), {"a": cells(left), "b": cells(255 - left)})
    (told,) = recorder.contributions()
    assert told.sources == ("b", "a")
    assert told.shares == (0.75, 0.25)
    assert [row[:5] for row in told.regions[1]] == [(1.0, 1.0, 1.0, 1.0, 0.0)] * 9


def test_long_stretches_are_told_in_parts_of_ten_seconds() -> None:
    half = cells(np.full((90, 160), 0.5, np.float32))
    recorder = Recorder()
    for number in range(25):
        recorder.add(span(number, number + 1), {"a": half, "b": half})
    assert [each.span for each in recorder.contributions()] == [span(0, 10), span(10, 20), span(20, 25)]
