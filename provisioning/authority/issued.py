"""The office's own certificates: what broker, door, console and controller show each other.

Idempotent: called at every start and each day, writes only what is missing, does not fit, or has
less than half its life left. A renewed certificate keeps its key, so that one rename changes both
halves at once: whoever reads in between finds a pair that fits, never two halves.
"""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.serialization import Encoding

from provisioning.authority import certificates as make
from provisioning.authority.files import make_folder, put
from provisioning.authority.keys import KeyRefused, new_key, read_p256, to_pem
from provisioning.authority.pair import Pair

FOLDER: Final = "issued"
ALWAYS: Final = ("localhost", "127.0.0.1", "::1")
SERVERS: Final = ("broker", "door", "console")
OFFICE: Final = "_office"
ALLOWED: Final = "_probe-allowed"
REVOKED: Final = "_probe-revoked"


class Paper(NamedTuple):
    """One certificate of the office: its file's name, who signs, its subject, and its life."""

    file: str
    authority: str
    subject: str
    days: int


PAPERS: Final = (
    *(Paper(name, "server", "", make.OFFICE_DAYS) for name in SERVERS),
    Paper("office", "server", OFFICE, make.OFFICE_DAYS),
    Paper("probe-allowed", "device", ALLOWED, make.OFFICE_DAYS),
    # In every list of ended ones: a new one would be let in until the next list is proven, and the
    # keeper would rightly stop the broker. So there is one for the authority's whole life.
    Paper("probe-revoked", "device", REVOKED, make.AUTHORITY_DAYS),
)


class Issuer:
    """Keeps `<folder>/issued` in order. `groups` name who may read a key: file -> group id."""

    def __init__(
        self, folder: Path, pair: Pair, names: Sequence[str], groups: Mapping[str, int]
    ) -> None:
        """Raises BadName."""
        self._place = folder / FOLDER
        self._pair = pair
        self._names = tuple(dict.fromkeys((*names, *ALWAYS)))
        self._groups = groups
        make.alternatives(self._names)

    def refresh(self, now: int) -> list[str]:
        """Files written, by name; `now` in milliseconds. Raises OSError."""
        make_folder(self._place, 0o711)
        done = [one.file for one in PAPERS if self._renew(one, now)]
        for name, authority in self._pair._asdict().items():
            path = self._place / f"{name}-ca.pem"
            if not path.exists() or path.read_bytes() != authority.pem:
                put(path, authority.pem)
                done.append(path.stem)
        return done

    def revoked_probe(self) -> int:
        """The serial that stands in every list."""
        return read(self._place / "probe-revoked.crt").serial_number

    def _renew(self, one: Paper, now: int) -> bool:
        key, fresh = self._key(one.file)
        path = self._place / f"{one.file}.crt"
        if not fresh and self._fits(one, path, key, now):
            return False
        put(path, self._sign(one, key, now).public_bytes(Encoding.PEM))
        return True

    def _key(self, file: str) -> tuple[EllipticCurvePrivateKey, bool]:
        path, group = self._place / f"{file}.key", self._groups.get(file)
        strangers = 0o077 if group is None else 0o037
        try:
            key = read_p256(path, strangers=strangers)
        except (FileNotFoundError, KeyRefused):
            key = new_key()
            put(path, to_pem(key), 0o600 if group is None else 0o640, group)
            return key, True
        if group is not None:
            _let_read(path, group)
        return key, False

    def _fits(self, one: Paper, path: Path, key: EllipticCurvePrivateKey, now: int) -> bool:
        try:
            paper = read(path)
        except (OSError, ValueError, x509.InvalidVersion):
            return False
        if paper.public_key() != key.public_key() or not self._ours(one, paper):
            return False
        left = make.ms(paper.not_valid_after_utc) - now
        whole = make.ms(paper.not_valid_after_utc) - make.ms(paper.not_valid_before_utc)
        return left * 2 > whole or one.file == "probe-revoked"

    def _ours(self, one: Paper, paper: x509.Certificate) -> bool:
        authority = getattr(self._pair, one.authority)
        try:
            paper.verify_directly_issued_by(authority.certificate)
        except (ValueError, TypeError, InvalidSignature):
            return False
        return bool(one.subject) or _names(paper) == make.alternatives(self._names)

    def _sign(self, one: Paper, key: EllipticCurvePrivateKey, now: int) -> x509.Certificate:
        authority, public = getattr(self._pair, one.authority), key.public_key()
        if not one.subject:
            return make.for_server(authority, self._names, public, now)
        return make.for_office(authority, one.subject, public, now, one.days)


def _let_read(path: Path, group: int) -> None:
    if path.stat().st_gid != group:
        os.chown(path, -1, group)
    path.chmod(0o640)


def _names(paper: x509.Certificate) -> x509.SubjectAlternativeName:
    return paper.extensions.get_extension_for_class(x509.SubjectAlternativeName).value


def read(path: Path) -> x509.Certificate:
    """Raises OSError, ValueError."""
    return x509.load_pem_x509_certificate(path.read_bytes())
