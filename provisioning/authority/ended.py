"""The list of certificates that ended before their time (RFC 5280), signed by the authority.

An entry stays until no certificate it could mean is of use to anybody. The list on disk is the
memory of what was once ended: it is only ever added to, its number never goes back, and a
database restored from an older backup cannot take an entry out of it.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Final, NamedTuple

from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding

from provisioning.authority.certificates import DAY_MS, Authority, at, issuer_key, ms
from provisioning.authority.files import put
from wire.door import LIFE_DAYS

FILE: Final = "crl.pem"
LIFE_MS: Final = 7 * DAY_MS
RENEW_MS: Final = DAY_MS
# A certificate ended on its first day lives LIFE_DAYS more, and 31 days of renewal after that.
KEEP_MS: Final = (LIFE_DAYS + 31) * DAY_MS
REASONS: Final = {
    "superseded": x509.ReasonFlags.superseded,
    "revoked": x509.ReasonFlags.privilege_withdrawn,
}
_UNREADABLE: Final = (ValueError, TypeError, x509.ExtensionNotFound, x509.InvalidVersion)
_NAMES: Final = {flag: name for name, flag in REASONS.items()}


class ListRefused(Exception):  # noqa: N818 - says what happened
    """The list on disk is not this authority's, or broken. The message says who must act."""


class Ended(NamedTuple):
    """`at` in milliseconds; `why` is superseded or revoked."""

    serial: int
    at: int
    why: str


class EndedList:
    """What ended, and the newest list signed of it. For one process, see `pair.alone`."""

    def __init__(
        self, path: Path, authority: Authority, always: frozenset[int] = frozenset()
    ) -> None:
        """Begins with what the list on disk says. Serials in `always` stand in every list.

        Raises ListRefused, OSError.
        """
        self._path, self._authority, self.always = path, authority, always
        self._entries: dict[int, x509.RevokedCertificate] = {}
        self.number, self.signed_at, self.next_update, self.pem = 0, 0, 0, b""
        if path.exists():
            self._load(path.read_bytes())

    def __contains__(self, serial: int) -> bool:
        return serial in self._entries

    def __len__(self) -> int:
        return len(self._entries)

    def entries(self) -> dict[int, Ended]:
        """What the list says, by serial."""
        return {one.serial_number: _told(one) for one in self._entries.values()}

    def add(self, ended: Iterable[Ended]) -> int:
        """How many of them are new to the list."""
        fresh = [one for one in ended if one.serial not in self._entries]
        self._entries.update({one.serial: _entry(one) for one in fresh})
        return len(fresh)

    def sign(self, now: int, *, above: int = 0) -> None:
        """A new list, on disk when this returns; its number is above `above` and every earlier.

        It counts seconds: an authority restored from a backup goes on above what it forgot.
        """
        self._entries = {n: one for n, one in self._entries.items() if _kept(one, now)}
        self._entries |= {n: _entry(Ended(n, now, "revoked")) for n in self.always}
        number = max(self.number + 1, above + 1, now // 1000)
        # The builder's own `add` copies all entries for each one: minutes for a nation's list.
        builder = x509.CertificateRevocationListBuilder(
            self._authority.certificate.subject,
            at(now),
            at(now + LIFE_MS),
            [],
            list(self._entries.values()),
        )
        made = (
            builder.add_extension(x509.CRLNumber(number), critical=False)
            .add_extension(issuer_key(self._authority), critical=False)
            .sign(self._authority.key, SHA256())
        )
        pem = made.public_bytes(Encoding.PEM)
        put(self._path, pem)
        self._note(made, number, pem)

    def due(self, now: int) -> bool:
        """Whether it must be signed anew although nothing ended. A clock set back counts too."""
        return not self.number or not 0 <= now - self.signed_at < RENEW_MS

    def _load(self, pem: bytes) -> None:
        crl, number = parse(pem, self._authority, str(self._path))
        self._entries = {one.serial_number: one for one in crl}
        self._note(crl, number, pem)

    def _note(self, crl: x509.CertificateRevocationList, number: int, pem: bytes) -> None:
        self.number, self.pem, self.signed_at = number, pem, ms(crl.last_update_utc)
        end = crl.next_update_utc
        self.next_update = self.signed_at if end is None else ms(end)


def parse(
    pem: bytes, authority: Authority, where: str
) -> tuple[x509.CertificateRevocationList, int]:
    """A list of this authority's and its number. Raises ListRefused."""
    try:
        crl = x509.load_pem_x509_crl(pem)
        number = crl.extensions.get_extension_for_class(x509.CRLNumber).value.crl_number
        ours = crl.is_signature_valid(authority.certificate.public_key())  # type: ignore[arg-type]
    except _UNREADABLE as error:
        raise ListRefused(f"{where} is broken: the administrator must restore it") from error
    if not ours:
        raise ListRefused(f"{where} is another authority's: the administrator must restore ours")
    return crl, number


def _entry(one: Ended) -> x509.RevokedCertificate:
    reason = x509.CRLReason(REASONS[one.why])
    return (
        x509.RevokedCertificateBuilder()
        .serial_number(one.serial)
        .revocation_date(at(one.at))
        .add_extension(reason, critical=False)
        .build()
    )


def _told(one: x509.RevokedCertificate) -> Ended:
    try:
        flag = one.extensions.get_extension_for_class(x509.CRLReason).value.reason
    except x509.ExtensionNotFound:
        flag = x509.ReasonFlags.unspecified
    return Ended(one.serial_number, ms(one.revocation_date_utc), _NAMES.get(flag, "revoked"))


def _kept(one: x509.RevokedCertificate, now: int) -> bool:
    return ms(one.revocation_date_utc) + KEEP_MS > now
