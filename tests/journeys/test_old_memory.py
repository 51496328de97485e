"""A kiosk whose disk was put back to an older image: each fact is at the office once."""

import random
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from agent.config import Broker, Config
from agent.kiosk import Kiosk
from agent.probes.base import Finding
from tests.agent.probe import SaidProbe
from tests.support.broker import ProgramBroker
from tests.support.controllers import controller, holds
from tests.support.office import Office
from tests.support.wait import until

if TYPE_CHECKING:
    from wire.messages import State


class Life:
    """One kiosk over a state folder, its printer turned by hand."""

    def __init__(self, state: Path, broker: Broker) -> None:
        self.state: State = "ok"
        probe = SaidProbe(say=lambda: Finding(self.state), period_s=0.05)
        self.kiosk = Kiosk(Config("kiosk-1", str(state), broker), [probe], rng=random.Random(1))
        self.kiosk.start()
        until(lambda: probe.looks > 1, 10)

    def flip(self, times: int) -> None:
        for _ in range(times):
            before = self.kiosk.outbox.newest
            self.state = "fail" if self.state == "ok" else "ok"
            until(lambda: self.kiosk.outbox.newest > before, 10)  # noqa: B023

    def told(self) -> None:
        until(lambda: self.kiosk.outbox.kept == 0, 30)


@pytest.mark.parametrize("connections", [0, 3_000])
def test_a_disk_image_put_back_costs_no_fact_and_doubles_none(
    sqlite_url: str, mosquitto: ProgramBroker, tmp_path: Path, connections: int
) -> None:
    office = Office(sqlite_url, "kiosk-1")
    child = controller(sqlite_url, mosquitto, tmp_path)
    until(lambda: holds(office.engine), 20)
    broker = Broker(mosquitto.host, mosquitto.port, reconnect_min_s=0.05, reconnect_max_s=0.2)
    state, image = tmp_path / "state", tmp_path / "image"
    life = Life(state, broker)
    life.flip(3)  # before the image
    life.told()
    life.kiosk.stop()
    shutil.copytree(state, image)
    for _ in range(connections // 1000):  # each start reserves a thousand births
        life = Life(state, broker)
        until(lambda: life.kiosk.line.up, 20)  # noqa: B023
        life.kiosk.stop()
    life = Life(state, broker)
    life.flip(6)  # after the image
    life.told()
    life.kiosk.stop()
    shutil.rmtree(state)
    shutil.move(image, state)
    life = Life(state, Broker("127.0.0.1", 1, reconnect_min_s=0.05, reconnect_max_s=0.2))
    life.kiosk.stop()  # one start without a line: nothing happens in it
    life = Life(state, broker)
    life.flip(4)  # after it was put back
    life.told()
    query = text("SELECT fact, at FROM flip WHERE fact IS NOT NULL ORDER BY fact")
    with office.engine.connect() as conn:
        stored = conn.execute(query).all()
    assert [row.fact for row in stored] == list(range(1, 3 + 6 + 4 + 1))
    assert [row.at for row in stored] == sorted(row.at for row in stored)
    until(lambda: office.known("kiosk-1").presence.state == "online", 10)
    life.kiosk.stop(planned=False)
    child.stop()
