"""What each kind of certificate says. Signs; never decides who deserves one.

Everything in a certificate is ours: of a request only the public key is taken.
Times are milliseconds since 1970; a certificate knows whole seconds.
"""

import secrets
from collections.abc import Sequence
from datetime import UTC, datetime
from ipaddress import ip_address
from typing import Final, NamedTuple

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import (
    EllipticCurvePrivateKey,
    EllipticCurvePublicKey,
)
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID, ObjectIdentifier

from wire.door import LIFE_DAYS
from wire.invitation import pin_of
from wire.topics import is_kiosk_name

DAY_MS: Final = 86_400_000
BACK_MS: Final = 5 * 60_000  # a kiosk whose clock is a little behind must be able to begin
AUTHORITY_DAYS: Final = 3652
OFFICE_DAYS: Final = 180
SERIAL_BITS: Final = 128
_CLIENT: Final = ExtendedKeyUsageOID.CLIENT_AUTH


class Authority(NamedTuple):
    """A key and its own certificate. `name` is device or server."""

    name: str
    key: EllipticCurvePrivateKey
    certificate: x509.Certificate

    @property
    def der(self) -> bytes:
        return self.certificate.public_bytes(Encoding.DER)

    @property
    def pem(self) -> bytes:
        return self.certificate.public_bytes(Encoding.PEM)

    @property
    def pin(self) -> bytes:
        """What an invitation says of it."""
        return pin_of(self.der)


class BadName(ValueError):  # noqa: N818 - says what happened
    """A name that no certificate may carry. Whoever chose it must choose another."""


def at(ms: int) -> datetime:
    return datetime.fromtimestamp(ms // 1000, UTC)


def ms(moment: datetime) -> int:
    return int(moment.timestamp()) * 1000


def for_authority(key: EllipticCurvePrivateKey, name: str, now: int) -> x509.Certificate:
    """Signed by itself. The random part of its name keeps two offices apart at a glance."""
    subject = x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Anjungan"),
            x509.NameAttribute(
                NameOID.COMMON_NAME, f"Anjungan {name} authority {secrets.token_hex(8)}"
            ),
        ]
    )
    public = key.public_key()
    return (
        _dated(subject, public, subject, now - BACK_MS, now + AUTHORITY_DAYS * DAY_MS)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs=True), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
        .sign(key, SHA256())
    )


def for_kiosk(
    authority: Authority, kiosk: str, public: EllipticCurvePublicKey, now: int
) -> x509.Certificate:
    """Raises BadName: no wildcard, slash or stranger's alphabet ever reaches the broker."""
    if not is_kiosk_name(kiosk):
        raise BadName(f"{kiosk[:40]!r} is no kiosk's name: the office must rename it")
    return _leaf(authority, kiosk, public, now, days=LIFE_DAYS, usage=_CLIENT)


def for_office(
    authority: Authority, name: str, public: EllipticCurvePublicKey, now: int, days: int
) -> x509.Certificate:
    """A client of the office's own; its name begins with an underscore, as no kiosk's can."""
    if not name.startswith("_") or not is_kiosk_name(name[1:]):
        raise BadName(f"{name[:40]!r} is no name of a part of the office")
    return _leaf(authority, name, public, now, days=days, usage=_CLIENT)


def for_server(
    authority: Authority, names: Sequence[str], public: EllipticCurvePublicKey, now: int
) -> x509.Certificate:
    """`names` are host names and addresses; the first one is the subject's too."""
    also = alternatives(names)
    usage = ExtendedKeyUsageOID.SERVER_AUTH
    return _leaf(authority, names[0][:64], public, now, days=OFFICE_DAYS, usage=usage, also=also)


def alternatives(names: Sequence[str]) -> x509.SubjectAlternativeName:
    """Raises BadName."""
    return x509.SubjectAlternativeName([_alternative(name) for name in names])


def new_serial() -> int:
    return secrets.randbits(SERIAL_BITS) or 1


def _leaf(
    authority: Authority,
    name: str,
    public: EllipticCurvePublicKey,
    now: int,
    *,
    days: int,
    usage: ObjectIdentifier,
    also: x509.SubjectAlternativeName | None = None,
) -> x509.Certificate:
    issuer = authority.certificate
    # Nobody outlives who vouches for him.
    end = min(now + days * DAY_MS, ms(issuer.not_valid_after_utc))
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    made = (
        _dated(subject, public, issuer.subject, now - BACK_MS, end)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([usage]), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
        .add_extension(issuer_key(authority), critical=False)
    )
    if also is not None:
        made = made.add_extension(also, critical=False)
    return made.sign(authority.key, SHA256())


def issuer_key(authority: Authority) -> x509.AuthorityKeyIdentifier:
    own = authority.certificate.extensions.get_extension_for_class(x509.SubjectKeyIdentifier)
    return x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(own.value)


def _dated(
    subject: x509.Name, public: EllipticCurvePublicKey, issuer: x509.Name, begin: int, end: int
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public)
        .serial_number(new_serial())
        .not_valid_before(at(begin))
        .not_valid_after(at(end))
    )


def _usage(*, signs: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs,
        key_cert_sign=signs,
        crl_sign=signs,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _alternative(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(name))
    except ValueError:
        pass
    if not name.isascii() or "*" in name or "/" in name or not name.strip("."):
        raise BadName(f"{name[:80]!r} is neither a host name nor an address")
    return x509.DNSName(name)
