"""The mix: cross-fades that keep the power, silence where there is nothing, the next copy where one fails."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from holdfast.errors import SourceMissing
from holdfast.model.edit import Edit, EditList, Take
from holdfast.model.time import Span
from holdfast.restore.assemble.sound import Mix
from tests.restore.assemble.numbered import RATE, F, both, digest, edit_list, lying, span

Samples = np.ndarray


class Heard:
    """Sounds in memory, under the names of files."""

    def __init__(self, **sounds: Samples) -> None:
        self._sounds = {digest(letter): sound for letter, sound in sounds.items()}

    def reader(self, source: str) -> Callable[[int, int], Samples]:
        def read(first: int, count: int) -> Samples:
            if source not in self._sounds:
                raise SourceMissing(path=source, reason="it is gone")
            sound, out = self._sounds[source], np.zeros((2, count), np.float32)
            start, end = max(first, 0), min(first + count, sound.shape[1])
            if start < end:
                out[:, start - first : end - first] = sound[:, start:end]
            return out

        return read

    def ended_at(self, source: str) -> int | None:
        return self._sounds[source].shape[1] if source in self._sounds else None


def noise(seed: int) -> Samples:
    return np.random.default_rng(seed).normal(0, 0.1, (2, 4 * RATE)).astype(np.float32)


def mixed(edit: EditList, heard: Heard, factors: dict[str, float] | None = None) -> tuple[Samples, list[str], Mix]:
    told: list[str] = []

    def tell(source: str, where: Span, why: str) -> None:
        told.append(f"{source[0]} {where.start} {where.end} {why}")

    mix = Mix(edit, heard, factors or {}, tell)  # type: ignore[arg-type]
    return np.concatenate(list(mix.samples()), axis=1), told, mix


A, B = lying("a", span(0, 4)), lying("b", span(0, 4))


def test_the_same_sound_in_two_copies_passes_a_join_unchanged() -> None:
    sound = noise(1)
    made, told, _ = mixed(edit_list(both(span(0, 2), A), both(span(2, 4), B)), Heard(a=sound, b=sound))
    assert np.abs(made - sound).max() < 1e-5
    assert told == []


def test_sounds_with_nothing_in_common_keep_their_power_through_a_join() -> None:
    powers = []
    for seed in range(40):
        heard = Heard(a=noise(seed), b=noise(1000 + seed))
        made, _, _ = mixed(edit_list(both(span(0, 2), A), both(span(2, 4), B)), heard)
        powers.append((made[:, 2 * RATE - 200 : 2 * RATE + 200].astype(float) ** 2).mean())
    assert np.mean(powers) == pytest.approx(0.01, rel=0.05)


def test_a_gap_is_silent_and_faded_into_shortly() -> None:
    edit = edit_list(both(span(0, 1), A), Edit(span(1, 2)), both(span(2, 4), A))
    made, _, mix = mixed(edit, Heard(a=noise(1)))
    assert not made[:, RATE : 2 * RATE].any()
    assert np.abs(made[:, RATE - 3 : RATE]).max() < 0.01
    assert made.shape == (2, 4 * RATE)
    assert [where for where, _ in mix.used] == [span(0, 1), span(2, 4)]


def test_a_factor_makes_a_copy_louder() -> None:
    made, _, _ = mixed(edit_list(both(span(0, 4), A)), Heard(a=noise(1)), {digest("a"): 0.5})
    assert np.allclose(made, noise(1) * 0.5)


def test_sound_that_ends_too_early_is_followed_by_the_next_copy() -> None:
    made, told, mix = mixed(edit_list(both(span(0, 4), A, B)), Heard(a=noise(1)[:, : 2 * RATE], b=noise(2)))
    assert np.array_equal(made[:, :RATE], noise(1)[:, :RATE])
    assert np.array_equal(made[:, 3 * RATE :], noise(2)[:, 3 * RATE :])
    assert [source for _, source in mix.used] == [digest("a"), digest("b")]
    assert mix.used[0][0].end == mix.used[1][0].start
    assert len(told) == 1


def test_the_last_copy_is_used_to_its_very_end() -> None:
    made, told, _ = mixed(edit_list(both(span(0, 4), A)), Heard(a=noise(1)[:, : 3 * RATE]))
    assert np.array_equal(made[:, : 3 * RATE], noise(1)[:, : 3 * RATE])
    assert not made[:, 3 * RATE :].any()
    assert told == ["a 3 4 its sound ends there"]


def test_a_copy_that_vanished_is_told_and_its_stretch_is_silent() -> None:
    made, told, mix = mixed(edit_list(Edit(span(0, 4), (), (Take(A),))), Heard())
    assert not made.any()
    assert told == ["a 0 4 it is gone"]
    assert mix.used == []


def test_sound_of_any_uneven_length_comes_out_whole() -> None:
    edit = edit_list(both(span(0, F(1001, 997)), A), both(span(F(1001, 997), F(3001, 1000)), B))
    made, _, _ = mixed(edit, Heard(a=noise(1), b=noise(2)))
    assert made.shape[1] == round(F(3001, 1000) * RATE)
