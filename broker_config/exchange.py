"""The folder in which the warden says what it wants and the keeper what became of it.

Owns the names of the files in it. Never reads what stands in a wanted file.
"""

import json
import os
import re
import stat
from pathlib import Path
from typing import NamedTuple

from broker_config.place import place
from broker_config.wanted import MOST_BYTES

_NAME = re.compile(r"(\d{20})\.json", re.ASCII)


class Note(NamedTuple):
    """One wanted file: its stamp by its name, and its bytes."""

    stamp: int
    raw: bytes


class Exchange:
    """`wanted/<stamp>.json` comes in, `answer.json` goes out."""

    def __init__(self, folder: Path) -> None:
        self._wanted = folder / "wanted"
        self._answer = folder / "answer.json"

    def newest(self, after: int) -> Note | None:
        """The newest wanted file whose stamp is above `after`. Raises OSError."""
        stamps = [stamp for stamp in self._stamps() if stamp > after]
        if not stamps:
            return None
        stamp = max(stamps)
        return Note(stamp, _content(self._wanted / f"{stamp:020d}.json"))

    def answer(self, stamp: int, *, ok: bool, why: str, at: int, crl_number: int) -> None:
        """`at` in ms. Removes the wanted files before it first; the answered one stays."""
        for older in self._stamps():
            if older < stamp:
                (self._wanted / f"{older:020d}.json").unlink(missing_ok=True)
        said = {"stamp": stamp, "ok": ok, "why": why, "at": at, "crl_number": crl_number}
        place(self._answer, json.dumps(said).encode(), mode=0o644)

    def _stamps(self) -> list[int]:
        try:
            names = [path.name for path in self._wanted.iterdir()]
        except FileNotFoundError:
            return []
        found = [_NAME.fullmatch(name) for name in names]
        return [int(match[1]) for match in found if match]


def _content(path: Path) -> bytes:
    """Of a plain file, up to what no list is as long as: no link is followed, no pipe waited for.

    Raises OSError.
    """
    handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    with os.fdopen(handle, "rb") as file:
        plain = stat.S_ISREG(os.fstat(handle).st_mode)
        return file.read(MOST_BYTES + 1) if plain else b""
