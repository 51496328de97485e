"""An office, or half of it, that cannot hear: who can takes over, and kiosks soon find it again."""

import random
from collections.abc import Callable
from functools import partial
from pathlib import Path

from sqlalchemy import text

from agent.config import Broker, Config
from agent.kiosk import Kiosk
from controller import office as office_state
from provisioning.players.devices.device import Device, DeviceLoop
from provisioning.players.devices.line import Line as BrokerLine
from tests.agent.probe import SaidProbe
from tests.support.broker import ProgramBroker
from tests.support.controllers import Line, controller, counters, holds
from tests.support.office import Office, Teller, facts_of, seen
from tests.support.wait import until


class Relay(BrokerLine):
    host = "127.0.0.1"


def test_a_controller_whose_line_to_the_broker_breaks_hands_its_share_over(
    postgres_url: str,
    mosquitto: ProgramBroker,
    device_loop: DeviceLoop,
    keep: Callable[[Device], None],
    tmp_path: Path,
) -> None:
    keep(relay := Relay(device_loop, mosquitto.host, mosquitto.port))
    names = [f"kiosk-{n:02d}" for n in range(20)]
    office = Office(postgres_url, *names)
    with office.engine.begin() as conn:
        conn.execute(text("UPDATE lease SET holder = '', until = 0"))
    behind = controller(postgres_url, relay, tmp_path, "--name", "a")
    near = controller(postgres_url, mosquitto, tmp_path, "--name", "b")
    for name in "ab":
        until(partial(holds, office.engine, name, 8), 30)
    lines = {name: Line(mosquitto, Teller(name)) for name in names}
    for line in lines.values():
        line.say(line.teller.birth(), line.teller.flip(seen(state="fail")))
    relay.kill()
    for line in lines.values():
        line.say(line.teller.flip(seen()), line.teller.present())
    until(lambda: holds(office.engine, "b", 16), 25, every_s=0.2)
    until(lambda: all(len(facts_of(office.engine, n)) == 2 for n in names), 15, every_s=0.2)
    with office.engine.connect() as conn:
        assert office_state.deafness(conn, office.leases.now(conn)) is None
    assert counters(office.engine)["anjungan_missing_total"] == 0
    relay.start()
    for name in "ab":
        until(partial(holds, office.engine, name, 8), 30, every_s=0.2)
    behind.stop()
    near.stop()


def test_kiosks_that_were_there_before_the_first_controller_appear_within_seconds(
    sqlite_url: str, mosquitto: ProgramBroker, tmp_path: Path
) -> None:
    names = [f"kiosk-{n}" for n in range(8)]
    office = Office(sqlite_url, *names)
    broker = Broker(mosquitto.host, mosquitto.port)
    kiosks = [
        Kiosk(Config(name, str(tmp_path / name), broker), [SaidProbe()], rng=random.Random(name))
        for name in names
    ]
    for kiosk in kiosks:
        kiosk.line._session._pause = 120.0  # as after minutes without an office
        kiosk.start()
    until(lambda: all(one.line._session._resume_at > 0 for one in kiosks), 20)
    child = controller(sqlite_url, mosquitto, tmp_path)
    until(lambda: holds(office.engine), 20)
    until(lambda: all(office.known(name).presence.state == "online" for name in names), 10)
    until(lambda: all("printer" in office.known(name).latest for name in names), 10)
    for kiosk in kiosks:
        kiosk.stop(planned=False)
    child.stop()
