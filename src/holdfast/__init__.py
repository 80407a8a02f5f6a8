"""Holdfast: a video archive that no single custodian can lose.

Four verbs: KEEP masters bit-exact in OCFL, RESTORE lost works from found copies, GOVERN together, SHOW the
result. The store on disk is the truth; everything else in an archive can be made again from it.

    holdfast.identify(path, archive=folder)     which works a film shows, and which seconds of them
    holdfast.compare(a, b)                      which seconds of one film are in another

are promised to stay; docs/reference/python.md tells what they give. They are loaded when they are first asked for.
Where a thing lives is told by `docs/explain/where-do-i-put-this.md`; words are defined in `GLOSSARY.md`.
"""

from __future__ import annotations

import importlib
from typing import Any

__version__ = "0.1.0"

# By name and not by import: what lies below must not seem to import what lies above it.
_PROMISED = {
    "identify": ("holdfast.actions.identify", "identify_path"),
    "compare": ("holdfast.actions.compare", "compare"),
}


def __getattr__(name: str) -> Any:
    if name not in _PROMISED:
        raise AttributeError(f"module 'holdfast' has no attribute {name!r}")
    module, function = _PROMISED[name]
    return getattr(importlib.import_module(module), function)
