"""Known tools for the same purpose, so that the table shows them beside: each is left out, with a word, when missing.

    vpdq         the rule of vPDQ (one PDQ hash a second, quality from 50, distance up to 31, the larger of the matched
                 shares of copy and work); wants the package `pdqhash`
    chromaprint  the program `fpcalc`; the least distance of any 4 s of the copy from any 4 s of the work. Windows with
                 fewer than 22 different words of 32 say nothing: with 12, silence beside a little sound was taken for
                 the same, and it found 40 instead of 46 % here. That number was chosen on this bench, kept-aside works
                 included, so it is in this peer's favor
    mpeg7        the filter `signature` of the program `ffmpeg`. It compares only inside one run and keeps no index, so
                 only the first copy of each class is asked, about its works and three others: so few flatter it

Source of the first rule: https://github.com/facebook/ThreatExchange/tree/main/vpdq, whose defaults these are.
The variable HOLDFAST_PEERS names a folder of site-packages where pdqhash lies, if not installed here.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from holdfast.media.decode import Master, Picture
from recognisers import Found, Recogniser, Stretch

Words = NDArray[np.uint32]


class Vpdq:
    """Frame hashes, compared all with all."""

    name = "vPDQ"

    def __init__(self) -> None:
        if folder := os.environ.get("HOLDFAST_PEERS"):
            sys.path.append(folder)
        import pdqhash

        self._hash: Callable[[Any], tuple[Any, int]] = pdqhash.compute
        self._films: list[tuple[str, NDArray[np.uint64]]] = []

    def learn(self, path: Path) -> NDArray[np.uint64]:
        rows, due = [], Fraction(0)
        if path.suffix == ".jpg":
            return self._packed([self._hash(_still(path))])
        with Master(path, sounds=False) as master:
            for moment in master.moments():
                if isinstance(moment, Picture) and moment.time >= due:
                    due += 1
                    rows.append(self._hash(moment.frame.to_ndarray(format="rgb24")))
        return self._packed(rows)

    def size_bytes(self, summary: NDArray[np.uint64]) -> int:
        return summary.nbytes

    def index(self, films: list[tuple[str, Any]]) -> None:
        self._films = films

    def ask(self, path: Path) -> list[Found]:
        mine = self.learn(path)
        found = []
        for name, theirs in self._films:
            if not len(mine) or not len(theirs):
                continue
            near = np.bitwise_count(mine[:, None] ^ theirs[None]).sum(axis=2) <= 31
            score = 100 * max(near.any(axis=1).mean(), near.any(axis=0).mean())
            if score:
                found.append(Found(name, float(score), is_claimed=bool(near.any(axis=0).mean() >= 0.8)))
        return found

    @staticmethod
    def _packed(rows: list[tuple[Any, int]]) -> NDArray[np.uint64]:
        good = [np.packbits(np.asarray(bits, np.uint8)).view(np.uint64) for bits, quality in rows if quality >= 50]
        return np.stack(good) if good else np.empty((0, 4), np.uint64)


def _still(path: Path) -> NDArray[np.uint8]:
    from PIL import Image

    return np.asarray(Image.open(path).convert("RGB"))


class Chromaprint:
    """Words of 32 bits, about eight a second."""

    name = "Chromaprint"
    window = 32  # 4 s
    word_s = 4096 / 3 / 11025

    def __init__(self) -> None:
        if not shutil.which("fpcalc"):
            raise ImportError("the program fpcalc is not on the path (Debian: libchromaprint-tools)")
        self._films: list[tuple[str, Words]] = []

    def learn(self, path: Path) -> Words:
        said = subprocess.run(
            ["fpcalc", "-raw", "-length", "0", str(path)], capture_output=True, text=True, check=False
        ).stdout
        words = re.search(r"^FINGERPRINT=([0-9,]+)", said, re.MULTILINE)
        return np.array(words[1].split(",") if words else [], np.uint64).astype(np.uint32)

    def size_bytes(self, summary: Words) -> int:
        return summary.nbytes

    def index(self, films: list[tuple[str, Any]]) -> None:
        self._films = films

    def ask(self, path: Path) -> list[Found]:
        mine = self.learn(path)
        return [found for name, theirs in self._films if (found := self._compared(mine, name, theirs))]

    def _compared(self, mine: Words, name: str, theirs: Words) -> Found | None:
        if min(len(mine), len(theirs)) < self.window:
            return None
        bits = np.bitwise_count(mine[:, None] ^ theirs[None]).astype(np.int32)
        # Sums along diagonals: [i, j] becomes the distance of the windows that begin at i and j.
        total = np.zeros((len(mine) - self.window + 1, len(theirs) - self.window + 1), np.int32)
        for step in range(self.window):
            total += bits[step : step + total.shape[0], step : step + total.shape[1]]
        # Silence is like silence, and so is most of a window that only ends in sound: few different words say nothing.
        total[[self._is_dull(mine, i) for i in range(total.shape[0])]] = 32 * self.window
        total[:, [self._is_dull(theirs, j) for j in range(total.shape[1])]] = 32 * self.window
        i, j = divmod(int(total.argmin()), total.shape[1])
        share = total[i, j] / (32 * self.window)
        if share >= 0.45:
            return None
        seconds = self.window * self.word_s
        a, b = i * self.word_s, j * self.word_s
        return Found(
            name,
            float(1 - 2 * share),
            (Stretch((a, a + seconds), (b, b + seconds), is_anchor=True),),
            bool(share < 0.2),
        )

    def _is_dull(self, words: Words, first: int) -> bool:
        return len(set(words[first : first + self.window].tolist())) < 22


class Mpeg7:
    """FFmpeg's filter; the score is the number of frames that it says match."""

    name = "MPEG-7 (first copy of each class, 3 wrong pairs each)"
    is_pairwise = True

    def __init__(self) -> None:
        if not shutil.which("ffmpeg"):
            raise ImportError("the program ffmpeg is not on the path")
        self._films: dict[str, Path] = {}

    def learn(self, path: Path) -> Path:
        return path

    def size_bytes(self, summary: Path) -> int:  # noqa: ARG002
        return 0

    def index(self, films: list[tuple[str, Any]]) -> None:
        self._films = dict(films)

    def ask(self, path: Path) -> list[Found]:
        return self.ask_about(path, list(self._films))

    def ask_about(self, path: Path, names: list[str]) -> list[Found]:
        """Only these works."""
        found = []
        pair = ["-filter_complex", "[0:v][1:v]signature=nb_inputs=2:detectmode=full", "-f", "null", "-"]
        for name in names:
            said = subprocess.run(
                ["ffmpeg", "-hide_banner", "-threads", "1", "-i", str(path), "-i", str(self._films[name]), *pair],
                capture_output=True,
                text=True,
                check=False,
            ).stderr
            lines = re.findall(r"matching of video 0 at ([0-9.]+) and 1 at ([0-9.]+), ([0-9]+) frames matching", said)
            if lines:
                a, b, frames = max(lines, key=lambda line: int(line[2]))
                here, there = (float(a), float(a) + 1), (float(b), float(b) + 1)
                found.append(Found(name, float(frames), (Stretch(here, there, is_anchor=True),)))
        return found


PEERS: dict[str, Callable[[], Recogniser]] = {"vpdq": Vpdq, "chromaprint": Chromaprint, "mpeg7": Mpeg7}
