"""One connection of the office on a real broker, over TLS too."""

import selectors
import ssl
import time
from typing import TYPE_CHECKING

import pytest

from controller.link import SCOUT, Door, Session
from tests.support.broker import ProgramBroker, TlsBroker
from tests.support.mqtt import Player
from tests.support.wait import until
from wire.topics import office_filter, partition_of, up

if TYPE_CHECKING:
    from controller.ingest import Incoming

NAME = "kiosk-1"
PARTITION = partition_of(NAME)


class Reader:
    """A session, and whoever turns its wheel."""

    def __init__(self, door: Door, partition: int = PARTITION) -> None:
        self.inbox: list[Incoming] = []
        self.selector = selectors.DefaultSelector()
        self.session = Session(
            partition, door, self.selector, self.inbox.append, lambda: time.time_ns() // 1_000_000
        )
        self.session.connect(time.monotonic() + 5)

    def turn(self) -> None:
        for _, events in self.selector.select(0.02) if self.selector.get_map() else ():
            if events & selectors.EVENT_READ:
                self.session.read(100)
            if events & selectors.EVENT_WRITE:
                self.session.write()
        self.session.judge(time.monotonic())

    def comes_up(self) -> bool:
        self.turn()
        assert self.session.down is None
        return self.session.up

    def has(self, number: int) -> bool:
        self.turn()
        return len(self.inbox) == number

    def ends(self) -> bool:
        self.turn()
        return self.session.down is not None


@pytest.fixture
def trusting(mosquitto_tls: TlsBroker) -> Door:
    tls = ssl.create_default_context(cafile=mosquitto_tls.ca)
    return Door(mosquitto_tls.host, mosquitto_tls.tls_port, tls)


def test_over_tls_everything_is_read_although_the_selector_sees_less(
    mosquitto_tls: TlsBroker, trusting: Door
) -> None:
    reader = Reader(trusting)
    until(reader.comes_up, 10, every_s=0)
    with Player(mosquitto_tls, NAME) as kiosk:
        for number in range(150):  # decrypted in large pieces, read in small ones
            kiosk.post(up(NAME, "present"), b"%d" % number)
        until(lambda: reader.has(150), 10, every_s=0)
    assert [one.payload for one in reader.inbox] == [b"%d" % n for n in range(150)]
    reader.session.close()


def test_a_broker_with_a_strangers_certificate_gets_no_session(mosquitto_tls: TlsBroker) -> None:
    stranger = Door(mosquitto_tls.host, mosquitto_tls.tls_port, ssl.create_default_context())
    reader = Reader(stranger)
    assert reader.session.down is not None
    assert "CERTIFICATE_VERIFY_FAILED" in reader.session.down


def test_a_broker_that_speaks_no_tls_ends_the_session(
    mosquitto: ProgramBroker, trusting: Door
) -> None:
    reader = Reader(trusting._replace(port=mosquitto.port))
    assert reader.session.down


def test_two_scouts_do_not_throw_each_other_out(mosquitto: ProgramBroker) -> None:
    door = Door(mosquitto.host, mosquitto.port)
    scouts = [Reader(door, SCOUT), Reader(door, SCOUT)]
    for one in scouts:
        until(one.comes_up, 10, every_s=0)
    for one in scouts:
        one.turn()
        assert one.session.up
        one.session.close()


def test_the_office_listens_to_kiosks_and_not_to_itself() -> None:
    assert office_filter(3).endswith("/up/+")
