"""How much waits in the inbox: a number beside the ways that lead there."""

from __future__ import annotations

from django.db.models import QuerySet, Value

from holdfast.show.desk.sight import Sight
from holdfast.show.desk_models import CommentDraft, CommentState
from holdfast.show.inbox_models import Contribution, Report, Standing


def how_many_wait(sight: Sight) -> int:
    """How many contributions, reports and comments wait for a decision; of the last two, those on works that are seen.

    One question is asked of the desk, and one of the catalogue if there are reports or comments.
    """
    contributions = Contribution.objects.filter(state=Standing.WAITING).annotate(work=Value(""))
    reports = Report.objects.filter(is_open=True)
    comments = CommentDraft.objects.filter(state=CommentState.WAITING)
    works = [work for (work,) in _works(contributions).union(_works(reports), _works(comments), all=True)]
    seen = sight.titles(set(works) - {""})
    return sum(work in seen for work in works if work) + works.count("")


def _works(waiting: QuerySet) -> QuerySet:  # type: ignore[type-arg]
    return waiting.order_by().values_list("work")
