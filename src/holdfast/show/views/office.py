"""The desk's pages beside works: what came in, what is being computed, and who has an account."""

from __future__ import annotations

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from sqlalchemy import select

from holdfast.catalog import schema
from holdfast.jobs.queue import Job, State
from holdfast.show import cards, site
from holdfast.show.collating import sort_key
from holdfast.show.desk import moderating
from holdfast.show.desk.door import administering, curating
from holdfast.show.desk.offices import Refusal, refusal
from holdfast.show.middleware import not_here
from holdfast.show.models import Account
from holdfast.show.reader import Reader, Role, reader_of

JOBS = 100


@curating
@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    """What waits for a decision on works that this curator may see."""
    reader = reader_of(request)
    waiting = moderating.waiting(_assets(reader))
    with site.catalogue() as connection:
        titles = {card.asset: card.title for card in cards.of_assets(connection, reader, {c.work for c in waiting})}
    rows = [(comment, titles.get(comment.work, comment.work)) for comment in waiting]
    return render(request, "show/desk/inbox.html", {"rows": rows})


@curating
@require_POST
def decide(request: HttpRequest, number: int) -> HttpResponse:
    """Accept or refuse a comment; a refusal gives its reason."""
    deed, reason = request.POST.get("deed", ""), request.POST.get("reason", "").strip()
    if deed not in ("accept", "refuse"):
        raise not_here()
    accept = deed == "accept"
    if not accept and not reason:
        messages.error(request, _("Say why it is refused; the comment waits on."))
        return redirect("desk_inbox")
    name = request.user.get_username()
    if not moderating.decide(number, _assets(reader_of(request)), accept=accept, reason=reason, by=name):
        raise not_here()
    messages.success(request, _("The comment is accepted.") if accept else _("The comment is refused."))
    return redirect("desk_inbox")


@curating
@require_http_methods(["GET", "HEAD", "POST"])
def jobs(request: HttpRequest) -> HttpResponse:
    """How much waits, what runs and how far it is, what failed and why. POST tries a failed job again.

    Reasons name files: they are shown of works that the curator may see, and counted of all.
    """
    queue, objects = site.archive().queue, _objects(reader_of(request))
    if request.method == "POST":
        job = queue.get(request.POST.get("kind", ""), request.POST.get("key", ""))
        if job is None or job.state is not State.FAILED or not _is_shown(job, objects):
            raise not_here()
        queue.put(job.kind, job.key, job.args, priority=job.priority)
        messages.success(request, _("It will be tried again."))
        return redirect("desk_jobs")
    page = {
        "counts": {state.value: count for state, count in queue.counts().items()},
        "running": [(job, round(job.progress * 100)) for job in queue.listing(state=State.RUNNING, limit=JOBS)],
        "failed": [job for job in queue.listing(state=State.FAILED) if _is_shown(job, objects)][:JOBS],
    }
    return render(request, "show/desk/jobs.html", page)


@administering
@require_safe
def accounts(request: HttpRequest) -> HttpResponse:
    """Everybody who has an account, and their role."""
    language = reader_of(request).language
    everybody = sorted(Account.objects.all(), key=lambda one: sort_key(one.username, language))
    return render(request, "show/desk/accounts.html", {"accounts": everybody, "roles": [role.value for role in Role]})


@administering
@require_POST
def office(request: HttpRequest, number: int) -> HttpResponse:
    """Give an account a role, or close it or open it again."""
    written, stays_open = request.POST.get("role", ""), request.POST.get("open") == "yes"
    if written not in list(Role):
        raise not_here()
    wanted = Role(written)
    with transaction.atomic():
        account = Account.objects.filter(id=number).first()
        if account is None:
            raise not_here()
        others = Account.objects.filter(role=Role.ADMIN.value, is_active=True).exclude(id=number).count()
        why = refusal(
            is_own=account.pk == request.user.pk,
            now=Role(account.role) if account.role in list(Role) and account.is_active else None,
            wanted=wanted,
            stays_open=stays_open,
            other_admins=others,
        )
        if why is None:
            account.role, account.is_active = wanted.value, stays_open
            account.save(update_fields=["role", "is_active"])
    if why is Refusal.LAST:
        messages.error(request, _("Somebody must mind the accounts: the last administrator stays."))
    elif why is Refusal.OWN:
        messages.error(request, _("Nobody changes their own role; another administrator can."))
    else:
        messages.success(request, _("The account is changed."))
    return redirect("desk_accounts")


def _assets(reader: Reader) -> frozenset[str]:
    return _column(reader, "id")


def _objects(reader: Reader) -> frozenset[str]:
    return _column(reader, "object")


def _column(reader: Reader, name: str) -> frozenset[str]:
    table = schema.assets
    with site.catalogue() as connection:
        return frozenset(connection.execute(select(table.c[name]).where(table.c.access.in_(reader.levels))).scalars())


def _is_shown(job: Job, objects: frozenset[str]) -> bool:
    return job.args.get("object") in objects
