"""The one place where an accepted comment leaves the desk.

Accepted comments belong to the archive, as files of the work's object. `holdfast.actions.comments` will write them
there; until that module exists they stand in desk.db alone, as accepted drafts, and pages show them from there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from holdfast.show.desk_models import CommentDraft, CommentState

if TYPE_CHECKING:
    from django.db.models import QuerySet


def publish(comment: CommentDraft) -> None:
    """Keep an accepted comment where published ones are kept. `holdfast.actions.comments` takes this over."""
    comment.state = CommentState.ACCEPTED
    comment.save()


def published(work: str) -> QuerySet[CommentDraft]:
    """The published comments on a work, the oldest first. `holdfast.actions.comments` takes this over."""
    return CommentDraft.objects.filter(work=work, state=CommentState.ACCEPTED)
