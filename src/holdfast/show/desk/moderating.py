"""Comments that wait, and what is decided of them."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from holdfast.model.ids import new_asset_id
from holdfast.show.desk.sight import Sight
from holdfast.show.desk_models import CommentDraft, CommentState

if TYPE_CHECKING:
    from holdfast.show.models import Account

LONGEST_REASON = 500
MOST_AT_ONCE = 5
AT_ONCE = timedelta(minutes=10)


def writes_too_fast(account: Account) -> bool:
    """Whether an account has written as many comments as may be written in ten minutes."""
    since = timezone.now() - AT_ONCE
    return CommentDraft.objects.filter(account=account, created_at__gt=since).count() >= MOST_AT_ONCE


def waiting(sight: Sight) -> list[CommentDraft]:
    """What waits for a decision on works that are seen, the oldest first."""
    found = list(CommentDraft.objects.filter(state=CommentState.WAITING))
    seen = sight.titles({one.work for one in found})
    return [one for one in found if one.work in seen]


def decide(number: int, sight: Sight, *, accept: bool, reason: str, by: str) -> bool:
    """Accept or refuse a comment on a work that is seen. False, and nothing changed, if it does not wait there.

    What is accepted waits for `publishing.publish_accepted`.
    """
    with transaction.atomic():
        comment = CommentDraft.objects.filter(id=number, state=CommentState.WAITING).first()
        if comment is None or not sight.titles({comment.work}):
            return False
        comment.reason, comment.decided_by, comment.decided_at = reason[:LONGEST_REASON], by, timezone.now()
        if accept:
            comment.state, comment.published_as = CommentState.ACCEPTED, str(new_asset_id())
        else:
            comment.state = CommentState.REFUSED
        comment.save()
    return True
