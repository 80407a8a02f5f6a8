"""The one place where an accepted comment leaves the desk and enters the archive.

Its id is chosen and noted together with the acceptance. So whoever was interrupted between the two begins again with
the same id, and nothing is published twice. The desk forgets text and name when the archive has them.
"""

from __future__ import annotations

import logging

from django.utils import timezone

from holdfast.actions import comments
from holdfast.errors import HoldfastError
from holdfast.formats.canonical import one_line, printable
from holdfast.model.comment import LONGEST_NAME, LONGEST_TEXT, CommentRecord
from holdfast.model.ids import new_asset_id, parse_asset_id
from holdfast.show import site
from holdfast.show.addresses import read_moment
from holdfast.show.desk_models import CommentDraft, CommentState

logger = logging.getLogger(__name__)


def publish_accepted() -> int:
    """Keep every accepted comment in the archive; how many are still to be kept.

    What fails is logged, stays accepted, and is tried again at the next call: at every acceptance, and when the site
    starts.
    """
    left = 0
    for draft in CommentDraft.objects.filter(state=CommentState.ACCEPTED):
        try:
            _publish(draft)
        except (HoldfastError, ValueError) as error:
            logger.warning("comment %s is accepted and not kept yet: %s", draft.pk, error)
            left += 1
    return left


def _publish(draft: CommentDraft) -> None:
    """Raises what `comments.publish` raises, and ValueError for what no comment can be."""
    if not draft.published_as:  # accepted by a site that kept comments at the desk alone
        CommentDraft.objects.filter(pk=draft.pk, published_as="").update(published_as=str(new_asset_id()))
        draft.refresh_from_db()
    moment = read_moment(draft.moment) if draft.moment else None
    by = one_line(draft.decided_by) or site.archive().settings.custodian
    comment = CommentRecord(
        id=draft.published_as,
        asset=parse_asset_id(draft.work),
        written_at=draft.created_at.replace(microsecond=0),
        published_at=(draft.decided_at or timezone.now()).replace(microsecond=0),
        published_by=by,
        text=printable(draft.text)[:LONGEST_TEXT],
        language=draft.language,
        name=printable(draft.name)[:LONGEST_NAME],
        start=moment.start if moment else None,
        end=moment.end if moment else None,
    )
    comments.publish(site.archive().on_behalf_of(by), comment)
    CommentDraft.objects.filter(pk=draft.pk).update(state=CommentState.PUBLISHED, text="", name="")
