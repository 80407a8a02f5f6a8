"""A form with files from a browser without scripts: its bytes go to the shelf as they come, and never into memory."""

from __future__ import annotations

import contextlib
import io
from typing import TYPE_CHECKING, Any

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler

from holdfast.show.uploads.protocol import Refused

if TYPE_CHECKING:
    from django.http import HttpRequest

    from holdfast.show.uploads.shelf import Shelf

MOST_BYTES = 200 * 1000 * 1000  # of a whole form; larger files want scripts, or they would begin anew at every hitch


class Shelved(UploadedFile):  # type: ignore[type-arg]  # generic for the checker alone
    """A file of a form that lies on the shelf, by its id there."""

    def __init__(self, upload_id: str, name: str, size: int) -> None:
        super().__init__(name=name, size=size)
        self.upload_id = upload_id


class IntoShelf(FileUploadHandler):
    """Puts every file of a form onto the shelf. What the shelf refuses ends the form with its `Refused`."""

    chunk_size = 4 * 1024 * 1024  # each is fsynced

    def __init__(self, request: HttpRequest, shelf: Shelf, length: int) -> None:
        super().__init__(request)
        self._shelf = shelf
        self._most = length
        self._current = ""
        self.made: list[str] = []

    def new_file(self, *args: Any, **values: Any) -> None:
        """A file begins; how long it is will be known at its end, and it is shorter than the form."""
        super().new_file(*args, **values)
        self._current = self._shelf.create(self._most, self.file_name or "").id
        self.made.append(self._current)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """The next of its bytes."""
        self._shelf.receive(self._current, start, io.BytesIO(raw_data), len(raw_data), None)

    def file_complete(self, file_size: int) -> Shelved | None:
        """The file, whole; None, and nothing left of it, if it is empty: a field that nobody filled."""
        try:
            ended = self._shelf.end(self._current)
        except Refused:
            self.made.remove(self._current)
            return None
        return Shelved(ended.id, ended.name, file_size)

    def upload_interrupted(self) -> None:
        """Leave nothing of a form that did not come to its end."""
        self.drop()

    def drop(self) -> None:
        """Remove what was put onto the shelf."""
        for upload_id in self.made:
            with contextlib.suppress(Refused):
                self._shelf.discard(upload_id)
        self.made.clear()
