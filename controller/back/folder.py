"""A back system that reads files: one JSON document a submission, in a folder it empties.

Written under another name, synced, and only then named: whoever reads never sees half a file. One
that is there already is the same one and is left alone; taking it away is the other system's word
that it has it. Files are for the folder's group, nobody else.
"""

import os
from pathlib import Path
from typing import Final

from controller.back.parcel import Parcel
from controller.back.target import NotTaken
from controller.releases.folder import sync_folder

MODE: Final = 0o640


class Folder:
    def __init__(self, path: Path) -> None:
        self._path = path

    def send(self, parcel: Parcel, now: int) -> str:  # noqa: ARG002 - as every way
        """The file's name. Raises NotTaken."""
        final = self._path / parcel.name
        draft = self._path / f".{parcel.name}.new"
        try:
            if not final.exists():
                self._write(draft, parcel.body)
                draft.rename(final)
                sync_folder(self._path)
        except OSError as error:
            draft.unlink(missing_ok=True)
            why = f"{self._path} cannot be written: its administrator must look ({error.strerror})"
            raise NotTaken(why) from None
        return parcel.name

    def _write(self, path: Path, body: bytes) -> None:
        flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC
        handle = os.open(path, flags, MODE)
        with os.fdopen(handle, "wb") as file:
            file.write(body)
            file.flush()
            os.fsync(file.fileno())
