"""The compiled loop uses the processor's own way to count bits, where there is one."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest

from holdfast.model import hamming_kernel
from holdfast.model.hamming import columns_of
from holdfast.model.hamming_kernel import compiled, near_rows


def _search(values: np.ndarray, radius: int) -> int:
    room = [np.empty(10, kind) for kind in (np.int32, np.int64, np.uint16)]
    return int(near_rows(values[:1], tuple(columns_of(values)), radius, *room))


def test_a_value_is_found_among_others_and_itself() -> None:
    values = np.random.default_rng(1).integers(0, 2**64, (1000, 4), dtype=np.uint64)
    values[999] = values[0] ^ np.uint64(1)
    assert _search(values, 0) == 1
    assert _search(values, 4) == 2


def test_bits_are_counted_in_whole_vectors_where_the_processor_can() -> None:
    from llvmlite import binding
    from numba import njit

    if not binding.get_host_cpu_features().get("avx512vpopcntdq"):
        pytest.skip("this processor counts no bits in vectors")
    fresh = njit(near_rows.py_func)  # what came from the cache on disk keeps no assembler
    values = np.zeros((8, 4), np.uint64)
    fresh(values, tuple(columns_of(values)), 0, *(np.empty(10, kind) for kind in (np.int32, np.int64, np.uint16)))
    assert re.search(r"vpopcntq.*%zmm", "".join(fresh.inspect_asm().values()))


def test_where_nothing_can_be_kept_on_disk_it_is_compiled_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    real = hamming_kernel.njit

    def no_place(*, nogil: bool, cache: bool = False) -> Any:
        if cache:
            raise RuntimeError("cannot cache function: no locator available")
        return real(nogil=nogil)

    monkeypatch.setattr(hamming_kernel, "njit", no_place)
    assert compiled(lambda number: number + 1)(4) == 5
