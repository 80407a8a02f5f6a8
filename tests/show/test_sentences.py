"""Sentences end once, and nothing else is taken away."""

from __future__ import annotations

from dataclasses import replace

from holdfast.show import site
from holdfast.show.sentences import ended, ended_once
from tests.show.stage import Stage, client


def test_a_text_gets_a_full_stop_unless_a_mark_ends_it_already() -> None:
    assert [ended(text) for text in ("A", "e.V.", "What?", "“电影。")] == ["A.", "e.V.", "What?", "“电影。"]


def test_of_two_full_stops_that_meet_one_is_left_also_where_markup_closes_between() -> None:
    assert ended_once("Kept by Dorfkino e.V.. No third party.") == "Kept by Dorfkino e.V. No third party."
    assert ended_once("Добавлен 5 мая 2026 г..") == "Добавлен 5 мая 2026 г."
    assert ended_once("Custodian: <bdi>Dorfkino e.V.</bdi>.") == "Custodian: <bdi>Dorfkino e.V.</bdi>"


def test_an_ellipsis_a_name_of_a_file_and_two_folders_up_stay_as_they_are() -> None:
    for text in ("And then...", "a..b", "Holdfast e.V.에서 보존합니다.", "(2026 г.)."):
        assert ended_once(text) == text


def test_no_page_ends_the_name_of_the_archive_or_of_its_keeper_twice(own_stage: Stage) -> None:
    archive = site.archive()
    archive.settings = replace(archive.settings, name="Dorfkino e.V.", custodian="Dorfkino e.V.")
    for path in ("/", "/about", "/ru/about", "/de/about", f"/w/{own_stage.ids['public']}"):
        page = client().get(path).content.decode()
        assert "Dorfkino e.V." in page
        assert [end for end in ("e.V..", "e.V.</bdi>.", "г..") if end in page] == []
