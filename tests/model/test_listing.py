"""A listing is evidence: it may be empty in every part."""

from __future__ import annotations

from holdfast.model.asset import Publication
from holdfast.model.listing import Listing


def test_a_listing_may_leave_out_everything() -> None:
    listing = Listing()
    assert (listing.titles, listing.duration, listing.publication) == ((), None, Publication())
    assert listing.language == "und"


def test_two_listings_do_not_share_what_is_unknown_to_us() -> None:
    assert Listing().publication.extra is not Listing().publication.extra
