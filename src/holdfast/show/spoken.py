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
JOB = {
    "access": _("making of access copies"),
    "fingerprint": _("making of fingerprints"),
    "look at what came in": _("looking at what came in"),
    "keep what came in": _("keeping of what was accepted"),
}
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
    "camera": _("camera"),
}
PLACE = {"shown": _("shown in it"), "recorded": _("recorded there")}
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
    "Comment published": _("Comment published"),
    "Comment withdrawn": _("Comment withdrawn"),
    "Decided": _("Decided about a found copy"),
    "Declared held": _("Declared held"),
    "Declared lost": _("Declared lost"),
    "Fingerprinted": _("Fingerprint made"),
    "Found": _("Found copy taken in"),
    "Found again": _("Found again"),
    "Kept": _("Taken into the archive"),
    "Mended": _("Damage mended"),
    "More is said of it": _("More is known of it"),
    "Published: exhibition": _("Exhibition published"),
    "Published: post": _("Post published"),
    "Published: programme": _("Programme published"),
    "Reconstructed": _("Reconstructed"),
    "Registered as lost": _("Registered as lost"),
    "Sidecars joined": _("Accompanying files joined"),
}
# What begins the message of a version that goes on with the names of fields.
DESCRIBED, REVISED = "Described: ", "Revised: "
FIELD = {  # of a record, and of the statements in it
    "access": _("Access"),
    "asset": _("Work"),
    "author": _("Author"),
    "begins": _("Begins"),
    "category": _("Category"),
    "collections": _("Collections"),
    "content_warnings": _("Content warnings"),
    "created_at": _("Began"),
    "dated": _("Date"),
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
    "items": _("Works and texts"),
    "kind": _("Kind"),
    "language": _("Language"),
    "languages": _("Languages"),
    "level": _("Level"),
    "name": _("Name"),
    "people": _("People"),
    "place": _("Place"),
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
    "words": _("Texts"),
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
    "place": PLACE,
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
    if kind == "version" and value.startswith((DESCRIBED, REVISED)):
        begun, _, names = value.partition(": ")
        fields = ", ".join(called("field", name) for name in names.split(", "))
        said = gettext("Described: %(fields)s") if begun == "Described" else gettext("Revised: %(fields)s")
        return said % {"fields": fields}
    word = WORDS[kind].get(value)
    return value if word is None else str(word)
