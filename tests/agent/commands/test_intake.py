"""Everybody may stand before the door: forged, re-addressed, replayed, broken, flooding."""

import logging

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from msgspec.structs import replace

from tests.agent.commands.played import KIOSK, Played
from tests.support.signing import id_of
from wire.messages import Desired, Orders
from wire.wants import Want

STRANGER = Ed25519PrivateKey.generate()


def forged(played: Played) -> dict[str, Orders]:
    good = played.orders(played.envelope("reload_page"))
    ceremony, nonce = played.ceremony, played.standing.nonce
    one = played.envelope("reload_page")
    return {
        "a stranger's key": played.orders(one, key=STRANGER),
        "a stranger's key under the office's name": replace(
            played.orders(one, key=STRANGER), key=id_of(ceremony.office)
        ),
        "a person's key": played.orders(one, key=ceremony.people["siti"]),
        "another text": replace(good, signed=good.signed.replace(KIOSK, "bdg-andir-02")),
        "another spelling": replace(good, signed=good.signed + " "),
        "another kiosk": ceremony.orders("bdg-andir-02", nonce, one, now=played.office_now),
        "no JSON": replace(good, signed="{" * 50_000),
    }


def test_row_45_what_is_not_the_office_s_has_no_answer_and_no_row(played: Played) -> None:
    for name, orders in forged(played).items():
        played.commands.heard(orders)
        played.commands.run_pending()
        assert (played.results, played.asked, played.news()) == ([], [], []), name
    with played.store.transaction() as db:
        assert db.execute("SELECT count(*) FROM commands").fetchone() == (0,)
    assert "are not the office's" in played.commands.trouble()
    played.do(played.envelope())
    assert played.commands.trouble() == ""


def test_a_signed_text_that_is_no_batch_is_not_taken(played: Played) -> None:
    good = played.orders()
    for signed in ("{}", "[]", '{"v":1}', good.signed.replace('"v":1', '"v":2')):
        broken = replace(good, signed=signed)
        played.commands.heard(broken)
    assert played.results == []


def test_row_46_what_was_said_to_an_earlier_birth_proves_nothing(played: Played) -> None:
    old = played.orders(played.envelope("reload_page"))
    played.born()
    played.commands.heard(old)
    played.commands.run_pending()
    assert played.results == []
    assert played.commands.trouble() == ""  # the broker kept it: nobody's fault


def test_row_45_a_flood_of_forgeries_is_one_line_of_the_log(
    played: Played, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        for orders in list(forged(played).values()) * 30:
            played.commands.heard(orders)
    assert len(caplog.records) == 1
    played.now += 3_601
    assert played.commands.trouble() == ""


def test_without_a_policy_whoever_knows_the_nonce_is_told_so(tmp_path: object) -> None:
    played = Played(tmp_path)  # type: ignore[arg-type]
    played.begin()
    assert played.standing.policy == 0
    one = played.envelope()
    for _ in range(3):
        played.do(one)
    stranger = played.ceremony.orders(KIOSK, "0" * 32, played.envelope())
    played.commands.heard(stranger)
    assert played.results == [(one.command, "rejected", "no_policy")]
    assert "anjungan join" in played.commands.trouble()
    played.lay_policy()
    played.born()
    played.do(played.envelope())
    assert played.ends()[-1] == ("succeeded", "")
    assert played.commands.trouble() == ""
    played.end()


WANT = Want(bundle="layanan", seq=2, number=5)


def desired(played: Played, **more: object) -> Desired:
    given = {"now": played.office_now} | more
    nonce = played.standing.nonce
    return played.ceremony.desired(KIOSK, nonce, WANT, **given)  # type: ignore[arg-type]


def test_what_the_office_desires_is_opened_and_proves_the_time(played: Played) -> None:
    wants = played.commands.open_wants(desired(played))
    assert wants is not None
    assert wants.wants == (WANT,)
    time, floor, t = played.commands.office_time()
    assert time is not None
    assert time.earliest <= played.office_now <= time.latest
    assert (floor, t) == (played.office_now, played.now)


def test_row_45_what_somebody_else_desires_is_nothing(played: Played) -> None:
    good = desired(played)
    orders = played.orders()
    batch = Desired(signed=orders.signed, key=orders.key, signature=orders.signature)
    person = played.ceremony.people["siti"]
    text = good.signed.replace(KIOSK, "bdg-andir-02")
    for forged in (
        desired(played, key=STRANGER),
        desired(played, key=person),
        replace(good, signed=text),
        replace(good, signed=good.signed + " "),
        replace(good, signed="{" * 50_000),
        batch,  # the office's own word, but of another kind
        played.ceremony.desired("bdg-andir-02", played.standing.nonce, WANT),
    ):
        assert played.commands.open_wants(forged) is None
    assert played.commands.office_time()[0] is None
    assert "are not the office's" in played.commands.trouble()


def test_row_45_every_byte_of_what_is_desired_flipped_is_refused(played: Played) -> None:
    said = desired(played)
    for field in ("signed", "key", "signature"):
        text = getattr(said, field)
        for at in range(len(text)):
            flipped = text[:at] + chr(ord(text[at]) ^ 1) + text[at + 1 :]
            forged = replace(said, **{field: flipped})
            assert played.commands.open_wants(forged) is None, (field, at)
    assert played.commands.open_wants(said) is not None


def test_row_46_what_was_desired_of_an_earlier_birth_is_nothing(played: Played) -> None:
    old = desired(played)
    played.born()
    assert played.commands.open_wants(old) is None
    assert played.commands.trouble() == ""


def test_without_a_policy_nothing_is_desired(tmp_path: object) -> None:
    played = Played(tmp_path)  # type: ignore[arg-type]
    played.begin()
    assert played.commands.open_wants(desired(played)) is None
    played.end()
