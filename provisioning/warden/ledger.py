"""What was ever signed for kiosks, beside the database: a line for each certificate.

Written before the database is, so that a database restored from a backup never knows more than
the ledger. Holds no secret. A line outlives its certificate by the time in which it may be renewed.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

import msgspec

from provisioning.authority.certificates import DAY_MS
from provisioning.authority.files import append, put
from wire.door import GRACE_DAYS

FILE: Final = "signed.jsonl"
_GRACE_MS: Final = (GRACE_DAYS + 1) * DAY_MS


class Line(msgspec.Struct, frozen=True):
    """As the columns of `certificate`; `serial` and hashes in hex, times in milliseconds.

    Lines of the first days have no `pem`.
    """

    kiosk: str
    via: str
    serial: str
    csr_sha256: str
    key_sha256: str
    not_before: int
    not_after: int
    issued_at: int
    pem: str = ""


class Ledger:
    def __init__(self, path: Path) -> None:
        self._path = path

    def add(self, lines: Iterable[Line]) -> None:
        """On disk when this returns. Raises OSError."""
        said = b"\n".join(msgspec.json.encode(line) for line in lines)
        if said:
            append(self._path, said)

    def lines(self) -> Iterator[Line]:
        """Every line that can be read: half of one is left by a cut of the power."""
        if not self._path.exists():
            return
        with self._path.open("rb") as file:
            for said in file:
                try:
                    yield msgspec.json.decode(said, type=Line)
                except (msgspec.DecodeError, UnicodeDecodeError):
                    continue

    def tidy(self, now: int) -> None:
        """Once, at a start: ends a broken last line, and forgets what is of no use any more."""
        if not self._path.exists():
            return
        kept = [one for one in self.lines() if one.not_after + _GRACE_MS > now]
        said = b"".join(msgspec.json.encode(one) + b"\n" for one in kept)
        if said != self._path.read_bytes():
            put(self._path, said, 0o600)
