"""An office that asks for certificates: the real warden, keeper with Mosquitto, and controllers.

The books are written as the door writes them; each part is a process of its own, in the order in
which an office starts them.
"""

import ssl
import sys
import time
from pathlib import Path
from typing import NamedTuple

import psutil
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from sqlalchemy import select

from agent.config import Broker
from controller.store.identity_tables import muted
from controller.warden_state import standing
from provisioning.authority.pair import open_or_make
from tests.support.authority import key
from tests.support.child import Child, free_port
from tests.support.controllers import QUICK, holds
from tests.support.identity import TlsDoor
from tests.support.mqtt import Player
from tests.support.wait import until
from tests.support.warden import Books

REFUSED = (OSError, AssertionError)  # within the handshake, by a closed line, or by a CONNACK


def now() -> int:
    return time.time_ns() // 1_000_000


class Paper(NamedTuple):
    """A kiosk's papers in a folder; `row` is its certificate in the books."""

    name: str
    folder: Path
    row: int

    @property
    def cert(self) -> Path:
        return self.folder / f"{self.name}.crt"

    @property
    def key(self) -> Path:
        return self.folder / f"{self.name}.key"


class SecureOffice:
    """`port` is the kiosks' door, `office_port` the office's; nothing runs before it is started."""

    def __init__(self, folder: Path, url: str) -> None:
        self.folder, self.url, self.books = folder, url, Books(url)
        self.authority, self.exchange = folder / "authority", folder / "exchange"
        self.issued = self.authority / "issued"
        open_or_make(self.authority, None, now())
        self.port, self.office_port = free_port(), free_port()
        self.children: list[Child] = []

    def start(self) -> None:
        """Warden and keeper, until what the broker refuses is proven."""
        self.start_warden()
        until((self.issued / "broker.crt").exists, 60)
        until(lambda: [*(self.exchange / "wanted").glob("*.json")], 60)
        self.start_keeper()
        until(lambda: self.condition() == "fine", 60)

    def start_warden(self) -> Child:
        where = ["--database", self.url, "--authority", str(self.authority)]
        return self._run("provisioning.warden", *where, "--exchange", str(self.exchange))

    def start_keeper(self) -> Child:
        where = ["--state", str(self.folder / "broker"), "--exchange", str(self.exchange)]
        ports = ["--kiosk-port", str(self.port), "--office-port", str(self.office_port)]
        return self._run("broker_config", *where, "--identities", str(self.issued), *ports)

    def start_controller(self, name: str = "office", *options: str) -> Child:
        """Until it hears every partition."""
        tls = {"ca": "server-ca.pem", "cert": "office.crt", "key": "office.key"}
        papers = [w for what, file in tls.items() for w in (f"--tls-{what}", self.issued / file)]
        where = ["--database", self.url, "--broker", f"127.0.0.1:{self.office_port}"]
        more = [*QUICK, "--name", name, *options, *map(str, papers)]
        child = self._run("controller", *where, *more)
        until(lambda: holds(self.books.engine, name), 60)
        return child

    def condition(self) -> str:
        with self.books.engine.connect() as conn:
            return standing(conn, now()).condition

    def enrol(self, name: str) -> Paper:
        """By a code, as the door does it."""
        mine = key()
        return self.collect(name, mine, self.books.enrol(name, mine, now()))

    def collect(self, name: str, mine: EllipticCurvePrivateKey, row: int) -> Paper:
        """The signed certificate of this row, used for the first time."""
        until(lambda: self.books.certificate(row).state == "issued", 60)
        self.books.use(row, now())
        paper = Paper(name, self.folder / f"{name}-{row}", row)
        paper.folder.mkdir()
        paper.cert.write_text(self.books.certificate(row).pem)
        pem = mine.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        paper.key.write_bytes(pem)
        return paper

    def kill_broker(self) -> None:
        """Mosquitto only, as the out-of-memory killer would; the keeper starts it again."""
        keepers = (child for child in self.children if "broker_config" in child.log.name)
        for keeper in keepers:
            for one in psutil.Process(keeper.pid).children():
                one.kill()

    def door(self, paper: Paper) -> TlsDoor:
        context = ssl.create_default_context(cafile=str(self.issued / "server-ca.pem"))
        context.load_cert_chain(paper.cert, paper.key)
        return TlsDoor("127.0.0.1", self.port, context)

    def broker(self, paper: Paper) -> Broker:
        """The same as an agent is told it."""
        return Broker(
            "127.0.0.1",
            self.port,
            ca=str(self.issued / "server-ca.pem"),
            cert=str(paper.cert),
            key=str(paper.key),
            keepalive_s=5,
            will_delay_s=1,
            reconnect_min_s=0.1,
            reconnect_max_s=0.5,
        )

    def kiosk(self, paper: Paper) -> Player:
        return Player(self.door(paper), paper.name, timeout_s=10.0)

    def lets_in(self, paper: Paper) -> bool:
        try:
            self.kiosk(paper).disconnect()
        except REFUSED:
            return False
        return True

    def start_flood(self, paper: Paper, *, qos: int, seconds: float, rate: float) -> Child:
        """A kiosk that says `rate` readings a second, if it can; it ends by itself."""
        files = ["--ca", self.issued / "server-ca.pem", "--cert", paper.cert, "--key", paper.key]
        pace = ["--qos", qos, "--seconds", seconds, "--rate", rate, "--port", self.port]
        return self._run("tests.support.flooder", paper.name, *map(str, [*files, *pace]))

    def muted(self, name: str) -> int:
        """Until when; 0 if it never was."""
        query = select(muted.c.until).where(muted.c.kiosk_id == self.books.id_of(name))
        with self.books.engine.connect() as conn:
            return conn.scalar(query) or 0

    def stop(self) -> None:
        for child in reversed(self.children):
            child.stop(20)
        self.books.engine.dispose()

    def _run(self, module: str, *options: str) -> Child:
        log = self.folder / f"{module}-{len(self.children)}.log"
        child = Child(
            [sys.executable, "-m", module, *options], log, {"PYTHONPATH": str(Path.cwd())}
        )
        self.children.append(child)
        return child
