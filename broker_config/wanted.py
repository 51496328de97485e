"""What the office wants the broker to refuse, checked before the broker may see it: pure.

A revocation list that Mosquitto cannot use opens it: on a reload it goes on without one. So a list
counts only if the device authority signed it, it is neither stale nor of the future, and it names
the probe by which its working is proven. Never reads a file, never asks for the time.
"""

from dataclasses import dataclass
from datetime import datetime

import msgspec
from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import Encoding

from broker_config.access import OFFICE_USER, Line, access_list, read_back
from wire.topics import ROOT, access_rules, is_kiosk_name

MOST_BYTES = 64 * 2**20  # a list of 84,000 kiosks renewed twice is about 10 MB
PROBE = "_probe-allowed"
_UNREADABLE = (ValueError, UnsupportedAlgorithm, x509.DuplicateExtension, x509.InvalidVersion)


class BadLists(ValueError):  # noqa: N818 - what they are
    """These lists will not reach the broker. Says why, and who must act."""


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """As the warden writes it. `denied` and `drop` are names of kiosks, `crl` is PEM."""

    stamp: int
    crl: str
    crl_number: int
    denied: tuple[str, ...] = ()
    drop: tuple[str, ...] = ()
    revoked: int = 0


@dataclass(frozen=True, kw_only=True)
class Lists:
    """What may be put in force."""

    stamp: int
    number: int
    crl: bytes
    access: bytes
    drop: tuple[str, ...]
    since: datetime
    until: datetime

    def past_half(self, now: datetime) -> bool:
        """It should have been signed anew long ago."""
        return now > self.since + (self.until - self.since) / 2


@dataclass(frozen=True, kw_only=True)
class Measure:
    """What lists are held against: authority, serial numbers of the probes, what was in force."""

    device_ca: x509.Certificate
    allowed: int
    revoked: int
    number: int = 0
    stamp: int = 0


def parse(raw: bytes) -> Wanted:
    """Raises BadLists."""
    if len(raw) > MOST_BYTES:
        raise BadLists(f"the wanted lists are {len(raw)} bytes: more than {MOST_BYTES} is no list")
    try:
        return msgspec.json.decode(raw, type=Wanted)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise BadLists(f"the wanted lists cannot be read ({error}): see to the warden") from None


def check(wanted: Wanted, measure: Measure, now: datetime) -> Lists:
    """Raises BadLists. `now` with its zone."""
    if wanted.stamp < measure.stamp:
        raise BadLists(f"stamp {wanted.stamp} is older than {measure.stamp} in force")
    crl = _readable(wanted.crl)
    _signed(crl, measure.device_ca)
    _numbered(crl, wanted.crl_number, measure.number)
    since, until = _timely(crl, now)
    _provable(crl, measure)
    for name in (*wanted.denied, *wanted.drop):
        if not is_kiosk_name(name):
            raise BadLists(f"{name[:80]!r} is not a kiosk's name: see to the warden")
    return Lists(
        stamp=wanted.stamp,
        number=wanted.crl_number,
        # Written anew: the text could hold a second list, which Mosquitto would read as well.
        crl=crl.public_bytes(Encoding.PEM),
        access=_access(wanted),
        drop=wanted.drop,
        since=since,
        until=until,
    )


def stamp_topic(stamp: int) -> str:
    """The probe may write here under the lists of this stamp, and under no others."""
    return f"{ROOT}/probe/{PROBE}/lists/{stamp}"


def _access(wanted: Wanted) -> bytes:
    denied = sorted(set(wanted.denied))
    mark = Line(PROBE, "write", stamp_topic(wanted.stamp))
    text = access_list(access_rules(), denied=denied, extra=[mark])
    said = read_back(text)
    meant = {mark, *(Line(name, "deny", "#") for name in denied)}
    meant |= {Line(OFFICE_USER, r.access, r.filter) for r in access_rules() if r.role == "office"}
    patterns = {(r.access, r.filter) for r in access_rules() if r.role == "kiosk"}
    if {line for line in said if line.user} != meant or not patterns <= {line[1:] for line in said}:
        raise BadLists("the access list does not read back as it was meant: our own fault")
    return text.encode("ascii")


def _readable(text: str) -> x509.CertificateRevocationList:
    try:
        crl = x509.load_pem_x509_crl(text.encode())
        critical = [one.oid.dotted_string for one in crl.extensions if one.critical]
    except _UNREADABLE as error:
        raise BadLists(f"the revocation list cannot be read ({error}): see to the warden") from None
    if critical:
        raise BadLists(f"the revocation list has critical extensions we do not know: {critical}")
    return crl


def _signed(crl: x509.CertificateRevocationList, authority: x509.Certificate) -> None:
    key = authority.public_key()
    try:
        signed = crl.is_signature_valid(key)  # type: ignore[arg-type]
    except (TypeError, UnsupportedAlgorithm, ValueError):
        signed = False
    if not signed or crl.issuer != authority.subject:
        raise BadLists("the revocation list is not signed by the device authority: who wrote it?")


def _numbered(crl: x509.CertificateRevocationList, said: int, before: int) -> None:
    try:
        number = crl.extensions.get_extension_for_class(x509.CRLNumber).value.crl_number
    except x509.ExtensionNotFound:
        raise BadLists("the revocation list has no number: see to the warden") from None
    if number != said:
        raise BadLists(f"the revocation list has number {number}, not {said}: see to the warden")
    if number < before:
        raise BadLists(
            f"revocation list {number} is older than {before} in force: who restored a backup of "
            f"the authority must raise its number above {before}"
        )


def _timely(crl: x509.CertificateRevocationList, now: datetime) -> tuple[datetime, datetime]:
    since, until = crl.last_update_utc, crl.next_update_utc
    if until is None:
        raise BadLists("the revocation list has no end: see to the warden")
    if now >= until:
        raise BadLists(f"the revocation list ended {until:%Y-%m-%d %H:%M} UTC: is the warden away?")
    if since > now:
        raise BadLists(
            f"the revocation list begins {since:%Y-%m-%d %H:%M} UTC, not yet: see to the clock"
        )
    return since, until


def _provable(crl: x509.CertificateRevocationList, measure: Measure) -> None:
    if crl.get_revoked_certificate_by_serial_number(measure.revoked) is None:
        raise BadLists("the revocation list lacks probe-revoked: nobody could prove that it works")
    if crl.get_revoked_certificate_by_serial_number(measure.allowed) is not None:
        raise BadLists("the revocation list names probe-allowed: the proof would always fail")
