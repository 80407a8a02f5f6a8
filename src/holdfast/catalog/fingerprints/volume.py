"""One work as it stands in a shard: its tracks in columns, and the rest of its fingerprint as the bytes of a file."""

from __future__ import annotations

import zlib
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

from holdfast.errors import BadRecord
from holdfast.formats.arrays import Buffer
from holdfast.formats.fingerprint import fingerprint_bytes, parse_fingerprint, without_stills, without_tracks
from holdfast.model.fingerprint import Fingerprint, PictureTrack, PointTrack, SoundTrack


@dataclass(frozen=True)
class Volume:
    """A work: its opaque name, and its fingerprint taken apart.

    `rest` is a fingerprint's file without the tracks, compressed by zlib: half of it is changes from frame to frame,
    which are much alike, and a film of a minute has little else than its head.
    """

    name: str
    duration: Fraction
    size: tuple[int, int]
    pictures: PictureTrack
    points: PointTrack
    sounds: SoundTrack
    rest: Buffer

    @property
    def fingerprint(self) -> Fingerprint:
        """The fingerprint as it was given, without its stills.

        Raises:
            BadRecord: it was not well kept.
        """
        try:
            unpacked = zlib.decompress(self.rest)
        except zlib.error as error:
            raise BadRecord(name=self.name, reason=f"its rest cannot be unpacked: {error}") from error
        rest = parse_fingerprint(unpacked, self.name, is_checked=False)
        sounds = replace(self.sounds, heard=rest.sounds.heard)
        return replace(rest, pictures=self.pictures, points=self.points, sounds=sounds)

    @property
    def size_bytes(self) -> int:
        """About how many bytes it takes in a shard."""
        return 38 * len(self.pictures) + 25 * len(self.points.bits) + 10 * len(self.sounds) + len(self.rest) + 400


def volume_of(name: str, fingerprint: Fingerprint) -> Volume:
    """A fingerprint, ready to be put in a shard. Its stills stay in the store: nothing is known again by them.

    Raises:
        ValueError: it contradicts itself (see `formats.fingerprint`).
    """
    rest = zlib.compress(fingerprint_bytes(without_tracks(without_stills(fingerprint))), 9)
    volume = Volume(
        name,
        fingerprint.duration,
        fingerprint.size,
        fingerprint.pictures,
        fingerprint.points,
        fingerprint.sounds,
        rest,
    )
    _check(volume)
    return volume


def _check(volume: Volume) -> None:
    """What a file's reader has checked need not be so of a fingerprint that never was in one."""
    pictures, points, sounds = volume.pictures, volume.points, volume.sounds
    fits = (
        pictures.hashes.shape == (len(pictures.times), 4)
        and len(pictures.times) == len(pictures.views) == len(pictures.quality)
        and points.bits.shape == (len(points.sizes), 2)
        and len(points.places) == len(points.sizes) == len(points.angles)
        and len(points.starts) == len(points.times) + 1
        and points.starts[0] == 0
        and points.starts[-1] == len(points.bits)
        and not (np.diff(points.starts) < 0).any()
        and len(sounds.keys) == len(sounds.times)
    )
    if not fits:
        raise ValueError(f"the fingerprint of {volume.name} has arrays that do not fit together")
