"""What a film is known by, before anything was seen of it."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from holdfast.model.fingerprint import HOP_US, Fingerprint, FrameTrack, PictureTrack, PointTrack, SoundTrack, View


@pytest.mark.parametrize("track", [PictureTrack, FrameTrack, PointTrack, SoundTrack])
def test_an_empty_track_has_no_rows_and_the_types_of_a_full_one(track: type) -> None:
    empty = track.empty()
    assert len(empty) == 0
    assert all(isinstance(array, np.ndarray) for array in vars(empty).values())


def test_a_fingerprint_of_nothing_is_whole_in_every_part() -> None:
    nothing = Fingerprint(Fraction(0), (0, 0))
    assert [len(nothing.pictures), len(nothing.frames), len(nothing.points), len(nothing.sounds)] == [0, 0, 0, 0]
    assert nothing.points.starts.tolist() == [0]
    assert nothing.pictures.hashes.shape == (0, 4)
    assert nothing.points.bits.shape == (0, 2)
    assert nothing.mode == "full"


def test_two_fingerprints_do_not_share_what_is_kept_for_later() -> None:
    one, other = Fingerprint(Fraction(0), (0, 0)), Fingerprint(Fraction(0), (0, 0))
    one.extra["x"] = 1
    assert other.extra == {}


def test_views_keep_the_numbers_that_files_hold() -> None:
    assert [(view.name, int(view)) for view in View] == [
        ("WHOLE", 0),
        ("ACTIVE", 1),
        ("CENTER", 2),
        ("TALL", 3),
        ("FOUR_THREE", 4),
        ("WIDE", 5),
    ]


def test_the_hop_of_landmarks_is_the_one_that_they_are_made_with() -> None:
    from holdfast.restore import landmarks

    assert HOP_US == landmarks.HOP_US
