"""A whole kiosk over real brokers: cut, killed, restarted, and every fact there once."""

import math
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from agent.config import Broker, Citizens, Config
from agent.kiosk import Kiosk
from agent.probes.base import Finding
from agent.store import StateTaken
from agent.submissions.resident import Start
from tests.agent.commands.played import lay_policy
from tests.agent.mqtt_office import MqttOffice
from tests.agent.probe import SaidProbe
from tests.support.broker import AnyBroker, ProgramBroker, TlsBroker
from tests.support.signing import Ceremony
from tests.support.wait import until
from wire.messages import Birth, Death, Flip, News, Present, Reading, RollCall, State

NAME = "bdg-andir-01"


class Switch:
    """A device whose state the test sets."""

    def __init__(self) -> None:
        self.state: State = "ok"

    def __call__(self) -> Finding:
        return Finding(self.state, {}, (), "")


Make = Callable[..., Kiosk]


@pytest.fixture
def make(tmp_path: Path) -> Iterator[Make]:
    kiosks: list[Kiosk] = []

    def make(
        port: int,
        *probes: SaidProbe,
        state: str = "state",
        name: str = NAME,
        citizens: Citizens | None = None,
        bring: Start | None = None,
        wake: Callable[[], object] = bool,
        **broker: object,
    ) -> Kiosk:
        settings = {"keepalive_s": 5, "will_delay_s": 0, "reconnect_min_s": 0.05} | broker
        config = Config(
            name,
            str(tmp_path / state),
            Broker("127.0.0.1", port, reconnect_max_s=0.5, **settings),  # type: ignore[arg-type]
            citizens=citizens,
        )
        kiosk = Kiosk(config, probes, bring=bring, wake=wake)
        kiosks.append(kiosk)
        return kiosk

    yield make
    for kiosk in kiosks:
        kiosk.stop(planned=False)


@pytest.fixture
def office(any_broker: AnyBroker) -> Iterator[MqttOffice]:
    office = MqttOffice(any_broker.host, any_broker.port)
    yield office
    office.close()


def test_a_kiosk_is_born_shows_itself_and_dies_as_planned(
    any_broker: AnyBroker, office: MqttOffice, make: Make
) -> None:
    kiosk = make(any_broker.port, SaidProbe())
    kiosk.start()
    (full,) = until(lambda: office.of(Reading, lambda reading: reading.full), 10)
    assert {seen.probe for seen in full.observations} == {"printer", "agent"}
    assert office.of(Birth)[0].probes == ("printer", "agent")
    assert kiosk.healthy
    kiosk.stop()
    (death,) = until(lambda: office.of(Death), 20)
    assert death.planned
    assert (death.epoch, death.birth) == (office.office.epoch, office.of(Birth)[-1].birth)


def test_a_change_is_told_at_once_and_its_flip_is_kept_until_acknowledged(
    any_broker: AnyBroker, office: MqttOffice, make: Make
) -> None:
    switch = Switch()
    kiosk = make(any_broker.port, SaidProbe(say=switch))
    kiosk.start()
    until(lambda: office.office.picture.get("printer"), 10)
    office.mute = True
    switch.state = "fail"
    until(lambda: office.office.picture["printer"].state == "fail", 10)
    (flip,) = until(lambda: office.of(Flip), 10)
    assert (flip.old, flip.fact) == ("ok", 1)
    assert kiosk.outbox.kept == 1
    office.mute = False
    kiosk.line.cut(0.1)
    until(lambda: kiosk.outbox.kept == 0, 10)
    assert [fact.state for fact in office.facts] == ["fail"]


def test_the_will_speaks_for_a_kiosk_that_lost_its_power(
    any_broker: AnyBroker, office: MqttOffice, make: Make
) -> None:
    kiosk = make(any_broker.port, SaidProbe())
    kiosk.start()
    until(lambda: office.office.picture.get("printer"), 10)
    kiosk.stop(planned=False)
    (death,) = until(lambda: office.of(Death), 10)
    assert not death.planned


def test_a_roll_call_is_answered(any_broker: AnyBroker, office: MqttOffice, make: Make) -> None:
    make(any_broker.port, SaidProbe()).start()
    until(lambda: office.office.picture.get("printer"), 10)
    office.say(NAME, RollCall(call="a", within_s=1))
    assert until(lambda: office.of(Present), 10)


def test_the_word_that_there_is_news_wakes_whoever_looks_once(
    any_broker: AnyBroker, office: MqttOffice, make: Make, tmp_path: Path
) -> None:
    woken: list[str] = []
    here = str(tmp_path)
    make(
        any_broker.port,
        SaidProbe(),
        citizens=Citizens(tray=here, notices=here, asks=here),
        bring=lambda _words: None,
        wake=lambda: woken.append("look"),
    ).start()
    until(lambda: office.office.picture.get("printer"), 10)
    for _ in range(3):
        office.say(NAME, News())
    office.say(NAME, RollCall(call="a", within_s=1))
    assert until(lambda: office.of(Present), 10)
    assert woken == ["look"]


def test_every_fact_is_there_once_and_in_order_although_the_broker_is_killed(
    mosquitto: ProgramBroker, make: Make
) -> None:
    office = MqttOffice(mosquitto.host, mosquitto.port)
    switch = Switch()
    kiosk = make(mosquitto.port, SaidProbe(say=switch, period_s=0.1))
    kiosk.start()
    until(lambda: office.office.picture.get("printer"), 10)
    expected: list[State] = []
    for number, state in enumerate(("fail", "ok", "warn", "fail", "ok")):
        switch.state = state  # type: ignore[assignment]
        expected.append(state)  # type: ignore[arg-type]
        until(lambda: kiosk.outbox.newest == len(expected), 20)
        if number in (1, 3):
            mosquitto.kill9()
            mosquitto.start()
    until(lambda: kiosk.outbox.kept == 0, 60)
    assert [fact.state for fact in office.facts] == expected
    assert office.office.lost_facts == 0
    office.close()


def test_facts_of_an_hour_without_line_arrive_after_it(
    mosquitto: ProgramBroker, make: Make
) -> None:
    office = MqttOffice(mosquitto.host, mosquitto.port)
    switch = Switch()
    kiosk = make(mosquitto.port, SaidProbe(say=switch, period_s=0.1))
    kiosk.start()
    until(lambda: kiosk.line.up, 10)
    kiosk.line.cut(3600.0)
    until(lambda: not kiosk.line.up, 20)
    for state in ("fail", "ok", "fail"):
        switch.state = state
        before = kiosk.outbox.newest
        until(lambda: kiosk.outbox.newest > before, 20)  # noqa: B023
    assert office.facts == []
    kiosk.line.cut(0.0)
    kiosk.line.anew()
    until(lambda: kiosk.outbox.kept == 0, 20)
    assert [fact.state for fact in office.facts] == ["fail", "ok", "fail"]
    office.close()


def test_two_machines_with_one_name_step_back_and_say_so(
    mosquitto: ProgramBroker, make: Make
) -> None:
    first, second = make(mosquitto.port), make(mosquitto.port, state="other")
    first.start()
    second.start()
    until(lambda: "another machine uses the name" in first.line.why + second.line.why, 30)


def test_a_broker_that_does_not_know_the_office_is_asked_again_later(
    mosquitto: ProgramBroker, make: Make
) -> None:
    kiosk = make(mosquitto.port, SaidProbe())
    kiosk.start()
    until(lambda: kiosk.line.up, 10)
    office = MqttOffice(mosquitto.host, mosquitto.port)
    until(lambda: office.office.picture.get("printer"), 15)
    office.close()


def test_a_certificate_of_a_stranger_is_refused_and_ours_accepted(
    mosquitto_tls: TlsBroker, make: Make
) -> None:
    stranger = make(mosquitto_tls.tls_port, state="a", ca="/etc/ssl/certs/ca-certificates.crt")
    stranger.start()
    until(lambda: "CERTIFICATE_VERIFY_FAILED" in stranger.line.why, 10)
    kiosk = make(mosquitto_tls.tls_port, state="b", ca=str(mosquitto_tls.ca))
    kiosk.start()
    until(lambda: kiosk.line.up, 10)


def test_a_second_agent_on_the_same_folder_does_not_start(make: Make) -> None:
    make(1)
    with pytest.raises(StateTaken):
        make(1)


def test_a_half_open_line_is_noticed_and_made_anew(mosquitto: ProgramBroker, make: Make) -> None:
    kiosk = make(mosquitto.port, SaidProbe())
    kiosk.start()
    until(lambda: kiosk.line.up, 10)
    os.kill(mosquitto.pid, signal.SIGSTOP)
    until(lambda: not kiosk.line.up, 20)
    os.kill(mosquitto.pid, signal.SIGCONT)
    until(lambda: kiosk.line.up, 20)


CHILD = """
import sys, threading
from agent.config import Broker, Citizens, Config
from agent.kiosk import Kiosk
from agent.probes.base import Finding
from tests.agent.probe import SaidProbe

states = iter(["ok"] + ["fail", "ok"] * 500)
probe = SaidProbe(say=lambda: Finding(next(states)), period_s=0.01)
broker = Broker("127.0.0.1", int(sys.argv[2]), reconnect_min_s=0.05, reconnect_max_s=0.2)
kiosk = Kiosk(Config("bdg-andir-01", sys.argv[1], broker), [probe])
put = kiosk.outbox.put
def telling(old, observation):
    if put(old, observation):
        print(kiosk.outbox.newest, observation.state, observation.at, flush=True)
kiosk.outbox.put = telling
kiosk.start()
threading.Event().wait()
"""


def test_an_agent_killed_at_random_loses_no_fact_and_repeats_none(
    mosquitto: ProgramBroker, make: Make, tmp_path: Path
) -> None:
    office = MqttOffice(mosquitto.host, mosquitto.port)
    said: list[list[str]] = []
    for kept in (1, 7, 25):  # so many facts, and whatever else happens until it is dead
        child = subprocess.Popen(
            [sys.executable, "-c", CHILD, tmp_path / "state", str(mosquitto.port)],
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
            stdout=subprocess.PIPE,
            text=True,
        )
        assert child.stdout is not None
        said += [child.stdout.readline().split() for _ in range(kept)]
        child.kill()
        said += [line.split() for line in child.stdout.read().splitlines()]
        child.wait()
    assert all(len(line) == 3 for line in said)
    kiosk = make(mosquitto.port, SaidProbe())
    kiosk.start()
    until(lambda: kiosk.outbox.kept == 0, 30)
    numbers = [number for _, number, _ in office.office.facts]
    assert numbers == list(range(1, kiosk.outbox.newest + 1))
    stored = {(str(n), fact.state, str(fact.at)) for _, n, fact in office.office.facts}
    assert {tuple(line) for line in said} <= stored
    office.close()


def test_a_kiosk_without_content_installs_nothing_and_never_asks_to_be_looked_at(
    make: Make,
) -> None:
    kiosk = make(1)
    assert kiosk.releases is None
    assert kiosk.due == math.inf
    kiosk.look()


def test_a_policy_beside_the_identity_is_found_within_seconds_however_often_it_looks(
    make: Make, tmp_path: Path
) -> None:
    kiosk = make(1)
    kiosk.look()
    lay_policy(tmp_path / "state", Ceremony())

    def version() -> int:
        kiosk.look()
        return kiosk.commands.policies.version

    until(version, 60)
