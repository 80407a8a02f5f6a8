"""Restore lost works: from found copies to a reconstruction with its edit list, kept in the object of its asset.

    what is there      held masters, found copies that are claimed or accepted, what survives of the work
    plan               time line, exact place of every picture, measured quality, choice    (a process of its own)
    build              the film, in the cache                                                (likewise)
    keep               film, edit list, event and status, in one version of the object

Running it again does what is missing: an edit list that is what it was is not built again. Killed in between, nothing
that is kept is touched.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from pathlib import Path
from typing import Any

from holdfast.actions.add import sweep
from holdfast.actions.aligning import spread
from holdfast.actions.answers import Answers
from holdfast.actions.apart import Apart
from holdfast.actions.archive import Archive
from holdfast.actions.describe import record_of
from holdfast.actions.fingerprinting import need_restore
from holdfast.actions.found import verdict_on
from holdfast.actions.recognizing import copy_path
from holdfast.actions.remembering import Stamp, stamp_of
from holdfast.actions.restoring import Planned, Source, Wish, build_body, plan_body, shifted
from holdfast.actions.sighting import copies, sightings
from holdfast.actions.watch import UNWATCHED, Watch
from holdfast.catalog import lists
from holdfast.catalog.lists import FoundCopy, Printed
from holdfast.errors import Damaged, HoldfastError, Locked, NotFound, StorageFailure
from holdfast.formats.coverage import coverage_record
from holdfast.formats.identification import number
from holdfast.formats.otio import parse_otio
from holdfast.keep.found import read_found
from holdfast.keep.lost import change_status
from holdfast.keep.reconstruction import keep_reconstruction, read_edit_list, reconstruction_of
from holdfast.model.asset import RECONSTRUCTED, AssetRecord, Instantiation, Status
from holdfast.model.edit import EditList
from holdfast.model.found import FoundRecord, Verdict, found_object_id
from holdfast.model.ids import AssetId
from holdfast.model.technical import MediaInfo

RESTORING, FILM = "restoring", ".mkv"  # in the cache, while it is made
LONGEST_NAME_BYTES = 180  # of a title, in a file name


@dataclass(frozen=True)
class Restored:
    """What became of one asset.

    `state` is `restored`, `partly restored`, `nothing found`, `held` (there is nothing to restore) or `failed`.
    `is_new` tells whether a reconstruction was built now. `edits` is the plan, also where nothing was built.
    """

    asset: str
    title: str
    state: str
    edits: EditList | None = None
    before: EditList | None = None
    made: Instantiation | None = None
    is_new: bool = False
    notes: tuple[str, ...] = field(default=())
    error: HoldfastError | None = None

    def as_record(self) -> dict[str, Any]:
        """As it stands in JSON."""
        record: dict[str, Any] = {"asset": self.asset, "title": self.title, "state": self.state, "new": self.is_new}
        made = self.made
        record["reconstruction"] = made and {
            "digest": str(made.digest),
            "file": made.file,
            "duration": number(self.edits.duration) if self.edits else None,
        }
        record["coverage"] = coverage_record(self.edits) if self.edits else None
        record["notes"] = list(self.notes)
        return record | (self.error.as_json() if self.error else {})


def lost_assets(archive: Archive, watch: Watch = UNWATCHED) -> list[str]:
    """The assets that are not wholly held, in the order in which they came."""
    with archive.up_to_date_catalog(watch).engine.connect() as connection:
        lines = list(lists.list_assets(connection))
    return [line.asset for line in lines if line.status in (Status.LOST, Status.HELD_IN_PART)]


def restore(
    archive: Archive,
    typed: Sequence[str],
    *,
    only_plan: bool = False,
    consensus: bool = True,
    watch: Watch = UNWATCHED,
) -> tuple[Restored, ...]:
    """Restore these assets; all that are not wholly held if none is named.

    Args:
        archive: the archive.
        typed: ids of assets or their beginnings.
        only_plan: tell what would be done, and build nothing.
        consensus: combine copies that show the same, where that is nearer to the work than the best of them.
        watch: told how it goes; `done` with each `Restored`.

    Raises:
        UnknownAsset, AmbiguousAsset: one of them does not exist; nothing was begun.
        ExtraMissing: the optional part [restore] is not installed.
        Locked, StorageFailure: the archive cannot be read or written.
    """
    need_restore("Restoring works")
    wanted = list(dict.fromkeys(str(archive.find(one)) for one in typed)) or lost_assets(archive, watch)
    deed = _Restoring(archive, watch, only_plan=only_plan, consensus=consensus)
    watch.begin(deed.word, items=len(wanted))
    results = []
    with Apart() as apart:
        for asset in wanted:
            results.append(deed.one(AssetId(asset), apart))
            watch.done(results[-1])
    return tuple(results)


class _Restoring:
    """One run of `restore`: what is the same for all its assets."""

    def __init__(self, archive: Archive, watch: Watch, *, only_plan: bool, consensus: bool) -> None:
        self._archive, self._watch, self._only_plan, self._consensus = archive, watch, only_plan, consensus
        self.word = "Planning" if only_plan else "Restoring"
        self._copies = copies(archive, watch)
        self._failed: list[str] = []
        self._records = dict(self._read())
        self._copies = [copy for copy in self._copies if copy.digest in self._records]
        self._whole: dict[str, Stamp] = {}
        self._seen = sightings(archive, self._copies, watch, self._note_failure)
        with archive.catalog.engine.connect() as connection:
            self._prints = {one.asset: one for one in lists.fingerprints(connection)}
        for told in self._failed:  # once, and not with every work
            watch.note(told)
        watch.begin(self.word)
        _sweep(archive)
        if not only_plan:
            sweep(archive)  # what a run that was killed while it kept its film left in staging

    def _read(self) -> Iterator[tuple[str, FoundRecord]]:
        """The records of found copies; one that is damaged costs its copy, and nothing else."""
        for copy in self._copies:
            try:
                yield copy.digest, read_found(self._archive.root, copy.digest)
            except (Damaged, NotFound) as error:
                self._failed.append(f"{copy.name} could not be used: {error.sentences()[0]}")

    def one(self, asset: AssetId, apart: Apart) -> Restored:
        """Restore one asset; every failure is in the result."""
        title = str(asset)
        try:
            record, _ = record_of(self._archive, str(asset))
            title = record.title(self._archive.settings.languages)
            self._watch.at(title)
            with self._archive.backend.lock(f"restore-{asset}", wait_s=1):
                return self._one(record, title, apart)
        except StorageFailure:
            raise  # the next work would fail likewise, after hours
        except HoldfastError as error:
            return Restored(str(asset), title, "failed", error=error)

    def _one(self, record: AssetRecord, title: str, apart: Apart) -> Restored:
        asset = str(record.id)
        before = edit_list_of(self._archive, record.id)
        made = reconstruction_of(record)
        if record.has_master:
            return Restored(asset, title, "held")
        wish, notes = self._wish(record, title, before, apart)
        while True:
            wish, damaged = self._without_damaged(wish)
            notes = (*notes, *damaged)
            if not wish.sources:
                return Restored(asset, title, "nothing found", before, before, made, notes=notes)
            planned = self._planned(wish, title, apart)
            done = self._done(record, wish, planned, title, before, notes, apart)
            if done is not None:
                return done

    def _done(
        self,
        record: AssetRecord,
        wish: Wish,
        planned: Planned,
        title: str,
        before: EditList | None,
        notes: tuple[str, ...],
        apart: Apart,
    ) -> Restored | None:
        """What became of a work by this plan; None if a copy was damaged while the film was made of it."""
        asset, made, edits = str(record.id), reconstruction_of(record), planned.edits
        notes = (*notes, *edits.notes, *self._left_out(planned))
        state = state_of(edits, has_sound=planned.has_sound)
        if before is not None:
            notes = (*notes, *self._made_of_refused(before, asset))
        if state == "nothing found" or self._only_plan:
            return Restored(asset, title, state, edits, before, made, notes=notes)
        stays = before is not None and (before == edits or self._is_less(edits, before, asset))
        # Whether it is whole is asked last: every byte of the film is read for it.
        if before and stays and made and self._archive.root.is_whole(str(record.id.object_id), made.file):
            if before != edits:
                notes = (*notes, "what is kept covers more than what could be made now, and stays")
                edits, state = before, state_of(before, has_sound=planned.has_sound)
            self._set_status(record, state)
            return Restored(asset, title, state, edits, before, made, notes=notes)
        built = self._built(record, wish, edits, title, state, apart)
        if built is None:
            return None
        held, more = built
        return Restored(asset, title, state, edits, before, held, is_new=True, notes=(*notes, *more))

    def _is_less(self, edits: EditList, before: EditList, asset: str) -> bool:
        """Whether a new plan would take away what is kept, and no person has refused the copies that gave it."""
        missing = set(before.sources) - set(edits.sources)
        is_refused = any(self._verdict(digest, asset) == Verdict.REFUSED for digest in missing)
        now, then = (one.covered + one.covered_by_sound for one in (edits, before))
        return bool(missing) and not is_refused and now < then - 2 / edits.frame_rate

    def _made_of_refused(self, before: EditList, asset: str) -> list[str]:
        refused = [name for digest, name in before.sources.items() if self._verdict(digest, asset) == Verdict.REFUSED]
        return [f"the reconstruction that is kept was made of {name}, which was refused since" for name in refused]

    def _verdict(self, digest: str, asset: str) -> str:
        record = self._records.get(digest)
        return "" if record is None else verdict_on(record, asset)

    def _set_status(self, record: AssetRecord, state: str) -> None:
        wanted = _status_of(state)
        if record.status is not wanted:
            with self._archive.catalog.changing(str(record.id.object_id)):
                change_status(self._archive.root, record.id, wanted, RECONSTRUCTED, self._archive.terms())

    def _planned(self, wish: Wish, title: str, apart: Apart) -> Planned:
        args = {"path": title, "wish": wish, "consensus": self._consensus}
        planned: Planned = apart.awaited(apart.submit(plan_body, args), self._told(title, 0.0, 0.35))
        return planned

    def _without_damaged(self, wish: Wish) -> tuple[Wish, tuple[str, ...]]:
        """The wish with those copies whose bytes are what they were when they were kept; notes on the others."""
        whole, notes = [], []
        for source in wish.sources:
            stamp = self._whole_file(source)
            if stamp is None:
                is_there = source.path.is_file()
                what = "is damaged in the archive" if is_there else "is gone from the archive"
                notes.append(f"{source.name} {what} and was not used")
            else:
                whole.append(replace(source, stamp=stamp))
        return replace(wish, sources=tuple(whole)), tuple(notes)

    def _whole_file(self, source: Source) -> Stamp | None:
        """The stamp of the file of a copy if all of its bytes are what they were; they are read once while it stays."""
        stamp = stamp_of(source.path)
        if stamp is None or self._whole.get(source.digest) == stamp:
            return stamp
        object_id, file = str(found_object_id(source.digest)), self._records[source.digest].file
        with contextlib.suppress(Damaged, NotFound):
            if self._archive.root.is_whole(object_id, file):
                self._whole[source.digest] = stamp
                return stamp
        return None

    def _are_whole(self, sources: Sequence[Source]) -> bool:
        """Whether all bytes of these copies are what they were, now."""
        self._whole.clear()
        return all(self._whole_file(one) for one in sources)

    def _is_untouched(self, edits: EditList, digest: str) -> bool:
        """Whether the copy with this digest is the reconstruction as it is: as long, as large, and nothing beside."""
        source, info = self._seen.get(digest), self._records[digest].technical
        picture = info.video[0] if info is not None and info.video else None
        size = (picture.width, picture.height) if picture is not None else (0, 0)
        length = source.duration if source is not None else Fraction(0)
        return abs(length - edits.duration) * edits.frame_rate <= 1 and size == edits.size

    def _built(
        self, record: AssetRecord, wish: Wish, edits: EditList, title: str, state: str, apart: Apart
    ) -> tuple[Instantiation, tuple[str, ...]] | None:
        """The reconstruction, kept, and notes; None if a copy did not stay what it was: then nothing was kept."""
        from holdfast.restore.assemble import whole_source

        single = whole_source(edits, consensus=self._consensus)
        status = _status_of(state)
        folder = self._archive.cache / RESTORING
        folder.mkdir(parents=True, exist_ok=True)
        target = folder / f"{record.id}{FILM}"
        if single is not None and self._is_untouched(edits, single):
            source = next(one for one in wish.sources if one.digest == single)
            name = _name(title, _suffix(self._records[single].technical))
            return (self._kept(record, source.path, name, edits, status), ()) if self._are_whole([source]) else None
        try:
            args = {"path": title, "wish": wish, "edits": edits, "target": str(target), "consensus": self._consensus}
            answer = apart.awaited(apart.submit(build_body, args), self._told(title, 0.35, 1.0))
            # What it says that it was made of, it must have been made of: bytes may go bad in the hours of the making.
            if not self._are_whole([one for one in wish.sources if one.digest in edits.sources]):
                return None
            return self._kept(record, target, _name(title, FILM), edits, status), tuple(answer["notes"])
        finally:
            target.unlink(missing_ok=True)

    def _kept(self, record: AssetRecord, path: Path, name: str, edits: EditList, status: Status) -> Instantiation:
        object_id = str(record.id.object_id)
        with self._archive.catalog.changing(object_id):
            return keep_reconstruction(
                self._archive.root,
                record.id,
                path,
                name,
                _probed(path),
                edits,
                status,
                self._archive.terms(),
                on_bytes=self._watch.advance,
            )

    # ------------------------------------------------------------------------------------------ what is there

    def _wish(
        self, record: AssetRecord, title: str, before: EditList | None, apart: Apart
    ) -> tuple[Wish, tuple[str, ...]]:
        asset, object_id = str(record.id), str(record.id.object_id)
        work = self._prints.get(asset)
        masters = [one for one in record.masters if one.technical]
        picture = next((one.technical.video[0] for one in masters if one.technical and one.technical.video), None)
        stated = record.stated_durations[0].seconds if record.stated_durations else None
        known, notes = self._known(asset, work.file) if work is not None else self._inferred(asset, apart)
        if stated is None and masters and masters[0].technical is not None:
            stated = masters[0].technical.duration
        texts = tuple(self._place(object_id, text.file) for text in record.texts)
        wish = Wish(
            asset=asset,
            title=title,
            sources=known,
            work=self._work_path(work),
            stated=stated,
            frame_rate=picture.frame_rate if picture is not None and not picture.is_variable_rate else None,
            before=before,
            captions=tuple(path for path in texts if path is not None),
            work_digest=work.digest if work is not None else "",
            cache=self._archive.cache,
        )
        return wish, notes

    def _known(self, asset: str, film: str) -> tuple[tuple[Source, ...], tuple[str, ...]]:
        """Copies that are claimed by recognition, or accepted by a person, as showing a work with a fingerprint."""
        sources, notes = [], []
        for copy in self._copies:
            sighting = self._seen.get(copy.digest)
            verdict = verdict_on(self._records[copy.digest], asset)
            if sighting is None or verdict == Verdict.REFUSED:
                continue
            groups = (sighting.matches, sighting.doubtful) if verdict == Verdict.ACCEPTED else (sighting.matches,)
            segments = [
                segment
                for group in groups
                for one in group
                if (one.asset, one.file) == (asset, film)
                for segment in one.match.segments
            ]
            if not segments and verdict == Verdict.ACCEPTED:
                notes.append(f"{copy.name} was accepted, but nothing tells which seconds of the work it shows")
            if segments:
                decision = self._records[copy.digest].decision(AssetId(asset))
                moved = shifted(segments, decision.shift if decision is not None else Fraction(0))
                is_anchor = verdict == Verdict.ACCEPTED
                sources.append(
                    Source(
                        copy.digest,
                        copy.name,
                        copy_path(self._archive, copy),
                        sighting.duration,
                        moved,
                        None,
                        is_anchor,
                    )
                )
        return tuple(sources), tuple(notes)

    def _inferred(self, asset: str, apart: Apart) -> tuple[tuple[Source, ...], tuple[str, ...]]:
        """Copies that people accepted, and those that show the same as they do."""
        verdicts = {copy.digest: verdict_on(self._records[copy.digest], asset) for copy in self._copies}
        anchors = [copy for copy in self._copies if verdicts[copy.digest] == Verdict.ACCEPTED]
        decisions = (self._records[copy.digest].decision(AssetId(asset)) for copy in anchors)
        shifts = ("a shift in frames means nothing here: no fingerprint tells the time of the work",)
        told = shifts if any(one is not None and one.shift for one in decisions) else ()
        if not anchors:
            return (), ("nothing of it survives to know it by: accept a copy first, holdfast found accept",)
        pool = [
            copy for copy in self._copies if verdicts[copy.digest] != Verdict.REFUSED and self._is_free(copy, asset)
        ]
        found, notes = spread(self._archive, anchors, pool, apart, self._watch)
        by_digest = {copy.digest: copy for copy in (*anchors, *pool)}
        sources = []
        for digest, shared in found.items():
            copy, sighting = by_digest[digest], self._seen.get(digest)
            length = sighting.duration if sighting else Fraction(copy.duration_us or 0, 1_000_000)
            path, is_anchor = copy_path(self._archive, copy), verdicts[digest] == Verdict.ACCEPTED
            sources.append(Source(digest, copy.name, path, length, (), shared, is_anchor))
        return tuple(sources), (*told, *notes)

    def _is_free(self, copy: FoundCopy, asset: str) -> bool:
        """Whether neither a person nor recognition says that a copy shows other works."""
        sighting, record = self._seen.get(copy.digest), self._records[copy.digest]
        if record.accepted and AssetId(asset) not in record.accepted:
            return False
        claimed = sighting.matches if sighting is not None else ()
        others = [one for one in claimed if one.asset != asset and verdict_on(record, one.asset) != Verdict.REFUSED]
        covered = sum((one.match.covered for one in others), Fraction(0))
        return sighting is None or covered < sighting.duration / 2

    def _note_failure(self, copy: FoundCopy, answer: object) -> None:
        refused = any(
            one.verdict is Verdict.REFUSED and one.asset is None for one in self._records[copy.digest].decisions
        )
        if isinstance(answer, HoldfastError) and not refused:
            self._failed.append(f"{copy.name} could not be used: {answer.sentences()[0]}")

    def _work_path(self, work: Printed | None) -> Path | None:
        return None if work is None else self._place(str(AssetId(work.asset).object_id), work.path)

    def _place(self, object_id: str, logical: str) -> Path | None:
        with contextlib.suppress(HoldfastError):
            return self._archive.folder / self._archive.root.place_of(object_id, logical)
        return None

    def _left_out(self, planned: Planned) -> list[str]:
        names = {copy.digest: copy.name for copy in self._copies}
        return [f"{names.get(one, one[:12])} connects with nothing else of it" for one in planned.left_out]

    def _told(self, title: str, start: float, end: float) -> Any:
        return lambda share: self._watch.at(f"{title} {start + share * (end - start):.0%}")


def edit_list_of(archive: Archive, asset: AssetId) -> EditList | None:
    """The edit list of an asset's reconstruction; None if it has none, or none that can be read."""
    with contextlib.suppress(Damaged):
        data = read_edit_list(archive.root, asset)
        return None if data is None else parse_otio(data, f"the edit list of {asset}")
    return None


def state_of(edits: EditList, *, has_sound: bool = True) -> str:
    """`restored`, `partly restored` or `nothing found`."""
    if not edits.covered and not edits.covered_by_sound:
        return "nothing found"
    return "partly restored" if edits.gaps or (has_sound and edits.gaps_of_sound) else "restored"


def _status_of(state: str) -> Status:
    """The status of a work of which there is a reconstruction."""
    return Status.HELD if state == "restored" else Status.HELD_IN_PART


def _probed(path: Path) -> MediaInfo | None:
    from holdfast.actions.add import new_prober

    with contextlib.suppress(HoldfastError), new_prober() as prober:
        return prober.submit(path).result() if prober else None
    return None


_SUFFIXES = {
    "mp4": ".mp4",
    "mov": ".mov",
    "webm": ".webm",
    "avi": ".avi",
    "mpegts": ".ts",
    "ogg": ".ogv",
    "flv": ".flv",
}


def _suffix(info: MediaInfo | None) -> str:
    """The suffix of a film of this container."""
    return _SUFFIXES.get(info.container if info is not None else "", ".mkv")


def _name(title: str, suffix: str) -> str:
    """A file name of a title, on any file system."""
    plain = "".join("_" if c in '/\\:*?"<>|' or not c.isprintable() else c for c in title)
    short = plain.encode("utf-8", "replace")[:LONGEST_NAME_BYTES].decode("utf-8", "ignore").strip(" .")
    return f"{short or 'reconstruction'}{suffix}"


def _sweep(archive: Archive) -> None:
    """Remove what killed runs left half made, the film of a work that nobody restores now; and answers that are old."""
    for left in (archive.cache / RESTORING).glob(f"*{FILM}"):
        with contextlib.suppress(Locked, OSError), archive.backend.lock(f"restore-{left.stem}", wait_s=0):
            left.unlink(missing_ok=True)
    Answers(archive.cache).sweep()
