"""An office for benches: real Mosquitto, a fresh SQLite database, one controller process."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import psutil
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from sqlalchemy import Engine, func, select

from controller import fleet, policies
from controller.people.audit import By
from controller.store.engine import open_engine, writing
from controller.store.migrate import migrate
from controller.store.tables import controller, thread
from tests.bench.processes import running, wait_until
from tests.support.broker import ProgramBroker, a_mosquitto
from tests.support.signing import Ceremony

SITE = fleet.Site("32.73.01", "Sukasari", "Kota Bandung", -6.8667, 107.5872)


class Office(NamedTuple):
    broker: ProgramBroker
    url: str
    engine: Engine
    controller: psutil.Process
    folder: Path

    @property
    def door(self) -> str:
        return f"{self.broker.host}:{self.broker.port}"

    def stored(self) -> int:
        """Messages of all kiosks that are in the database, counted by their sequence numbers."""
        with self.engine.connect() as conn:
            found = conn.scalar(select(func.coalesce(func.sum(thread.c.seq + 1), 0)))
        return int(found or 0)

    def counters(self) -> dict[str, dict[str, float]]:
        with self.engine.connect() as conn:
            found = conn.scalar(select(controller.c.counters))
        return dict(found or {})


@contextmanager
def office(kiosks: list[str], ceremony: Ceremony | None = None) -> Iterator[Office]:
    """Registered, migrated and listening: the controller's link is up when the block begins.

    With a `ceremony` it commands: its policy is in force for any number of kiosks at once.
    """
    with TemporaryDirectory() as name:
        folder = Path(name)
        broker = a_mosquitto(folder / "broker")
        broker.start()
        try:
            url = f"sqlite:///{folder}/office.db"
            migrate(url)
            engine = open_engine(url)
            with writing(engine) as conn:
                fleet.import_fleet(conn, [SITE], [fleet.NewKiosk(k, SITE.code) for k in kiosks], 1)
            door = f"{broker.host}:{broker.port}"
            arguments = ["-m", "controller", "--database", url, "--broker", door]
            if ceremony is not None:
                arguments += ["--command-key", str(_commanding(engine, ceremony, folder))]
            with running(*arguments, log=folder / "controller.log") as process:
                made = Office(broker, url, engine, process, folder)
                wait_until(lambda: _listens(made), 30, "the controller's link")
                yield made
        finally:
            broker.stop()


def _commanding(engine: Engine, ceremony: Ceremony, folder: Path) -> Path:
    """The policy in force, and where the office's key lies."""
    signed = ceremony.signed_policy(ceremony.policy(fleet_wide=1_000_000))
    with writing(engine) as conn:
        policies.store(conn, signed, By("bench"), 1)
    key = folder / "command.key"
    key.touch(0o600)
    key.write_bytes(
        ceremony.office.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    )
    return key


def _listens(one: Office) -> bool:
    with one.engine.connect() as conn:
        return conn.scalar(select(controller.c.link)) == "up"
