"""The line between a body and its runner."""

from __future__ import annotations

import pickle
from pathlib import Path

from holdfast.jobs.line import Line


def test_what_is_told_is_heard_by_the_other_end(tmp_path: Path) -> None:
    line = Line(str(tmp_path))
    assert line.heard() == 0.0
    other_end: Line = pickle.loads(pickle.dumps(line))
    other_end.tell(0.25)
    assert line.heard() == 0.25


def test_the_wish_to_stop_reaches_the_body(tmp_path: Path) -> None:
    line = Line(str(tmp_path))
    assert not line.should_stop()
    line.ask_to_stop()
    assert line.should_stop()


def test_a_line_whose_folder_is_out_of_reach_is_silent_and_harmless(tmp_path: Path) -> None:
    line = Line(str(tmp_path / "on another machine"))
    line.tell(0.5)
    assert line.heard() == 0.0
    assert not line.should_stop()
