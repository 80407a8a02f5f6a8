"""A process that writes to an object, for tests in which several do at once.

    python -m tests.ocfl.writers ARCHIVE OBJECT NAME VERSIONS

Prints the number of each version that it made. Each version shows one more file, `<NAME>/<number>`.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from holdfast.backends.local import LocalBackend
from holdfast.ocfl.root import StorageRoot
from tests.ocfl.judges import keep


def main(archive: str, object_id: str, name: str, versions: str) -> None:
    root = StorageRoot(LocalBackend(Path(archive)))
    print("ready", flush=True)
    sys.stdin.readline()
    for number in range(int(versions)):
        print(keep(root, object_id, {f"{name}/{number}": f"{name} {number}".encode()}))


def at_once(archive: Path, object_id: str, names: list[str], versions: int) -> list[str]:
    """The versions that so many processes made when all were let go at the same moment."""
    command = [sys.executable, "-m", "tests.ocfl.writers", str(archive), object_id]
    running = [
        subprocess.Popen(
            [*command, name, str(versions)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=Path(__file__).parents[2],
        )
        for name in names
    ]
    for process in running:
        assert process.stdout
        assert process.stdout.readline() == "ready\n"
    made = []
    for process in running:
        assert process.stdin
        process.stdin.write("go\n")
        process.stdin.flush()
    for process in running:
        out, _ = process.communicate(timeout=120)
        assert process.returncode == 0
        made += out.split()
    return made


if __name__ == "__main__":
    main(*sys.argv[1:])
