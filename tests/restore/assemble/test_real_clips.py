"""On real clips: three copies with other logos, subtitles and bit rates come nearer to the work together than alone."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from holdfast.media.frames import Frames
from holdfast.media.write import MediaWriter, VideoSettings
from holdfast.model.edit import Edit, Take
from holdfast.restore.assemble import assemble
from holdfast.testing.alterations import Lettered
from tests.restore.assemble.drifting import Pixels, psnr
from tests.restore.assemble.numbered import F, digest, edit_list, frames_of, lying, span

CORPUS = Path(__file__).parents[3].parent / "shared" / "corpus"
pytestmark = [
    pytest.mark.slow,
    pytest.mark.corpus,
    pytest.mark.skipif(not CORPUS.is_dir(), reason="the folder of real clips is not beside the checkout"),
]
SIZE = (480, 270)
COUNT = 50
LETTERS = (
    ("TV ONE", (0.95, 0.05), "We came before the harvest"),
    ("seven", (0.05, 0.05), ""),
    ("ARC", (0.05, 0.9), "X"),
)


def likeness(one: Pixels, other: Pixels) -> float:
    """The mean structural similarity of the brightness. Source: Wang et al., IEEE Trans. Image Processing 13 (2004)."""
    x, y = (cv2.cvtColor(each, cv2.COLOR_RGB2GRAY).astype(np.float32) for each in (one, other))

    def mean(plane: np.ndarray) -> np.ndarray:
        return np.asarray(cv2.GaussianBlur(plane, (11, 11), 1.5))

    mx, my = mean(x), mean(y)
    vx, vy, both = mean(x * x) - mx * mx, mean(y * y) - my * my, mean(x * y) - mx * my
    return float((((2 * mx * my + 6.5) * (2 * both + 58.5)) / ((mx * mx + my * my + 6.5) * (vx + vy + 58.5))).mean())


# Over v158 it is not told of all letters whose they are: nothing is worse than the best copy, but less is gained.
@pytest.mark.parametrize(("clip", "start", "least"), [("v041.webm", F(5), 2.0), ("v158.mp4", F(4), 0.9)])
def test_three_marked_copies_are_nearer_together_than_the_best_of_them(
    clip: str, start: F, least: float, tmp_path: Path
) -> None:
    with Frames(CORPUS / clip) as film:
        shown = [each.pixels for each in film.at(start + F(2 * number + 1, 50) for number in range(COUNT))]
    work = [
        np.asarray(cv2.resize(each, SIZE, interpolation=cv2.INTER_AREA), np.uint8) for each in shown if each is not None
    ]
    whole = span(0, F(COUNT, 25))
    for letter, crf, (logo, corner, words) in zip("abc", (26, 29, 32), LETTERS, strict=True):
        marked = Lettered(logo, corner, subtitles=(words,) if words else ())
        options = {"crf": str(crf), "preset": "veryfast"}
        with MediaWriter(tmp_path / f"{letter}.mkv") as writer:
            track = writer.add_video(VideoSettings("libx264", SIZE, F(25), options=options))
            for number, picture in enumerate(work):
                track.write(marked(picture, number))

    paths = {digest(letter): tmp_path / f"{letter}.mkv" for letter in "abc"}
    takes = tuple(Take(lying(letter, whole)) for letter in "abc")
    assemble(edit_list(Edit(whole, takes), size=SIZE), paths, tmp_path / "out.mkv")

    def judged(path: Path) -> list[tuple[float, float]]:
        seen = frames_of(path, COUNT)[::5]
        return [
            (psnr(one, other), likeness(one, other))
            for one, other in zip(seen, work[::5], strict=True)
            if one is not None
        ]

    made, alone = judged(tmp_path / "out.mkv"), [judged(path) for path in paths.values()]
    best = [max(each[number][0] for each in alone) for number in range(len(made))]
    gains = [one[0] - other for one, other in zip(made, best, strict=True)]
    assert np.mean(gains) > least
    assert min(gains) > -0.1
    assert np.mean([each[1] for each in made]) > max(np.mean([each[1] for each in copy]) for copy in alone)
