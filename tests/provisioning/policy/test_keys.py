"""Keys lie where nobody else reads them, are never replaced, and sign what was asked."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provisioning.authority.files import Unsafe
from provisioning.authority.keys import KeyRefused, new_key, to_pem
from provisioning.policy import keys
from tests.support.signing import verify
from wire.envelope import approval_message, key_id, policy_message, raw

WORD = b"a long passphrase"


def test_a_key_is_for_its_owner_alone_and_is_read_back(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "mine.pem"
    made = keys.make(path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert keys.public(keys.read(path)) == keys.public(made)
    assert keys.public(keys.read_or_make(path)) == keys.public(made)


def test_a_key_is_never_replaced(tmp_path: Path) -> None:
    keys.make(tmp_path / "mine.pem")
    with pytest.raises(KeyRefused, match="never replaced"):
        keys.make(tmp_path / "mine.pem")


def test_a_key_that_others_may_read_is_not_used(tmp_path: Path) -> None:
    keys.make(tmp_path / "mine.pem")
    (tmp_path / "mine.pem").chmod(0o640)
    with pytest.raises(Unsafe, match="open to others"):
        keys.read(tmp_path / "mine.pem")


def test_a_root_may_have_a_passphrase_which_others_do_not_need(tmp_path: Path) -> None:
    made = keys.make(tmp_path / "root.pem", WORD)
    keys.make(tmp_path / "plain.pem")
    assert keys.public(keys.read(tmp_path / "root.pem", WORD)) == keys.public(made)
    assert keys.read(tmp_path / "plain.pem", WORD)
    for wrong in (None, b"another passphrase"):
        with pytest.raises(KeyRefused):
            keys.read(tmp_path / "root.pem", wrong)


def test_a_key_for_something_else_is_refused(tmp_path: Path) -> None:
    (tmp_path / "ec.pem").write_bytes(to_pem(new_key()))
    (tmp_path / "ec.pem").chmod(0o600)
    with pytest.raises(KeyRefused, match="something else"):
        keys.read(tmp_path / "ec.pem")


def test_making_roots_again_makes_only_what_is_missing(tmp_path: Path) -> None:
    folder = tmp_path / "roots"
    assert keys.roots(folder, None) == []
    first = set(map(keys.public, keys.make_roots(folder, 2, WORD)))
    assert folder.stat().st_mode & 0o777 == 0o700
    assert len(first) == 2
    assert set(map(keys.public, keys.make_roots(folder, 2, WORD))) == first
    (folder / "root-1.pem").unlink()
    again = set(map(keys.public, keys.make_roots(folder, 2, WORD)))
    assert len(again & first) == 1
    assert len(again) == 2
    with pytest.raises(KeyRefused, match="holds 2"):
        keys.make_roots(folder, 1, WORD)


def test_the_roots_passphrase_goes_before_the_authorities() -> None:
    both = {keys.OF_ROOTS: "of the roots, long", "ANJUNGAN_AUTHORITY_PASSPHRASE": "of the others"}
    assert keys.of_roots(both) == b"of the roots, long"
    both.pop(keys.OF_ROOTS)
    assert keys.of_roots(both) == b"of the others"
    assert keys.of_roots({}) is None


def test_signatures_are_over_the_words_of_the_protocol(tmp_path: Path) -> None:
    key = keys.make(tmp_path / "mine.pem")
    public = raw(keys.public(key))
    signed = keys.sign_policy(key, "{}")
    assert signed.key == key_id(public) == keys.id_of(keys.public(key))
    assert verify(public, raw(signed.signature), policy_message("{}"))
    assert verify(public, raw(keys.sign_approval(key, "{}", 7)), approval_message("{}", 7))
    assert keys.verify(public, raw(signed.signature), policy_message("{}"))
    assert not keys.verify(public, raw(signed.signature), policy_message("[]"))
    assert not keys.verify(b"short", raw(signed.signature), policy_message("{}"))


@given(st.text(max_size=60))
def test_what_is_no_public_key_has_no_name(text: str) -> None:
    with pytest.raises(ValueError, match="no public key"):
        keys.id_of(text)
