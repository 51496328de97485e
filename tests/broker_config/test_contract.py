"""What the two links rely on, asked of every broker; and what the fallback lacks, to notice.

A broker that is put in Mosquitto's place must pass the first part of this file.
"""

import time
from collections.abc import Callable

import pytest
from mqtt5 import PublishPacket, QoS, Will

from tests.support.broker import AnyBroker, ProgramBroker
from tests.support.mqtt import Closed, Player
from tests.support.strict import StrictBroker
from tests.support.wait import until
from wire import topics

KIOSK = "bdg-coblong-1"
UP = topics.up(KIOSK, "reading")
OFFICE = topics.office_filter(topics.partition_of(KIOSK))
WEEK = 7 * 86_400


def test_office_hears_a_kiosk_by_the_filter_of_its_partition(any_broker: AnyBroker) -> None:
    with Player(any_broker, "office") as office, Player(any_broker, KIOSK) as kiosk:
        office.subscribe(OFFICE)
        assert kiosk.publish(UP, b"hello") == 0
        heard = office.next()
        assert (heard.topic, heard.payload) == (UP, b"hello")


def test_office_does_not_hear_other_partitions(any_broker: AnyBroker) -> None:
    with Player(any_broker, "office") as office, Player(any_broker, KIOSK) as kiosk:
        office.subscribe(topics.office_filter((topics.partition_of(KIOSK) + 1) % 16))
        kiosk.publish(UP)
        assert office.quiet()


def test_kiosk_hears_its_mail_and_its_partitions_calls(any_broker: AnyBroker) -> None:
    with Player(any_broker, "office") as office, Player(any_broker, KIOSK) as kiosk:
        kiosk.subscribe(*topics.kiosk_filters(KIOSK))
        office.publish(topics.down(KIOSK, "ack"), b"1")
        office.publish(topics.down_everyone(topics.partition_of(KIOSK), "rollcall"), b"2")
        assert [kiosk.next().payload, kiosk.next().payload] == [b"1", b"2"]


def test_order_of_one_kiosk_is_kept(any_broker: AnyBroker) -> None:
    with Player(any_broker, "office") as office, Player(any_broker, KIOSK) as kiosk:
        office.subscribe(OFFICE)
        for number in range(100):
            kiosk.publish(UP, str(number).encode())
        assert [int(office.next().payload) for _ in range(100)] == list(range(100))


def test_mail_waits_for_an_office_that_was_away(any_broker: AnyBroker) -> None:
    with Player(any_broker, "office", clean_start=False, expiry_s=WEEK) as office:
        office.subscribe(OFFICE)
    with Player(any_broker, KIOSK) as kiosk:
        for number in range(30):
            assert kiosk.publish(UP, str(number).encode()) == 0
    with Player(any_broker, "office", clean_start=False, expiry_s=WEEK) as office:
        assert office.connack.session_present
        assert [int(office.next().payload) for _ in range(30)] == list(range(30))


def test_what_was_not_acknowledged_comes_again(any_broker: AnyBroker) -> None:
    with Player(any_broker, "office", clean_start=False, expiry_s=WEEK, auto_ack=False) as office:
        office.subscribe(OFFICE)
        with Player(any_broker, KIOSK) as kiosk:
            kiosk.publish(UP, b"kept")
            assert office.next().payload == b"kept"
    with Player(any_broker, "office", clean_start=False, expiry_s=WEEK) as office:
        assert office.next().payload == b"kept"


def test_a_will_speaks_when_the_line_is_cut(any_broker: AnyBroker) -> None:
    will = Will(topics.up(KIOSK, "death"), payload=b"gone", qos=QoS.AT_LEAST_ONCE)
    with Player(any_broker, "office") as office:
        office.subscribe(OFFICE)
        with Player(any_broker, KIOSK, will=will, expiry_s=60):
            pass
        assert office.next().payload == b"gone"


def test_a_delayed_will_is_silent_when_the_kiosk_is_back_in_time(any_broker: AnyBroker) -> None:
    topic = topics.up(KIOSK, "death")
    will = Will(topic, payload=b"gone", qos=QoS.AT_LEAST_ONCE, will_delay_interval=1)
    with Player(any_broker, "office") as office:
        office.subscribe(OFFICE)
        with Player(any_broker, KIOSK, will=will, expiry_s=60):
            pass
        with Player(any_broker, KIOSK, clean_start=False, expiry_s=60) as kiosk:
            assert office.quiet(2)
            kiosk.disconnect()


def test_a_will_is_silent_after_a_goodbye(any_broker: AnyBroker) -> None:
    will = Will(topics.up(KIOSK, "death"), payload=b"gone", qos=QoS.AT_LEAST_ONCE)
    with Player(any_broker, "office") as office:
        office.subscribe(OFFICE)
        Player(any_broker, KIOSK, will=will).disconnect()
        assert office.quiet()


def test_a_second_connection_of_the_same_name_ends_the_first(any_broker: AnyBroker) -> None:
    with Player(any_broker, KIOSK) as first, Player(any_broker, KIOSK) as second:
        with pytest.raises(Closed):
            first.read()
        second.ping()


def test_a_silent_line_is_given_up_after_one_and_a_half_keepalives(any_broker: AnyBroker) -> None:
    start = time.monotonic()
    with Player(any_broker, KIOSK, keep_alive=1, timeout_s=10) as kiosk, pytest.raises(Closed):
        kiosk.read()
    assert time.monotonic() - start < 8


def test_a_message_that_expired_while_waiting_is_not_delivered(any_broker: AnyBroker) -> None:
    with Player(any_broker, "office", clean_start=False, expiry_s=WEEK) as office:
        office.subscribe(OFFICE)
    with Player(any_broker, KIOSK) as kiosk:
        kiosk.publish(UP, b"old", expiry_s=1)
        until(_after(2.6), 4)  # Mosquitto counts whole seconds
        kiosk.publish(UP, b"new", expiry_s=60)
    with Player(any_broker, "office", clean_start=False, expiry_s=WEEK) as office:
        assert office.next().payload == b"new"


def test_mosquitto_keeps_what_it_acknowledged_over_a_restart(mosquitto: ProgramBroker) -> None:
    with Player(mosquitto, "office", clean_start=False, expiry_s=WEEK) as office:
        office.subscribe(OFFICE)
    with Player(mosquitto, KIOSK) as kiosk:
        assert kiosk.publish(UP, b"kept") == 0
    mosquitto.restart()
    with Player(mosquitto, "office", clean_start=False, expiry_s=WEEK) as office:
        assert office.connack.session_present
        assert office.next().payload == b"kept"


def test_mosquitto_queues_more_than_its_built_in_thousand(mosquitto: ProgramBroker) -> None:
    with Player(mosquitto, "office", clean_start=False, expiry_s=WEEK) as office:
        office.subscribe(OFFICE)
    with Player(mosquitto, KIOSK) as kiosk:
        for number in range(1500):
            kiosk.publish(UP, str(number).encode())
    with Player(mosquitto, "office", clean_start=False, expiry_s=WEEK) as office:
        assert [int(office.next().payload) for _ in range(1500)] == list(range(1500))


def test_mosquitto_says_that_nobody_listened(mosquitto: ProgramBroker) -> None:
    with Player(mosquitto, KIOSK) as kiosk:
        assert kiosk.publish(UP) == 0x10


def test_mosquitto_says_the_receive_maximum_we_gave_it(mosquitto: ProgramBroker) -> None:
    with Player(mosquitto, KIOSK) as kiosk:
        assert kiosk.connack.receive_max == mosquitto.settings.in_flight


def test_mosquitto_refuses_a_megabyte_and_serves_on(mosquitto: ProgramBroker) -> None:
    with Player(mosquitto, KIOSK) as kiosk, pytest.raises((Closed, OSError)):
        kiosk.publish(UP, b"x" * 1_000_000)
    with Player(mosquitto, "office") as office, Player(mosquitto, KIOSK) as kiosk:
        office.subscribe(OFFICE)
        assert kiosk.publish(UP, b"fine") == 0


def test_mosquitto_may_lose_what_it_acknowledged_when_killed(mosquitto: ProgramBroker) -> None:
    """Why a PUBACK is not an acknowledgement: it is saved every few seconds, not at once."""
    with Player(mosquitto, "office", clean_start=False, expiry_s=WEEK) as office:
        office.subscribe(OFFICE)
    with Player(mosquitto, KIOSK) as kiosk:
        assert kiosk.publish(UP) == 0
    mosquitto.kill9()
    mosquitto.start()
    with Player(mosquitto, "office", clean_start=False, expiry_s=WEEK) as office:
        assert office.quiet()


def test_fallback_lacks_memory_over_a_restart(fallback_broker: ProgramBroker) -> None:
    with Player(fallback_broker, "office", clean_start=False, expiry_s=WEEK) as office:
        office.subscribe(OFFICE)
    fallback_broker.restart()
    with Player(fallback_broker, "office", clean_start=False, expiry_s=WEEK) as office:
        assert not office.connack.session_present


def test_fallback_lacks_an_end_of_sessions(fallback_broker: ProgramBroker) -> None:
    with Player(fallback_broker, "office", clean_start=False, expiry_s=1) as office:
        office.subscribe(OFFICE)
    until(_after(2.5), 4)
    with Player(fallback_broker, "office", clean_start=False, expiry_s=1) as office:
        assert office.connack.session_present  # the protocol says it must be gone


def test_fallback_lacks_respect_for_a_receive_maximum(fallback_broker: ProgramBroker) -> None:
    assert _sent_without_ack(fallback_broker) > 5


def test_fallback_lacks_the_word_that_nobody_listened(fallback_broker: ProgramBroker) -> None:
    with Player(fallback_broker, KIOSK) as kiosk:
        assert kiosk.publish(UP) == 0


def test_fallback_raises_the_quality_of_what_it_delivers(fallback_broker: ProgramBroker) -> None:
    """A publish at QoS 1 for a subscription at QoS 2 comes as QoS 2: we never subscribe above 1."""
    with Player(fallback_broker, "office") as office, Player(fallback_broker, KIOSK) as kiosk:
        office.subscribe(OFFICE, qos=QoS.EXACTLY_ONCE)
        kiosk.publish(UP)
        assert office.next().qos == QoS.EXACTLY_ONCE


def test_strict_keeps_within_the_clients_receive_maximum(strict_broker: StrictBroker) -> None:
    assert _sent_without_ack(strict_broker) == 5


def _sent_without_ack(broker: AnyBroker) -> int:
    """Of forty publishes, how many reach a client that allows five and acknowledges none."""
    with Player(broker, "slow", receive_max=5, auto_ack=False) as slow:
        slow.subscribe(OFFICE)
        with Player(broker, KIOSK) as kiosk:
            for number in range(40):
                kiosk.publish(UP, str(number).encode())
        got: list[PublishPacket] = []
        while not slow.quiet(0.4):
            got.append(slow.next())
        return len(got)


def _after(seconds: float) -> Callable[[], bool]:
    """A predicate that comes true with time: expiry itself is what is tested."""
    start = time.monotonic()
    return lambda: time.monotonic() - start >= seconds
