"""Who signs, what counts, and what does not."""

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import insert

from controller.jobs.refused import Refused
from controller.releases import metadata, renewals, signing
from controller.store.command_tables import operator_key
from provisioning.policy import keys
from tests.support.people import add_person
from tests.support.press import WHO, Press
from tests.support.release_keys import id_of

TREE = {"a.txt": b"a"}


def text(press: Press, number: int) -> str:
    return str(press.read(lambda conn: signing.find(conn, number).text))


def test_row_9_the_same_key_signing_twice_counts_once(any_press: Press) -> None:
    _, done = any_press.waiting(TREE)
    assert any_press.sign(done.signing_id, 1) == 1
    assert any_press.sign(done.signing_id, 1) == 1


def test_the_text_is_what_tuf_signs_and_nothing_else(press: Press) -> None:
    _, done = press.waiting(TREE)
    said = text(press, done.signing_id)
    assert metadata.text_of(metadata.from_text(said)) == said


def test_a_foreign_key_or_signature_counts_for_nothing(press: Press) -> None:
    _, done = press.waiting(TREE)
    ours, other = press.held.at_hand.content[0], Ed25519PrivateKey.generate()
    said = text(press, done.signing_id).encode()
    good = ours.sign(said).hex()
    for name, word, code in (
        (id_of(other), other.sign(said).hex(), "key"),
        (id_of(press.held.at_hand.roots[0]), good, "key"),
        ("", good, "key"),
        (id_of(ours), other.sign(said).hex(), "signature"),
        (id_of(ours), ours.sign(said + b" ").hex(), "signature"),
        (id_of(ours), good.upper(), "signature"),
        (id_of(ours), good[:-2], "signature"),
        (id_of(ours), "", "signature"),
        (id_of(ours), good + "\n", "signature"),
    ):
        with pytest.raises(Refused) as refused:
            press.say(done.signing_id, name, word)
        assert refused.value.code == code
    assert press.read(lambda conn: signing.words(conn, done.signing_id)) == []


def test_every_bit_of_a_signature_counts(press: Press) -> None:
    _, done = press.waiting(TREE)
    ours = press.held.at_hand.content[0]
    good = ours.sign(text(press, done.signing_id).encode())
    for at in range(len(good)):
        wrong = good[:at] + bytes([good[at] ^ 0x10]) + good[at + 1 :]
        with pytest.raises(Refused):
            press.say(done.signing_id, id_of(ours), wrong.hex())


def test_what_is_done_or_dropped_waits_for_nobody(press: Press) -> None:
    _, done = press.waiting(TREE)
    press.sign(done.signing_id)
    with pytest.raises(Refused) as refused:
        press.say(done.signing_id, "x", "0" * 128)
    assert refused.value.code == "state"
    assert press.sign(done.signing_id, 1) == 0  # again is no harm
    for number in (99, -1):
        with pytest.raises(Refused) as refused:
            press.say(number, "x", "0" * 128)
        assert refused.value.code == "unknown"


def test_a_signing_that_is_not_published_yet_lets_no_other_begin(press: Press) -> None:
    _, done = press.waiting(TREE)
    press.sign(done.signing_id)
    with pytest.raises(Refused) as refused, press.writing() as conn:
        renewals.renew(conn, press.releases, "content", WHO, press.now)
    assert "not published" in refused.value.why
    press.tick()
    with press.writing() as conn:
        assert renewals.renew(conn, press.releases, "content", WHO, press.now)


def test_signers_are_named_by_their_account_when_the_key_lies_in_a_browser(press: Press) -> None:
    _, done = press.waiting(TREE)
    ours = press.held.at_hand.content[0]
    number = add_person(press.engine, "penerbit")
    with press.writing() as conn:
        values = {"key_id": "0" * 16, "account_id": number, "public": keys.public(ours)}
        conn.execute(insert(operator_key).values(**values, label="meja", made_at=1))
    press.sign(done.signing_id, 1)
    first, second = press.read(lambda conn: signing.signers(conn, press.releases, done.signing_id))
    if first.key_id != id_of(ours):
        first, second = second, first
    assert (first.login, first.signed_by) == ("penerbit", WHO.who)
    assert first.signed_at == press.now
    assert (second.login, second.signed_at) == ("", None)


def test_only_what_publishes_nothing_is_dropped_by_itself(press: Press) -> None:
    made, done = press.waiting(TREE)
    with pytest.raises(Refused), press.writing() as conn:
        signing.drop(conn, done.signing_id, WHO, press.now)
    press.sign(done.signing_id)
    press.tick()
    with press.writing() as conn:
        number = renewals.withdraw(conn, press.releases, made.id, WHO, press.now)
        signing.drop(conn, number, WHO, press.now)
    assert press.read(lambda conn: signing.open_(conn, "content")) is None
    with pytest.raises(Refused), press.writing() as conn:
        signing.drop(conn, number, WHO, press.now)
