"""The office's own keys: read from one file, that nobody else may read."""

from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from controller.releases import metadata
from controller.releases.online import Online
from provisioning.authority.keys import to_pem
from provisioning.policy import keys
from tests.support.press import Press


def test_one_file_may_hold_a_key_for_each_role(tmp_path: Path) -> None:
    pems = []
    for name in ("a.pem", "b.pem"):
        keys.make(tmp_path / name)
        pems.append((tmp_path / name).read_bytes())
    both = tmp_path / "both.pem"
    both.write_bytes(b"".join(pems))
    both.chmod(0o600)
    Online(both)
    both.write_bytes(b"".join([*pems, pems[0]]))
    with pytest.raises(ValueError, match="3 private keys"):
        Online(both)


def test_a_file_that_others_may_read_or_that_is_no_key_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "key.pem"
    keys.make(path)
    path.chmod(0o640)
    with pytest.raises(ValueError, match="chmod 600"):
        Online(path)
    path.chmod(0o600)
    rubbish = b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"
    curve = to_pem(ec.generate_private_key(ec.SECP256R1()), None)
    for body in (b"", b"key", rubbish, curve):
        path.write_bytes(body)
        with pytest.raises(ValueError, match=r"key"):
            Online(path)
    with pytest.raises(FileNotFoundError):
        Online(tmp_path / "none.pem")


def test_keys_that_the_root_does_not_know_are_told_of(press: Press, tmp_path: Path) -> None:
    found = metadata.present(press.releases)
    assert found is not None
    assert not press.online.trouble(found.root.signed)
    keys.make(tmp_path / "other.pem")
    assert "last ceremony" in Online(tmp_path / "other.pem").trouble(found.root.signed)
    found.root.signed.roles["timestamp"].threshold = 2
    assert "wants 2 keys" in press.online.trouble(found.root.signed)
