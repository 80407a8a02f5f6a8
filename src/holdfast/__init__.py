"""Holdfast: a video archive that no single custodian can lose.

Four verbs: KEEP masters bit-exact in OCFL, RESTORE lost works from found copies, GOVERN together, SHOW the
result. The store on disk is the truth; everything else in an archive can be made again from it.

Where a thing lives is told by `docs/explain/where-do-i-put-this.md`; words are defined in `GLOSSARY.md`.
"""

__version__ = "0.1.0"
