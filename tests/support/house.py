"""Fixtures: the whole house as it runs in a city, each room its own process.

A real broker, a controller, the console and kiosks by the real agent; what a journey does to them
(kill, stop, freeze) it does by the pid it started.
"""

import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, select

from controller import fleet
from controller.store.engine import open_engine, writing
from controller.store.tables import controller, fault, flip, kiosk, kiosk_status
from tests.support.broker import AnyBroker
from tests.support.child import Child, free_port
from tests.support.console import admitted, wear_in_browser
from tests.support.wait import until

SITE = fleet.Site("32.73.01", "Sukasari", "Kota Bandung", -6.8667, 107.5872)
AGENT = """\
kiosk = "{kiosk}"
state_dir = "{state}"
[broker]
host = "127.0.0.1"
port = {port}
keepalive_s = 5
will_delay_s = 1
reconnect_min_s = 0.2
reconnect_max_s = 2.0
[probes]
{probes}
"""


class House:
    """One office and its kiosks. `stop` ends every process that is still there."""

    def __init__(self, folder: Path, broker: AnyBroker, url: str) -> None:
        self.folder = folder
        self.broker = broker
        self.url = url
        self.engine: Engine = open_engine(url)
        self.children: list[Child] = []
        self._console_port = 0

    @property
    def console(self) -> str:
        return f"http://127.0.0.1:{self._console_port}"

    def register(self, *names: str) -> None:
        with writing(self.engine) as conn:
            fleet.import_fleet(conn, [SITE], [fleet.NewKiosk(n, SITE.code) for n in names], 1)

    def start_controller(self, name: str = "one", *options: str) -> Child:
        door = f"{self.broker.host}:{self.broker.port}"
        where = ("--database", self.url, "--broker", door, "--name", name)
        quick = ("--roll-call-s", "2", "--roll-call-grace-s", "3")
        child = self._start("controller", *where, *quick, *options)
        until(lambda: self.link(name) == "up", 30)
        return child

    def start_console(self) -> Child:
        self._console_port = free_port()
        child = self._start(
            "dashboards.console", "--database", self.url, "--port", str(self._console_port)
        )
        child.wait_for_port(self._console_port, 30)
        return child

    def log_in(self, context: Any) -> None:
        """An administrator is logged in to the console in this browser (`BrowserContext`)."""
        wear_in_browser(context, admitted(self.engine, time.time_ns() // 1_000_000))

    def start_agent(self, name: str, **probes: dict[str, Any]) -> Child:
        """The real agent with the probes given, and only those."""
        config = self.folder / f"{name}.toml"
        off = ("system", "disk", "network", "temperature", "power", "screen")
        lines = [f"{probe} = false" for probe in off if probe not in probes]
        for probe, options in probes.items():
            said = ", ".join(f"{key} = {_toml(value)}" for key, value in options.items())
            lines.append(f"{probe} = {{ {said} }}")
        state = self.folder / name
        text = AGENT.format(kiosk=name, state=state, port=self.broker.port, probes="\n".join(lines))
        config.write_text(text)
        return self._start("agent", "--config", str(config))

    def link(self, name: str) -> str | None:
        with self.engine.connect() as conn:
            return conn.scalar(select(controller.c.link).where(controller.c.name == name))

    def presence(self, name: str) -> str | None:
        return self._status(name, kiosk_status.c.presence)

    def state(self, name: str) -> str | None:
        return self._status(name, kiosk_status.c.state)

    def open_faults(self, name: str) -> set[str]:
        query = select(fault.c.code).join(kiosk).where(kiosk.c.name == name)
        with self.engine.connect() as conn:
            return set(conn.scalars(query.where(fault.c.cleared_at.is_(None))))

    def facts(self, name: str) -> list[int]:
        """Numbers of the facts stored of this kiosk, in the order they were stored."""
        query = select(flip.c.fact).join(kiosk).where(kiosk.c.name == name)
        with self.engine.connect() as conn:
            return list(conn.scalars(query.where(flip.c.fact.is_not(None)).order_by(flip.c.id)))

    def stop(self) -> None:
        for child in reversed(self.children):
            child.stop()
        self.engine.dispose()

    def _start(self, module: str, *arguments: str) -> Child:
        log = self.folder / f"{module}-{len(self.children)}.log"
        child = Child([sys.executable, "-m", module, *arguments], log)
        self.children.append(child)
        return child

    def _status(self, name: str, column: Any) -> str | None:
        query = select(column).join(kiosk).where(kiosk.c.name == name)
        with self.engine.connect() as conn:
            found: str | None = conn.scalar(query)
        return found


def _toml(value: object) -> str:
    return f'"{value}"' if isinstance(value, str) else str(value).lower()


@pytest.fixture
def build_house(tmp_path: Path) -> Iterator[Callable[[AnyBroker, str], House]]:
    """`build_house(broker, database_url)`: a house without controller, console or kiosks yet."""
    built: list[House] = []

    def build(broker: AnyBroker, url: str) -> House:
        built.append(House(tmp_path, broker, url))
        return built[-1]

    yield build
    for house in built:
        house.stop()
