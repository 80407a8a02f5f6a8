"""What waits in the inbox beside comments: contributions and reports; and the tokens of programs.

Of whoever sent something in, nothing is kept that they did not write themselves: no address, no browser, and the day
instead of the hour. What they wrote is wiped with the decision; what remains of a contribution is its receipt.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models


class Standing(models.TextChoices):
    """Where something that was sent in stands."""

    WAITING = "waiting"
    KEEPING = "keeping"
    KEPT = "kept"
    REFUSED = "refused"


class Contribution(models.Model):
    """Files that somebody sent in, and what they said of them. `receipt` is the SHA-256 of the code they were given."""

    receipt: models.CharField[str, str] = models.CharField(max_length=64, unique=True)
    state: models.CharField[str, str] = models.CharField(
        max_length=8, choices=Standing.choices, default=Standing.WAITING, db_index=True
    )
    title: models.CharField[str, str] = models.CharField(max_length=300, blank=True)
    source: models.TextField[str, str] = models.TextField(blank=True)
    language: models.CharField[str, str] = models.CharField(max_length=35, blank=True)
    contact: models.CharField[str, str] = models.CharField(max_length=300, blank=True)
    answers: models.CharField[str, str] = models.CharField(max_length=32, blank=True)  # the work that it may help
    came_on: models.DateField[Any, Any] = models.DateField()
    as_found: models.BooleanField[bool, bool] = models.BooleanField(default=False)
    reason: models.CharField[str, str] = models.CharField(max_length=500, blank=True)
    told: models.TextField[str, str] = models.TextField(blank=True)  # why it could not be kept, for curators
    decided_by: models.CharField[str, str] = models.CharField(max_length=150, blank=True)
    decided_at: models.DateTimeField[Any, Any] = models.DateTimeField(null=True)

    class Meta:
        """The table in desk.db, in the order of coming."""

        db_table = "contribution"
        ordering = ("id",)


class ContributedFile(models.Model):
    """One file of a contribution: the id of its upload, the name its sender gave it, and what it turned out to be."""

    contribution: models.ForeignKey[Any, Any] = models.ForeignKey(
        Contribution, on_delete=models.CASCADE, related_name="files"
    )
    upload: models.CharField[str, str] = models.CharField(max_length=40)
    name: models.CharField[str, str] = models.CharField(max_length=200, blank=True)
    size_bytes: models.BigIntegerField[int, int] = models.BigIntegerField()
    is_media: models.BooleanField[bool | None, bool | None] = models.BooleanField(null=True)
    told: models.TextField[str, str] = models.TextField(blank=True)
    asset: models.CharField[str, str] = models.CharField(max_length=32, blank=True)
    digest: models.CharField[str, str] = models.CharField(max_length=128, blank=True)

    class Meta:
        """The table in desk.db, in the order of coming."""

        db_table = "contributed_file"
        ordering = ("id",)


class Grievance(models.TextChoices):
    """Why somebody reports a work."""

    RISK = "risk"
    RIGHTS = "rights"
    WRONG = "wrong"
    OTHER = "other"


class Report(models.Model):
    """That somebody wants something done about a work. Their words are wiped when it is answered."""

    work: models.CharField[str, str] = models.CharField(max_length=32, db_index=True)
    moment: models.CharField[str, str] = models.CharField(max_length=40, blank=True)  # as in an address: `12:34`
    grievance: models.CharField[str, str] = models.CharField(max_length=8, choices=Grievance.choices)
    text: models.TextField[str, str] = models.TextField(blank=True)
    contact: models.CharField[str, str] = models.CharField(max_length=300, blank=True)
    came_on: models.DateField[Any, Any] = models.DateField()
    is_open: models.BooleanField[bool, bool] = models.BooleanField(default=True, db_index=True)
    answer: models.CharField[str, str] = models.CharField(max_length=500, blank=True)
    decided_by: models.CharField[str, str] = models.CharField(max_length=150, blank=True)
    decided_at: models.DateTimeField[Any, Any] = models.DateTimeField(null=True)

    class Meta:
        """The table in desk.db, in the order of coming."""

        db_table = "report"
        ordering = ("id",)


class Token(models.Model):
    """By which a program does what its account may do at the desk. `digest` is the SHA-256 of what was shown once."""

    account: models.ForeignKey[Any, Any] = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="tokens"
    )
    name: models.CharField[str, str] = models.CharField(max_length=100)
    digest: models.CharField[str, str] = models.CharField(max_length=64, unique=True)
    made_on: models.DateField[Any, Any] = models.DateField()
    expires_at: models.DateTimeField[Any, Any] = models.DateTimeField()
    used_on: models.DateField[Any, Any] = models.DateField(null=True)

    class Meta:
        """The table in desk.db, in the order of making."""

        db_table = "token"
        ordering = ("id",)
