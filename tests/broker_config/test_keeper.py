"""What follows from what: lists, certificates, deaths and doubts, over a real broker's life."""

import ssl
from functools import partial
from pathlib import Path

import pytest

from tests.support.identity import IdentityBroker
from tests.support.mqtt import Closed
from tests.support.pki import SERVER, Authority
from tests.support.wait import until
from wire import topics

A, B = "bdg-coblong-1", "bdg-coblong-2"


def shown(port: int) -> bytes:
    """The certificate a door shows."""
    return ssl.get_server_certificate(("127.0.0.1", port)).encode()


def shows(port: int, pem: bytes) -> bool:
    return shown(port) == pem


def test_new_lists_are_in_force_and_proven_in_under_two_seconds(
    identity_broker: IdentityBroker,
) -> None:
    written = identity_broker.want()
    answer = until(lambda: identity_broker.answer(written), 10, 0.005)
    assert answer["ok"] is True
    assert answer["crl_number"] == identity_broker.number


def test_only_the_newest_of_many_is_applied(identity_broker: IdentityBroker) -> None:
    for _ in range(5):
        identity_broker.want()
    last = identity_broker.stamp
    assert until(lambda: identity_broker.answer(last), 20)["ok"]
    wanted = identity_broker.exchange / "wanted"
    until(lambda: [path.name for path in wanted.iterdir()] == [f"{last:020d}.json"], 10)


def test_good_kiosks_do_not_notice_new_lists(identity_broker: IdentityBroker) -> None:
    with identity_broker.kiosk(A) as a, identity_broker.office() as office:
        office.subscribe("anjungan/v1/+/+/up/reading")
        for number in range(4):
            identity_broker.make_kiosk(f"bdg-gone-{number}")
            assert identity_broker.revoke(f"bdg-gone-{number}")["ok"]
            assert a.publish(topics.up(A, "reading"), b"%d" % number) == 0
            assert office.next().payload == b"%d" % number


def test_many_kiosks_are_dropped_at_once(identity_broker: IdentityBroker) -> None:
    names = [f"bdg-gone-{number}" for number in range(20)]
    connected = [identity_broker.kiosk(name) for name in names]
    assert identity_broker.revoke(*names)["ok"]
    for kiosk in connected:
        with pytest.raises((Closed, OSError)):
            kiosk.ping()
        kiosk.cut()


def test_a_new_server_certificate_is_shown_without_a_restart(
    identity_broker: IdentityBroker,
) -> None:
    pid = identity_broker.pid
    with identity_broker.kiosk(A) as a:
        new = identity_broker.pki.renew_broker()
        for port in (identity_broker.port, identity_broker.office_port):
            until(partial(shows, port, new.pem), 20)
        a.ping()
    assert identity_broker.pid == pid


def test_a_certificate_whose_key_has_not_come_yet_is_not_used(
    identity_broker: IdentityBroker,
) -> None:
    before = shown(identity_broker.port)
    new = identity_broker.pki.server.issue("broker", usage=SERVER, hosts=["localhost"])
    (identity_broker.pki.issued / "broker.crt").write_bytes(new.pem)
    until(lambda: "not done yet" in identity_broker.said.read_text(), 20)
    assert shown(identity_broker.port) == before
    (identity_broker.pki.issued / "broker.key").write_bytes(new.key_pem)
    until(lambda: shown(identity_broker.port) == new.pem, 20)


def test_a_new_server_authority_is_taken_in_by_a_restart(identity_broker: IdentityBroker) -> None:
    pki, pid = identity_broker.pki, identity_broker.pid
    pki.server = Authority("Anjungan test servers, the second")
    for name, paper in (
        ("broker", pki.server.issue("broker", usage=SERVER, hosts=["localhost", "127.0.0.1"])),
        ("office", pki.server.issue("_office")),
    ):
        paper.write(pki.issued, name)
    pki.server_ca.write_bytes(pki.server.paper.pem)
    until(lambda: identity_broker.pid not in (0, pid), 30)
    until(lambda: "new certificates are in use" in identity_broker.said.read_text(), 30)
    with identity_broker.office() as office:
        office.ping()


def test_a_broker_that_was_killed_comes_back_and_is_proven(
    identity_broker: IdentityBroker,
) -> None:
    identity_broker.make_kiosk(B)
    assert identity_broker.revoke(B)["ok"]
    identity_broker.kill9()
    until(identity_broker._lets_in, 30)
    with identity_broker.kiosk(A) as a:
        a.ping()
    with pytest.raises((OSError, Closed)):
        identity_broker.kiosk(B)


def test_lists_that_come_while_it_is_down_start_it(identity_broker: IdentityBroker) -> None:
    identity_broker.kill9()
    assert identity_broker.apply()["ok"]
    with identity_broker.kiosk(A) as a:
        a.ping()


def test_an_ended_certificate_of_its_own_is_answered_and_nothing_changes(
    identity_broker: IdentityBroker,
) -> None:
    ended = identity_broker.pki.server.issue("broker", usage=SERVER, from_day=-9, to_day=-1)
    ended.write(identity_broker.pki.issued, "broker")
    answer = identity_broker.apply()
    assert answer["ok"] is False
    assert "not valid today" in answer["why"]
    with identity_broker.kiosk(A) as a:
        a.ping()


def test_what_cannot_be_proven_is_not_reported_as_done(identity_broker: IdentityBroker) -> None:
    issued = identity_broker.pki.issued
    strange = identity_broker.pki.server.issue("_stranger")
    strange.write(issued, "office")  # let in, but no office to the access list
    answer = identity_broker.apply()
    assert answer["ok"] is False
    assert "office could not write" in answer["why"]
    assert identity_broker.pid, "closed is not dangerous: it runs on"


def test_a_keeper_that_starts_again_takes_the_last_lists_again(
    identity_broker: IdentityBroker, tmp_path: Path
) -> None:
    identity_broker.make_kiosk(A)
    assert identity_broker.revoke(A)["ok"]
    identity_broker.restart()
    with pytest.raises((OSError, Closed)):
        identity_broker.kiosk(A)
    with identity_broker.kiosk(B) as b:
        b.ping()
    assert (identity_broker.state / "in-force" / "in-force.json").exists()
    assert tmp_path.exists()
