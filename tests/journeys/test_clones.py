"""Two live machines with one identity, an old disk put back, and the honest who look like them.

Real agents against the whole office: warden, keeper, broker, controllers. Only the agents' dice
are loaded, so that a machine that was thrown out comes back in seconds instead of minutes.
"""

import random
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Select, select

from agent.config import Broker, Config
from agent.kiosk import Kiosk
from agent.probes.base import Finding
from controller.identity import csr, ending, redeem
from controller.store.engine import writing
from controller.store.identity_tables import boot
from controller.store.tables import fault, kiosk, kiosk_status, thread
from tests.agent.probe import SaidProbe
from tests.support.authority import key, request
from tests.support.secure import Paper, SecureOffice, now
from tests.support.wait import until
from tests.support.warden import PERSON, PIN, pem_of

A, B, C = "bdg-sukasari-1", "bdg-sukasari-2", "bdg-sukasari-3"


class Hurry(random.Random):
    """Steps back for as many hundredths of a second as others for seconds."""

    def uniform(self, a: float, b: float) -> float:
        return super().uniform(a, b) / 100


class Machines:
    """Boots machines over state folders, and pulls every plug at the end."""

    def __init__(self, office: SecureOffice) -> None:
        self._office = office
        self._running: list[Kiosk] = []

    def boot(self, paper: Paper, state: Path, boot_id: str) -> Kiosk:
        return self.start(paper.name, state, boot_id, self._office.broker(paper))

    def start(self, name: str, state: Path, boot_id: str, broker: Broker) -> Kiosk:
        probes = [SaidProbe(say=lambda: Finding("ok"), period_s=0.5)]
        config = Config(name, str(state), broker)
        made = Kiosk(config, probes, rng=Hurry(len(self._running)), boot_id=boot_id)
        self._running.append(made)
        made.start()
        return made

    def pull_plugs(self) -> None:
        for one in self._running:
            one.stop(planned=False)


@pytest.fixture
def office(database: str, tmp_path: Path) -> Iterator[SecureOffice]:
    made = SecureOffice(tmp_path, database)
    made.books.register(A, B, C)
    try:
        made.start()
        yield made
    finally:
        made.stop()


@pytest.fixture
def machines(office: SecureOffice) -> Iterator[Machines]:
    made = Machines(office)
    yield made
    made.pull_plugs()


@pytest.mark.timeout(240)
def test_row_42_two_copies_are_shut_out_within_two_flips_and_ours_is_let_in_again(
    office: SecureOffice, machines: Machines, tmp_path: Path
) -> None:
    office.start_controller()
    honest = machines.boot(office.enrol(B), tmp_path / "other", "boot-other")
    old, ours, stolen = office.enrol(A), tmp_path / "ours", tmp_path / "stolen"
    first = machines.boot(old, ours, "boot-1")
    until(lambda: presence(office, A) == "online", 60)
    first.stop()
    shutil.copytree(ours, stolen)  # in the night, while it was switched off

    mine = machines.boot(old, ours, "boot-2")
    until(lambda: boots(office, A) == ["boot-1", "boot-2"], 60)
    thief = machines.boot(old, stolen, "boot-thief")
    until(lambda: office.books.identity(A).state == "quarantined", 60)
    # One flip to the copy and one back: the first return is proof enough.
    assert office.books.identity(A).why == "boot boot-2 came back after boot boot-thi"
    assert open_faults(office, A) >= {"kiosk.cloned"}
    until(lambda: office.books.identity(A).shut_at, 60)
    until(lambda: not mine.line.up and not thief.line.up, 60)
    for machine in (mine, thief):
        until(lambda: "SSL" in machine.line.why, 60)  # noqa: B023
    assert not office.lets_in(old)
    until(lambda: presence(office, A) == "offline", 60)

    until(lambda: honest.line.up, 60)
    mine.stop(planned=False)
    machines.boot(released(office, A), ours, "boot-2")
    until(lambda: presence(office, A) == "online", 60)
    until(lambda: "kiosk.cloned" not in open_faults(office, A), 60)
    assert not thief.line.up
    assert office.books.identity(A).state == "active"
    assert open_faults(office, B) == set()


@pytest.mark.timeout(240)
def test_row_42_honest_kiosks_are_not_taken_for_copies_whatever_happens_to_the_office(
    office: SecureOffice, machines: Machines, tmp_path: Path
) -> None:
    """Reboots, a planned stop, a pulled plug, births that come twice, a dead broker and office."""
    lease = ("--lease-s", "2")
    dying = office.start_controller("first", *lease)
    papers = {name: office.enrol(name) for name in (A, B, C)}
    kiosks = {
        name: machines.boot(paper, tmp_path / f"state-{name}", "boot-1")
        for name, paper in papers.items()
    }
    for name in papers:
        until(lambda: presence(office, name) == "online", 60)  # noqa: B023
    dying.freeze()  # what is said now is brought to it, and again to its successor
    kiosks[A].stop(planned=False)
    kiosks[A] = machines.boot(papers[A], tmp_path / f"state-{A}", "boot-2")
    kiosks[B].stop()
    kiosks[B] = machines.boot(papers[B], tmp_path / f"state-{B}", "boot-2")
    until(lambda: kiosks[A].line.up and kiosks[B].line.up, 60)
    dying.kill()
    office.kill_broker()
    office.start_controller("second", *lease)
    for name in (A, B):
        until(lambda: boots(office, name) == ["boot-1", "boot-2"], 90)  # noqa: B023
    kiosks[A].stop(planned=False)
    kiosks[A] = machines.boot(papers[A], tmp_path / f"state-{A}", "boot-3")
    until(lambda: boots(office, A) == ["boot-1", "boot-2", "boot-3"], 60)
    assert boots(office, C) == ["boot-1"]
    for name in papers:
        until(lambda: presence(office, name) == "online", 60)  # noqa: B023
        assert office.books.identity(name).state == "active"
        assert not {"kiosk.cloned", "kiosk.restored"} & every_fault(office, name)


@pytest.mark.timeout(240)
def test_an_old_disk_image_put_back_is_said_and_shuts_nobody_out(
    office: SecureOffice, machines: Machines, tmp_path: Path
) -> None:
    office.start_controller()
    paper, state, image = office.enrol(A), tmp_path / "state", tmp_path / "image"
    for number in range(1, 4):
        machine = machines.boot(paper, state, f"boot-{number}")
        until(lambda: f"boot-{number}" in boots(office, A), 60)  # noqa: B023
        machine.stop()
        if number == 1:
            shutil.copytree(state, image)
    shutil.rmtree(state)
    shutil.move(image, state)
    machine = machines.boot(paper, state, "boot-4")
    until(lambda: "kiosk.restored" in open_faults(office, A), 60)
    until(lambda: presence(office, A) == "online" and born(office, A) == "boot-4", 60)
    machine.stop()
    machines.boot(paper, state, "boot-5")
    until(lambda: born(office, A) == "boot-5", 60)
    assert "kiosk.cloned" not in every_fault(office, A)
    assert office.books.identity(A).state == "active"


def released(office: SecureOffice, name: str) -> Paper:
    """A person has looked which of the two is ours, and gives that one a new code."""
    mine, number = key(), office.books.id_of(name)
    with writing(office.books.engine) as conn:
        code = ending.release(conn, number, PIN, PERSON, now())
    with writing(office.books.engine) as conn:
        asked = csr.read(pem_of(request(mine)))
        done = redeem.redeem(conn, code.token, asked, "192.0.2.9", now())
    assert isinstance(done, redeem.Asked), done
    return office.collect(name, mine, done.certificate_id)


def boots(office: SecureOffice, name: str) -> list[str]:
    """Those the office remembers, oldest first."""
    query = select(boot.c.boot_id).where(boot.c.kiosk_id == office.books.id_of(name))
    return _all(office, query.order_by(boot.c.first_at, boot.c.boot_id))


def born(office: SecureOffice, name: str) -> str:
    """The boot whose messages are believed."""
    query = select(thread.c.boot_id).where(thread.c.kiosk_id == office.books.id_of(name))
    return next(iter(_all(office, query)), "")


def presence(office: SecureOffice, name: str) -> str:
    query = select(kiosk_status.c.presence).join(kiosk).where(kiosk.c.name == name)
    return next(iter(_all(office, query)), "")


def every_fault(office: SecureOffice, name: str) -> set[str]:
    query = select(fault.c.code).where(fault.c.kiosk_id == office.books.id_of(name))
    return set(_all(office, query))


def open_faults(office: SecureOffice, name: str) -> set[str]:
    query = select(fault.c.code).where(fault.c.kiosk_id == office.books.id_of(name))
    return set(_all(office, query.where(fault.c.cleared_at.is_(None))))


def _all(office: SecureOffice, query: Select[tuple[str]]) -> list[str]:
    with office.books.engine.connect() as conn:
        return list(conn.scalars(query))
