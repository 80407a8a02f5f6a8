"""An embargo closes further than the level does, until its moment and not one longer."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from holdfast.model.rights import AccessLevel, Embargo, effective_access, stricter

END = datetime(2031, 5, 9, tzinfo=UTC)
BEFORE = END - timedelta(microseconds=1)


def test_an_embargo_holds_until_the_moment_of_its_end_and_no_longer() -> None:
    embargo = Embargo(END, AccessLevel.SEALED)
    assert effective_access(AccessLevel.PUBLIC, embargo, BEFORE) is AccessLevel.SEALED
    assert effective_access(AccessLevel.PUBLIC, embargo, END) is AccessLevel.PUBLIC


def test_an_embargo_never_opens_what_its_level_keeps_closed() -> None:
    for access in AccessLevel:
        for level in AccessLevel:
            held = effective_access(access, Embargo(END, level), BEFORE)
            assert held is stricter(access, level)
            assert list(AccessLevel).index(held) == max(list(AccessLevel).index(access), list(AccessLevel).index(level))


def test_without_an_embargo_the_level_itself_is_effective() -> None:
    assert effective_access(AccessLevel.MEMBERS, None, BEFORE) is AccessLevel.MEMBERS


def test_an_embargo_whose_end_knows_no_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="zone"):
        Embargo(datetime(2031, 5, 9))  # noqa: DTZ001 (that is the point)
