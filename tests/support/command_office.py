"""An office that commands: warden, keeper with Mosquitto, door, controller with a key; and kiosks.

All of it as it runs in earnest and each part a process of its own, but for the kiosks: those are
players in this process, the real agent over simulated devices, who joined by a code at the door and
got the policy there. Actions run as processes of their own, as on a kiosk. What a person does is
done as the console does it: stored in the database, then the bell is rung.
"""

import ssl
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from random import Random
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from sqlalchemy import Engine, select

from controller import bell, policies
from controller.deeds import Doer
from controller.identity import invitations
from controller.jobs import ask as asking
from controller.jobs import steer
from controller.jobs.asked import Asked
from controller.jobs.plan import Plan
from controller.people.audit import By as Writer
from controller.people.powers import EVERYWHERE, Grant, Person
from controller.store.command_tables import attachment, command, job
from controller.store.engine import writing
from controller.store.migrate import migrate
from controller.store.tables import kiosk, kiosk_status
from provisioning.players.devices.device import DeviceLoop
from provisioning.players.joining import Joining, enrol_all
from provisioning.players.life import Turn
from provisioning.players.player import Player, home_of
from provisioning.players.stage import Stage
from provisioning.players.wishes import Wishes
from tests.support.child import Child, free_port
from tests.support.secure import SecureOffice, now
from tests.support.signing import Ceremony
from tests.support.wait import until
from tests.support.warden import PERSON
from wire.invitation import pin_of
from wire.policy import Policy

TECHNICIAN = Doer(Person(1, "pagi", "Teknisi pagi", (Grant("admin", ""),)), EVERYWHERE, "192.0.2.7")
NEVER = (Turn(1e9, "hot", begins=True), Turn(2e9, "hot", begins=False))
ENDED = ("succeeded", "failed", "rejected", "expired", "cancelled", "unknown")
PATIENCE_S = 60.0


class CommandOffice(SecureOffice):
    """`open` brings up the office, `play` its kiosks; then `ask` and `wait_for`. `close` ends all.

    `people` have a key each and are in the policy; `policy` are changes to tests/support/signing's.
    """

    def __init__(self, folder: Path, url: str, *people: str, **policy: Any) -> None:
        super().__init__(folder, url)
        self.ceremony = Ceremony(*people)
        self.command_key = folder / "command.key"
        self.door_port = free_port()
        self.wishes = Wishes(folder / "wishes")
        self.players: dict[str, Player] = {}
        self._changes = policy
        self._loop = DeviceLoop()
        self._over = threading.Event()
        self._stage = Stage((), self.wishes, lambda *_: None)
        self._thread = threading.Thread(target=self._run_stage, daemon=True)

    @property
    def engine(self) -> Engine:
        return self.books.engine

    def open(self, *controller: str) -> None:
        """Everything but the kiosks. `controller`: more of its options."""
        self.make_policy(self.ceremony.policy(**self._changes))
        self.start()
        self.start_door()
        self.start_controller("office", "--command-key", str(self.command_key), *controller)

    def make_policy(self, policy: Policy) -> None:
        """Signed by the roots, stored; the office's key lies where the controller reads it."""
        pem = self.ceremony.office.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        self.command_key.touch(0o600)
        self.command_key.write_bytes(pem)
        with writing(self.engine) as conn:
            policies.store(conn, self.ceremony.signed_policy(policy), Writer("admin", ""), now())

    def start_door(self) -> Child:
        shown = {"cert": "door.crt", "key": "door.key", "server-ca": "server-ca.pem"}
        papers = [
            word for what, file in shown.items() for word in (f"--{what}", self.issued / file)
        ]
        where = ["--database", self.url, "--port", str(self.door_port)]
        broker = ["--broker", f"127.0.0.1:{self.port}"]
        child = self._run("provisioning.door", *where, *broker, *map(str, papers))
        child.wait_for_port(self.door_port, PATIENCE_S)
        return child

    def start_console(self) -> str:
        """Its address, where people log in."""
        port = free_port()
        where = ["--database", self.url, "--port", str(port)]
        self._run("dashboards.console", *where).wait_for_port(port, PATIENCE_S)
        return f"http://127.0.0.1:{port}"

    def play(self, *names: str, online: bool = True) -> list[Player]:
        """Register, enrol and switch on; until the office sees them."""
        joining = self.join({name: home_of(self.folder / name) for name in names})
        made = [self._player(name, joining) for name in names]
        for player in made:
            player.start()
        self._stage.add(made)
        if not self._thread.is_alive():
            self._thread.start()
        if online:
            until(lambda: all(self.presence(name) == "online" for name in names), PATIENCE_S)
        return made

    def join(self, homes: Mapping[str, Path]) -> Joining:
        """Kiosk -> its state folder: registered, invited, and each has its identity there."""
        self.books.register(*homes)
        joining = self._invite(*homes)
        failed: list[str] = []
        assert not enrol_all(joining, homes, failed.append), failed
        return joining

    def ask(
        self,
        kind: str,
        kiosks: Sequence[str],
        args: Mapping[str, Any] | None = None,
        *,
        plan: Plan | None = None,
        valid_s: int = 600,
        ago_s: int = 0,
        by: Doer = TECHNICIAN,
    ) -> int:
        """The job. `ago_s`: it was asked so long ago, and is valid for so much less."""
        wish = asking.Wish(kind, args or {}, Asked(tuple(kiosks)), plan or Plan(), "tests", valid_s)
        with writing(self.engine) as conn:
            made = asking.ask(conn, by, wish, now() - 1000 * ago_s)
        bell.ring(self.engine)
        return made

    def cancel(self, job_id: int, by: Doer = TECHNICIAN) -> None:
        with writing(self.engine) as conn:
            steer.cancel(conn, by, job_id, now())
        bell.ring(self.engine)

    def command(self, job_id: int, name: str) -> Any:
        """The kiosk's share of the job, as stored."""
        query = select(command).join(kiosk, kiosk.c.id == command.c.kiosk_id)
        with self.engine.connect() as conn:
            return conn.execute(query.where(command.c.job_id == job_id, kiosk.c.name == name)).one()

    def states(self, job_id: int) -> dict[str, str]:
        """Kiosk -> state."""
        query = select(kiosk.c.name, command.c.state).join_from(command, kiosk)
        with self.engine.connect() as conn:
            found = conn.execute(query.where(command.c.job_id == job_id))
            return {row[0]: row[1] for row in found}

    def job(self, job_id: int) -> Any:
        with self.engine.connect() as conn:
            return conn.execute(select(job).where(job.c.id == job_id)).one()

    def attachment(self, job_id: int, name: str) -> Any:
        """What the kiosk handed in for it."""
        query = select(attachment).where(attachment.c.command_id == self.command(job_id, name).id)
        with self.engine.connect() as conn:
            return conn.execute(query).one()

    def wait_for(self, job_id: int, name: str, *states: str, within_s: float = PATIENCE_S) -> Any:
        """The kiosk's share when it is in one of `states` (none given: when it has ended)."""

        def there() -> Any:
            row = self.command(job_id, name)
            return row if row.state in (states or ENDED) else None

        try:
            return until(there, within_s, 0.05)
        except AssertionError:
            raise AssertionError(f"{states}: {self.command(job_id, name)}") from None

    def presence(self, name: str) -> str:
        query = select(kiosk_status.c.presence).join(kiosk).where(kiosk.c.name == name)
        with self.engine.connect() as conn:
            return conn.scalar(query) or ""

    def close(self) -> None:
        self._over.set()
        if self._thread.is_alive():
            self._thread.join(30)
        for player in self.players.values():
            player.stop()
        self._loop.close()
        self.stop()

    def _invite(self, *names: str) -> Joining:
        codes, server_ca = self.folder / "codes", self.issued / "server-ca.pem"
        codes.mkdir(exist_ok=True)
        pin = pin_of(ssl.PEM_cert_to_DER_cert(server_ca.read_text()))
        with writing(self.engine) as conn:
            made = invitations.issue_all(conn, names, pin, PERSON, now())
        for name, one in made.items():
            (codes / f"{name}.token").write_text(one.code)
        return Joining(f"https://127.0.0.1:{self.door_port}", server_ca, codes)

    def _player(self, name: str, joining: Joining) -> Player:
        player = Player(
            name,
            self.folder / name,
            self._loop,
            broker=("127.0.0.1", self.port),
            story=iter(NEVER),
            dice=Random(name),
            joining=joining,
            wishes=self.wishes.folder,
        )
        self.players[name] = player
        return player

    def _run_stage(self) -> None:
        while not self._over.wait(self._stage.step()):
            pass


@pytest.fixture
def build_command_office(tmp_path: Path) -> Iterator[Callable[..., CommandOffice]]:
    """`build_command_office(*people, url=..., **policy)`: not open yet; SQLite unless told."""
    built: list[CommandOffice] = []

    def build(*people: str, url: str = "", **policy: Any) -> CommandOffice:
        database = url or f"sqlite:///{tmp_path}/office.db"
        migrate(database)
        built.append(CommandOffice(tmp_path, database, *people, **policy))
        return built[-1]

    yield build
    for one in built:
        one.close()
