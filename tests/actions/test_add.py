"""What the deed reports. That nothing is lost however it ends is proved in test_crash_add.py."""

from __future__ import annotations

from pathlib import Path

from holdfast.actions.add import AddResult, Outcome, add
from holdfast.actions.archive import Archive
from holdfast.actions.watch import NobodyWatches
from holdfast.errors import DiskFull, EmptySource
from holdfast.model.rights import AccessLevel
from tests.cli.conftest import Kept
from tests.cli.line import content_of, flip


class Counting(NobodyWatches):
    """Adds up what it is told."""

    def __init__(self) -> None:
        self.bytes, self.expected, self.results = 0, 0, 0

    def begin(self, what: str, *, items: int | None = None, size_bytes: int | None = None) -> None:
        """A stage: remember how many bytes it should have."""
        self.bytes, self.expected = 0, size_bytes or 0

    def advance(self, size_bytes: int) -> None:
        """Bytes done."""
        self.bytes += size_bytes

    def done(self, result: object) -> None:
        """An item done."""
        self.results += 1


def test_results_come_in_the_order_of_names_each_with_its_digest(archive: Archive, kept: Kept) -> None:
    report = add(archive, [kept.folder])
    assert [result.path.name for result in report.results] == ["Leuchtturm.mp4", "harvest.mp4", "tape 7.mp4"]
    assert {result.outcome for result in report.results} == {Outcome.ALREADY_KEPT}
    assert all(len(result.digest) == 128 and str(result.asset) in kept.ids.values() for result in report.results)
    assert report.is_complete


def test_the_watch_is_told_of_every_byte_once(archive: Archive, kept: Kept, tmp_path: Path) -> None:
    (tmp_path / "new.mp4").write_bytes(b"n" * 2000)  # as long as one that is kept: it has to be read twice
    (tmp_path / "other.mp4").write_bytes(b"o" * 777)
    watch = Counting()
    add(archive, [tmp_path / "new.mp4", tmp_path / "other.mp4", kept.folder], watch=watch)
    assert watch.bytes == watch.expected == 2777 + sum(file.stat().st_size for file in kept.folder.glob("*.mp4"))
    assert watch.results == 5


def test_the_same_bytes_under_two_names_are_one_asset(archive: Archive, tmp_path: Path) -> None:
    for name in ("a.mp4", "b.mp4"):
        (tmp_path / name).write_bytes(b"the same")
    first, second = add(archive, [tmp_path / "a.mp4", tmp_path / "b.mp4"]).results
    assert (first.outcome, second.outcome) == (Outcome.KEPT, Outcome.ALREADY_KEPT)
    assert first.asset == second.asset


def test_a_failure_is_in_the_report_and_the_rest_goes_on(archive: Archive, tmp_path: Path) -> None:
    (tmp_path / "a.mp4").write_bytes(b"")
    (tmp_path / "b.mp4").write_bytes(b"b")
    report = add(archive, [tmp_path / "a.mp4", tmp_path / "b.mp4"], access=AccessLevel.PUBLIC)
    assert isinstance(report.results[0].error, EmptySource)
    assert report.results[1].outcome is Outcome.KEPT
    assert not report.is_complete


def test_a_full_disk_ends_the_run_and_what_was_not_tried_is_named(kept: Kept, tmp_path: Path) -> None:
    from holdfast.backends.local import LocalBackend
    from holdfast.config import load_settings
    from holdfast.testing.faults import FaultyDisk

    for name in ("a.mp4", "b.mp4", "c.mp4"):
        (tmp_path / name).write_bytes(name.encode() * 50_000)
    disk = FaultyDisk(full_after_bytes=400_000)
    archive = Archive(kept.archive, load_settings(kept.archive), LocalBackend(kept.archive, disk))
    report = add(archive, [tmp_path / name for name in ("a.mp4", "b.mp4", "c.mp4")])
    archive.close()
    assert [result.outcome for result in report.results] == [Outcome.KEPT, Outcome.FAILED, Outcome.NOT_TRIED]
    assert isinstance(report.results[1].error, DiskFull)


def test_a_damaged_file_is_mended_by_its_right_bytes_only(archive: Archive, kept: Kept, tmp_path: Path) -> None:
    master = content_of(kept.archive, kept.id("tape 7.mp4"), "masters/tape 7.mp4")
    flip(master)
    (tmp_path / "other.mp4").write_bytes(master.read_bytes())
    (other,) = add(archive, [tmp_path / "other.mp4"]).results
    assert other.outcome is Outcome.KEPT  # what is damaged is another film to us, not a cure
    (right,) = add(archive, [kept.folder / "tape 7.mp4"]).results
    assert (right.outcome, str(right.asset)) == (Outcome.MENDED, kept.id("tape 7.mp4"))
    assert master.read_bytes() == (kept.folder / "tape 7.mp4").read_bytes()


def test_a_report_counts_by_outcome() -> None:
    assert AddResult(Path("x"), Outcome.FAILED).outcome.value == "failed"


def test_a_film_whose_record_is_damaged_is_not_kept_a_second_time(archive: Archive, kept: Kept) -> None:
    asset = next(iter(kept.ids.values()))
    record = archive.folder / archive.root.place_of(f"holdfast:asset:{asset}", "record.json")
    record.write_bytes(record.read_bytes() + b"x")
    archive.catalog.rebuild()
    again = add(archive, [kept.folder])
    assert {result.outcome for result in again.results} == {Outcome.ALREADY_KEPT}
    assert asset in {str(result.asset) for result in again.results}
    assert any("description is damaged" in note for note in again.notes)
