"""Whether a request is signed by the key of a certificate, now, and for the first time.

Owns the memory of numbers used once. The form is wire.signed; the key comes from the certificate
the office itself wrote down, never from the caller. Path and query are taken raw, as they stood on
the wire: a proxy that passes them on unchanged changes nothing.
"""

from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from controller.door.refusals import Refused
from wire import signed

MOST_NONCES: Final = 200_000
HEADERS: Final = ("content-digest", "signature-input", "signature")


class Received(NamedTuple):
    """A request as it came: `path` and `query` raw, header names in lower case.

    `body` is None while it is still to come: whoever reads it compares its digest.
    """

    method: str
    path: bytes
    query: bytes
    headers: Sequence[tuple[bytes, bytes]]
    body: bytes | None


class Claim(NamedTuple):
    """What the headers say, before anybody has verified it."""

    given: signed.Parameters
    signature: bytes
    base: bytes


def claim(received: Received) -> Claim:
    """Raises Refused `signature`, or `digest` when the body is not the one that was signed."""
    values = {name: _only(received, name) for name in HEADERS}
    if received.body is not None:
        check_digest(values["content-digest"], signed.digest(received.body))
    try:
        given, signature = signed.parse(values["signature-input"], values["signature"])
        path, query = received.path.decode("ascii"), received.query.decode("ascii")
        base = signed.base(received.method, path, query, values["content-digest"], given)
    except (signed.BadSignature, UnicodeError) as error:
        raise Refused("signature", str(error)) from None
    return Claim(given, signature, base)


def check_digest(said: str, found: str) -> None:
    """Raises Refused `digest`."""
    if said != found:
        raise Refused("digest", "content-digest is not that of the body: sha-256 of the raw bytes")


def verify(one: Claim, certificate_pem: str) -> None:
    """Raises Refused `signature`."""
    key = x509.load_pem_x509_certificate(certificate_pem.encode()).public_key()
    if not isinstance(key, ec.EllipticCurvePublicKey):
        raise Refused("signature", "the certificate's key is not of P-256")
    r, s = (int.from_bytes(one.signature[at : at + 32], "big") for at in (0, 32))
    try:
        key.verify(encode_dss_signature(r, s), one.base, ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        why = "the signature is not by the key of this certificate over this request"
        raise Refused("signature", why) from None


class Moments:
    """Which signatures are of this moment, and of those, which were seen before.

    What was seen is lost with the process, so a signature made before its start is refused like a
    wrong clock: its kiosk signs again. `clock` gives milliseconds since 1970.
    """

    def __init__(self, clock: Callable[[], int], most: int = MOST_NONCES) -> None:
        self._clock = clock
        self._most = most
        self._start = clock() // 1000
        self._seen: dict[tuple[str, str], int] = {}  # until which second, in order of arrival

    def check(self, given: signed.Parameters) -> None:
        """Raises Refused `clock`."""
        off = given.created - self._clock() // 1000
        if abs(off) > signed.SKEW_S or given.created < self._start:
            why = f"signed {off:+d} s from the office's clock: take `now` and sign again"
            raise Refused("clock", why)

    def fresh(self, given: signed.Parameters) -> None:
        """Raises Refused `replay`."""
        if (given.keyid, given.nonce) in self._seen:
            raise Refused("replay", "this very request came before: sign a new one")

    def spend(self, given: signed.Parameters) -> None:
        """Raises Refused `replay`; `busy` rather than forget one that could still come back.

        Only for a signature that was verified, of a kiosk within its allowance: neither strangers
        nor a kiosk in strange hands can fill this memory.
        """
        self.fresh(given)
        now, key = self._clock() // 1000, (given.keyid, given.nonce)
        if len(self._seen) >= self._most:
            self._forget(now)
        if len(self._seen) >= self._most:
            raise Refused("busy", "too many signed requests in ten minutes", 60)
        self._seen[key] = given.created + signed.SKEW_S

    def _forget(self, now: int) -> None:
        self._seen = {key: until for key, until in self._seen.items() if until >= now}


def _only(received: Received, name: str) -> str:
    wanted = name.encode()
    values = [value for key, value in received.headers if key == wanted]
    if len(values) != 1:
        raise Refused("signature", f"this request needs exactly one header {name}")
    return values[0].decode("latin-1")
