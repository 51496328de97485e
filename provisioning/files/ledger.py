"""What we wrote on this machine, and with which options: one file below its root.

It tells our own older text from an administrator's: what still has the fingerprint that we left may
be replaced, anything else may not. Holds fingerprints and options, never the text of a file.
"""

import hashlib
import json
import os
from pathlib import Path
from typing import Any, Final

FOLDER: Final = "/var/lib/anjungan-files"


def fingerprint(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


class Ledger:
    """`options` are those of the last run, by name; `written` is path -> fingerprint.

    A ledger that cannot be read counts as empty: then nothing is ours, so nothing is replaced.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self.options: dict[str, Any] = {}
        self.written: dict[str, str] = {}
        self._read()

    def _read(self) -> None:
        try:
            kept = json.loads(self._path.read_text(encoding="utf-8"))
            options, written = kept["options"], kept["written"]
        except (OSError, ValueError, KeyError, TypeError, RecursionError):
            return
        if isinstance(options, dict) and isinstance(written, dict):
            self.options = options
            self.written = {str(path): str(mark) for path, mark in written.items()}

    def save(self) -> None:
        """Only when something is new: a run that changes nothing touches nothing."""
        kept = {"options": self.options, "written": dict(sorted(self.written.items()))}
        text = json.dumps(kept, indent=1) + "\n"
        if self._path.is_file() and self._path.read_text(encoding="utf-8") == text:
            return
        write(self._path, text.encode(), 0o644)


def write(path: Path, data: bytes, mode: int, owner: tuple[int, int] | None = None) -> None:
    """Old or new, never half: beside its place, to the disk, then renamed."""
    path.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.part")
    beside.unlink(missing_ok=True)
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
        file.flush()
        if owner is not None:
            os.fchown(descriptor, *owner)
        os.fchmod(descriptor, mode)
        os.fsync(descriptor)
    beside.replace(path)
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
