"""To safety and back: the same authority, nothing forgotten that had ended."""

from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from provisioning.authority.backup import BackupRefused, Content
from provisioning.authority.carry import AUDIT_KEY, MARKS, Living, pack, unpack
from provisioning.authority.ended import Ended, EndedList
from provisioning.authority.files import append, make_folder, put
from provisioning.authority.keys import read, to_pem
from provisioning.authority.pair import open_or_make
from tests.support.authority import NOW

WORD = b"sebuah kata sandi panjang"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    folder = tmp_path / "home"
    pair = open_or_make(folder, None, NOW)
    mine = EndedList(folder / "crl.pem", pair.device)
    mine.add([Ended(7, NOW, "revoked")])
    mine.sign(NOW)
    make_folder(folder / "audit")
    put(folder / AUDIT_KEY, to_pem(Ed25519PrivateKey.generate()), 0o600)
    append(folder / MARKS, b'{"n":1}')
    return folder


def test_the_round_trip_brings_everything_back(home: Path, tmp_path: Path) -> None:
    content = pack(home, None, NOW)
    there = unpack(content, tmp_path / "new", None, force=False)
    old = open_or_make(home, None, NOW)
    assert [one.pem for one in there] == [one.pem for one in old]
    for name in ("crl.pem", AUDIT_KEY, MARKS):
        assert (tmp_path / "new" / name).read_bytes() == (home / name).read_bytes()
    assert (tmp_path / "new" / "device" / "key.pem").stat().st_mode & 0o777 == 0o600


def test_a_new_passphrase_protects_what_comes_back(home: Path, tmp_path: Path) -> None:
    unpack(pack(home, None, NOW), tmp_path / "new", WORD, force=False)
    assert b"ENCRYPTED" in (tmp_path / "new" / "server" / "key.pem").read_bytes()
    assert read(tmp_path / "new" / AUDIT_KEY, WORD)


def test_a_lost_passphrase_of_the_office_does_not_lock_the_backup(tmp_path: Path) -> None:
    open_or_make(tmp_path / "home", WORD, NOW)
    content = pack(tmp_path / "home", WORD, NOW)
    assert unpack(content, tmp_path / "new", None, force=False)


def test_a_living_authority_is_not_overwritten(home: Path, tmp_path: Path) -> None:
    content = pack(home, None, NOW)
    other = tmp_path / "other"
    before = open_or_make(other, None, NOW).device.pem
    with pytest.raises(Living, match="--force"):
        unpack(content, other, None, force=False)
    assert open_or_make(other, None, NOW).device.pem == before


def test_who_insists_finds_the_old_one_aside(home: Path, tmp_path: Path) -> None:
    content = pack(home, None, NOW)
    other = tmp_path / "other"
    before = open_or_make(other, None, NOW).device.pem
    for _ in range(2):
        pair = unpack(content, other, None, force=True)
    assert pair.device.pem == open_or_make(home, None, NOW).device.pem
    aside = sorted(path.name for path in other.glob("device.replaced-*"))
    assert len(aside) == 2
    assert (other / aside[0] / "cert.pem").read_bytes() == before


def test_what_ended_since_the_backup_stays_ended(home: Path) -> None:
    content = pack(home, None, NOW)
    device = open_or_make(home, None, NOW).device
    mine = EndedList(home / "crl.pem", device)
    mine.add([Ended(8, NOW, "revoked")])
    mine.sign(NOW)
    append(home / MARKS, b'{"n":2}')
    unpack(content, home, None, force=True)
    assert {*EndedList(home / "crl.pem", device).entries()} == {7, 8}
    assert (home / MARKS).read_bytes() == b'{"n":1}\n{"n":2}\n'


@pytest.mark.parametrize("name", ["device/key.pem", "server/cert.pem", "crl.pem"])
@pytest.mark.parametrize("damage", [None, b"garbage"])
def test_an_unsound_backup_changes_nothing(
    home: Path, tmp_path: Path, name: str, damage: bytes | None
) -> None:
    files = dict(pack(home, None, NOW).files)
    if damage is None:
        files["device/cert.pem"] = files["server/cert.pem"]
    else:
        files[name] = damage
    with pytest.raises(BackupRefused):
        unpack(Content(NOW, files), tmp_path / "new", None, force=False)
    assert not (tmp_path / "new").exists()
