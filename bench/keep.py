"""What keeping and auditing cost, beside the one thing that cannot be saved: hashing every byte once.

    python bench/keep.py big   [--size-gib 2] [--rounds 5] [--folder DIR]
    python bench/keep.py audit [--films 400] [--rounds 5] [--folder DIR]
    python bench/keep.py small [--files 1000] [--folder DIR]

`big` adds one incompressible film (the whole deed in a process of its own: copying, hashing, reading back, probing,
fsyncs, catalogue) and hashes the same file with `sha512sum`, in turns. `audit` checks an archive of films of 4 MiB with
ten files of 20 KB each beside, on all processors, and hashes the same files with one `sha512sum`. `small` adds many
small files and says what each one costs. Every figure is a best and a median of rounds; the processor's seconds tell
what the work is where a busy machine blurs the clock.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

MIB = 1024 * 1024


@dataclass(frozen=True)
class Run:
    """One measured process. `rss_mib` is the most memory that it, or any process it started, held at one moment."""

    wall_s: float
    cpu_s: float
    rss_mib: float = 0.0
    said: str = ""


def measured(command: Sequence[str]) -> Run:
    """The command's time from start to end, its processor seconds and peak memory, those of its children included."""
    began = time.perf_counter()
    process = subprocess.Popen(list(command), stdout=subprocess.PIPE, text=True)
    assert process.stdout
    said = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{command[:3]} ended with {process.returncode}")
    return Run(time.perf_counter() - began, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, said)


def in_turns(rounds: int, first: Callable[[], Run], second: Callable[[], Run]) -> tuple[list[Run], list[Run]]:
    """Both measured so often, one after the other, so that what else the machine does falls upon both."""
    pairs = [(first(), second()) for _ in range(rounds)]
    return [pair[0] for pair in pairs], [pair[1] for pair in pairs]


def told(name: str, runs: Sequence[Run]) -> str:
    walls, cpus = [run.wall_s for run in runs], [run.cpu_s for run in runs]
    best, middle = min(walls), statistics.median(walls)
    return f"{name:10} best {best:6.2f} s  median {middle:6.2f} s  processor best {min(cpus):6.2f} s"


def ratios(ours: Sequence[Run], theirs: Sequence[Run]) -> str:
    def ratio(choose: Callable[[list[float]], float]) -> float:
        return choose([run.wall_s for run in ours]) / choose([run.wall_s for run in theirs])

    return f"ratio      best {ratio(min):.2f}  median {ratio(statistics.median):.2f}"


def random_file(path: Path, size_bytes: int) -> Path:
    with path.open("wb") as stream:
        for _ in range(size_bytes // MIB):
            stream.write(os.urandom(MIB))
        stream.write(os.urandom(size_bytes % MIB))
        os.fsync(stream.fileno())
    return path


# --------------------------------------------------------------------------------------------------- children


def child_add(archive: Path, source: Path) -> None:
    """Runs in a process of its own: an archive made, and one deed; what that cost without starting the interpreter."""
    from holdfast.actions.add import Outcome, add
    from holdfast.actions.init import init
    from holdfast.config import Settings

    opened = init(archive, Settings()).archive
    began, cpu = time.perf_counter(), time.process_time()
    report = add(opened, [source])
    wall, cpu = time.perf_counter() - began, time.process_time() - cpu
    opened.close()
    kept = report.count(Outcome.KEPT)
    rss = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"wall_s": wall, "cpu_s": cpu, "kept": kept, "rss_mib": rss}))


def child_audit(archive: Path) -> None:
    from holdfast.backends.local import LocalBackend
    from holdfast.keep.audit import audit_all
    from holdfast.model.fixity import FixityResult
    from holdfast.ocfl.root import StorageRoot

    root = StorageRoot(LocalBackend(archive))
    audits = list(audit_all(root, list(root.walk()), workers=os.cpu_count() or 1))
    assert all(audit.result is FixityResult.PASSED for audit in audits)
    print(json.dumps({"objects": len(audits), "bytes": sum(audit.bytes_read for audit in audits)}))


def ourselves(*arguments: object) -> list[str]:
    return [sys.executable, __file__, *map(str, arguments)]


# --------------------------------------------------------------------------------------------------- measures


def big(folder: Path, size_gib: float, rounds: int) -> None:
    source = random_file(folder / "film.mp4", int(size_gib * 1024**3))
    inner: list[dict[str, float]] = []

    def ours() -> Run:
        archive = folder / "archive"
        run = measured(ourselves("child-add", archive, source))
        shutil.rmtree(archive)
        inner.append(json.loads(run.said))
        assert inner[-1]["kept"] == 1
        return run

    hashed, added = in_turns(rounds, lambda: measured(["sha512sum", str(source)]), ours)
    print(told("sha512sum", hashed))
    print(told("add", added), f" peak {max(run.rss_mib for run in added):.0f} MiB (goal: under 150)")
    print(ratios(added, hashed), "(goal: at most 1.15)")
    print(f"the deed alone, without starting Python: best {min(each['wall_s'] for each in inner):.2f} s")


def audit(folder: Path, films: int, rounds: int) -> None:
    fill(folder / "archive", films)
    content = [str(path) for path in (folder / "archive/ocfl").rglob("content/*")]
    names = folder / "names"
    names.write_bytes(b"\0".join(os.fsencode(name) for name in content))
    one = ["xargs", "-0", "-a", str(names), "-n", str(len(content)), "sha512sum"]
    hashed, audited = in_turns(
        rounds, lambda: measured(one), lambda: measured(ourselves("child-audit", folder / "archive"))
    )
    total = json.loads(audited[0].said)["bytes"]
    print(f"{len(content)} files, {total / 1e9:.2f} GB, {films} objects, {os.cpu_count()} processors")
    print(told("sha512sum", hashed))
    print(told("audit", audited), f" peak {max(run.rss_mib for run in audited):.0f} MiB")
    print(ratios(hashed, audited), "times as fast (goal: at least 1.7)")


def fill(archive: Path, films: int) -> None:
    """An archive of so many films of 4 MiB, each with ten files of 20 KB beside. Made without waiting for the disk."""
    from holdfast.backends.disk import Disk
    from holdfast.backends.local import LocalBackend
    from holdfast.ocfl.root import StorageRoot

    class Hasty(Disk):
        def fsync(self, descriptor: int) -> None: ...

        def fsync_data(self, descriptor: int) -> None: ...

        def fsync_folder(self, path: Path) -> None: ...

    root = StorageRoot.create(LocalBackend(archive, Hasty()))
    for number in range(films):
        name = f"holdfast:asset:bench{number}"
        with root.intake("bench") as intake, root.writing(name, intake) as draft:
            draft.put_bytes("masters/film.mp4", os.urandom(4 * MIB))
            for text in range(10):
                draft.put_bytes(f"texts/film.{text}.vtt", os.urandom(20_000))
            draft.commit("Made for measuring", "A bench")
    os.sync()


def small(folder: Path, files: int) -> None:
    source = folder / "source"
    source.mkdir()
    for number in range(files):
        random_file(source / f"{number:06}.mp4", 20_000)
    run = measured(ourselves("child-add", folder / "archive", source))
    deed = json.loads(run.said)
    assert deed["kept"] == files
    each = deed["wall_s"] / files
    print(f"{files} files: {deed['wall_s']:.1f} s, {1 / each:.0f} a second, {1000 * each:.1f} ms each")
    print(
        f"of that the adding process itself computes {1000 * deed['cpu_s'] / files:.1f} ms; "
        f"peak {deed['rss_mib']:.0f} MiB"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["big", "audit", "small", "child-add", "child-audit"])
    parser.add_argument("paths", nargs="*", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--size-gib", type=float, default=2)
    parser.add_argument("--films", type=int, default=400)
    parser.add_argument("--files", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--folder", type=Path, help="where to work; a folder for temporary files if not given")
    given = parser.parse_args()
    if given.what == "child-add":
        child_add(*given.paths)
    elif given.what == "child-audit":
        child_audit(*given.paths)
    else:
        with tempfile.TemporaryDirectory(dir=given.folder) as folder:
            work = {
                "big": lambda: big(Path(folder), given.size_gib, given.rounds),
                "audit": lambda: audit(Path(folder), given.films, given.rounds),
                "small": lambda: small(Path(folder), given.files),
            }
            work[given.what]()


if __name__ == "__main__":
    main()
