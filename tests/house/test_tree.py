"""The tree stays a house: rooms with names, files of a size one can read, nothing of anybody's machine."""

from __future__ import annotations

import ast
import re

import pytest

from docs.generate import root_group
from tests.house.tree import ROOT, SOURCE, TESTS, modules, project_files, shown, syntax
from tests.house.tree import test_modules as files_of_tests

DRAWERS = {"utils", "util", "common", "helpers", "helper", "misc", "tools", "shared", "stuff", "core", "base_utils"}

LINES = 500  # "at 500 lines ask whether two nouns live there"
LONGER_FOR_A_REASON = {  # path: why it stays one file
    "tests/backends/test_conformance.py": "the promises of a backend, one after the other, for every implementation",
}

TESTED_ELSEWHERE: dict[str, str] = {  # module: where its tests are, or why it has none
    **dict.fromkeys(
        ("show/serving.py", "show/urls.py"),
        "by a real server; tests/cli/test_serve.py and every page that is asked for",
    ),
    **dict.fromkeys(
        ("show/apps.py", "show/models.py", "show/migrations/0001_accounts.py"),
        "Django's own forms; tests/show/test_reader.py signs accounts in",
    ),
    **dict.fromkeys(
        (
            f"show/{name}.py"
            for name in ("borrowed", "templatetags/accounts", "formats/en/formats", "formats/ko/formats")
        ),
        "by the pages in every language and by dates; tests/show/test_languages.py, tests/show/test_dates.py",
    ),
    **dict.fromkeys(
        ("actions/aligning.py", "actions/recognizing.py"),
        "by the command, and by what it reads of copies; tests/cli/test_restore.py, tests/actions/test_remembering.py",
    ),
    **dict.fromkeys(
        ("actions/check_found.py", "actions/sighting.py"), "by the command, on real copies; tests/cli/test_found.py"
    ),
    "restore/choose/recall.py": "by plans that are made twice; tests/actions/test_remembering.py",
    "actions/coverage.py": "by the command; tests/cli/test_coverage.py",
    "actions/lost.py": "by the command; tests/cli/test_lost.py",
    "actions/wanted.py": "by the command; tests/cli/test_wanted.py",
    **dict.fromkeys(
        (
            *("show/desk_models.py", "show/migrations/0002_desk.py", "show/templatetags/comments.py"),
            "show/views/comments.py",
            *("show/desk/urls.py", "show/views/desk.py", "show/views/first.py"),
            *("show/migrations/0003_comments_kept.py", "show/migrations/0004_piece_drafts.py"),
            *("show/piece_models.py", "show/views/writing.py"),
        ),
        "by the pages of the desk; tests/show/desk and tests/show/test_first.py",
    ),
    **dict.fromkeys(
        ("show/piece_urls.py", "show/paging.py", "show/views/pieces.py", "show/templatetags/pieces.py"),
        "by the pages; tests/show/test_pieces.py",
    ),
    "show/machine/api_pieces.py": "tests/show/machine/test_pieces.py, and test_pieces.py beside the pages",
    "model/comment.py": "the noun; tests/formats/test_comment.py, with what it refuses",
    "catalog/values.py": "what rows are made of; tests/catalog/test_rows.py",
    "actions/contributed.py": "by what is sent in; tests/show/views/test_contribute.py, with files of every kind",
    **dict.fromkeys(
        ("show/inbox_models.py", "show/migrations/0005_inbox.py", "show/views/inbox.py", "show/working.py"),
        "by what waits in the inbox; tests/show/views/test_contribute.py, test_report.py; a browser in test_sending.py",
    ),
    "show/migrations/0006_first_link_used.py": "by a link that was used; tests/show/test_first.py",
    "show/uploads/plain.py": "a form without scripts; tests/show/views/test_contribute.py",
    "show/desk/contributing.py": "by what is sent in; tests/show/views/test_contribute.py",
    "show/desk/reporting.py": "by the reports; tests/show/views/test_report.py",
    "show/desk/sight.py": "by what is shown in the inbox; tests/show/desk/test_moderating.py and the reports",
    **dict.fromkeys(("show/tokens.py", "show/views/tokens.py"), "by programs; tests/show/machine/test_deeds.py"),
    "show/granting.py": "by the command; tests/cli/test_desk.py, and by the page, tests/show/desk/test_offices.py",
    "model/found.py": "the nouns of found copies; tests/formats/test_found.py and tests/keep/test_found.py",
    "backends/base.py": "an interface; tests/backends/test_conformance.py holds every implementation to it",
    "backends/locks.py": "how LocalBackend locks; tests/backends/test_conformance.py, with real processes",
    "backends/memory.py": "tests/backends/test_conformance.py is its whole test",
    "backends/sink.py": "the two ends of a local file; tests/backends/test_local.py",
    **dict.fromkeys(
        ("restore/choose/hearing.py", "restore/choose/looks.py"),
        "hands; tests/restore/choose/test_sounds.py and test_measure.py, on films",
    ),
    **dict.fromkeys(
        [f"show/machine/{n}.py" for n in ("feeds", "iiif", "public", "sitemaps", "told", "urls", "xml")],
        "by what the site answers; tests/show/machine/test_views.py",
    ),
    "show/machine/json_ld.py": "in the head of a page; tests/show/machine/test_api.py",
    "show/templatetags/machine.py": "in the head of a page; tests/show/machine/test_api.py",
    "restore/choose/quality.py": "values without rules; test_choice.py and test_reasons.py beside it use them",
    "restore/assemble/agreement.py": "who is believed; tests/restore/assemble/test_consensus.py, by what comes of it",
    "restore/assemble/picture.py": "frame by frame, in whole reconstructions; tests/restore/assemble/test_assemble.py",
    "restore/assemble/view.py": "a pair of values; tests/restore/assemble/test_consensus.py",
    "restore/match/asking.py": "an interface; tests/restore/match/test_recognize.py asks the index that fits it",
    "restore/match/nearest_kernel.py": "the inner loop of WorkViews.compared; tests/restore/match/test_viewing.py",
    "restore/timeline/line.py": "the nouns of the time line; tests/restore/timeline uses every one of them",
    **dict.fromkeys(
        ("testing/harder_copies.py", "testing/plain_copies.py"),
        "classes of copies and what they are made of; tests/testing/test_copy_classes.py tries every class",
    ),
    "catalog/hits.py": "values; tests/catalog/test_fulltext.py, by what a search gives",
    "show/copies.py": "by what curators see side by side; tests/show/views/test_restored.py",
    "show/views/compare.py": "by what curators see side by side; tests/show/views/test_restored.py",
    "show/restored.py": "by the pages; tests/show/views/test_restored.py",
    "show/stills.py": "by what a search shows; tests/show/views/test_search.py",
    "show/suggesting.py": "by what a search proposes; tests/show/views/test_search.py",
    "show/templatetags/ways.py": "on every page; tests/show/views/test_home.py",
    "show/tracks.py": "by what a page gets of them; tests/show/test_work_page.py",
    "show/views/media.py": "by asking for bytes; tests/show/test_media.py",
    "show/views/work.py": "by asking for the page; tests/show/test_work_page.py and, in a browser, test_watching.py",
    "media/library.py": "one import, tests/media/test_probe.py; one option, tests/media/test_write.py",
    **dict.fromkeys(
        (f"media/{name}.py" for name in ("complaints", "findings", "glance", "reading", "sniff", "tags", "tracks")),
        "a part of the probe; tests/media/test_probe.py and test_probe_damage.py, on real files",
    ),
    **dict.fromkeys(
        (
            f"testing/{name}.py"
            for name in (
                *("actors", "lettering", "scenery", "scenes", "sentences"),
                *("sounds", "textures", "truth", "tunes", "voices"),
            )
        ),
        "a part of the made films; tests/testing/test_films.py",
    ),
}

BINARY = {".png", ".jpg", ".webp", ".mp4", ".mkv", ".webm", ".gif", ".ico", ".woff2", ".gz", ".zip"}

# Joined from pieces, so that this file does not contain what it looks for.
NOBODYS_BUSINESS = re.compile(
    "|".join(
        [
            r"(?:py" + r"pi|py" + r"thonhosted|np" + r"mjs|crates)\.(?:org|io|com)",
            r"proxy\.go" + r"lang\.org",
            r"--(?:extra-)?index-" + r"url[ =]|--find-" + r"links[ =]|--trusted-" + r"host[ =]",
            r"(?<![\w.~}])/(?:home|Users)/" + r"\w+",
            r"(?<![\w.~}])/(?:root|work|opt)/" + r"\w+",
        ]
    )
)


def test_no_folder_and_no_module_is_a_drawer_without_a_noun() -> None:
    places = {part for path in modules() for part in path.relative_to(SOURCE).with_suffix("").parts}
    assert places & DRAWERS == set()


def test_every_module_opens_with_its_story() -> None:
    assert [shown(path) for path in modules() if not ast.get_docstring(syntax(path))] == []


def test_no_file_is_longer_than_one_noun_needs() -> None:
    long = {shown(path) for path in project_files() if path.suffix == ".py" and lines(path.read_text("utf-8")) > LINES}
    assert sorted(long - LONGER_FOR_A_REASON.keys()) == []
    assert sorted(LONGER_FOR_A_REASON.keys() - long) == [], "these became short: strike them from the list"


def lines(text: str) -> int:
    return text.count("\n")


@pytest.mark.skipif(root_group() is None, reason="while there is no command line, the rooms are still being filled")
def test_every_module_has_the_test_file_of_its_name() -> None:
    expected = {
        path.relative_to(SOURCE).as_posix(): path.relative_to(SOURCE).with_name(f"test_{path.stem}.py")
        for path in modules()
        if path.stem not in ("__init__", "__main__")
    }
    missing = {name for name, test in expected.items() if not (TESTS / test).exists()}
    assert sorted(missing - TESTED_ELSEWHERE.keys()) == []
    assert sorted(TESTED_ELSEWHERE.keys() - missing) == [], "these have a test file now: strike them from the list"


def test_the_names_of_tests_are_sentences() -> None:
    short = [
        f"{shown(path)}: {node.name}"
        for path in files_of_tests()
        for node in ast.walk(syntax(path))
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_") and len(node.name.split("_")) < 5
    ]
    assert short == []


def test_no_file_names_a_package_source_or_a_folder_of_somebodys_machine() -> None:
    found = [
        f"{shown(path)}:{number} {match[0]}"
        for path in project_files()
        if path.suffix not in BINARY and not path.is_relative_to(TESTS / "wounded")
        for number, line in enumerate(path.read_text("utf-8", errors="replace").splitlines(), start=1)
        if (match := NOBODYS_BUSINESS.search(line))
    ]
    assert found == []


@pytest.mark.parametrize("planted", ["see /ho" + "me/ada/films", "pip --index-" + "url=x", "https://py" + "pi.org/p"])
def test_a_planted_path_or_package_source_would_be_seen(planted: str) -> None:
    assert NOBODYS_BUSINESS.search(planted)


def test_every_test_file_lies_in_the_folder_of_a_room() -> None:
    rooms = {path.name for path in SOURCE.iterdir() if path.is_dir()} | {"house", "journeys", "wounded", "demo"}
    top = {f"test_{path.stem}.py" for path in SOURCE.glob("*.py")}
    places = {path: path.relative_to(TESTS).parts[0] for path in files_of_tests()}
    assert [shown(path) for path, place in places.items() if place not in rooms | top] == []


def test_the_licence_is_the_one_that_the_package_declares() -> None:
    assert 'license = "Apache-2.0"' in (ROOT / "pyproject.toml").read_text("utf-8")
    assert "Apache License\n                           Version 2.0" in (ROOT / "LICENSE").read_text("utf-8")
