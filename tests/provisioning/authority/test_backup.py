"""One sealed file: opened by its passphrase, noticed when a bit of it changed."""

import pytest

from provisioning.authority.backup import BackupRefused, Content, seal, unseal

WORD = b"sebuah kata sandi panjang"
CONTENT = Content(1_800_000_000_000, {"device/key.pem": b"\0secret\xff" * 20, "crl.pem": b""})
SEALED = seal(CONTENT, WORD, cost=10)


def test_what_was_sealed_comes_back() -> None:
    assert unseal(SEALED, WORD) == CONTENT


def test_the_real_cost_works_too() -> None:
    assert unseal(seal(CONTENT, WORD), WORD) == CONTENT


def test_nothing_of_it_is_readable() -> None:
    assert b"secret" not in SEALED
    assert b"device" not in SEALED


def test_a_wrong_passphrase_is_refused() -> None:
    with pytest.raises(BackupRefused, match="passphrase"):
        unseal(SEALED, WORD + b"!")


@pytest.mark.parametrize("place", [0, 27, 28, 29, 44, 45, 56, 57, 100, -17, -16, -1])
@pytest.mark.parametrize("change", [0x01, 0x80])
def test_a_changed_bit_anywhere_is_noticed(place: int, change: int) -> None:
    broken = bytearray(SEALED)
    broken[place] ^= change
    with pytest.raises(BackupRefused):
        unseal(bytes(broken), WORD)


@pytest.mark.parametrize("length", [0, 1, 27, 28, 29, 45, 56, 57, 58, 73, len(SEALED) - 1])
def test_a_cut_file_is_noticed(length: int) -> None:
    with pytest.raises(BackupRefused):
        unseal(SEALED[:length], WORD)


def test_a_file_with_more_behind_it_is_noticed() -> None:
    with pytest.raises(BackupRefused):
        unseal(SEALED + b"x", WORD)
