"""Ed25519 through libcrypto holds what `cryptography` holds, and nothing else."""

import ctypes
import resource
import threading

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.commands.verify import Ed25519, find, nobody
from tests.support.signing import public_of

# RFC 8032, 7.1: (public key, signature, message)
RFC_8032 = [
    (
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        (
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
            "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"
        ),
        "",
    ),
    (
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        (
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
            "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
        ),
        "72",
    ),
    (
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        (
            "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
            "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"
        ),
        "af82",
    ),
]
VERIFY = Ed25519()
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
MESSAGE = b"anjungan-orders-v1\0{}"
SIGNATURE = KEY.sign(MESSAGE)


@pytest.mark.parametrize(("public", "signature", "message"), RFC_8032)
def test_the_vectors_of_the_standard_hold(public: str, signature: str, message: str) -> None:
    assert VERIFY(*map(bytes.fromhex, (public, signature, message)))


@given(message=st.binary(max_size=2_000))
def test_whatever_cryptography_signs_holds_under_its_own_key_only(message: bytes) -> None:
    signature = KEY.sign(message)
    assert VERIFY(public_of(KEY), signature, message)
    assert not VERIFY(public_of(Ed25519PrivateKey.generate()), signature, message)


@given(place=st.integers(0, 32 + 64 + len(MESSAGE) - 1), bit=st.integers(0, 7))
@settings(max_examples=400)
def test_row_45_no_bit_of_key_signature_or_message_may_be_another(place: int, bit: int) -> None:
    whole = bytearray(public_of(KEY) + SIGNATURE + MESSAGE)
    whole[place] ^= 1 << bit
    given = bytes(whole)
    assert not VERIFY(given[:32], given[32:96], given[96:])


@given(public=st.binary(max_size=70), signature=st.binary(max_size=130))
def test_keys_and_signatures_of_odd_lengths_do_not_hold(public: bytes, signature: bytes) -> None:
    assert not VERIFY(public, signature, MESSAGE)
    assert not VERIFY(public_of(KEY) + b"\0", SIGNATURE, MESSAGE)
    assert not VERIFY(public_of(KEY), SIGNATURE[:63], MESSAGE)


def test_a_message_with_zero_bytes_is_signed_to_its_end() -> None:
    signature = KEY.sign(b"a\0b")
    assert VERIFY(public_of(KEY), signature, b"a\0b")
    assert not VERIFY(public_of(KEY), signature, b"a\0c")


def test_ten_thousand_verifications_keep_no_memory() -> None:
    def many(count: int) -> int:
        for turn in range(count):
            VERIFY(public_of(KEY), SIGNATURE, MESSAGE if turn % 2 else b"another")
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    before = many(500)
    assert many(10_000) - before < 2_048  # KiB


def test_a_failure_leaves_no_error_behind_for_tls_to_find() -> None:
    lib = ctypes.CDLL("libcrypto.so.3")
    lib.ERR_peek_error.restype = ctypes.c_ulong
    assert not VERIFY(b"\xff" * 32, SIGNATURE, MESSAGE)
    assert lib.ERR_peek_error() == 0


def test_several_threads_may_ask_at_once() -> None:
    answers: list[bool] = []

    def ask() -> None:
        answers.extend(VERIFY(public_of(KEY), SIGNATURE, MESSAGE) for _ in range(100))

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [True] * 400


def test_without_the_library_nothing_holds_and_a_technician_is_told() -> None:
    with pytest.raises(OSError, match="nowhere"):
        Ed25519("libnowhere.so.9")
    assert not nobody(public_of(KEY), SIGNATURE, MESSAGE)
    verify, trouble = find()
    assert trouble == ""
    assert verify(public_of(KEY), SIGNATURE, MESSAGE)
