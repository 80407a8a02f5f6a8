"""A copy that goes bad between the plan and the making of the film is named, and the work is made without it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from holdfast.actions import apart
from holdfast.actions import restore as module
from holdfast.actions.restoring import build_body
from holdfast.jobs.executors import threads
from holdfast.jobs.line import Line
from tests.cli.line import flip
from tests.cli.losing import Lost, lost_with
from tests.cli.recognition import Known


@pytest.fixture(scope="module")
def made_lost(known_films: Known, tmp_path_factory: pytest.TempPathFactory) -> Lost:
    """Planned once; nobody writes to it."""
    made = lost_with(known_films, tmp_path_factory.mktemp("harmed"), ("mirror", "reenc240"))
    made.run("restore", made.asset, "--plan", "--no-consensus")
    return made


def cut_short(place: Path) -> None:
    place.write_bytes(place.read_bytes()[: place.stat().st_size * 2 // 3])


HARMS: dict[str, tuple[Callable[[Path], None], str]] = {
    "vanished": (Path.unlink, "is gone from the archive"),
    "cut short": (cut_short, "is damaged in the archive"),
    "one bit flipped": (lambda place: flip(place, place.stat().st_size // 2), "is damaged in the archive"),
}


@pytest.mark.slow
@pytest.mark.parametrize("harm", HARMS)
@pytest.mark.parametrize("when", ["before the film is made", "after it was made"])
def test_a_copy_that_goes_bad_after_the_plan_is_named_and_routed_around(
    made_lost: Lost, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, harm: str, when: str
) -> None:
    lost = made_lost.copied(tmp_path / "lost")
    place = lost.kept_at("mirror_4.mp4")
    do, words = HARMS[harm]
    built = []

    def harmed(args: Mapping[str, Any], line: Line) -> dict[str, Any]:
        if not built and when.startswith("before"):
            do(place)
        answer = build_body(args, line)
        if not built and when.startswith("after"):
            do(place)
        built.append({source: args["edits"].sources[source] for source in args["edits"].sources})
        return answer

    monkeypatch.setattr(apart, "processes", threads)  # where it can be harmed in between
    monkeypatch.setattr(module, "build_body", harmed)
    (one,) = lost.run("restore", lost.asset, "--no-consensus")

    assert [sorted(sources.values()) for sources in built] == [["mirror_4.mp4", "reenc240_4.mp4"], ["reenc240_4.mp4"]]
    assert f"mirror_4.mp4 {words} and was not used" in one["notes"]  # type: ignore[operator]
    assert (one["state"], one["new"]) == ("partly restored", True)
    assert {source["file"] for source in one["coverage"]["sources"]} == {"reenc240_4.mp4"}  # type: ignore[index]


@pytest.mark.slow
def test_when_all_copies_have_gone_bad_nothing_is_made_and_each_is_named(made_lost: Lost, tmp_path: Path) -> None:
    lost = made_lost.copied(tmp_path / "lost")
    for kind in ("mirror", "reenc240"):
        flip(lost.kept_at(f"{kind}_4.mp4"), 4000)

    (one,) = lost.run("restore", lost.asset)

    assert (one["state"], one["reconstruction"]) == ("nothing found", None)
    assert len([note for note in one["notes"] if "is damaged in the archive" in note]) == 2  # type: ignore[attr-defined]
