from __future__ import annotations

import io
import sys
import threading
from dataclasses import dataclass

import pytest

from holdfast.cli.meter import BAR_CELLS, Meter, fitted, time_left
from holdfast.cli.speak import Speaker


class Terminal(io.StringIO):
    """A stderr that says it is a terminal."""

    encoding = "utf-8"  # type: ignore[assignment]

    def isatty(self) -> bool:
        return True

    @property
    def lines(self) -> list[str]:
        """What was drawn, one after the other."""
        return [line for line in self.getvalue().split("\r\x1b[2K") if line]


@dataclass
class Clock:
    """A clock that a test sets."""

    at: float = 0.0

    def __call__(self) -> float:
        return self.at


def at_a_terminal(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """From now on, and to the end of the test (capturing sets stderr anew between set-up and test)."""
    stream = Terminal()
    monkeypatch.setattr(sys, "stderr", stream)
    monkeypatch.setenv("COLUMNS", "160")
    return stream


def test_the_line_has_count_bytes_rate_and_time_left(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = at_a_terminal(monkeypatch)
    clock = Clock()
    with Meter(Speaker(as_json=False), clock=clock) as meter:
        meter.begin("Keeping", items=4, size_bytes=4 * 1024**2)
        clock.at = 10.0
        meter.advance(1024**2)
        clock.at = 20.0
        meter.at("/somewhere/film.mp4")
    bar = "━" * (BAR_CELLS // 4) + "─" * (BAR_CELLS * 3 // 4)
    assert terminal.lines[0] == f"Keeping  {'─' * BAR_CELLS}   0/4"
    assert terminal.lines[-1] == f"Keeping  {bar}   0/4   1.0 MiB   51.2 KiB/s   1 min left   film.mp4"


def test_nothing_of_the_line_is_left_at_the_end_or_under_a_result(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = at_a_terminal(monkeypatch)
    speaker = Speaker(as_json=False)
    with Meter(speaker) as meter:
        meter.begin("Keeping", items=2)
        speaker.say("kept  a.mp4", err=True)
        meter.begin("Keeping", items=2)
    assert terminal.lines[1] == "kept  a.mp4\n"
    assert terminal.getvalue().endswith("\r\x1b[2K")


def test_a_long_or_wide_or_hostile_name_does_not_break_the_line(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    terminal = at_a_terminal(monkeypatch)
    monkeypatch.setenv("COLUMNS", "70")
    clock = Clock()
    with Meter(Speaker(as_json=False), clock=clock) as meter:
        meter.begin("Keeping", items=2)
        clock.at = 1.0
        meter.at("收获" * 40 + "\x1b[31m")
        clock.at = 2.0
        meter.at("\x1b[31mred\n.mp4")
    wide, hostile = terminal.lines[1:3]
    assert len(wide) + wide.count("收") + wide.count("获") <= 69
    assert hostile.endswith("\\x1b[31mred\\x0a.mp4")


def test_without_a_terminal_there_is_a_plain_line_now_and_then(capsys: pytest.CaptureFixture[str]) -> None:
    clock = Clock()
    with Meter(Speaker(as_json=False), clock=clock) as meter:
        meter.begin("Auditing", items=100)
        for second in range(31):
            clock.at = float(second)
            meter.done(None)
    assert capsys.readouterr().err.splitlines() == [
        "Auditing: 16/100, 1 min left",
        "Auditing: 31/100, 1 min left",
    ]


def test_in_json_mode_nothing_is_shown_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = at_a_terminal(monkeypatch)
    clock = Clock()
    with Meter(Speaker(as_json=True), clock=clock) as meter:
        meter.begin("Auditing", items=3)
        clock.at = 100.0
        meter.done(None)
    assert terminal.getvalue() == ""


def test_results_are_passed_on_and_empty_ones_are_not() -> None:
    told: list[object] = []
    with Meter(Speaker(as_json=False), on_done=told.append) as meter:
        meter.begin("Working")
        meter.done(None)
        meter.done("a result")
    assert told == ["a result"]


def test_bytes_from_several_threads_are_all_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = at_a_terminal(monkeypatch)
    clock = Clock()
    with Meter(Speaker(as_json=False), clock=clock) as meter:
        meter.begin("Auditing", items=1)
        threads = [
            threading.Thread(target=lambda: [meter.advance(1) for _ in range(2000)], daemon=True) for _ in range(4)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        clock.at = 1.0
        meter.advance(192)
    assert "8.0 KiB" in terminal.lines[-1]


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0.2, "1 s left"),
        (59, "59 s left"),
        (61, "1 min left"),
        (80 * 60, "80 min left"),
        (7 * 3600, "7 h left"),
        (36 * 3600, "2 days left"),
    ],
)
def test_time_left_is_as_rough_as_it_is_known(seconds: float, words: str) -> None:
    assert time_left(seconds) == words


def test_a_text_is_cut_by_the_cells_that_it_takes() -> None:
    assert fitted("收获1974", 5) == "收获1"
    assert fitted("e\u0301e\u0301e\u0301", 2) == "e\u0301e\u0301"
    assert fitted("short", 80) == "short"
