"""The keys the office holds itself: they say what is newest and that it is fresh, nothing else.

Read once, from a file nobody else may read; never written, never shown. Remembers when the folder
of releases was last seen to need nothing, so that looking again costs nothing.
"""

import re
from pathlib import Path
from typing import Any, Final, NamedTuple, TypeVar

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from securesystemslib.signer import CryptoSigner, SSlibKey
from tuf.api.metadata import Metadata, Root, Snapshot, Timestamp

from controller.releases.folder import Releases

ROLES: Final = ("timestamp", "snapshot")
_KEY: Final = re.compile(rb"-----BEGIN PRIVATE KEY-----.*?-----END PRIVATE KEY-----", re.DOTALL)

S = TypeVar("S", Snapshot, Timestamp)


class Quiet(NamedTuple):
    """`folder`: when its metadata last changed, ns; `done`: signings that were complete."""

    folder: int
    done: int
    until: int


class Online:
    """`path`: PEM of one Ed25519 key, or of two: timestamp's, then snapshot's.

    Raises ValueError for a file that is none or that others may read, and OSError.
    """

    def __init__(self, path: Path) -> None:
        if path.stat().st_mode & 0o077:
            raise ValueError(f"{path}: others may read it; its owner runs chmod 600")
        signers = [_signer(pem, path) for pem in _KEY.findall(path.read_bytes())]
        if not 1 <= len(signers) <= len(ROLES):
            raise ValueError(f"{path}: holds {len(signers)} private keys in PEM, not one or two")
        self._signers = dict(zip(ROLES, (signers[0], signers[-1]), strict=True))
        self._quiet = Quiet(-1, -1, -1)

    def trouble(self, root: Root) -> str:
        """Why kiosks would not believe these keys, for a person; empty when they would."""
        for role, signer in self._signers.items():
            its = root.roles[role]
            if signer.public_key.keyid not in its.keyids:
                return (
                    f"the root does not know this office's key for {role}: give the controller the "
                    "key of the last ceremony, or name this one in a new root"
                )
            if its.threshold > 1:
                return f"the root wants {its.threshold} keys for {role}: the office has one"
        return ""

    def sign(self, signed: S) -> Metadata[S]:
        role = "timestamp" if isinstance(signed, Timestamp) else "snapshot"
        made = Metadata(signed)
        made.sign(self._signers[role])
        return made

    def rests(self, releases: Releases, done: int, now: int) -> bool:
        """Whether nothing has changed since `rest`, and nothing has grown old."""
        same = Quiet(_changed(releases), done, self._quiet.until) == self._quiet
        return same and now < self._quiet.until

    def rest(self, releases: Releases, done: int, until: int) -> None:
        self._quiet = Quiet(_changed(releases), done, until)


def _changed(releases: Releases) -> int:
    return releases.metadata.stat().st_mtime_ns


def _signer(pem: bytes, path: Path) -> CryptoSigner:
    try:
        key: Any = load_pem_private_key(pem, None)
    except (TypeError, ValueError) as error:
        raise ValueError(f"{path}: no key that can be read: {error}") from None
    if not isinstance(key, Ed25519PrivateKey):
        raise ValueError(f"{path}: not an Ed25519 key")  # noqa: TRY004 - a wrong file, not a call
    return CryptoSigner(key, SSlibKey.from_crypto(key.public_key()))
