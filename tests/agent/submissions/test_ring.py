"""The office's keys for acknowledgements: from the release in use, whole, or not at all."""

from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.submissions.ring import BUNDLE, KeyRing, NoKeys, of_release
from tests.support.citizens import NOW, OfficeKeys
from tests.support.shown import put
from wire.service.tenant import KEYS
from wire.submission import Ack, Signed, canonical

OFFICE = OfficeKeys()
ACK = Ack(kiosk="k-1", id="a" * 32, sha256="b" * 64, outcome="accepted", at=NOW)


def test_the_keys_of_the_release_in_use_count_and_no_others(tmp_path: Path) -> None:
    old = OfficeKeys()
    put(tmp_path / BUNDLE, 1, {KEYS: canonical(old.public)})
    put(tmp_path / BUNDLE, 2, {KEYS: canonical(OFFICE.public)})
    ring = of_release(tmp_path)
    assert ring.read(OFFICE.says(ACK)) == ACK
    assert ring.read(old.says(ACK)) is None


def test_a_release_without_keys_or_with_changed_ones_lets_nothing_go(tmp_path: Path) -> None:
    with pytest.raises(NoKeys, match="no release"):
        of_release(tmp_path)
    put(tmp_path / BUNDLE, 1, {"content.json": b"{}"})
    with pytest.raises(NoKeys, match=r"no keys\.json"):
        of_release(tmp_path)
    put(tmp_path / BUNDLE, 2, {KEYS: b'{"seal":3}'})
    with pytest.raises(NoKeys, match=r"keys\.json"):
        of_release(tmp_path)
    put(tmp_path / BUNDLE, 3, {KEYS: canonical(OFFICE.public)})
    path = tmp_path / BUNDLE / "slots" / "3" / KEYS
    path.write_bytes(canonical(OfficeKeys().public))
    with pytest.raises(NoKeys, match="damaged"):
        of_release(tmp_path)
    path.unlink()
    with pytest.raises(NoKeys):
        of_release(tmp_path)


@given(st.text(max_size=200), st.text(alphabet="ABC/+=", max_size=90))
def test_whatever_somebody_else_wrote_is_nobodys_word(text: str, signature: str) -> None:
    ring = KeyRing(OFFICE.public)
    assert ring.read(Signed(text=text, key=OFFICE.ack.id, signature=signature)) is None


def test_a_signed_text_that_is_no_acknowledgement_is_none() -> None:
    good = OFFICE.says(ACK)
    assert KeyRing(OFFICE.public).read(msgspec.structs.replace(good, key="0" * 16)) is None
    spaced = good.text.replace(",", ", ", 1)
    assert KeyRing(OFFICE.public).read(msgspec.structs.replace(good, text=spaced)) is None
