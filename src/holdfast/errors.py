"""The family of errors. Every message answers three questions: what happened, what still holds, what to do next.

    HoldfastError
    ├── UsageError                the request itself cannot be carried out           exit 2
    │   ├── NotAnArchive          HF-A001
    │   ├── ArchiveExists         HF-A002
    │   ├── BadSettings           HF-A003
    │   ├── NewerArchive          HF-A004
    │   ├── BadValue              HF-A005
    │   ├── ExtraMissing          HF-A006
    │   ├── TargetExists          HF-A007
    │   └── StoreMissing          HF-A008
    ├── NotFound                  what was named is not here                         exit 3
    │   ├── UnknownAsset          HF-N001
    │   ├── UnknownFile           HF-N002
    │   ├── AmbiguousAsset        HF-N003
    │   ├── UnknownObject         HF-N004
    │   ├── MissingKey            HF-N005
    │   ├── SourceMissing         HF-N006
    │   ├── UnknownCode           HF-N007
    │   ├── FileMissing           HF-N008
    │   ├── UnknownFound          HF-N009
    │   └── UnknownAccount        HF-N010
    ├── Busy                      somebody else is at work there                     exit 4
    │   ├── Locked                HF-B001
    │   └── Outrun                HF-B002
    ├── StorageFailure            the place that stores bytes failed us              exit 5
    │   ├── DiskFull              HF-S001
    │   ├── NotDurable            HF-S002
    │   ├── ReadBackDiffers       HF-S003
    │   ├── StorageRefused        HF-S004
    │   ├── KeyExists             HF-S005
    │   ├── CatalogRefused        HF-S006
    │   └── IndexFull             HF-S007
    └── Damaged                   bytes are not what they were when they were kept   exit 6
        ├── DamagedObject         HF-D001
        ├── DamagedFile           HF-D002
        ├── BadRecord             HF-D003
        ├── SourceChanged         HF-D004
        ├── EmptySource           HF-D005
        ├── BadSidecar            HF-D006
        ├── DamagedCache          HF-D007
        ├── NothingToCompare      HF-D008
        └── BadListing            HF-D009

An error means "I could not do or could not look". A report of findings (what an audit saw) is a return value.
Each class carries its text as data, so that `holdfast explain CODE` and the documentation are made from it.
Only `cli/main` turns an error into an exit code.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar


class HoldfastError(Exception):
    """The root of the family. `values` fill the braces of the three sentences of the class."""

    code: ClassVar[str] = ""
    exit_code: ClassVar[int] = 1
    what: ClassVar[str] = ""
    holds: ClassVar[str] = ""
    next_step: ClassVar[str] = ""

    def __init__(self, **values: object) -> None:
        super().__init__()
        self.values = values

    def sentences(self) -> tuple[str, str, str]:
        """What happened, what still holds, what to do next, with the values filled in.

        They can always be had and always be written: a value that was not given is a question mark, and bytes of a
        file name that are no text stand as `\\udcff`. An error must not fail for the way it is told.
        """
        values = _Shown(self.values)
        what, holds, next_step = (text.format_map(values) for text in (self.what, self.holds, self.next_step))
        return _writable(what), _writable(holds), _writable(next_step)

    def as_json(self) -> dict[str, str]:
        """The one JSON shape of an error, on every command."""
        what, holds, next_step = self.sentences()
        return {"error": self.code, "what": what, "holds": holds, "next": next_step}

    def __str__(self) -> str:
        what, holds, next_step = self.sentences()
        return f"{self.code}: {what} {holds} {next_step}".strip()

    def __reduce__(self) -> tuple[object, ...]:
        # Errors cross process borders (probing, jobs): pickle would otherwise call the class without values.
        return (_revive, (type(self), self.values))


class _Shown(dict[str, object]):
    """Values that answer with a question mark for what was not given."""

    def __missing__(self, name: str) -> object:
        return "?"


def _writable(text: str) -> str:
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def _revive(kind: type[HoldfastError], values: dict[str, object]) -> HoldfastError:
    return kind(**values)


def error_kinds(root: type[HoldfastError] = HoldfastError) -> Iterator[type[HoldfastError]]:
    """Every kind of error that has a code, in the order of the tree above."""
    for kind in root.__subclasses__():
        if kind.code:
            yield kind
        yield from error_kinds(kind)


# ---------------------------------------------------------------------------------------- the request itself


class UsageError(HoldfastError):
    """The request cannot be carried out as it stands."""

    exit_code = 2


class NotAnArchive(UsageError):
    """No archive was named, and none lies around the current folder."""

    code = "HF-A001"
    what = "{path} is not a Holdfast archive, nor does it lie in one."
    holds = "Nothing was changed."
    next_step = "Name one with --archive DIR or $HOLDFAST_ARCHIVE, or make one: holdfast init DIR"


class ArchiveExists(UsageError):
    """`init` was asked to make an archive where there is one, or where other files lie."""

    code = "HF-A002"
    what = "{path} already holds {found}."
    holds = "Nothing was changed."
    next_step = "Choose an empty or new folder: holdfast init DIR"


class BadSettings(UsageError):
    """`holdfast.toml` or an environment variable says something that cannot be meant."""

    code = "HF-A003"
    what = "The setting {setting} in {path} is {found}; expected {expected}."
    holds = "Nothing was changed; the archive itself is not in question."
    next_step = "Correct the line in {path}, then run the command again."


class NewerArchive(UsageError):
    """The archive was written by a later version of Holdfast than this one."""

    code = "HF-A004"
    what = "{path} has layout version {found}; this program knows versions up to {known}."
    holds = "Nothing was changed. The OCFL storage root can be read by any OCFL tool."
    next_step = "Take the newest copy of the repository, and install the program from it again."


class BadValue(UsageError):
    """A value given on the command line or in an edited record has the wrong form."""

    code = "HF-A005"
    what = "{name} is {found!r}; expected {expected}."
    holds = "Nothing was changed."
    next_step = "Give it in the expected form and run the command again."


class ExtraMissing(UsageError):
    """The deed needs an optional part of Holdfast that is not installed."""

    code = "HF-A006"
    what = "{deed} needs the optional part [{extra}], which is not installed ({missing} cannot be imported)."
    holds = "Nothing was changed; keeping, auditing and exporting work without it."
    next_step = 'Install it, in the copy of the repository that Holdfast came from: pip install ".[{extra}]"'


class TargetExists(UsageError):
    """An export would write over a file that is there."""

    code = "HF-A007"
    what = "{path} already exists."
    holds = "It was not touched, and neither was the archive."
    next_step = "Choose another name with -o, or add --force to replace it."


class StoreMissing(UsageError):
    """The archive's settings are there, but not the storage root that they belong to."""

    code = "HF-A008"
    what = "{path} has the settings of an archive, but no storage root in {store}/."
    holds = "Nothing was changed."
    next_step = "If it lies on another disk, mount that first; else bring {store}/ back from another copy."


# ------------------------------------------------------------------------------------------------- not found


class NotFound(HoldfastError):
    """What was named is not here."""

    exit_code = 3


class UnknownAsset(NotFound):
    """No asset has this id, or the id was mistyped."""

    code = "HF-N001"
    what = "There is no asset {asset}{hint}."
    holds = "Nothing was changed."
    next_step = "List the assets with holdfast ls, or look for words with holdfast search."


class UnknownFile(NotFound):
    """The asset is there, but holds no file of that name."""

    code = "HF-N002"
    what = "Asset {asset} holds no file {file}."
    holds = "Nothing was changed."
    next_step = "See its files: holdfast show {asset}"


class AmbiguousAsset(NotFound):
    """What was typed fits several assets or files."""

    code = "HF-N003"
    what = "{asked} fits more than one: {candidates}."
    holds = "Nothing was changed."
    next_step = "Name one of them in full."


class UnknownObject(NotFound):
    """The storage root holds no such OCFL object."""

    code = "HF-N004"
    what = "The storage root holds no object {object_id}."
    holds = "Nothing was changed."
    next_step = "If it was there before: holdfast audit, then bring it back from another custodian."


class MissingKey(NotFound):
    """A backend was asked for bytes that it does not have."""

    code = "HF-N005"
    what = "{place} holds nothing at {key}."
    holds = "Nothing was changed."
    next_step = "See what is missing: holdfast audit"


class SourceMissing(NotFound):
    """A path given to `add` cannot be read."""

    code = "HF-N006"
    what = "{path} cannot be read: {reason}."
    holds = "Nothing of it was kept; everything kept before is untouched."
    next_step = "Check the path and its permissions, then add it again."


class UnknownCode(NotFound):
    """`explain` was asked about a code that does not exist."""

    code = "HF-N007"
    what = "There is no error code {asked}."
    holds = "Nothing was changed."
    next_step = "List all codes: holdfast explain"


class FileMissing(NotFound):
    """A path that was to be looked at (identified, compared, fingerprinted) is no file that can be read."""

    code = "HF-N008"
    what = "{path} cannot be looked at: {reason}."
    holds = "Nothing was changed."
    next_step = "Give the path of a file. A film that is kept is taken out first: holdfast get ASSET -o FOLDER/"


class UnknownFound(NotFound):
    """No found copy has this digest."""

    code = "HF-N009"
    what = "There is no found copy {digest}{hint}."
    holds = "Nothing was changed."
    next_step = "List them: holdfast found ls"


class UnknownAccount(NotFound):
    """The site has no account of this name."""

    code = "HF-N010"
    what = "There is no account {name} on this site."
    holds = "Nothing was changed."
    next_step = "See who has one: holdfast desk accounts; names are written exactly so."


# ------------------------------------------------------------------------------------------------------ busy


class Busy(HoldfastError):
    """Somebody else is at work there; nothing is wrong."""

    exit_code = 4


class Locked(Busy):
    """Another process holds the lock for longer than we were willing to wait."""

    code = "HF-B001"
    what = "{name} is in use by {holder}."
    holds = "Nothing was changed. A lock ends with its process: it cannot be left behind by a crash."
    next_step = "Wait for the other command and run this one again; holdfast doctor tells who holds it."


class Outrun(Busy):
    """A record was changed by somebody else between reading and writing it."""

    code = "HF-B002"
    what = "{object_id} was changed meanwhile: version {expected} was read, {found} is now the newest."
    holds = "Nothing was overwritten; the other change is kept."
    next_step = "Look at it again and repeat your change."


# --------------------------------------------------------------------------------------------------- storage


class StorageFailure(HoldfastError):
    """The place that stores bytes failed us."""

    exit_code = 5


class DiskFull(StorageFailure):
    """No space, no inodes or no quota left."""

    code = "HF-S001"
    what = "There is no space left at {place} for {name}."
    holds = "It is not kept; everything reported as kept before is whole."
    next_step = "Free some space (cache/ may always be emptied), then run the command again."


class NotDurable(StorageFailure):
    """The system could not promise that bytes reached the disk. Never retried: see the docstring of local."""

    code = "HF-S002"
    what = "The disk under {place} refused to make {name} durable: {reason}."
    holds = "It is not kept. Everything reported as kept before was durable then."
    next_step = "Distrust this disk: look at the system log, run holdfast audit, and bring a replica elsewhere."


class ReadBackDiffers(StorageFailure):
    """What was read back after writing is not what was written."""

    code = "HF-S003"
    what = "{name} read back from {place} is not what was written."
    holds = "It is not kept; the source was not touched."
    next_step = "Distrust this disk, cable or memory: run holdfast audit and holdfast doctor before adding more."


class StorageRefused(StorageFailure):
    """Any other refusal of the operating system."""

    code = "HF-S004"
    what = "{place} refused {name}: {reason}."
    holds = "It is not kept; everything reported as kept before is untouched."
    next_step = "Mend the cause (permissions, mount, device), then run the command again."


class KeyExists(StorageFailure):
    """Something already lies where a new thing was to be put. Nothing is ever written over."""

    code = "HF-S005"
    what = "{place} already holds something at {key}."
    holds = "It was not touched."
    next_step = "Run the command again; if this stays, run holdfast doctor."


class CatalogRefused(StorageFailure):
    """The catalogue's file cannot be read or written. The store does not depend on it."""

    code = "HF-S006"
    what = "The catalogue {path} cannot be used: {reason}."
    holds = "It is only a cache: everything in the store is untouched, and what was published is kept."
    next_step = "Mend the cause (space, permissions, the disk), then run the command again."


class IndexFull(StorageFailure):
    """No space is left for the index of fingerprints. Nothing but the index is behind."""

    code = "HF-S007"
    what = "There is no space left for the index of fingerprints at {path}."
    holds = "The index says what it said before; films and fingerprints are kept as they were, it is only a cache."
    next_step = "Free some space, then run the command again: it takes up what is missing by itself."


# --------------------------------------------------------------------------------------------------- damaged


class Damaged(HoldfastError):
    """Bytes are not what they were when they were kept."""

    exit_code = 6


class DamagedObject(Damaged):
    """An OCFL object cannot be read: its inventory is missing or does not verify."""

    code = "HF-D001"
    what = "Object {object_id} is damaged: {reason}."
    holds = "Nothing was written to it; other objects are not concerned."
    next_step = "See what can be read: holdfast audit. Then bring it back from another custodian."


class DamagedFile(Damaged):
    """A kept file no longer has its digest."""

    code = "HF-D002"
    what = "{file} of {object_id} is damaged: expected {expected}, found {found}."
    holds = "The damaged bytes were not exported and not changed."
    next_step = "If you have the same file elsewhere, add it again: it mends the kept one."


class BadRecord(Damaged):
    """A JSON document of the archive does not have the form of its format."""

    code = "HF-D003"
    what = "{name} cannot be understood: {reason}."
    holds = "It was left as it is."
    next_step = "Compare it with its schema in docs/formats; older versions are in the same object."


class SourceChanged(Damaged):
    """A file changed while it was being read."""

    code = "HF-D004"
    what = "{path} changed while it was read ({reason})."
    holds = "Nothing of it was kept."
    next_step = "Wait until its writer has finished, then add it again."


class EmptySource(Damaged):
    """A file of no bytes: there is nothing to keep, and calling it kept would be a lie."""

    code = "HF-D005"
    what = "{path} is empty (0 bytes)."
    holds = "There was nothing to keep."
    next_step = "Find out whether its copying was cut short, and add the whole file."


class BadSidecar(Damaged):
    """A file beside a video (listing, captions) cannot be understood."""

    code = "HF-D006"
    what = "{path} cannot be understood: {reason}."
    holds = "Its bytes are kept beside the video; nothing was taken from it into the description."
    next_step = "Mend the file, or describe the asset by hand: holdfast describe"


class DamagedCache(Damaged):
    """A database beside the store, which holds only what can be made again, cannot be read."""

    code = "HF-D007"
    what = "{path} cannot be read: {reason}."
    holds = "It holds nothing of its own; what is kept in ocfl/ is not concerned."
    next_step = "Make it anew: {remedy}"


class NothingToCompare(Damaged):
    """A file that was to be recognised shows and sounds nothing that can be compared."""

    code = "HF-D008"
    what = "{path} cannot be compared with anything: {reason}."
    holds = "It was only read; what else was asked for was done."
    next_step = "Play it elsewhere. If it shows or sounds anything there, please report the file."


class BadListing(Damaged):
    """A file that was given as a listing of works cannot be read as one."""

    code = "HF-D009"
    what = "{path} cannot be read as a listing of works: {reason}."
    holds = "Works that were read from it before this point are known; the file was only read."
    next_step = (
        "Give it in a form that Holdfast reads: holdfast explain HF-D009 and docs/formats/listings.md name them."
    )
