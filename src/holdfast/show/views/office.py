"""The desk's pages beside works: what is being computed, and who has an account."""

from __future__ import annotations

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from holdfast.jobs.queue import Job, State
from holdfast.show import site
from holdfast.show.addresses import absolute
from holdfast.show.collating import sort_key
from holdfast.show.desk.door import administering, curating
from holdfast.show.desk.offices import AFTER_CUSTODY, Refusal, may_give_link, refusal
from holdfast.show.desk.sight import Sight
from holdfast.show.granting import password_path
from holdfast.show.middleware import not_here
from holdfast.show.models import Account, Token
from holdfast.show.reader import Role, reader_of

JOBS = 100


@curating
@require_http_methods(["GET", "HEAD", "POST"])
def jobs(request: HttpRequest) -> HttpResponse:
    """How much waits, what runs and how far it is, what failed and why. POST tries a failed job again.

    Reasons name files: they are shown of works that the curator may see, and counted of all.
    """
    queue, sight = site.archive().queue, Sight(reader_of(request))
    if request.method == "POST":
        job = queue.get(request.POST.get("kind", ""), request.POST.get("key", ""))
        if job is None or job.state is not State.FAILED or not is_shown(job, sight):
            raise not_here()
        queue.put(job.kind, job.key, job.args, priority=job.priority)
        messages.success(request, _("It will be tried again."))
        return redirect("desk_jobs")
    page = {
        "counts": {state.value: count for state, count in queue.counts().items()},
        "running": [(job, round(job.progress * 100)) for job in queue.listing(state=State.RUNNING, limit=JOBS)],
        "failed": [job for job in queue.listing(state=State.FAILED) if is_shown(job, sight)][:JOBS],
    }
    return render(request, "show/desk/jobs.html", page)


@administering
@require_safe
def accounts(request: HttpRequest) -> HttpResponse:
    """Everybody who has an account, and their role."""
    language = reader_of(request).language
    everybody = sorted(Account.objects.all(), key=lambda one: sort_key(one.username, language))
    roles = [role.value for role in Role if role is not Role.CUSTODIAN]
    return render(request, "show/desk/accounts.html", {"accounts": everybody, "roles": roles})


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
            now=_role_of(account),
            wanted=wanted,
            is_open=account.is_active,
            stays_open=stays_open,
            other_admins=others,
        )
        if why is None:
            account.role, account.is_active = wanted.value, stays_open
            account.save(update_fields=["role", "is_active"])
            if not stays_open:  # whoever had stolen it keeps no way in
                Token.objects.filter(account=account).delete()
    if why is Refusal.LAST:
        messages.error(request, _("Somebody must mind the accounts: the last administrator stays."))
    elif why is Refusal.OWN:
        messages.error(request, _("Nobody changes their own role; another administrator can."))
    elif why is Refusal.SEALS:
        messages.error(request, _("Custodians are made at the archive's machine alone: holdfast desk role."))
    else:
        messages.success(request, _("The account is changed."))
    return redirect("desk_accounts")


@administering
@require_POST
def password_link(request: HttpRequest, number: int) -> HttpResponse:
    """Give a link by which an account chooses a new password; shown once, on this answer."""
    account = Account.objects.filter(id=number, is_active=True).first()
    if account is None or not may_give_link(to=_role_of(account)):
        raise not_here()
    page = {"account": account, "link": absolute(request, password_path(account))}
    return render(request, "show/desk/link.html", page)


@curating
@require_POST
def lay_down(request: HttpRequest) -> HttpResponse:
    """Lay down one's own office of a custodian."""
    account = request.user
    if not isinstance(account, Account) or _role_of(account) is not Role.CUSTODIAN:
        raise not_here()
    account.role = AFTER_CUSTODY.value
    account.save(update_fields=["role"])
    messages.success(request, _("You are no longer a custodian; you are a curator."))
    return redirect("desk")


def _role_of(account: Account) -> Role | None:
    return Role(account.role) if account.role in list(Role) else None


def is_shown(job: Job, sight: Sight) -> bool:
    """Whether a job is about a work that is seen; one about no work is shown to nobody here."""
    asset = str(job.args.get("object", "")).rpartition(":")[2]
    return bool(asset) and bool(sight.titles({asset}))
