"""The code a technician types on a new kiosk: a one-time token and whom to trust, in one word.

Pure. 24 random bytes are the secret; 14 bytes of the SHA-256 of the office's server authority
(its certificate in DER) tell the kiosk which office is the real one before it trusts any; 2 bytes
of checksum tell a typing error from a refusal. 64 characters of Crockford's alphabet, which has
no I, L, O and U, in groups of four; case, spaces and hyphens do not matter.
"""

import hashlib
from binascii import crc_hqx
from typing import Final, NamedTuple

TOKEN_BYTES: Final = 24
PIN_BYTES: Final = 14
_ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_VALUE: Final = {sign: value for value, sign in enumerate(_ALPHABET)} | {"I": 1, "L": 1, "O": 0}
_SIGNS: Final = 64


class BadCode(ValueError):  # noqa: N818 - says what happened
    """What was typed is no code: whoever typed it must look again."""


class Invitation(NamedTuple):
    """`pin` is the beginning of the SHA-256 of the server authority's certificate in DER."""

    token: bytes
    pin: bytes

    @property
    def code(self) -> str:
        raw = self.token + self.pin
        number = int.from_bytes(raw + crc_hqx(raw, 0).to_bytes(2, "big"), "big")
        signs = "".join(_ALPHABET[number >> shift & 31] for shift in range(315, -5, -5))
        return "-".join(signs[at : at + 4] for at in range(0, _SIGNS, 4))

    @property
    def token_sha256(self) -> str:
        """All that the office keeps of it."""
        return hashlib.sha256(self.token).hexdigest()


def parse(code: str) -> Invitation:
    """Raises BadCode, which never repeats the code."""
    signs = "".join(code.upper().replace("-", " ").split())
    if len(signs) != _SIGNS:
        raise BadCode(f"a code has {_SIGNS} letters and digits, not {len(signs)}: type it again")
    if not set(signs) <= _VALUE.keys():
        raise BadCode("a code has only letters (no U) and digits: type it again")
    number = 0
    for sign in signs:
        number = number << 5 | _VALUE[sign]
    raw = number.to_bytes(40, "big")
    if crc_hqx(raw[:-2], 0) != int.from_bytes(raw[-2:], "big"):
        raise BadCode("a letter or digit of the code is wrong: type it again")
    return Invitation(raw[:TOKEN_BYTES], raw[TOKEN_BYTES:-2])


def pin_of(authority_der: bytes) -> bytes:
    return hashlib.sha256(authority_der).digest()[:PIN_BYTES]
