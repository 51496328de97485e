"""The folder between warden and keeper, seen from the warden: lists go out, an answer comes back.

Owns the stamps: each is above every one that was ever written or answered, whatever the clock
does. Never waits. An answer that cannot be read is no answer. The keeper's account writes here too,
and strangers talk to its broker: nothing that lies here may stop or mislead the warden.
"""

import os
import re
import stat
from collections.abc import Iterable
from pathlib import Path
from typing import Final

import msgspec

from provisioning.authority.files import make_folder, put

_NAME: Final = re.compile(r"(\d{20})\.json", re.ASCII)
_MOST_ANSWER: Final = 64 * 1024
_MOST_WHY: Final = 300
_FARTHEST: Final = 2**53  # no moment and no number of a list is beyond; every database holds it


class Answer(msgspec.Struct, frozen=True):
    """What the keeper made of the lists of `stamp`. `at` in milliseconds."""

    stamp: int
    ok: bool
    why: str = ""
    at: int = 0
    crl_number: int = 0


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """`denied`: kiosks the broker shall refuse; `drop`: whose connections end now."""

    stamp: int
    crl: str
    crl_number: int
    denied: list[str]
    drop: list[str]
    revoked: int


class Exchange:
    def __init__(self, folder: Path) -> None:
        """Makes the folder when it is missing. Raises OSError."""
        self._folder, self._wanted = folder, folder / "wanted"
        make_folder(folder, 0o755)
        make_folder(self._wanted, 0o755)
        self._last = 0

    def want(
        self,
        crl: bytes,
        crl_number: int,
        denied: Iterable[str],
        drop: Iterable[str],
        *,
        revoked: int,
        now: int,
    ) -> int:
        """The stamp under which this was written, on disk when it returns. Raises OSError."""
        answer = self.answer()
        heard = 0 if answer is None else answer.stamp
        known = (one + 1 for one in (heard, *self._stamps()) if one < _FARTHEST)
        self._last = max(now, self._last + 1, *known)
        wanted = Wanted(
            stamp=self._last,
            crl=crl.decode("ascii"),
            crl_number=crl_number,
            denied=sorted(denied),
            drop=sorted(drop),
            revoked=revoked,
        )
        put(self._wanted / f"{self._last:020d}.json", msgspec.json.encode(wanted))
        self._tidy()
        return self._last

    def answer(self) -> Answer | None:
        """None when there is none that makes sense."""
        try:
            said = msgspec.json.decode(_content(self._folder / "answer.json"), type=Answer)
        except (OSError, msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            return None
        if not all(0 <= one < 2 * _FARTHEST for one in (said.stamp, said.at, said.crl_number)):
            return None
        why = "".join(one if one.isprintable() else "\ufffd" for one in said.why[:_MOST_WHY])
        return msgspec.structs.replace(said, why=why, crl_number=min(said.crl_number, _FARTHEST))

    def _stamps(self) -> list[int]:
        found = (_NAME.fullmatch(path.name) for path in self._wanted.iterdir())
        return [int(one[1]) for one in found if one]

    def _tidy(self) -> None:
        """A keeper that is away must not find years of lists: the newest says it all."""
        stamps = sorted(self._stamps())
        ours = [one for one in stamps if one <= self._last]
        for stamp in {*stamps} - {*ours[-3:]}:  # one above ours would hide it from the keeper
            (self._wanted / f"{stamp:020d}.json").unlink(missing_ok=True)


def _content(path: Path) -> bytes:
    """Of a plain file, as far as an answer may go: no link is followed, no pipe waited for."""
    handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    try:
        plain = stat.S_ISREG(os.fstat(handle).st_mode)
        return os.read(handle, _MOST_ANSWER) if plain else b""
    finally:
        os.close(handle)
