"""The desk's deeds at the API: with a token, under the rules of its account's role, and in the words of the desk.

What the account may not see is not found. Every deed is recorded under the account's name, as at the desk.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Any

from django.http import Http404, HttpRequest
from ninja import Body, Router, Schema
from ninja.security import HttpBearer

from holdfast.actions.archive import Archive
from holdfast.actions.describe import Change, describe, with_edits
from holdfast.errors import BadValue, UnknownAsset
from holdfast.jobs.queue import Job, State
from holdfast.model.asset import AssetRecord
from holdfast.model.rights import AccessLevel
from holdfast.show import site
from holdfast.show.desk import contributing, moderating, reporting
from holdfast.show.desk.closing import LONGEST_REASON, embargoed, levelled
from holdfast.show.desk.publishing import publish_accepted
from holdfast.show.desk.sight import Sight
from holdfast.show.inbox_models import Contribution
from holdfast.show.middleware import not_here
from holdfast.show.reader import reader_of
from holdfast.show.views.office import is_shown
from holdfast.show.works import asked_work


class DeskToken(HttpBearer):
    """A token of an account that works at the desk. The middleware has looked at it; here it must be there."""

    openapi_description = "A token made at /desk/tokens."

    def __call__(self, request: HttpRequest) -> Any:
        """The token; None, which is 401, if there is none that may do deeds."""
        token = getattr(request, "token", None)
        return token if token is not None and reader_of(request).is_curating else None

    def authenticate(self, request: HttpRequest, token: str) -> Any:  # noqa: ARG002 (ninja's signature)
        """Not asked: `__call__` answers."""
        return None


router = Router(auth=DeskToken())


class Fields(Schema):
    """What is to be said of a work: the fields to set, as `GET /api/works/{asset}` gives them in `record`."""

    fields: dict[str, Any]
    expected: str | None = None
    why: str = ""


class Access(Schema):
    """A level, and why."""

    level: str
    why: str = ""
    expected: str | None = None


class EmbargoWish(Schema):
    """Until when, up to whom it closes, and why; `until` empty ends it."""

    until: str
    level: str = AccessLevel.CURATORS.value
    reason: str = ""
    why: str = ""
    expected: str | None = None


class Again(Schema):
    """A job by its kind and key."""

    kind: str
    key: str


class Decision(Schema):
    """`accept` or `refuse`, with the reason where one is needed.

    Of a contribution, `found` keeps it as a found copy. Of a report, to accept it is to close the work to `level`.
    """

    deed: str
    reason: str = ""
    found: bool = False
    level: str = AccessLevel.SEALED.value


Wish = Annotated[Fields, Body()]


@router.post("/works/{asset}/describe", summary="Change what is said of a work, as the desk's editor does")
def describe_work(request: HttpRequest, asset: str, wish: Wish) -> dict[str, Any]:
    """`expected` is the version that it was made for: if there is another one meanwhile, nothing is changed."""
    levels = reader_of(request).levels

    def change(record: AssetRecord) -> AssetRecord:
        return _within(record, with_edits(record, wish.fields), levels)

    return _changed(request, asset, change, wish.expected, wish.why)


@router.post("/works/{asset}/access", summary="Say who may see a work")
def access(request: HttpRequest, asset: str, wish: Access) -> dict[str, Any]:
    """A level that the account sees, or any that closes the work further."""
    levels = reader_of(request).levels
    return _changed(request, asset, lambda record: levelled(record, wish.level, levels), wish.expected, wish.why)


@router.post("/works/{asset}/embargo", summary="Close a work until a day, or end that")
def embargo(request: HttpRequest, asset: str, wish: EmbargoWish) -> dict[str, Any]:
    """From `until` on its own level alone holds."""
    levels = reader_of(request).levels

    def change(record: AssetRecord) -> AssetRecord:
        return replace(record, embargo=embargoed(record.embargo, wish.until, wish.level, wish.reason, levels))

    return _changed(request, asset, change, wish.expected, wish.why)


@router.get("/jobs", summary="How many jobs wait, run, are done and have failed; and those that failed")
def jobs(request: HttpRequest) -> dict[str, Any]:
    """Reasons name files: they are told of works that the account may see."""
    queue, sight = site.archive().queue, Sight(reader_of(request))
    failed = [job for job in queue.listing(state=State.FAILED) if is_shown(job, sight)]
    return {
        "counts": {state.value: count for state, count in queue.counts().items()},
        "failed": [_told(job) for job in failed],
    }


@router.post("/jobs/again", summary="Try a failed job again")
def again(request: HttpRequest, wish: Again) -> dict[str, Any]:
    """The job as it stands then."""
    queue = site.archive().queue
    job = queue.get(wish.kind, wish.key)
    if job is None or job.state is not State.FAILED or not is_shown(job, Sight(reader_of(request))):
        raise not_here()
    return _told(queue.put(job.kind, job.key, job.args, priority=job.priority))


@router.get("/inbox", summary="What waits for a decision: contributions, reports, comments")
def inbox(request: HttpRequest) -> dict[str, Any]:
    """Reports and comments are those on works that the account may see."""
    sight = Sight(reader_of(request))
    return {
        "contributions": [_contribution(one, sight) for one in contributing.waiting()],
        "reports": [
            {
                "number": one.pk,
                "work": one.work,
                "moment": one.moment,
                "about": one.grievance,
                "text": one.text,
                "contact": one.contact,
                "came_on": one.came_on.isoformat(),
            }
            for one in reporting.waiting(sight)
        ],
        "comments": [
            {"number": one.pk, "work": one.work, "moment": one.moment, "name": one.name, "text": one.text}
            for one in moderating.waiting(sight)
        ],
    }


@router.post("/inbox/{kind}/{number}", summary="Decide on a contribution, a report or a comment")
def decide(request: HttpRequest, kind: str, number: int, wish: Decision) -> dict[str, Any]:
    """`kind` is `contributions`, `reports` or `comments`."""
    deciding = {"contributions": _decide_contribution, "reports": _decide_report, "comments": _decide_comment}
    if kind not in deciding:
        raise not_here()
    if wish.deed not in ("accept", "refuse"):
        raise BadValue(name="deed", found=wish.deed, expected="accept or refuse")
    needs_reason = wish.deed == "refuse" or kind == "reports"
    if needs_reason and not wish.reason.strip():
        raise BadValue(name="reason", found="nothing", expected="why; it is told to whom it concerns")
    if not deciding[kind](number, wish, Sight(reader_of(request)), request.user.get_username()):
        raise not_here()
    return {"kind": kind, "number": number, "deed": wish.deed}


def _decide_contribution(number: int, wish: Decision, sight: Sight, by: str) -> bool:  # noqa: ARG001 (as the others)
    if wish.deed == "accept":
        return contributing.accept(number, as_found=wish.found, by=by)
    return contributing.refuse(number, reason=wish.reason.strip(), by=by)


def _decide_report(number: int, wish: Decision, sight: Sight, by: str) -> bool:
    level = wish.level if wish.deed == "accept" else ""
    return reporting.answer(number, sight, level=level, reason=wish.reason.strip(), by=by) is not None


def _decide_comment(number: int, wish: Decision, sight: Sight, by: str) -> bool:
    accept = wish.deed == "accept"
    done = moderating.decide(number, sight, accept=accept, reason=wish.reason.strip(), by=by)
    if done and accept:
        publish_accepted()  # what the archive cannot keep now stays accepted, and is tried again
    return done


def _changed(request: HttpRequest, asset: str, change: Change, expected: str | None, why: str) -> dict[str, Any]:
    try:
        shown = asked_work(request, asset)
    except Http404:
        raise UnknownAsset(asset=asset, hint="") from None
    done = describe(_mine(request), shown.id, change, expected=expected, why=why.strip()[:LONGEST_REASON])
    return {"asset": shown.id, "version": done.version, "changed": list(done.changed)}


def _within(before: AssetRecord, after: AssetRecord, levels: tuple[str, ...]) -> AssetRecord:
    """What was edited, if no level in it is one that the account may not give. Raises BadValue."""
    if after.access is not before.access:
        levelled(before, after.access.value, levels)
    held = before.embargo
    if after.embargo is not None and after.embargo != held:
        embargoed(held, after.embargo.until.isoformat(), after.embargo.level.value, "", levels)
    return after


def _mine(request: HttpRequest) -> Archive:
    return site.archive().on_behalf_of(request.user.get_username())


def _told(job: Job) -> dict[str, Any]:
    return {"kind": job.kind, "key": job.key, "state": job.state.value, "tries": job.tries, "error": job.error}


def _contribution(one: Contribution, sight: Sight) -> dict[str, Any]:
    return {
        "number": one.pk,
        "state": one.state,
        "title": one.title,
        "source": one.source,
        "language": one.language,
        "contact": one.contact,
        "answers": one.answers if sight.titles({one.answers}) else "",
        "came_on": one.came_on.isoformat(),
        "told": one.told,
        "files": [
            {"name": file.name, "size_bytes": file.size_bytes, "is_media": file.is_media, "told": file.told}
            for file in contributing.files_of(one)
        ],
    }
