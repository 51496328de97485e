"""The strict broker is strict: each rule it enforces, broken once."""

import pytest
from mqtt5 import PublishPacket, QoS, SubscribePacket, TopicFilter

from tests.support.mqtt import Closed, Player
from tests.support.strict import StrictBroker
from tests.support.strict_sessions import matches
from tests.support.wait import until
from wire import topics

KIOSK = "bdg-coblong-1"
UP = topics.up(KIOSK, "reading")
OFFICE = topics.office_filter(topics.partition_of(KIOSK))


def test_ends_a_connection_that_exceeds_its_receive_maximum(strict_broker: StrictBroker) -> None:
    strict_broker.hold_acks = True
    with Player(strict_broker, KIOSK) as kiosk:
        for _ in range(strict_broker.receive_maximum + 1):
            kiosk.post(UP)
        with pytest.raises(Closed) as closed:
            kiosk.read()
    assert closed.value.code == 0x93
    assert "RECEIVE_MAX_EXCEEDED" in strict_broker.breaches[0]


def test_lets_a_full_window_pass(strict_broker: StrictBroker) -> None:
    strict_broker.hold_acks = True
    with Player(strict_broker, KIOSK) as kiosk:
        for _ in range(strict_broker.receive_maximum):
            kiosk.post(UP)
        kiosk.ping()
        strict_broker.release_acks()
        assert kiosk.publish(UP) == 0x10
    assert strict_broker.breaches == []


@pytest.mark.parametrize("code", [0x10, 0x87, 0x97])
def test_answers_what_it_is_told_and_delivers_no_refused_message(
    strict_broker: StrictBroker, code: int
) -> None:
    with Player(strict_broker, "office") as office, Player(strict_broker, KIOSK) as kiosk:
        office.subscribe(OFFICE)
        strict_broker.answer_next(code)
        assert kiosk.publish(UP, b"refused") == code
        assert kiosk.publish(UP, b"taken") == 0
        assert office.next().payload == b"taken"


def test_says_0x8e_to_the_first_of_two_with_one_name(strict_broker: StrictBroker) -> None:
    with Player(strict_broker, KIOSK) as first, Player(strict_broker, KIOSK):
        with pytest.raises(Closed) as closed:
            first.read()
        assert closed.value.code == 0x8E
    assert strict_broker.breaches == []


def test_drops_a_line_without_a_word(strict_broker: StrictBroker) -> None:
    with Player(strict_broker, KIOSK) as kiosk:
        strict_broker.drop(KIOSK)
        with pytest.raises((Closed, ConnectionResetError)):
            kiosk.read()


def test_refuses_qos_2(strict_broker: StrictBroker) -> None:
    with Player(strict_broker, KIOSK) as kiosk:
        kiosk.send(PublishPacket(UP, b"", qos=QoS.EXACTLY_ONCE, packet_id=1))
        with pytest.raises(Closed) as closed:
            kiosk.read()
    assert closed.value.code == 0x9B


def test_ends_a_session_when_its_time_is_over(strict_broker: StrictBroker) -> None:
    with Player(strict_broker, "office", clean_start=False, expiry_s=0) as office:
        office.subscribe(OFFICE)
    until(lambda: "office" not in strict_broker.sessions, 30)


def test_a_reconnecting_client_is_heard_under_a_new_session(strict_broker: StrictBroker) -> None:
    with Player(strict_broker, KIOSK, clean_start=False, expiry_s=60) as kiosk:
        kiosk.send(SubscribePacket(1, [TopicFilter("a/+")]))
        kiosk.read()
    with Player(strict_broker, KIOSK, clean_start=False, expiry_s=60) as kiosk:
        assert kiosk.connack.session_present
    with Player(strict_broker, KIOSK, clean_start=True) as kiosk:
        assert not kiosk.connack.session_present


def test_forgets_everything_when_killed(strict_broker: StrictBroker) -> None:
    with Player(strict_broker, "office", clean_start=False, expiry_s=60):
        strict_broker.restart()
    with Player(strict_broker, "office", clean_start=False, expiry_s=60) as office:
        assert not office.connack.session_present


@pytest.mark.parametrize(
    ("pattern", "topic", "expected"),
    [
        ("a/+/c", "a/b/c", True),
        ("a/+", "a/b/c", False),
        ("a/#", "a/b/c", True),
        ("a/#", "a", True),
        ("#", "$SYS/x", False),
        ("+/b", "a/b", True),
        ("a/b", "a/b/c", False),
        ("a/b/c", "a/b", False),
    ],
)
def test_wildcards_follow_the_protocol(pattern: str, topic: str, expected: bool) -> None:  # noqa: FBT001
    assert matches(pattern, topic) is expected
