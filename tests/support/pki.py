"""A throw-away certificate house for tests: two authorities, certificates good and bad, lists.

Independent of our own authority on purpose: what the broker refuses is tried with certificates
that our authority would never sign. Lays files out as the real one does (`Pki.issued`).
"""

import warnings
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from functools import cache
from ipaddress import ip_address
from pathlib import Path
from typing import Any, NamedTuple

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

CLIENT, SERVER = ExtendedKeyUsageOID.CLIENT_AUTH, ExtendedKeyUsageOID.SERVER_AUTH
LOCAL = ("localhost", "127.0.0.1", "::1")
PROBES = ("probe-allowed", "probe-revoked")


class Paper(NamedTuple):
    """A certificate and its key, as values and as PEM."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey

    @property
    def pem(self) -> bytes:
        return self.certificate.public_bytes(Encoding.PEM)

    @property
    def key_pem(self) -> bytes:
        return self.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())

    def write(self, folder: Path, name: str) -> tuple[Path, Path]:
        """(certificate, key) as files `name.crt` and `name.key`."""
        cert, key = folder / f"{name}.crt", folder / f"{name}.key"
        cert.write_bytes(self.pem)
        key.write_bytes(self.key_pem)
        key.chmod(0o600)
        return cert, key


class Authority:
    """Signs whatever it is told to, however foolish."""

    def __init__(self, name: str) -> None:
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        signs = _usage(key_cert_sign=True, crl_sign=True)
        builder = _builder(subject, subject, key, -1, 3650)
        builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), True)
        builder = builder.add_extension(signs, True)
        self.paper = Paper(builder.sign(key, hashes.SHA256()), key)
        self.subject = subject

    def issue(
        self,
        name: str,
        *,
        usage: x509.ObjectIdentifier = CLIENT,
        hosts: Iterable[str] = (),
        from_day: float = -1,
        to_day: float = 90,
    ) -> Paper:
        """A leaf for CN `name`, valid between these days from now. `usage`: CLIENT or SERVER."""
        key = ec.generate_private_key(ec.SECP256R1())
        with warnings.catch_warnings():  # names of 300 characters are part of the attacks
            warnings.simplefilter("ignore")
            attribute = x509.NameAttribute(NameOID.COMMON_NAME, name, _validate=False)
        builder = _builder(x509.Name([attribute]), self.subject, key, from_day, to_day)
        builder = builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), True)
        builder = builder.add_extension(_usage(digital_signature=True), True)
        builder = builder.add_extension(x509.ExtendedKeyUsage([usage]), False)
        if alternatives := [_general_name(host) for host in hosts]:
            builder = builder.add_extension(x509.SubjectAlternativeName(alternatives), False)
        return Paper(builder.sign(self.paper.key, hashes.SHA256()), key)

    def revocation_list(
        self,
        serials: Iterable[int],
        number: int,
        *,
        from_day: float = -0.01,
        to_day: float = 7,
        signed_by: "Authority | None" = None,
    ) -> bytes:
        """PEM. `signed_by` another authority: a forged list under this one's name."""
        now = datetime.now(UTC)
        builder = x509.CertificateRevocationListBuilder().issuer_name(self.subject)
        builder = builder.last_update(now + timedelta(days=from_day))
        builder = builder.next_update(now + timedelta(days=to_day))
        builder = builder.add_extension(x509.CRLNumber(number), False)
        for serial in serials:
            gone = x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(now)
            builder = builder.add_revoked_certificate(gone.build())
        key = (signed_by or self).paper.key
        return builder.sign(key, hashes.SHA256()).public_bytes(Encoding.PEM)


class Pki:
    """Both authorities and the folder of what was issued to the office, as the real one has it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.issued = folder / "issued"
        self.issued.mkdir(parents=True)
        self.device, self.server = authorities()
        self.server_ca = self.issued / "server-ca.pem"
        self.server_ca.write_bytes(self.server.paper.pem)
        (self.issued / "device-ca.pem").write_bytes(self.device.paper.pem)
        self.office = self.server.issue("_office").write(self.issued, "office")
        self.renew_broker()
        self.probes = {name: self.device.issue(f"_{name}") for name in PROBES}
        for name, paper in self.probes.items():
            paper.write(self.issued, name)
        self.serials: dict[str, int] = {}

    def renew_broker(self) -> Paper:
        paper = self.server.issue("broker", usage=SERVER, hosts=LOCAL)
        paper.write(self.issued, "broker")
        return paper

    def make_kiosk(self, name: str) -> tuple[Path, Path]:
        """(certificate, key) of a kiosk, as files."""
        paper = self.device.issue(name)
        self.serials[name] = paper.certificate.serial_number
        return paper.write(self.folder, name)

    def revocation_list(self, names: Iterable[str], number: int, **more: Any) -> bytes:
        """A good list: these kiosks and, as always, the revoked probe."""
        probe = self.probes["probe-revoked"].certificate.serial_number
        serials = [probe, *(self.serials[name] for name in names)]
        return self.device.revocation_list(serials, number, **more)


@cache
def authorities() -> tuple[Authority, Authority]:
    """(device, server): the same two for all tests of a process."""
    return Authority("Anjungan test devices"), Authority("Anjungan test servers")


def _builder(
    subject: x509.Name,
    issuer: x509.Name,
    key: ec.EllipticCurvePrivateKey,
    from_day: float,
    to_day: float,
) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now + timedelta(days=from_day))
        .not_valid_after(now + timedelta(days=to_day))
    )


def _usage(
    *, digital_signature: bool = False, key_cert_sign: bool = False, crl_sign: bool = False
) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=digital_signature,
        key_cert_sign=key_cert_sign,
        crl_sign=crl_sign,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _general_name(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(host))
    except ValueError:
        return x509.DNSName(host)
