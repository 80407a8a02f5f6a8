"""What is known of lost works, as values."""

from __future__ import annotations

from fractions import Fraction

from holdfast.model.asset import Statement
from holdfast.model.lost import ListedDuration, ListedWork, LostWork, Origin, SourceId, Supported


def test_a_duration_is_exact_when_it_was_told_finer_than_in_seconds() -> None:
    assert ListedDuration(Fraction(61044, 1000), Fraction(1, 1000)).is_exact
    assert not ListedDuration(Fraction(61)).is_exact


def test_a_source_id_is_read_aloud_with_its_site_first() -> None:
    assert str(SourceId("youtube", "aB3_dE-fGh1")) == "youtube:aB3_dE-fGh1"


def test_a_work_without_statements_has_no_title_and_no_duration() -> None:
    assert ListedWork(Origin("a")).title == ""
    assert (LostWork().title, LostWork().duration) == ("", None)


def test_the_best_supported_statement_is_the_title() -> None:
    titles = tuple(Supported(Statement(text), (Origin("a"),)) for text in ("Harvest", "The Harvest"))
    assert LostWork(titles=titles).title == "Harvest"
