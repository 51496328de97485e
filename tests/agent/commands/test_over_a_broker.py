"""A whole kiosk over a real broker: told, done once, answered; and a newer policy taken."""

import statistics
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from agent.config import Broker, Config
from agent.kiosk import Kiosk
from tests.agent.commands.played import ACTION, KIOSK, lay_policy
from tests.agent.mqtt_office import MqttOffice
from tests.support.broker import ProgramBroker
from tests.support.signing import Ceremony
from tests.support.wait import until
from wire.messages import Birth, NewPolicy, Progress, Result

CEREMONY = Ceremony()


@pytest.fixture
def office(mosquitto: ProgramBroker) -> Iterator[MqttOffice]:
    office = MqttOffice(mosquitto.host, mosquitto.port)
    yield office
    office.close()


@pytest.fixture
def kiosk(mosquitto: ProgramBroker, office: MqttOffice, tmp_path: Path) -> Iterator[Kiosk]:
    lay_policy(tmp_path, CEREMONY)
    broker = Broker("127.0.0.1", mosquitto.port, keepalive_s=5, reconnect_min_s=0.05)
    argv = (sys.executable, "-S", "-c", ACTION + "done()", str(tmp_path / "asked"))
    kiosk = Kiosk(Config(KIOSK, str(tmp_path), broker), [], start_action=lambda: argv)
    kiosk.start()
    until(lambda: office.of(Birth), 30)
    yield kiosk
    kiosk.stop(planned=False)


def nonce(office: MqttOffice) -> str:
    return str(office.of(Birth)[-1].nonce)


def test_an_action_is_done_and_answered(kiosk: Kiosk, office: MqttOffice) -> None:
    one = CEREMONY.envelope(KIOSK, "screenshot")
    for _ in range(3):
        office.say(KIOSK, CEREMONY.orders(KIOSK, nonce(office), one))
    (result,) = until(lambda: office.of(Result), 30)
    assert (result.command, result.state) == (one.command, "succeeded")
    assert office.of(Progress)[0].state == "running"
    until(lambda: kiosk.outbox.kept == 0, 30)
    assert kiosk.healthy


def test_row_54_a_broker_that_is_killed_costs_no_command(
    kiosk: Kiosk, office: MqttOffice, mosquitto: ProgramBroker
) -> None:
    one = CEREMONY.envelope(KIOSK, "noop", number=2_500)
    before = nonce(office)
    mosquitto.kill9()
    mosquitto.start()
    until(lambda: nonce(office) != before, 60)
    office.say(KIOSK, CEREMONY.orders(KIOSK, nonce(office), one))
    until(lambda: office.of(Result), 30)
    until(lambda: kiosk.outbox.kept == 0, 30)


def test_a_newer_policy_is_said_by_another_birth(kiosk: Kiosk, office: MqttOffice) -> None:
    signed = CEREMONY.signed_policy(CEREMONY.policy(2))
    office.say(KIOSK, NewPolicy(policy=signed.policy, signatures=signed.signatures))
    until(lambda: office.of(Birth)[-1].policy == 2, 30)
    assert kiosk.commands.policies.version == 2


def test_no_ops_one_after_another_are_each_answered(kiosk: Kiosk, office: MqttOffice) -> None:
    took_ms = []
    for turn in range(15):
        one = CEREMONY.envelope(KIOSK, "noop", number=3_000 + turn)
        began = time.perf_counter()
        office.say(KIOSK, CEREMONY.orders(KIOSK, nonce(office), one))
        wanted = one.command
        until(lambda: office.of(Result, lambda r: r.command == wanted), 30, 0.0005)  # noqa: B023
        took_ms.append((time.perf_counter() - began) * 1000)
    print(f"no-op answered in {statistics.median(took_ms):.1f} ms (median of {len(took_ms)})")
    assert kiosk.line.up
