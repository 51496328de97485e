"""Row 37, the list's side: what ended stays ended, and the list never goes back."""

import ssl
import subprocess
import time
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from provisioning.authority.certificates import DAY_MS, for_kiosk
from provisioning.authority.ended import KEEP_MS, Ended, EndedList, ListRefused, parse
from provisioning.authority.pair import Pair
from tests.support.authority import NOW, authorities, key


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Pair:
    return authorities(tmp_path_factory.mktemp("authority"))


def opened(folder: Path, pair: Pair, *always: int) -> EndedList:
    return EndedList(folder / "crl.pem", pair.device, frozenset(always))


def test_a_signed_list_says_what_ended_and_why(pair: Pair, tmp_path: Path) -> None:
    mine = opened(tmp_path, pair)
    assert mine.add([Ended(0xA1, NOW, "revoked"), Ended(0xB2, NOW, "superseded")]) == 2
    mine.sign(NOW)
    crl, number = parse(mine.pem, pair.device, "list")
    assert number == mine.number == NOW // 1000
    assert {one.serial_number for one in crl} == {0xA1, 0xB2}
    assert (mine.signed_at, mine.next_update) == (NOW, NOW + 7 * DAY_MS)


def test_it_is_remembered_on_disk(pair: Pair, tmp_path: Path) -> None:
    mine = opened(tmp_path, pair)
    mine.add([Ended(0xA1, NOW, "revoked"), Ended(0xB2, NOW - 5000, "superseded")])
    mine.sign(NOW)
    again = opened(tmp_path, pair)
    assert again.entries() == mine.entries()
    assert (again.number, again.signed_at, again.next_update, again.pem) == (
        mine.number,
        mine.signed_at,
        mine.next_update,
        mine.pem,
    )
    assert again.entries()[0xB2] == Ended(0xB2, NOW - 5000, "superseded")


def test_the_number_never_goes_back(pair: Pair, tmp_path: Path) -> None:
    mine = opened(tmp_path, pair)
    numbers = []
    for past, above in ((0, 0), (5000, 7), (0, 2 * NOW), (9000, 3)):
        mine.sign(NOW - past, above=above)
        numbers.append(mine.number)
    begin = NOW // 1000
    assert numbers == [begin, begin + 1, 2 * NOW + 1, 2 * NOW + 2]


def test_an_authority_of_an_older_backup_goes_on_above_what_it_forgot(
    pair: Pair, tmp_path: Path
) -> None:
    mine = opened(tmp_path, pair)
    for _ in range(5):
        mine.sign(NOW)
    (tmp_path / "crl.pem").unlink()
    again = opened(tmp_path, pair)
    again.sign(NOW + DAY_MS)
    assert again.number > mine.number


def test_what_ended_twice_is_listed_once_as_first_told(pair: Pair, tmp_path: Path) -> None:
    mine = opened(tmp_path, pair)
    mine.add([Ended(1, NOW, "revoked")])
    assert mine.add([Ended(1, NOW + 5000, "superseded")]) == 0
    assert mine.entries()[1].why == "revoked"


def test_an_entry_stays_as_long_as_its_certificate_could_be_renewed(
    pair: Pair, tmp_path: Path
) -> None:
    mine = opened(tmp_path, pair)
    mine.add([Ended(1, NOW, "revoked")])
    mine.sign(NOW + 121 * DAY_MS - 1000)
    assert 1 in mine
    mine.sign(NOW + KEEP_MS)
    assert 1 not in mine


def test_what_must_always_fail_is_in_every_list(pair: Pair, tmp_path: Path) -> None:
    mine = opened(tmp_path, pair, 0xDEAD)
    for days in (0, 60, 130, 500):
        mine.sign(NOW + days * DAY_MS)
        assert 0xDEAD in mine
        assert len(mine) == 1


def test_it_is_due_daily_and_when_the_clock_was_set_back(pair: Pair, tmp_path: Path) -> None:
    mine = opened(tmp_path, pair)
    assert mine.due(NOW)
    mine.sign(NOW)
    assert not mine.due(NOW + DAY_MS - 1)
    assert mine.due(NOW + DAY_MS)
    assert mine.due(NOW - 1)


@pytest.mark.parametrize("damage", [b"", b"garbage"])
def test_row_37_a_broken_list_is_never_replaced_by_an_empty_one(
    pair: Pair, tmp_path: Path, damage: bytes
) -> None:
    (tmp_path / "crl.pem").write_bytes(damage)
    with pytest.raises(ListRefused, match="administrator"):
        opened(tmp_path, pair)


def test_row_37_a_list_of_an_unknown_version_is_a_broken_one(pair: Pair, tmp_path: Path) -> None:
    opened(tmp_path, pair).sign(NOW)
    path = tmp_path / "crl.pem"
    der = bytearray(x509.load_pem_x509_crl(path.read_bytes()).public_bytes(Encoding.DER))
    der[der.index(b"\x02\x01\x01") + 2] = 9
    path.write_text(ssl.DER_cert_to_PEM_cert(bytes(der)).replace("CERTIFICATE", "X509 CRL"))
    with pytest.raises(ListRefused, match="administrator"):
        opened(tmp_path, pair)


def test_row_37_another_authoritys_list_is_refused(pair: Pair, tmp_path: Path) -> None:
    rogue = authorities(tmp_path / "rogue")
    opened(tmp_path, rogue).sign(NOW)
    with pytest.raises(ListRefused, match="another authority"):
        opened(tmp_path, pair)


def test_openssl_refuses_who_is_on_the_list(pair: Pair, tmp_path: Path) -> None:
    good, bad = (for_kiosk(pair.device, name, key().public_key(), NOW) for name in ("k-1", "k-2"))
    mine = opened(tmp_path, pair)
    mine.add([Ended(bad.serial_number, NOW, "revoked")])
    mine.sign(NOW)
    (tmp_path / "ca.pem").write_bytes(pair.device.pem)

    def verified(paper: x509.Certificate) -> str:
        (tmp_path / "k.pem").write_bytes(paper.public_bytes(Encoding.PEM))
        argv = ["openssl", "verify", "-crl_check", "-attime", str(NOW // 1000 + 60)]
        rest = ["-CAfile", "ca.pem", "-CRLfile", "crl.pem", "k.pem"]
        done = subprocess.run(
            [*argv, *rest], cwd=tmp_path, check=False, capture_output=True, text=True
        )
        return done.stdout + done.stderr

    assert "k.pem: OK" in verified(good)
    assert "certificate revoked" in verified(bad)


def test_a_nations_list_takes_seconds(pair: Pair, tmp_path: Path) -> None:
    mine = opened(tmp_path, pair)
    begun = time.monotonic()
    mine.add(Ended(serial, NOW, "superseded") for serial in range(2**100, 2**100 + 100_000))
    mine.sign(NOW)
    again = opened(tmp_path, pair)
    assert len(again) == 100_000
    assert time.monotonic() - begun < 20  # measured: one second on an idle machine
