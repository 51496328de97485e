"""Marks that sign for the audit log, kept where the web process cannot write.

A chain of hashes tells of an edited row, not of a tail that was cut off or a whole database put
back: a mark (row, hash, time), signed by a key that only the warden has, tells of both. Each mark
holds the hash of the one before, so that a mark taken out is noticed as well. The warden signs
only for what still follows from its last mark.
"""

from base64 import b64decode, b64encode
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Final

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from provisioning.authority.files import append, make_folder, put
from provisioning.authority.keys import KeyRefused, read, to_pem

EVERY_MS: Final = 5 * 60_000
_DOMAIN: Final = b"anjungan-checkpoint-v1\0"
START: Final = "0" * 64


class Mark(msgspec.Struct, frozen=True):
    """Row `n` of the log had `hash` at `at` (milliseconds). `previous`: SHA-256 of the line before.

    `signature` is Ed25519's, in base64, over the other four.
    """

    n: int
    hash: str
    at: int
    previous: str
    signature: str = ""

    @property
    def signed(self) -> bytes:
        return _DOMAIN + f"{self.n}\n{self.hash}\n{self.at}\n{self.previous}".encode()


class Marks:
    """The file of marks: written by the warden alone, a line for each."""

    def __init__(self, path: Path, key: Ed25519PrivateKey) -> None:
        """Cuts off half a line that a cut of the power left: nobody was told of it."""
        self._path, self._key = path, key
        make_folder(path.parent)
        lines = lines_of(path)
        if path.exists() and not path.read_bytes().endswith(b"\n") and path.stat().st_size:
            put(path, b"".join(line + b"\n" for line in lines), 0o600)

    @property
    def last(self) -> Mark | None:
        """Raises msgspec.DecodeError when somebody spoilt the line."""
        return msgspec.json.decode(line, type=Mark) if (line := self._newest()) else None

    def add(self, n: int, of: str, now: int) -> None:
        """On disk when this returns. Raises OSError."""
        bare = Mark(n, of, now, _link(self._newest()))
        signature = b64encode(self._key.sign(bare.signed)).decode()
        line = msgspec.json.encode(msgspec.structs.replace(bare, signature=signature))
        append(self._path, line)

    def _newest(self) -> bytes:
        """Asked of the disk: an administrator may have moved the file away to begin another."""
        lines = lines_of(self._path)
        return lines[-1] if lines else b""


def key_of(folder: Path, passphrase: bytes | None) -> Ed25519PrivateKey:
    """The key in `<folder>/audit`, made on first use; its public half goes to `issued`."""
    path = folder / "audit" / "key.pem"
    make_folder(path.parent)
    if not path.exists():
        put(path, to_pem(Ed25519PrivateKey.generate(), passphrase), 0o600)
    key = read(path, passphrase)
    if not isinstance(key, Ed25519PrivateKey):
        raise KeyRefused(f"{path} is a key for something else: restore a backup")
    pem = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    public = folder / "issued" / "audit.pem"
    if not public.exists() or public.read_bytes() != pem:
        put(public, pem)
    return key


def lines_of(path: Path) -> list[bytes]:
    """Every whole line; none when there is no file."""
    if not path.exists():
        return []
    return path.read_bytes().split(b"\n")[:-1]


def faults(
    lines: list[bytes], public: Ed25519PublicKey, hash_of: Callable[[int], str | None], seen: int
) -> list[str]:
    """What is wrong with the marks, or with the log they sign for; empty when all is well.

    `hash_of` gives the hash of a row of the log, None when there is no such row; `seen` is the
    last row the database knows to be signed for.
    """
    found, link, last = [], START, 0
    for number, line in enumerate(lines, 1):
        mark, why = _read(line, public, link, last)
        if mark is None:
            found.append(f"mark {number}: {why}")
        else:
            found += _held(mark, number, hash_of(mark.n))
            last = mark.n
        link = _link(line)
    if last < seen:
        found.append(f"the marks end at row {last}, but row {seen} was signed for: marks were cut")
    return found


def _read(line: bytes, public: Ed25519PublicKey, link: str, last: int) -> tuple[Mark | None, str]:
    try:
        mark = msgspec.json.decode(line, type=Mark)
        public.verify(b64decode(mark.signature, validate=True), mark.signed)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None, "cannot be read: the file was edited"
    except (InvalidSignature, ValueError):
        return None, "is not signed by this office's warden"
    if mark.previous != link:
        return None, "does not follow the mark before: one was taken out or put in"
    return (mark, "") if mark.n >= last else (None, f"goes back to row {mark.n}")


def _held(mark: Mark, number: int, there: str | None) -> list[str]:
    if there == mark.hash:
        return []
    if there is None:
        return [f"mark {number}: row {mark.n} is gone: the log was cut, or an older one put back"]
    return [f"mark {number}: row {mark.n} is another one than was signed for"]


def _link(line: bytes) -> str:
    return sha256(line).hexdigest() if line else START
