"""The office's own certificates: there, ours, renewed in time, and otherwise left alone."""

import os
import ssl
from pathlib import Path

import pytest
from cryptography import x509

from provisioning.authority.certificates import DAY_MS, BadName, ms
from provisioning.authority.files import Unsafe
from provisioning.authority.issued import PAPERS, Issuer, read
from provisioning.authority.pair import Pair
from tests.support.authority import NOW, authorities

FILES = {one.file for one in PAPERS}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "authority"


@pytest.fixture
def pair(folder: Path) -> Pair:
    return authorities(folder)


def issuer(folder: Path, pair: Pair, *names: str, **groups: int) -> Issuer:
    return Issuer(folder, pair, names, groups)


def test_everything_is_issued_once(folder: Path, pair: Pair) -> None:
    mine = issuer(folder, pair, "kantor.example")
    assert {*mine.refresh(NOW)} == FILES | {"device-ca", "server-ca"}
    before = {path: path.read_bytes() for path in (folder / "issued").iterdir()}
    assert mine.refresh(NOW + DAY_MS) == []
    assert {path: path.read_bytes() for path in (folder / "issued").iterdir()} == before


def test_who_signed_what(folder: Path, pair: Pair) -> None:
    issuer(folder, pair).refresh(NOW)
    for one in PAPERS:
        paper = read(folder / "issued" / f"{one.file}.crt")
        paper.verify_directly_issued_by(getattr(pair, one.authority).certificate)
        assert paper.subject.rfc4514_string() == f"CN={one.subject or 'localhost'}"
    assert (folder / "issued" / "device-ca.pem").read_bytes() == pair.device.pem
    assert (folder / "issued" / "server-ca.pem").read_bytes() == pair.server.pem


def test_a_server_is_named_by_all_its_names(folder: Path, pair: Pair) -> None:
    issuer(folder, pair, "kantor.example", "192.0.2.7").refresh(NOW)
    paper = read(folder / "issued" / "broker.crt")
    names = paper.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.DNSName) == ["kantor.example", "localhost"]
    addresses = [str(one) for one in names.get_values_for_type(x509.IPAddress)]
    assert addresses == ["192.0.2.7", "127.0.0.1", "::1"]


def test_a_server_can_use_what_it_gets(folder: Path, pair: Pair) -> None:
    issuer(folder, pair).refresh(NOW)
    place = folder / "issued"
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(place / "broker.crt", place / "broker.key")


def test_at_half_life_it_is_renewed_and_keeps_its_key(folder: Path, pair: Pair) -> None:
    mine = issuer(folder, pair)
    mine.refresh(NOW)
    key = (folder / "issued" / "broker.key").read_bytes()
    later = NOW + 91 * DAY_MS
    assert {*mine.refresh(later)} == FILES - {"probe-revoked"}
    assert ms(read(folder / "issued" / "broker.crt").not_valid_after_utc) == later + 180 * DAY_MS
    assert (folder / "issued" / "broker.key").read_bytes() == key


def test_the_probe_that_must_fail_stays_the_same_for_life(folder: Path, pair: Pair) -> None:
    mine = issuer(folder, pair)
    mine.refresh(NOW)
    serial = mine.revoked_probe()
    mine.refresh(NOW + 3000 * DAY_MS)
    assert mine.revoked_probe() == serial


def test_new_names_renew_the_servers_only(folder: Path, pair: Pair) -> None:
    issuer(folder, pair).refresh(NOW)
    done = issuer(folder, pair, "kantor.example").refresh(NOW)
    assert {*done} == {"broker", "door", "console"}


@pytest.mark.parametrize("damage", [b"", b"garbage"])
@pytest.mark.parametrize("file", ["broker.crt", "broker.key"])
def test_what_is_damaged_is_issued_anew(folder: Path, pair: Pair, file: str, damage: bytes) -> None:
    mine = issuer(folder, pair)
    mine.refresh(NOW)
    (folder / "issued" / file).write_bytes(damage)
    assert mine.refresh(NOW) == ["broker"]
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "issued" / "broker.crt", folder / "issued" / "broker.key")


def test_what_another_authority_signed_is_issued_anew(
    folder: Path, pair: Pair, tmp_path: Path
) -> None:
    issuer(folder, authorities(tmp_path / "rogue")).refresh(NOW)
    assert {*issuer(folder, pair).refresh(NOW)} == FILES | {"device-ca", "server-ca"}


def test_keys_are_their_accounts_own_unless_a_group_is_let_in(folder: Path, pair: Pair) -> None:
    issuer(folder, pair).refresh(NOW)
    broker, door = (folder / "issued" / f"{name}.key" for name in ("broker", "door"))
    assert (broker.stat().st_mode & 0o777, door.stat().st_mode & 0o777) == (0o600, 0o600)
    issuer(folder, pair, broker=os.getegid()).refresh(NOW)
    assert (broker.stat().st_mode & 0o777, door.stat().st_mode & 0o777) == (0o640, 0o600)


def test_a_key_everybody_can_read_stops_the_warden(folder: Path, pair: Pair) -> None:
    issuer(folder, pair).refresh(NOW)
    (folder / "issued" / "door.key").chmod(0o644)
    with pytest.raises(Unsafe, match="administrator"):
        issuer(folder, pair).refresh(NOW)


def test_a_wildcard_is_no_name(folder: Path, pair: Pair) -> None:
    with pytest.raises(BadName):
        issuer(folder, pair, "*.example")
