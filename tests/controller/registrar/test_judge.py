"""What a kiosk handed in is believed only if everything about it fits: rows 61 and what is near."""

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as some

from controller.registrar.judge import Found, Refusal, open_record
from controller.registrar.keys import CannotUnseal
from tests.support.registrar import NAME, PLANTED, Portal, Registry
from wire.submission import REFUSALS, read


def judged(registry: Registry, portal: Portal, body: bytes) -> Found:
    keys = {portal.key_id: portal.public}
    return open_record(body, NAME, keys, registry.ring.unseal)


def why(registry: Registry, portal: Portal, body: bytes) -> str:
    with pytest.raises(Refusal) as refused:
        judged(registry, portal, body)
    assert refused.value.why in REFUSALS
    return refused.value.why


def test_a_record_is_opened_by_the_key_it_was_sealed_to(registry: Registry) -> None:
    portal = Portal(NAME, registry.keys)
    found = judged(registry, portal, portal.record())
    assert found.content.fields["nik"] == PLANTED
    assert found.head.service == "KEC-SKTM"


def test_row_61_what_was_forged_or_edited_is_refused_with_its_reason(registry: Registry) -> None:
    portal, stranger = Portal(NAME, registry.keys), Ed25519PrivateKey.generate()
    good = portal.record()
    assert why(registry, portal, portal.record(signer=stranger)) == "unsigned"
    assert why(registry, portal, portal.record(key="0" * 16)) == "unsigned"
    assert why(registry, portal, good.replace(b'"place":"32.73.01"', b'"place":"32.73.02"')) == (
        "unsigned"
    )
    assert why(registry, portal, good[:-1]) == "edited"
    assert why(registry, portal, good[:-1] + bytes([good[-1] ^ 1])) == "edited"
    assert why(registry, portal, portal.record(seal="f" * 16)) == "seal"
    assert why(registry, portal, portal.record(sealed=b"short")) == "opened"
    assert why(registry, portal, portal.record(kiosk="bdg-sukasari-2")) == "kiosk"


def test_row_61_what_was_sealed_for_another_head_does_not_open_under_this_one(
    registry: Registry,
) -> None:
    portal = Portal(NAME, registry.keys)
    other = read(portal.record())
    assert why(registry, portal, portal.record(sealed=other.sealed)) == "opened"
    assert why(registry, portal, portal.record(inside={"id": "f" * 32})) == "opened"
    assert why(registry, portal, portal.record(inside={"number": "261122-9999-K7Q3M-R"})) == (
        "opened"
    )


@given(junk=some.binary(max_size=300))
def test_any_bytes_are_a_refusal_and_nothing_worse(junk: bytes) -> None:
    def unseal(_key: str, _sealed: bytes, _info: bytes) -> bytes:
        raise CannotUnseal(key=True)

    with pytest.raises(Refusal) as refused:
        open_record(junk, NAME, {}, unseal)
    assert refused.value.why == "malformed"


def test_row_61_nothing_lies_in_the_inboxes_of_two_governments(registry: Registry) -> None:
    portal = Portal(NAME, registry.keys)
    for lie in ({"place": "32.04.15"}, {"place": "32"}, {"tenant": "32.04"}):
        assert why(registry, portal, portal.record(**lie)) == "malformed"
    assert judged(registry, portal, portal.record(place="32.73")).head.place == "32.73"


@pytest.mark.parametrize("point", [bytes(32), b"\1" + bytes(31), b"\xff" * 32, b""])
def test_row_61_a_key_that_is_no_key_ends_nothing(registry: Registry, point: bytes) -> None:
    portal = Portal(NAME, registry.keys)
    assert why(registry, portal, portal.record(sealed=point + b"x" * 64)) == "opened"
