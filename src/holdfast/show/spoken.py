"""What the values of the archive are called in the reader's language: the one place for words that the data holds.

Records, events and accounts hold values such as `found copy` or `curator`. They are the same in every archive and
never translated there; a page says them with `{{ value|called:"role" }}`. Some kinds are open: what a person's part
was is free text, and the history may have a type of event that this Holdfast does not know. Such a value is shown as
it stands.
"""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

ACCESS = {"public": _("public"), "members": _("members"), "curators": _("curators"), "sealed": _("sealed")}
STATUS = {"held": _("held"), "held in part": _("held in part"), "lost": _("lost")}
COPY = {"master": _("master"), "found copy": _("found copy"), "reconstruction": _("reconstruction")}
ROLE = {
    "contributor": _("contributor"),
    "member": _("member"),
    "curator": _("curator"),
    "custodian": _("custodian"),
    "admin": _("administrator"),
}
JOB = {"access": _("making of access copies"), "fingerprint": _("making of fingerprints")}
PIECE = {"post": _("post"), "exhibition": _("exhibition"), "programme": _("programme")}
DATE = {
    "created": _("created"),
    "recorded": _("recorded"),
    "published": _("published"),
    "uploaded": _("uploaded"),
    "broadcast": _("broadcast"),
}
PART = {
    "director": _("director"),
    "speaker": _("speaker"),
    "uploader": _("uploader"),
    "creator": _("creator"),
    "artist": _("artist"),
}
EVENT = {
    "accession": _("accession"),
    "creation": _("creation"),
    "fixity check": _("fixity check"),
    "ingestion": _("ingestion"),
    "metadata extraction": _("metadata extraction"),
    "metadata modification": _("metadata modification"),
    "recovery": _("recovery"),
}
OUTCOME = {"success": _("success"), "warning": _("warning"), "fail": _("fail")}
SOURCE = {"file name": _("the name of the file")}
VERSION = {  # what was done, as the message of an object's version has it
    "Decided": _("Decided about a found copy"),
    "Declared held": _("Declared held"),
    "Declared lost": _("Declared lost"),
    "Fingerprinted": _("Fingerprint made"),
    "Found": _("Found copy taken in"),
    "Found again": _("Found again"),
    "Kept": _("Taken into the archive"),
    "Mended": _("Damage mended"),
    "More is said of it": _("More is known of it"),
    "Reconstructed": _("Reconstructed"),
    "Registered as lost": _("Registered as lost"),
    "Sidecars joined": _("Accompanying files joined"),
}
DESCRIBED = "Described: "  # and the names of fields
FIELD = {  # of a record, and of the statements in it
    "access": _("Access"),
    "category": _("Category"),
    "collections": _("Collections"),
    "content_warnings": _("Content warnings"),
    "created_at": _("Began"),
    "dates": _("Dates"),
    "descriptions": _("Descriptions"),
    "edtf": _("Date"),
    "embargo": _("Embargo"),
    "end": _("End"),
    "evidence": _("Evidence"),
    "file": _("File"),
    "format": _("Form of the record"),
    "holder": _("Holder of the rights"),
    "instantiations": _("Files"),
    "kind": _("Kind"),
    "language": _("Language"),
    "languages": _("Languages"),
    "level": _("Level"),
    "name": _("Name"),
    "people": _("People"),
    "places": _("Places"),
    "publications": _("Publications"),
    "reason": _("Reason"),
    "rights": _("Rights"),
    "role": _("Role"),
    "sections": _("Chapters"),
    "source": _("Source"),
    "start": _("Beginning"),
    "statement": _("Rights statement"),
    "stated_durations": _("Stated durations"),
    "status": _("State"),
    "status_history": _("States so far"),
    "tags": _("Tags"),
    "text": _("Text"),
    "texts": _("Texts"),
    "title": _("Title"),
    "titles": _("Titles"),
    "translator": _("Translator"),
    "until": _("Until"),
    "uri": _("Address of the statement"),
}
WORDS: dict[str, Mapping[str, object]] = {
    "access": ACCESS,
    "copy": COPY,
    "date": DATE,
    "event": EVENT,
    "field": FIELD,
    "job": JOB,
    "outcome": OUTCOME,
    "part": PART,
    "piece": PIECE,
    "role": ROLE,
    "source": SOURCE,
    "status": STATUS,
    "version": VERSION,
}


def called(kind: str, value: str) -> str:
    """What a value of this kind is called in the language that is being spoken; the value itself if it is not known.

    Raises:
        KeyError: there is no such kind.
    """
    if kind == "version" and value.startswith(DESCRIBED):
        names = [called("field", name) for name in value.removeprefix(DESCRIBED).split(", ")]
        return gettext("Described: %(fields)s") % {"fields": ", ".join(names)}
    word = WORDS[kind].get(value)
    return value if word is None else str(word)
