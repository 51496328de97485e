"""Whose keys sign a role; what a signature must be is walked in test_signing.py."""

import pytest

from controller.jobs.refused import Refused
from controller.releases import keys
from tests.support.press import Press
from tests.support.release_keys import id_of


def test_each_role_has_keys_of_its_own(press: Press) -> None:
    for role in ("content", "software"):
        threshold, found = keys.holders(press.releases, role)
        assert threshold == 2
        assert {one.keyid for one in found} == set(map(id_of, getattr(press.held.at_hand, role)))


def test_a_key_of_one_role_does_not_sign_the_other(press: Press) -> None:
    ours = press.held.at_hand.content[0]
    word = ours.sign(b"text").hex()
    keys.check(press.releases, "content", id_of(ours), word, "text")
    with pytest.raises(Refused) as refused:
        keys.check(press.releases, "software", id_of(ours), word, "text")
    assert refused.value.code == "key"


def test_without_a_ceremony_or_with_a_broken_folder_nobody_signs(press: Press) -> None:
    for role in ("root", ""):
        with pytest.raises(Refused):
            keys.holders(press.releases, role)
    path = press.releases.metadata / "1.targets.json"
    path.write_bytes(b"{")
    for _ in range(2):
        with pytest.raises(Refused) as refused:
            keys.holders(press.releases, "content")
        assert refused.value.code == "no_keys"
        path.unlink(missing_ok=True)
