"""The office's sessions, on real brokers: what is not acknowledged comes again."""

import socket
import time
from collections.abc import Callable, Iterator

import pytest

from controller.dispatch import Outgoing, roll_call
from controller.link import Door
from controller.sessions import Link
from tests.support.broker import AnyBroker, ProgramBroker
from tests.support.child import free_port
from tests.support.mqtt import Player
from tests.support.wait import until
from wire.topics import down_everyone, partition_of, up

NAME = "kiosk-1"
PARTITION = partition_of(NAME)
Make = Callable[..., Link]


@pytest.fixture
def make() -> Iterator[Make]:
    made: list[Link] = []

    def build(broker: AnyBroker, **more: int) -> Link:
        door = Door(broker.host, broker.port)
        made.append(Link(door, lambda: time.time_ns() // 1_000_000, time.monotonic, **more))
        return made[-1]

    yield build
    for one in made:
        one.close()


def turn(link: Link, until_true: Callable[[], object], within_s: float = 10) -> None:
    def look() -> object:
        link.poll(0.02)
        return until_true()

    until(look, within_s, every_s=0)


def test_a_link_comes_up_and_says_for_which_partitions(make: Make, any_broker: AnyBroker) -> None:
    link = make(any_broker)
    came: set[int] = set()
    link.want(frozenset({1, 2, 3}))

    def look() -> bool:
        came.update(link.poll(0.02))
        return came == {1, 2, 3}

    until(look, 10, every_s=0)
    assert link.state.up
    assert link.up == {1, 2, 3}


def test_what_is_not_acknowledged_comes_again(make: Make, mosquitto: ProgramBroker) -> None:
    first = make(mosquitto)
    first.want(frozenset({PARTITION}))
    turn(first, lambda: first.state.up)
    with Player(mosquitto, NAME) as kiosk:
        for number in range(10):
            kiosk.publish(up(NAME, "present"), b"%d" % number)
    turn(first, lambda: len(first.inbox) == 10)
    first.acknowledge(list(first.inbox)[:4])
    first.flush(2.0)
    first.close()
    second = make(mosquitto)
    second.want(frozenset({PARTITION}))
    turn(second, lambda: second.inbox and second.inbox[-1].payload == b"9")
    again = [one.payload for one in second.inbox]  # perhaps some more: an ack may be cut off
    assert again[-6:] == [b"%d" % n for n in range(4, 10)]


def test_mail_reaches_the_kiosk(make: Make, any_broker: AnyBroker) -> None:
    link = make(any_broker)
    link.want(frozenset({PARTITION}))
    turn(link, lambda: link.state.up)
    with Player(any_broker, NAME) as kiosk:
        kiosk.subscribe(down_everyone(PARTITION, "+"))
        assert link.send([roll_call(PARTITION, "a", 5), Outgoing(99, "x", b"", 0)]) == 1
        turn(link, lambda: not link._sessions[PARTITION].wants_write)
        assert kiosk.next().topic == down_everyone(PARTITION, "rollcall")


def test_the_inbox_is_bounded_and_the_broker_keeps_the_rest(
    make: Make, mosquitto: ProgramBroker
) -> None:
    link = make(mosquitto, most_waiting=50)
    link.want(frozenset({PARTITION}))
    turn(link, lambda: link.state.up)
    with Player(mosquitto, NAME) as kiosk:
        for _ in range(1000):
            kiosk.publish(up(NAME, "present"), b"x")
    for _ in range(50):
        link.poll(0.01)
    assert 50 <= len(link.inbox) <= 50 + 200
    got = 0

    def take() -> bool:
        nonlocal got
        batch = [link.inbox.popleft() for _ in range(len(link.inbox))]
        link.acknowledge(batch)
        got += len(batch)
        return got == 1000

    turn(link, take)


def test_a_broker_that_dies_is_noticed_and_found_again(
    make: Make, mosquitto: ProgramBroker
) -> None:
    link = make(mosquitto)
    link.want(frozenset(range(16)))
    turn(link, lambda: link.state.up)
    mosquitto.kill9()
    turn(link, lambda: not link.state.up)
    assert link.state.why
    assert link.drops
    mosquitto.start()
    turn(link, lambda: link.state.up)
    assert link.up == frozenset(range(16))


def test_a_broker_that_is_nowhere_is_said_and_costs_no_time(make: Make) -> None:
    class Nowhere:
        kind, host, port, pid = "none", "127.0.0.1", free_port(), 0

    link = make(Nowhere())
    link.want(frozenset(range(16)))
    started = time.monotonic()
    for _ in range(10):
        link.poll(0.01)
    assert time.monotonic() - started < 10
    assert not link.state.up
    assert "cannot connect" in link.state.why


def test_partitions_given_up_leave_nothing_behind(make: Make, mosquitto: ProgramBroker) -> None:
    link = make(mosquitto)
    link.want(frozenset({PARTITION, (PARTITION + 1) % 16}))
    turn(link, lambda: link.state.up)
    with Player(mosquitto, NAME) as kiosk:
        kiosk.publish(up(NAME, "present"), b"x")
    turn(link, lambda: link.inbox)
    link.want(frozenset({(PARTITION + 1) % 16}))
    assert not link.inbox
    assert link.up == {(PARTITION + 1) % 16}


def test_a_successor_ends_the_session_of_a_zombie(make: Make, mosquitto: ProgramBroker) -> None:
    zombie, heir = make(mosquitto), make(mosquitto)
    zombie.want(frozenset({PARTITION}))
    turn(zombie, lambda: zombie.state.up)
    heir.want(frozenset({PARTITION}))
    turn(heir, lambda: heir.state.up)
    turn(zombie, lambda: zombie.drops)


def test_who_reads_nothing_keeps_a_scout_at_the_door(make: Make, any_broker: AnyBroker) -> None:
    link = make(any_broker)
    assert link.deaf_s > 1e9
    turn(link, lambda: link.state.up)
    assert (link.up, link.deaf_s) == (frozenset(), 0)
    link.want(frozenset({PARTITION}))
    turn(link, lambda: link.up == {PARTITION})
    link.want(frozenset())
    any_broker.kill9()
    turn(link, lambda: not link.state.up)
    assert link.deaf_s < 10
    any_broker.start()
    turn(link, lambda: link.state.up)


class Bell:
    """Something that is not a session and wakes the loop."""

    def __init__(self) -> None:
        self.ear, self.mouth = socket.socketpair()
        self.reads = 0

    def fileno(self) -> int:
        return self.ear.fileno()

    def read(self, most: int) -> None:
        self.reads += 1
        if not self.ear.recv(most):
            self.ear.close()


def test_something_else_may_wake_the_loop_and_may_end(mosquitto: ProgramBroker) -> None:
    link = Link(Door(mosquitto.host, mosquitto.port), lambda: 0, time.monotonic)
    bell = Bell()
    link.watch(bell)
    link.watch(bell)
    bell.mouth.send(b"!")
    until(lambda: link.poll(0.1) is not None and bell.reads == 1, 10, every_s=0)
    bell.mouth.close()
    until(lambda: link.poll(0.1) is not None and bell.fileno() == -1, 10, every_s=0)
    again = Bell()  # likely of the same number
    link.watch(again)
    again.mouth.send(b"!")
    until(lambda: link.poll(0.1) is not None and again.reads == 1, 10, every_s=0)
    link.close()
