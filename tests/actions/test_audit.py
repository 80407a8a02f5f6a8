from __future__ import annotations

import signal
import threading
from datetime import timedelta
from pathlib import Path

import pytest

from holdfast.actions.archive import Archive
from holdfast.actions.audit import AuditReport, Scope, audit
from holdfast.actions.watch import NobodyWatches
from holdfast.errors import Locked
from holdfast.formats.journal import parse_audit
from holdfast.model.fixity import FixityResult
from tests.cli.conftest import Kept
from tests.cli.line import content_of, ended, flip, holdfast, started, until


class Stopping(NobodyWatches):
    """Watches, and stops the run after so many results."""

    def __init__(self, after: int) -> None:
        self.left = after
        self.notes: list[str] = []

    def done(self, result: object) -> None:
        """Raise at the last."""
        self.left -= 1
        if self.left == 0:
            raise KeyboardInterrupt

    def note(self, text: str) -> None:
        """Remember it."""
        self.notes.append(text)


def stopped(archive: Archive, scope: Scope, after: int = 2) -> None:
    with pytest.raises(KeyboardInterrupt):
        audit(archive, scope, workers=1, watch=Stopping(after))


def journal_of(archive: Archive, report: AuditReport) -> tuple[str, ...]:
    """The objects that the journal file of this run tells of."""
    root = archive.root
    (key,) = [key for key in root.walk() if "journal" in key]
    inventory = root.inventory_at(key)
    (file,) = [path for path in inventory.state() if report.run.run in path]
    _, results = parse_audit(root.read_at(key, inventory, file), file)
    return tuple(result.object for result in results)


def test_a_stopped_run_is_taken_up_and_reads_only_the_rest(archive: Archive) -> None:
    stopped(archive, Scope())
    watch = Stopping(99)
    report = audit(archive, Scope(), watch=watch)
    assert (report.resumed, len(report.results), report.is_clean) == (2, 3, True)
    assert "had passed 2 objects" in watch.notes[0]
    assert len(journal_of(archive, report)) == 3


def test_what_had_not_passed_is_looked_at_once_more(archive: Archive, kept: Kept) -> None:
    master = content_of(kept.archive, kept.id("tape 7.mp4"), "masters/tape 7.mp4")
    flip(master)
    stopped(archive, Scope(), after=3)
    flip(master)
    assert audit(archive, Scope()).is_clean


def test_a_check_of_one_asset_does_not_lose_a_stopped_run_of_all(archive: Archive, kept: Kept) -> None:
    stopped(archive, Scope())
    assert audit(archive, Scope(assets=(kept.id("tape 7.mp4"),))).resumed == 0
    assert audit(archive, Scope()).resumed == 2


def test_a_fresh_run_forgets_the_stopped_one(archive: Archive) -> None:
    stopped(archive, Scope())
    assert audit(archive, Scope(), fresh=True).resumed == 0
    assert audit(archive, Scope()).resumed == 0


def test_a_stopped_sample_is_completed_to_its_number(archive: Archive) -> None:
    scope = Scope(sample="3")
    stopped(archive, scope, after=2)
    report = audit(archive, scope)
    assert (report.resumed, len({result.object for result in report.results})) == (2, 3)


def test_notes_that_were_cut_in_a_line_are_read_up_to_there(archive: Archive) -> None:
    stopped(archive, Scope(), after=2)
    (notes,) = (archive.cache / "audits").iterdir()
    notes.write_bytes(notes.read_bytes()[:-20])
    assert audit(archive, Scope()).resumed == 1


@pytest.mark.parametrize("wound", [b"", b"nonsense\n", b'{"run": 1}\n'])
def test_notes_that_cannot_be_read_begin_the_run_anew(archive: Archive, wound: bytes) -> None:
    stopped(archive, Scope(), after=2)
    (notes,) = (archive.cache / "audits").iterdir()
    notes.write_bytes(wound)
    report = audit(archive, Scope())
    assert (report.resumed, len(report.results)) == (0, 3)


def test_a_run_that_was_stopped_long_ago_is_not_taken_up(archive: Archive) -> None:
    stopped(archive, Scope(), after=2)
    (notes,) = (archive.cache / "audits").iterdir()
    lines = notes.read_text().splitlines(keepends=True)
    year = lines[0].partition('"at":"')[2][:4]
    notes.write_text(lines[0].replace(f'"at":"{year}', f'"at":"{int(year) - 1}') + "".join(lines[1:]))
    assert audit(archive, Scope()).resumed == 0


def test_where_notes_cannot_be_written_the_run_goes_on_and_says_so(archive: Archive) -> None:
    (archive.cache).mkdir(exist_ok=True)
    (archive.cache / "audits").write_text("a file in the way")
    watch = Stopping(99)
    assert audit(archive, Scope(), watch=watch).is_clean
    assert "cannot be noted" in watch.notes[0]


def test_the_same_audit_twice_at_once_is_refused(archive: Archive, kept: Kept) -> None:
    other = Archive.open(kept.archive)
    caught: list[BaseException] = []

    class InTheMiddle(NobodyWatches):
        def done(self, result: object) -> None:
            if not caught:
                try:
                    audit(other, Scope())
                except Locked as error:
                    caught.append(error)

    audit(archive, Scope(), workers=1, watch=InTheMiddle())
    other.close()
    assert len(caught) == 1


def test_many_threads_find_the_same_as_one(archive: Archive, kept: Kept) -> None:
    flip(content_of(kept.archive, kept.id("tape 7.mp4"), "masters/tape 7.mp4"))
    one, many = (audit(archive, Scope(), workers=workers) for workers in (1, 8))
    results = [[(r.object, r.result) for r in run.results if "asset" in r.object] for run in (one, many)]
    assert results[0] == results[1]
    assert one.count(FixityResult.FAILED) == 1
    assert threading.active_count() < 4


def test_the_scope_says_what_was_asked_with_ids_in_full(archive: Archive, kept: Kept) -> None:
    asset = kept.id("tape 7.mp4")
    assert audit(archive, Scope(assets=(asset[:6], asset))).run.scope == f"assets {asset}"
    assert str(Scope(sample="5%", unchecked_for=timedelta(days=90))) == "sample 5%, unchecked for 90 days"
    assert str(Scope()) == "all"


@pytest.mark.slow
def test_a_killed_run_is_taken_up_by_the_next(kept: Kept, tmp_path: Path) -> None:
    films = tmp_path / "films"
    films.mkdir()
    for number in range(12):
        (films / f"{number}.mp4").write_bytes(bytes([number]) * 4_000_000)
    assert holdfast("add", films, "--archive", kept.archive).code == 0
    process = started("audit", "--jobs", "1", "--archive", kept.archive)
    until(lambda: any(len(path.read_bytes().splitlines()) > 3 for path in kept.archive.glob("cache/audits/*")))
    assert ended(process, signal.SIGKILL).code == -signal.SIGKILL
    archive = Archive.open(kept.archive)
    report = audit(archive, Scope())
    archive.close()
    assert report.resumed >= 2
    assert (len(report.results), report.is_clean) == (15, True)
