"""Makes the wounded samples: each a healthy OCFL object with one thing done to it, in a folder named by the wound.

    python -m tests.wounded.make        writes all samples anew, beside this file

The code at the beginning of a name is the one that a validator should report; `test_samples.py` holds the samples to
this script and the validator to the names. The objects are made here without the product's own code, so that both
cannot be wrong in the same way.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from tests.wounded import wounds_of_folders, wounds_of_inventories
from tests.wounded.healthy import WOUNDS, Files, Sample

__all__ = ["HERE", "WOUNDS", "healthy_files", "sample_files", "wounds_of_folders", "wounds_of_inventories", "write"]

HERE = Path(__file__).parent


def sample_files(name: str) -> Files:
    """The files of one sample, by their paths in it."""
    versions, change = WOUNDS[name]
    sample = Sample(versions)
    change(sample)
    return sample.files()


def healthy_files(versions: int) -> Files:
    """The object before anything was done to it."""
    return Sample(versions).files()


def write(folder: Path, files: Files) -> None:
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def main() -> None:
    for old in HERE.iterdir():
        if old.is_dir() and old.name[:1] in "EW":
            shutil.rmtree(old)
    for name in WOUNDS:
        write(HERE / name, sample_files(name))


if __name__ == "__main__":
    main()
