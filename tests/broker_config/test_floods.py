"""Too much from one kiosk: too large, too long, too often. The others are served."""

import threading
import time
from collections.abc import Iterator
from contextlib import suppress

import pytest
from mqtt5 import ConnectPacket, PublishPacket, QoS, Will

from tests.support.identity import IdentityBroker
from tests.support.mqtt import Closed, Player
from wire import topics

A, B = "bdg-coblong-1", "bdg-coblong-2"
NOBODY = 0x10  # "no matching subscribers"


@pytest.fixture
def office(identity_broker: IdentityBroker) -> Iterator[Player]:
    with identity_broker.office() as player:
        player.subscribe("anjungan/v1/+/+/up/+")
        yield player


def test_row_53_a_packet_of_300_kilobytes_ends_its_connection_and_no_other(
    identity_broker: IdentityBroker, office: Player
) -> None:
    with identity_broker.kiosk(A) as a, identity_broker.kiosk(B) as b:
        with pytest.raises((Closed, OSError)):
            a.publish(topics.up(A, "reading"), b"x" * 300_000)
        assert b.publish(topics.up(B, "reading"), b"fine") == 0
    assert office.next().payload == b"fine"


def test_row_53_a_will_of_300_kilobytes_does_not_come_in(identity_broker: IdentityBroker) -> None:
    identity_broker.make_kiosk(A)
    door = identity_broker.door(identity_broker.pki.folder / A)
    with Player(door, A) as a:
        a.send(ConnectPacket(A))  # a second CONNECT is an offence of its own
        with pytest.raises((Closed, OSError)):
            a.read()
    huge = Will(topics.up(A, "death"), payload=b"x" * 65_000, qos=QoS.AT_LEAST_ONCE)
    with Player(door, A, will=huge) as a:
        a.ping()


def test_row_53_a_keep_alive_of_hours_is_cut_down(identity_broker: IdentityBroker) -> None:
    with identity_broker.kiosk(A, keep_alive=0) as a:
        assert a.connack.server_keep_alive == 600


def test_row_53_a_kiosk_that_floods_is_ended_while_it_floods_and_the_others_are_served(
    identity_broker: IdentityBroker,
) -> None:
    """What it does to others meanwhile is told in docs/adr/0009; who notices it is the office."""
    ended = threading.Event()
    a, b = identity_broker.kiosk(A), identity_broker.kiosk(B)
    flood = threading.Thread(target=_flood, args=(a, ended))
    flood.start()
    try:
        for _ in range(20):
            assert b.publish(topics.up(B, "reading")) in (0, NOBODY), "served amid the flood"
        start = time.monotonic()
        assert identity_broker.revoke(A)["ok"]
        assert time.monotonic() - start < 5
        assert ended.wait(10)
        assert b.publish(topics.up(B, "reading")) in (0, NOBODY)
    finally:
        a.cut()
        b.cut()
        flood.join()


def _flood(kiosk: Player, ended: threading.Event) -> None:
    one = PublishPacket(topics.up(A, "reading"), b"x" * 300, qos=QoS.AT_MOST_ONCE).write()
    with suppress(OSError):
        while True:
            kiosk.socket.sendall(one * 100)
    ended.set()
