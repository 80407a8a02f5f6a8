"""What the desk keeps of pieces: drafts. What is published is in the archive."""

from __future__ import annotations

from typing import Any

from django.db import models


class PieceDraft(models.Model):
    """A form of the editor as somebody left it, by the id of the piece that it is, or will be."""

    name: models.CharField[str, str] = models.CharField(max_length=13, unique=True)
    kind: models.CharField[str, str] = models.CharField(max_length=16)
    form: models.JSONField[Any, Any] = models.JSONField()
    access: models.CharField[str, str] = models.CharField(max_length=16)  # who else at the desk may see it
    by: models.CharField[str, str] = models.CharField(max_length=150)
    saved_at: models.DateTimeField[Any, Any] = models.DateTimeField(auto_now=True)

    class Meta:
        """The table in desk.db, the last saved first."""

        db_table = "piece_draft"
        ordering = ("-saved_at", "id")
