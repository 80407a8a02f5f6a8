"""Access copies: all that is needed to watch a master in a browser, made in one decoding pass.

    result = make_access(master, empty_folder)

leaves in the folder: an MP4 and a playlist for each rung of the ladder, `master.m3u8`, `poster.jpg`, storyboard
sheets with `storyboard.vtt`, and `access.json`, which describes them and is written last. Everything may be thrown
away and made again. The master is only read, twice: first its sound alone (for the one gain that the whole film
gets), then everything.

A damaged master gives what can be decoded, and the result says what could not. A file in which nothing can be decoded
gives a result without renditions. The function is meant to run in a process of its own: the file may be hostile, and
FFmpeg is C. The order of the rungs in `master.m3u8` is from small to large, so that a player starts at once.
"""

from __future__ import annotations

import errno
import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import av

from holdfast.errors import DiskFull, StorageRefused
from holdfast.media.access_pass import Made, Watch, make_files
from holdfast.media.hls import AAC_LC, Variant, h264_codec, master_playlist, media_playlist
from holdfast.media.ladder import WEB_1, Recipe
from holdfast.media.rendition import RenditionThread
from holdfast.model.technical import Loudness
from holdfast.model.time import ratio

FORMAT = "holdfast-access-1"


@dataclass(frozen=True)
class Rendition:
    """One file to watch. `width`, `height` and `frame_rate` are None for sound alone. Rates in bits a second."""

    name: str
    file: str
    playlist: str
    codecs: tuple[str, ...]
    duration: Fraction
    size_bytes: int
    bandwidth: int
    average_bandwidth: int
    width: int | None = None
    height: int | None = None
    frame_rate: Fraction | None = None


@dataclass(frozen=True)
class AccessResult:
    """What was made. `loudness` is that of the master's sound in stereo, before `gain_db` was applied.

    `files` maps each name in the folder (but `access.json`) to its size in bytes.
    """

    recipe: str
    duration: Fraction
    renditions: tuple[Rendition, ...]
    playlist: str | None
    poster: str | None
    poster_time: Fraction | None
    storyboard: str | None
    loudness: Loudness | None
    gain_db: Fraction
    files: dict[str, int]
    warnings: tuple[str, ...]

    @property
    def is_watchable(self) -> bool:
        """Whether anything at all could be decoded."""
        return bool(self.renditions)

    def as_json(self) -> dict[str, Any]:
        """The content of `access.json`: exact numbers as text (`30000/1001`)."""
        return {"format": FORMAT, **_plain(asdict(self))}


def make_access(
    source: Path,
    folder: Path,
    *,
    recipe: Recipe = WEB_1,
    on_progress: Callable[[float], None] | None = None,
    should_stop: Callable[[], bool] | None = None,
) -> AccessResult:
    """Makes the access copy of `source` in the (existing, empty) `folder`; the caller renames it into place.

    `on_progress` is told the fraction done, 0 to 1. On any error the folder is left behind incomplete.

    Raises:
        SourceMissing: the master cannot be read.
        DiskFull: there is no space left for the copy.
        StorageRefused: the folder cannot be written to for another reason.
        CancelledError: `should_stop` said so.
    """
    watch = Watch(on_progress or (lambda _fraction: None), should_stop or (lambda: False))
    try:
        result = _described(make_files(source, folder, recipe, watch), recipe, folder)
        (folder / "access.json").write_text(json.dumps(result.as_json(), indent=2, ensure_ascii=False), "utf-8")
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise DiskFull(place=folder, name=f"the access copy of {source.name}") from error
        raise StorageRefused(
            place=folder, name=f"the access copy of {source.name}", reason=error.strerror or str(error)
        ) from error
    watch.tell(1.0)
    return result


def _described(made: Made, recipe: Recipe, folder: Path) -> AccessResult:
    """Writes playlists and poster, and describes everything that lies in the folder."""
    renditions = tuple(_rendition(thread, folder) for thread in made.renditions)
    if renditions:
        (folder / "master.m3u8").write_text(master_playlist([_variant(each) for each in renditions]), "utf-8")
    has_poster = made.poster is not None and made.poster.save(folder / "poster.jpg")
    files = {path.name: path.stat().st_size for path in sorted(folder.iterdir())}
    return AccessResult(
        recipe=recipe.name,
        duration=max((each.duration for each in renditions), default=Fraction(0)),
        renditions=renditions,
        playlist="master.m3u8" if renditions else None,
        poster="poster.jpg" if has_poster else None,
        poster_time=made.poster.time if made.poster is not None and has_poster else None,
        storyboard="storyboard.vtt" if "storyboard.vtt" in files else None,
        loudness=made.loudness,
        gain_db=made.gain_db,
        files=files,
        warnings=made.warnings,
    )


def _rendition(thread: RenditionThread, folder: Path) -> Rendition:
    """Writes the playlist of a finished MP4 and describes it from its own bytes, not from what was asked for."""
    path, rung = thread.path, thread.rung
    playlist = path.with_suffix(".m3u8").name
    (folder / playlist).write_text(media_playlist(path.name, thread.index), "utf-8")
    codecs = [AAC_LC] if thread.has_sound else []
    if rung is not None:
        with av.open(str(path)) as container:
            codecs.insert(0, h264_codec(container.streams.video[0].codec_context.extradata or b""))
    return Rendition(
        name=path.stem,
        file=path.name,
        playlist=playlist,
        codecs=tuple(codecs),
        duration=thread.index.duration,
        size_bytes=path.stat().st_size,
        bandwidth=thread.index.peak_bit_rate,
        average_bandwidth=thread.index.average_bit_rate,
        width=rung.width if rung is not None else None,
        height=rung.height if rung is not None else None,
        frame_rate=thread.rate if rung is not None else None,
    )


def _variant(rendition: Rendition) -> Variant:
    has_picture = rendition.width is not None and rendition.height is not None
    return Variant(
        rendition.playlist,
        rendition.bandwidth,
        rendition.average_bandwidth,
        rendition.codecs,
        (rendition.width or 0, rendition.height or 0) if has_picture else None,
        rendition.frame_rate,
    )


def _plain(value: Any) -> Any:
    """JSON's own kinds in place of ours."""
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return ratio(value) if isinstance(value, Fraction) else value
