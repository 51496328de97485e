"""A kiosk is born with one typed line, renewed while it works, ended, and cannot come back.

Every room its own process: warden, keeper and broker, door, controller; the kiosk by its own
commands and the real agent.
"""

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from agent.identity.slots import Slots
from controller import fleet
from controller.identity import invitations
from controller.identity.states import By, find, state_of
from controller.store.engine import open_engine, writing
from controller.store.identity_tables import certificate, identity
from controller.store.tables import kiosk, kiosk_status
from provisioning.enrol import read_pin
from tests.support.child import Child, free_port, listens
from tests.support.wait import until

NAME = "bdg-sukasari-1"
SITE = fleet.Site("32.73.01", "Sukasari", "Kota Bandung", -6.8667, 107.5872)
QUICK = "keepalive_s = 5\nwill_delay_s = 1\nreconnect_min_s = 0.1\nreconnect_max_s = 0.5\n"


class Office:
    """`door` is its address; `stop` ends every process."""

    def __init__(self, folder: Path, url: str) -> None:
        self.folder, self.url = folder, url
        self.issued = folder / "authority" / "issued"
        self.exchange = folder / "exchange"
        self.ports = [free_port() for _ in range(3)]
        self.engine = open_engine(url)
        self.children: list[Child] = []

    @property
    def door(self) -> str:
        return f"https://127.0.0.1:{self.ports[2]}"

    def start(self) -> None:
        kiosks, office, door = map(str, self.ports)
        papers = ("--exchange", str(self.exchange))
        database = ("--database", self.url)
        authority = str(self.folder / "authority")
        self.run("provisioning.warden", *database, "--authority", authority, *papers)
        until(lambda: any(self.exchange.glob("wanted/*.json")), 60)
        ports = ("--kiosk-port", kiosks, "--office-port", office)
        where = ("--state", str(self.folder / "broker"), "--identities", str(self.issued))
        self.run("broker_config", *where, *papers, *ports)
        until(lambda: listens(self.ports[0]) and listens(self.ports[1]), 60)
        shown = ("--cert", str(self.issued / "door.crt"), "--key", str(self.issued / "door.key"))
        trusted = ("--server-ca", str(self.issued / "server-ca.pem"))
        broker = ("--broker", f"127.0.0.1:{kiosks}")
        self.run("provisioning.door", *database, "--port", door, *shown, *trusted, *broker)
        until(lambda: listens(self.ports[2]), 60)
        ours = {"ca": "server-ca.pem", "cert": "office.crt", "key": "office.key"}
        tls = [w for what, file in ours.items() for w in (f"--tls-{what}", str(self.issued / file))]
        self.run("controller", *database, "--broker", f"127.0.0.1:{office}", *tls)

    def run(self, module: str, *arguments: str) -> Child:
        log = self.folder / f"{module}-{len(self.children)}.log"
        self.children.append(Child([sys.executable, "-m", module, *arguments], log))
        return self.children[-1]

    def invite(self) -> str:
        with writing(self.engine) as conn:
            fleet.import_fleet(conn, [SITE], [fleet.NewKiosk(NAME, SITE.code)], 1)
            pin = read_pin(self.issued / "server-ca.pem")
            subject = find(conn, NAME)
            now = time.time_ns() // 1_000_000
            return invitations.issue(conn, subject.id, pin, By("teknisi-pagi"), now).code

    def state(self) -> str:
        with self.engine.connect() as conn:
            return state_of(conn, find(conn, NAME).id)

    def presence(self) -> str | None:
        query = select(kiosk_status.c.presence).join(kiosk).where(kiosk.c.name == NAME)
        with self.engine.connect() as conn:
            found: str | None = conn.scalar(query)
        return found

    def certificates(self) -> dict[str, str]:
        """Serial -> state."""
        with self.engine.connect() as conn:
            rows = conn.execute(select(certificate.c.serial, certificate.c.state))
            return {row.serial: row.state for row in rows}

    def listed(self, serial: str) -> bool:
        query = select(certificate.c.listed_at).where(certificate.c.serial == serial)
        with self.engine.connect() as conn:
            return conn.scalar(query) is not None

    def took_to_shut_ms(self) -> int:
        """From the click to the broker's proof that it refuses the kiosk."""
        query = select(identity.c.shut_at - identity.c.since)
        with self.engine.connect() as conn:
            return conn.scalar(query) or 0

    def stop(self) -> None:
        for child in reversed(self.children):
            child.stop()
        self.engine.dispose()


@pytest.fixture
def office(tmp_path: Path, sqlite_url: str) -> Iterator[Office]:
    office = Office(tmp_path, sqlite_url)
    try:
        office.start()
        yield office
    finally:
        office.stop()


def anjungan(*words: object) -> "subprocess.CompletedProcess[str]":
    """What somebody types."""
    line = [sys.executable, "-m", "provisioning", *map(str, words)]
    return subprocess.run(line, capture_output=True, text=True, timeout=120, check=False)


def agent_births(office: Office) -> int:
    """How often the agent that started last was let in."""
    return office.children[-1].log.read_text().count("connected, birth")


@pytest.mark.timeout(300)
def test_a_kiosk_is_born_renewed_and_buried(office: Office, tmp_path: Path) -> None:
    config, slots = tmp_path / "kiosk" / "agent.toml", Slots(tmp_path / "kiosk" / "state")
    config.parent.mkdir()
    config.write_text(f"[broker]\nhost = 'set by join'\n{QUICK}")
    code = office.invite()
    assert office.state() == "pending"
    where = ("--config", config, "--state", slots.folder.parent)
    joined = anjungan("join", office.door, code, *where)
    assert joined.returncode == 0, joined.stderr
    assert office.state() == "active"
    agent = office.run("agent", "--config", str(config))
    until(lambda: office.presence() == "online", 60)

    first = slots.serial()
    renewed = anjungan("renew", "--config", config, "--now")
    assert renewed.returncode == 0, renewed.stderr
    assert office.certificates() == {first: "superseded", slots.serial(): "current"}
    until(lambda: office.listed(first), 30)
    assert office.presence() == "online"
    agent.kill()
    until(lambda: office.presence() == "offline", 60)
    office.run("agent", "--config", str(config))
    until(lambda: office.presence() == "online", 60)

    ended = anjungan("identity", "--database", office.url, "revoke", NAME, "--why", "hilang")
    assert ended.returncode == 0, ended.stderr + ended.stdout
    assert office.took_to_shut_ms() < 10_000  # 5 s, and this machine tests much else besides
    assert office.certificates()[slots.serial()] == "revoked"
    until(lambda: office.presence() == "offline", 15)
    refused = anjungan("renew", "--config", config)
    assert refused.returncode == 2
    assert "revoked" in refused.stderr
    assert slots.state().needs_code
    until(lambda: "failed to receive" in office.children[-1].log.read_text(), 30)

    before = agent_births(office)
    again = anjungan("join", office.door, office.invite(), *where)
    assert again.returncode == 0, again.stderr
    until(lambda: slots.state().used == slots.serial(), 30)
    until(lambda: agent_births(office) > before, 120)
    until(lambda: office.presence() == "online", 30)
