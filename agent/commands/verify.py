"""Whether an Ed25519 key signed a message, asked of the system's libcrypto.

Owns the calls into C and that everything they allot is given back. Signs nothing, knows no policy.
Whatever does not hold is False, also keys and signatures of a wrong length: nothing is raised.
The package `cryptography` would cost the resident agent megabytes; this costs a third of one.
"""

import ctypes
from ctypes import c_char_p, c_int, c_size_t, c_ulong, c_void_p
from typing import Any, Final

from wire.policy import Verify

LIBRARY: Final = "libcrypto.so.3"
KEY_BYTES: Final = 32
SIGNATURE_BYTES: Final = 64
_ED25519: Final = 1087  # EVP_PKEY_ED25519
# name -> (what it returns, what it takes)
_CALLS: Final[dict[str, tuple[Any, tuple[Any, ...]]]] = {
    "EVP_PKEY_new_raw_public_key": (c_void_p, (c_int, c_void_p, c_char_p, c_size_t)),
    "EVP_PKEY_free": (None, (c_void_p,)),
    "EVP_MD_CTX_new": (c_void_p, ()),
    "EVP_MD_CTX_free": (None, (c_void_p,)),
    "EVP_DigestVerifyInit": (c_int, (c_void_p, c_void_p, c_void_p, c_void_p, c_void_p)),
    "EVP_DigestVerify": (c_int, (c_void_p, c_char_p, c_size_t, c_char_p, c_size_t)),
    "ERR_clear_error": (None, ()),
    "ERR_peek_error": (c_ulong, ()),
}


class Ed25519:
    """Is a Verify. Raises OSError at once where the library is missing. Safe from any thread."""

    def __init__(self, library: str = LIBRARY) -> None:
        self._lib = ctypes.CDLL(library)
        for name, (returns, takes) in _CALLS.items():
            call = getattr(self._lib, name)
            call.restype, call.argtypes = returns, takes

    def __call__(self, public: bytes, signature: bytes, message: bytes) -> bool:
        if len(public) != KEY_BYTES or len(signature) != SIGNATURE_BYTES:
            return False
        lib = self._lib
        key = lib.EVP_PKEY_new_raw_public_key(_ED25519, None, public, KEY_BYTES)
        context = lib.EVP_MD_CTX_new()
        try:
            return bool(key and context) and self._holds(key, context, signature, message)
        finally:
            lib.EVP_MD_CTX_free(context)  # both free nothing when given nothing
            lib.EVP_PKEY_free(key)
            lib.ERR_clear_error()  # what is left there would be taken for an error of TLS

    def _holds(self, key: int, context: int, signature: bytes, message: bytes) -> bool:
        lib = self._lib
        if lib.EVP_DigestVerifyInit(context, None, None, None, key) != 1:
            return False
        size = len(message)
        return bool(lib.EVP_DigestVerify(context, signature, SIGNATURE_BYTES, message, size) == 1)


def nobody(public: bytes, signature: bytes, message: bytes) -> bool:
    """The Verify of a machine without the library: nothing holds."""
    del public, signature, message
    return False


def find() -> tuple[Verify, str]:
    """What verifies here, and what a technician must know when nothing can."""
    try:
        return Ed25519(), ""
    except OSError as error:
        return nobody, f"no command is taken: {LIBRARY} cannot be used ({error}), install libssl3"
