"""Numbers that come row by row while a film passes: in memory while they are few, else in a nameless temporary file.

So ten hours take no more memory than one. The file is gone when the last array made of it is.
"""

from __future__ import annotations

import tempfile
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

_IN_MEMORY_BYTES = 1 << 18


class Column:
    """Rows of one type and shape. Whoever adds sees to it that they are."""

    def __init__(self, dtype: Any, row: tuple[int, ...] = ()) -> None:
        self._dtype, self._row = np.dtype(dtype), row
        self._held = bytearray()
        self._file: IO[bytes] | None = None

    def add(self, rows: NDArray[Any]) -> None:
        """Put these rows behind those there are."""
        self.add_bytes(np.ascontiguousarray(rows, self._dtype).tobytes())

    def add_bytes(self, data: bytes | bytearray | memoryview) -> None:
        """The same with the bytes of rows."""
        self._held += data
        if len(self._held) > _IN_MEMORY_BYTES:
            if self._file is None:
                self._file = tempfile.TemporaryFile()  # noqa: SIM115 - it lives as long as the map of it
            self._file.write(self._held)
            self._held = bytearray()

    def array(self) -> NDArray[Any]:
        """All rows, (n, *row). Nothing can be added after that."""
        if self._file is None:
            return np.frombuffer(self._held, self._dtype).reshape(-1, *self._row)
        self._file.write(self._held)
        self._file.flush()
        mapped: NDArray[Any] = np.memmap(self._file, self._dtype, "r").view(np.ndarray)
        self._file.close()
        self._held = bytearray()
        return mapped.reshape(-1, *self._row)
