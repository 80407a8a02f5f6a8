"""What the desk keeps: accounts now; drafts, queues and comments that wait stand in modules of their own beside it."""

from __future__ import annotations

from django.contrib.auth.models import AbstractUser
from django.db import models

from holdfast.show.reader import Role


class Account(AbstractUser):
    """Somebody who has signed up. No address is asked for, and none is needed."""

    first_name = None  # type: ignore[assignment]  # nobody's name is anybody's business
    last_name = None  # type: ignore[assignment]
    role: models.CharField[str, str] = models.CharField(
        max_length=16, choices=[(role.value, role.value) for role in Role], default=Role.CONTRIBUTOR.value
    )

    class Meta(AbstractUser.Meta):
        """The table in desk.db; Django's own permissions are not used, `Role` says everything."""

        db_table = "account"


from holdfast.show.desk_models import CommentDraft, CommentState, FirstLink  # noqa: E402 (they refer to Account)
from holdfast.show.inbox_models import ContributedFile, Contribution, Report, Token  # noqa: E402 (likewise)
from holdfast.show.piece_models import PieceDraft  # noqa: E402 (likewise)

__all__ = [
    "Account",
    "CommentDraft",
    "CommentState",
    "ContributedFile",
    "Contribution",
    "FirstLink",
    "PieceDraft",
    "Report",
    "Token",
]
