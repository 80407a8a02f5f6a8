"""What a plan costs: time for an hour of found copies, and memory at one and at four times their length.

    python bench/plan.py [--copies 3] [--minutes 1.5] [--size 160x90] [--rate 25] [--folder DIR]

A work is made, added, and lost; so many copies of it are written, each a stretch of three quarters of it at a quality
of its own. Then the commands are run as anybody runs them, each in processes of its own:

    decode   every copy once, pictures and sounds, by our own reader: what nothing can be cheaper than
    found    `holdfast found add`: kept, looked at, recognised, fingerprinted
    plan     `holdfast restore --plan`
    again    the same once more: what is remembered is not found out again
    one more `holdfast found add` and `restore --plan` with one copy more

All is told for an hour of copies. Pictures are small here, so what does not depend on their size weighs more than it
would, and decoding less: the ratio to decoding is a worst case, the share of playing time is not. On a machine that
others use as well only the processor's time means something; wall time is told beside it.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from holdfast.media.write import AudioSettings, MediaWriter, VideoSettings
from holdfast.testing.films import FilmPlan, film_plan

SHARE = Fraction(3, 4)  # of the work that a copy shows
DECODE = """
import sys
from pathlib import Path
from holdfast.media.decode import Master
for path in sys.argv[1:]:
    with Master(Path(path)) as film:
        for _ in film.moments():
            pass
"""


@dataclass(frozen=True)
class Cost:
    """What a command took: seconds of the processor and of the clock, MB of its largest process."""

    cpu_s: float
    wall_s: float
    peak_mb: float

    def __add__(self, other: Cost) -> Cost:
        return Cost(self.cpu_s + other.cpu_s, self.wall_s + other.wall_s, max(self.peak_mb, other.peak_mb))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--copies", type=int, default=3)
    parser.add_argument("--minutes", type=Fraction, default=Fraction(3, 2), help="length of each copy; then 4 times it")
    parser.add_argument("--size", default="160x90")
    parser.add_argument("--rate", type=Fraction, default=Fraction(25), help="frames a second")
    parser.add_argument("--folder", type=Path, help="where films and archives are made, and left")
    asked = parser.parse_args()
    size = tuple(map(int, asked.size.split("x")))
    with ExitStack() as stack:
        base = asked.folder or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="holdfast-bench-")))
        print(f"load {os.getloadavg()[0]:.1f}; {asked.copies} copies of {asked.size}, {asked.rate} pictures a second")
        for times in (1, 4):
            length = asked.minutes * 60 * times
            folder = base / f"{times}x"
            folder.mkdir(parents=True, exist_ok=True)
            _tell(
                f"{times}x: copies of {float(length) / 60:g} min",
                *_measured(folder, asked.copies, length, size, asked.rate),
            )


def _measured(
    folder: Path, count: int, length: Fraction, size: tuple[int, ...], rate: Fraction
) -> tuple[dict[str, Cost], float, int, str]:
    """The cost of each step, the hours of copies but for the one more, bytes remembered, and what the plan covers."""
    plan = film_plan(5, length / SHARE, (size[0], size[1]), rate, grain=0)
    work, copies = _written(plan, folder, count + 1, length)
    archive = folder / "archive"
    _run("init", archive, "--custodian", "A bench")
    asset = json.loads(_said("add", work, "--archive", archive, "--json").splitlines()[0])["asset"]
    shown = json.loads(_said("show", asset, "--archive", archive, "--json"))
    for held in shown["files"]:
        if held["file"].startswith("masters/"):
            (archive / held["place"]).unlink()
    _run("lost", "declare", asset, "--reason", "a bench", "--archive", archive)
    planning = ("restore", asset, "--plan", "--archive", archive, "--json")
    costs = {
        "decode": _run(*copies[:-1], program=("-c", DECODE)),
        "found": _run("found", "add", *copies[:-1], "--archive", archive),
        "plan": _run(*planning),
        "again": _run(*planning),
        "one more": _run("found", "add", copies[-1], "--archive", archive) + _run(*planning),
    }
    covered = json.loads(_said(*planning).splitlines()[0])["coverage"]
    kept = sum(path.stat().st_size for path in (archive / "cache" / "answers").rglob("*") if path.is_file())
    told = f"{covered['covered']:.0f} of {covered['duration']:.0f} s covered by {len(covered['sources'])} copies"
    return costs, float(count * length) / 3600, kept, told


def _written(plan: FilmPlan, folder: Path, count: int, length: Fraction) -> tuple[Path, list[Path]]:
    """The work and its copies; each frame is drawn once."""
    first = [(plan.duration - length) * number / max(count - 1, 1) for number in range(count)]
    spans = [(Fraction(0), plan.duration), *((start, start + length) for start in first)]
    paths = [folder / "work.mp4", *(folder / f"copy {number}.mp4" for number in range(count))]
    with ExitStack() as stack:
        tracks = []
        for number, path in enumerate(paths):
            writer = stack.enter_context(MediaWriter(path))
            options = {"preset": "veryfast", "crf": str(20 + 3 * number)}
            picture = writer.add_video(VideoSettings("libx264", plan.size, plan.rate, options=options))
            tracks.append((picture, writer.add_audio(AudioSettings("aac"))))
        for number, frame in enumerate(plan.frames()):
            time_, end = number / plan.rate, (number + 1) / plan.rate
            samples = plan.samples(time_, end)
            for (start, stop), (picture, sound) in zip(spans, tracks, strict=True):
                if start <= time_ < stop:
                    picture.write(frame)
                    sound.write(samples)
    return paths[0], paths[1:]


def _command(words: tuple[object, ...], program: tuple[str, ...]) -> list[str]:
    return [sys.executable, *program, *map(str, words)]


_HOLDFAST = ("-c", "from holdfast.cli.main import main; main()")


def _said(*words: object) -> str:
    return subprocess.run(_command(words, _HOLDFAST), check=True, capture_output=True, text=True).stdout


def _run(*words: object, program: tuple[str, ...] = _HOLDFAST) -> Cost:
    start = time.monotonic()
    with subprocess.Popen(_command(words, program), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as process:
        assert process.stderr is not None
        said = process.stderr.read()
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(said.decode())
    scale = 1 << 20 if sys.platform == "darwin" else 1 << 10
    return Cost(used.ru_utime + used.ru_stime, time.monotonic() - start, used.ru_maxrss / scale)


def _tell(title: str, costs: dict[str, Cost], hours: float, kept: int, told: str) -> None:
    print(f"\n{title}, {hours * 60:g} min in all; {told}; {kept / hours / 1e6:.0f} MB remembered of an hour")
    print(f"{'':10}{'cpu s':>8}{'wall s':>8}{'cpu s/h':>9}{'of playing':>12}{'of decode':>11}{'peak MB':>9}")
    everything = costs["found"] + costs["plan"]
    for name, cost in {**costs, "in all": everything}.items():
        of_hour, of_decode = cost.cpu_s / hours, cost.cpu_s / costs["decode"].cpu_s
        shares = f"{of_hour:9.0f}{of_hour / 3600:12.3f}{of_decode:11.1f}"
        print(f"{name:10}{cost.cpu_s:8.1f}{cost.wall_s:8.1f}{shares}{cost.peak_mb:9.0f}")


if __name__ == "__main__":
    main()
