"""What the portal remembers of receipts it gave out: enough to answer whoever knows one, no more.

Owns a file of lines, each naming a receipt only by an HMAC over its number and the last four digits
of a telephone, under a key of this kiosk. It holds no name, no digit and no number. A thief of the
disk learns when something was handed in, and of which service; the key lies beside it, so whoever
tries them all learns the four digits, too, and nothing that says whose they are.
"""

import hmac
import secrets
import threading
from pathlib import Path
from typing import Final

import msgspec

from portal import durable

FILE: Final = "receipts"
KEY: Final = "receipts.key"
MOST: Final = 20_000  # then the older half is forgotten


class Remembered(msgspec.Struct, frozen=True):
    """One receipt; times in milliseconds since 1970."""

    name: str  # the HMAC, in hex
    made_at: int
    due: int
    service: str


class Receipts:
    """`own` is the portal's folder. For many threads. Raises OSError."""

    def __init__(self, own: Path, most: int = MOST) -> None:
        self._path, self._most = own / FILE, most
        self._lock = threading.Lock()
        self._key = _key(own / KEY)

    def add(self, number: str, tail: str, made_at: int, due: int, service: str) -> None:
        """Durable when it returns."""
        line = msgspec.json.encode(Remembered(self._name(number, tail), made_at, due, service))
        with self._lock:
            durable.append(self._path, line + b"\n")
            if self._path.stat().st_size > self._most * len(line):
                self._forget()

    def find(self, number: str, tail: str) -> Remembered | None:
        name = self._name(number, tail)
        return next((one for one in self._read() if hmac.compare_digest(one.name, name)), None)

    def _forget(self) -> None:
        kept = self._read()[-self._most // 2 :]
        durable.write(self._path, b"".join(msgspec.json.encode(one) + b"\n" for one in kept))

    def _read(self) -> list[Remembered]:
        """Newest last. A line that a cut has torn says nothing."""
        try:
            lines = self._path.read_bytes().split(b"\n")
        except FileNotFoundError:
            return []
        return [one for line in lines if (one := _line(line)) is not None]

    def _name(self, number: str, tail: str) -> str:
        return hmac.digest(self._key, f"{number}\0{tail}".encode(), "sha256").hex()


def _line(line: bytes) -> Remembered | None:
    try:
        return msgspec.json.decode(line, type=Remembered)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return None


def _key(path: Path) -> bytes:
    """Made when there is none; one that is damaged is replaced, and what it named is forgotten."""
    try:
        key = path.read_bytes()
    except FileNotFoundError:
        key = b""
    if len(key) != 32:  # of SHA-256
        key = secrets.token_bytes(32)
        durable.write(path, key)
    return key
