"""Copies that lie a frame, a pixel or a tint apart are brought together, and a stranger among them is left out."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from holdfast.media.write import MediaWriter, VideoSettings
from holdfast.model.edit import Edit, Placement, Take
from holdfast.model.match import Geometry
from holdfast.restore.assemble import assemble
from holdfast.restore.assemble.panel import Panel, Panels
from holdfast.restore.assemble.sources import Reels
from tests.restore.assemble.drifting import Pixels, moment, psnr, with_logo
from tests.restore.assemble.numbered import F, digest, edit_list, frames_of, lying, span

pytestmark = pytest.mark.slow
SIZE = (320, 180)
COUNT = 60
LENGTH = F(COUNT, 25)


def write(path: Path, pictures: list[Pixels], crf: int = 24) -> None:
    high, wide = pictures[0].shape[:2]
    options = {"crf": str(crf), "preset": "veryfast"}
    with MediaWriter(path) as writer:
        track = writer.add_video(VideoSettings("libx264", (wide, high), F(25), options=options))
        for picture in pictures:
            track.write(picture)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All have logos; `b` is three frames late and two pixels aside, `c` has a tint, `d` shows something else."""
    place = tmp_path_factory.mktemp("copies")
    work = [moment(number) for number in range(COUNT)]
    aside = np.array([[1, 0, 2.0], [0, 1, -1.5]])
    moved = [cv2.warpAffine(each, aside, SIZE, borderMode=cv2.BORDER_REPLICATE) for each in work]
    tinted = [np.clip(each * np.array([1.08, 1.0, 0.9]) + 4, 0, 255).astype(np.uint8) for each in work]
    write(place / "a.mkv", [with_logo(each, 250, 8) for each in work])
    write(place / "b.mkv", [work[0]] * 3 + [with_logo(np.asarray(each, np.uint8), 8, 8) for each in moved], 26)
    write(place / "c.mkv", [with_logo(each, 8, 145) for each in tinted], 28)
    write(place / "d.mkv", [moment(500 + number) for number in range(COUNT)])
    return place


WHOLE = span(0, LENGTH)
A, C, D = (lying(letter, WHOLE) for letter in "acd")
B = lying("b", span(F(2, 25), F(2, 25) + LENGTH), WHOLE)  # it says two frames late, which is one too few


def paths(folder: Path) -> dict[str, Path]:
    return {digest(letter): folder / f"{letter}.mkv" for letter in "abcd"}


def panel_of(folder: Path, *placements: Placement) -> Panel:
    edit = Edit(WHOLE, tuple(Take(each) for each in placements))
    with Reels(paths(folder)) as reels:
        return Panels(edit_list(edit, size=SIZE), reels, {}, lambda: None).panel(edit, edit.picture, F(0))


def test_a_copy_is_moved_to_the_same_frame_and_the_same_place(folder: Path) -> None:
    panel = panel_of(folder, A, B)
    placement = panel.takes[1].placement
    assert placement.copy.start == F(3, 25)
    assert placement.geometry is not None
    matrix = placement.geometry.matrix
    assert (matrix[2] * 320, matrix[5] * 180) == pytest.approx((2.0, -1.5), abs=0.2)


def test_a_dark_beginning_does_not_decide_which_frame_is_the_same(tmp_path: Path) -> None:
    dark = [np.zeros((180, 320, 3), np.uint8)] * 12
    work = dark + [moment(number) for number in range(COUNT - 12)]
    write(tmp_path / "a.mkv", work)
    write(tmp_path / "b.mkv", [work[0], *work[:-1]], 26)
    takes = (Take(lying("a", WHOLE)), Take(lying("b", WHOLE)))
    first, rest = Edit(span(0, F(8, 25)), takes), Edit(span(F(8, 25), LENGTH), takes)
    with Reels({digest(letter): tmp_path / f"{letter}.mkv" for letter in "ab"}) as reels:
        panels = Panels(edit_list(first, rest, size=SIZE), reels, {}, lambda: None)
        panels.panel(first, takes, F(0))
        panel = panels.panel(rest, takes, rest.asset.start)
    assert panel.takes[1].placement.copy.start == F(1, 25)


def test_the_chosen_copy_is_never_moved_nor_tinted(folder: Path) -> None:
    panel = panel_of(folder, A, C)
    assert panel.takes[0].placement == A
    assert digest("a") not in panel.colors
    gain = panel.colors[digest("c")].gain
    assert gain == pytest.approx((1 / 1.08, 1.0, 1 / 0.9), abs=0.04)


def test_a_copy_that_shows_something_else_has_no_voice(folder: Path) -> None:
    panel = panel_of(folder, A, D, C)
    assert [take.source for take in panel.takes] == [digest("a"), digest("c")]


def test_a_copy_that_vanished_leaves_the_others_to_themselves(folder: Path) -> None:
    gone = lying("e", WHOLE)
    edit = Edit(WHOLE, (Take(A), Take(gone), Take(C)))
    with Reels(paths(folder) | {digest("e"): folder / "gone.mkv"}) as reels:
        panel = Panels(edit_list(edit, size=SIZE), reels, {}, lambda: None).panel(edit, edit.picture, F(0))
    assert [take.source for take in panel.takes] == [digest("a"), digest("c")]
    assert panel.plan is not None


def test_long_edits_are_looked_at_in_stretches_of_at_most_twenty_seconds(folder: Path) -> None:
    long = span(0, 50)
    edit = Edit(long, (Take(lying("a", long)), Take(lying("c", long))))
    with Reels(paths(folder)) as reels:
        panels = Panels(edit_list(edit, size=SIZE), reels, {}, lambda: None)
        assert panels.panel(edit, edit.picture, F(0)).span == span(0, F(50, 3))


def test_three_copies_apart_become_one_picture_nearer_to_the_work(folder: Path, tmp_path: Path) -> None:
    edit = edit_list(Edit(WHOLE, (Take(A), Take(B), Take(C))), size=SIZE)
    told = assemble(edit, paths(folder), tmp_path / "out.mkv")
    alone = frames_of(folder / "a.mkv", COUNT)
    for number, picture in enumerate(frames_of(tmp_path / "out.mkv", COUNT)):
        first = alone[number]
        assert picture is not None
        assert first is not None
        assert psnr(picture, moment(number)) > psnr(first, moment(number)) + 6
    assert {source for each in told.pictures for source in each.sources} == set(map(digest, "abc"))
    (given,) = told.pictures
    assert len(given.regions) == 3


def test_two_crops_give_the_full_picture_back(tmp_path: Path) -> None:
    cut, share = 48, F(48, 320)
    work = [moment(number) for number in range(COUNT)]
    write(tmp_path / "a.mkv", [each[:, cut:] for each in work])
    write(tmp_path / "b.mkv", [each[:, :-cut] for each in work])
    wider = float(1 / (1 - share))
    right = Geometry((wider, 0, -float(share) * wider, 0, 1, 0, 0, 0, 1), shown=(float(share), 0, 1, 1))
    left = Geometry((wider, 0, 0, 0, 1, 0, 0, 0, 1), shown=(0, 0, 1 - float(share), 1))
    takes = (Take(lying("a", WHOLE, geometry=right)), Take(lying("b", WHOLE, geometry=left)))

    assemble(edit_list(Edit(WHOLE, takes), size=SIZE), paths(tmp_path), tmp_path / "out.mkv")

    for number, picture in enumerate(frames_of(tmp_path / "out.mkv", COUNT)):
        assert picture is not None
        assert psnr(picture, moment(number)) > 29
        for part in np.s_[:, : cut - 1], np.s_[:, 1 - cut :]:
            assert psnr(picture[part], moment(number)[part]) > 26
