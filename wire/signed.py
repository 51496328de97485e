"""What a kiosk signs when it speaks to the office's door over HTTPS: pure text in, bytes out.

The form is RFC 9421 (HTTP Message Signatures) with the components below, always all of them and in
this order, and the algorithm ecdsa-p256-sha256 (64 bytes, r then s). The certificate of TLS would
not do: a proxy in between ends TLS, and what it says about its caller can be forged by others.
`keyid` is the serial of the kiosk's certificate in lower-case hex. Never signs or verifies:
cryptography is the business of both ends.
"""

import base64
import hashlib
import re
from typing import Final, NamedTuple

LABEL: Final = "kiosk"
COMPONENTS: Final = ("@method", "@path", "@query", "content-digest")
ALGORITHM: Final = "ecdsa-p256-sha256"
SKEW_S: Final = 300  # how old or young a signature may be by the office's clock
_INPUT = re.compile(
    rf'{LABEL}=\(("[^()]*")\);created=([0-9]{{1,12}});nonce="([A-Za-z0-9_-]{{16,64}})"'
    rf';keyid="([0-9a-f]{{1,40}})";alg="{ALGORITHM}"',
    re.ASCII,
)
_SIGNATURE = re.compile(rf"{LABEL}=:([A-Za-z0-9+/]{{86}}==):", re.ASCII)


class BadSignature(ValueError):  # noqa: N818 - says what happened
    """The headers are not a signature in this form. The caller must act."""


class Parameters(NamedTuple):
    """`created` in seconds since 1970 by the caller's clock; `nonce` is never used twice."""

    created: int
    nonce: str
    keyid: str

    @property
    def text(self) -> str:
        names = " ".join(f'"{name}"' for name in COMPONENTS)
        return (
            f'({names});created={self.created};nonce="{self.nonce}"'
            f';keyid="{self.keyid}";alg="{ALGORITHM}"'
        )


def digest(body: bytes) -> str:
    """The value of the header Content-Digest."""
    return f"sha-256=:{base64.b64encode(hashlib.sha256(body).digest()).decode()}:"


def base(method: str, path: str, query: str, body_digest: str, given: Parameters) -> bytes:
    """The bytes that are signed. `path` and `query` as on the wire, `query` without its `?`."""
    lines = (
        f'"@method": {method.upper()}',
        f'"@path": {path}',
        f'"@query": ?{query}',
        f'"content-digest": {body_digest}',
        f'"@signature-params": {given.text}',
    )
    return "\n".join(lines).encode("ascii")


def headers(given: Parameters, body_digest: str, signature: bytes) -> dict[str, str]:
    """What is sent. `signature` is r and s, 32 bytes each."""
    return {
        "content-digest": body_digest,
        "signature-input": f"{LABEL}={given.text}",
        "signature": f"{LABEL}=:{base64.b64encode(signature).decode()}:",
    }


def parse(signature_input: str, signature: str) -> tuple[Parameters, bytes]:
    """The parameters and the 64 bytes of r and s. Raises BadSignature."""
    found, signed = _INPUT.fullmatch(signature_input), _SIGNATURE.fullmatch(signature)
    if found is None or signed is None:
        raise BadSignature("signature-input or signature are not in the form of docs/protocol.md")
    given = Parameters(int(found[2]), found[3], found[4])
    if signature_input != f"{LABEL}={given.text}":
        raise BadSignature(f"a signature covers {COMPONENTS}, in this order")
    return given, base64.b64decode(signed[1])
