"""What the desk keeps beside accounts: the first link, and comments that wait for a decision."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models


class FirstLink(models.Model):
    """The link for the first curator, by the SHA-256 of its token: who reads desk.db cannot use it."""

    digest: models.CharField[str, str] = models.CharField(max_length=64, unique=True)
    is_used: models.BooleanField[bool, bool] = models.BooleanField(default=False)  # kept, to be told from one made up

    class Meta:
        """The table in desk.db."""

        db_table = "first_link"


class CommentState(models.TextChoices):
    """Where a comment stands. An accepted one is on its way into the archive; kept there, it is published."""

    WAITING = "waiting"
    ACCEPTED = "accepted"
    PUBLISHED = "published"
    REFUSED = "refused"


class CommentDraft(models.Model):
    """A comment on a work, as somebody with an account wrote it. No address is kept.

    It is the desk's while it waits. What is accepted belongs to the archive (see `holdfast.show.desk.publishing`): the
    desk then forgets text and name, so that who wants them erased has one place less to ask.
    """

    work: models.CharField[str, str] = models.CharField(max_length=32, db_index=True)
    moment: models.CharField[str, str] = models.CharField(max_length=40, blank=True)  # as in an address: `12:34`
    text: models.TextField[str, str] = models.TextField()
    language: models.CharField[str, str] = models.CharField(max_length=35)
    name: models.CharField[str, str] = models.CharField(max_length=150)
    # The name stays when the account goes: a comment is somebody's word, and stands under the name it was given.
    account: models.ForeignKey[Any, Any] = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL
    )
    state: models.CharField[str, str] = models.CharField(
        max_length=9, choices=CommentState.choices, default=CommentState.WAITING, db_index=True
    )
    published_as: models.CharField[str, str] = models.CharField(max_length=13, blank=True)  # its id in the archive
    reason: models.CharField[str, str] = models.CharField(max_length=500, blank=True)
    decided_by: models.CharField[str, str] = models.CharField(max_length=150, blank=True)
    created_at: models.DateTimeField[Any, Any] = models.DateTimeField(auto_now_add=True)
    decided_at: models.DateTimeField[Any, Any] = models.DateTimeField(null=True)

    class Meta:
        """The table in desk.db, in the order of coming."""

        db_table = "comment_draft"
        ordering = ("created_at", "id")
