"""The office's certificates in the authority's folder of what it issued: read and held together.

Owns the check that comes before Mosquitto sees a new certificate: a pair that does not fit would
leave a door without any. Never signs, never changes that folder.
"""

import stat
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import load_pem_private_key

SHOWN = ("device-ca.pem", "server-ca.pem", "broker.crt", "broker.key")
PROBES = ("office", "probe-allowed", "probe-revoked")
OTHERS = 0o027  # a group that was made for it may read a key, nobody may write it
FEW_DAYS = 10  # left to a certificate, below which the administrator is told


class BadPapers(ValueError):  # noqa: N818 - what they are
    """These certificates are not put in use. Says which, and who must act."""


@dataclass(frozen=True, kw_only=True)
class Papers:
    """`shown`: what Mosquitto reads, by file name. Serial numbers are the probes'."""

    shown: dict[str, bytes]
    device_ca: x509.Certificate
    allowed: int
    revoked: int
    until: datetime  # the first of them to end


def read(issued: Path, now: datetime) -> Papers:
    """Raises BadPapers for what is missing, does not fit, is signed by others or has ended."""
    shown = {name: _bytes(issued / name) for name in SHOWN}
    device, server = (_certificate(issued / name, shown[name]) for name in SHOWN[:2])
    broker = _certificate(issued / "broker.crt", shown["broker.crt"])
    _fits(issued / "broker.key", broker, shown["broker.key"])
    _issued(issued / "broker.crt", broker, server, now)
    probes = []
    for name, authority in zip(PROBES, (server, device, device), strict=True):
        path = issued / f"{name}.crt"
        probe = _certificate(path, _bytes(path))
        _fits(issued / f"{name}.key", probe, _bytes(issued / f"{name}.key"))
        _issued(path, probe, authority, now)
        probes.append(probe)
    return Papers(
        shown=shown,
        device_ca=device,
        allowed=probes[1].serial_number,
        revoked=probes[2].serial_number,
        until=min(one.not_valid_after_utc for one in (broker, *probes)),
    )


def marks(issued: Path) -> tuple[tuple[int, int, int], ...]:
    """Changes when one of the files does: cheap to ask every second."""
    names = (*SHOWN, *(f"{name}.{kind}" for name in PROBES for kind in ("crt", "key")))
    return tuple(mark(issued / name) for name in names)


def mark(path: Path) -> tuple[int, int, int]:
    """(inode, size, time of change); zeros for a file that is not there."""
    try:
        found = path.stat()
    except OSError:
        return 0, 0, 0
    return found.st_ino, found.st_size, found.st_mtime_ns


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise BadPapers(
            f"{path}: {error.strerror}: the administrator must run `anjungan authority init`, or "
            "let the broker's account read what was issued to it"
        ) from None


def _certificate(path: Path, data: bytes) -> x509.Certificate:
    try:
        return x509.load_pem_x509_certificate(data)
    except (ValueError, x509.InvalidVersion):
        raise BadPapers(f"{path} is no certificate: the authority must issue it again") from None


def _fits(path: Path, certificate: x509.Certificate, key: bytes) -> None:
    if (mode := stat.S_IMODE(path.stat().st_mode)) & OTHERS:
        raise BadPapers(
            f"{path} has mode {mode:o}: the administrator must ask who has read it, then chmod 640"
        )
    try:
        ours, its = load_pem_private_key(key, None).public_key(), certificate.public_key()
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise BadPapers(f"{path} is no key that can be read: issue it again") from None
    if ours != its:
        raise BadPapers(f"{path} is not the key of its certificate: the authority is not done yet")


def _issued(
    path: Path, certificate: x509.Certificate, authority: x509.Certificate, now: datetime
) -> None:
    try:
        certificate.verify_directly_issued_by(authority)
    except (ValueError, TypeError, UnsupportedAlgorithm, InvalidSignature):
        raise BadPapers(f"{path} is not issued by the authority beside it") from None
    if not certificate.not_valid_before_utc <= now <= certificate.not_valid_after_utc:
        raise BadPapers(f"{path} is not valid today: the warden must renew it, or see to the clock")
