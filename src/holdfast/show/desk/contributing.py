"""What was sent in without an account: handed over, looked at, accepted or refused, and asked after by its receipt.

The code of a receipt is shown once to whoever sent something; only its digest is kept. With the decision all that they
wrote is wiped: what was accepted says in the archive what it must say there, what was refused is gone with its files.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection, transaction
from django.utils import timezone

from holdfast.actions import contributed
from holdfast.jobs.queue import Job, State
from holdfast.model.ids import ALPHABET
from holdfast.model.time import civil, now
from holdfast.show import site, working
from holdfast.show.inbox_models import ContributedFile, Contribution, Standing
from holdfast.show.uploads.protocol import Refused
from holdfast.show.uploads.shelf import Shelf, is_claimed

CODE_LENGTH, GROUP = 20, 5  # 29 letters to the power of 20: nobody guesses one
MOST_FILES = 20
LONGEST = {"title": 300, "source": 4000, "language": 35, "contact": 300}
LONGEST_REASON = 500


@dataclass(frozen=True)
class Words:
    """What somebody says of what they send in; all of it may be empty."""

    title: str = ""
    source: str = ""
    language: str = ""
    contact: str = ""
    answers: str = ""


def hand_over(shelf: Shelf, uploads: Sequence[str], words: Words) -> str:
    """Put uploads that are complete before the curators; the code of the receipt.

    Raises:
        Refused: one is gone, not complete, or was handed over before. None of them is claimed then.
    """
    found = [shelf.upload(one) for one in dict.fromkeys(uploads)]
    code = "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))
    claimed: list[str] = []
    try:
        for one in found:
            shelf.claim(one.id)
            claimed.append(one.id)
    except Refused:
        for upload in claimed:
            shelf.release(upload)
        raise
    with transaction.atomic():
        made = Contribution.objects.create(receipt=_digest(code), came_on=timezone.now().date(), **vars(words))
        for one in found:
            ContributedFile.objects.create(contribution=made, upload=one.id, name=one.name, size_bytes=one.length)
    for one in found:
        site.archive().queue.put(contributed.LOOK, one.id, {"upload": one.id})
    working.nudge()
    return "-".join(code[at : at + GROUP] for at in range(0, CODE_LENGTH, GROUP))


def let_go(shelf: Shelf) -> int:
    """Take up what a process was stopped at, uploads by what they were claimed for; how many are released.

    What was decided on goes, with its words in the queue. What nobody knows of was claimed for nothing yet.
    """
    claimed = {one.id for one in shelf.uploads() if is_claimed(one)}
    files = ContributedFile.objects.filter(upload__in=claimed).select_related("contribution")
    for file in files.filter(contribution__state__in=(Standing.KEPT, Standing.REFUSED)):
        _forget(file.contribution, [file.upload])
    _overwrite()
    lost = claimed - {file.upload for file in files}
    for upload in lost:
        shelf.release(upload)
    return len(lost)


def standing(code: str) -> Contribution | None:
    """The contribution whose receipt has this code, however it is spelled; None if there is none."""
    settle()
    spelled = "".join(code.lower().split()).replace("-", "")
    return Contribution.objects.filter(receipt=_digest(spelled)).first()


def waiting() -> list[Contribution]:
    """What waits for a decision or is being kept, the oldest first, with what its files turned out to be."""
    settle()
    states = (Standing.WAITING, Standing.KEEPING)
    return list(Contribution.objects.filter(state__in=states).prefetch_related("files"))


def accept(number: int, *, as_found: bool, by: str) -> bool:
    """Have a contribution kept: as found copies, else as new works. False, and nothing changed, if it does not wait."""
    with transaction.atomic():
        one = Contribution.objects.filter(id=number, state=Standing.WAITING).first()
        if one is None:
            return False
        one.state, one.as_found, one.told = Standing.KEEPING, as_found, ""
        one.decided_by, one.decided_at = by, timezone.now()
        one.save()
    _put(one)
    return True


def refuse(number: int, *, reason: str, by: str) -> bool:
    """Delete a contribution; its receipt tells the reason. False, and nothing changed, if it does not wait."""
    with transaction.atomic():
        one = Contribution.objects.filter(id=number, state=Standing.WAITING).first()
        if one is None:
            return False
        uploads = [file.upload for file in files_of(one)]
        one.state, one.reason = Standing.REFUSED, reason[:LONGEST_REASON]
        one.decided_by, one.decided_at = by, timezone.now()
        _wipe(one)
        ContributedFile.objects.filter(contribution=one).update(name="", told="")
    _forget(one, uploads)
    ContributedFile.objects.filter(contribution=one).delete()  # the last: until then it is known what is to go
    _overwrite()
    return True


def settle() -> None:
    """Take over what the jobs have found out and done meanwhile."""
    queue = site.archive().queue
    for file in ContributedFile.objects.filter(is_media=None, contribution__state=Standing.WAITING):
        job = queue.get(contributed.LOOK, file.upload)
        if job is None:  # we were stopped between the receipt and the queue
            queue.put(contributed.LOOK, file.upload, {"upload": file.upload})
            working.nudge()
        elif job.state is State.DONE and job.result is not None:
            file.is_media, file.told = bool(job.result["is_media"]), str(job.result["told"])
            file.save(update_fields=["is_media", "told"])
        elif job.state is State.FAILED and job.error is not None:  # what it is, nobody knows yet
            file.told = str(job.error.get("what", ""))
            file.save(update_fields=["told"])
    for one in Contribution.objects.filter(state=Standing.KEEPING):
        job = queue.get(contributed.KEEP, str(one.pk))
        if job is None:  # we were stopped between the decision and the queue
            _put(one)
        elif job.state is State.DONE:
            _kept(one, job)
        elif job.state is State.FAILED:
            one.state, one.told = Standing.WAITING, str((job.error or {}).get("what", ""))
            one.save(update_fields=["state", "told"])


def _put(one: Contribution) -> None:
    args = {
        "uploads": [{"upload": file.upload, "name": file.name} for file in files_of(one)],
        "found": one.as_found,
        "title": one.title,
        "source": one.source,
        "language": one.language,
        "answers": one.answers,
        "by": one.decided_by,
        "day": one.came_on.isoformat(),
        "accepted_at": civil(now()),
    }
    site.archive().queue.put(contributed.KEEP, str(one.pk), args, again=True)
    working.nudge()


def _kept(one: Contribution, job: Job) -> None:
    files, kept = files_of(one), (job.result or {})["kept"]
    for file, became in zip(files, kept, strict=True):
        file.asset, file.digest, file.told = became.get("asset", ""), became.get("digest", ""), became["told"]
        file.save()
    # A file that could not be kept is not deleted with the others: to accept it again keeps none of them twice.
    has_failed = any(became["outcome"] == contributed.FAILED for became in kept)
    if has_failed or not any(file.asset or file.digest for file in files):
        one.state, one.told = Standing.WAITING, "; ".join(file.told for file in files)
        one.save(update_fields=["state", "told"])
        return
    with transaction.atomic():
        one.state = Standing.KEPT
        _wipe(one)
        ContributedFile.objects.filter(contribution=one).update(name="")
    _forget(one, [file.upload for file in files])
    _overwrite()


def files_of(one: Contribution) -> list[ContributedFile]:
    """The files of a contribution, in the order of coming."""
    return list(ContributedFile.objects.filter(contribution=one))


def _wipe(one: Contribution) -> None:
    one.title = one.source = one.language = one.contact = one.answers = one.told = ""
    one.save()


def _forget(one: Contribution, uploads: Sequence[str]) -> None:
    archive = site.archive()
    for upload in uploads:
        contributed.forget_files(archive.folder, upload)
        archive.queue.forget(contributed.LOOK, upload)
    archive.queue.forget(contributed.KEEP, str(one.pk))


def _overwrite() -> None:
    """Put what was wiped into the file itself: until then its words lie in the journal beside it (desk.db-wal)."""
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _digest(code: str) -> str:
    return hashlib.sha256(code.encode("utf-8", "replace")).hexdigest()
