"""A broker killed amid traffic over TLS: sessions come back, and nothing is lost end to end."""

from contextlib import suppress
from functools import partial
from pathlib import Path

import pytest

from broker_config.papers import mark
from tests.support.identity import IdentityBroker
from tests.support.mqtt import Closed
from tests.support.wait import until
from wire import topics

KIOSKS = ("bdg-coblong-1", "bdg-coblong-2", "bdg-coblong-3")
NEVER = 0xFFFFFFFF  # what our own ask for
EVERYTHING = "anjungan/v1/+/+/up/reading"


@pytest.fixture
def saved(identity_broker: IdentityBroker) -> IdentityBroker:
    """Sessions of kiosks and office that are as old as one saving."""
    for name in KIOSKS:
        with identity_broker.kiosk(name, clean_start=False, expiry_s=NEVER) as kiosk:
            kiosk.subscribe(*topics.kiosk_filters(name))
    with identity_broker.office(clean_start=False, expiry_s=NEVER) as office:
        office.subscribe(EVERYTHING)
        for name in KIOSKS:
            assert office.publish(topics.down(name, "command"), b"waits") == 0
    wait_for_a_saving(identity_broker)
    return identity_broker


def wait_for_a_saving(broker: IdentityBroker) -> None:
    """Two: the first may have begun before."""
    memory = broker.state / "mosquitto.db"
    for _ in range(2):
        before = mark(memory)
        until(partial(_changed, memory, before), 30)


def _changed(memory: Path, before: tuple[int, int, int]) -> bool:
    return mark(memory) not in (before, (0, 0, 0))


def test_sessions_subscriptions_and_what_waits_in_them_survive_kill_9(
    saved: IdentityBroker,
) -> None:
    saved.kill9()
    until(saved._lets_in, 30)
    with saved.office("other") as other:
        for name in KIOSKS:
            assert other.publish(topics.down(name, "ack"), b"later") == 0, "it is still subscribed"
    for name in KIOSKS:
        with saved.kiosk(name, clean_start=False, expiry_s=NEVER) as kiosk:
            assert kiosk.connack.session_present
            assert [kiosk.next().payload, kiosk.next().payload] == [b"waits", b"later"]


@pytest.mark.parametrize("kills", [1, 3])
def test_every_reading_is_there_after_kills_amid_traffic(saved: IdentityBroker, kills: int) -> None:
    """As the house speaks: a kiosk says everything again that the office has not acknowledged."""
    kept: set[bytes] = set()
    said = {b"%d" % number for number in range(60 * (kills + 1))}
    for _ in range(kills):
        speak(saved, said, kept, stop_after=40)
        saved.kill9()
        until(saved._lets_in, 30)
    speak(saved, said, kept, stop_after=len(said))
    assert kept == said


def speak(broker: IdentityBroker, said: set[bytes], kept: set[bytes], stop_after: int) -> None:
    """A kiosk says what is not kept yet; the office keeps what it hears, until told to stop."""
    name = KIOSKS[0]
    with (
        broker.office(clean_start=False, expiry_s=NEVER) as office,
        broker.kiosk(name, clean_start=False, expiry_s=NEVER) as kiosk,
    ):
        office.subscribe(EVERYTHING)  # every time, whatever the session says
        for number, reading in enumerate(sorted(said - kept)):
            if number == stop_after:
                return
            kiosk.post(topics.up(name, "reading"), reading)
            if number % 2:
                kept.add(office.next().payload)
        while said - kept:
            kept.add(office.next().payload)


def test_a_session_younger_than_a_saving_is_lost_and_nobody_is_told_a_lie(
    identity_broker: IdentityBroker,
) -> None:
    """Why a kiosk subscribes on every connect, and why the office acknowledges itself."""
    name = KIOSKS[0]
    wait_for_a_saving(identity_broker)
    with identity_broker.kiosk(name, clean_start=False, expiry_s=NEVER) as kiosk:
        kiosk.subscribe(*topics.kiosk_filters(name))
    identity_broker.kill9()
    until(identity_broker._lets_in, 30)
    with identity_broker.kiosk(name, clean_start=False, expiry_s=NEVER) as kiosk:
        assert not kiosk.connack.session_present
    with identity_broker.office() as office:
        assert office.publish(topics.down(name, "command")) == 0x10


def test_an_office_that_is_away_hears_nothing_said_after_a_reload(saved: IdentityBroker) -> None:
    """Mosquitto forgets who was away when it reads its lists: it acknowledges and drops.

    The reason why what the office has not acknowledged itself is said again.
    """
    assert saved.apply()["ok"]
    with saved.kiosk(KIOSKS[0]) as kiosk:
        assert kiosk.publish(topics.up(KIOSKS[0], "reading"), b"dropped") == 0
    with saved.office(clean_start=False, expiry_s=NEVER) as office:
        assert office.connack.session_present
        assert office.quiet(0.5)
        with saved.kiosk(KIOSKS[0]) as kiosk:
            assert kiosk.publish(topics.up(KIOSKS[0], "reading"), b"again") == 0
        assert office.next().payload == b"again"


def test_a_kiosk_that_is_away_keeps_its_mail_over_a_reload(saved: IdentityBroker) -> None:
    assert saved.apply()["ok"]
    with saved.office("other") as other:
        assert other.publish(topics.down(KIOSKS[0], "ack"), b"later") == 0
    with saved.kiosk(KIOSKS[0], clean_start=False, expiry_s=NEVER) as kiosk:
        assert [kiosk.next().payload, kiosk.next().payload] == [b"waits", b"later"]


def test_reloads_while_sessions_are_away_harm_nobody(identity_broker: IdentityBroker) -> None:
    """With sessions that end by themselves Mosquitto 2.0.11 dies of this within a few rounds."""
    name = KIOSKS[0]
    with identity_broker.kiosk(name, clean_start=False, expiry_s=NEVER) as kiosk:
        kiosk.subscribe(*topics.kiosk_filters(name))
    pid = identity_broker.pid
    for number in range(12):
        assert identity_broker.apply()["ok"]
        with identity_broker.office(clean_start=False, expiry_s=NEVER) as office:
            assert office.publish(topics.down(name, "command"), b"%d" % number) == 0
        with identity_broker.kiosk(name, clean_start=False, expiry_s=NEVER) as kiosk:
            assert kiosk.connack.session_present
            assert kiosk.next().payload == b"%d" % number
    assert identity_broker.pid == pid


def test_a_kiosk_that_asks_for_a_session_that_ends_opens_nothing(
    identity_broker: IdentityBroker,
) -> None:
    """It can make the broker die once a reload; what comes back is as closed as before."""
    name, gone = KIOSKS[:2]
    identity_broker.make_kiosk(gone)
    assert identity_broker.revoke(gone)["ok"]
    for _ in range(6):
        with suppress(OSError, Closed):
            identity_broker.kiosk(name, clean_start=False, expiry_s=3600).cut()
        assert identity_broker.apply()["ok"]
    until(identity_broker._lets_in, 60)
    with pytest.raises((OSError, Closed)):
        identity_broker.kiosk(gone)
    with identity_broker.kiosk(KIOSKS[2]) as kiosk:
        assert kiosk.publish(topics.up(name, "reading")) == 0x87
