"""One MQTT connection at a broker that forgives nothing."""

import os
from collections.abc import Iterator

import pytest

from agent.config import Broker
from agent.link import Closed, Delivered, Event, Heard, Link, Opened, Refused, Will
from tests.support.broker import ProgramBroker
from tests.support.strict import StrictBroker
from tests.support.wait import until

NAME = "bdg-andir-01"


class Watched:
    """A link and the events it gave so far."""

    def __init__(self, port: int, filters: tuple[str, ...] = ("to/us",)) -> None:
        self.wake_fd = os.eventfd(0, os.EFD_NONBLOCK)
        broker = Broker("127.0.0.1", port, keepalive_s=5, will_delay_s=0)
        will = Will("up/death", b"gone")
        self.link = Link(broker, NAME, will, filters=filters, wake_fd=self.wake_fd)
        self.events: list[Event] = []

    def step(self) -> list[Event]:
        self.events += self.link.step(0.05)
        return self.events

    def has(self, kind: type[Event]) -> list[Event]:
        return [event for event in self.step() if isinstance(event, kind)]

    def open(self) -> "Watched":
        self.link.connect()
        until(lambda: self.has(Opened), 20)
        return self


@pytest.fixture
def watched(strict_broker: StrictBroker) -> Iterator[Watched]:
    watched = Watched(strict_broker.port)
    yield watched
    watched.link.hang_up(politely=True)
    os.close(watched.wake_fd)


def test_the_window_is_what_the_broker_allows(strict_broker: StrictBroker) -> None:
    strict_broker.receive_maximum = 3
    watched = Watched(strict_broker.port).open()
    assert Opened(3) in watched.events
    watched.link.hang_up(politely=True)


def test_what_the_broker_takes_is_delivered_and_what_it_does_not_is_refused(
    strict_broker: StrictBroker, watched: Watched
) -> None:
    watched.open()
    mid = watched.link.publish("to/us", b"1")
    until(lambda: watched.has(Delivered), 20)
    assert Delivered(mid) in watched.events
    assert until(lambda: watched.has(Heard), 20) == [Heard("to/us", b"1")]
    nobody = watched.link.publish("to/nobody", b"2")
    (refused,) = until(lambda: watched.has(Refused), 20)
    assert isinstance(refused, Refused)
    assert refused.mid == nobody
    assert strict_broker.breaches == []


def test_a_wake_up_ends_the_wait(watched: Watched) -> None:
    watched.open()
    os.eventfd_write(watched.wake_fd, 1)
    assert watched.link.step(30.0) == []


def test_it_pings_when_due_and_stays(mosquitto: ProgramBroker) -> None:
    watched = Watched(mosquitto.port).open()
    first = watched.link.due()
    until(lambda: (watched.step(), watched.link.due() > first + 4)[1], 12)
    assert watched.has(Closed) == []
    watched.link.hang_up(politely=True)


def test_another_connection_of_our_name_is_told_as_taken_over(
    strict_broker: StrictBroker, watched: Watched
) -> None:
    watched.open()
    other = Watched(strict_broker.port).open()
    until(lambda: watched.has(Closed), 20)
    (closed,) = watched.has(Closed)
    assert isinstance(closed, Closed)
    assert closed.taken_over
    other.link.hang_up(politely=True)


def test_a_broker_that_dies_closes_the_link_once(
    strict_broker: StrictBroker, watched: Watched
) -> None:
    watched.open()
    strict_broker.kill9()
    until(lambda: watched.has(Closed), 20)
    watched.step()
    assert len(watched.has(Closed)) == 1


def test_nobody_at_the_port_is_an_error_of_the_network() -> None:
    stranger = Watched(1)
    with pytest.raises(OSError, match="refused"):
        stranger.link.connect()
