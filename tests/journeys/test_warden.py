"""The warden as its own process: killed anywhere it converges, and a thousand kiosks are quick."""

import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from controller.people import audit
from controller.warden_state import standing
from provisioning.authority.ended import EndedList
from provisioning.authority.pair import open_or_make
from provisioning.warden.audit import main as audit_main
from provisioning.warden.ledger import Ledger
from provisioning.warden.signing import Signer
from tests.support.child import Child
from tests.support.thorough import some
from tests.support.wait import until
from tests.support.warden import Books, KeeperFolder

KIOSKS = ("k-001", "k-002", "k-003", "k-004")


def now() -> int:
    return time.time_ns() // 1_000_000


class Office:
    """One database, one authority, and a keeper that says yes to everything."""

    def __init__(self, folder: Path, url: str) -> None:
        self.folder, self.url, self.books = folder, url, Books(url)
        self.authority, self.exchange = folder / "authority", folder / "exchange"
        self.pair = open_or_make(self.authority, None, now())
        self.keeper = KeeperFolder(self.exchange)
        self.children: list[Child] = []
        self._over = threading.Event()
        self._keeper = threading.Thread(target=self._keep)
        self._keeper.start()

    def start(self, dies_at: int = 0) -> Child:
        module = ["provisioning.warden"] if not dies_at else ["tests.support.mortal_warden"]
        argv = [sys.executable, "-m", *module, *([str(dies_at)] if dies_at else []), *self.options]
        child = Child(argv, self.folder / "warden.log", {"PYTHONPATH": str(Path.cwd())})
        self.children.append(child)
        return child

    @property
    def options(self) -> list[str]:
        where = ["--database", self.url, "--authority", str(self.authority)]
        return [*where, "--exchange", str(self.exchange)]

    def stop(self) -> None:
        for child in self.children:
            child.stop()
        self._over.set()
        self._keeper.join()

    def ended(self) -> EndedList:
        return EndedList(self.authority / "crl.pem", self.pair.device)

    def condition(self) -> str:
        with self.books.engine.connect() as conn:
            return standing(conn, now()).condition

    def _keep(self) -> None:
        while not self._over.wait(0.02):
            self.keeper.answer(at=now())


@pytest.fixture
def office(sqlite_url: str, tmp_path: Path) -> Iterator[Office]:
    found = Office(tmp_path, sqlite_url)
    yield found
    found.stop()


def prepare(office: Office) -> list[int]:
    """Three requests that wait, and a kiosk whose revocation nobody knows of."""
    office.books.register(*KIOSKS)
    last = office.books.enrol(KIOSKS[3], now=now())
    Signer(
        office.books.engine, office.pair.device, Ledger(office.authority / "signed.jsonl"), now
    ).step()
    office.books.use(last, now())
    office.books.end(KIOSKS[3], now=now())
    return [*(office.books.enrol(name, now=now()) for name in KIOSKS[:3]), last]


def converged(office: Office, rows: list[int]) -> bool:
    found = [office.books.certificate(one) for one in rows]
    issued = all(one.state == "issued" for one in found[:3])
    shut = office.books.identity(KIOSKS[3]).shut_at is not None
    return issued and shut and found[3].listed_at is not None and office.condition() == "fine"


# 126 steps lead to the end, half of them to the first papers; beyond the last it lives on.
@pytest.mark.parametrize("nth", some([*range(1, 60, 6), *range(60, 130, 3)], 3))
def test_killed_at_any_step_the_next_warden_finishes_it_once(office: Office, nth: int) -> None:
    rows = prepare(office)
    mortal = office.start(dies_at=nth)
    until(lambda: mortal_ended(mortal) or converged(office, rows), 60)
    mortal.kill()
    before = office.ended().number
    office.start()
    until(lambda: office.ended().number > before and converged(office, rows), 60)
    assert office.books.states() == {"issued": 3, "revoked": 1}
    assert office.books.log("certificate.issue") == 4  # each told of once
    assert int(office.books.certificate(rows[3]).serial, 16) in office.ended()
    with office.books.engine.connect() as conn:
        assert audit.verify(conn).ok
    office.children[-1].stop()
    assert audit_main(["verify", *office.options[:4]]) == 0


def mortal_ended(child: Child) -> bool:
    return Path(f"/proc/{child.pid}/stat").read_text().rsplit(")", 1)[1].split()[0] == "Z"


def test_a_thousand_requests_are_signed_in_well_under_a_minute(office: Office) -> None:
    names = [f"m-{number:04}" for number in range(1000)]
    office.books.register(*names)
    office.start()
    until(lambda: office.condition() == "fine", 60)
    office.books.enrol_all(names, now())
    begun = time.monotonic()
    until(lambda: office.books.states() == {"issued": 1000}, 60, every_s=0.2)
    assert time.monotonic() - begun < 60  # measured: two seconds on an idle machine


def test_a_second_warden_on_the_same_authority_is_refused(office: Office) -> None:
    office.start()
    until(lambda: office.condition() == "fine", 60)
    argv = [sys.executable, "-m", "provisioning", "warden", *office.options]
    done = subprocess.run(argv, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "stop it first" in done.stderr


def test_a_locked_database_is_waited_for_and_a_stop_is_heard(office: Office) -> None:
    office.books.register(*KIOSKS)
    child = office.start()
    until(lambda: office.condition() == "fine", 60)
    with closing(sqlite3.connect(office.url.removeprefix("sqlite:///"))) as greedy:
        greedy.execute("BEGIN EXCLUSIVE")
        until(lambda: "database is away" in child.log.read_text(), 60)
        greedy.rollback()
    asked = office.books.enrol(KIOSKS[0], now=now())
    until(lambda: office.books.certificate(asked).state == "issued", 60)
    child._process.send_signal(signal.SIGTERM)
    assert child._process.wait(30) == 0
